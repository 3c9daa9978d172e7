"""A definition that changed between two editions is named, so that its series carries a break."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.edition.about import definition_breaks
from analysis.reference import definitions


def test_a_changed_formula_breaks_the_series_and_an_unchanged_one_does_not(tmp_path: Path) -> None:
    full_time, headcount = (dict(definitions()[name]) for name in ("full_time", "headcount"))
    full_time |= {"formula_sv": "en annan formel", "valid_from": "2020-01-01"}
    (tmp_path / "protected").mkdir()
    record = {"definitions": [full_time, headcount]}
    (tmp_path / "protected" / "about.json").write_text(json.dumps(record), encoding="utf-8")
    assert definition_breaks(str(tmp_path)) == [
        {"definition": "full_time", "since": "2025-01-01", "before": "2020-01-01"}
    ]


def test_the_first_edition_has_no_breaks() -> None:
    assert definition_breaks("") == []
