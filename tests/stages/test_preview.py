"""What a threshold or coarser groups would hide and reveal: numbers of cells, never a figure."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.disclosure.protect import protect
from analysis.disclosure.regrouping import Join, regrouped
from analysis.disclosure.thresholds import Thresholds
from analysis.errors import InputError
from analysis.reference import policy
from analysis.runner import preview_command
from analysis.sections import shipped_plan
from analysis.sections.registry import shipped
from analysis.stages.preview import Change, Preview, changed_policy, difference
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

LIMITS = Thresholds.of(policy(), "internal")
COUNTS = {
    "d1": {"resignation": 30, "retirement": 14, "employer": 3, "other": 6},
    "d2": {"resignation": 25, "retirement": 18, "employer": 9, "other": 12},
}


def figures() -> pd.DataFrame:
    """Leavers by cause of two departments, and shares of two age bands among the same persons."""
    whole = {cause: sum(counts[cause] for counts in COUNTS.values()) for cause in COUNTS["d1"]}
    rows = []
    for key, counts in (COUNTS | {ORGANISATION: whole}).items():
        total = sum(counts.values())
        for row, count in (counts | {"total": total}).items():
            rows.append({
                "table": "exits", "department": key, "row": row, "value": float(count), "n": float(count),
                "numerator": float(count), "denominator": float(total), "unit": "persons",
            })  # fmt: skip
        base = {"d1": 100, "d2": 140, ORGANISATION: 240}[key]
        for row, count in (("u35", base // 4), ("35_54", base // 2), ("55_plus", base - base // 4 - base // 2)):
            rows.append({
                "table": "age", "department": key, "row": row, "value": count / base, "n": float(base),
                "numerator": float(count), "denominator": float(base), "unit": "share",
            })  # fmt: skip
    return facts(rows)


def cells(given: pd.DataFrame, limits: Thresholds, *reported: str) -> pd.DataFrame:
    return protect(given, plan=shipped_plan(), thresholds=limits, reported=list(reported), period="2025-12")


def tried(given: pd.DataFrame, limits: Thresholds, *reported: str) -> Preview:
    return difference(cells(figures(), LIMITS, "d1", "d2"), cells(given, limits, *reported), shipped())


def of_exits(found: Preview, side: str) -> set[str]:
    mine = found.cells[(found.cells["table"] == "exits") & (found.cells["side"] == side)]
    return set(mine["department"] + "/" + mine["row"])


def test_a_raised_threshold_hides_what_was_shown_and_says_where() -> None:
    found = tried(figures(), dataclasses.replace(LIMITS, medium=10), "d1", "d2")
    assert {"d1/other", "d2/other"} <= of_exits(found, "newly_withheld")

    shares = found.shares.set_index("department")
    assert list(shares.index) == [ORGANISATION, "d1", "d2"]
    assert shares.loc["d2", "after"] > shares.loc["d2", "before"]
    line = found.by_section.set_index("section").loc["leavers"]
    assert line["newly_withheld"] == len(of_exits(found, "newly_withheld"))


def test_nothing_changed_is_nothing_said() -> None:
    assert tried(figures(), LIMITS, "d1", "d2").cells.empty


def test_joined_rows_show_together_what_neither_showed() -> None:
    found = tried(regrouped(figures(), [Join("exits", ("employer", "other"))]), LIMITS, "d1", "d2")
    assert "d1/employer+other" in of_exits(found, "new_shown")
    assert {"d1/employer", "d1/other"} <= of_exits(found, "gone")
    before = cells(figures(), LIMITS, "d1", "d2").set_index(["table", "department", "row"])
    assert before.loc[("exits", "d1", "employer"), "status"] == "withheld"


def test_joined_rows_of_one_base_keep_it_and_joined_departments_add_theirs() -> None:
    ages = regrouped(figures(), [Join("age", ("u35", "35_54"))])
    young = ages[(ages["department"] == "d1") & (ages["row"] == "u35+35_54")].iloc[0]
    assert (young["numerator"], young["denominator"], young["value"]) == (75, 100, 0.75)
    both = regrouped(figures(), [Join("department", ("d1", "d2"))])
    joined = both[both["department"] == "d1+d2"].set_index(["table", "row"])
    assert joined.loc[("age", "u35"), ["numerator", "denominator"]].tolist() == [60, 240]
    assert joined.loc[("exits", "employer"), "value"] == 12
    whole = both[both["department"] == ORGANISATION].set_index(["table", "row"])
    assert whole.loc[("exits", "total"), "value"] == joined.loc[("exits", "total"), "value"]


def test_a_department_that_is_joined_away_has_no_report_any_more() -> None:
    found = tried(regrouped(figures(), [Join("department", ("d1", "d2"))]), LIMITS, "d1+d2")
    shares = found.shares.set_index("department")
    assert shares["after"].isna()[["d1", "d2"]].all()
    assert pd.isna(shares.loc["d1+d2", "before"])


@pytest.mark.parametrize(("name", "least"), [("health", 10), ("survey", 5), ("medium", 2), ("pay", 9)])
def test_a_threshold_that_law_or_policy_does_not_allow_is_refused(name: str, least: int) -> None:
    with pytest.raises(InputError):
        changed_policy(policy(), Change({name: least}), "internal")


def test_a_raised_threshold_holds_for_the_public_too() -> None:
    rules = changed_policy(policy(), Change({"medium": 12}), "internal")
    assert (rules.medium.min_internal, rules.medium.min_public) == (12, 12)


def test_the_command_prints_numbers_of_cells_and_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tried(figures(), dataclasses.replace(LIMITS, medium=10), "d1", "d2")
    monkeypatch.setattr("analysis.stages.preview.preview", lambda root, folder, change: found)
    run = CliRunner().invoke(preview_command.app, ["e1", "--threshold", "medium=10", "--cells"])
    assert run.exit_code == 0, run.output
    assert "newly withheld: exits/d2/other/total" in run.output
    said = set(run.output.replace(",", " ").replace("%", " ").split())
    assert not said & {"3", "6", "9", "18"}, "counts of persons"


@pytest.mark.parametrize("arguments", [[], ["--threshold", "medium"], ["--join", "exits=other"], ["--profile", "open"]])
def test_a_change_that_says_nothing_is_refused(arguments: list[str]) -> None:
    run = CliRunner().invoke(preview_command.app, ["e1", *arguments])
    assert isinstance(run.exception, InputError)
