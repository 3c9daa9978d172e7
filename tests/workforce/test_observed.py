"""From when on leavers and their reasons are recorded: found from exits, or said by the delivery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.workforce.collect import History, all_facts, history
from analysis.workforce.flows import person_years
from analysis.workforce.observed import EXITS, first_recorded
from tests.workforce.example import figure, post, table

PERIOD = "2023-12"


def past(posts: list[dict[str, Any]], exits: list[tuple[str, str, str]] | None = None, **more: Any) -> History:
    tables: dict[str, pd.DataFrame | None] = {"employments": table("employments", posts)}
    if exits is not None:
        tables["exits"] = table("exits", [{"person": p, "date": d, "cause": c} for p, d, c in exits])
    return history(tables, period=PERIOD, level="", **more)


def careers(
    *, people: int, employed: int, leaving_from: int, each_year: int, reasons_from: int = 0
) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """People employed since 1 January ``employed``, ``each_year`` of whom leave yearly from ``leaving_from`` on."""
    posts, exits = [], []
    for number in range(people):
        person, year = f"p{number}", leaving_from + number // each_year
        end = f"{year}-{number % 12 + 1:02d}-15" if year <= 2023 else None
        posts.append(post(person, f"{employed}-01-01", end))
        if end and year >= reasons_from:
            exits.append((person, end, "resignation"))
    return posts, exits


def moved(posts: list[dict[str, Any]], years: range) -> list[dict[str, Any]]:
    """The same people, each with one move to another unit in one of the years."""
    found = []
    for number, each in enumerate(posts):
        year = years[number % len(years)]
        found += [each | {"end": f"{year}-03-31"}, each | {"start": f"{year}-04-01", "unit": "u2"}]
    return found


def test_moves_inside_are_no_sign_that_leavers_are_recorded() -> None:
    posts, exits = careers(people=600, employed=2005, leaving_from=2020, each_year=60)
    found = past(moved(posts, range(2010, 2020)), exits)
    assert found.observation.month == "2020-01"
    assert found.observed == ["2019-12", "2020-12", "2021-12", "2022-12", "2023-12"]


@pytest.mark.parametrize(
    ("years", "people"), [((2003, 2004), 100), ((1999,), 40), ((2005, 2006, 2007, 2008, 2009), 200)]
)
def test_old_employments_of_who_came_back_are_none_either(years: tuple[int, ...], people: int) -> None:
    posts, exits = careers(people=people, employed=1995, leaving_from=2018, each_year=people // 10)
    back = [post(f"p{people - 1 - place}", "1990-01-01", f"{year}-05-31") for place, year in enumerate(years)]
    for place in range(len(years)):  # they were hired again later
        posts[people - 1 - place]["start"] = "2012-01-01"
    found = past(posts + back, exits)
    assert found.observation.month == past(posts, exits).observation.month
    assert found.observation.rule == "first"


@pytest.mark.parametrize("strays", [1, 2, 5])
def test_a_handful_who_left_long_before_do_not_begin_the_history(strays: int) -> None:
    posts, exits = careers(people=900, employed=2000, leaving_from=2015, each_year=40)
    found = past(posts + [post(f"x{n}", "1998-01-01", f"{2003 + n}-06-30") for n in range(strays)], exits)
    assert found.observation.month == "2015-01"
    assert (found.observation.rule, found.observation.before) == ("rate", strays)
    assert any(f"before that {strays} persons left" in notice for notice in found.notices)


@pytest.mark.parametrize("people", [12, 25, 60])
def test_a_small_employer_keeps_windows_in_which_nobody_happened_to_leave(people: int) -> None:
    """One leaves every eighth month: the first year of the history has none yet."""
    posts = [post(f"p{n}", "2010-01-01") for n in range(people)]
    days = pd.date_range("2015-03-31", "2023-12-31", freq="8ME")
    posts += [post(f"x{n}", "2010-01-01", f"{day:%Y-%m-%d}") for n, day in enumerate(days)]
    found = past(posts)
    assert found.observation.rule == "first"
    assert found.observed[0] in ("2013-12", "2014-12")


def test_the_delivery_may_say_from_when_on() -> None:
    posts, exits = careers(people=400, employed=2000, leaving_from=2015, each_year=40)
    found = past(posts, exits, observed_from="2018-01")
    assert found.observed[0] == "2017-12"
    assert found.observation.record()["rule"] == "stated"
    assert past(posts, exits, observed_from="2018-02").observed[0] == "2018-12"
    assert past(posts, exits, observed_from="2010-01").observed[0] == "2009-12"  # as far as it says, and no farther


def test_where_nobody_left_there_is_a_stock_without_a_history() -> None:
    found = past([post(f"p{n}", "2010-01-01") for n in range(30)])
    assert (found.observed, found.has_causes, found.observation.rule) == (["2023-12"], False, "none")
    stated = past([post(f"p{n}", "2010-01-01") for n in range(30)], observed_from="2020-01")
    assert stated.observed == ["2019-12", "2020-12", "2021-12", "2022-12", "2023-12"]


@pytest.mark.parametrize("size", [30, 200, 1500, 6800])
def test_seasons_and_years_of_a_whole_record_are_not_taken_for_a_beginning(size: int) -> None:
    season = np.array([0.3, 0.5, 0.7, 0.8, 1.0, 2.2, 1.6, 1.8, 1.0, 0.7, 0.6, 0.8])
    moved_on = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        level = np.repeat(np.exp(rng.normal(0.0, 0.2, 10)), 12)
        events = rng.poisson(size * 0.01 * level * np.tile(season, 10)).astype(float)
        begin = first_recorded(events, np.full(120, float(size)), EXITS)
        moved_on += begin > np.flatnonzero(events)[0]
    assert moved_on <= 2


@pytest.mark.parametrize("size", [60, 200, 1500, 6800])
@pytest.mark.parametrize("share", [0.0, 0.02])
def test_years_with_next_to_no_records_are_found_whatever_the_size(size: int, share: float) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rate = np.repeat([0.01 * share, 0.01], 72)
        events = rng.poisson(size * rate).astype(float)
        events[3] = max(events[3], 1.0)
        begin = first_recorded(events, np.full(144, float(size)), EXITS)
        assert 60 <= begin <= 90, (seed, begin)


def test_a_wave_of_leaving_at_the_end_does_not_cut_the_history() -> None:
    events = np.concatenate([np.full(108, 2.0), np.full(6, 40.0)])
    assert first_recorded(events, np.full(114, 300.0), EXITS) == 0


def reasons(since: int, **more: Any) -> History:
    posts, exits = careers(people=500, employed=2000, leaving_from=2010, each_year=30, reasons_from=since)
    return past(posts, exits, **more)


def test_before_reasons_were_recorded_they_are_missing_and_no_cause() -> None:
    found = reasons(2017)
    # two who left in the month before without a reason are no surprise
    assert (found.reasons.month, found.reasons.first_event) == ("2016-12", "2017-01")
    assert found.observed[0] == "2009-12"
    assert found.origins == ["2016-12", "2017-12", "2018-12", "2019-12", "2020-12", "2021-12", "2022-12", "2023-12"]
    years = person_years(found.rows, found.ends, origins=found.origins)
    assert set(years["cause"]) == {"", "resignation"}
    facts = all_facts(found, {"exits": pd.DataFrame()}, period=PERIOD, hours_per_month=165.0)
    series = facts[facts["table"] == "turnover_series"]
    assert set(series.loc[series["column"] == "own_request", "row"]) == {f"{year}-12" for year in range(2017, 2024)}
    assert set(series.loc[series["column"] == "all_causes", "row"]) == {f"{year}-12" for year in range(2010, 2024)}
    before = figure(facts, "turnover_series", "all", "2012-12", column="all_causes")
    assert before["numerator"] == 30


def test_a_few_reasons_from_the_time_before_do_not_begin_the_record() -> None:
    posts, exits = careers(people=500, employed=2000, leaving_from=2010, each_year=30, reasons_from=2017)
    early = [("p3", "2010-04-15", "retirement"), ("p70", "2012-11-15", "other")]
    found = past(posts, [*early, *exits])
    assert (found.reasons.first_event, found.reasons.before, found.reasons.rule) == ("2017-01", 2, "rate")


def test_the_delivery_may_say_from_when_on_there_are_reasons() -> None:
    assert reasons(2017, reasons_from="2019-01").origins[0] == "2018-12"
    assert reasons(2017, reasons_from="2019-03").origins[0] == "2019-12"


def test_reasons_of_less_than_a_year_are_none_yet() -> None:
    posts, exits = careers(people=500, employed=2000, leaving_from=2010, each_year=30)
    found = past(posts, [each for each in exits if each[1] > "2023-06"])
    assert not found.has_causes
    assert found.origins == found.observed
    assert set(found.ends["cause"]) == {"unknown"}
    assert any("not for a whole year" in notice for notice in found.notices)


def test_reasons_from_the_beginning_need_no_word() -> None:
    found = reasons(2010)
    assert found.origins == found.observed
    assert not any("Reasons" in notice for notice in found.notices)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_record_or_two_that_are_missing_at_the_beginning_cost_no_window(lost: int) -> None:
    posts, exits = careers(people=300, employed=2000, leaving_from=2022, each_year=36)
    first = sorted(exits, key=lambda each: each[1])[:lost]
    found = past(posts, [each for each in exits if each not in first])
    assert found.has_causes
    assert found.origins == found.observed == ["2021-12", "2022-12", "2023-12"]
