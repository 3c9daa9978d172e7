"""Hourly paid, on full leave and in post without the licence: stocks and flows that add up."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce.compartments import compartments
from analysis.workforce.spells import employment_rows
from tests.workforce.example import table

CUTS = ["2023-12", "2024-12"]


def employed(*rows: tuple[str, str, str, str | None, float]) -> pd.DataFrame:
    """Employments from (person, occupation, start, end, rate_actual), permanent at full time in d1."""
    columns = ["person", "occupation", "start", "end", "rate_actual"]
    made = [
        dict(zip(columns, row, strict=True)) | {"unit": "d1", "form": "permanent", "rate": 1.0, "employment": str(i)}
        for i, row in enumerate(rows)
    ]
    found = table("employments", made)
    for day in ("start", "end"):
        found[day] = pd.to_datetime(found[day])
    return employment_rows(found, {"d1": "d1"}, at=pd.Timestamp("2024-12-31"))


def worked(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Hours from (person, month, hours) in d1."""
    found = table(
        "hours", [{"person": p, "month": m, "hours": h, "unit": "d1", "occupation": "aide"} for p, m, h in rows]
    )
    return found.assign(month=pd.to_datetime(found["month"]), hours=found["hours"].astype("float64"))


def run(rows: pd.DataFrame, hours: pd.DataFrame | None = None, licences: pd.DataFrame | None = None) -> pd.DataFrame:
    return compartments(
        rows, {"d1": "d1"}, hours=hours, qualifications=licences, origins=CUTS, hours_per_month=165.0
    )  # fmt: skip


def parts(found: pd.DataFrame, compartment: str, origin: str) -> dict[str, tuple[float, float]]:
    own = found[(found["compartment"] == compartment) & (found["origin"] == origin)]
    return {row.part: (row.persons, pytest.approx(row.fte)) for row in own.itertuples()}


def test_the_hourly_paid_in_full_time_equivalents_with_their_own_flows() -> None:
    # a works a full-time year, b half of one and becomes monthly paid, c comes the year after
    months = [f"{year}-{month:02d}-01" for year in (2023, 2024) for month in range(1, 13)]
    hours = worked(
        *[("a", month, 165.0) for month in months],
        *[("b", month, 82.5) for month in months[:12]],
        *[("c", month, 33.0) for month in months[12:]],
    )
    found = run(employed(("b", "aide", "2024-03-01", None, 1.0)), hours)
    assert parts(found, "hourly", "2023-12") == {
        "stock": (2, 1.5), "converted": (-1, -0.5), "came": (1, 0.2), "changed": (0, 0.0),
    }  # fmt: skip
    assert parts(found, "hourly", "2024-12") == {"stock": (2, 1.2)}


def test_a_year_of_hours_that_is_not_whole_is_not_counted() -> None:
    found = run(
        employed(("x", "aide", "2020-01-01", None, 1.0)), worked(("a", "2024-01-01", 165.0), ("a", "2024-12-01", 1))
    )
    assert set(found.loc[found["compartment"] == "hourly", "origin"]) == {"2024-12"}


def test_who_is_on_full_leave_returns_or_leaves() -> None:
    rows = employed(
        ("a", "aide", "2020-01-01", "2024-05-31", 0.0), ("a", "aide", "2024-06-01", None, 1.0),
        ("b", "aide", "2020-01-01", "2024-05-31", 0.0), ("c", "aide", "2020-01-01", None, 0.0),
        ("d", "aide", "2020-01-01", None, 1.0),
    )  # fmt: skip
    found = run(rows)
    assert parts(found, "absence_cover", "2023-12") == {
        "stock": (3, 3.0), "returned": (-1, -1.0), "left": (-1, -1.0), "changed": (0, 0.0),
    }  # fmt: skip
    assert parts(found, "absence_cover", "2024-12") == {"stock": (1, 1.0)}


def test_who_lacks_the_licence_qualifies_leaves_or_is_renewed() -> None:
    rows = employed(
        *[(key, "teacher_lower", "2022-08-01", None, 1.0) for key in ("a", "b", "c")],
        ("d", "teacher_lower", "2022-08-01", "2024-06-15", 1.0), ("e", "teacher_lower", "2024-08-01", None, 1.0),
        ("f", "aide", "2022-08-01", None, 1.0),
    )  # fmt: skip
    licences = table("qualifications", [{"person": "a"}, {"person": "b"}]).assign(kind="teacher_licence")
    licences["valid_from"] = pd.to_datetime(["2020-06-01", "2024-06-01"])
    found = run(rows, licences=licences)
    assert parts(found, "unqualified", "2023-12") == {
        "stock": (3, 3.0), "qualified": (-1, -1.0), "left": (-1, -1.0), "came": (1, 1.0), "changed": (0, 0.0),
    }  # fmt: skip
    assert parts(found, "unqualified", "2024-12") == {"stock": (2, 2.0)}


def test_stocks_follow_from_the_flows() -> None:
    rows = employed(
        *[(f"p{i}", "teacher_lower", "2022-08-01", "2024-06-15" if i % 3 else None, float(i % 2)) for i in range(12)]
    )
    licences = table("qualifications", [{"person": "p0", "kind": "teacher_licence"}])
    licences["valid_from"] = pd.to_datetime(["2020-06-01"])
    found = run(rows, licences=licences)
    for _, own in found.groupby("compartment"):
        after = own.loc[own["origin"] == "2023-12", ["persons", "fte"]].sum()
        then = own.loc[(own["origin"] == "2024-12") & (own["part"] == "stock"), ["persons", "fte"]].sum()
        pd.testing.assert_series_equal(after, then)


def test_who_wants_a_higher_rate_than_they_have_counts_with_what_they_want_beyond_it() -> None:
    columns = ["person", "rate", "rate_wanted"]
    wishes = [("a", 0.5, 0.8), ("b", 0.75, 0.75), ("c", 0.6, None), ("d", 0.9, 0.5), ("e", 1.0, 1.0)]
    made = [
        dict(zip(columns, row, strict=True))
        | {"unit": "d1", "form": "permanent", "occupation": "aide", "start": "2020-01-01", "end": None,
           "employment": row[0]}
        for row in wishes
    ]  # fmt: skip
    found = table("employments", made)
    for day in ("start", "end"):
        found[day] = pd.to_datetime(found[day])
    rows = employment_rows(found, {"d1": "d1"}, at=pd.Timestamp("2024-12-31"))
    own = run(rows).query("compartment == 'wants_more'")
    assert own[["origin", "part", "persons"]].to_numpy().tolist() == [["2024-12", "stock", 1.0]]
    assert own["fte"].item() == pytest.approx(0.3)
    # where all are content that is said
    content = run(rows.assign(rate_wanted=rows["rate"])).query("compartment == 'wants_more'")
    assert content[["persons", "fte"]].to_numpy().tolist() == [[0.0, 0.0]]
    # without any recorded wish nothing is known of them
    silent = run(rows.assign(rate_wanted=float("nan")))
    assert "wants_more" not in set(silent["compartment"])
