"""What a row about competence, or about the competence that is needed, is refused for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.extracts import read_delivery
from analysis.extracts.account.notices import reasons
from tests.extracts.rows.test_rules import broken
from tests.extracts.town import ANNA, FACTS, KEY, STAFF, lines

GOOD = {"occupation": "it_specialist", "model": "it_ladder", "step": 4, "share": 0.6}


def refused(**changes: object) -> set[str]:
    return {reason for reason, _ in broken("requirements", **(GOOD | changes))}


def test_a_ladder_a_competence_and_a_licence_may_be_required():
    assert refused() == set()
    assert refused(department="d1", share=None, staff=12.0) == set()
    assert refused(occupation="assistant_nurse", model="sprakombud", step=None) == set()
    assert refused(occupation="teacher_lower", model="qualified", step=None) == set()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "trappan"}, "unknown_model"),
        ({"occupation": "wizard", "model": "mi", "step": None}, "unknown_occupation"),
        ({"step": None}, "ladder_needs_step"),
        ({"step": 7}, "step_outside_ladder"),
        ({"occupation": "social_worker"}, "ladder_not_for_occupation"),
        ({"model": "qualified", "step": None}, "no_licence"),
        ({"occupation": "assistant_nurse", "model": "mi", "step": 2}, "step_without_ladder"),
        ({"share": None}, "share_or_staff"),
        ({"department": "d1", "staff": 3.0}, "share_or_staff"),
        ({"share": None, "staff": 3.0}, "staff_everywhere"),
        ({"share": None, "staff": 3.0, "department": "*"}, "staff_everywhere"),
    ],
)
def test_a_requirement_that_cannot_be_counted_is_set_aside_with_its_reason(changes, reason):
    assert refused(**changes) == {reason}
    assert all(reasons()[reason][language] for language in ("sv", "en"))


def test_on_a_ladder_somebody_stands_on_a_step_and_a_competence_is_there_or_not():
    day = pd.Timestamp("2025-05-01")

    def said(**columns: object) -> list[tuple[str, str]]:
        return broken("competence", assessed=day, **columns)

    assert said(model="it_ladder", step=6) == []
    assert said(model="mi", held=False) == []
    assert said(model="mi") == []
    assert said(model="it_ladder", step=7) == [("step_outside_ladder", "step")]
    assert said(model="it_ladder") == [("ladder_needs_step", "step")]
    assert said(model="it_ladder", step=2, held=True) == [("held_on_ladder", "held")]
    assert said(model="mi", step=2) == [("step_without_ladder", "step")]


REQUIRED = """
[occupations.names]
wizard = {sv = "trollkarlar", en = "wizards"}

[[file]]
table = "requirements"
path = "krav.csv"
decimal = ","
[file.columns]
occupation = "Yrke"
model = "Krav"
step = "Steg"
share = "Andel"
[[file]]
table = "competence"
path = "kompetens.csv"
[file.columns]
person = "Anställningsnr"
model = "Trappa"
step = "Steg"
assessed = "Bedömd"
"""


def test_bad_rows_are_quarantined_and_an_occupation_that_the_delivery_names_is_known(tmp_path: Path):
    (tmp_path / "delivery.toml").write_text(FACTS + STAFF + REQUIRED, encoding="utf-8")
    (tmp_path / "staff.csv").write_text(lines(ANNA), encoding="utf-8")
    rows = (
        "wizard;mi;;0,5",
        "it_specialist;it_ladder;4;0,6",
        "it_specialist;it_ladder;9;0,6",
        "wizard;mi;;50",
        "elf;mi;;0,5",
    )
    (tmp_path / "krav.csv").write_text(lines(*rows, header="Yrke;Krav;Steg;Andel"), encoding="utf-8")
    assessed = ("100231;it_ladder;2;2025-01-01", "100231;egen trappa;2;2025-01-01")
    text = lines(*assessed, header="Anställningsnr;Trappa;Steg;Bedömd")
    (tmp_path / "kompetens.csv").write_text(text, encoding="utf-8")
    delivery = read_delivery(tmp_path, key=KEY)
    assert delivery.tables["requirements"]["occupation"].tolist() == ["wizard", "it_specialist"]
    assert delivery.tables["requirements"]["department"].isna().all()
    found = delivery.quarantine.set_index("source_row")["reason"].to_dict()
    assert found == {4: "step_outside_ladder", 5: "out_of_range", 6: "unknown_occupation"}
    notice = next(each for each in delivery.warnings if each.startswith("competence:"))
    assert "egen trappa (1)" in notice
    assert "1 rad om okända trappor" in notice.sv
