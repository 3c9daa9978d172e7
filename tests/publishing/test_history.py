"""What pages say of the history: since when, what is doubtful, and what a first year waits for."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.sections import all_sections
from tests.publishing.fixture import cells, report, without
from tests.publishing.showing import show


def trust_of(key: str = "d0101", **facts: object) -> str:
    return json.dumps(show("trust", report(key, facts=dict(facts))).bundle())


@pytest.mark.parametrize(
    ("since", "reasons", "said"),
    [
        ("", "", "none"), ("2020-11", "2020-11", "both"), ("2005-01", "2015-01", "reasons"), ("2019-01", "", "exits"),
    ],
)  # fmt: skip
def test_the_box_of_trust_says_since_when_leaving_and_its_causes_are_counted(
    since: str, reasons: str, said: str
) -> None:
    packed = trust_of(history={"observed_from": since, "reasons_from": reasons})
    named = {name for name in ("none", "both", "reasons", "exits") if f'"trust.history.{name}"' in packed}
    assert named == {said}
    assert all(month in packed for month in (since, reasons) if month)


def test_the_box_of_trust_names_what_is_doubtful_by_kind_and_never_how_many() -> None:
    doubts = {"mass_exits": 7, "mass_exits_department": 1, "pay_small": 1, "category_new": 3}
    packed = trust_of(quality={"after": "", "found": 3, "doubts": doubts})
    assert packed.count('"trust.doubt.mass"') == 1
    assert '"trust.doubt.units"' in packed
    assert packed.count("trust.doubt.") == 2
    assert "trust.doubts" not in trust_of(quality={"after": "", "found": 3, "doubts": {"category_new": 3}})
    assert "trust.doubts" not in trust_of()


def test_a_page_names_the_small_departments_that_are_forecast_with_its_own() -> None:
    joined = {"d0101": ["d0103"]}
    assert "Modersm" in trust_of(joined=joined)
    assert "trust.joined" not in trust_of("d0102", joined=joined)


def test_methods_say_why_leaving_is_counted_from_then_and_where_a_table_ends() -> None:
    history = {
        "observed_from": "2020-11", "reasons_from": "2021-01", "covered": {"absences": "2025-06"},
        "rules": {"observation": "rate", "reasons": "stated"},
    }  # fmt: skip
    packed = json.dumps(show("definitions", report(facts={"history": history})).bundle())
    for said in ("history.observation.rate", "history.reasons.stated", "history.covered.absences"):
        assert f'"{said}"' in packed
    no_sick = without(cells(), "sick_leave")
    packed = json.dumps(show("sick_leave", report(frame=no_sick, facts={"history": history})).bundle())
    assert '"absent.sick_leave.ended"' in packed
    assert "2025-06" in packed


def test_a_first_year_says_of_every_forecast_when_it_will_be_there_and_leads_with_the_staff() -> None:
    frame = cells()
    frame = frame[frame["table"].isin(["headcount", "fte", "age", "definitions"])]
    reach = frame[(frame["table"] == "headcount") & (frame["row"] == "total")]
    reach = reach[reach["status"] == "published"].assign(
        table="definitions", row="reach_riktalder_3y", column="now", value=31.0
    )
    frame = pd.concat([frame[frame["row"] != "reach_riktalder_3y"], reach], ignore_index=True)
    history = {"observed_from": "", "reasons_from": "", "awaited": {"turnover": "2026-12", "judged": "2027-12"}}
    first = report(frame=frame, facts={"history": history, "notes": ["note.no_history"]})
    waiting = [section for section in all_sections() if section.awaits is not None]
    assert len(waiting) >= 15
    for section in waiting:
        if section.place_on("department") is None:
            continue
        packed = json.dumps(show(section.id, first).bundle())
        name, part = section.awaits
        assert f'"awaits.{part}"' in packed, section.id
        assert f'"{name}"' in packed
        assert history["awaited"][part] in packed
    verdict = json.dumps(show("verdict", first).bundle())
    assert '"verdict.staff.reach"' in verdict
    assert '"2028-12"' in verdict
    assert '"verdict.awaits"' in verdict
    assert "vacancies" not in verdict
    without_ages = report(frame=frame[frame["table"] != "definitions"], facts={"history": history})
    assert '"verdict.staff"' in json.dumps(show("verdict", without_ages).bundle())
    figures = json.dumps(show("key_figures", first).bundle())
    assert "no_history" in figures
