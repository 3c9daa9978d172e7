"""Yearly lists of everyone in post: who left, who only seems to have left."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.workforce.collect import history
from analysis.workforce.flows import flows, person_years
from analysis.workforce.snapshots import employments_from_snapshots, link
from tests.workforce.example import table

HIRED = "2010-03-01"


def lists(years: dict[int, list[Any]]) -> pd.DataFrame:
    """Lists of 30 June; an entry is a person's key or (key, changes)."""
    rows = []
    for year, people in years.items():
        for entry in people:
            person, more = entry if isinstance(entry, tuple) else (entry, {})
            base = {"person": person, "name_key": f"n-{person}", "given_key": f"g-{person}", "unit": "u1"}
            base |= {
                "snapshot": f"{year}-06-30",
                "unit_name": "Works",
                "occupation": "driver",
                "hired": HIRED,
            }
            rows.append(base | {"pay": 100.0} | more)
    return table("snapshots", rows)


def anna(key: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return key, {"given_key": "g-anna", **more}


def test_a_changed_name_is_the_same_person() -> None:
    linked, counts = link(lists({2012: [anna("old"), "b"], 2013: [anna("new"), "b"]}))
    assert linked["person"].tolist() == ["old", "b", "old", "b"]
    assert counts.iloc[0][["persons", "apparent_leavers", "name_change"]].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    "different", [{"unit": "u2"}, {"hired": "2011-01-01"}, {"given_key": "g-eva"}, {"given_key": None}]
)
def test_a_link_needs_given_name_hire_date_and_unit(different: dict[str, Any]) -> None:
    linked, counts = link(lists({2012: [anna("old")], 2013: [anna("new", **different)]}))
    assert linked["person"].tolist() == ["old", "new"]
    assert counts["name_change"].tolist() == [0]


def test_two_candidates_are_no_link() -> None:
    linked, _ = link(lists({2012: [anna("old")], 2013: [anna("x"), anna("y")]}))
    assert linked["person"].tolist() == ["old", "x", "y"]


def test_a_name_taken_back_leads_to_the_first_key() -> None:
    linked, counts = link(lists({2012: [anna("a")], 2013: [anna("b")], 2014: [anna("a")], 2015: [anna("c")]}))
    assert linked["person"].tolist() == ["a"] * 4
    assert counts["name_change"].tolist() == [1, 1, 1]


def test_two_persons_in_one_list_are_never_made_one() -> None:
    # "a" is missing from one list only, in which another Anna is new; both are there a year later
    linked, counts = link(lists({2012: [anna("a")], 2013: [anna("b")], 2014: [anna("a"), anna("b")]}))
    assert linked["person"].tolist() == ["a", "b", "a", "b"]
    assert counts["name_change"].tolist() == [0, 0]
    assert counts["absent_one_list"].tolist() == [1, 0]


def test_a_key_seen_before_is_a_return_and_no_changed_name() -> None:
    linked, counts = link(lists({2012: [anna("x", unit="u2")], 2013: [anna("a")], 2014: [anna("x")]}))
    assert linked["person"].tolist() == ["x", "a", "x"]
    assert counts["name_change"].sum() == 0


def test_no_row_is_lost_but_the_second_of_a_person_in_one_list() -> None:
    both = lists({2012: [("a", {"pay": 10.0}), ("a", {"pay": 90.0, "unit": "u2"}), "b"]})
    linked, _ = link(both)
    assert linked[["person", "unit"]].to_numpy().tolist() == [["b", "u1"], ["a", "u2"]]


def test_who_is_hired_again_left_and_came_back() -> None:
    again = ("a2", {"name_key": "n-a", "given_key": "g-a", "hired": "2013-02-01"})
    linked, counts = link(lists({2012: ["a"], 2013: [again]}))
    assert linked["person"].tolist() == ["a", "a2"]
    assert counts[["name_change", "re_hire"]].to_numpy().tolist() == [[0, 1]]


def test_a_leaver_leaves_midway_and_a_newcomer_starts_on_the_hire_date_or_midway() -> None:
    rows = employments_from_snapshots(
        link(lists({2012: ["stays", "leaves"], 2013: ["stays", ("new", {"hired": "2012-11-01"}), "late"]}))[0]
    )
    ends = rows.groupby("person")["end"].max()
    starts = rows.groupby("person")["start"].min()
    assert ends["leaves"] == pd.Timestamp("2012-12-29")  # 30 June 2012 and half of 365 days
    assert rows.loc[rows["person"] == "stays", "end"].isna().tolist() == [False, True]
    assert starts["stays"] == pd.Timestamp(HIRED)
    assert starts["new"] == pd.Timestamp("2012-11-01")
    # an early hire date of someone missing from the list before is not believed
    assert starts["late"] == pd.Timestamp("2012-12-29")


def test_absent_from_one_list_is_leaving_and_returning() -> None:
    delivered = {"snapshots": lists({2012: ["a", "b"], 2013: ["b"], 2014: ["a", "b"]})}
    past = history(delivered, period="2014-06", level="")
    assert past.origins == ["2012-06", "2013-06", "2014-06"]
    years = person_years(past.rows, past.ends, origins=past.origins)
    found = flows(past.rows, years, was_hourly=None, qualified=None)
    totals = found[found["persons"] != 0].groupby(["origin", "part"])["persons"].sum()
    assert totals["2012-06"].to_dict() == {"closing": 1, "opening": 2, "unknown": -1}
    assert totals["2013-06"].to_dict() == {"closing": 2, "hires": 1, "opening": 1}
    assert years.loc[years["person"] == "a", "tenure"].tolist() == [2, 4]


def test_a_single_list_is_a_stock_without_a_history() -> None:
    past = history({"snapshots": lists({2017: ["a", "b"]})}, period="2017-06", level="")
    assert past.origins == ["2017-06"]
    years = person_years(past.rows, past.ends, origins=past.origins)
    assert len(years) == 2
    assert past.names["name"].tolist() == ["Works"]


@pytest.mark.parametrize(("period", "says"), [("2011-12", "no snapshot"), ("2014-12", "newest snapshot")])
def test_a_period_outside_the_lists_is_refused(period: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        history({"snapshots": lists({2012: ["a"], 2013: ["a"]})}, period=period, level="")


def test_linking_does_not_depend_on_the_order_of_pseudonyms() -> None:
    years = {2012: [anna("a"), "b"], 2013: [anna("z"), "b"], 2014: [anna("c"), "b"]}
    swap = {"a": "y", "z": "a", "c": "m", "b": "x"}
    first, _ = link(lists(years))
    renamed = lists(years)
    renamed["person"] = renamed["person"].map(swap)
    second, _ = link(renamed)
    assert second["person"].tolist() == [swap[person] for person in first["person"]]
