"""Render reports in worker processes: one notebook execution, one page per language."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import FrameType
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
    from analysis.publishing.exporter import render_page
    from analysis.publishing.names_of_pages import CARDS, FILES, SHEETS, downloads, page_name
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


_units: dict[Path, dict[str, str]] = {}


def units(protected: Path) -> dict[str, str]:
    """The unit of every cell of the edition by the name that pages give it, read once per worker."""
    if protected not in _units:
        import pandas as pd

        cells = pd.read_parquet(protected / "cells.parquet", columns=[*KEYS, "unit"])
        rows = cells.itertuples(index=False, name=None)
        _units[protected] = {"/".join(key).rstrip("/"): unit for *key, unit in rows}
    return _units[protected]


_known: dict[Path, frozenset[str]] = {}


def pseudonyms(tables: Path) -> frozenset[str]:
    """Every pseudonym of the edition, read once per worker."""
    if tables not in _known:
        import pandas as pd
        import pyarrow.parquet as pq

        found: set[str] = set()
        for path in sorted(tables.glob("*.parquet")):
            if "person" in pq.read_schema(path).names:
                found |= set(pd.read_parquet(path, columns=["person"])["person"].dropna())
        _known[tables] = frozenset(found)
    return _known[tables]


def _prepare() -> None:
    # pages are rendered from the notebook's own objects; drawing them inline too would be done for nobody
    from analysis.execution import forked

    os.environ["ANALYSIS_RENDER"] = "data"
    forked.prepare(forked.REPORTS)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    from analysis.execution.kernels import stop_all

    stop_all()
    os._exit(1)  # an exception would be taken for the job's result, and the next job would be begun


def render_all(jobs: list[Job], *, workers: int, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Render every job in ``workers`` fresh processes; returns outcomes in the order of the jobs.

    A worker is never forked from a process that has read data, and a notebook never shares a kernel with another. If a
    worker dies, what it and the others had not finished goes to a fresh pool; after a second death every job that is
    left gets a worker of its own, so that only the one that kills its worker fails.
    """
    done: dict[str, Outcome] = {}

    def take(outcome: Outcome) -> None:
        done[outcome.department] = outcome
        tell(outcome)

    for _ in range(2):
        left = [job for job in jobs if job.department not in done]
        if left:
            _render_in_pool(left, workers, take)
    for job in [job for job in jobs if job.department not in done]:
        _render_in_pool([job], 1, take)
        if job.department not in done:
            take(Outcome(job.department, "its worker was killed each time; free memory and build again", 0.0))
    return [done[job.department] for job in jobs]


def _render_in_pool(jobs: list[Job], workers: int, take: Callable[[Outcome], None]) -> None:
    """Render jobs until all are done or a worker has died; what was not finished is not taken."""
    pool = ProcessPoolExecutor(
        max_workers=min(workers, len(jobs)), mp_context=multiprocessing.get_context("spawn"), initializer=_prepare
    )
    before = set(multiprocessing.active_children())
    try:
        waiting = {pool.submit(render, job): job for job in jobs}
        for future in as_completed(waiting):
            try:
                take(future.result())
            except BrokenProcessPool:
                continue
            except Exception as error:  # what the job returned could not be handed over
                take(Outcome(waiting[future].department, f"the worker stopped ({type(error).__name__})", 0.0))
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
            child.join(timeout=15)
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
