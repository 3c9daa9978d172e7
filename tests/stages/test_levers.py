"""Departments named as the employer writes them."""

from __future__ import annotations

import pandas as pd

from analysis.stages.workforce import coded


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
