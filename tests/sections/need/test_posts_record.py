"""How the headline has fared: what is pooled, what is released, and that a loss is said."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.objects.stock import Note, Table
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.sections.need.posts_record import outcome_facts, record_facts, shown_facts
from tests.publishing import fixture
from tests.publishing.showing import show


def record(**columns: object) -> pd.DataFrame:
    """Two departments and the whole at two origins a year ahead; the blend of the second one loses."""
    rows = []
    for quantity in ("empty", "recruitment_need"):
        for origin, method, said in (("2023-12", "last", 10.0), ("2024-12", "blend", 6.0)):
            for department, factor in (("d1", 1.0), ("d2", 2.0), ("all", 3.0)):
                rows.append(
                    {
                        "origin": origin, "horizon": 12, "department": department, "quantity": quantity,
                        "forecast": said * factor, "low": 8.0 * factor, "high": 12.0 * factor,
                        "observed": 10.0 * factor, "last": 9.0 * factor, "method": method, "n": 60.0 * factor,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows).assign(**columns)


def pooled(table: pd.DataFrame, quantity: str = "empty") -> pd.Series:
    made = record_facts(table)
    return made[(made["row"] == quantity) & (made["layer"] == "12")].set_index("column")["value"]


def test_misses_are_pooled_over_departments_and_origins_and_the_whole_is_counted_once() -> None:
    found = pooled(record())
    assert found["comparisons"] == 4
    assert found["forecast_error"] == pytest.approx((0 + 12) / 60)
    assert found["last_error"] == pytest.approx(6 / 60)
    assert found["hit_rate"] == 1.0


def test_a_blend_is_counted_where_it_was_shown_and_where_it_lost() -> None:
    assert tuple(pooled(record())[["origins", "blended", "lost"]]) == (2, 1, 1)
    better = record()
    better.loc[better["method"] == "blend", "forecast"] = better["observed"]
    assert tuple(pooled(better)[["blended", "lost"]]) == (1, 0)


def test_the_outcome_is_that_of_the_last_forecast_a_year_ahead() -> None:
    made = outcome_facts(record())
    assert set(made["layer"]) == {"2024-12"}
    assert set(made["table"]) == {"empty_outcome", "need_outcome"}
    assert outcome_facts(record(observed=float("nan"))).empty
    assert outcome_facts(record(horizon=24)).empty


def test_posts_that_few_left_are_not_shown_and_empty_posts_are() -> None:
    table = record()
    table.loc[table["department"] == "d1", ["forecast", "observed", "last", "low", "high"]] = 2.0
    made = pd.concat([outcome_facts(table), record_facts(table)], ignore_index=True)
    cells = protect(
        made,
        plan=shipped_plan(),
        thresholds=Thresholds.of(policy(), "internal"),
        reported=["d1", "d2"],
        period="2025-12",
    )
    status = cells[cells["department"] == "d1"].set_index(["table", "column"])["status"]
    assert status[("need_outcome", "observed")] == "withheld"
    assert status[("empty_outcome", "observed")] == "published"
    assert set(cells.loc[cells["table"] == "posts_record", "department"]) == {"all"}


def test_what_is_shown_now_is_told_by_how_far_ahead() -> None:
    fan = pd.DataFrame({"department": "all", "year": [2025, 2026, 2027], "method": ["", "blend", "last"], "n": 90.0})
    assert shown_facts(fan).set_index("layer")["value"].to_dict() == {"12": 1.0, "24": 0.0}


def test_the_page_of_the_organisation_says_where_the_last_value_won() -> None:
    found = show("posts_record", fixture.report("all"))
    assert isinstance(found, Table)
    words = {(row.head.id, row.cells[0].value): row.cells[-1].id for row in found.rows}
    assert words == {
        ("posts_record.recruitment_need", 1.0): "posts_record.better",
        ("posts_record.empty", 1.0): "posts_record.better",
        ("posts_record.empty", 2.0): "posts_record.worse",
    }


def test_without_a_record_the_page_says_so() -> None:
    found = show("posts_record", fixture.report("all", frame=fixture.without(fixture.cells(), "posts_record")))
    assert isinstance(found, Note)
    assert found.text.id == "absent.posts_record"
