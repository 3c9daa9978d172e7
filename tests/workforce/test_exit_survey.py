"""What leavers told: shares of the answers, and where the record says something else."""

from __future__ import annotations

import pandas as pd

from analysis.reference import CAUSES, exit_reasons
from analysis.workforce import by_sex, person_years, risk_cells
from analysis.workforce.indicators import exit_survey
from analysis.workforce.spells import employment_rows, spell_ends

from .example import CUT, figure, post, table

TOLD = [
    ("a", "d1", "resignation", "pay"),
    ("b", "d1", "resignation", "retires"),  # entered as own request, but retired
    ("c", "d1", "contract_end", "contract_over"),
    ("d", "d1", "unknown", "pay"),  # nothing to hold the answer against
    ("e", "d1", "resignation", None),
    ("f", "d2", "retirement", "other"),  # contradicts no recorded cause
]


def answers() -> pd.DataFrame:
    posts = [post(person, "2020-01-01", "2025-06-30", unit=unit.replace("d", "u")) for person, unit, *_ in TOLD]
    rows = employment_rows(table("employments", [*posts, post("z", "2020-01-01")]), {"u1": "d1", "u2": "d2"}, at=CUT)
    records = [{"person": p, "date": "2025-06-30", "cause": c, "survey_reason": r} for p, _, c, r in TOLD]
    return exit_survey(rows, spell_ends(rows, table("exits", records)), period="2025-12")


def test_the_response_rate_is_answers_over_all_who_left() -> None:
    found = figure(answers(), "exit_response", "d1", "response")
    assert (found["numerator"], found["denominator"], found["value"]) == (4, 5, 0.8)


def test_a_reason_is_a_share_of_the_answers_and_reasons_add_up_to_all_of_them() -> None:
    found = answers()
    assert figure(found, "exit_reasons", "d1", "pay")["value"] == 0.5
    for department in ("d1", "d2", "all"):
        mine = found[(found["table"] == "exit_reasons") & (found["department"] == department)]
        assert set(mine["row"]) == set(exit_reasons())
        assert mine["numerator"].sum() == mine["denominator"].iloc[0] == mine["n"].iloc[0]


def test_an_answer_disagrees_where_it_speaks_for_another_cause_than_the_one_recorded() -> None:
    found = figure(answers(), "exit_disagreement", "all", "disagreement")
    assert (found["numerator"], found["denominator"]) == (1, 3)


def test_a_delivery_without_answers_has_no_exit_survey() -> None:
    rows = employment_rows(table("employments", [post("a", "2020-01-01", "2025-06-30")]), {"u1": "d1"}, at=CUT)
    plain = table("exits", [{"person": "a", "date": "2025-06-30", "cause": "resignation"}])
    assert exit_survey(rows, spell_ends(rows, plain), period="2025-12").empty
    assert exit_survey(rows, spell_ends(rows, plain.drop(columns="survey_reason")), period="2025-12").empty


def test_persons_by_sex_are_the_persons_of_the_risk_cells() -> None:
    posts = [post(str(i), "2015-01-01", "2025-06-30" if i < 3 else None, sex="FM"[i % 2]) for i in range(8)]
    posts.append(post("x", "2015-01-01", sex=None))
    rows = employment_rows(table("employments", posts), {"u1": "d1"}, at=CUT)
    years = person_years(rows, spell_ends(rows, None), origins=["2023-12", "2024-12", "2025-12"])
    cells, counted = risk_cells(years), by_sex(years, rows)
    closed = cells[~cells["open"]]
    for measure in ("at_risk", *CAUSES):
        assert counted[measure].sum() == closed[measure].sum()
    last = counted[counted["origin"] == "2024-12"].set_index("sex")
    assert last["at_risk"].to_dict() == {"": 1, "F": 4, "M": 4}
    assert last["unknown"].to_dict() == {"": 0, "F": 2, "M": 1}
