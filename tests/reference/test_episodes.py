"""Rules of episodes that a delivery changes are told wherever the edition says what it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.extracts import read_delivery
from analysis.reference.episodes import Rules
from analysis.sections.methods.passport import _changed_rules

MANIFEST = """
[delivery]
name = "d"
municipality = "Exempel"
extracted = 2026-01-05

[episodes]
gap_days = 14
conversion = false
internal_move = "department"

[[episodes.transfers]]
date = 2024-07-01
units = ["u7"]
direction = "out"

[[file]]
table = "employments"
path = "e.csv"
[file.columns]
person = "nr"
unit = "enhet"
form = "form"
start = "from"
birth = "birth"
sex = "sex"
"""


def folder(tmp_path: Path, manifest: str = MANIFEST) -> Path:
    (tmp_path / "delivery.toml").write_text(manifest, encoding="utf-8")
    (tmp_path / "e.csv").write_text(
        "nr,enhet,form,from,birth,sex\n1,u1,permanent,2020-01-01,1980-01-01,F\n", encoding="utf-8"
    )
    return tmp_path


def test_the_account_of_a_delivery_names_what_it_changes_and_nothing_else(tmp_path: Path) -> None:
    found = read_delivery(folder(tmp_path), key=b"k" * 32)
    swedish = [getattr(notice, "sv", "") for notice in found.warnings]
    assert "Regeln ”Korta uppehåll” är ändrad i delivery.toml: 14 i stället för 31." in swedish
    assert "Regeln ”Visstid till tillsvidare” är ändrad i delivery.toml: nej i stället för ja." in swedish
    assert "Undertaking handed over on 2024-07-01 as delivery.toml says: u7." in found.warnings
    assert not any("Interna byten" in text for text in swedish)
    # what is kept of them is plain data, and says the same when it is read again
    assert Rules.of(found.manifest.episodes).record() == found.manifest.episodes


def test_the_passport_names_the_changed_rules_in_both_languages() -> None:
    stated = Rules.of({"gap_days": 14, "conversion": False}).record()
    shown = _changed_rules(stated)
    assert shown is not None
    assert shown.sv == "Visstid till tillsvidare: nej; Korta uppehåll: 14"
    assert shown.en == "Temporary to permanent: no; Short breaks: 14"
    assert _changed_rules({}) is None


def test_an_unknown_rule_stops_the_delivery_in_one_sentence(tmp_path: Path) -> None:
    wrong = MANIFEST.replace("gap_days", "gap_dagar")
    with pytest.raises(InputError, match=r"delivery.toml: episodes: .*gap_dagar cannot be set"):
        read_delivery(folder(tmp_path, wrong), key=b"k" * 32)
