"""Render one report: one notebook execution, one page per language. Who does it, and where, is told by ``workers``."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.private import private_folder
from analysis.tables.protected import KEYS, ORGANISATION
from analysis.tables.reads import HANDED


@dataclass(frozen=True)
class Job:
    """One report to render: its notebook, parameters, page stem, languages and target folder."""

    department: str
    notebook: Path
    parameters: dict[str, Any]
    stem: str
    languages: tuple[str, ...]
    target: Path
    logs: Path
    tables: Path

    @property
    def reads(self) -> Path:
        """File in which the notebook leaves what it has read of the protected tables."""
        return self.logs / f"{self.stem}.reads.json"


@dataclass(frozen=True)
class Outcome:
    """What became of a job; ``problem`` is '' when every page was written.

    ``pages`` has the SHA-256 of each page, and of each download beside it, as it lies in the folder, by its path there.
    """

    department: str
    problem: str
    seconds: float
    pages: dict[str, str] = field(default_factory=dict)


def stem(department: str) -> str:
    """What a report's folder and its sheets are called; the name of a page that the edition has once."""
    return "organisation" if department == ORGANISATION else department


def render(job: Job) -> Outcome:
    """Execute one report and write its pages; on any failure none of them is left."""
    from analysis.downloads.files import page_files
    from analysis.edition.publish import write_page
    from analysis.execution.execute import execute_notebook
    from analysis.publishing.pages.exporter import render_page
    from analysis.publishing.pages.names import CARDS, FILES, SHEETS, downloads, page_name
    from analysis.runner.gates import check_page

    started = time.perf_counter()
    written: dict[str, str] = {}
    problem = ""
    private_folder(job.logs)
    os.environ[HANDED] = str(job.reads)
    try:
        node = execute_notebook(job.notebook, parameters=job.parameters, log=job.logs / f"{job.stem}.ipynb")
        persons = pseudonyms(job.tables)
        pages: dict[str, list[str]] = {language: [] for language in job.languages}
        for file, language in product((SHEETS,) if job.stem in CARDS else FILES, job.languages):
            name = page_name(job.stem, language, job.languages, file)
            html = render_page(node, language, job.languages, file)
            check_page(html, name=name, persons=persons)
            (job.target / name).parent.mkdir(exist_ok=True)
            written[name] = write_page(job.target / name, html)
            pages[language].append(html)
        if downloads(job.stem):
            for name, content in page_files(job.stem, pages, units(job.tables.parent / "protected")).items():
                written[f"{job.stem}/{name}"] = write_page(job.target / job.stem / name, content)
    except AnalysisError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{job.stem} could not be written: {error.strerror}; free space there and build again"
    except Exception as error:  # one department's bug must not stop the others; its text may hold values
        problem = f"{job.stem} could not be rendered ({type(error).__name__})"
    if problem:
        for name in written:
            (job.target / name).unlink(missing_ok=True)
        if job.stem not in CARDS and (job.target / job.stem).is_dir():
            with suppress(OSError):  # what others left there is not ours to remove
                (job.target / job.stem).rmdir()
    return Outcome(job.department, problem, time.perf_counter() - started, {} if problem else written)


_State = tuple[tuple[str, int, int], ...]
_units: dict[tuple[Path, _State], dict[str, str]] = {}


def units(protected: Path) -> dict[str, str]:
    """The unit of every cell of the edition by the name that pages give it, read once per worker."""
    key = (protected, _state([protected / "cells.parquet"]))
    if key not in _units:
        import pandas as pd

        cells = pd.read_parquet(protected / "cells.parquet", columns=[*KEYS, "unit"])
        rows = cells.itertuples(index=False, name=None)
        _units[key] = {"/".join(cell).rstrip("/"): unit for *cell, unit in rows}
    return _units[key]


_known: dict[tuple[Path, _State], frozenset[str]] = {}


def pseudonyms(tables: Path) -> frozenset[str]:
    """Every pseudonym of the edition, read once per worker."""
    paths = sorted(tables.glob("*.parquet"))
    key = (tables, _state(paths))
    if key not in _known:
        import pandas as pd
        import pyarrow.parquet as pq

        found: set[str] = set()
        for path in paths:
            if "person" in pq.read_schema(path).names:
                found |= set(pd.read_parquet(path, columns=["person"])["person"].dropna())
        _known[key] = frozenset(found)
    return _known[key]


def _state(paths: Sequence[Path]) -> _State:
    """Which state of files was read: a worker of a scheduler outlives a build, and the next one writes them anew."""
    stats = [(path.name, path.stat()) for path in paths]
    return tuple((name, stat.st_ino, stat.st_mtime_ns) for name, stat in stats)
