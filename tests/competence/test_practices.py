"""Practices counted by hand: programmes, studies, assignments, mentors, careers, managers, the plan's chain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.businessplan import chain_facts
from analysis.competence import assignments, careers, introduction, managers, programmes, roles, studies
from analysis.competence.counting import Figures, Workforce
from analysis.reference import practices as reference
from analysis.tables.clean import TABLES

AT = pd.Timestamp("2025-12-31")
CARE = ["care_assistant", "assistant_nurse"]


def days(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.assign(**{name: pd.to_datetime(table[name]) for name in columns if name in table})


def people(*rows: tuple[str, str, str], hired: str = "2015-01-01") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["person", "department", "occupation"])
    table = table.assign(unit=table["department"] + "u", form="permanent", rate=1.0, fte=1.0)
    table["spell_start"] = pd.Timestamp(hired)
    return table.assign(tenure_years=int((AT - pd.Timestamp(hired)).days // 365.25))


def held(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows)).reindex(columns=list(TABLES[name]))
    return days(table, *(column for column, spec in TABLES[name].items() if spec.kind == "date"))


def workforce(now: pd.DataFrame, earlier: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Workforce:
    given = {name: tables.get(name, held(name)) for name in ("training", "assignments", "mentoring")}
    return Workforce(
        people=now, earlier=now if earlier is None else earlier, at=AT,
        licences={"teacher_lower": "teacher_licence"}, qualifications=tables.get("qualifications"),
        rules=reference.counting(), **given,
    )  # fmt: skip


def value(figures: Figures, table: str, row: str, column: str, department: str = "all") -> float:
    found = [
        each for each in figures
        if (each["table"], each["row"], each["column"], each["department"]) == (table, row, column, department)
    ]  # fmt: skip
    assert len(found) == 1, (table, row, column, department)
    return float(found[0]["value"])  # type: ignore[arg-type]


def test_a_programme_counts_those_in_post_who_completed_it_and_a_targeted_one_by_its_month() -> None:
    staff = people(("a", "d1", "support_worker"), ("b", "d1", "support_worker"), ("c", "d2", "support_worker"))
    records = held(
        "training",
        {"person": "a", "course": "pedagogiskt_arbetssatt", "status": "completed", "end": "2024-01-01"},
        {"person": "x", "course": "pedagogiskt_arbetssatt", "status": "completed", "end": "2024-01-01"},
        {"person": "c", "course": "pedagogiskt_arbetssatt", "status": "completed", "end": "2026-01-01"},
    )
    made = programmes.programme_facts(workforce(staff, training=records), reference.programmes())
    assert value(made, "programmes", "pedagogiskt_arbetssatt", "completed") == pytest.approx(1 / 3)
    assert value(made, "programmes", "pedagogiskt_arbetssatt", "completed", "d1") == 0.5
    assert {each["row"] for each in made} == {"pedagogiskt_arbetssatt"}  # the others have no record
    late = {"course": "elevassistenter", "status": "completed"}
    assistants = people(("a", "d1", "student_assistant"), ("b", "d1", "student_assistant"))
    records = held(
        "training", {"person": "a", "end": "2025-11-30", **late}, {"person": "b", "end": "2025-12-01", **late}
    )
    made = programmes.programme_facts(workforce(assistants, training=records), reference.programmes())
    assert value(made, "programmes", "elevassistenter", "completed") == 0.5


def test_managers_are_counted_in_the_whole_organisation_only() -> None:
    staff = people(("a", "d1", "school_leader"), ("b", "d2", "care_leader"))
    records = held("training", {"person": "a", "course": "ugl", "status": "completed", "end": "2024-01-01"})
    made = programmes.programme_facts(workforce(staff, training=records), reference.programmes())
    assert {each["department"] for each in made} == {"all"}


def test_who_began_is_in_study_has_completed_or_has_dropped_out() -> None:
    staff = people(*((name, "d1", "teacher_lower") for name in "abcd"))
    study = {"course": "lararlyftet"}
    records = held(
        "training",
        {"person": "a", "start": "2023-08-20", "end": "2025-02-01", "status": "completed", **study},
        {"person": "b", "start": "2025-08-20", "end": "2027-02-01", "status": "enrolled", "work_share": 0.6, **study},
        {"person": "c", "start": "2024-08-20", "end": "2025-01-15", "status": "dropped", **study},
        {"person": "d", "start": "2024-08-20", "end": "2026-01-15", "status": "completed", **study},  # not known yet
        {"person": "x", "start": "2021-08-20", "end": "2022-12-15", "status": "completed", **study},  # has left
    )
    in_post = {2022: {"x"}, 2023: {"x"}, 2024: set("abcd"), 2025: set("abcd")}
    made = studies.study_facts(workforce(staff, training=records), reference.programmes(), in_post)
    counts = [value(made, "studies", row, "lararlyftet") for row in ("started", "in_study", "completed", "dropped")]
    assert counts == [5, 2, 2, 1]
    assert value(made, "studies_year", "completed", "lararlyftet") == 1
    assert value(made, "study_stayed", "lararlyftet", "years_1") == 1.0
    assert value(made, "study_stayed", "lararlyftet", "years_3") == 0.0
    assert value(made, "study_time", "lararlyftet", "fte") == pytest.approx(0.4 + 0.2)  # b's own share, d's by rule


def test_the_licensed_share_that_studies_give_lies_between_nobody_and_everybody_completing() -> None:
    staff = people(*((name, "d1", "teacher_lower") for name in "abcdefghij"))
    licences = held("qualifications", *({"person": name, "kind": "teacher_licence"} for name in "abcde"))
    study = {"course": "val", "start": "2024-08-20", "end": "2026-06-10", "status": "enrolled"}
    mine = workforce(
        staff, training=held("training", {"person": "f", **study}, {"person": "a", **study}), qualifications=licences
    )
    studying, done, facts = studies.unlicensed_studies(mine, reference.programmes(), 5)
    assert studying["person"].tolist() == ["f"]  # a has the licence already
    assert done == pytest.approx(0.8)  # nobody is decided: the prior
    assert value(facts, "unlicensed_end", "total", "2026") == 1
    path = studies.licensed_facts(mine, studying, done, 2030)[0]
    assert (path["low"], path["high"]) == (0.5, 0.6)
    assert path["value"] == pytest.approx(0.58)
    assert path["numerator"] == 1  # so few stay inside


def test_holders_leave_less_or_more_than_the_others_of_their_occupation() -> None:
    before = people(*((name, "d1", "preschool_teacher") for name in "abcde"))
    now = before[before["person"].isin(list("acd"))]
    rows = held(
        "assignments",
        {"person": "a", "kind": "forste_forskollarare", "start": "2020-01-01", "supplement": 3000.0},
        {"person": "b", "kind": "forste_forskollarare", "start": "2020-01-01", "supplement": 3500.0},
        {"person": "c", "kind": "forste_forskollarare", "start": "2014-01-01", "supplement": 4000.0},
        {"person": "d", "kind": "forste_forskollarare", "start": "2020-01-01", "end": "2023-01-01"},
    )
    made = assignments.assignment_facts(workforce(now, before, assignments=rows), reference.roles())
    key = "forste_forskollarare"
    assert value(made, "role_left", key, "holders") == pytest.approx(1 / 3)
    assert value(made, "role_left", key, "others") == 0.5
    assert value(made, "role_holders", key, "share") == pytest.approx(2 / 3)
    assert value(made, "role_supplement", key, "median") == 3500
    assert value(made, "role_internal", key, "share") == 0.5  # c had it before the employment


def test_a_workplace_is_covered_by_one_holder() -> None:
    staff = people(("a", "d1", "care_assistant"), ("b", "d1", "care_assistant"), ("c", "d2", "assistant_nurse"))
    rows = held("assignments", {"person": "a", "kind": "sprakombud", "start": "2024-01-01"})
    made = assignments.assignment_facts(workforce(staff, assignments=rows), reference.roles())
    assert value(made, "role_places", "sprakombud", "covered") == 0.5
    assert value(made, "role_places", "sprakombud", "covered", "d2") == 0.0


def test_rotation_is_a_month_at_least_within_the_last_year() -> None:
    staff = people(*((name, "d1", "librarian") for name in "abc"))
    rotation = {"kind": "rotation"}
    rows = held(
        "assignments",
        {"person": "a", "start": "2025-03-01", "end": "2025-03-31", **rotation},
        {"person": "b", "start": "2025-03-01", "end": "2025-03-10", **rotation},
        {"person": "c", "start": "2024-10-01", "end": "2025-01-10", **rotation},  # ten days of it in the year
    )
    assert (
        value(
            assignments.moving_facts(workforce(staff, assignments=rows), reference.roles()),
            "across",
            "rotation",
            "persons",
        )
        == 1
    )


def test_a_newcomer_has_a_mentor_in_time_or_not_and_who_came_just_now_is_not_asked() -> None:
    long = people(("m", "d1", "social_worker"))
    new = people(("a", "d1", "social_worker"), ("b", "d1", "social_worker"), hired="2025-06-01")
    just = people(("c", "d1", "social_worker"), hired="2025-12-20")
    rows = held(
        "mentoring",
        {"person": "a", "mentor": "m", "kind": "newcomer", "start": "2025-06-20", "planned": "2025-11-01"},
        {"person": "b", "mentor": "m", "kind": "newcomer", "start": "2025-08-20", "planned": "2026-02-01"},
    )
    staff = workforce(pd.concat([long, new, just], ignore_index=True), mentoring=rows)
    made = introduction.introduction_facts(staff, reference.programmes())
    assert value(made, "introduction", "mentor_in_time", "share") == 0.5
    assert value(made, "introduction", "mentor_overdue", "share") == 0.5


def test_an_introduction_period_asks_for_a_school_year_a_licence_that_matches_and_a_post_that_does() -> None:
    staff = people(("a", "d1", "teacher_lower"), ("b", "d1", "teacher_lower"), hired="2025-08-10")
    period = {"kind": "introduction", "start": "2025-08-10"}
    rows = held(
        "mentoring",
        {"person": "a", "mentor": "m", "planned": "2026-06-15", "post_match": True, **period},
        {"person": "b", "planned": "2026-01-15", "post_match": False, **period},
    )
    licences = held("qualifications", {"person": "m", "kind": "teacher_licence"})
    made = introduction.introduction_facts(
        workforce(staff, mentoring=rows, qualifications=licences), reference.programmes()
    )
    for row in ("period_full", "period_licence", "period_post"):
        assert value(made, "introduction", row, "share") == 0.5, row
    assert value(made, "introduction", "period_named", "share") == 0.0  # b's workplace has one without a mentor


def test_who_moved_along_an_edge_was_not_at_its_end_a_year_before() -> None:
    staff = people(*((name, "d1", "leisure_leader") for name in "abc"))
    rows = held(
        "assignments",
        {"person": "a", "kind": "aktivitetsledare", "start": "2020-01-01", "end": "2025-05-31"},
        {"person": "a", "kind": "fritidsledare", "start": "2025-06-01"},
        {"person": "b", "kind": "fritidsledare", "start": "2020-01-01"},
        {"person": "c", "kind": "aktivitetsledare", "start": "2020-01-01"},
    )
    made = careers.career_facts(workforce(staff, assignments=rows), reference.edges(), None, {})
    assert value(made, "careers", "e01", "moved") == 1
    assert value(made, "career_could", "e01", "could") == 1
    assert not [each for each in made if each["row"] == "e15"]  # an edge that says nothing countable


def test_pairs_from_different_administrations_are_what_the_programme_mixes() -> None:
    assert managers._mixed(pd.Series(["f1", "f1", "f2"]), "2025-01")[0]["value"] == pytest.approx(2 / 3)
    assert managers._mixed(pd.Series(["f1"]), "2025-01") == []


def test_wilsons_interval_of_a_share() -> None:
    low, high = managers._wilson(2, 20).values()  # z² = 2.7055: centre 0.14766, half width 0.11400
    assert (low, high) == (pytest.approx(0.0337, abs=1e-4), pytest.approx(0.2617, abs=1e-4))


def test_two_months_of_coverage_differ_by_enough_managers() -> None:
    staff = people(*((f"m{number}", "d1", "leader") for number in range(20)))
    ends = ["2025-03-01"] * 2 + ["2025-08-01"] * 9
    records = held(
        "training",
        *(
            {"person": f"m{number}", "course": "chefsprogram", "start": "2025-01-15", "end": end, "status": "completed"}
            for number, end in enumerate(ends)
        ),
    )
    made = managers.programme_facts(workforce(staff, training=records), 5, {"d1": "f1"}, least=5)
    rows = [str(each["row"]) for each in made if each["table"] == "manager_coverage"]
    assert rows == ["2025-07", "2025-12"]  # January's nobody would tell the two of spring


def test_complementary_roles_stand_beside_ten_of_the_scarce_occupation() -> None:
    staff = people(("a", "d1", "student_assistant"), *((f"t{n}", "d1", "teacher_lower") for n in range(4)))
    made = roles.mix_facts(workforce(staff), reference.counting().mix)
    assert value(made, "role_mix", "assistants_per_teacher", "ratio") == 2.5


def test_reports_of_units_are_summed_before_they_are_divided() -> None:
    columns = ["department", "kind", "year", "done", "base"]
    told = [("d1", "risk_assessments", 2025, 9.0, 10.0), ("d2", "risk_assessments", 2025, 0.0, 10.0),
            ("d1", "risk_assessments", 2024, 5.0, 10.0), ("d9", "risk_assessments", 2025, 9.0, 9.0)]  # fmt: skip
    made = roles.reported_facts(pd.DataFrame(told, columns=columns), reference.reported(), pd.Series(["d1", "d2"]), AT)
    assert value(made, "reported", "risk_assessments", "now") == 0.45
    assert value(made, "reported", "risk_assessments", "before") == 0.5


def test_the_plans_chain_counts_an_activity_once_and_names_the_assignment_without_any() -> None:
    columns = ["activity", "objective", "assignment", "indicator", "duplicate_of"]
    rows = [("p1", "Mål", 1, "qualified", None), ("p2", None, 1, None, "p1"), ("p3", "Mål", None, None, None)]
    plan = {
        "boards": {"A": {}},
        "assignment": [{"number": 1, "boards": ["A"]}, {"number": 2, "boards": ["A"]}, {"number": 3, "boards": ["B"]}],
    }
    made = chain_facts(pd.DataFrame(rows, columns=columns), plan).set_index("row")["value"]
    assert made[["activities", "objective_only", "both", "without_indicator"]].tolist() == [2, 1, 1, 1]
    assert (made["assignments"], made["assignments_without"], made["assignment_2"]) == (2, 1, 0)
    assert not np.isnan(made["assignment_only"])


def test_a_reported_share_of_persons_is_protected_by_those_outside_it_too() -> None:
    tables = {key: roles.reported_table(kind) for key, kind in reference.reported().items()}
    assert tables["early_transition"] == tables["working_time_agreement"] == "reported_shares"
    assert tables["incidents"] == "reported_persons"
    assert tables["risk_assessments"] == "reported"  # of units, not of persons
