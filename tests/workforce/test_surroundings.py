"""What surrounds a person is told as it was known on the day, never by what came later."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce.surroundings import SURROUNDINGS, surroundings

AT = pd.Timestamp("2022-12-31")


def people(**units: int) -> pd.DataFrame:
    """So many persons per unit, called after it: a0, a1, ..."""
    rows = [{"person": f"{unit}{place}", "unit": unit} for unit, count in units.items() for place in range(count)]
    return pd.DataFrame(rows)


def managers(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["person", "unit", "start", "end"])
    return table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))


def level(name: str, now: pd.DataFrame, before: pd.DataFrame | None = None, **tables: pd.DataFrame) -> dict[str, str]:
    found = surroundings(now, before, at=AT, tables=tables)[name]
    return dict(zip(now["person"], found, strict=True))


def test_a_delivery_without_these_tables_says_nothing():
    found = surroundings(people(a=3), None, at=AT, tables={})
    assert list(found.columns) == list(SURROUNDINGS)
    assert (found == "").to_numpy().all()


@pytest.mark.parametrize(
    ("staff", "leaders", "band"), [(9, 1, "under_10"), (10, 1, "10_19"), (40, 2, "20_29"), (30, 1, "30_plus")]
)
def test_the_span_is_staff_per_manager_of_the_unit(staff, leaders, band):
    who = managers(*[(f"m{place}", "a", "2015-01-01", None) for place in range(leaders)])
    assert set(level("manager_span", people(a=staff, b=3), managers=who).values()) == {band, "none"}


def test_a_manager_appointed_in_the_last_year_is_a_change_one_appointed_after_the_day_is_not():
    who = managers(
        ("old", "a", "2015-01-01", "2022-05-31"),
        ("new", "a", "2022-06-01", None),
        ("steady", "b", "2015-01-01", None),
        ("later", "b", "2023-01-15", None),
        ("gone", "c", "2015-01-01", "2022-12-31"),
    )
    found = level("manager_change", people(a=1, b=1, c=1), managers=who)
    assert found == {"a0": "changed", "b0": "same", "c0": "none"}


def test_nobody_knows_of_a_change_where_the_record_is_younger_than_a_year():
    who = managers(("m", "a", "2022-03-01", None))
    assert level("manager_change", people(a=1), managers=who) == {"a0": ""}


def test_a_unit_grows_or_shrinks_against_the_year_before_unless_it_is_too_small_to_say():
    found = level("unit_growth", people(a=12, b=8, c=10, d=8, e=5), people(a=10, b=10, c=10, d=4))
    assert (found["a0"], found["b0"], found["c0"], found["d0"], found["e0"]) == ("grown", "shrunk", "same", "", "")


def test_the_step_is_the_last_one_assessed_by_the_day():
    steps = pd.DataFrame(
        [
            ("a0", "it_ladder", 2, "2020-01-01"),
            ("a0", "it_ladder", 3, "2022-01-01"),
            ("a0", "it_ladder", 6, "2023-06-01"),
            ("a1", "it_ladder", 4, "2023-01-01"),
        ],
        columns=["person", "model", "step", "assessed"],
    )
    steps["assessed"] = pd.to_datetime(steps["assessed"])
    assert level("ladder_step", people(a=2), competence=steps) == {"a0": "it_ladder:3", "a1": "none"}


def test_studies_count_while_they_go_on_and_courses_for_a_year():
    rows = [
        ("a0", "pipeline", "2022-01-01", "2024-01-01", "completed"),
        ("a1", "pipeline", "2018-01-01", "2022-06-01", "completed"),
        ("a2", "course", "2022-01-01", "2022-06-01", "completed"),
        ("a3", "course", "2022-01-01", "2022-06-01", "dropped"),
        ("a4", "course", "2020-01-01", "2020-06-01", "completed"),
        ("a5", "pipeline", "2023-01-01", None, "started"),
    ]
    table = pd.DataFrame(rows, columns=["person", "kind", "start", "end", "status"])
    table = table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))
    found = level("training", people(a=7), training=table)
    assert list(found.values()) == ["studying", "completed", "completed", "none", "none", "none", "none"]
