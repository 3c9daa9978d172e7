"""Levels year by year against sums done by hand, and nobody lost on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.competence import Catalogue
from analysis.staffing import Baseline, Levels, Recent, expected_inflow, skill_gap
from analysis.staffing.skills.level_rates import level_rates
from analysis.staffing.skills.levels import Start, Studies, draw_levels, follow_levels
from analysis.staffing.supply.ageing import ageing
from analysis.staffing.supply.expected import project
from analysis.workforce.groups import POOLED, forecast_groups
from tests.competence.test_requirements import required
from tests.staffing import example
from tests.staffing.example import CALM, USUAL, cells, constant, flows, profile

MOVES = ["model", "occupation", "before", "after", "persons"]
NEWCOMERS = ["model", "occupation", "level", "persons"]
STATES = ["cell", "model", "level", "persons"]
CATALOGUE = Catalogue({"care": {"steps": [1, 2, 3]}}, {"mi": {"complete": False, "course": None}}, {})


def frame(columns: list[str], *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns)


def rates(*moves: tuple[object, ...], newcomers=(), occupations=("nurse",), size=3, unknown=0, weight=1e-9):
    return level_rates(
        frame(MOVES, *(("care", *row) for row in moves)), frame(NEWCOMERS, *(("care", *row) for row in newcomers)),
        model="care", occupations=list(occupations), size=size, unknown=unknown, weight=weight,
    )  # fmt: skip


# ---- rates ----


def test_rates_are_what_was_seen_where_many_were():
    moves, first = rates(
        ("nurse", 1, 1, 60), ("nurse", 1, 2, 40), ("nurse", 2, 2, 90), ("nurse", 2, 3, 10), newcomers=[("nurse", 1, 8),
        ("nurse", 0, 2)],
    ).expected()  # fmt: skip
    np.testing.assert_allclose(moves[0, 1], [0, 0.6, 0.4, 0], atol=1e-6)
    np.testing.assert_allclose(moves[0, 2], [0, 0, 0.9, 0.1], atol=1e-6)
    np.testing.assert_allclose(first[0], [0.2, 0.8, 0, 0], atol=1e-6)


def test_few_are_drawn_to_the_rate_of_all_and_none_move_where_nobody_was_assessed_twice():
    # level 2 was seen once; over levels 1 and 2 together 41 of 101 went up
    moves, _ = rates(("nurse", 1, 1, 60), ("nurse", 1, 2, 40), ("nurse", 2, 3, 1), weight=20.0).expected()
    general = (1 + 20 * 41 / 101) / 21
    assert moves[0, 2, 3] == pytest.approx((1 + 20 * general) / 21)
    assert moves[0].sum(axis=1) == pytest.approx([1, 1, 1, 1])
    still, first = rates().expected()
    np.testing.assert_allclose(still[0], np.eye(4), atol=1e-12)
    np.testing.assert_allclose(first[0], [1, 0, 0, 0])


def test_drawn_rates_scatter_around_the_expected_ones_and_sum_to_one():
    found = rates(("nurse", 1, 1, 30), ("nurse", 1, 2, 10), weight=5.0)
    moves, first = found.draw(np.random.default_rng(1), 4000)
    assert moves.sum(axis=-1) == pytest.approx(np.ones(moves.shape[:-1]))
    assert first.sum(axis=-1) == pytest.approx(1.0)
    np.testing.assert_allclose(moves.mean(axis=0)[0], found.expected()[0][0], atol=0.01)
    assert 0.04 < moves[:, 0, 1, 2].std() < 0.09  # about sqrt(0.25 · 0.75 / 46)


# ---- the expected path ----


def followed(staff, hazards, levels, found, *, moved=None, shape=None, years=1, studies=None, enters=0, pipelines=None):
    """Path of one model; ``levels``: persons by level of each cell."""
    groups = forecast_groups(staff, minimum=1)
    if moved is None:
        moved = flows((staff["department"].iloc[0], staff["occupation"].iloc[0], "hires", 0.0, 0.0))
    inflow = expected_inflow(moved, groups, pipelines, windows=1, years=years)
    index = inflow.mean.index
    given = profile() if shape is None else shape
    aged = ageing(staff, hazards, groups=groups, index=index, profile=given, years=years)
    persons = np.zeros((len(aged.group), np.shape(levels)[1]))
    np.add.at(persons, aged.rows, np.asarray(levels, dtype=float))
    place = np.array([max(0, found.occupations.index(key)) if key in found.occupations else 0
                      for key in index.get_level_values("occupation")])  # fmt: skip
    if studies is None:
        studies = Studies(np.maximum(inflow.qualifying, 0.0), np.zeros((years, len(index))))
    start = Start(persons, found, place, enters)
    return follow_levels(aged, inflow, start, studies), inflow, start, studies


def test_twelve_persons_a_year_ahead_by_hand():
    # six of 40 on levels 0, 1, 1, 2, 2, 3 and six of 66 on 2, 3, 3, 3, 3, 3; half of the old retire, a tenth of all go
    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        table = constant(other=0.1)(rows)
        table["retirement"] = np.where(rows["age"] >= 65, 0.5, 0.0)
        return table

    staff = cells(("d1", "nurse", 6, 1.0, 40), ("d1", "nurse", 6, 1.0, 66))
    found = rates(
        ("nurse", 0, 0, 50), ("nurse", 0, 1, 50), ("nurse", 1, 1, 70), ("nurse", 1, 2, 30), ("nurse", 2, 2, 80),
        ("nurse", 2, 3, 20), ("nurse", 3, 3, 10), newcomers=[("nurse", 0, 5), ("nurse", 1, 5)],
    )  # fmt: skip
    path, *_ = followed(
        staff, hazards, [[1, 2, 2, 1], [0, 0, 1, 5]], found, moved=flows(("d1", "nurse", "hires", 4.0, 4.0)),
        shape=profile(("nurse", 30, 1.0)),
    )  # fmt: skip
    assert path[0].before[0].tolist() == [1, 2, 3, 6]
    # stay: 0.9 of those of 40, 0.4 of those of 66: levels 0.9, 1.8, 1.8 + 0.4, 0.9 + 2.0; four newcomers, half of each
    after = [0.45 + 2, 0.45 + 1.26 + 2, 0.54 + 2.2 * 0.8, 2.2 * 0.2 + 2.9]
    assert path[0].after[0] == pytest.approx(after, abs=1e-6)
    # the old are on the high levels, so that these lose more: 5 of 6 on level 3 leave with 0.6
    assert path[0].lost[0, 3].sum() == pytest.approx((0.1 + 5 * 0.6) / 6)
    assert path[0].lost[0, 1].sum() == pytest.approx(0.1)


def test_who_qualifies_joins_with_the_licence_and_who_does_so_in_post_changes_level():
    staff = cells(("d1", "aide", 20, 1.0, 40), ("d1", "teacher", 10, 1.0, 40))
    pipelines = pd.DataFrame(
        [("d1", "aide", "teacher", "2026", 2.0)],
        columns=["department", "from_occupation", "target_occupation", "year", "planned_completions"],
    )
    found = rates(occupations=("teacher",), size=2, unknown=1)
    licensed = np.array([[0.0, 3.0]])
    path, inflow, *_ = followed(
        staff, constant(), [[0, 0, 0], [0, 4, 6]], found, pipelines=pipelines, enters=2,
        studies=Studies(np.array([[0.0, 2.0]]), licensed),
    )  # fmt: skip
    assert inflow.qualifying.tolist() == [[-2.0, 2.0]]
    # four without and six with: three of the four get it, and two join with it
    assert path[0].after[1] == pytest.approx([0, 1, 9 + 2])
    more = Studies(np.array([[0.0, 2.0]]), licensed * 10)
    path, *_ = followed(staff, constant(), [[0, 0, 0], [0, 4, 6]], found, pipelines=pipelines, enters=2, studies=more)
    assert path[0].after[1] == pytest.approx([0, 0, 12])  # never more than there are


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=6, max_size=6), st.floats(0, 1), st.integers(0, 5))
@settings(max_examples=10, deadline=None)
def test_summed_over_levels_it_is_the_path_of_the_bridge_and_no_level_is_negative(parts, up, seed):
    staff = example.STAFF
    levels = np.array(parts, dtype=float) + 1e-9
    levels *= (staff["at_risk"].to_numpy(dtype=float) / levels.sum(axis=1))[:, None]
    names = sorted(set(staff["occupation"]))
    found = rates(
        *((name, 1, 2, 100 * up) for name in names), *((name, 1, 1, 100 * (1 - up)) for name in names),
        occupations=names, weight=5.0, newcomers=[(names[seed % 3], seed % 4, 3)],
    )  # fmt: skip
    pipelines = pd.DataFrame(
        [("d1", "aide", "teacher", str(year), 0.7) for year in range(2026, 2030)],
        columns=["department", "from_occupation", "target_occupation", "year", "planned_completions"],
    )
    path, inflow, *_ = followed(
        staff, example.hazards, levels, found, moved=example.FLOWS, shape=example.SHAPE, years=4, pipelines=pipelines,
        enters=seed % 2,
    )  # fmt: skip
    groups = forecast_groups(staff, minimum=1)
    whole = project(staff, example.hazards, groups=groups, inflow=inflow, profile=example.SHAPE, years=4)
    for step, year in zip(path, whole, strict=True):
        np.testing.assert_allclose(step.before.sum(axis=1), year.persons, rtol=1e-9)
        assert (step.after >= -1e-12).all()
    for step, year in zip(path[:-1], whole[1:], strict=True):
        np.testing.assert_allclose(step.after.sum(axis=1), year.persons, rtol=1e-9)


def test_futures_scatter_around_the_expected_path():
    staff = cells(("d1", "nurse", 300, 1.0, 40), ("d2", "nurse", 100, 1.0, 30))
    found = rates(
        ("nurse", 0, 1, 500), ("nurse", 0, 0, 500), ("nurse", 1, 1, 700), ("nurse", 1, 2, 300), ("nurse", 2, 2, 800),
        ("nurse", 2, 3, 200), newcomers=[("nurse", 0, 30), ("nurse", 1, 70)],
    )  # fmt: skip
    moved = flows(
        ("d1", "nurse", "hires", 30.0, 30.0), ("d1", "nurse", "moves", -4.0, -4.0), ("d2", "nurse", "moves", 4.0, 4.0)
    )
    path, inflow, start, studies = followed(
        staff, constant(resignation=0.1), [[50, 100, 100, 50], [10, 40, 30, 20]], found, moved=moved,
        shape=profile(("nurse", 30, 1.0)), years=3,
    )  # fmt: skip
    drawn = list(
        draw_levels(
            path, departments=["d1", "d2"], inflow=inflow, start=start, studies=studies, shocks=CALM,
            rng=np.random.default_rng(3), draws=2000, hiring_shock=0.05,
        )
    )  # fmt: skip
    for step, persons in zip(path, drawn, strict=True):
        np.testing.assert_allclose(persons.mean(axis=0), step.after, rtol=0.05, atol=0.6)
        assert persons.min() >= 0
    wider = next(
        draw_levels(
            path, departments=["d1", "d2"], inflow=inflow, start=start, studies=studies, shocks=USUAL,
            rng=np.random.default_rng(3), draws=2000, hiring_shock=0.05,
        )
    )  # fmt: skip
    assert wider[:, 0, 1:].sum(axis=1).std() > drawn[0][:, 0, 1:].sum(axis=1).std()


# ---- the gap ----

# nurses: 60 in d1, 25 in d2, 6 in d3, 5 in d4; mi is asked of d1 alone
STAFF = cells(*((key, "nurse", number, 1.0, 40) for key, number in (("d1", 60), ("d2", 25), ("d3", 6), ("d4", 5))))
KNOWN = Levels(
    frame(STATES, *((cell, "care", level, 1.0 * persons) for cell, level, persons in (
        (0, 0, 10), (0, 1, 20), (0, 2, 30), (1, 1, 20), (1, 3, 5), (2, 2, 6), (3, 1, 5))),
        (0, "mi", 0, 20.0), (0, "mi", 1, 20.0), (0, "mi", 2, 20.0)),
    frame(MOVES, ("care", "nurse", 1, 1, 80), ("care", "nurse", 1, 2, 20), ("care", "nurse", 2, 2, 50)),
    frame(NEWCOMERS, ("care", "nurse", 1, 10)),
    CATALOGUE,
)  # fmt: skip
REQUIRED = required(
    (None, "nurse", "care", 2, 2025, 0.6, None), (None, "nurse", "care", 2, 2027, 0.8, None),
    ("d1", "nurse", "mi", None, 2026, None, 35.0), (None, "nurse", "unheard_of", None, 2025, 0.5, None),
)  # fmt: skip


def gap(**changes) -> pd.DataFrame:
    coming = flows(("d1", "nurse", "hires", 6.0, 6.0), ("d2", "nurse", "hires", 2.0, 2.0))
    groups = forecast_groups(STAFF, minimum=20)
    recent = Recent(coming, None, 1)
    base = Baseline(
        STAFF, constant(resignation=0.1), groups, recent.inflow(groups, 3), profile(("nurse", 30, 1.0)), USUAL,
        "2025-12", 3, permanent=pd.DataFrame({"occupation": ["*"], "share": [0.2]}),
    )  # fmt: skip
    given = {"minimum": 20, "weight": 20.0, "hiring_shock": 0.1, "seed": 7, "draws": 300}
    requirements = changes.pop("requirements", REQUIRED)
    known = changes.pop("known", KNOWN)
    return skill_gap(base, known, requirements, recent, **(given | changes))


def test_the_first_year_is_what_is_there_and_small_departments_are_one_group():
    table = gap()
    now = table[(table["year"] == 2025) & (table["model"] == "care")].set_index("department")
    # d3 and d4 hold eleven nurses, too few: the smallest other department joins them
    assert now.index.tolist() == ["all", "d1", POOLED]
    assert (table["n"] >= 20).all()
    columns = ["needed", "held", "unclear", "missing", "assessed", "n"]
    assert now.loc["d1", columns].tolist() == pytest.approx([36, 30, 6, 0, 50, 60])
    # d2 needs 15 and has 5, d3 needs 3.6 and has 6, d4 needs 3 and has none
    assert now.loc[POOLED, columns].tolist() == pytest.approx([21.6, 11, 0, 13, 36, 36])
    assert now.loc["all", columns].tolist() == pytest.approx([57.6, 41, 6, 13, 86, 96])
    assert now[["low", "high", "missing_low", "missing_high"]].isna().all(axis=None)


def test_ahead_the_parts_hold_together_and_a_later_requirement_begins_in_its_year():
    table = gap()
    assert "unheard_of" not in set(table["model"])
    ahead = table[table["year"] > 2025]
    assert (ahead["low"] <= ahead["held"]).all()
    assert (ahead["held"] <= ahead["high"]).all()
    assert (ahead["missing_low"] <= ahead["missing"]).all()
    assert (ahead["missing"] <= ahead["missing_high"]).all()
    # what is missing on average is at least what is missing on the average path
    alone = ahead[ahead["department"] == "d1"]
    path = np.maximum(alone["needed"] - alone["held"] - (alone["staff"] - alone["assessed"]), 0.0)
    assert (alone["missing"] >= path - 0.5).all()
    care = table[(table["model"] == "care") & (table["department"] == "d1")].set_index("year")
    assert (care["needed"] / care["staff"]).round(6).to_dict() == {2025: 0.6, 2026: 0.6, 2027: 0.8, 2028: 0.8}
    mi = table[table["model"] == "mi"].set_index(["department", "year"])["needed"]
    assert mi.to_dict() == {(key, year): 35.0 * (year > 2025) for key in ("all", "d1") for year in range(2025, 2029)}


def test_groups_add_up_to_the_whole():
    table = gap()
    care = table[table["model"] == "care"]
    parts = care[care["department"] != "all"].groupby("year")[["needed", "held", "unclear", "missing", "n"]].sum()
    whole = care[care["department"] == "all"].set_index("year")[parts.columns]
    pd.testing.assert_frame_equal(parts, whole, rtol=1e-9)


def test_the_same_seed_gives_the_same_table_whatever_else_is_required():
    table = gap()
    pd.testing.assert_frame_equal(table, gap())
    alone = gap(requirements=REQUIRED[REQUIRED["model"] == "care"])
    care = table[table["model"] == "care"].reset_index(drop=True)
    pd.testing.assert_frame_equal(care, alone)
    assert not np.array_equal(alone["low"].dropna(), gap(seed=8).query("model == 'care'")["low"].dropna())


def test_nothing_is_forecast_of_an_occupation_with_fewer_than_the_least_number():
    assert gap(minimum=97).empty
    assert gap(known=Levels(KNOWN.states.iloc[:0], KNOWN.moves, KNOWN.newcomers, CATALOGUE)).empty
