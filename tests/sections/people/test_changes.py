"""«Varför ändrades siffran»: the two figures, the parts between them that may stand, and that the order is agreed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.publishing.objects.stock import Table
from analysis.publishing.words.locale import locale
from tests.publishing import fixture
from tests.publishing.showing import show

PARTS = ("organisation", "corrected", "new", "definition")


def shown(figures: dict[str, dict[str, float | None]]) -> Table | None:
    """The section of a department whose change is ``figures``: by figure and row, None where withheld."""
    frame = fixture.cells()
    rows = [
        {
            "table": "changes", "department": "d0101", "row": row, "column": figure, "layer": "2024-12",
            "value": np.nan if value is None else value, "low": np.nan, "high": np.nan, "n": np.nan, "unit": "persons",
            "status": "withheld" if value is None else "published", "reason": "few_persons" if value is None else "",
            "definition": "", "sensitivity": "low",
        }
        for figure, each in figures.items() for row, value in each.items()
    ]  # fmt: skip
    whole = pd.concat([frame, pd.DataFrame(rows, columns=frame.columns)], ignore_index=True).astype(frame.dtypes)
    return show("changes", fixture.report(frame=whole))


def said(table: Table, language: str = "sv") -> tuple[list[str], list[str]]:
    words = locale(language)
    return (
        [words.text(line.head).replace("\u00a0", " ") for line in table.rows],
        [words.text(note).replace("\u00a0", " ") for note in table.notes],
    )


def test_the_parts_stand_between_the_two_figures_and_the_order_is_called_a_convention() -> None:
    table = shown({"headcount": {"before": 30, **dict.fromkeys(PARTS, 4), "total": 16, "now": 46}})
    assert table is not None
    lines, notes = said(table)
    assert lines == [
        "Förra utgåvan, december 2024", "Organisationen", "Rättade uppgifter", "Nya uppgifter",
        "Definition och metod", "Denna utgåva",
    ]  # fmt: skip
    assert len(notes) == 1
    assert "Ordningen är en överenskommelse" in notes[0]
    assert "The order is a convention" in said(table, "en")[1][0]


def test_a_part_that_may_not_stand_is_no_line_and_is_said() -> None:
    parts = {"organisation": 0.0, "corrected": None, "new": None, "definition": -4.0, "other": 7.0}
    table = shown({"headcount": {"before": 30, **parts, "total": 3, "now": 33}})
    assert table is not None
    lines, notes = said(table)
    assert "Övrigt" in lines
    assert not {"Rättade uppgifter", "Nya uppgifter"} & set(lines)
    assert any("rör för få personer" in note for note in notes)


def test_a_figure_whose_parts_may_not_stand_says_so_beside_one_whose_parts_do() -> None:
    told = {"before": 30, **dict.fromkeys(PARTS, 4.0), "other": 0.0, "total": 16, "now": 46}
    silent = {"before": 9, **dict.fromkeys((*PARTS, "other")), "total": -2, "now": 7}
    table = shown({"headcount": told, "exits": silent})
    assert table is not None
    assert "Övrigt" not in said(table)[0]
    assert all(len(line.cells) == 2 and line.cells[1].status == "withheld" for line in table.rows[1:5])


def test_two_figures_without_parts_say_that_the_rows_are_gone() -> None:
    table = shown({"headcount": {"before": 30, "total": 3, "now": 33}})
    assert table is not None
    lines, notes = said(table)
    assert lines == ["Förra utgåvan, december 2024", "Denna utgåva"]
    assert len(notes) == 1
    assert "gallrat" in notes[0]


def test_nothing_stands_without_an_edition_before() -> None:
    assert shown({}) is None
