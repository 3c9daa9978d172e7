"""Two editions side by side: what their pages tell together is found, by whoever laid them there."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.audit.attack import Former, Found, attack
from analysis.audit.report import page
from tests.audit.pages import exits, figure, write

THRESHOLDS = {"low": 3, "medium": 5, "health": 11, "survey": 10}
BEFORE: dict[str, int | None] = {"total": 60, "resignation": 30, "retirement": None, "employer": None, "other": 20}


def beside(folder: Path, now: dict[str, int | None], *, before: str = "2025-12", rows: str = "") -> Found:
    old = write(folder / "former", d1=figure(exits("d1", BEFORE)) + rows)
    new = write(folder / "now", d1=figure(exits("d1", now)))
    return attack(new, THRESHOLDS, period="2025-12", editions=(Former(old, before),))


def test_equal_pages_tell_nothing(tmp_path: Path) -> None:
    found = beside(tmp_path, BEFORE)
    assert found.sentences == []
    assert found.beside == {"former": (5, 5, 0)}
    assert "5 figures are about the same persons, 5 changes are tried" in page(found, edition="e", language="en")


def test_one_person_s_corrected_row(tmp_path: Path) -> None:
    found = beside(tmp_path, BEFORE | {"resignation": 31, "other": 19})
    assert set(found.sentences) == {
        "exits/d1/other/total changed by -1 since former", "exits/d1/resignation/total changed by +1 since former",
    }  # fmt: skip


def test_a_change_that_only_a_sum_tells(tmp_path: Path) -> None:
    # the total is one more and all that is shown stands: one of those withheld came in one of two causes
    found = beside(tmp_path, BEFORE | {"total": 61})
    assert "exits/d1/total/total changed by +1 since former" in found.sentences
    alone = {"total": 60, "resignation": 30, "retirement": 10, "employer": 20, "other": None}
    old = write(tmp_path / "a", d1=figure(exits("d1", {**alone, "total": None})))
    new = write(tmp_path / "b", d1=figure(exits("d1", {**alone, "total": None, "employer": 27})))
    assert attack(new, THRESHOLDS, period="2025-12", editions=(Former(old, "2025-12"),)).narrow == []


def test_a_figure_withheld_once_and_shown_once(tmp_path: Path) -> None:
    found = beside(tmp_path, BEFORE | {"other": None, "retirement": 5})
    assert "exits/d1/retirement/total is shown now and withheld in former" in found.sentences
    # what was shown and is withheld now cannot be called back: the officer is told how many there are
    assert found.beside == {"former": (5, 5, 1)}


def test_many_corrected_rows_are_nobody_s(tmp_path: Path) -> None:
    assert beside(tmp_path, BEFORE | {"total": 80, "resignation": 42, "other": 28}).sentences == []


def test_another_year_is_about_other_people(tmp_path: Path) -> None:
    found = beside(tmp_path, BEFORE | {"resignation": 31, "other": 19}, before="2024-12")
    assert (found.sentences, found.beside) == ([], {"former": (0, 0, 0)})


@pytest.mark.parametrize(("month", "said"), [("2024-12", 1), ("2025-08", 0)])
def test_a_month_that_both_editions_print_is_the_same_figure(tmp_path: Path, month: str, said: int) -> None:
    def series(share: str) -> str:
        heads = ("Samtliga", {"headcount/d1/total/total": "100"})
        return figure([("Slutar", {f"turnover_series/d1/{month}/own_request": share}), heads])

    old, new = write(tmp_path / "former", d1=series("20,0 %")), write(tmp_path / "now", d1=series("21,0 %"))
    knows_months = attack(new, THRESHOLDS, period=month, editions=(Former(old, "2024-12"),))
    assert len(knows_months.narrow) == said
