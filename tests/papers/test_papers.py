"""Drafts for the data-protection officer: from the delivery itself, with what we must not decide left blank."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis.access.access_map import Log
from analysis.errors import InputError
from analysis.papers.algorithm_register import record, standard
from analysis.papers.drafts import PAPERS, draft, words
from analysis.papers.edition import read_edition
from analysis.papers.fillings import _FILLINGS
from analysis.papers.writing import write_papers
from analysis.sections import all_sections
from analysis.tables.clean import TABLES
from tests.conftest import EDITION, Project

LEFT_BLANK = {
    "record": ("Rättslig grund", "Gallring"),
    "assessment": ("Behov och proportionalitet", "Rättslig grund", "Risker för de registrerade"),
    "staff": ("Med vilken rätt?",),
    "samverkan": ("Parternas synpunkter",),
}


class Text(HTMLParser):
    """The text of each part of a draft, by its heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self.heading, self.into = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.into = tag == "h2"
        self.heading = "" if self.into else self.heading

    def handle_endtag(self, tag: str) -> None:
        self.into = self.into and tag != "h2"

    def handle_data(self, data: str) -> None:
        if self.into:
            self.heading += data
        elif self.heading:
            self.parts[self.heading] = self.parts.get(self.heading, "") + data


def part(html: str, heading: str) -> str:
    return next(text for name, text in Text(html).parts.items() if name.startswith(heading))


@pytest.fixture(scope="module")
def pages(built: Project) -> dict[str, str]:
    edition = read_edition(built.root, EDITION)
    return {paper: draft(paper, edition) for paper in PAPERS}


@pytest.mark.parametrize("paper", PAPERS)
def test_a_draft_is_headed_on_every_sheet_and_names_its_edition(pages: dict[str, str], paper: str) -> None:
    head = re.search(r"<thead>.*?</thead>", pages[paper], re.S)
    assert head is not None
    assert "UTKAST" in head.group()
    assert EDITION in head.group()
    assert "<title>UTKAST" in pages[paper]


@pytest.mark.browser
def test_every_printed_sheet_says_utkast(pages: dict[str, str], tmp_path: Path) -> None:
    if not shutil.which("chromium") or not shutil.which("pdftotext"):
        why = "no chromium or pdftotext: printed sheets were NOT looked at; apt-get install chromium poppler-utils"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    source, target = tmp_path / "paper.html", tmp_path / "paper.pdf"
    source.write_text(pages["assessment"], encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={target}", source.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(["pdftotext", "-layout", str(target), "-"], check=True, capture_output=True, text=True).stdout
    sheets = text.rstrip("\f").split("\f")
    assert len(sheets) > 1
    assert all("UTKAST" in sheet for sheet in sheets)


@pytest.mark.parametrize(("paper", "heading"), [(paper, each) for paper, found in LEFT_BLANK.items() for each in found])
def test_what_only_the_controller_may_decide_is_left_to_fill_in(
    pages: dict[str, str], paper: str, heading: str
) -> None:
    assert words()["to_fill"] in part(pages[paper], heading)


def test_the_legal_basis_is_blank_even_where_the_settings_state_one(built: Project, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("reports", "raw", "*.lock"))
    text = (root / "analysis.toml").read_text("utf-8").replace('legal_basis = ""', 'legal_basis = "artikel 6.1 e KL"')
    assert "artikel 6.1 e KL" in text
    (root / "analysis.toml").write_text(text, encoding="utf-8")
    edition = read_edition(root, EDITION)
    assert not any("artikel 6.1 e KL" in draft(paper, edition) for paper in PAPERS)
    assert record(edition)["lawful_basis"] == ""


def test_no_draft_states_a_level_of_risk(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert not re.search(r"(låg|medel|hög) risk|risknivå: |sannolikhet: ", html, re.I)


def test_the_assessment_lists_the_parts_that_use_health_pay_and_union_sensitive_data(
    pages: dict[str, str], built: Project
) -> None:
    health = part(pages["assessment"], "Delar som bygger på uppgifter om hälsa")
    assert "sjukfrånvaro (hälsa)" in health
    assert "minst 11 personer" in health
    assert "lön" in part(pages["assessment"], "Delar som bygger på lön")
    union = part(pages["assessment"], "Delar som är känsliga")
    assert "orsak till avslut" in union
    shown = set(pd.read_parquet(built.workspace / "protected/cells.parquet", columns=["table"])["table"])
    assert "sick_leave" in shown


def test_the_categories_are_the_columns_that_the_delivery_filled(built: Project) -> None:
    edition = read_edition(built.root, EDITION)
    tables = built.workspace / "tables"
    for name in ("employments", "absences", "exits"):
        table = pd.read_parquet(tables / f"{name}.parquet")
        filled = {f"{name}.{column}" for column in TABLES[name] if column in table and table[column].notna().any()}
        assert filled == {each for each in edition.columns if each.startswith(f"{name}.")}


def test_no_draft_holds_a_person(pages: dict[str, str], built: Project) -> None:
    persons = set(pd.read_parquet(built.workspace / "tables/employments.parquet")["person"])
    text = "".join(pages.values()) + json.dumps(record(read_edition(built.root, EDITION)))
    assert not set(re.findall(r"[0-9a-f]{24}", text)) & persons


def test_every_column_about_a_person_and_every_filling_has_words() -> None:
    said = words()
    personal = {name: columns for name, columns in TABLES.items() if any(each.personal for each in columns.values())}
    assert set(personal) <= set(said["table"])
    assert {column for columns in personal.values() for column in columns} <= set(said["column"])
    fills = {each["fill"] for paper in PAPERS for each in said[paper]["part"] if "fill" in each}
    assert fills == set(_FILLINGS)
    known = {f"{table}.{column}" for table, columns in TABLES.items() for column in columns}
    sections = {section.id for section in all_sections()}
    sensitivities = {table.sensitivity for section in all_sections() for table in section.publishes}
    for rule in said["sensitive"].values():
        assert set(rule["columns"]) <= known
        assert set(rule.get("sections", ())) <= sections
        assert set(rule["sensitivities"]) <= sensitivities


def test_the_model_card_is_a_record_of_the_algorithm_register(built: Project) -> None:
    found = record(read_edition(built.root, EDITION))
    fields = {each["id"]: each for each in standard()["field"]}
    assert list(found) == list(fields)
    for name, field in fields.items():
        if field["longest"]:
            assert isinstance(found[name], str)
            assert len(found[name]) <= field["longest"], name
        if found[name] and "allowed" in field:
            assert found[name] in field["allowed"]
    assert found["standard_version"] == "1.0.0"
    assert re.fullmatch("[a-z]{3}", found["lang"])
    for name in ("lawful_basis", "proportionality", "publication_category", "impacttoetsen"):
        assert found[name] == "", name
    for name in ("name", "description_short", "organization", "status", "contact_email", "source_data"):
        assert found[name]
    assert "{" not in json.dumps(found["methods_and_models"])


def test_papers_are_written_and_an_erased_edition_says_so(built: Project, tmp_path: Path) -> None:
    found = write_papers(built.root, EDITION, tmp_path / "papers")
    assert len(found) == len(PAPERS) + 1
    assert all(path.stat().st_size > 1000 for path in found)
    with pytest.raises(InputError, match="there is no edition nosuch"):
        read_edition(built.root, "nosuch")
    root = tmp_path / "project"
    shutil.copytree(built.workspace / "protected", root / "data/processed" / EDITION / "protected")
    with pytest.raises(InputError, match="are erased"):
        read_edition(root, EDITION)


def test_the_log_of_readers_is_named_with_its_days_where_one_is_kept(built: Project) -> None:
    edition = read_edition(built.root, EDITION)
    assert "inte känt om logg förs" in part(draft("record", edition), "Loggar")
    kept = dataclasses.replace(edition, log=Log(days=30))
    assert "Den sparas i 30 dagar" in part(draft("record", kept), "Loggar")
