"""Nobody is forecast in a small group, and nothing is lost on the way to the groups."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.workforce.groups import KEYS, OTHER, POOLED, forecast_groups, joined, sum_to_groups

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


@pytest.mark.parametrize(
    "small",
    [{"s1": 5, "s2": 5, "s3": 5}, {"s": 1}, {"s": 19}, {"a1": 9, "z1": 10}],
)
@pytest.mark.parametrize("large", [{"d": 646}, {"big": 646, "mid": 40}, {"a": 20, "b": 20, "c": 21}])
def test_no_department_loses_its_report_because_others_are_small(small: dict[str, int], large: dict[str, int]) -> None:
    groups = forecast_groups(at_risk({(key, "a"): size for key, size in (small | large).items()}), minimum=20)
    own = groups.set_index("department")["group_department"]
    assert [own[key] for key in large] == list(large)
    largest = max(large, key=lambda key: large[key])
    assert {own[key] for key in small} == {largest}
    assert joined(groups) == {largest: sorted(small)}
    assert groups.groupby(KEYS)["at_risk"].sum().min() >= 20


def test_departments_that_are_enough_together_or_all_there_is_form_the_pool() -> None:
    enough = forecast_groups(at_risk({("d", "a"): 646, ("s1", "a"): 12, ("s2", "a"): 11}), minimum=20)
    assert enough["group_department"].tolist() == ["d", POOLED, POOLED]
    alone = forecast_groups(at_risk({("s1", "a"): 9, ("s2", "a"): 4}), minimum=20)
    assert alone["group_department"].tolist() == [POOLED, POOLED]
    assert joined(enough) == joined(alone) == {}


def test_the_smallest_other_occupation_joins_those_that_are_still_too_few() -> None:
    sizes = {("big", "a"): 30, ("big", "b"): 25, ("big", "c"): 3}
    groups = forecast_groups(at_risk(sizes), minimum=20).set_index(["department", "occupation"])
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
