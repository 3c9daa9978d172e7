"""Lists of who is in post with exit records beside them: the lists say that somebody left, the record when and why."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.workforce.collect import History, history
from analysis.workforce.spells import stock
from tests.workforce.example import post, table

STAYS = ["s1", "s2"]


def lists(days: dict[str, list[Any]]) -> pd.DataFrame:
    """Lists by day; an entry is a person's key or (key, changes)."""
    rows = []
    for day, people in days.items():
        for entry in people:
            person, more = entry if isinstance(entry, tuple) else (entry, {})
            base = {"person": person, "unit": "u1", "snapshot": day, "occupation": "driver", "hired": "2010-03-01"}
            rows.append(base | {"form": "permanent", "rate": 1.0, "birth": "1980-01-01", "sex": "F"} | more)
    return table("snapshots", rows)


def past(days: dict[str, list[Any]], exits: list[tuple[str, str, str]], period: str) -> History:
    records = table("exits", [{"person": p, "date": d, "cause": c} for p, d, c in exits])
    return history({"snapshots": lists(days), "exits": records}, period=period, level="")


def ended(found: History) -> list[tuple[str, str, str]]:
    ends = found.ends.sort_values(["person", "end"])
    return [(line.person, f"{line.end:%Y-%m-%d}", line.cause) for line in ends.itertuples()]


def unmatched(found: History) -> tuple[int, int]:
    """Exit records without an end, and ends without a record."""
    line = found.unmatched.set_index("join").loc["exits → employments"]
    return int(line["left_unmatched"]), int(line["right_unmatched"])


YEARLY = {
    "2023-12-31": ["a", "b", "c", *STAYS],
    "2024-12-31": ["b", "c", *STAYS],
    "2025-12-31": [*STAYS],
}


@pytest.mark.parametrize(
    ("exit_day", "end"),
    [
        ("2024-01-01", "2024-01-01"),
        ("2024-02-29", "2024-02-29"),
        ("2024-12-30", "2024-12-30"),
        ("2024-12-31", "2024-12-31"),
        # the list of the day still holds the person: the nearest day that does not contradict it
        ("2023-12-31", "2024-01-01"),
        ("2023-12-27", "2024-01-01"),
        # taken off the list before the last day of employment
        ("2025-01-20", "2024-12-31"),
    ],
)
def test_a_record_between_two_lists_is_the_end_and_its_cause(exit_day: str, end: str) -> None:
    found = past(YEARLY, [("a", exit_day, "retirement")], "2025-12")
    assert ended(found)[0] == ("a", end, "retirement")
    assert unmatched(found) == (0, 2)
    # whatever the record says, who is in post on the day of a list is who the list holds
    for day, people in YEARLY.items():
        if day > min(YEARLY):
            assert sorted(stock(found.rows, pd.Timestamp(day))["person"]) == sorted(people)


@pytest.mark.parametrize("exit_day", ["2023-10-01", "2025-03-01"])
def test_a_record_far_from_the_time_between_the_lists_is_another_story_and_is_told(exit_day: str) -> None:
    found = past(YEARLY, [("a", exit_day, "retirement")], "2025-12")
    assert ended(found)[0] == ("a", "2024-07-01", "unknown")
    assert unmatched(found) == (1, 3)
    assert any("1 exit record" in notice for notice in found.notices)


def test_of_several_records_the_last_holds_and_each_belongs_to_one_end() -> None:
    records = [("a", "2024-03-31", "contract_end"), ("a", "2024-09-30", "resignation"), ("b", "2025-05-31", "other")]
    found = past(YEARLY, records, "2025-12")
    assert ended(found)[:2] == [("a", "2024-09-30", "resignation"), ("b", "2025-05-31", "other")]


def test_who_comes_back_has_each_leaving_with_its_own_cause() -> None:
    days = {"2021-12-31": ["a", *STAYS], "2022-12-31": STAYS, "2023-12-31": ["a", *STAYS], "2024-12-31": STAYS}
    records = [("a", "2022-04-30", "resignation"), ("a", "2024-06-30", "retirement")]
    found = past(days, records, "2024-12")
    assert ended(found) == [("a", "2022-04-30", "resignation"), ("a", "2024-06-30", "retirement")]
    assert unmatched(found) == (0, 0)


def test_one_of_two_employments_that_ended_is_no_leaving_and_the_record_is_told() -> None:
    # two rows on the same list, one of which goes on
    days = {"2023-12-31": [("a", {"pay": 10.0}), ("a", {"pay": 30.0, "unit": "u2"})], "2024-12-31": ["a"]}
    found = past({day: [*people, *STAYS] for day, people in days.items()}, [("a", "2024-05-31", "other")], "2024-12")
    assert ended(found) == []
    assert unmatched(found) == (1, 0)


def test_lists_that_do_not_lie_on_the_same_day_each_year() -> None:
    days = {"2022-11-01": ["a", "b", *STAYS], "2023-12-31": ["b", *STAYS], "2024-06-30": STAYS}
    records = [("a", "2023-12-15", "resignation"), ("b", "2024-01-31", "retirement")]
    assert ended(past(days, records, "2024-06")) == [
        ("a", "2023-12-15", "resignation"),
        ("b", "2024-01-31", "retirement"),
    ]


def test_monthly_lists_with_a_last_pay_after_the_last_day() -> None:
    months = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-11-30", "2025-12-31", freq="ME")]
    days = {day: [*(["a"] if day <= "2025-06-30" else []), *STAYS] for day in months}
    # left on 25 May, paid in June: on the list of June
    assert ended(past(days, [("a", "2025-05-25", "resignation")], "2025-12")) == [("a", "2025-07-01", "resignation")]


def test_who_goes_over_to_hourly_pay_has_left_monthly_employment_on_the_day_of_the_record() -> None:
    days = {"2024-12-31": ["a", *STAYS], "2025-12-31": [("a", {"form": "hourly"}), *STAYS]}
    found = past(days, [("a", "2025-08-31", "retirement")], "2025-12")
    assert ended(found) == [("a", "2025-08-31", "retirement")]
    hourly = found.rows[found.rows["form"] == "hourly"]
    assert hourly["start"].tolist() == [pd.Timestamp("2025-09-01")]


def test_a_record_after_the_newest_list_ends_the_employment_and_one_before_it_does_not() -> None:
    days = {"2024-12-15": ["a", "b", "c", *STAYS], "2025-12-15": ["a", "b", "c", *STAYS]}
    records = [("a", "2025-12-20", "retirement"), ("b", "2026-02-28", "retirement"), ("c", "2025-12-10", "other")]
    found = past(days, records, "2025-12")
    assert ended(found) == [("a", "2025-12-20", "retirement")]
    assert sorted(stock(found.rows, pd.Timestamp("2025-12-31"))["person"]) == ["b", "c", *STAYS]


def gone_on(*days: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Persons who retired on ``days``, one each, and their records."""
    gone = [f"g{place}" for place in range(len(days))]
    return gone, [(person, day, "retirement") for person, day in zip(gone, days, strict=True)]


@pytest.mark.parametrize("day", ["01-01", "12-31"])
def test_records_on_the_first_or_last_day_of_several_years_hold_only_the_year(day: str) -> None:
    gone, records = gone_on(*[f"2024-{day}"] * 3, *[f"2025-{day}"] * 3)
    days = {"2023-12-31": [*gone, *STAYS], "2024-12-31": [*gone[3:], *STAYS], "2025-12-31": STAYS}
    assert [end for _, end, _ in ended(past(days, records, "2025-12"))] == ["2024-07-01"] * 3 + ["2025-07-02"] * 3


@pytest.mark.parametrize(("day", "number"), [("10-31", 6), ("10-31", 5), ("01-01", 6), ("12-31", 6)])
def test_a_closure_or_a_file_of_one_month_is_no_year_read_as_a_date(day: str, number: int) -> None:
    gone, records = gone_on(*[f"2024-{day}"] * number)
    days = {"2023-12-31": [*gone, *STAYS], "2024-12-31": STAYS}
    found = ended(past(days, records, "2024-12"))
    assert found == [(person, f"2024-{day}", "retirement") for person in gone]


def test_one_day_of_several_years_in_the_middle_of_the_year_is_the_day() -> None:
    gone, records = gone_on(*["2024-07-01"] * 3, *["2025-07-01"] * 3)
    days = {"2023-12-31": [*gone, *STAYS], "2024-12-31": [*gone[3:], *STAYS], "2025-12-31": STAYS}
    ends = ended(past(days, records, "2025-12"))
    assert [end for _, end, _ in ends] == ["2024-07-01"] * 3 + ["2025-07-01"] * 3


def test_records_of_one_day_do_not_explain_employments_that_ended_long_before() -> None:
    posts = [post(f"g{place}", "2015-01-01", "2024-02-15") for place in range(6)]
    posts += [post(f"s{place}", "2015-01-01") for place in range(20)]
    records = [
        {"person": f"g{place}", "date": "2024-10-31", "cause": "retirement", "source": "e"} for place in range(6)
    ]
    tables = {"employments": table("employments", posts), "exits": table("exits", records)}
    assert history(tables, period="2025-12", level="").exit_counts["records_unmatched"] == 6


def test_a_changed_name_keeps_its_exit_record() -> None:
    anna = {"given_key": "g-anna"}
    days = {
        "2023-12-31": [("old", anna), *STAYS],
        "2024-12-31": [("new", anna), *STAYS],
        "2025-12-31": STAYS,
    }
    assert ended(past(days, [("new", "2025-04-30", "resignation")], "2025-12")) == [
        ("old", "2025-04-30", "resignation")
    ]


@pytest.mark.parametrize("seed", range(12))
def test_lists_with_records_say_what_dated_employments_would(seed: int) -> None:
    """Careers written once as lists and exit records: every leaving is found on its day, with its cause."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(pd.date_range("2016-01-31", "2025-11-30", freq="ME"), int(rng.integers(3, 40)), False))
    days = [pd.Timestamp(day) for day in [*days, "2025-12-31"]]
    causes, records, held = ("resignation", "retirement", "employer"), [], {day: [*STAYS] for day in days}
    truth = []
    for number in range(60):
        person, begin = f"p{number}", int(rng.integers(0, len(days)))
        last = int(rng.integers(begin, len(days)))
        for day in days[begin : last + 1]:
            held[day].append(person)
        if last + 1 < len(days):
            between = (days[last + 1] - days[last]).days
            end = days[last] + pd.Timedelta(days=int(rng.integers(1, between + 1)))
            cause = str(rng.choice(causes))
            records.append((person, f"{end:%Y-%m-%d}", cause))
            truth.append(records[-1])
    found = past({f"{day:%Y-%m-%d}": people for day, people in held.items()}, records, "2025-12")
    assert ended(found) == sorted(truth)
    assert unmatched(found) == (0, 0)
    for now, then in pairwise(days):
        gone = {person for person, end, _ in truth if f"{now:%Y-%m-%d}" < end <= f"{then:%Y-%m-%d}"}
        assert gone == set(held[now]) - set(held[then])
