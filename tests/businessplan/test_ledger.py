"""The effect ledger from rows about employments to verdicts: planted effects, comparison groups, the register."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.businessplan.ledger import estimates, judged, registered
from analysis.businessplan.ledger.estimates import COLUMNS
from analysis.businessplan.ledger.judging import grade, kept, more, told, verdict
from analysis.businessplan.ledger.windows import Past
from analysis.contracts import check_table
from analysis.reference.ledger import followed
from tests.businessplan.ledgers import measure, past, town

LEAST = {"medium": 3, "health": 11, "open": 0}


@pytest.fixture(scope="module")
def relieved() -> Past:
    return past(*town(effect=0.09, seed=5))


def judge(measures: list[Any], given: Past, former: Any = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    found = estimates(measures, given, least=20)
    check_table("tables", "effect_estimates", found)
    entries, _ = kept(measures, former, period="2025-12", former_period="2024-12")
    said = judged(measures, found, entries, least=LEAST, smallest_group=20)
    check_table("results", "effects", said)
    return found.set_index("measure"), said.set_index("measure")


def test_a_planted_effect_is_found_beside_the_other_departments(relieved: Past) -> None:
    found, said = judge([measure()], relieved)
    assert said.loc["A1", "verdict"] == "effect"
    assert said.loc["A1", "grade"] == "A"
    assert found.loc["A1", "value"] == pytest.approx(-0.09, abs=0.03)
    assert found.loc["A1", "groups"] == 9
    assert (found.loc["A1", "seen"], found.loc["A1", "persons"]) == (3, said.loc["A1", "n"])


def test_a_department_without_a_measure_has_none(relieved: Past) -> None:
    _, said = judge([measure(departments=("d03",), smallest=0.06)], relieved)
    assert said.loc["A1", "verdict"] == "against"


def test_a_department_with_a_measure_of_its_own_is_no_comparison(relieved: Past) -> None:
    other = measure(id="A2", departments=("d01", "d02"))
    found, _ = judge([measure(), other], relieved)
    assert found.loc["A1", "groups"] == 7
    assert found.loc["A2", "groups"] == 7
    # one that is followed by another indicator is
    elsewhere = measure(id="A2", departments=("d01", "d02"), indicator=followed()["leaving_all"])
    assert judge([measure(), elsewhere], relieved)[0].loc["A1", "groups"] == 9


def test_an_occupation_is_compared_within_its_own_and_everywhere_with_others(relieved: Past) -> None:
    within = measure(occupations=("nurse",))
    found, _ = judge(
        [within, measure(id="A2", departments=(), occupations=("nurse",), indicator=followed()["leaving_all"])],
        relieved,
    )
    assert found.loc["A1", "groups"] == 9
    # two occupations leave one to compare with, which is too few: before and after
    assert found.loc["A2", "design"] == "past"


def test_everyone_is_compared_with_the_past_alone_and_never_said_to_have_had_an_effect(relieved: Past) -> None:
    found, said = judge([measure(departments=(), smallest=0.005)], relieved)
    assert (found.loc["A1", "design"], said.loc["A1", "grade"]) == ("past", "C")
    assert said.loc["A1", "verdict"] in ("open", "consistent", "against")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"start": "2025-06", "until": "2027-05"}, "early"),
        ({"indicator": followed()["sick_leave"]}, "not_counted"),
        ({"departments": (), "placed": False}, "unplaced"),
        ({"departments": ("d99",)}, "small"),
        ({"departments": (), "start": "2020-01", "until": "2022-12"}, "history"),
    ],
)
def test_what_cannot_be_estimated_says_why_and_gives_no_figure(
    relieved: Past, changes: dict[str, Any], why: str
) -> None:
    found, said = judge([measure(**changes)], relieved)
    assert found.loc["A1", "why"] == said.loc["A1", "why"] == why
    assert said.loc["A1", "verdict"] == "open"
    assert said.loc["A1", ["value", "low", "high", "n"]].isna().all()


def test_figures_of_too_few_leavers_give_neither_a_difference_nor_a_verdict(relieved: Past) -> None:
    found, _ = judge([measure()], relieved)
    least = int(found.loc["A1", "least"])
    entries, _ = kept([measure()], None, period="2025-12", former_period="")
    said = judged([measure()], found.reset_index()[COLUMNS], entries, least={"medium": least + 1}, smallest_group=20)
    assert said.loc[0, ["verdict", "why"]].tolist() == ["open", "few"]
    assert np.isnan(said.loc[0, "value"])
    enough = judged([measure()], found.reset_index()[COLUMNS], entries, least={"medium": least}, smallest_group=20)
    assert enough.loc[0, "why"] == ""


def test_a_follow_up_that_is_over_is_not_looked_at_again(relieved: Past) -> None:
    closed = measure(start="2021-01", until="2022-12")
    found, _ = judge([closed], relieved)
    assert found.loc["A1", "seen"] == closed.planned == 2


@pytest.mark.parametrize(
    ("value", "half", "graded", "said"),
    [
        (-0.05, 0.02, "A", "effect"),
        (-0.05, 0.02, "B", "consistent"),
        (-0.05, 0.06, "A", "open"),
        (0.00, 0.03, "A", "against"),
        (0.05, 0.03, "A", "against"),
        (-0.03, 0.005, "A", "against"),  # there is one, and it is smaller than what was counted on
    ],
)
def test_the_verdict_follows_the_interval(value: float, half: float, graded: str, said: str) -> None:
    assert verdict(measure(smallest=0.04), value, half, graded) == said
    assert verdict(measure(smallest=0.04, lower=False), -value, half, graded) == said


@pytest.mark.parametrize("broken", ["late", "changed", "unseen"])
def test_what_was_not_registered_beforehand_is_graded_down(broken: str) -> None:
    entry = {"late": False, "changed": [], "unseen": False}
    told_off = entry | {broken: ["smallest"] if broken == "changed" else True}
    groups, alone = {"design": "groups", "few_groups": False}, {"design": "past", "few_groups": False}
    assert [grade(groups, entry), grade(groups, told_off)] == ["A", "B"]
    assert [grade(alone, entry), grade(alone, told_off)] == ["C", "D"]
    assert grade(groups | {"few_groups": True}, entry) == "B"


def test_months_are_told_where_they_suffice_persons_where_only_they_do_and_nothing_where_neither_does() -> None:
    one = measure(smallest=0.04)
    needed = (0.04 / (1.6449 + 0.8416)) ** 2
    base = {"fixed": 0.0, "chance": 0.0, "seen": 1.0, "persons": 100.0, "design": "groups"}
    assert more(one, base | {"yearly": needed * 4})[0] == 12 * 3
    assert more(one, base | {"yearly": needed * 0.5})[0] == 12
    months, persons = more(one, base | {"fixed": needed * 1.5, "yearly": needed, "chance": needed})
    assert np.isnan(months)
    # fixed / 2 + yearly / 2 / 3 years = 0.75 + 0.17 of what is needed: twice as large a group
    assert persons == 100
    assert np.isnan(more(one, base | {"fixed": needed * 200, "yearly": needed})).all()
    alone = base | {"fixed": needed * 1.5, "yearly": needed, "chance": needed, "design": "past"}
    assert np.isnan(more(one, alone)).all()


def test_the_register_says_what_was_changed_backdated_and_taken_away() -> None:
    first, _ = kept([measure(), measure(id="A2")], None, period="2024-12", former_period="")
    assert not any(entry["late"] or entry["changed"] or entry["unseen"] for entry in first)
    now = [measure(smallest=0.01), measure(id="A3", start="2024-01", registered="2023-12-01")]
    entries, gone = kept(now, first, period="2025-12", former_period="2024-12")
    by_id = {entry["id"]: entry for entry in entries}
    assert by_id["A1"]["changed"] == ["smallest"]
    assert by_id["A1"]["first"]["smallest"] == 0.04
    # dated before it began, and yet the edition after its beginning did not have it
    assert by_id["A3"]["unseen"]
    assert [(entry["id"], entry["gone"]) for entry in gone] == [("A2", "2025-12")]
    # once changed, always changed; once gone, on record for good, since when it went
    again, still = kept(now, [*entries, *gone], period="2026-12", former_period="2025-12")
    assert again[0]["changed"] == ["smallest"]
    assert [(entry["id"], entry["gone"]) for entry in still] == [("A2", "2025-12")]


def test_an_edition_that_kept_no_ledger_says_nothing_about_when_a_measure_came() -> None:
    entries, _ = kept([measure()], None, period="2025-12", former_period="2024-12")
    assert not entries[0]["unseen"]


def test_a_measure_registered_after_its_first_day_is_late() -> None:
    assert not measure(registered="2023-01-01").late
    assert measure(registered="2023-01-02").late


def test_the_ledger_is_read_from_its_table() -> None:
    row = {
        "measure": "A1", "name": "Åtgärd", "department": "f01|d03", "occupations": None,
        "start": pd.Timestamp("2024-01-01"), "until": pd.NaT, "indicator": "sick_leave", "direction": "higher",
        "smallest": 0.02, "owner": "Karin", "registered": pd.Timestamp("2023-12-01"), "belongs": "s2018_pay|retention",
    }  # fmt: skip
    read = registered(
        pd.DataFrame([row, row | {"measure": "A2", "department": "okänd", "owner": "HR"}]),
        departments=["d01", "d02", "d03"], below={"f01": ["d01", "d02"]}, functions=["HR"],
    )  # fmt: skip
    assert read[0].departments == ("d01", "d02", "d03")
    assert (read[0].until, read[0].planned) == ("2026-12", 3)
    assert (read[0].owner, read[1].owner) == ("annan funktion", "HR")
    assert read[0].belongs == ("s2018_pay", "retention")
    assert (read[0].placed, read[1].placed) == (True, False)
    assert not read[0].lower


def test_the_register_holds_words_and_no_figure_of_the_difference(relieved: Past) -> None:
    measures = [measure()]
    entries, _ = kept(measures, None, period="2025-12", former_period="")
    found = estimates(measures, relieved, least=20)
    said = judged(measures, found, entries, least=LEAST, smallest_group=20)
    record = told(entries, said)[0]
    assert record["verdict"] == "effect"
    assert not {"value", "low", "high", "n", "least", "error"} & set(record)


def test_days_to_fill_are_days_out_in_the_year_over_adverts_filled_in_it() -> None:
    adverts = pd.DataFrame(
        {
            "department": "d00",
            "occupation": "nurse",
            "opened": pd.to_datetime(["2022-12-01", "2023-03-01", "2023-06-01", "2023-12-22"]),
            "closed": pd.to_datetime(["2023-01-10", "2023-03-31", "2023-06-11", None]),
            "end_reason": ["filled", "filled", "withdrawn", None],
            "posts": 1.0,
        }
    )
    rows, ends = town(departments=1, staff=2)
    given = past(rows, ends, vacancies=adverts)
    year = given.year(followed()["time_to_fill"], "2023-01").iloc[0]
    # ten days of the first, thirty, ten of the withdrawn, nine of the open one; two were filled
    assert (year["numerator"], year["denominator"], year["persons"]) == (10 + 30 + 10 + 9, 2, 4)


def test_open_posts_are_a_mean_of_months_of_these_and_those_at_work() -> None:
    advert = {"department": "d00", "occupation": "nurse", "end_reason": "filled", "posts": 2.0}
    adverts = pd.DataFrame([advert | {"opened": pd.Timestamp("2023-01-15"), "closed": pd.Timestamp("2023-04-10")}])
    rows, ends = town(departments=1, staff=40, level=0.0)
    rows = rows.assign(
        on_leave=False, full_time=True, since=rows["start"], birth=pd.NaT, sex=None, pay=np.nan, title="", workplace=""
    )
    year = past(rows, ends, vacancies=adverts).year(followed()["vacancies_open"], "2023-01")
    nurses = year.set_index("occupation").loc["nurse"]
    assert nurses["numerator"] == pytest.approx(2.0 * 3 / 12)
    assert nurses["denominator"] == pytest.approx(20 + 0.5)


def test_sick_hours_are_summed_and_their_chance_is_that_of_persons() -> None:
    rows, ends = town(departments=2, staff=2, level=0.0)
    absences = pd.DataFrame(
        [
            {"person": person, "unit": "u00", "month": pd.Timestamp(f"2023-{month:02d}-01"), "ordinary_hours": 100.0,
             "sick_hours": sick}
            for person, sick in (("p0", 0.0), ("p1", 20.0))
            for month in range(1, 13)
        ]
    )  # fmt: skip
    given = past(rows, ends, absences=absences)
    year = given.year(followed()["sick_leave"], "2023-01")
    assert year["numerator"].sum() == 240.0
    assert year["denominator"].sum() == 2400.0
    assert year["persons"].tolist() == [1, 1]
    from analysis.businessplan.ledger.windows import chance

    both = year[["numerator", "denominator", "nn", "nd", "dd"]].sum().to_frame().T
    # ratio 0.1: residuals of 120 and 120 hours, over 2400
    assert chance(followed()["sick_leave"], both, both).iloc[0] == pytest.approx(2 * 120**2 / 2400**2)
