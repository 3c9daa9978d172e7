"""A definition that changed between two editions is named, so that its series carries a break."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.edition.about import definition_breaks, doubted, next_edition
from analysis.edition.register import sizes
from analysis.extracts.account.notices import Notice
from analysis.extracts.quality.wording import Share, said
from analysis.reference import definitions, policy


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


@pytest.mark.parametrize(
    ("period", "extracted", "month"),
    [
        ("2025-12", "2026-01-07", "2026-04"), ("2025-12", "2026-04-30", "2026-08"),
        ("2024-12", "2026-01-07", "2026-04"),
        ("2025-12", "2025-12-31", "2026-04"),
    ],
)  # fmt: skip
def test_the_next_edition_comes_after_the_cut_off_and_the_extract(period: str, extracted: str, month: str) -> None:
    assert next_edition(period, extracted, months_between=4) == month


class Kept:
    """What the record of doubts is made from."""

    policy = policy()

    def __init__(self, staff: int, doubts: list[dict[str, object]]) -> None:
        self.staff, self.doubts = staff, doubts

    def facts(self, name: str) -> dict[str, object]:
        return {"delivery": {"quality": {"doubts": self.doubts}}, "workforce": {"doubted": self.doubts[:1]}}[name]

    def need(self, name: str) -> pd.DataFrame:
        return pd.DataFrame({"at_risk": [self.staff]})


def test_a_doubt_is_named_from_its_stated_size_on_and_only_by_kind() -> None:
    doubts = [{"kind": "mass_exits", "persons": 20}, {"kind": "pay_small", "persons": 0}]
    assert doubted(Kept(400, doubts)) == {"mass_exits": 2, "pay_small": 1}  # type: ignore[arg-type]
    assert doubted(Kept(4000, doubts)) == {"pay_small": 1}  # type: ignore[arg-type]
    few = [{"kind": "mass_exits", "persons": policy().doubts.min_persons - 1}]
    assert doubted(Kept(30, few)) == {}  # type: ignore[arg-type]


def test_what_is_kept_of_a_doubt_has_no_words() -> None:
    notice = said("mass_exits", key="", day="2025-03-31", now=30, then=100, began=0, share=Share(0.3)).sized(30)
    assert sizes([notice, Notice(sv="x", en="x", doubt=True, persons=3)]) == [
        {"kind": "mass_exits", "persons": 30}, {"kind": "other", "persons": 3},
    ]  # fmt: skip
