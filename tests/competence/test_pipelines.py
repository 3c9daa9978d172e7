"""A pipeline says how many are expected to qualify, when, and what their studies cost in working time."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.competence import pipeline
from analysis.competence.pipelines import COLUMNS, completion_shares, studies

from .example import COURSES, CUTOFF, people, trainings

STAFF = people(("a", "d1", "aide"), ("b", "d1", "aide"), ("c", "d2", "aide"), ("n", "d3", "nurse"))


def expected(*rows: tuple[str, str | None, str | None, str], staff: pd.DataFrame = STAFF) -> pd.DataFrame:
    records = trainings(*((who, "aide_nurse", start, end, status) for who, start, end, status in rows))
    table = pipeline(records, staff, COURSES, cutoff=CUTOFF)
    return table.set_index(["department", "year"]) if len(table) else table


def years(table: pd.DataFrame, department: str, column: str) -> list[float]:
    return table.loc[department].sort_index()[column].tolist()


def test_expected_completions_fall_in_the_year_of_the_planned_end_at_the_prior_without_history():
    table = expected(("a", "2025-01-01", "2026-12-31", "enrolled"), ("c", "2025-08-01", "2027-01-01", "enrolled"))
    assert years(table, "all", "planned_completions") == pytest.approx([0.8, 0.8, 0, 0, 0])
    assert table.loc[("d1", "2026"), "planned_completions"] == pytest.approx(0.8)
    assert table.loc[("d2", "2027"), "planned_completions"] == pytest.approx(0.8)


def test_every_department_and_year_is_there_also_where_nobody_studies():
    table = expected(("a", "2025-01-01", "2026-12-31", "enrolled"))
    assert set(table.index) == {(d, str(y)) for d in ("all", "d1", "d2", "d3") for y in range(2026, 2031)}
    assert (table.loc["d3", ["planned_completions", "in_study_fte_loss"]] == 0).all(axis=None)
    assert set(table["from_occupation"]) == {"aide"}
    assert set(table["target_occupation"]) == {"nurse"}


def test_own_history_moves_the_completion_share_from_the_prior():
    # 2 completed and 8 dropped against a prior of 0.8 worth ten records: (2 + 8) / (10 + 10)
    history = [(f"x{i}", "2020-01-01", "2022-01-01", "completed") for i in range(2)]
    history += [(f"y{i}", "2020-01-01", "2021-01-01", "dropped") for i in range(8)]
    table = expected(*history, ("a", "2025-01-01", "2026-12-31", "enrolled"))
    assert table.loc[("d1", "2026"), "planned_completions"] == pytest.approx(0.5)


def test_time_lost_is_the_share_not_worked_for_the_part_of_the_year_in_study():
    table = expected(("a", "2025-01-01", "2027-07-02", "enrolled"), staff=people(("a", "d1", "aide"), rate=0.8))
    # 0.8 of full time, a quarter of it in study; 183 of the 365 days of 2027
    assert years(table, "d1", "in_study_fte_loss") == pytest.approx([0.2, 0.2 * 183 / 365, 0, 0, 0])


def test_a_planned_end_that_has_passed_counts_in_the_first_year_and_costs_nothing_more():
    table = expected(("a", "2023-01-01", "2025-06-30", "enrolled"))
    assert table.loc[("d1", "2026")][["planned_completions", "in_study_fte_loss"]].tolist() == pytest.approx([0.8, 0])


def test_without_a_planned_end_the_courses_length_counts_from_the_start():
    table = expected(("a", "2025-06-01", None, "enrolled"))
    assert table.loc[("d1", "2027"), "planned_completions"] == pytest.approx(0.8)


def test_who_dropped_out_completed_left_or_has_not_started_is_not_in_study():
    rows = [
        ("a", "2025-01-01", "2025-05-01", "dropped"),
        ("b", "2022-01-01", "2025-05-01", "completed"),
        ("gone", "2025-01-01", "2026-12-31", "enrolled"),
        ("c", "2026-01-15", "2028-01-15", "enrolled"),
    ]
    table = expected(*rows)
    assert list(table.columns) == COLUMNS
    assert table.empty


def test_what_was_decided_after_the_cutoff_is_still_a_study_in_progress():
    later = trainings(
        ("a", "aide_nurse", "2025-01-01", "2026-03-01", "completed"),
        ("b", "aide_nurse", "2025-01-01", "2026-03-01", "dropped"),
    )
    seen = studies(later, COURSES, cutoff=CUTOFF)
    assert seen["state"].tolist() == ["enrolled", "enrolled"]
    # the planned length is known at the cut-off, the day of the decision is not
    assert seen["planned_end"].dt.strftime("%Y-%m").tolist() == ["2027-01", "2027-01"]
    assert completion_shares(later, COURSES, cutoff=CUTOFF) == {"nurse": pytest.approx(0.8)}


def test_two_records_of_one_study_and_two_departments_are_one_student_in_the_whole():
    staff = people(("a", "d1", "aide"), ("a", "d2", "aide"))
    table = expected(
        ("a", "2024-01-01", "2026-06-30", "enrolled"),
        ("a", "2025-01-01", "2026-12-31", "enrolled"),
        staff=staff,
    )
    for department in ("all", "d1", "d2"):
        assert table.loc[(department, "2026"), "planned_completions"] == pytest.approx(0.8)


def test_forecast_years_end_with_the_cutoffs_month():
    records = trainings(("a", "aide_nurse", "2024-01-01", "2026-07-15", "enrolled"))
    table = pipeline(records, STAFF, COURSES, cutoff=pd.Timestamp("2025-06-30"), years=2)
    whole = table[table["department"] == "all"].set_index("year")["planned_completions"]
    assert whole.to_dict() == {"2026": 0.0, "2027": pytest.approx(0.8)}


def test_nothing_depends_on_the_order_of_rows():
    rows = [("a", "2025-01-01", "2026-12-31", "enrolled"), ("c", "2024-01-01", "2026-03-01", "enrolled")]
    pd.testing.assert_frame_equal(expected(*rows), expected(*reversed(rows), staff=STAFF.iloc[::-1]))


def test_a_training_named_pipeline_without_a_course_uses_its_own_target_and_work_share():
    records = trainings(("a", "own_idea", "2025-01-01", "2026-12-31", "enrolled"))
    records = records.assign(kind="pipeline", target_occupation="clerk", work_share=0.5)
    table = pipeline(records, STAFF, COURSES, cutoff=CUTOFF)
    first = table[(table["department"] == "d1") & (table["year"] == "2026")].iloc[0]
    assert first["target_occupation"] == "clerk"
    assert first[["planned_completions", "in_study_fte_loss"]].tolist() == pytest.approx([0.8, 0.5])
