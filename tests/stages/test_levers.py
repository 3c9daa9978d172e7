"""Levers of an edition: those with somebody to act on; and departments named as the employer writes them."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.stages.levers import has_hourly
from analysis.stages.workforce import coded
from analysis.workforce.compartments import COLUMNS


class Kept:
    """A stage that has kept the compartments."""

    period = "2025-12"

    def __init__(self, *rows: tuple[object, ...]) -> None:
        self.rows = rows

    def need(self, name: str) -> pd.DataFrame:
        assert name == "compartments"
        return pd.DataFrame(list(self.rows), columns=COLUMNS)


@pytest.mark.parametrize(
    ("row", "there"),
    [
        (("hourly", "2025-12", "d1", "x", "stock", 12, 3.0), True),
        (("hourly", "2024-12", "d1", "x", "stock", 12, 3.0), False),
        (("hourly", "2025-12", "d1", "x", "stock", 0, 0.0), False),
        (("hourly", "2025-12", "d1", "x", "came", 4, 1.0), False),
        (("absence_cover", "2025-12", "d1", "x", "stock", 12, 3.0), False),
    ],
)
def test_hourly_pay_becomes_monthly_only_where_somebody_is_hourly_paid(row: tuple[object, ...], there: bool) -> None:
    assert has_hourly(Kept(row)) is there  # type: ignore[arg-type]
    assert not has_hourly(Kept())  # type: ignore[arg-type]


def test_a_department_without_a_name_has_the_code_as_the_employer_writes_it() -> None:
    names = pd.DataFrame(
        {
            "key": ["it_is", "hr_1", "d3"], "name": ["it_is", "Personal", "d3"], "name_en": ["it_is", "hr_1", "d3"],
            "parent": "", "parent_en": "",
        }
    )  # fmt: skip
    found = coded(names, pd.Series({"it_is": "IT/IS", "hr_1": "hr.1"}))
    assert found["name"].tolist() == ["IT/IS", "Personal", "d3"]
    assert found["name_en"].tolist() == ["IT/IS", "hr.1", "d3"]
    assert found["code"].tolist() == ["IT/IS", "hr.1", "d3"]
