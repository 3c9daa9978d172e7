"""Departments are known as soon as the units are read, so that a wrong name is refused before the history is made."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.stages.workforce import known_departments
from analysis.tables import keys


def workspace(folder: Path) -> Path:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    pd.DataFrame({"unit": ["u1", "u1", "u2"]}).to_parquet(tables / "employments.parquet")
    organisation = pd.DataFrame(
        {"unit": ["k", "d1", "u1", "u2"], "parent": [None, "k", "d1", "d1"], "name": ["K", "D", "U", "V"]}
    ).assign(level=["kommun", "avdelning", "enhet", "enhet"], name_en=None, successor=None)
    days = pd.Series(pd.NaT, organisation.index, dtype="datetime64[us]")
    organisation.assign(valid_from=days, valid_to=days).to_parquet(tables / "organisation.parquet")
    pd.DataFrame({"key": ["d1"], "code": ["D 1"]}).to_parquet(tables / "units.parquet")
    (tables / "delivery.json").write_text(json.dumps({"level": "avdelning"}), encoding="utf-8")
    return folder


def test_departments_are_named_by_key_and_code_before_the_history_is_made(tmp_path: Path) -> None:
    known = known_departments(workspace(tmp_path), "2025-12")
    assert known["d1"] == "D 1"
    assert keys.named("D 1", known) == "d1"
    with pytest.raises(InputError, match="is not in this delivery; it has"):
        keys.named("u7", known)


def test_what_the_workforce_stage_kept_holds(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    pd.DataFrame({"key": ["d9"], "code": ["9"]}).to_parquet(folder / "tables" / "departments.parquet")
    assert known_departments(folder, "2025-12") == {"d9": "9"}
