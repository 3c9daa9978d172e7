"""Extracts of strangers: always a skeleton, every column accounted for, and what can be read is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.extracts import Delivery, Notice, read_delivery
from analysis.extracts.proposing import Proposal, propose, write_proposal
from analysis.extracts.proposing.words import meaning, value_words

from ..town import KEY
from .strangers import EXTRACTS, write
from .test_columns import employees
from .test_columns import write as write_plain
from .test_command import run

READ_AS = {
    "attrition": {"snapshots"},
    "hr_set": {"employments", "exits"},
    "payroll": {"snapshots"},
    "retailer": {"snapshots", "exits"},
    "careers": {"employments", "exits"},
    "careers_by_year": {"employments", "exits"},
    "staff_list": {"employments", "exits"},
    "wizard": {"employments", "exits"},
    "leavers": {"exits"},
    "nhs": {"employments", "exits"},
    "agda": {"employments", "exits"},
    "stock": set(),
}
LEFT = {
    "hr_set": 27,
    "retailer": 10,
    "careers": 40,
    "careers_by_year": 40,
    "staff_list": 20,
    "wizard": 20,
    "leavers": 80,
    "nhs": 16,
    "agda": 20,
}


def settled(folder: Path, proposal: Proposal) -> Delivery:
    """The delivery after a person has answered what the proposal asks of every extract."""
    path = write_proposal(folder, proposal)
    text = path.read_text(encoding="utf-8").replace('# municipality = "" ', 'municipality = "Prov"')
    text = text.replace('# extracted = "YYYY-MM-DD"', "extracted = 2025-01-10")
    text = text.replace("# [file.constants]", "[file.constants]")
    text = text.replace('# snapshot = "YYYY-MM-DD"', 'snapshot = "2024-12-31"')
    path.write_text(text, encoding="utf-8")
    return read_delivery(folder, key=KEY)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", EXTRACTS)
def test_every_column_of_every_file_is_mapped_or_listed_with_the_reason(tmp_path, name, delimiter) -> None:
    write(tmp_path / "d", name, delimiter=delimiter)
    proposal = propose(tmp_path / "d", language="en")
    content = tomllib.loads(proposal.text)
    assert {entry["table"] for entry in content.get("file", [])} == READ_AS[name]
    mapped = {header for entry in content.get("file", []) for header in entry["columns"].values()}
    listed = dict(re.findall(r'(?m)^#   "(.+?)": (\S.*)$', proposal.text))
    assert mapped | listed.keys() == set(EXTRACTS[name]()[0])
    assert not mapped & listed.keys()


@pytest.mark.parametrize("name", [name for name in EXTRACTS if READ_AS[name]])
def test_once_the_open_questions_are_answered_the_proposal_reads_every_row(tmp_path, name) -> None:
    write(tmp_path / "d", name)
    found = settled(tmp_path / "d", propose(tmp_path / "d"))
    assert found.records["quarantined"] == 0
    assert set(found.tables) == READ_AS[name]
    if name in LEFT:
        assert found.tables["exits"]["cause"].notna().all()
        assert "unknown" not in set(found.tables["exits"]["cause"])
        assert len(found.tables["exits"]) == LEFT[name]


@pytest.mark.parametrize("name", ["hr_set", "staff_list"])
def test_names_and_telephones_never_reach_the_proposal(tmp_path, name) -> None:
    write(tmp_path / "d", name)
    proposal = propose(tmp_path / "d")
    header, rows = EXTRACTS[name]()
    for each in ("Employee_Name", "Namn", "Telefon", "Personnr", "DOB", "EmpID"):
        if each in header:
            assert not [row for row in rows if row[header.index(each)] in proposal.text + proposal.screen("sv")]


def test_years_of_birth_count_from_the_middle_of_the_year_and_check_says_so(tmp_path) -> None:
    write(tmp_path / "d", "careers")
    proposal = propose(tmp_path / "d", language="en")
    assert "all count as born on 1 July" in "\n".join(proposal.undecided)
    found = settled(tmp_path / "d", proposal)
    births = found.tables["employments"]["birth"]
    assert set(births.dt.month) == {7}
    written = sorted(int(row[3]) for row in EXTRACTS["careers"]()[1])
    assert sorted(births.dt.year) == written
    assert any("births are years only" in each for each in found.warnings)


def test_years_instead_of_days_count_from_the_middle_of_the_year_and_are_doubted(tmp_path) -> None:
    write(tmp_path / "d", "careers_by_year")
    proposal = propose(tmp_path / "d", language="en")
    assert {"start is years only", "end is years only"} <= set(
        re.findall(r"\w+ is years only", "\n".join(proposal.undecided))
    )
    found = settled(tmp_path / "d", proposal)
    rows = EXTRACTS["careers_by_year"]()[1]
    spells, exits = found.tables["employments"], found.tables["exits"]
    assert set(spells["start"].dt.month) | set(spells["end"].dropna().dt.month) | set(exits["date"].dt.month) == {7}
    assert sorted(spells["start"].dt.year) == sorted(int(row[1]) for row in rows)
    assert sorted(exits["date"].dt.year) == sorted(int(row[2]) for row in rows if row[2])
    doubted = [each for each in found.warnings if isinstance(each, Notice) and each.doubt]
    assert sum("is years only and counts as 1 July" in each for each in doubted) >= 2


def test_what_a_file_cannot_say_is_assumed_in_the_open(tmp_path) -> None:
    write(tmp_path / "d", "careers")
    proposal = propose(tmp_path / "d", language="en")
    entry = tomllib.loads(proposal.text)["file"][0]
    assert entry["constants"] == {"form": "permanent", "unit": "alla"}
    said = "\n".join(proposal.undecided)
    assert "no column says the form of employment; all were assumed to be permanent" in said
    assert "no column says the unit" in said


def test_a_list_whose_day_nobody_says_is_not_read_until_it_is_named(tmp_path) -> None:
    write(tmp_path / "d", "attrition")
    proposal = propose(tmp_path / "d", language="en")
    assert "no column says which day the list is of" in "\n".join(proposal.undecided)
    text = write_proposal(tmp_path / "d", proposal).read_text(encoding="utf-8")
    text = text.replace('# municipality = "" ', 'municipality = "P"')
    text = text.replace('# extracted = "YYYY-MM-DD"', "extracted = 2025-01-10")
    (tmp_path / "d" / "delivery.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the required column 'snapshot' is not mapped"):
        read_delivery(tmp_path / "d", key=KEY)


def test_a_fiscal_year_becomes_its_last_day_and_is_asked_about(tmp_path) -> None:
    write(tmp_path / "d", "payroll")
    proposal = propose(tmp_path / "d", language="en")
    assert "31 December was assumed" in "\n".join(proposal.undecided)
    days = settled(tmp_path / "d", proposal).tables["snapshots"]["snapshot"]
    assert sorted({str(day.date()) for day in days}) == [f"{year}-12-31" for year in range(2021, 2025)]


def test_reasons_without_a_date_and_reasons_beside_a_list_of_exits_are_told(tmp_path) -> None:
    header, rows = employees(Avgångsorsak=["Egen begäran" if row % 3 == 0 else "" for row in range(60)])
    end = header.index("T o m")
    cut = [[*row[:end], *row[end + 1 :]] for row in rows]
    write_plain(tmp_path / "undated", "personal.csv", [*header[:end], *header[end + 1 :]], cut)
    proposal = propose(tmp_path / "undated")
    assert "no end date says when somebody left" in "\n".join(proposal.undecided)
    write_plain(tmp_path / "twice", "personal.csv", header, rows)
    leavers = [[row[0], "2024-12-31", "Egen begäran"] for row in rows if row[end]]
    write_plain(tmp_path / "twice", "avgangar.csv", ["Anst.nr", "Sista anställningsdag", "Avgångsorsak"], leavers)
    proposal = propose(tmp_path / "twice")
    assert [entry.table for entry in proposal.entries] == ["employments", "exits"]
    assert "is not used, for avgangar.csv holds the exits" in "\n".join(proposal.undecided)


def test_a_sheet_of_a_workbook_feeds_two_tables_too(tmp_path) -> None:
    import pandas as pd

    (tmp_path / "d").mkdir()
    header, rows = EXTRACTS["nhs"]()
    with pd.ExcelWriter(tmp_path / "d" / "uttag.xlsx") as book:
        pd.DataFrame([["Om", "uttaget"]]).to_excel(book, sheet_name="Info", index=False, header=False)
        pd.DataFrame(rows, columns=header).to_excel(book, sheet_name="Data", index=False)
    found = settled(tmp_path / "d", propose(tmp_path / "d"))
    assert set(found.tables) == {"employments", "exits"}
    assert len(found.tables["exits"]) == LEFT["nhs"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Voluntary Resignation - Relocation", "resignation"),
        ("Retirement Age", "retirement"),
        ("Egen uppsägning, flyttar", "resignation"),
        ("Ålderspension 65 år", "retirement"),
        ("Not retired", None),
        ("Ej pension", None),
        ("Resignation in lieu of dismissal", None),
        ("Uppsägning", None),
    ],
)
def test_a_reason_among_other_words_is_understood_unless_it_is_denied_or_contradicted(text, cause) -> None:
    found = meaning(text, value_words("exits", "cause"), among=True)
    assert (found[0] if found else None) == cause


def test_the_command_writes_for_every_extract(tmp_path, monkeypatch, capsys) -> None:
    for name in EXTRACTS:
        write(tmp_path / name, name)
        assert run(monkeypatch, str(tmp_path / name), "--propose") == 0
        assert (tmp_path / name / "delivery.toml").is_file(), name
        assert "Att avgöra" in capsys.readouterr().out
