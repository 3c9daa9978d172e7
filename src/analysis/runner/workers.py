"""Who renders the reports of an edition: processes of this machine; or workers of a scheduler (``cluster``).

Either way a report is one ``pages.Job``, done by ``pages.render``.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import FrameType
from typing import Protocol

from analysis.runner import pages
from analysis.runner.pages import Job, Outcome
from analysis.tables.reads import HANDED

RENDER = "ANALYSIS_RENDER"
"""Variable that tells a page's objects to give their data alone."""
KILLED = "its worker was killed each time; free memory and build again"


class Workers(Protocol):
    """Who renders reports."""

    def render_all(self, jobs: Sequence[Job], take: Callable[[Outcome], None]) -> None:
        """Render every job, whatever becomes of a worker; ``take`` receives each outcome once, as it is there."""


@dataclass(frozen=True)
class LocalWorkers:
    """Fresh processes of this machine.

    None is forked from a process that has read data, and a notebook never shares a kernel with another. If a worker
    dies, what it and the others had not finished goes to a fresh pool; after a second death every job that is left
    gets a worker of its own, so that only the one that kills its worker fails.
    """

    processes: int

    def render_all(self, jobs: Sequence[Job], take: Callable[[Outcome], None]) -> None:
        """Render every job."""
        done: set[str] = set()

        def taken(outcome: Outcome) -> None:
            done.add(outcome.department)
            take(outcome)

        for _ in range(2):
            left = [job for job in jobs if job.department not in done]
            if left:
                _in_pool(left, self.processes, taken)
        for job in [job for job in jobs if job.department not in done]:
            _in_pool([job], 1, taken)
            if job.department not in done:
                take(Outcome(job.department, KILLED, 0.0))


def render_all(jobs: Sequence[Job], *, workers: Workers, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Render every job; returns outcomes in the order of the jobs.

    Args:
        jobs: the reports.
        workers: who renders them.
        tell: receives each outcome as soon as it is there.
    """
    done: dict[str, Outcome] = {}

    def take(outcome: Outcome) -> None:
        done[outcome.department] = outcome
        tell(outcome)

    workers.render_all(jobs, take)
    return [done[job.department] for job in jobs]


def prepare() -> None:
    """See to it that this process renders: pages are made from the notebook's own objects alone.

    Drawing them inline too would be done for nobody.
    """
    from analysis.execution import forked

    os.environ[RENDER] = "data"
    forked.prepare(forked.REPORTS)


@contextlib.contextmanager
def rendering() -> Iterator[None]:
    """Render in a process that does other work as well, and leave it as it was."""
    from analysis.execution import forked

    before = {name: os.environ.get(name) for name in (RENDER, HANDED)}
    prepare()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
        forked.prepare(forked.STAGES)


def _prepare() -> None:
    prepare()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    from analysis.execution.kernels import stop_all

    stop_all()
    os._exit(1)  # an exception would be taken for the job's result, and the next job would be begun


def _in_pool(jobs: Sequence[Job], workers: int, take: Callable[[Outcome], None]) -> None:
    """Render jobs until all are done or a worker has died; what was not finished is not taken."""
    pool = ProcessPoolExecutor(
        max_workers=min(workers, len(jobs)), mp_context=multiprocessing.get_context("spawn"), initializer=_prepare
    )
    before = set(multiprocessing.active_children())
    try:
        waiting = {pool.submit(pages.render, job): job for job in jobs}
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
