"""Certificates counted by hand: valid, about to run out, run out, renewed in time; and a licence that has run out."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.competence.certificates import certificate_facts
from analysis.competence.counting import Workforce
from analysis.tables.licences import in_force
from tests.competence.test_practices import held, people, value, workforce

STAFF = people(
    ("a", "d1", "nurse"), ("b", "d1", "nurse"), ("c", "d1", "nurse"), ("d", "d2", "nurse"), ("e", "d2", "nurse")
)  # fmt: skip
ROWS = (
    {"person": "a", "kind": "first_aid", "valid_from": "2024-03-01", "valid_until": "2026-03-31"},  # 90 days left
    {"person": "b", "kind": "first_aid", "valid_from": "2024-04-01", "valid_until": "2026-04-01"},  # 91
    {"person": "c", "kind": "first_aid", "valid_from": "2023-12-31", "valid_until": "2025-12-31"},  # its last day
    {"person": "d", "kind": "first_aid", "valid_from": "2023-12-30", "valid_until": "2025-12-30"},
    {"person": "d", "kind": "first_aid", "valid_from": "2026-02-01", "valid_until": "2028-02-01"},  # not yet
    {"person": "e", "kind": "first_aid", "valid_from": "2020-01-01", "valid_until": "2022-01-01"},
    {"person": "e", "kind": "first_aid", "valid_from": "2022-01-01"},  # for ever
    {"person": "x", "kind": "first_aid", "valid_from": "2020-01-01", "valid_until": "2022-01-01"},  # gone
    {"person": "a", "kind": "forklift", "valid_from": "2021-01-01", "valid_until": "2025-06-30"},
    {"person": "a", "kind": "nurse_licence", "valid_from": "2010-01-01"},
)


def staff(*rows: dict[str, str]) -> Workforce:
    return workforce(STAFF, qualifications=held("qualifications", *rows))


def test_states_are_told_by_the_one_that_lasts_longest_and_add_up() -> None:
    found = certificate_facts(staff(*ROWS), ["first_aid", "fire_safety"], soon_days=90)
    counted = {
        state: value(found, "certificates", state, "first_aid") for state in ("held", "valid", "soon", "expired")
    }
    assert counted == {"held": 5, "valid": 2, "soon": 2, "expired": 1}  # b and e; a and c, whose last day it is; d
    assert value(found, "certificates", "expired", "first_aid", "d2") == 1
    assert value(found, "certificates", "expired", "first_aid", "d1") == 0
    # nobody has a fire certificate, and a licence for life does not run out; what has no name of its own is «other»
    assert {each["column"] for each in found if each["table"] == "certificates"} == {"first_aid", "other"}
    assert value(found, "certificates", "expired", "other") == 1


def test_where_none_has_run_out_nobody_can_have_renewed_one() -> None:
    found = certificate_facts(staff(*ROWS[:2]), ["first_aid"], soon_days=90)
    assert value(found, "certificates", "held", "first_aid") == 2
    assert not [each for each in found if each["table"] == "certificate_renewed" and each["denominator"]]


def test_renewed_in_time_is_another_one_by_the_day_after_the_last() -> None:
    rows = (
        {"person": "a", "kind": "first_aid", "valid_from": "2023-06-01", "valid_until": "2025-06-01"},
        {"person": "a", "kind": "first_aid", "valid_from": "2025-06-02", "valid_until": "2027-06-02"},  # the day after
        {"person": "b", "kind": "first_aid", "valid_from": "2023-06-01", "valid_until": "2025-06-01"},
        {"person": "b", "kind": "first_aid", "valid_from": "2025-06-03", "valid_until": "2027-06-03"},  # a day late
        {"person": "c", "kind": "first_aid", "valid_from": "2022-01-01", "valid_until": "2024-12-31"},  # a year before
        {"person": "d", "kind": "first_aid", "valid_from": "2023-01-01", "valid_until": "2025-12-31"},  # today
        {"person": "d", "kind": "first_aid", "valid_from": "2024-01-01", "valid_until": "2025-12-31"},  # no longer
    )
    found = certificate_facts(staff(*rows), ["first_aid"], soon_days=90)
    assert value(found, "certificate_renewed", "first_aid", "share") == pytest.approx(1 / 3)


@pytest.mark.parametrize("rows", [(), ({"person": "a", "kind": "nurse_licence", "valid_from": "2010-01-01"},)])
def test_a_delivery_without_last_days_counts_nothing(rows: tuple[dict[str, str], ...]) -> None:
    assert certificate_facts(staff(*rows), ["first_aid"], soon_days=90) == []
    assert certificate_facts(workforce(STAFF), ["first_aid"], soon_days=90) == []


def test_a_licence_that_has_run_out_is_none_and_its_last_day_counts() -> None:
    rows = held(
        "qualifications",
        {"person": "a", "kind": "k", "valid_from": "2020-01-01", "valid_until": "2025-12-31"},
        {"person": "b", "kind": "k", "valid_from": "2020-01-01", "valid_until": "2025-12-30"},
        {"person": "c", "kind": "k", "valid_from": "2026-01-01"},
        {"person": "d", "kind": "k"},
    )
    day = pd.Timestamp("2025-12-31")
    assert in_force(rows, day)["person"].tolist() == ["a", "d"]
    assert in_force(rows.drop(columns="valid_until"), day)["person"].tolist() == ["a", "b", "d"]
    teachers = people(("a", "d1", "teacher_lower"), ("b", "d1", "teacher_lower"))
    mine = workforce(teachers, qualifications=rows.assign(kind="teacher_licence"))
    assert mine.licensed == {"a"}
