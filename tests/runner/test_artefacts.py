"""No artefact of an edition holds a person: not by key, not by number, not as one row among as many as there are.

Everything an edition leaves outside its near side is looked at: pages, run.json, protected tables and results, with the
metadata of the files. A planted key and a planted table must be found by the same looking.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.runner.gates import PERSONNUMMER
from tests.conftest import EDITION, Project

HASH = re.compile(r"\b[0-9a-f]{64}\b")
TOKEN = re.compile(r"[0-9A-Za-z]{5,}")
GROUPS = {
    "table", "department", "row", "column", "layer", "occupation", "year", "scenario", "part", "origin", "cause",
    "quantity", "horizon",
}  # fmt: skip
"""Columns whose values name groups, months and measures; other columns may not tell rows apart as persons do."""


@dataclass(frozen=True)
class Persons:
    """Every way in which the near side writes a person."""

    keys: frozenset[str]
    count: int

    @classmethod
    def of(cls, project: Project) -> Persons:
        tables = project.workspace / "tables"
        people = pd.read_parquet(tables / "employments.parquet")
        found = set(people["person"].astype("str")) | set(people["employment"].dropna().astype("str"))
        hours = tables / "hours.parquet"
        if hours.is_file():
            found |= set(pd.read_parquet(hours, columns=["person"])["person"].astype("str"))
        for path in sorted(project.delivery.glob("*.csv")):
            raw = path.read_bytes()
            text = raw.decode("cp1252") if b"\xc3" not in raw else raw.decode("utf-8-sig")
            if re.search(r"(?m)^\"?Anst", text):
                found |= set(re.findall(r"(?m)^\"?(\d{5,8})\"?;", text))
                found |= set(re.findall(r";\"?(\d{5,8}-\d)\"?;", text))
        assert len(found) > people["person"].nunique(), "employee numbers beside pseudonyms"
        return cls(frozenset(found), people["person"].nunique())


def artefacts(project: Project) -> list[Path]:
    """Every file outside the near side."""
    folders = [project.reports, project.workspace / "protected", project.workspace / "results"]
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [*found, project.workspace / "run.json"]


def problems(path: Path, persons: Persons) -> Iterator[str]:
    """What in one artefact names or lists persons."""
    if path.suffix == ".parquet":
        file = pq.ParquetFile(path)
        table = file.read().to_pandas()
        words = " ".join(f"{key!r}{value!r}" for key, value in (file.schema_arrow.metadata or {}).items())
        for name in table.columns:
            if not pd.api.types.is_numeric_dtype(table[name]):
                words += " " + " ".join(table[name].dropna().astype("str").unique())
            elif pd.api.types.is_integer_dtype(table[name]) or (table[name].dropna() % 1 == 0).all():
                whole = table[name].dropna().astype("int64").astype("str")
                # a key that has become a number: many different values that are all employee numbers
                if whole.nunique() > 20 and set(whole.str.zfill(6)) <= persons.keys:
                    yield f"column {name} holds employee numbers"
        yield from _rows(table, persons)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            parts = "\n".join(book.read(part).decode("utf-8") for part in book.namelist())
        words = re.sub(r"<[^>]+>", " ", parts)  # the tags are the format's own: colours, widths, addresses
    else:
        words = path.read_text(encoding="utf-8")
    words = HASH.sub("", words)
    tokens = set(TOKEN.findall(words)) | set(re.findall(r"\d{5,8}-\d", words))
    if tokens & persons.keys:
        yield "a person's key"
    if PERSONNUMMER.search(words):
        yield "something like a personal identity number"


def _rows(table: pd.DataFrame, persons: Persons) -> Iterator[str]:
    """A row per person shows as a column with about as many different words as there are persons."""
    near = range(int(0.5 * persons.count), 3 * persons.count)
    named = [name for name in table.columns if name in GROUPS]
    if len(named) > 1 and not table.duplicated(named).any():
        return  # every row is a group with a name of its own, and figures of groups may well differ
    for name in table.columns:
        different = table[name].nunique()
        if name not in GROUPS and different in near and different > 0.9 * len(table):
            yield f"column {name} tells {different} rows apart, about as many as there are persons"
    if "n" in table.columns and len(table) in near and (table["n"] == 1).mean() > 0.5:
        yield "groups of one"


def test_no_artefact_holds_a_person(built: Project) -> None:
    persons = Persons.of(built)
    paths = artefacts(built)
    kinds = {path.suffix for path in paths}
    assert {".html", ".json", ".parquet", ".xlsx", ".csv"} <= kinds
    names = {path.name for path in paths}
    assert {"run.json", "about.json", "cells.parquet", "track_record.parquet", "model-card.sv.html"} <= names
    found = {str(path.relative_to(built.root)): list(problems(path, persons)) for path in paths}
    assert {name: what for name, what in found.items() if what} == {}


def test_html_carries_no_metadata_of_the_run(built: Project) -> None:
    for path in built.reports.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"kernelspec|ipykernel|\"papermill\"|/tmp/|name=.generator", page, re.I), path.name
        names = set(re.findall(r'<meta name="([^"]+)"', page))
        assert names <= {"viewport", "robots", "color-scheme"}, path.name


class TestWhatIsPlantedIsFound:
    @pytest.fixture
    def copy(self, built: Project, tmp_path: Path) -> Project:
        root = tmp_path / "project"
        for folder in ("reports", "data/processed"):
            shutil.copytree(built.root / folder, root / folder, ignore=shutil.ignore_patterns(".*", "tables", "stages"))
        return Project(root, built.delivery)

    @staticmethod
    def found(built: Project, copy: Project) -> dict[str, list[str]]:
        persons = Persons.of(built)
        looked = [(path, list(problems(path, persons))) for path in artefacts(copy)]
        return {f"{path.parent.parent.name}/{path.name}": what for path, what in looked if what}

    def test_a_pseudonym_in_a_page(self, built: Project, copy: Project) -> None:
        page = copy.reports / "organisation/organisation.sv.html"
        key = pd.read_parquet(built.workspace / "tables/employments.parquet")["person"].iloc[7]
        page.write_text(page.read_text("utf-8").replace("</main>", f"<!-- {key} --></main>"), "utf-8")
        assert self.found(built, copy) == {f"{EDITION}/organisation.sv.html": ["a person's key"]}

    def test_an_employee_number_in_run_json(self, built: Project, copy: Project) -> None:
        number = next(key for key in sorted(Persons.of(built).keys) if key.isdigit())
        run = copy.reports / "run.json"
        run.write_text(run.read_text("utf-8").replace("{", f'{{"first": "{number}",', 1), "utf-8")
        assert self.found(built, copy) == {"reports/run.json": ["a person's key"]}

    def test_a_row_per_person_without_any_key(self, built: Project, copy: Project) -> None:
        count = Persons.of(built).count
        scores = np.random.default_rng(1).random(count)
        pd.DataFrame({"score": scores}).to_parquet(copy.workspace / "results" / "scores.parquet")
        assert list(self.found(built, copy)) == [f"{EDITION}/scores.parquet"]

    def test_keys_that_have_become_numbers(self, built: Project, copy: Project) -> None:
        numbers = [int(key) for key in sorted(Persons.of(built).keys) if key.isdigit()][:60]
        pd.DataFrame({"id": numbers}).to_parquet(copy.workspace / "protected" / "extra.parquet")
        assert list(self.found(built, copy)) == [f"{EDITION}/extra.parquet"]
