"""What single columns and files become: keys, dates, rates, families; and what is never written."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.extracts import read_delivery
from analysis.extracts.files.layout import Layout, detect
from analysis.extracts.proposing import Proposal, files, propose, write_proposal

from ..town import KEY
from .people import official_numbers

AIDS = ["402010", "207024"]
FORMS = ["Tillsvidare", "Vikariat", "Timavlönad"]


def write(folder: Path, name: str, header: list[str], rows: list[list[str]], *, delimiter: str = ";") -> None:
    folder.mkdir(exist_ok=True)
    lines = [delimiter.join(row) for row in [header, *rows]]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def employees(rows: int = 60, **replaced: list[str]) -> tuple[list[str], list[list[str]]]:
    """A plain list of employments; a column is replaced or added by its header."""
    columns = {
        "Anställningsnr": [f"{100200 + 7 * row}" for row in range(rows)],
        "Enhet": [f"e{row % 6}" for row in range(rows)],
        "Anställningsform": [FORMS[row % 3] for row in range(rows)],
        "Sysselsättningsgrad": [("100", "75", "50")[row % 3] for row in range(rows)],
        "Fr o m": [f"20{10 + row % 12}-{1 + row % 12:02d}-{13 + row % 14:02d}" for row in range(rows)],
        "T o m": ["" if row % 3 else "2024-12-31" for row in range(rows)],
    } | replaced
    return list(columns), [list(cells) for cells in zip(*columns.values(), strict=True)]


def proposed(folder: Path, **replaced: list[str]) -> tuple[Proposal, dict]:
    """The proposal for a folder with one list of employments, and its only entry as the build would read it."""
    write(folder, "personal.csv", *employees(**replaced))
    return read(folder)


def read(folder: Path) -> tuple[Proposal, dict]:
    proposal = propose(folder)
    return proposal, tomllib.loads(proposal.text)["file"][0]


def questions(proposal: Proposal) -> str:
    return "\n".join(proposal.undecided)


@pytest.mark.parametrize(
    ("cells", "factor"),
    [
        (["1,00", "0,75", "0,5"], None),
        (["100", "75", "50"], 0.01),
        (["1000", "750", "500"], 0.001),
        (["100 %", "75 %", "50 %"], 0.01),
    ],
)
def test_rates_may_be_fractions_per_cent_or_per_mille(tmp_path, cells, factor) -> None:
    _, entry = proposed(tmp_path / "d", Sysselsättningsgrad=[cells[row % 3] for row in range(60)])
    assert entry.get("scale", {}).get("rate") == factor


@pytest.mark.parametrize("cells", [("0,5", "90", "5000"), ("75", "1,0", "50")])
def test_rates_on_no_known_scale_are_left_to_a_person(tmp_path, cells) -> None:
    cells = [cells[row % 3] for row in range(60)]
    proposal, entry = proposed(tmp_path / "d", Sysselsättningsgrad=cells)
    assert "rate" not in entry.get("columns", {}) or "scale" not in entry
    assert "rate" in questions(proposal) or "sysselsättningsgrad" in questions(proposal)


def test_a_column_of_personal_numbers_is_found_under_any_header_and_gives_birth_and_sex(tmp_path) -> None:
    numbers = official_numbers(60)
    header, rows = employees(Födelsedatum=[f"{each[:4]}-{each[4:6]}-{each[6:8]}" for each in numbers])
    header[0] = "Ident"
    write(
        tmp_path / "d", "personal.csv", header, [[number, *row[1:]] for number, row in zip(numbers, rows, strict=True)]
    )
    _, entry = read(tmp_path / "d")
    assert entry["personnummer"] is True
    assert entry["columns"]["person"] == "Ident"
    assert "birth" not in entry["columns"]


def test_numbers_that_lost_their_zeros_keep_the_birth_date_that_proves_them(tmp_path) -> None:
    numbers = official_numbers(60)
    numbers[:3] = ["200001012384", "200312042385", "200501012389"]
    header, rows = employees(Födelsedatum=[f"{each[:4]}-{each[4:6]}-{each[6:8]}" for each in numbers])
    header[0] = "Personnummer"
    spoiled = [[str(int(number[2:])), *row[1:]] for number, row in zip(numbers, rows, strict=True)]
    write(tmp_path / "d", "personal.csv", header, spoiled)
    proposal, entry = read(tmp_path / "d")
    assert entry["columns"]["birth"] == "Födelsedatum"
    text = write_proposal(tmp_path / "d", proposal)
    head = '[delivery]\nmunicipality = "Provkommun"\nextracted = 2025-01-10\n'
    text.write_text(text.read_text(encoding="utf-8").replace("[delivery]\n", head, 1), encoding="utf-8")
    delivery = read_delivery(tmp_path / "d", key=KEY)
    assert delivery.ledger[["accepted", "quarantined"]].to_numpy().tolist() == [[60, 0]]
    assert delivery.rules.set_index("rule").loc["leading_zeros_restored", "rows"] == 3


@pytest.mark.parametrize(
    ("header", "promises"), [("Personnummer", True), ("Personal number", True), ("Personalnr", False)]
)
def test_a_header_that_promises_personal_numbers_and_holds_none_is_said(tmp_path, header, promises) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    text = (tmp_path / "d" / "personal.csv").read_text(encoding="utf-8").replace("Anställningsnr", header, 1)
    (tmp_path / "d" / "personal.csv").write_text(text, encoding="utf-8")
    proposal, entry = read(tmp_path / "d")
    assert "personnummer" not in entry
    assert ("heter som ett personnummer" in "\n".join(each.sv for each in proposal.undecided)) == promises


def test_american_dates_get_their_format_and_ambiguous_ones_a_question(tmp_path) -> None:
    clear = [f"{1 + row % 12:02d}/{13 + row % 14:02d}/2015" for row in range(60)]
    _, entry = proposed(tmp_path / "clear", **{"Fr o m": clear})
    assert entry["formats"]["start"] == ["%m/%d/%Y"]
    unclear = [f"{1 + row % 12:02d}/{1 + (row * 5) % 12:02d}/2015" for row in range(60)]
    proposal, entry = proposed(tmp_path / "unclear", **{"Fr o m": unclear})
    assert "start" not in entry.get("formats", {})
    assert "# start = [" in proposal.text
    assert "both as %d/%m/%Y and as %m/%d/%Y" in questions(proposal)


def test_a_column_with_the_right_name_and_wrong_cells_is_not_taken(tmp_path) -> None:
    proposal, entry = proposed(tmp_path / "d", **{"T o m": [f"lokal {row % 9}" for row in range(60)]})
    assert "end" not in entry["columns"]
    assert "'T o m' is called as end but its cells are not dates" in questions(proposal)


def test_day_numbers_of_a_spreadsheet_are_said_to_be_so(tmp_path) -> None:
    proposal, entry = proposed(tmp_path / "d", **{"Fr o m": [f"{38000 + 17 * row}" for row in range(60)]})
    assert "start" not in entry["columns"]
    assert "'Fr o m' is called as start but its cells are a spreadsheet's day numbers" in questions(proposal)


def test_a_file_with_headers_and_no_rows_is_said_to_be_so(tmp_path) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    write(tmp_path / "d", "avgangar.csv", ["Anställningsnr", "Slutdatum", "Avgångsorsak"], [])
    assert "avgangar.csv: has headers but no rows and was left out" in questions(propose(tmp_path / "d"))


def test_two_headers_never_become_the_same_column_and_the_choice_is_said(tmp_path) -> None:
    later = [f"20{11 + row % 12}-01-15" for row in range(60)]
    proposal, entry = proposed(tmp_path / "d", Startdatum=later)
    headers = list(entry["columns"].values())
    assert len(headers) == len(set(headers))
    assert "'Fr o m'" in questions(proposal)
    assert "'Startdatum'" in questions(proposal)
    line = next(line for line in proposal.text.splitlines() if line.startswith("start ="))
    assert int(line.split("#")[1].split()[0]) < 80


def test_what_a_table_must_have_and_no_column_gives_is_a_commented_line_and_a_sentence(tmp_path) -> None:
    header, rows = employees()
    place = header.index("Enhet")
    write(
        tmp_path / "d",
        "anstallningar.csv",
        [*header[:place], *header[place + 1 :]],
        [r[:place] + r[place + 1 :] for r in rows],
    )
    proposal, entry = read(tmp_path / "d")
    assert "unit" not in entry["columns"]
    assert "# unit = " in proposal.text
    assert "no column for unit, which employments must have" in questions(proposal)


def test_yearly_lists_become_one_entry_with_a_pattern_and_the_day_in_their_names(tmp_path) -> None:
    header, rows = employees()
    for year in (2021, 2022, 2023):
        write(tmp_path / "d", f"Personal {year}-11-01.csv", header[:4], [row[:4] for row in rows])
    _, entry = read(tmp_path / "d")
    assert entry["table"] == "snapshots"
    assert entry["pattern"] == r"Personal\ (?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\.csv"
    assert entry["constants"] == {"snapshot": "{year}-{month}-{day}"}


def test_headers_that_change_from_year_to_year_become_alternatives(tmp_path) -> None:
    header, rows = employees()
    write(tmp_path / "d", "Personal_20211101.csv", header[:4], [row[:4] for row in rows])
    write(tmp_path / "d", "Personal_20221101.csv", ["Anst.nr", *header[1:4]], [row[:4] for row in rows])
    _, entry = read(tmp_path / "d")
    assert entry["columns"]["person"] == ["Anställningsnr", "Anst.nr"]


def test_the_number_that_the_other_files_hold_becomes_the_person(tmp_path) -> None:
    header, rows = employees(Personnummer=official_numbers(60))
    write(tmp_path / "d", "anstallningar.csv", header, rows)
    leavers = [[row[0], "2024-12-31", "Egen begäran"] for row in rows[:30]]
    write(tmp_path / "d", "avgangar.csv", ["Anst.nr", "Sista anställningsdag", "Avgångsorsak"], leavers)
    proposal = propose(tmp_path / "d")
    entries = {each["table"]: each for each in tomllib.loads(proposal.text)["file"]}
    assert entries["employments"]["columns"]["person"] == "Anställningsnr"
    assert entries["exits"]["columns"]["person"] == "Anst.nr"


def test_no_cell_about_a_person_is_ever_written(tmp_path) -> None:
    numbers = official_numbers(60)
    reasons = ["Egen begäran"] * 50 + [f"Anna Ek {row} flyttade till Ystad" for row in range(10)]
    names = [f"Ek{row}, Anna" for row in range(60)]
    rows = [list(each) for each in zip(numbers, names, ["2024-12-31"] * 60, reasons, strict=True)]
    header = ["Personnummer", "Namn", "Sista anställningsdag", "Avgångsorsak"]
    write(tmp_path / "d", "avgangar.csv", header, rows)
    write(tmp_path / "d", "anstallningar.csv", *employees(Anställningsnr=numbers, Chef=names))
    proposal = propose(tmp_path / "d")
    written = proposal.text + proposal.screen("sv") + proposal.screen("en")
    for private in (*numbers, *names, "Ystad", numbers[0][2:]):
        assert private not in written
    assert "10 rows" in questions(proposal)


def test_a_file_without_header_never_has_its_first_person_taken_for_headers(tmp_path) -> None:
    numbers = official_numbers(60)
    _, rows = employees(Anställningsnr=numbers)
    write(tmp_path / "d", "personal.csv", rows[0], rows[1:])
    proposal = propose(tmp_path / "d")
    assert numbers[0] not in proposal.text + proposal.screen("sv")


def test_unknown_words_that_are_frequent_are_offered_as_comments(tmp_path) -> None:
    forms = [("Tillsvidare", "Trygghetsanställd")[row % 2] for row in range(60)]
    proposal, entry = proposed(tmp_path / "d", Anställningsform=forms)
    assert entry["values"]["form"] == {"Tillsvidare": "permanent"}
    assert '# "Trygghetsanställd" = ""' in proposal.text
    assert "permanent, temporary, hourly" in proposal.text


def test_codes_of_sex_are_not_interpreted(tmp_path) -> None:
    proposal, entry = proposed(tmp_path / "d", Kön=[str(1 + row % 2) for row in range(60)])
    assert not entry["values"].get("sex")
    assert "sex" in questions(proposal)


def test_fixed_width_text_with_zero_filled_rates_per_mille_reads_as_proposed(tmp_path) -> None:
    header, rows = employees(Sysselsättningsgrad=[("1000", "0750", "0500")[row % 3] for row in range(60)])
    widths = [16, 8, 20, 22, 12, 12]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, *rows]]
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "pensionsfil_anst.txt").write_text("\n".join(lines) + "\n", encoding="cp1252")
    text = write_proposal(folder, propose(folder))
    entry = tomllib.loads(text.read_text(encoding="utf-8"))["file"][0]
    assert entry["format"] == "fixed"
    assert entry["scale"] == {"rate": 0.001}
    head = '[delivery]\nmunicipality = "Provkommun"\nextracted = 2025-01-10\n'
    text.write_text(text.read_text(encoding="utf-8").replace("[delivery]\n", head, 1), encoding="utf-8")
    delivery = read_delivery(folder, key=KEY)
    assert delivery.records["accepted"] == 60
    assert sorted(delivery.tables["employments"]["rate"].unique()) == [0.5, 0.75, 1.0]


def test_fixed_width_text_without_header_is_numbered_and_its_numbers_are_found(tmp_path) -> None:
    numbers = official_numbers(60)
    lines = [
        f"{number} {'e' + str(row % 6):<6}{(1000, 750)[row % 2]:04d} {AIDS[row % 2]} 20150{1 + row % 9}01"
        for row, number in enumerate(numbers)
    ]
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "pa91.txt").write_text("\n".join(lines) + "\n", encoding="cp1252")
    proposal = propose(folder)
    said = proposal.text + proposal.screen("sv")
    assert not any(number in said for number in numbers)
    assert "1: personal numbers" in questions(proposal)
    assert "header_row = 0" in questions(proposal)


def test_a_record_taken_for_a_header_is_found_out_by_its_personal_number(tmp_path, monkeypatch) -> None:
    numbers = official_numbers(60)
    _, rows = employees(Anställningsnr=numbers)
    write(tmp_path / "d", "personal.csv", rows[0], rows[1:])

    def misled(path: Path, *, sheet: str | None = None) -> Layout:
        found = detect(path, sheet=sheet)
        return replace(found, header_row=1, header_rows=1, first_row=2, names=tuple(rows[0]))

    monkeypatch.setattr(files, "detect", misled)
    proposal = propose(tmp_path / "d")
    assert numbers[0] not in proposal.text + proposal.screen("sv")
    assert "1: personal numbers" in questions(proposal)


def test_of_two_numbers_in_one_file_each_gets_its_own_column(tmp_path) -> None:
    numbers = official_numbers(60)
    header, rows = employees()
    rows = [[number, *row] for number, row in zip(numbers, rows, strict=True)]
    write(tmp_path / "d", "personal.csv", ["Personnummer", *header], rows)
    _, entry = read(tmp_path / "d")
    assert entry["columns"]["person"] == "Personnummer"
    assert entry["columns"]["employment"] == "Anställningsnr"
