"""Render reports in worker processes: one notebook execution, one page per language."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.tables.protected import ORGANISATION


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


@dataclass(frozen=True)
class Outcome:
    """What became of a job; ``problem`` is '' when every page was written."""

    department: str
    problem: str
    seconds: float


def stem(department: str) -> str:
    """The page's file name without language and ending."""
    return "organisation" if department == ORGANISATION else department


def render(job: Job) -> Outcome:
    """Execute one report and write its pages; on any failure none of them is left."""
    from analysis.edition.execute import execute_notebook
    from analysis.edition.gates import check_page
    from analysis.publishing.exporter import render_page

    started = time.perf_counter()
    written: list[Path] = []
    problem = ""
    try:
        node = execute_notebook(job.notebook, parameters=job.parameters, log=job.logs / f"{job.stem}.ipynb")
        persons = _persons(job.tables)
        for language in job.languages:
            page = job.target / f"{job.stem}.{language}.html"
            html = render_page(node, language, job.languages)
            check_page(html, name=page.name, persons=persons)
            page.write_text(html, encoding="utf-8")
            written.append(page)
    except AnalysisError as error:
        problem = str(error)
    except Exception as error:  # one department's bug must not stop the others; its text may hold values
        problem = f"{job.stem} could not be rendered ({type(error).__name__})"
    if problem:
        for page in written:
            page.unlink(missing_ok=True)
    return Outcome(job.department, problem, time.perf_counter() - started)


_known: dict[Path, frozenset[str]] = {}


def _persons(tables: Path) -> frozenset[str]:
    """Every pseudonym of the edition, read once per worker."""
    if tables not in _known:
        import pandas as pd

        found: set[str] = set()
        for name in ("employments", "snapshots", "hours"):
            path = tables / f"{name}.parquet"
            if path.is_file():
                found |= set(pd.read_parquet(path, columns=["person"])["person"])
        _known[tables] = frozenset(found)
    return _known[tables]


def _prepare() -> None:
    # pages are rendered from the notebook's own objects; drawing them inline too would be done for nobody
    os.environ["ANALYSIS_RENDER"] = "data"


def render_all(jobs: list[Job], *, workers: int, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Render every job in ``workers`` fresh processes; returns outcomes in the order of the jobs.

    A worker is never forked from a process that has read data, and a notebook never shares a kernel with another.
    """
    context = multiprocessing.get_context("spawn")
    done: dict[str, Outcome] = {}
    with ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_prepare) as pool:
        waiting = {pool.submit(render, job): job for job in jobs}
        for future in as_completed(waiting):
            job = waiting[future]
            try:
                outcome = future.result()
            except Exception as error:  # the worker itself died
                outcome = Outcome(job.department, f"the worker stopped ({type(error).__name__})", 0.0)
            done[job.department] = outcome
            tell(outcome)
    return [done[job.department] for job in jobs]
