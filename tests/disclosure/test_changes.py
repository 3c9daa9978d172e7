"""The parts of a change as cells: small ones are joined, and none stands where it would tell one that does not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.disclosure.changes import explained, joined, with_joined
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections.people.changes import changes_facts
from analysis.sections.registry import shipped_plan
from analysis.tables.changes import PARTS
from analysis.tables.protected import COLUMNS, check_cells

LIMITS = Thresholds.of(policy(), "internal")
BEFORE = "2025-08"
Block = dict[str, tuple[float, float]]
"""Value and persons by part; what is not named is nought."""


def released(values: dict[str, float | None], figure: str = "headcount") -> pd.DataFrame:
    """Cells of a figure by department; None is withheld."""
    rows = [
        {
            "table": figure, "department": department, "row": "total", "column": "total", "layer": "", "value": value,
            "n": value, "unit": "persons", "status": "withheld" if value is None else "published",
            "reason": "few_persons" if value is None else "", "definition": figure, "sensitivity": "low",
        }
        for department, value in values.items()
    ]  # fmt: skip
    return check_cells(pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS))


def protected(blocks: dict[str, Block], reported: list[str]) -> pd.DataFrame:
    rows = [
        {"figure": "headcount", "department": department, "part": part, "before": BEFORE,
         "value": block.get(part, (0, 0))[0], "persons": block.get(part, (0, 0))[1]}
        for department, block in blocks.items() for part in PARTS
    ]  # fmt: skip
    facts = changes_facts(with_joined(pd.DataFrame(rows), least=LIMITS.low))
    return protect(facts, plan=shipped_plan(), thresholds=LIMITS, reported=reported, period="2025-12")


def shown(
    blocks: dict[str, Block], then: dict[str, float | None], now: dict[str, float | None], **more: Any
) -> dict[str, dict[str, float]]:  # fmt: skip
    """Values that are shown, by department and row."""
    reported = [name for name in blocks if name != "all"]
    cells = pd.concat([released(now), protected(blocks, reported)], ignore_index=True)
    return of(explained(cells, earlier=released(then), before=BEFORE, **more))


def of(cells: pd.DataFrame) -> dict[str, dict[str, float]]:
    mine = cells[(cells["table"] == "changes") & cells["status"].isin(["published", "zero"])]
    return {str(name): part.set_index("row")["value"].to_dict() for name, part in mine.groupby("department")}


def test_parts_of_enough_persons_stand_and_add_up() -> None:
    found = shown({"d1": {"corrected": (4, 4), "new": (2, 8)}}, {"d1": 30}, {"d1": 36})["d1"]
    assert found == {
        "before": 30, "organisation": 0, "corrected": 4, "new": 2, "definition": 0, "other": 0, "total": 6, "now": 36,
    }  # fmt: skip


def test_a_correction_of_two_persons_stands_with_another_part_as_other() -> None:
    found = shown(
        {"d1": {"corrected": (2, 2), "new": (5, 9), "organisation": (-7, 7)}}, {"d1": 30}, {"d1": 30}
    )["d1"]  # fmt: skip
    assert found == {"before": 30, "new": 5, "definition": 0, "other": -5, "total": 0, "now": 30}


def test_a_small_correction_alone_leaves_the_two_figures_and_no_part() -> None:
    found = shown({"d1": {"corrected": (2, 2)}}, {"d1": 30}, {"d1": 32})["d1"]
    assert found == {"before": 30, "total": 2, "now": 32}


def test_a_small_correction_beside_one_other_part_leaves_no_part_either() -> None:
    found = shown({"d1": {"corrected": (2, 2), "new": (5, 9)}}, {"d1": 30}, {"d1": 37})["d1"]
    assert found == {"before": 30, "total": 7, "now": 37}


def test_a_withheld_part_does_not_follow_from_the_whole_and_the_other_departments() -> None:
    blocks = {
        "all": {"corrected": (6, 6), "new": (9, 30)}, "d1": {"corrected": (2, 2), "new": (3, 9)},
        "d2": {"corrected": (4, 4), "new": (6, 21)},
    }  # fmt: skip
    found = shown(blocks, {"all": 100, "d1": 30, "d2": 70}, {"all": 115, "d1": 35, "d2": 80})
    told = [name for name in ("all", "d2") if "corrected" in found[name]]
    assert "corrected" not in found["d1"]
    assert len(told) < 2


@pytest.mark.parametrize("missing", ["then", "now"])
def test_a_figure_that_one_edition_withholds_is_not_explained(missing: str) -> None:
    figures: dict[str, dict[str, float | None]] = {"then": {"d1": 30}, "now": {"d1": 36}}
    figures[missing]["d1"] = None
    assert shown({"d1": {"new": (6, 8)}}, figures["then"], figures["now"]) == {}


def test_without_parts_the_two_figures_stand_alone() -> None:
    cells = explained(released({"d1": 36}), earlier=released({"d1": 30}), before=BEFORE)
    assert of(cells) == {"d1": {"before": 30, "total": 6, "now": 36}}


def test_a_figure_left_as_it_was_has_no_parts() -> None:
    left = {("headcount", "d1", "total", "total", "")}
    found = shown({"d1": {"new": (6, 8)}}, {"d1": 30}, {"d1": 30}, unchanged=left)["d1"]
    assert found == {"before": 30, "total": 0, "now": 30}


def test_a_rebuild_that_leaves_the_figure_leaves_its_parts() -> None:
    former = explained(
        pd.concat([released({"d1": 36}), protected({"d1": {"new": (6, 8)}}, ["d1"])], ignore_index=True),
        earlier=released({"d1": 30}), before=BEFORE,
    )  # fmt: skip
    left = {("headcount", "d1", "total", "total", "")}
    found = shown({"d1": {"new": (7, 9)}}, {"d1": 30}, {"d1": 36}, former=former, unchanged=left)
    assert found == of(former)


def test_a_rebuild_with_other_parts_tells_none_of_them() -> None:
    former = explained(
        pd.concat([released({"d1": 36}), protected({"d1": {"new": (6, 8)}}, ["d1"])], ignore_index=True),
        earlier=released({"d1": 30}), before=BEFORE,
    )  # fmt: skip
    found = shown({"d1": {"new": (7, 8), "corrected": (3, 3)}}, {"d1": 30}, {"d1": 40}, former=former)["d1"]
    assert found == {"before": 30, "total": 10, "now": 40}


def test_the_smallest_parts_are_joined_until_they_hold_the_threshold() -> None:
    values = {"organisation": -7.0, "corrected": 1.0, "new": 5.0, "definition": 0.0}
    persons = {"organisation": 7.0, "corrected": 1.0, "new": 9.0, "definition": 0.0}
    assert joined(values, persons, least=3) == {"corrected", "organisation"}
    assert joined(values, persons, least=9) == set(values)
    assert joined({"new": 5.0, "corrected": 0.0}, {"new": 9.0, "corrected": 0.0}, least=3) == set()
    assert joined({"new": 5.0, "corrected": 4.0}, {"new": 9.0, "corrected": float("nan")}, least=3) == {
        "new",
        "corrected",
    }
