"""What a page says about the plan follows from the plan."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.businessplan import plan_table
from analysis.businessplan.plan import COLUMNS

from .example import COURSES, DEFINITIONS, DEPARTMENTS, activity, plan

FUNCTIONS = ("HR", "Ekonomi")


def table_of(*rows: dict[str, object], period: str = "2025-12") -> pd.DataFrame:
    return plan_table(
        plan(*rows),
        period=period,
        departments=DEPARTMENTS,
        definitions=DEFINITIONS,
        courses=COURSES,
        functions=FUNCTIONS,
    )


def one(**fields: object) -> pd.Series:
    return table_of(activity("p1", **fields)).iloc[0]


def test_the_table_has_the_agreed_columns_and_types():
    table = table_of(activity("p1"), activity("p2", assignment=None))
    assert list(table.columns) == COLUMNS
    assert table["late"].dtype == bool
    assert table["assignment"].isna().tolist() == [False, True]
    assert table.drop(columns="assignment").notna().all(axis=None)


def test_an_empty_plan_gives_an_empty_table_with_the_columns():
    empty = plan(activity("p1")).iloc[:0]
    table = plan_table(empty, period="2025-12", departments=DEPARTMENTS, definitions=DEFINITIONS, courses=COURSES)
    assert list(table.columns) == COLUMNS
    assert table.empty


def test_repeated_rows_are_one_activity_and_every_department_of_them_answers_for_it():
    table = table_of(
        activity("p1", responsible="d0102|d0101"),
        activity("p2"),
        activity("p3", responsible="d0101|d0201", coordinator="Ekonomi|HR", duplicate_of="p1"),
    )
    assert table["activity"].tolist() == ["p1", "p2"]
    first = table.iloc[0]
    assert first["departments"] == "d0102|d0101|d0201"
    assert first["responsible"] == "Förskola söder, Förskola norr, Boendet"
    assert first["coordinator"] == "HR, Ekonomi"
    assert first["duplicate_of"] == ""


def test_a_repetition_of_a_repetition_belongs_to_the_original():
    table = table_of(
        activity("p1", duplicate_of="p2", responsible="d0201"),
        activity("p2", duplicate_of="p3"),
        activity("p3", text="Originalet"),
    )
    assert table[["activity", "text", "departments"]].to_numpy().tolist() == [["p3", "Originalet", "d0101|d0201"]]


def test_a_row_that_repeats_an_unknown_or_itself_stays_an_activity_of_its_own():
    table = table_of(
        activity("p1", duplicate_of="p9"),
        activity("p2", duplicate_of="p2"),
        activity("p3", duplicate_of="p4"),
        activity("p4", duplicate_of="p3"),
    )
    assert table["activity"].tolist() == ["p1", "p2", "p3", "p4"]


def test_the_first_indicator_named_counts_when_only_the_repetition_names_one():
    table = table_of(activity("p1"), activity("p2", indicator="sick_leave", duplicate_of="p1"))
    assert table["indicator"].tolist() == ["sick_leave"]


@pytest.mark.parametrize(
    ("due", "status", "late"),
    [
        ("2025-11", "ongoing", True),
        ("2025-11", None, True),
        ("2025-12", "ongoing", False),
        ("2025-12", None, False),
        ("2025-12", "done", False),
        ("2026-01", "ongoing", False),
    ],
)
def test_an_activity_is_late_when_its_month_has_passed_and_it_is_not_done(due, status, late):
    assert one(due=due, status=status)["late"] == late


def test_an_activity_without_status_is_planned():
    assert one(status=None)["status"] == "planned"


def test_a_staff_function_is_shown_but_is_no_department():
    row = one(responsible="HR|d0101")
    assert row["responsible"] == "HR, Förskola norr"
    assert row["departments"] == "d0101"


@pytest.mark.parametrize(
    ("indicator", "cell"),
    [
        ("sick_leave", ["key_figures", "sick_leave", "now"]),
        ("leaving_all", ["turnover_series", "2025-12", "all_causes"]),
        ("elearning", ["courses", "elearning", "completed"]),
        ("ladder_step", ["", "", ""]),
        ("studies", ["", "", ""]),
        (None, ["", "", ""]),
    ],
)
def test_an_indicator_points_to_the_cell_that_shows_it(indicator, cell):
    row = one(indicator=indicator)
    assert row[["indicator_table", "indicator_row", "indicator_column"]].tolist() == cell


def test_an_indicator_has_its_names_and_an_unknown_one_none():
    assert one(indicator="elearning")["indicator_name_en"] == "E-learning"
    unknown = one(indicator="nothing")
    assert (unknown["indicator"], unknown["indicator_name_sv"]) == ("nothing", "")


def test_an_owner_who_may_be_a_person_is_not_named() -> None:
    row = one(responsible="d0101|Anna Andersson", coordinator="Anna Andersson")
    assert row["responsible"] == "Förskola norr, annan funktion"
    assert row["coordinator"] == "annan funktion"


def test_an_activity_of_studies_points_at_how_many_study():
    from analysis.businessplan.plan import indicator_fields
    from analysis.reference import courses

    found = indicator_fields("barnskotare_forskollarare", "2025-12", {}, courses())
    assert found["indicator_name_sv"] == "Barnskötare till förskollärare"
    where = (found["indicator_table"], found["indicator_row"], found["indicator_column"])
    assert where == ("studies", "in_study", "barnskotare_forskollarare")
