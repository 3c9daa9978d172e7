"""SKR's November layout, made here as far as it is publicly described, with numbers of the official test series."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analysis.extracts import load_manifest, read_delivery
from analysis.extracts.proposing import propose, write_proposal
from analysis.extracts.proposing.profiles import profiles

from ..town import KEY
from .people import official_numbers

AIDS = ["207024", "402010", "403010", "401010", "151012"]


def november(rows: int = 80) -> list[list[str]]:
    """Records of twenty fields; those not described hold zeros, as numerics do."""
    found = []
    for row, number in enumerate(official_numbers(rows, century=False)):
        record = ["0"] * 20
        record[:9] = [
            "0580", "", "2120000449", f"{10 + row % 8:05d}", "512", "", number, f"Efternamn{row}, F"[:20], AIDS[row % 5]
        ]  # fmt: skip
        record[12], record[14], record[15] = "", "AB", str(1 + row % 3)
        found.append(record)
    return found


def write(folder: Path, name: str, records: list[list[str]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes("".join(";".join(each) + "\r\n" for each in records).encode("cp1252"))
    return folder


def test_a_november_file_is_recognised_by_what_it_holds_and_mapped_by_position(tmp_path) -> None:
    proposal = propose(write(tmp_path / "d", "KN0580_2024.csv", november()))
    entry = tomllib.loads(proposal.text)["file"][0]
    assert entry["table"] == "snapshots"
    assert entry["header_row"] == 0
    assert entry["personnummer"] is True
    assert entry["columns"] == {"person": "7", "name_key": "8", "unit": "4", "aid": "9"}
    assert entry["constants"] == {"snapshot": "2024-11-01"}


def test_the_codes_of_the_form_of_employment_are_left_to_a_person(tmp_path) -> None:
    proposal = propose(write(tmp_path / "d", "KN0580_2024.csv", november()))
    assert '# form = "16"' in proposal.text
    assert any("field 16" in each and "look them up" in each for each in proposal.undecided)


def test_two_novembers_are_one_entry_and_read_as_they_are_proposed(tmp_path) -> None:
    folder = write(tmp_path / "d", "KN0580_2023.csv", november(70))
    write(folder, "KN0580_2024.csv", november(80))
    text = write_proposal(folder, propose(folder))
    head = '[delivery]\nmunicipality = "Provkommun"\nextracted = 2025-01-10\n'
    text.write_text(text.read_text(encoding="utf-8").replace("[delivery]\n", head, 1), encoding="utf-8")
    delivery = read_delivery(folder, key=KEY)
    assert delivery.ledger["accepted"].tolist() == [70, 80]
    assert sorted(delivery.tables["snapshots"]["snapshot"].astype("str").unique()) == ["2023-11-01", "2024-11-01"]
    assert delivery.tables["snapshots"]["birth"].notna().all()
    assert len(load_manifest(folder).file) == 1


@pytest.mark.parametrize("spoiled", ["number", "code", "fields"])
def test_a_file_that_only_resembles_it_is_not_taken_for_it(tmp_path, spoiled) -> None:
    records = november()
    for record in records:
        if spoiled == "number":
            record[6] = f"{int(record[6]) + 1:010d}"  # the check digit no longer fits
        elif spoiled == "code":
            record[8] = "12345"
    if spoiled == "fields":
        records = [record[:10] for record in records]
    proposal = propose(write(tmp_path / "d", "KN0580_2024.csv", records))
    assert "7" not in [
        each.get("columns", {}).get("person") for each in tomllib.loads(proposal.text).get("file", [])
    ] or (spoiled == "fields")
    assert not any("November" in each for each in proposal.undecided)


def test_every_profile_says_where_it_comes_from_in_both_languages() -> None:
    for profile in profiles():
        assert all(profile[name].strip() for name in ("id", "sv", "en", "source", "edition"))
        positions = [field["position"] for field in profile["field"]]
        assert positions == sorted(set(positions))
