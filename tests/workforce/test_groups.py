"""Nobody is forecast in a small group, and nothing is lost on the way to the groups."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.workforce.groups import KEYS, OTHER, POOLED, forecast_groups, sum_to_groups

SIZES = st.dictionaries(
    st.tuples(st.sampled_from(["d1", "d2", "d3", "d4", "d5"]), st.sampled_from(["a", "b", "c", "d", "e"])),
    st.integers(1, 60),
    min_size=1,
)


def at_risk(sizes: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [(department, occupation, size) for (department, occupation), size in sizes.items()]
    return pd.DataFrame(rows, columns=["department", "occupation", "at_risk"])


@given(SIZES)
@settings(max_examples=12, deadline=None)
def test_every_group_holds_twenty_and_everyone_is_in_one(sizes: dict[tuple[str, str], int]) -> None:
    groups = forecast_groups(at_risk(sizes), minimum=20)
    assert groups["at_risk"].sum() == sum(sizes.values())
    assert not groups.duplicated(["department", "occupation"]).any()
    for keys in (["group_department"], KEYS):
        held = groups.groupby(keys)["at_risk"].sum()
        if sum(sizes.values()) >= 20:
            assert held.min() >= 20
        else:
            assert len(held) == 1


@given(SIZES)
@settings(max_examples=6, deadline=None)
def test_sums_over_groups_lose_nothing(sizes: dict[tuple[str, str], int]) -> None:
    groups = forecast_groups(at_risk(sizes), minimum=20)
    posts = pd.DataFrame(
        {
            "department": ["d1", "d1", "unknown", "d5"],
            "occupation": ["a", "nobody holds", "a", "e"],
            "fte": [1.0, 2.0, 4.0, 8.0],
        }
    )
    sums = sum_to_groups(posts, groups, by=[], values=["fte"])
    assert sums["fte"].sum() == 15.0
    known = set(groups[KEYS].itertuples(index=False, name=None))
    assert set(sums[["department", "occupation"]].itertuples(index=False, name=None)) <= known


def test_small_departments_and_occupations_are_pooled_upward() -> None:
    sizes = {("big", "a"): 30, ("big", "b"): 12, ("big", "c"): 9, ("s1", "a"): 12, ("s2", "a"): 11}
    groups = forecast_groups(at_risk(sizes), minimum=20).set_index(["department", "occupation"])
    assert groups.loc[("big", "a"), KEYS].tolist() == ["big", "a"]
    assert groups.loc[("big", "b"), KEYS].tolist() == ["big", OTHER]
    assert groups.loc[("s2", "a"), KEYS].tolist() == [POOLED, "a"]


def test_the_smallest_other_joins_a_pool_that_is_still_too_small() -> None:
    sizes = {("big", "a"): 30, ("big", "b"): 25, ("big", "c"): 3, ("s", "a"): 5, ("mid", "a"): 40}
    groups = forecast_groups(at_risk(sizes), minimum=20).set_index(["department", "occupation"])
    assert groups.loc[("mid", "a"), KEYS].tolist() == [POOLED, "a"]
    assert groups.loc[("big", "b"), KEYS].tolist() == ["big", OTHER]
    assert groups.loc[("big", "a"), KEYS].tolist() == ["big", "a"]


@pytest.mark.parametrize(
    ("pair", "group"),
    [(("big", "x"), ("big", "a")), (("gone", "a"), ("big", "a")), (("s1", "x"), (POOLED, "a"))],
)
def test_posts_of_an_occupation_nobody_holds_join_the_largest_group(pair: tuple, group: tuple) -> None:
    sizes = {("big", "a"): 30, ("big", "b"): 21, ("s1", "a"): 12, ("s2", "a"): 11}
    groups = forecast_groups(at_risk(sizes), minimum=20)
    posts = pd.DataFrame({"department": [pair[0]], "occupation": [pair[1]], "fte": [2.0]})
    sums = sum_to_groups(posts, groups, by=[], values=["fte"])
    assert sums.to_numpy().tolist() == [[*group, 2.0]]
