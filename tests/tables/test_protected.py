import numpy as np
import pandas as pd
import pytest

from analysis.tables.protected import COLUMNS, ProtectedReport, check_cells


def cell(**fields: object) -> dict[str, object]:
    base = dict.fromkeys(COLUMNS, "") | {"table": "exits", "department": "d01", "row": "total", "column": "total"}
    base |= {"value": 7.0, "low": np.nan, "high": np.nan, "n": 7.0, "unit": "persons", "status": "published"}
    base |= {"sensitivity": "medium"}
    return {**base, **fields}


DEPARTMENTS = pd.DataFrame(
    [
        {
            "key": "all",
            "name": "Kommunen",
            "name_en": "The town",
            "parent": "",
            "parent_en": "",
            "status": "organisation",
        },
        {"key": "d01", "name": "Skola", "name_en": "School", "parent": "", "parent_en": "", "status": "reported"},
    ]
)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "withheld"}, "carries a number"),
        ({"status": "missing", "value": np.nan}, "carries a number"),
        ({"status": "hidden"}, "unknown statuses"),
        ({"unit": "euro"}, "unknown units"),
        ({"reason": "few"}, "unknown reasons"),
        ({"sensitivity": "hidden"}, "unknown sensitivities"),
        ({"reason": "few_persons"}, "shown with a reason"),
        ({"status": "withheld", "value": np.nan, "n": np.nan}, "not shown without one"),
        ({"value": np.nan}, "no value"),
    ],
)
def test_a_cell_that_breaks_the_contract_is_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_cells(pd.DataFrame([cell(**fields)]))


def test_a_figure_has_one_value() -> None:
    with pytest.raises(ValueError, match="occurs twice"):
        check_cells(pd.DataFrame([cell(), cell(value=8.0)]))


def test_what_the_edition_does_not_hold_comes_back_as_missing() -> None:
    report = ProtectedReport(pd.DataFrame([cell()]), pd.DataFrame(), DEPARTMENTS, {}, "d01")
    assert report.cell("exits", "total").value == 7.0
    assert report.cell("exits", "retirement").status == "missing"
    assert report.cell("exits", "total", department="all").status == "missing"
    assert report.keys("exits") == ["total"]
    with pytest.raises(KeyError):
        ProtectedReport(pd.DataFrame([cell()]), pd.DataFrame(), DEPARTMENTS, {}, "d02")
