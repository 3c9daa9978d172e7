"""Key figures say why they are missing: a department without licensed work lacks no data."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.key_figures import key_figures
from analysis.publishing.words.locale import locale
from analysis.tables.protected import COLUMNS, Cell, check_cells

DEPARTMENTS = ["school", "office", "small"]


def share(department: str, value: float | None, status: str) -> dict:
    reason = "few_persons" if status == "withheld" else ""
    line = {"table": "qualified", "department": department, "row": "total", "column": "total", "layer": ""}
    line |= {
        "value": value,
        "low": None,
        "high": None,
        "n": 90.0 if value else None,
        "unit": "share",
        "status": status,
        "reason": reason,
    }
    return line | {"definition": "qualified", "sensitivity": "medium"}


def reasons(*lines: dict) -> dict[str, tuple[str, str]]:
    cells = check_cells(pd.DataFrame(lines, columns=list(COLUMNS)))
    found = key_figures(cells, period="2025-12", departments=DEPARTMENTS, min_peers=3)
    found = found[(found["row"] == "qualified") & (found["column"] == "now")].set_index("department")
    return {str(key): (found.loc[key, "status"], found.loc[key, "reason"]) for key in found.index}


def test_nobody_in_licensed_work_is_told_apart_from_few_and_from_no_data() -> None:
    found = reasons(share("all", 0.8, "published"), share("school", 0.7, "published"), share("small", None, "withheld"))
    assert found["office"] == ("missing", "no_licensed_work")
    assert found["small"] == ("withheld", "few_persons")
    assert found["school"] == ("published", "")


def test_without_licences_in_the_delivery_it_is_the_data_that_lack() -> None:
    assert set(reasons().values()) == {("missing", "no_data")}


def test_the_reason_has_words_in_both_languages() -> None:
    cell = Cell("key_figures", "office", "qualified", "now", "", None, None, None, None, "share", "missing",
                "no_licensed_work", "qualified")  # fmt: skip
    assert locale("sv").silence(cell) == "inga yrken med krav på behörighet"
    assert locale("en").silence(cell) == "no occupations that need a licence"


def test_a_median_of_departments_needs_three_of_them() -> None:
    values = {"school": 0.6, "office": 0.7, "small": 0.9}

    def columns(count: int) -> pd.DataFrame:
        lines = [share("all", 0.8, "published")]
        lines += [share(name, value, "published") for name, value in list(values.items())[:count]]
        cells = check_cells(pd.DataFrame(lines, columns=list(COLUMNS)))
        found = key_figures(cells, period="2025-12", departments=DEPARTMENTS, min_peers=3)
        return found[(found["row"] == "qualified") & (found["column"] == "peers")]

    assert columns(2).empty
    assert set(columns(3)["value"]) == {0.7}
