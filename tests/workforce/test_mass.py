"""Many employments that end on one day: told with their number, and no leaving where a transfer is declared."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.reference.episodes import declared
from analysis.workforce.collect import History, history
from analysis.workforce.spells import stock
from tests.workforce.example import post, table

DAY = "2024-12-31"


def past(
    posts: list[dict[str, Any]],
    exits: list[tuple[str, str, str]] | None = None,
    transfer: dict[str, Any] | None = None,
    **more: Any,
) -> History:
    tables = {"employments": table("employments", posts)}
    if exits:
        tables["exits"] = table("exits", [{"person": p, "date": d, "cause": c} for p, d, c in exits])
    episodes = {"transfers": [declared(transfer)]} if transfer else None
    return history(tables, period="2025-12", level="", episodes=episodes, observed_from="2021-01", **more)


def staff(
    number: int, name: str = "p", start: str = "2012-01-01", end: str | None = None, **more: Any
) -> list[dict[str, Any]]:
    return [post(f"{name}{place}", start, end, **more) for place in range(number)]


def left(found: History) -> int:
    return int((found.ends["cause"] != "transfer").sum())


def renumbered(people: int, moving: int, first: str = "2025-01-01") -> list[dict[str, Any]]:
    """All in post until the last day of the year, ``moving`` of them under a new number from ``first`` on."""
    return [*staff(moving, end=DAY), *staff(moving, "n", start=first), *staff(people - moving, "s")]


@pytest.mark.parametrize("moving", [60, 30, 8])
def test_numbers_issued_anew_are_told_with_their_size(moving: int) -> None:
    found = past(renumbered(60, moving))
    assert left(found) == moving
    if moving < 10:
        assert found.doubts == []
        return
    (doubt,) = found.doubts
    assert f"2024-12-31: {moving} permanent employments ended on one day" in doubt
    assert f"{moving} andra började" in doubt.sv
    assert "[[transfer]]" in doubt


@pytest.mark.parametrize("first", ["2025-01-01", "2025-01-02"])
@pytest.mark.parametrize("date", ["2024-12-31", "2025-01-01"])
@pytest.mark.parametrize("moving", [60, 30])
def test_a_declared_transfer_is_no_leaving_and_no_hiring(first: str, date: str, moving: int) -> None:
    found = past(renumbered(60, moving, first), transfer={"date": date, "why": "new pay system"})
    assert left(found) == 0
    assert found.doubts == []
    begun = found.begins[found.begins["person"].str.startswith("n")]
    assert set(begun["via"]) == {"transfer"}
    assert len(stock(found.rows, pd.Timestamp("2025-01-31"))) == 60


def test_a_transfer_of_some_units_leaves_the_others_alone() -> None:
    posts = [*staff(20, "a", end=DAY), *staff(20, "b", end=DAY, unit="u2"), *staff(40, "s")]
    found = past(posts, transfer={"date": DAY, "units": ["u2"]})
    assert set(found.ends.loc[found.ends["cause"] == "transfer", "person"].str[0]) == {"b"}
    assert len(found.doubts) == 1  # the others still ended on one day


def test_who_is_known_to_have_left_on_the_day_has_left() -> None:
    posts = renumbered(60, 30)
    exits = [("p0", DAY, "retirement"), ("p1", DAY, "other"), ("p2", "2024-12-30", "resignation")]
    found = past(posts, exits, transfer={"date": DAY})
    gone = found.ends.set_index("person")["cause"]
    assert gone[["p0", "p1", "p2", "p3"]].tolist() == ["retirement", "transfer", "resignation", "transfer"]


def test_who_leaves_weeks_before_the_day_has_left() -> None:
    posts = [*renumbered(60, 30), post("x", "2012-01-01", "2024-12-12")]
    found = past(posts, transfer={"date": DAY})
    assert found.ends.set_index("person").loc["x", "cause"] == "unknown"


@pytest.mark.parametrize("begins", ["2025-01-01", "2025-01-02", "2025-01-06"])
@pytest.mark.parametrize("unit", ["u1", "u2"])
@pytest.mark.parametrize("number", ["same", "new"])
def test_the_same_person_who_ends_and_begins_anew_is_no_leaver_and_no_mass(begins: str, unit: str, number: str) -> None:
    """A reorganisation on 1 January, a new pay system, a contract that begins after the holidays."""
    old = staff(40, end=DAY)
    new = [each | {"start": begins, "end": None, "unit": unit} for each in old]
    if number == "new":
        new = [each | {"employment": f"{each['employment']}-2"} for each in new]
    found = past([*old, *new])
    assert (left(found), found.doubts) == (0, [])
    assert set(found.begins["via"]) == {"hire"}


def test_a_declared_transfer_joins_what_a_strict_rule_of_breaks_would_part() -> None:
    posts = [*staff(40, end=DAY), *staff(40, start="2025-01-03")]
    tables = {"employments": table("employments", posts)}
    strict: dict[str, Any] = {"gap_days": 0}
    parted = history(tables, period="2025-12", level="", episodes=strict, observed_from="2021-01")
    assert left(parted) == 40
    joined = strict | {"transfers": [declared({"date": DAY})]}
    assert left(history(tables, period="2025-12", level="", episodes=joined, observed_from="2021-01")) == 0


def test_a_department_that_ends_in_one_day_is_told_among_a_large_staff() -> None:
    posts = [*staff(400, "s"), *staff(20, "d", unit="u2", end="2024-06-30"), *staff(5, "k", unit="u2")]
    (doubt,) = past(posts).doubts
    assert "Department u2, 2024-06-30: 20 permanent employments" in doubt


@pytest.mark.parametrize("cause", ["retirement", "resignation", "employer"])
def test_a_mass_with_its_reasons_is_explained(cause: str) -> None:
    posts = [*staff(20, "g", end="2024-06-30"), *staff(80, "s")]
    assert past(posts, [(f"g{n}", "2024-06-30", cause) for n in range(20)]).doubts == []


def test_contracts_that_end_with_the_term_are_no_mass() -> None:
    assert past([*staff(40, "t", start="2023-08-01", end="2024-06-14", form="temporary"), *staff(80, "s")]).doubts == []


def test_numbers_issued_anew_do_not_begin_the_history() -> None:
    posts = [
        *renumbered(200, 200),
        *(post(f"x{n}", "2010-01-01", f"{2018 + n % 7}-0{n % 9 + 1}-15") for n in range(70)),
    ]
    found = history({"employments": table("employments", posts)}, period="2025-12", level="")
    assert found.observation.month <= "2018-01"
    assert found.observation.rule == "first"
