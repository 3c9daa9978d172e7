"""A dozen persons, a ladder, a competence and a licence: the gap now, and how a year changed it, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.competence import Catalogue, Records, levels, skill_changes, skill_now, skill_states
from tests.competence.example import CUTOFF, LADDERS
from tests.competence.test_requirements import required

BEFORE = pd.Timestamp("2024-12-31")
CATALOGUE = Catalogue(
    LADDERS,
    {"first_aid": {"complete": True, "course": "safety"}, "talk": {"complete": False, "course": None}},
    {"nurse": "nurse_licence"},
)
# eight nurses and four aides; the aides of d2 are two
PEOPLE = pd.DataFrame(
    [(f"n{number}", "d1" if number < 6 else "d2", "nurse") for number in range(8)]
    + [(f"a{number}", "d1" if number < 2 else "d2", "aide") for number in range(4)],
    columns=["person", "department", "occupation"],
).astype("str")
CELLS = PEOPLE.groupby(["department", "occupation"], as_index=False).size().rename(columns={"size": "at_risk"})
PLACES = {pair: at for at, pair in enumerate(zip(CELLS["department"], CELLS["occupation"], strict=True))}
STAFF = PEOPLE.assign(cell=[PLACES[pair] for pair in zip(PEOPLE["department"], PEOPLE["occupation"], strict=True)])


def said(*rows: tuple[str, str, int | None, bool | None, str]) -> pd.DataFrame:
    """Clean table ``competence`` from (person, model, step, held, day)."""
    table = pd.DataFrame(list(rows), columns=["person", "model", "step", "held", "assessed"])
    table["assessed"] = pd.to_datetime(table["assessed"])
    return table.astype({"person": "str", "model": "str", "step": "Int64", "held": "boolean"})


COMPETENCE = said(
    # on the ladder: n0 and n1 went up a step, n2 stayed, n3 came down, n4 was never assessed again, n5 never at all
    ("n0", "care", 1, None, "2024-10-01"), ("n0", "care", 2, None, "2025-10-01"),
    ("n1", "care", 2, None, "2024-10-01"), ("n1", "care", 3, None, "2025-10-01"),
    ("n2", "care", 2, None, "2024-10-01"), ("n2", "care", 2, None, "2025-10-01"),
    ("n3", "care", 3, None, "2024-10-01"), ("n3", "care", 2, None, "2025-10-01"),
    ("n4", "care", 1, None, "2023-06-01"),
    ("n6", "care", 1, None, "2025-10-01"), ("n7", "care", 3, None, "2026-02-01"),
    ("n0", "first_aid", None, None, "2023-03-01"), ("n6", "first_aid", None, True, "2025-03-01"),
    ("n1", "first_aid", None, True, "2023-03-01"), ("n1", "first_aid", None, False, "2025-06-01"),
    ("a0", "talk", None, True, "2025-03-01"), ("a1", "talk", None, False, "2025-03-01"),
)  # fmt: skip
TRAINING = pd.DataFrame(
    [("n2", "safety", pd.Timestamp("2025-02-01"), "completed"), ("n3", "safety", pd.NaT, "enrolled")],
    columns=["person", "course", "end", "status"],
)
LICENCES = pd.DataFrame(
    [(f"n{number}", "nurse_licence", pd.Timestamp("2020-01-01")) for number in range(5)]
    + [("n5", "nurse_licence", pd.Timestamp("2025-05-01")), ("n6", "other_licence", pd.Timestamp("2020-01-01"))],
    columns=["person", "kind", "valid_from"],
)
RECORDS = Records(COMPETENCE, TRAINING, LICENCES)
REQUIRED = required(
    (None, "nurse", "care", 2, None, 0.75, None),
    (None, "nurse", "care", 3, None, 0.25, None),
    ("d1", "nurse", "first_aid", None, None, None, 4.0),
    (None, "aide", "talk", None, 2020, 1.0, None),
    (None, "nurse", "qualified", None, None, 1.0, None),
)


def level(model: str, at: pd.Timestamp = CUTOFF) -> dict[str, int]:
    return dict(zip(PEOPLE["person"], levels(PEOPLE, model, RECORDS, CATALOGUE, at=at), strict=True))


def test_the_latest_assessment_counts_and_a_complete_register_says_no_of_whom_it_does_not_name():
    assert [level("care")[f"n{number}"] for number in range(8)] == [2, 3, 2, 2, 1, 0, 1, 0]
    # a certificate, a completed course, one that was withdrawn; nobody is unknown
    assert [level("first_aid")[f"n{number}"] for number in range(8)] == [2, 1, 2, 1, 1, 1, 2, 1]
    assert [level("talk")[f"a{number}"] for number in range(4)] == [2, 1, 0, 0]
    assert [level("qualified")[f"n{number}"] for number in range(8)] == [2, 2, 2, 2, 2, 2, 1, 1]
    assert level("qualified", BEFORE)["n5"] == 1


def test_the_gap_now_by_hand():
    states = skill_states(STAFF, REQUIRED, RECORDS, CATALOGUE, at=CUTOFF)
    now = skill_now(states, CELLS, REQUIRED, CATALOGUE, year=2025)
    table = now.set_index(["department", "model", "step"])
    columns = ["needed", "held", "unclear", "missing", "assessed", "staff"]
    # d1: four of six nurses are on step 2 or above of 4.5 needed; n5 has not been assessed
    assert table.loc[("d1", "care", 2), columns].tolist() == [4.5, 4, 0.5, 0, 5, 6]
    # d2: 1.5 needed, n6 is below and n7 unknown: one place is unclear, half a place is missing for certain
    assert table.loc[("d2", "care", 2), columns].tolist() == [1.5, 0, 1, 0.5, 1, 2]
    assert table.loc[("d2", "care", 3), columns].tolist() == [0.5, 0, 0.5, 0, 1, 2]
    # a number of one's own; d2 is asked for nothing and is not part of the whole
    assert table.loc[("d1", "first_aid", 0), columns].tolist() == [4, 2, 0, 2, 6, 6]
    assert ("d2", "first_aid", 0) not in table.index
    assert table.loc[("all", "first_aid", 0), columns].tolist() == [4, 2, 0, 2, 6, 6]
    assert table.loc[("all", "talk", 0), columns].tolist() == [4, 1, 2, 1, 2, 4]
    assert table.loc[("all", "qualified", 0), columns].tolist() == [8, 6, 0, 2, 8, 8]
    # the whole has the departments' sums: the surplus of one fills no place of another
    assert table.loc[("all", "care", 2), columns].tolist() == [6, 4, 1.5, 0.5, 6, 8]


def test_a_model_that_the_delivery_says_nothing_of_is_needed_and_neither_held_nor_missing():
    nothing = Records(None, None, None)
    states = skill_states(STAFF, REQUIRED, nothing, CATALOGUE, at=CUTOFF)
    assert states.empty
    now = skill_now(states, CELLS, REQUIRED, CATALOGUE, year=2025)
    assert now["needed"].gt(0).all()
    assert now[["held", "assessed", "unclear", "missing"]].isna().all(axis=None)


def test_states_hold_everyone_at_risk_once_for_every_model_asked_of_them():
    states = skill_states(STAFF, REQUIRED, RECORDS, CATALOGUE, at=CUTOFF)
    sums = states.groupby("model")["persons"].sum().to_dict()
    assert sums == {"care": 8, "first_aid": 8, "qualified": 8, "talk": 4}


def changes(competence: pd.DataFrame = COMPETENCE, studied: pd.DataFrame | None = None, **more: pd.DataFrame):
    stocks = {BEFORE: PEOPLE[PEOPLE["person"] != "n6"], CUTOFF: PEOPLE} | more
    return skill_changes(stocks, REQUIRED, Records(competence, TRAINING, LICENCES), CATALOGUE, studied=studied)


def test_a_years_moves_are_told_by_those_assessed_twice():
    moves, newcomers = changes()
    care = moves[moves["model"] == "care"].set_index(["before", "after"])["persons"].to_dict()
    # n0, n1, n2, n3; n5 and n7 were unknown and stay so; n4 was not assessed again and tells nothing
    assert care == pytest.approx({(1, 2): 1, (2, 3): 1, (2, 2): 1, (3, 2): 1, (0, 0): 2}, abs=0.001)
    assert newcomers[newcomers["model"] == "care"][["level", "persons"]].to_numpy().tolist() == [[1, 1]]


def test_who_is_qualified_by_a_known_study_path_is_left_to_the_path():
    licensed = {(1, 1): 1, (1, 2): 1, (2, 2): 5}
    moves, _ = changes()
    assert moves[moves["model"] == "qualified"].set_index(["before", "after"])["persons"].to_dict() == licensed
    studied = pd.DataFrame({"person": ["n5"], "end": [pd.Timestamp("2025-05-01")], "target_occupation": ["nurse"]})
    moves, _ = changes(studied=studied)
    del licensed[1, 2]
    assert moves[moves["model"] == "qualified"].set_index(["before", "after"])["persons"].to_dict() == licensed


def test_a_register_that_has_just_begun_tells_nothing_of_what_a_year_changes():
    young = COMPETENCE[(COMPETENCE["model"] != "care") | (COMPETENCE["assessed"] >= pd.Timestamp("2024-09-01"))]
    moves, newcomers = changes(young)
    assert "care" not in set(moves["model"])
    assert "care" not in set(newcomers["model"])


@pytest.mark.parametrize("order", [1, -1])
def test_nothing_depends_on_the_order_of_rows(order: int):
    competence = COMPETENCE.iloc[::order]
    moves, newcomers = changes(competence)
    pd.testing.assert_frame_equal(moves, changes()[0])
    pd.testing.assert_frame_equal(newcomers, changes()[1])


def test_a_history_of_one_day_tells_of_no_changes():
    moves, newcomers = skill_changes({CUTOFF: PEOPLE}, REQUIRED, RECORDS, CATALOGUE, studied=None)
    assert moves.empty
    assert newcomers.empty
    assert moves["before"].dtype == newcomers["level"].dtype == "int64"


@pytest.mark.parametrize(("months", "only_changes"), [(12, False), (18, False), (9, False), (12, True)], ids=str)
def test_a_yearly_rate_is_found_however_often_people_are_assessed(months: int, only_changes: bool):
    yearly, rng, rows = 0.15, np.random.default_rng(1), []
    people = [f"p{number}" for number in range(1500)]
    for person in people:
        day = pd.Timestamp("2018-01-15") + pd.Timedelta(days=int(rng.integers(0, 30 * months)))
        rows.append((person, "care", 1, None, str(day.date())))
        while (day := day + pd.DateOffset(months=months)) < pd.Timestamp("2025-12-31"):
            if rng.random() < 1 - (1 - yearly) ** (months / 12):
                rows.append((person, "care", 2, None, str(day.date())))
                break
            if not only_changes:
                rows.append((person, "care", 1, None, str(day.date())))
    stocks = {
        pd.Timestamp(f"{year}-12-31"): pd.DataFrame({"person": people, "occupation": "nurse"})
        for year in range(2020, 2026)
    }
    asked = required((None, "nurse", "care", 2, None, 0.5, None))
    moves, _ = skill_changes(stocks, asked, Records(said(*rows), None, None), CATALOGUE, studied=None)
    low = moves[moves["before"] == 1]
    rate = low.loc[low["after"] == 2, "persons"].sum() / low["persons"].sum()
    assert rate == pytest.approx(yearly, abs=0.02)
