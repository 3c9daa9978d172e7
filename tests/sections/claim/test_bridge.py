"""The bridge: which parts have a bar, what is joined and folded, and what the page says of what is missing."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.objects.stock import Bridge, Note
from analysis.publishing.views.claim import bridge as view
from analysis.publishing.words.locale import locale
from analysis.reference import policy
from analysis.reference.parts import CAUSES, FILLED, NEEDED
from analysis.sections.claim.bridge import bridge_facts, chance_facts
from tests.publishing import fixture
from tests.publishing.showing import show
from tests.sections.claim.test_verdict import CELLS, NO_GAP, last_value

LIMITS = Thresholds.of(policy(), "internal")


def recruitment(**parts: float) -> pd.DataFrame:
    """A department's recruitment table, with the totals that follow."""
    values = dict.fromkeys((*NEEDED, *FILLED), 0.0) | parts
    values["recruitment_need"] = sum(values[part] for part in NEEDED)
    values["empty"] = values["recruitment_need"] + sum(values[part] for part in FILLED)
    rows = [{"part": part, "expected": value} for part, value in values.items()]
    common = {"department": "d1", "occupation": "total", "year": 2026, "scenario": "reference", "n": 90.0}
    return pd.DataFrame(rows).assign(**common, p10=float("nan"), p90=float("nan"))


def values(**parts: float) -> pd.Series:
    return bridge_facts(recruitment(**parts), LIMITS).set_index("row")["value"]


def test_small_causes_are_joined_and_large_ones_stand_alone() -> None:
    found = values(opening=10, resignation=24, retirement=9, contract_end=8, employer=1, other=2, unknown=3, hires=-40)
    assert (found["other_causes"], found["resignation"], found["retirement"], found["contract_end"]) == (6, 24, 9, 8)
    assert not found[["employer", "other", "unknown"]].any()
    assert found[[*NEEDED, "other_causes"]].sum() == pytest.approx(found["recruitment_need"])


def test_one_small_cause_keeps_its_name() -> None:
    found = values(resignation=24, retirement=9, employer=1)
    assert (found["employer"], found["other_causes"]) == (1, 0)


def test_everything_unknown_is_called_unknown() -> None:
    assert values(unknown=30)["unknown"] == 30


def test_a_cause_that_is_not_known_stays_missing_and_so_does_a_need_without_figures() -> None:
    table = recruitment(resignation=24, retirement=9)
    table.loc[table["part"] == "contract_end", "expected"] = float("nan")
    assert pd.isna(bridge_facts(table, LIMITS).set_index("row").loc["contract_end", "value"])
    table.loc[:, "expected"] = float("nan")
    assert bridge_facts(table, LIMITS)["value"].isna().all()


def test_a_part_is_folded_on_its_own_side_of_the_need() -> None:
    found = values(opening=20, moves=4, ladder_moves=1, hires=-9, conversions=-0.5, newly_qualified=-2)
    assert (found["moves"], found["hires"]) == (5, -11.5)
    assert not found[["ladder_moves", "conversions", "newly_qualified"]].any()
    assert found["recruitment_need"] + found[list(FILLED)].sum() == pytest.approx(found["empty"])


def test_other_scenarios_stay_on_the_near_side() -> None:
    both = pd.concat([recruitment(opening=5), recruitment(opening=9).assign(scenario="keep")], ignore_index=True)
    pd.testing.assert_frame_equal(bridge_facts(both, LIMITS), bridge_facts(recruitment(opening=5), LIMITS))
    chances = pd.DataFrame(
        {
            "department": "d1", "occupation": "total", "year": 2026, "scenario": ["reference", "keep"],
            "at_least": 1, "probability": [0.9, 0.1], "n": 90.0,
        }
    )  # fmt: skip
    assert chance_facts(chances)["value"].tolist() == [0.9]


def test_the_page_goes_from_the_need_to_what_stays_empty() -> None:
    shown = show("bridge", fixture.report())
    assert isinstance(shown, Bridge)
    assert shown.total.cell.row == "recruitment_need"
    assert [step.cell.row for step in shown.filled] == list(FILLED)
    assert shown.empty.cell.row == "empty"
    assert "again" in {step.cell.row for step in shown.steps}
    view_ = view(shown, locale("sv"), "x")
    rows = dict(view_["grid"].rows)
    assert "51 (34–68)" in rows["Står tomma i december 2026"][0].striptags().replace("\u00a0", " ")
    assert "8 gånger av 10: 34–68" in view_["drawing"].replace("\u00a0", " ")
    assert view_["alt"].count("114") == 1


def test_without_a_gap_the_bridge_ends_in_what_has_to_be_filled() -> None:
    shown = show("bridge", fixture.report(frame=NO_GAP))
    assert isinstance(shown, Bridge)
    assert shown.empty is None
    assert {step.cell.row for step in shown.steps} <= {*NEEDED, "other_causes"} - {"opening"}
    assert [term.id for term in shown.silent] == ["bridge.lacks.opening"]


def test_the_note_says_where_the_last_value_is_shown() -> None:
    ids = {term.id for term in show("bridge", fixture.report(frame=last_value())).silent}
    assert "bridge.method.last" in ids
    assert "bridge.method.last" not in {term.id for term in show("bridge", fixture.report()).silent}


def test_nothing_at_all_gives_a_note_and_no_empty_chart() -> None:
    bare = fixture.report(frame=CELLS[CELLS["table"] == "headcount"])
    assert isinstance(show("bridge", bare), Note)


def test_a_cause_is_printed_once() -> None:
    frame = CELLS.copy()
    assert len({step.cell.row for step in show("bridge", fixture.report(frame=frame)).steps}) == len(
        show("bridge", fixture.report(frame=frame)).steps
    )
    assert set(CAUSES) < {step.cell.row for step in show("bridge", fixture.report(frame=frame)).steps}
