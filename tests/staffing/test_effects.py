"""What levers do alone and together, and paths that have been simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.staffing.closing import MAX_LEVERS
from analysis.staffing.effects import LIBRARY, OVERLAP, TOGETHER, Outlook, largest_levers, lever_effects, what_if
from analysis.staffing.levers import Lever, levers
from analysis.staffing.mixes import closing_paths
from tests.staffing.example import GROUPS, baseline, bridged, inflow

YEARS, DRAWS, SEED = 4, 200, 7


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return Outlook(baseline(years=YEARS))


STAY = levers()["retention"]
MORE = replace(STAY, id="more", part_of="")
HIRE = Lever("hire", "flow", 0.01, 0.02, 0.03, 0, part="hires", yearly=True)


def test_an_effect_is_the_difference_between_the_bridges(outlook: Outlook) -> None:
    table = bridged(scenarios={"stay": (STAY,)}, years=YEARS, draws=20, inflow=inflow(years=YEARS))
    gap = table[table["part"] == "gap"].set_index(["department", "occupation", "year", "scenario"])["expected"]
    wide = gap.unstack()  # noqa: PD010
    expected = (wide["reference"] - wide["stay"]).sort_index()
    found = lever_effects(outlook, {LIBRARY: (STAY,)}).set_index(["department", "occupation", "year"])["expected"]
    np.testing.assert_allclose(found.sort_index(), expected.reindex(found.sort_index().index), atol=1e-9)
    assert (found > 0).all()


def test_two_levers_on_one_cause_overlap_and_a_hire_adds(outlook: Outlook) -> None:
    found = lever_effects(outlook, {"both": (STAY, MORE), "apart": (HIRE,)})
    whole = found[found["department"] == "all"].set_index(["scenario", "lever", "year"])["expected"]
    for year in range(2026, 2026 + YEARS):
        alone = whole["both", "retention", year] + whole["both", "more", year]
        assert whole["both", TOGETHER, year] < alone
        assert whole["both", OVERLAP, year] == pytest.approx(alone - whole["both", TOGETHER, year])
        assert whole["both", OVERLAP, year] > 0
        assert whole["apart", OVERLAP, year] == pytest.approx(0.0)


def test_effects_of_groups_add_up_and_lie_within_their_range(outlook: Outlook) -> None:
    found = lever_effects(outlook, {LIBRARY: (STAY, HIRE)})
    groups = found[found["occupation"] != "total"].groupby(["lever", "year"])["expected"].sum()
    whole = found[found["department"] == "all"].set_index(["lever", "year"])["expected"]
    pd.testing.assert_series_equal(groups, whole.sort_index(), check_names=False)
    assert (found["low"] <= found["expected"]).all()
    assert (found["expected"] <= found["high"]).all()
    assert (found["n"] >= 20).all()


def test_every_choice_meets_the_futures_of_the_bridge(outlook: Outlook) -> None:
    table = bridged(scenarios={"stay": (STAY,)}, years=YEARS, draws=DRAWS, seed=SEED, inflow=inflow(years=YEARS))
    same = what_if(outlook, table, {"alone": (STAY,)}, seed=SEED, draws=DRAWS)
    keys, numbers = ["department", "year"], ["expected", "p10", "p50", "p90"]
    one, other = (same[same["choice"] == name].set_index(keys)[numbers].sort_index() for name in ("stay", "alone"))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_without_a_known_gap_no_choice_has_one(outlook: Outlook) -> None:
    table = bridged(opening=None, years=YEARS, draws=20, inflow=inflow(years=YEARS))
    found = what_if(outlook, table, {"alone": (STAY,)}, seed=SEED, draws=20)
    assert found[["expected", "p10", "p90"]].isna().all(axis=None)


@pytest.fixture(scope="module")
def paths(outlook: Outlook) -> pd.DataFrame:
    return closing_paths(outlook, (STAY, HIRE, levers()["longer_working_life"]), seed=SEED, draws=DRAWS)


def test_a_path_shows_the_gap_that_its_own_levers_leave_when_simulated(outlook: Outlook, paths: pd.DataFrame) -> None:
    library = {lever.id: lever for lever in (STAY, HIRE, levers()["longer_working_life"])}
    whole = paths[paths["department"] == "all"]
    assert whole["mix"].max() >= 1
    for number, mix in whole[whole["mix"] > 0].groupby("mix"):
        extent = mix[mix["item"] == "extent"].set_index("lever")["expected"]
        assert 1 <= len(extent) <= MAX_LEVERS
        chosen = [library[key].sized(library[key].mid * share) for key, share in extent.items()]
        left = mix.loc[mix["item"] == "remaining"].iloc[0]
        assert left["expected"] == pytest.approx(outlook.gap(chosen)[-1].sum()), number
        assert left["low"] < left["expected"] < left["high"]
        weakest = mix.loc[mix["item"] == "weakest"].iloc[0]
        assert weakest["expected"] >= left["expected"]
        assert weakest["lever"].split(":")[1] in extent.index


def test_a_dearer_path_leaves_less(paths: pd.DataFrame) -> None:
    for _, part in paths[paths["mix"] > 0].groupby("department"):
        wide = part[part["item"].isin(["cost", "remaining"])].pivot_table(
            index="mix", columns="item", values="expected"
        )
        assert wide["remaining"].is_monotonic_increasing
        assert wide["cost"].is_monotonic_decreasing


def test_the_paths_of_a_department_reach_that_department_alone(outlook: Outlook, paths: pd.DataFrame) -> None:
    gaps = paths[paths["item"] == "gap"].set_index("department")["expected"]
    assert gaps["all"] == pytest.approx(outlook.gap()[-1].sum())
    assert gaps.drop("all").sum() == pytest.approx(gaps["all"])
    closed = set(gaps.index[gaps <= 0])
    sought = set(paths.loc[paths["mix"] > 0, "department"])
    assert sought
    assert not sought & closed


def largest(outlook: Outlook, chosen: tuple[Lever, ...], *, minimum: int = 20) -> pd.DataFrame:
    effects = lever_effects(outlook, {LIBRARY: chosen})
    return largest_levers(outlook, chosen, effects, minimum=minimum).set_index(["department", "occupation"])


def test_each_group_gets_the_lever_that_closes_most_of_its_own_gap(outlook: Outlook) -> None:
    # one lever for teachers, a smaller one for all: aides have the smaller one as their largest
    teachers = replace(HIRE, id="teachers", reach=replace(HIRE.reach, occupations=("teacher",)), mid=0.03)
    everyone = replace(HIRE, id="everyone", mid=0.01)
    found = largest(outlook, (teachers, everyone))
    effects = lever_effects(outlook, {LIBRARY: (teachers, everyone)})
    last = effects[(effects["year"] == 2029) & (effects["occupation"] != "total")]
    gaps = dict(zip(outlook.base.start.index, outlook.gap()[-1], strict=True))
    assert {key for key, gap in gaps.items() if gap > 0} == set(found.index)
    assert {lever for (_, occupation), lever in found["lever"].items() if occupation == "teacher"} == {"teachers"}
    assert {lever for (_, occupation), lever in found["lever"].items() if occupation != "teacher"} == {"everyone"}
    for key, row in found.iterrows():
        own = last[(last["department"] == key[0]) & (last["occupation"] == key[1])]
        assert row["expected"] == own["expected"].max()
        assert row["gap"] == pytest.approx(gaps[key])
        assert row["low"] <= row["expected"] <= row["high"]


def test_a_lever_whose_effect_rests_on_few_people_of_a_group_is_not_named(outlook: Outlook) -> None:
    longer = replace(levers()["full_time"], id="longer", basis="near_pension", part="hires", mid=0.5, high=0.6)
    small = replace(HIRE, id="small", low=1e-4, mid=1e-4, high=1e-4)
    near = dict(zip(outlook.base.start.index, longer.acted_on(outlook.base.start), strict=True))
    found = largest(outlook, (longer, small))
    # twenty teachers of d1 are near pension, nobody else is: only there may the stronger lever be named
    assert {key for key, heads in near.items() if heads >= 20} == {("d1", "teacher")}
    assert found["lever"].to_dict() == {key: "longer" if key == ("d1", "teacher") else "small" for key in found.index}
    assert (found["n"] >= 20).all()
    assert largest(outlook, (longer,), minimum=21).empty


def test_no_lever_is_named_where_there_is_no_gap_or_none_helps(outlook: Outlook) -> None:
    worse = replace(HIRE, id="worse", low=-0.03, mid=-0.02, high=-0.01)
    assert largest(outlook, (worse,)).empty
    every = GROUPS[["department", "occupation"]].assign(fte=-1000.0)
    assert largest(Outlook(baseline(years=YEARS, opening=every)), (HIRE,)).empty
