"""Yearly flows add up, in persons and in full-time equivalents, for every group."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.periods import origins, shift
from analysis.reference import CAUSES
from analysis.workforce.flows import (
    completed,
    flows,
    hire_profile,
    made_permanent,
    person_years,
    risk_cells,
)
from tests.workforce.example import CUT, employed, post, table

YEAR = ["2024-12", "2025-12"]


def flow(posts, *, exits=None, hours=None, qualified=None, windows=YEAR) -> pd.DataFrame:
    rows, ends = employed(posts, exits=exits or [])
    years = person_years(rows, ends, origins=windows)
    return flows(rows, years, was_hourly=hours, qualified=qualified)


def parts(table: pd.DataFrame, column: str = "persons") -> dict[tuple[str, str, str], float]:
    keys = zip(table["department"], table["occupation"], table["part"], strict=True)
    return {key: value for key, value in zip(keys, table[column], strict=True) if value}


def test_an_internal_move_is_a_move_and_no_exit() -> None:
    found = parts(flow([post("a", "2020-01-01", "2025-05-31"), post("a", "2025-06-01", unit="u2")]))
    assert found == {
        ("d1", "teacher", "opening"): 1,
        ("d1", "teacher", "moves"): -1,
        ("d2", "teacher", "moves"): 1,
        ("d2", "teacher", "closing"): 1,
    }


def test_moves_sum_to_zero_and_a_changed_rate_is_told_apart() -> None:
    table = flow([post("a", "2020-01-01", "2025-05-31", rate=0.5), post("a", "2025-06-01", unit="u2")])
    fte = parts(table, "fte")
    assert fte["d1", "teacher", "moves"] == -0.5
    assert fte["d2", "teacher", "moves"] == 0.5
    assert fte["d2", "teacher", "rate_change"] == 0.5
    assert fte["d2", "teacher", "closing"] == 1.0


def test_a_transfer_is_no_turnover_and_still_leaves_the_stock() -> None:
    posts, exits = (
        [post("a", "2020-01-01", "2025-03-31"), post("b", "2020-01-01")],
        [("a", "2025-03-31", "transfer")],
    )
    rows, ends = employed(posts, exits=exits)
    cells = risk_cells(person_years(rows, ends, origins=YEAR))
    window = cells[cells["origin"] == "2024-12"]
    assert window["at_risk"].sum() == 2
    assert window[list(CAUSES)].to_numpy().sum() == 0
    assert parts(flow(posts, exits=exits))["d1", "teacher", "transfer"] == -1


@pytest.mark.parametrize(
    ("month", "part"),
    [
        ("2025-02-01", "conversions"),
        ("2024-01-01", "conversions"),
        ("2023-12-01", "hires"),
        ("2025-09-01", "hires"),
    ],
)
def test_who_was_hourly_paid_before_is_a_conversion(month: str, part: str) -> None:
    # hired in April 2025: hours in the window or the year before it count, not long ago or after the hire
    hours = table("hours", [{"person": "a", "unit": "u1", "month": month, "hours": 40.0}])
    found = parts(flow([post("a", "2025-04-01"), post("b", "2020-01-01")], hours=hours))
    assert found["d1", "teacher", part] == 1


def test_an_hourly_paid_employment_before_the_hire_is_a_conversion_too() -> None:
    posts = [post("a", "2025-01-15", "2025-03-31", form="hourly"), post("a", "2025-04-01")]
    posts += [post("b", "2025-04-01"), post("b", "2025-06-01", form="hourly"), post("c", "2020-01-01")]
    found = parts(flow(posts))
    assert found["d1", "teacher", "conversions"] == 1
    assert found["d1", "teacher", "hires"] == 1


def test_temporary_staff_made_permanent_are_a_share_of_those_who_stay() -> None:
    posts = [post("a", "2020-01-01", "2025-06-30", form="temporary"), post("a", "2025-07-01")]
    posts += [post(f"t{i}", "2020-01-01", form="temporary", occupation="aide") for i in range(3)]
    posts += [post("left", "2020-01-01", "2025-02-28", form="temporary"), post("p", "2020-01-01")]
    rows, ends = employed(posts)
    shares = made_permanent(person_years(rows, ends, origins=YEAR)).set_index("occupation")["share"]
    # one of four stayers; twenty stayers' worth of that share stands against an occupation's own
    assert shares.to_dict() == pytest.approx({"*": 0.25, "teacher": (1 + 20 * 0.25) / 21, "aide": (0 + 20 * 0.25) / 23})


def test_qualifying_into_another_occupation_is_told_apart_from_moving() -> None:
    training = table(
        "training",
        [
            {
                "person": "a",
                "course": "c",
                "status": "completed",
                "end": "2025-05-31",
                "target_occupation": "teacher",
            },
            {
                "person": "b",
                "course": "c",
                "status": "dropped",
                "end": "2025-05-31",
                "target_occupation": "teacher",
            },
        ],
    )
    posts = []
    for person in ("a", "b"):
        posts.append(post(person, "2020-01-01", "2025-06-30", occupation="aide"))
        posts.append(post(person, "2025-07-01", occupation="teacher"))
    found = parts(flow(posts, qualified=completed(training)))
    assert found["d1", "teacher", "newly_qualified"] == 1
    assert found["d1", "aide", "newly_qualified"] == -1
    # who changed occupation without having finished studies that lead there climbed another way
    assert found["d1", "teacher", "ladder_moves"] == 1
    assert found["d1", "aide", "ladder_moves"] == -1
    assert ("d1", "teacher", "moves") not in found


def test_who_left_and_came_back_is_both_leaver_and_hire() -> None:
    posts = [
        post("a", "2020-01-01", "2025-02-28"),
        post("a", "2025-09-01", unit="u2"),
        post("b", "2020-01-01"),
    ]
    found = parts(flow(posts, exits=[("a", "2025-02-28", "resignation")]))
    assert found["d1", "teacher", "resignation"] == -1
    assert found["d2", "teacher", "hires"] == 1


def test_nobody_has_ever_left() -> None:
    found = parts(flow([post("a", "2020-01-01")]))
    assert found == {("d1", "teacher", "opening"): 1, ("d1", "teacher", "closing"): 1}


def test_counts_are_missing_while_the_window_is_open() -> None:
    rows, ends = employed([post("a", "2020-01-01")])
    cells = risk_cells(person_years(rows, ends, origins=YEAR))
    is_open = cells["open"]
    assert cells.loc[is_open, list(CAUSES)].isna().all(axis=None)
    assert cells.loc[~is_open, list(CAUSES)].notna().all(axis=None)


def test_the_shape_of_hires_sums_to_one_per_occupation() -> None:
    posts = [post("old", "2010-01-01"), post("old2", "2010-01-01", occupation="aide")]
    posts += [post(f"n{i}", "2025-03-01", rate=0.5 + 0.5 * (i > 2), birth=f"{1980 + i}-01-01") for i in range(4)]
    posts += [post("m", "2025-03-01", occupation="aide", form="temporary")]
    rows, ends = employed(posts)
    shape = hire_profile(rows, person_years(rows, ends, origins=YEAR))
    assert shape.groupby("occupation")["share"].sum().to_dict() == pytest.approx({"teacher": 1.0, "aide": 1.0})
    teachers = shape[shape["occupation"] == "teacher"]
    assert (teachers["share"] * teachers["fte_per_person"]).sum() == pytest.approx((3 * 0.5 + 1.0) / 4)


def test_windows_run_backwards_from_the_cut_off_and_stay_inside_the_history() -> None:
    assert origins("2025-12", pd.Timestamp("2023-01-01")) == ["2022-12", "2023-12", "2024-12", "2025-12"]
    assert origins("2025-12", pd.Timestamp("2023-01-02")) == ["2023-12", "2024-12", "2025-12"]
    assert origins("2024-02", pd.Timestamp("2023-03-01")) == ["2023-02", "2024-02"]


def history(seed: int, people: int = 40) -> list[dict[str, Any]]:
    """Random posts that overlap, abut, break off, move, convert and end on awkward days."""
    rng = np.random.default_rng(seed)
    posts = []
    for person in range(people):
        for _ in range(rng.integers(1, 5)):
            start = pd.Timestamp("2021-06-01") + pd.Timedelta(days=int(rng.integers(0, 5 * 365)))
            if rng.random() < 0.3:
                start = start + pd.offsets.MonthBegin(1)
            end = None if rng.random() < 0.3 else start + pd.Timedelta(days=int(rng.integers(0, 900)))
            if end is not None and rng.random() < 0.3:
                end = pd.Timestamp(year=end.year, month=12, day=31)
            kind = {
                "unit": str(rng.choice(["u1", "u2", "u3"])),
                "occupation": str(rng.choice(["teacher", "aide"])),
                "form": str(rng.choice(["permanent", "temporary", "hourly"], p=[0.5, 0.35, 0.15])),
                "rate": float(rng.choice([0.25, 0.5, 0.75, 1.0])),
            }
            posts.append(post(f"p{person}", start, end, **kind))
    return posts


@given(st.integers(0, 10**6), st.sampled_from(["resignation", "transfer", "retirement"]))
@settings(max_examples=3, deadline=None)
def test_opening_and_all_changes_add_up_to_closing_in_every_group(seed: int, cause: str) -> None:
    posts = history(seed)
    exits = [(row["person"], row["end"], cause) for row in posts[::2] if row["end"] is not None]
    windows = [shift("2025-12", -12 * back) for back in (3, 2, 1, 0)]
    hours = table("hours", [{"person": "p1", "unit": "u1", "month": "2024-05-01", "hours": 10.0}])
    rows, ends = employed(posts, exits=exits, at=CUT)
    years = person_years(rows, ends, origins=windows)
    found = flows(rows, years, was_hourly=hours, qualified=None)
    for column in ("persons", "fte"):
        wide = found.pivot_table(
            index=["origin", "department", "occupation"],
            columns="part",
            values=column,
            aggfunc="sum",
            fill_value=0.0,
        ).reindex(columns=["opening", "closing", *sorted({*found["part"]} - {"opening", "closing"})], fill_value=0.0)
        changes = wide.drop(columns="closing").sum(axis=1)
        np.testing.assert_allclose(changes, wide["closing"], atol=1e-9)
        for part in {"moves", "ladder_moves"} & set(wide):
            np.testing.assert_allclose(wide[part].groupby("origin").sum(), 0.0, atol=1e-9)
    # who stays is somewhere, and one window's closing stock is the next one's opening stock
    stays = years[(years["cause"] == "") & ~years["open"]]
    assert (stays["to_department"] != "").all()
    totals = found.pivot_table(index="origin", columns="part", values="persons", aggfunc="sum", fill_value=0.0)
    for before, after in pairwise(windows[:-1]):
        assert totals.loc[before, "closing"] == totals.loc[after, "opening"]


@given(st.integers(0, 10**6))
@settings(max_examples=2, deadline=None)
def test_other_pseudonyms_give_the_same_counts(seed: int) -> None:
    posts = history(seed)
    names = sorted({row["person"] for row in posts})
    others = np.random.default_rng(seed + 1).permutation(names)
    renamed = {name: f"x{other}" for name, other in zip(names, others, strict=True)}
    results = []
    for people in (posts, [row | {"person": renamed[row["person"]]} for row in posts]):
        rows, ends = employed(people, exits=[])
        years = person_years(rows, ends, origins=["2023-12", "2024-12", "2025-12"])
        results.append((risk_cells(years), flows(rows, years, was_hourly=None, qualified=None)))
    pd.testing.assert_frame_equal(results[0][0], results[1][0])
    pd.testing.assert_frame_equal(results[0][1], results[1][1])
