"""What earlier editions published is kept from edition to edition; an edition never tells of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis.edition.earlier_forecasts import RESULT, said_before, said_result
from analysis.tables.protected import check_cells
from tests.publishing import fixture

DEPARTMENTS = ["d0101", "d0102"]


def edition(root: Path, period: str, expected: float, after: Path | None = None, name: str = "") -> Path:
    """The protected folder of an edition that expects so many leavers, made after another one."""
    folder = root / (name or f"sample-{period}")
    (folder / "protected").mkdir(parents=True)
    (folder / "protected/about.json").write_text(json.dumps({"period": period, "edition": folder.name}), "utf-8")
    rows = []
    for key in ("all", *DEPARTMENTS, "d0201"):
        at = {"department": key, "sensitivity": "forecast", "n": 200}
        rows.append(fixture.cell("leavers", "total", "12m", expected, low=expected - 5, high=expected + 5, **at))
    rows.append(fixture.withheld("leavers", "resignation", "12m", department="d0101"))
    carried = said_before(str(after) if after else "", edition=folder.name, period=period, departments=DEPARTMENTS)
    cells = check_cells(pd.concat([pd.DataFrame(rows), carried], ignore_index=True))
    cells.to_parquet(folder / "protected/cells.parquet", index=False)
    return folder


def heard(after: Path, period: str, name: str = "") -> dict[str, float]:
    """What the whole organisation was told by period."""
    found = said_before(str(after), edition=name or f"sample-{period}", period=period, departments=DEPARTMENTS)
    return dict(found.loc[found["department"] == "all", ["row", "value"]].to_numpy())


def test_every_earlier_edition_is_carried_on(tmp_path: Path) -> None:
    first = edition(tmp_path, "2023-12", 40.0)
    second = edition(tmp_path, "2024-12", 50.0, after=first)
    assert heard(second, "2025-12") == {"2023-12": 40.0, "2024-12": 50.0}


def test_a_rebuild_leaves_itself_out_and_what_came_later(tmp_path: Path) -> None:
    first = edition(tmp_path, "2023-12", 40.0)
    second = edition(tmp_path, "2024-12", 50.0, after=first)
    third = edition(tmp_path, "2025-12", 60.0, after=second)
    assert heard(third, "2025-12") == heard(second, "2025-12")
    assert heard(third, "2024-12") == {"2023-12": 40.0}
    assert heard(third, "2026-12", name="sample-2025-12") == {"2023-12": 40.0, "2024-12": 50.0}


def test_of_two_editions_of_one_period_the_later_counts(tmp_path: Path) -> None:
    first = edition(tmp_path, "2023-12", 40.0)
    again = edition(tmp_path, "2023-12", 44.0, after=first, name="corrected-2023-12")
    assert heard(again, "2024-12") == {"2023-12": 44.0}


def test_only_what_was_published_and_only_departments_with_a_report(tmp_path: Path) -> None:
    found = said_before(str(edition(tmp_path, "2024-12", 50.0)), edition="x", period="2025-12", departments=DEPARTMENTS)
    assert set(found["status"]) == {"published"}
    assert set(found["department"]) == {"all", *DEPARTMENTS}
    assert set(found["column"]) == {"total"}
    assert said_before("", edition="x", period="2025-12", departments=DEPARTMENTS).empty


def test_the_result_stands_beside_the_recomputed_forecast_and_the_outcome(tmp_path: Path) -> None:
    found = said_before(str(edition(tmp_path, "2024-12", 50.0)), edition="x", period="2025-12", departments=DEPARTMENTS)
    record = pd.DataFrame(
        [
            ("2024-12", 12, "all", "total", 47.0, 40.0, 55.0, 52.0, 45.0, 900.0),
            ("2024-12", 36, "all", "total", 140.0, 120.0, 160.0, 150.0, 130.0, 900.0),
        ],
        columns=[
            "origin",
            "horizon_months",
            "department",
            "cause",
            "expected",
            "low",
            "high",
            "observed",
            "yardstick",
            "n",
        ],
    )
    table = said_result(found, record)
    assert list(table.columns) == RESULT
    whole = table[table["department"] == "all"].iloc[0]
    assert (whole["expected"], whole["recomputed"], whole["observed"]) == (50.0, 47.0, 52.0)
    assert table.loc[table["department"] == "d0101", "observed"].isna().all()
    assert said_result(found, record.iloc[:0])["observed"].isna().all()
    assert said_result(said_before("", edition="x", period="2025-12", departments=[]), record).empty
