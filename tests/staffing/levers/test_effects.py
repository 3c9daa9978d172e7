"""What levers do alone and together, and paths that have been simulated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.staffing import Inflow, bridge
from analysis.staffing.levers.closing import MAX_LEVERS
from analysis.staffing.levers.effects import (
    LIBRARY,
    OVERLAP,
    TOGETHER,
    Outlook,
    at,
    largest_levers,
    lever_effects,
    what_if,
)
from analysis.staffing.levers.lever import Lever, Reach, Study, levers
from analysis.staffing.levers.mixes import closing_paths
from analysis.staffing.levers.scenarios import read_scenario, within_capacity
from analysis.staffing.posts.filling import unknown
from analysis.staffing.posts.recruitment_need import recruitment
from analysis.workforce.groups import forecast_groups
from tests.conftest import REPOSITORY
from tests.staffing.example import FILL, GROUPS, baseline, cells, constant, outlook_of, profile, steady

YEARS, SEED = 4, 7


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return outlook_of(baseline(years=YEARS))


STAY = levers()["retention"]
MORE = replace(STAY, id="more", part_of="")
HIRE = Lever("hire", "flow", 0.01, 0.02, 0.03, 0, part="hires", yearly=True)
FASTER = levers()["faster_recruitment"]


def whole_of(table: pd.DataFrame, column: str = "expected") -> pd.Series:
    return table[table["department"] == "all"].set_index(["scenario", "lever", "year"])[column]


def test_keeping_people_gives_fewer_recruitments_and_fewer_empty_posts_by_hand() -> None:
    # a hundred posts, a tenth of them left a year and a fifth of the open filled a month; no ageing, no newcomers leave
    staff = cells(("d1", "teacher", 120, 1.0, 40))
    base = baseline(
        years=2, change=None, hazards=constant(resignation=0.1), cells=staff,
        groups=forecast_groups(staff, minimum=20), profile=profile(("teacher", 40, 1.0)),
    )  # fmt: skip
    index = pd.MultiIndex.from_tuples([("d1", "teacher")], names=["department", "occupation"])
    nothing = pd.DataFrame(0.0, index=index, columns=["hires", "conversions", "moves", "ladder_moves"])
    base = replace(base, inflow=Inflow(nothing, nothing, np.zeros((2, 1)), 3), opening=None)
    outlook = outlook_of(base)
    half = replace(STAY, low=0.5, mid=0.5, high=0.5, lead_years=0)
    found = lever_effects(outlook, {LIBRARY: (half,)})
    # half of twelve leavers stay: six fewer fall empty in the first year, half a post a month
    law = sum(0.5 * 0.8**months for months in range(12))
    first = whole_of(found)[LIBRARY, "retention", 2026]
    assert first == pytest.approx(law)
    # and what does not stand empty less was not recruited: six less those, and again for those gone within the year
    again = 0.5 * 0.1
    assert whole_of(found, "recruitments")[LIBRARY, "retention", 2026] == pytest.approx((6.0 - law) / (1 - again))


def test_no_lever_takes_away_more_than_stands_empty(outlook: Outlook) -> None:
    huge = replace(HIRE, low=0.2, mid=0.5, high=0.9)
    left = outlook.filling.empty(np.full(outlook.filling.shown.shape, -1e6))
    # nothing falls empty any more: what stood empty is filled at its pace
    ahead = np.arange(1, YEARS + 1)[:, None]
    np.testing.assert_allclose(left, outlook.filling.start * (1 - FILL) ** (12 * ahead), atol=1e-9)
    found = whole_of(lever_effects(outlook, {LIBRARY: (huge, replace(huge, id="twice", mid=0.9))}))
    last = 2025 + YEARS
    assert found[LIBRARY, "hire", last] <= outlook.empty()[-1].sum() + 1e-9
    # nearly twice the size, hardly more
    assert found[LIBRARY, "twice", last] < 1.2 * found[LIBRARY, "hire", last]


def test_faster_recruitment_lowers_what_stands_empty_by_the_share_of_the_time_saved(outlook: Outlook) -> None:
    table = lever_effects(outlook, {LIBRARY: (FASTER,)})
    found = whole_of(table)
    assert found[LIBRARY, "faster_recruitment", 2025 + YEARS] == pytest.approx(
        FASTER.mid * outlook.empty()[-1].sum(), rel=0.01
    )
    # and as many are recruited, a few of them sooner
    assert (whole_of(table, "recruitments") <= 0).all()
    assert set(table["first_year"]) == {2026.0}
    assert table["worse_until"].isna().all()


def test_a_lever_that_costs_time_first_says_from_which_year_it_helps(outlook: Outlook) -> None:
    study = Lever(
        "study", "flow", 0.1, 0.2, 0.3, 0, part="newly_qualified", basis="study", reach=Reach((), ("aide",)),
        study=Study("teacher", 2, 0.5, 1.0, 1.0),
    )  # fmt: skip
    table = lever_effects(outlook, {LIBRARY: (study,)})
    teachers = table[(table["department"] == "d1") & (table["occupation"] == "aide")]
    assert (teachers.loc[teachers["year"] == 2026, "expected"] < 0).all()
    assert set(teachers["worse_until"]) >= {2027.0} or teachers["first_year"].isna().all()


def test_an_effect_is_the_difference_between_what_stays_empty(outlook: Outlook) -> None:
    found = lever_effects(outlook, {LIBRARY: (STAY,)})
    rows = found[found["occupation"] != "total"]
    groups = rows.pivot_table(index=["department", "occupation"], columns="year", values="expected")
    apart = outlook.empty() - outlook.empty([STAY])
    np.testing.assert_allclose(groups.reindex(outlook.base.index).to_numpy().T, apart, atol=1e-9)
    assert (found["expected"] > 0).all()
    assert (found["recruitments"] > 0).all()


def test_two_levers_on_one_cause_overlap_and_a_lever_alone_does_not(outlook: Outlook) -> None:
    found = lever_effects(outlook, {"both": (STAY, MORE), "apart": (HIRE,)})
    whole = whole_of(found)
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


def test_every_choice_has_what_its_scenario_has(outlook: Outlook) -> None:
    base = outlook.base
    table = recruitment(
        base, bridge(base, {"stay": (STAY,)}, seed=SEED, draws=20), outlook.filling, {"stay": (STAY,)},
        {"stay": tuple(outlook.empty(at((STAY,), end)) for end in ("low", "high"))},
    ).table  # fmt: skip
    same = what_if(outlook, table, {"alone": (STAY,)})
    keys, numbers = ["department", "year"], ["expected", "p10", "p50", "p90"]
    one, other = (same[same["choice"] == name].set_index(keys)[numbers].sort_index() for name in ("stay", "alone"))
    np.testing.assert_allclose(one, other, rtol=1e-9)
    # the range of the lever widens the interval a little
    reference = same[same["choice"] == "reference"].set_index(keys).sort_index()
    root = np.sqrt(one["p90"] + 0.375) - np.sqrt(one["expected"] + 0.375)
    assert (root > np.sqrt(reference["p90"] + 0.375) - np.sqrt(reference["expected"] + 0.375)).all()


def test_without_a_known_gap_levers_say_recruitments_alone(outlook: Outlook) -> None:
    base = replace(outlook.base, opening=None)
    silent = Outlook(base, unknown(len(base.index), YEARS))
    table = recruitment(base, bridge(base, {}, seed=SEED, draws=20), silent.filling).table
    assert what_if(silent, table, {"alone": (STAY,)})[["expected", "p10", "p90"]].isna().all(axis=None)
    effects = lever_effects(silent, {LIBRARY: (STAY,)})
    assert effects["expected"].isna().all()


@pytest.fixture(scope="module")
def paths(outlook: Outlook) -> pd.DataFrame:
    return closing_paths(outlook, (STAY, HIRE, FASTER, levers()["longer_working_life"]))


def test_a_path_shows_the_gap_that_its_own_levers_leave_when_simulated(outlook: Outlook, paths: pd.DataFrame) -> None:
    library = {lever.id: lever for lever in (STAY, HIRE, FASTER, levers()["longer_working_life"])}
    whole = paths[paths["department"] == "all"]
    assert whole["mix"].max() >= 1
    for number, mix in whole[whole["mix"] > 0].groupby("mix"):
        extent = mix[mix["item"] == "extent"].set_index("lever")["expected"]
        assert 1 <= len(extent) <= MAX_LEVERS
        chosen = [library[key].sized(library[key].mid * share) for key, share in extent.items()]
        left = mix.loc[mix["item"] == "remaining"].iloc[0]
        assert left["expected"] == pytest.approx(outlook.empty(chosen)[-1].sum()), number
        assert number <= 3
        assert left["low"] < left["expected"] < left["high"]
        weakest = mix.loc[mix["item"] == "weakest"].iloc[0]
        assert weakest["expected"] >= left["expected"]
        assert weakest["lever"].split(":")[1] in extent.index


def test_a_dearer_path_leaves_less(paths: pd.DataFrame) -> None:
    for _, part in paths[paths["mix"] > 0].groupby("department"):
        wide = part[part["item"].isin(["cost", "saved", "remaining"])].pivot_table(
            index="mix", columns="item", values="expected"
        )
        assert wide["remaining"].is_monotonic_increasing
        # what fewer recruitments save is taken off; saved as if the levers did not overlap, hence the margin
        assert ((wide["cost"] - wide["saved"]).diff().dropna() < 100_000).all()


def test_the_paths_of_a_department_reach_that_department_alone(outlook: Outlook, paths: pd.DataFrame) -> None:
    gaps = paths[paths["item"].isin(["gap", "no_lack"])].set_index("department")["expected"]
    assert gaps["all"] == pytest.approx(outlook.empty()[-1].sum())
    assert gaps.drop("all").sum() == pytest.approx(gaps["all"])
    closed = set(gaps.index[gaps <= 0])
    sought = set(paths.loc[paths["mix"] > 0, "department"])
    assert sought
    assert not sought & closed


def test_no_path_is_sought_where_no_lack_is_expected() -> None:
    base = baseline(years=YEARS)
    held = steady(base)
    few = replace(held, shown=held.shown * 0.02, start=held.start * 0.02, opened=held.opened * 0.02)
    found = closing_paths(Outlook(base, few), (STAY, HIRE))
    assert set(found["item"]) == {"no_lack", "alone"}, "what each lever costs is known all the same"
    assert (found["mix"] == 0).all()
    assert (found.loc[found["item"] == "no_lack", "expected"] > 0).all()


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
    gaps = dict(zip(outlook.base.start.index, outlook.empty()[-1], strict=True))
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
    longer = replace(longer, yearly=True, lead_years=0)
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
    base = outlook.base
    surplus = replace(base, change=None, opening=GROUPS[["department", "occupation"]].assign(fte=-1000.0))
    assert largest(outlook_of(surplus), (HIRE,)).empty


def test_an_analyst_changes_a_fill_rate_in_a_scenario_file_and_sees_the_path_move(tmp_path: Path) -> None:
    shipped = (REPOSITORY / "examples/scenarios/nya_vagar.toml").read_text(encoding="utf-8")
    assert "fill_rate = 0.45" in shipped
    base = baseline(years=YEARS)
    outlook = outlook_of(base)
    left = {}
    for rate in (0.1, FILL, 0.45, 0.9):
        path = tmp_path / "own.toml"
        head, tail = (
            shipped.split("[[lever]]", 1)[0],
            f"[[lever]]\nid = 'faster_recruitment'\nfill_rate = {rate}\nwhy = 'x'",
        )
        path.write_text(head + tail, encoding="utf-8")
        chosen = within_capacity(read_scenario(path).levers, base.start, YEARS)
        left[rate] = outlook.empty(chosen)[-1].sum()
    # with as many posts falling empty, twice the chance is half as many that stand empty
    today = outlook.empty()[-1].sum()
    for rate, empty in left.items():
        assert empty == pytest.approx(today * FILL / rate, rel=0.02), rate
