"""What became of those in post: first exits within three years, and spells with late entry."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce.cohorts import cohorts, durations, permanent_at

YEARS = ("2020-12", "2021-12", "2022-12", "2023-12")


def person_years(fates: dict[str, list[str]]) -> pd.DataFrame:
    """One row per person and origin in post; a fate per window ("-": not in post)."""
    rows = [
        {
            "origin": origin, "open": origin == YEARS[-1], "person": person, "department": "d1", "occupation": "nurse",
            "form": "temporary", "cause": fate, "to_form": "permanent" if person == "moves" else "temporary",
        }
        for person, windows in fates.items()
        for origin, fate in zip(YEARS, windows, strict=True)
        if fate != "-"
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_first_exit_within_three_years_counts():
    found = cohorts(
        person_years(
            {
                "stays": ["", "", "", ""],
                "first": ["resignation", "-", "-", "-"],
                "third": ["", "", "retirement", "-"],
                "returns": ["resignation", "-", "retirement", "-"],
                "handed": ["transfer", "-", "-", "-"],
                "hired": ["-", "resignation", "-", "-"],
            }
        )
    )
    assert found["origin"].tolist() == ["2020-12"]  # later origins have no three closed windows
    row = found.iloc[0]
    assert (row["at_risk"], row["resignation"], row["retirement"], row["unknown"]) == (5, 2, 1, 0)


def test_too_short_a_history_gives_no_cohort():
    short = person_years({"stays": ["", "", "", ""]}).query("origin >= '2021-12'")
    assert cohorts(short).empty


def test_the_share_made_permanent_is_the_one_known_at_each_origin():
    found = permanent_at(person_years({"moves": ["", "", "", ""], "stays": ["", "", "", ""]}))
    assert sorted(found["origin"].unique()) == list(YEARS[1:])
    assert found["share"].to_numpy() == pytest.approx(0.5)


def test_spells_enter_late_and_are_censored_at_the_cut_off():
    day = pd.Timestamp
    rows = pd.DataFrame(
        {
            "spell": [1, 2, 3, 3, -1],
            "department": ["d1", "d1", "d1", "d2", "d1"],
            "form": "permanent",
            "start": [day("2018-12-31"), day("2021-01-01"), day("2021-06-30"), day("2022-01-01"), day("2021-01-01")],
            "spell_start": [
                day("2018-12-31"), day("2021-01-01"), day("2021-06-30"), day("2021-06-30"), day("2021-01-01"),
            ],
            "source_row": range(5),
        }
    )  # fmt: skip
    ends = pd.DataFrame(
        {
            "spell": [1, 2],
            "end": [day("2021-12-31"), day("2022-01-01")],
            "cause": ["retirement", "transfer"],
        }
    )
    found = durations(rows, ends, first="2020-12", last="2022-12").sort_values("entry").reset_index(drop=True)
    assert list(found.columns) == ["department", "form", "entry", "exit", "cause"]
    assert len(found) == 3  # hourly paid have no spell
    late = found.iloc[-1]
    assert (round(late["entry"]), round(late["exit"]), late["cause"]) == (24, 36, "retirement")
    assert set(found.loc[found["entry"] == 0, "cause"]) == {""}  # handed over, and still here
    assert sorted(found.loc[found["entry"] == 0, "exit"].round()) == [12, 18]
    assert set(found["department"]) == {"d1"}
