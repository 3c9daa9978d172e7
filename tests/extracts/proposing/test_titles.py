"""Titles without AID: the occupation they are called like is proposed, the others are asked for."""

from __future__ import annotations

import tomllib

import pytest

from analysis.extracts.proposing import propose
from analysis.extracts.proposing.titles import _occupation

HEADER = "Anstnr;Enhet;Befattning;Anställningsform;Sysselsättningsgrad;Anställd från;Slutdatum"


@pytest.mark.parametrize(
    ("title", "occupation"),
    [
        ("Undersköterska", "assistant_nurse"), ("Leg. sjuksköterska", "nurse"), ("Förskollärare", "preschool_teacher"),
        ("Barnskötare natt", "childcare_worker"), ("Personlig assistent", "personal_assistant"), ("Kock", "kitchen"),
        ("Lärare", ""), ("Undersköterska/samordnare", ""), ("Vaktmästare", ""), ("Sjuksköterskestudent", ""),
    ],
)  # fmt: skip
def test_a_title_names_the_occupation_it_is_called_like(title, occupation):
    found, sure = _occupation(title)
    assert bool(found) == bool(occupation)
    assert (sure > 0.5) == bool(occupation)


def test_a_proposal_writes_rules_for_titles_it_knows_and_asks_for_the_rest(tmp_path):
    titles = ["Undersköterska"] * 6 + ["Vaktmästare"] * 4 + ["Spökskrivare"]
    rows = [f"A{n:04d};E{n % 2};{each};Tillsvidare;100;2018-02-{n + 1:02d};" for n, each in enumerate(titles)]
    (tmp_path / "anst.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    proposal = propose(tmp_path, language="sv")
    read = tomllib.loads(proposal.text)
    assert [each["matches"] for each in read["occupations"]["rules"]] == ["^Undersköterska$"]
    assert '# matches = "^Vaktmästare$"' in proposal.text
    assert "Spökskrivare" not in proposal.text  # one person's title
    assert any("'Vaktmästare' (4)" in each.text("sv") for each in proposal.undecided)


def test_a_list_with_aid_needs_no_rules(tmp_path):
    rows = [f"A{n:04d};E{n % 2};Undersköterska;207011;Tillsvidare;100;2018-02-{n + 1:02d};" for n in range(9)]
    header = HEADER.replace("Befattning;", "Befattning;AID;")
    (tmp_path / "anst.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert "occupations.rules" not in propose(tmp_path, language="sv").text
