"""Proposals for files that real institutions published. Real people: nothing of them is kept."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts.manifest import load_manifest
from analysis.extracts.proposing import Proposal, propose, write_proposal
from tests.extracts.proposing.people import official_numbers

pytestmark = pytest.mark.realdata


def copied(source: Path, folder: Path) -> Path:
    """The tables of a source, without what is said about them."""
    if not source.is_dir():
        pytest.skip(f"{source.name} is not beside the repository")
    folder.mkdir()
    for path in source.iterdir():
        if path.suffix in (".csv", ".xlsx"):
            shutil.copyfile(path, folder / path.name)
    return folder


@pytest.fixture(scope="module")
def baltimore(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Proposal]:
    folder = copied(shared_data / "baltimore_city_salaries", tmp_path_factory.mktemp("real") / "baltimore")
    return folder, propose(folder)


def test_six_yearly_lists_of_a_city_are_one_family_of_snapshots(baltimore) -> None:
    entries = tomllib.loads(baltimore[1].text)["file"]
    assert len(entries) == 1
    assert entries[0]["table"] == "snapshots"
    assert entries[0]["pattern"] == r"Baltimore_City_Employee_Salaries_FY(?P<year>\d{4})\.csv"
    assert entries[0]["columns"]["hired"] == ["HireDate", "HIRE_DT"]
    assert entries[0]["columns"]["pay"] == ["AnnualSalary", "ANNUAL_RT"]
    assert {"%m/%d/%y", "%m/%d/%y %H:%M", "%m/%d/%Y %I:%M:%S %p"} <= set(entries[0]["formats"]["hired"])


def test_who_is_one_person_and_which_day_a_list_is_of_are_left_to_a_person(baltimore) -> None:
    folder, proposal = baltimore
    said = "\n".join(proposal.undecided)
    assert "no column tells persons apart; is name_key + hired to be the key" in said
    assert "gives the year but not the day" in said
    assert '# person = ["name_key", "hired"]' in proposal.text
    text = write_proposal(folder, proposal).read_text(encoding="utf-8")
    with pytest.raises(InputError, match="municipality: is missing"):
        load_manifest(folder)
    settled = text.replace('# municipality = ""', 'municipality = "Baltimore"')
    settled = settled.replace('# extracted = "YYYY-MM-DD"', "extracted = 2017-11-01")
    (folder / "delivery.toml").write_text(settled, encoding="utf-8")
    with pytest.raises(InputError, match="the required column 'person' is not mapped"):
        load_manifest(folder)
    for line in ("[file.constants]", "snapshot =", "[file.keys]", "person ="):
        settled = settled.replace(f"# {line}", line)
    (folder / "delivery.toml").write_text(settled, encoding="utf-8")
    assert load_manifest(folder).file[0].keys == {"person": ["name_key", "hired"]}


def test_no_name_of_the_city_lists_is_written(baltimore) -> None:
    folder, proposal = baltimore
    names = pd.read_csv(next(folder.glob("*2015.csv")), dtype="str")["Name"].head(2000)
    assert not [name for name in names if name in proposal.text]


@pytest.mark.parametrize("source", ["skolverket_larare", "skl_personal_2008_2014", "aid_befattningskoder", "kolada"])
def test_public_statistics_and_code_lists_are_never_taken_for_employments(shared_data, tmp_path, source) -> None:
    folder = copied(shared_data / source, tmp_path / "d")
    for path in folder.iterdir():  # the first and the last year will do
        if any(year in path.name for year in ("2009", "2010", "2011", "2012", "2013", "2021", "2022")):
            path.unlink()
    proposal = propose(folder)
    assert {entry.table for entry in proposal.entries} <= {"volumes", "finance", "organisation"}
    assert len(proposal.unknown) >= 0.5 * sum(1 for _ in folder.iterdir())
    assert any("No file looks like employments" in each for each in proposal.undecided)
    text = write_proposal(folder, proposal).read_text(encoding="utf-8")
    assert text.count("# [[file]]") == len(proposal.unknown)
    with pytest.raises(InputError, match=r"municipality: is missing"):  # nothing is read before a person has decided
        load_manifest(folder)


def test_the_numbers_made_for_tests_are_all_of_the_official_test_series(shared_data) -> None:
    official = shared_data / "testpersonnummer" / "all_testpersonnummer_2024.csv"
    if not official.is_file():
        pytest.skip("the official test numbers are not beside the repository")
    series = set(pd.read_csv(official, dtype="str").iloc[:, 0])
    assert set(official_numbers(500)) <= series
