"""``analysis run``: what a schedule names, built without anybody watching.

Below ``runs/<schedule>/`` lie the log of each run, ``status.json`` (of the last one, however it ended) and
``outbox.json``. None of them holds a figure or a row.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from analysis.edition.publish import PREVIEW
from analysis.errors import AnalysisError, InputError, Stopped
from analysis.execution.execute import NotebookError
from analysis.execution.kernels import stoppable
from analysis.private import private_file, private_folder
from analysis.runner.build import Built, build
from analysis.runner.current import is_current
from analysis.runner.outbox import letters
from analysis.runner.request import edition_name, request
from analysis.runner.schedule import Planned, Schedule, month_of

if TYPE_CHECKING:
    from analysis.runner.cluster import Expected

RUNS, STATUS, OUTBOX = "runs", "status.json", "outbox.json"
COMMAND_SECONDS = 600
"""Longest time that a command after a run may take."""


@dataclass
class Status:
    """What became of a run: ``state`` (succeeded, failed, stopped), each edition, and why it ended."""

    schedule: str
    state: str = "running"
    exit_code: int = 1
    started: str = ""
    finished: str = ""
    problem: str = ""
    editions: list[dict[str, Any]] = field(default_factory=list)
    untold: int = 0
    """Recipients of departments without a report in these editions; which they are is not said."""
    erased: int = 0
    """Places from which rows older than ``keep_months`` were erased."""
    log: str = ""

    @property
    def sentence(self) -> str:
        """It in one sentence."""
        made = ", ".join(each["edition"] for each in self.editions) or "no edition"
        return f"{self.schedule} {self.state}: {made}{f'; {self.problem}' if self.problem else ''}; see {self.log}"


def run_schedule(root: Path, schedule: Schedule, *, name: str, today: date, scheduler: str = "") -> Status:
    """Build every edition of a schedule; say how it went in the status file, whether it went well or not.

    Args:
        root: the project's folder.
        schedule: the schedule.
        name: what it is called.
        today: the day that periods are counted from.
        scheduler: address of a Dask scheduler whose workers build, one delivery each; '': they are built here in turn.

    Raises:
        InputError: another run of the schedule is at work, or nothing can be written below ``runs``.
        Stopped: the run was told to stop; the status file says so.
    """
    folder = root / RUNS / name
    try:
        private_folder(root / RUNS)
        private_folder(folder)
        lock = FileLock(folder / "lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{name} is being run already; wait for that run to end") from None
    except OSError as error:
        raise InputError(f"{RUNS}/{name} cannot be written: {error.strerror}; see to its rights and room") from None
    started = datetime.now(UTC)
    log = private_file(folder / f"{started:%Y%m%dT%H%M%SZ}.log")
    status = Status(name, started=started.isoformat(timespec="seconds"), log=log.relative_to(root).as_posix())
    try:
        with log.open("a", encoding="utf-8") as stream, stoppable():
            try:
                _all(root, schedule, status, stream, folder, today, scheduler)
                status.state = "succeeded" if status.exit_code == 0 else "failed"
            except AnalysisError as error:
                status.state, status.exit_code, status.problem = "failed", error.exit_code, str(error)
            except Stopped as error:
                status.state, status.exit_code, status.problem = "stopped", error.exit_code, str(error)
                raise
            except Exception as error:  # its text may repeat a value about a person
                status.state, status.problem = "failed", f"stopped by a fault of its own ({type(error).__name__})"
            finally:
                status.finished = datetime.now(UTC).isoformat(timespec="seconds")
                _write(folder / STATUS, asdict(status))
                _say(stream, status.sentence)
                _call(schedule.on_success if status.state == "succeeded" else schedule.on_failure, folder, log, stream)
    finally:
        lock.release()
    return status


@dataclass(frozen=True)
class Wanted:
    """One edition of a schedule, with the month that its rule means today."""

    planned: Planned
    month: str
    edition: str


def _wanted(schedule: Schedule, today: date) -> list[Wanted]:
    found = []
    for planned in schedule.delivery:
        month = month_of(planned.period, today, closed_from_day=schedule.closed_from_day)
        found.append(Wanted(planned, month, planned.edition or edition_name(Path(planned.folder).name, month)))
    return found


def _all(
    root: Path, schedule: Schedule, status: Status, stream: TextIO, folder: Path, today: date, scheduler: str
) -> None:
    wanted = _wanted(schedule, today)
    outbox: list[dict[str, Any]] = []
    codes = []
    here = _here(root, schedule, wanted, stream)
    for one, made in _by_workers(root, schedule, wanted, stream, scheduler) if scheduler else here:
        codes.append(1 if made is not None and made.failed else 0)
        departments = len(made.failed) if made is not None else 0
        status.editions.append(
            {
                "edition": one.edition,
                "period": one.month,
                "changed": bool(made and made.done),
                "failed_reports": departments,
            }
        )
        # of some departments alone a preview is built, beside the edition
        edition = f"{one.edition}{PREVIEW}" if one.planned.departments else one.edition
        told = _told(root, schedule, edition, today)
        status.untold += len(schedule.recipient) - len(told)
        outbox += told
    _write(folder / OUTBOX, outbox)
    status.exit_code = max(codes)
    if schedule.keep_months and status.exit_code == 0:
        status.erased = _erase(root, schedule)
        _say(stream, f"rows of {status.erased} places erased: {schedule.decision}")


def _here(
    root: Path, schedule: Schedule, wanted: Sequence[Wanted], stream: TextIO
) -> Iterator[tuple[Wanted, Built | None]]:
    """Build one edition after the other in this process."""
    for one in wanted:
        _say(stream, f"{one.edition}: begun")
        yield one, _one(root, schedule, one, lambda line: _say(stream, line))


def _by_workers(
    root: Path, schedule: Schedule, wanted: Sequence[Wanted], stream: TextIO, scheduler: str
) -> Iterator[tuple[Wanted, Built | None]]:
    """Build the editions of each delivery on a worker; those of one delivery in turn, since one may follow another.

    Raises:
        AnalysisError: what stopped the first that failed; the others are built.
    """
    from analysis.runner.cluster import connected

    series: dict[str, list[Wanted]] = {}
    for one in wanted:
        series.setdefault(one.planned.folder, []).append(one)
    failed: list[Exception] = []
    built: dict[str, Built | None] = {}
    with connected(scheduler, root, rows=True) as cluster:
        _say(stream, f"{len(series)} deliveries handed to {scheduler}; what is said of each follows when it is done")
        for some, done in cluster.each(build_there, [(root, schedule, tuple(each)) for each in series.values()]):
            if isinstance(done, Exception):
                _say(stream, f"{some[2][0].planned.folder}: {_said(done)}")
                failed.append(done)
                continue
            for one, (made, lines) in zip(some[2], done, strict=True):
                for line in lines:
                    _say(stream, line)
                built[one.edition] = made
    yield from ((one, built[one.edition]) for one in wanted if one.edition in built)
    if failed:
        raise failed[0] if isinstance(failed[0], AnalysisError) else NotebookError(_said(failed[0]))


def _said(error: Exception) -> str:
    """What stopped a worker; the text of a fault may repeat a value about a person."""
    return str(error) if isinstance(error, AnalysisError) else f"its worker stopped ({type(error).__name__})"


def build_there(
    expected: Expected, given: tuple[Path, Schedule, tuple[Wanted, ...]]
) -> list[tuple[Built | None, list[str]]]:
    """Build editions of one delivery on a worker; returns each with the lines of its log."""
    from analysis.runner.cluster import alone

    root, schedule, wanted = given
    found = []
    with alone(expected):
        for one in wanted:
            lines = [f"{one.edition}: begun"]
            found.append((_one(root, schedule, one, lines.append), lines))
    return found


def _one(root: Path, schedule: Schedule, wanted: Wanted, say: Callable[[str], None]) -> Built | None:
    """Build one edition, again where it stopped by a fault; None where nothing has changed."""
    planned, edition = wanted.planned, wanted.edition
    asked = request(
        root=root, delivery=root / planned.folder, period=wanted.month, edition=edition,
        departments=planned.departments, languages=schedule.languages, jobs=schedule.jobs, after=planned.after or None,
        because=planned.because,
    )  # fmt: skip
    if is_current(asked):
        say(f"{edition}: nothing has changed")
        return None
    trying = Retrying(
        stop=stop_after_attempt(schedule.retries + 1),
        wait=wait_exponential(multiplier=schedule.wait_seconds, min=schedule.wait_seconds),
        retry=retry_if_exception_type(NotebookError),
        before_sleep=lambda state: say(f"{edition}: {state.outcome and state.outcome.exception()}; tried again"),
        reraise=True,
    )
    made: Built = trying(lambda: build(asked, tell=lambda line: say(f"{edition}: {line}")))
    for notice in (*made.failed.values(), *made.notices, made.kept):
        if notice:
            say(f"{edition}: {notice}")
    return made


def _told(root: Path, schedule: Schedule, edition: str, today: date) -> list[dict[str, Any]]:
    import pandas as pd

    record = json.loads((root / "reports" / edition / "run.json").read_text(encoding="utf-8"))
    table = pd.read_parquet(root / "data/processed" / edition / "protected/departments.parquet")
    table = table[table["status"] != "pooled"]
    names = dict(zip(table["key"].astype("str"), table["name"].astype("str"), strict=True))
    return letters(
        schedule.recipient, edition=edition, pages=record["pages"], names=names, address=schedule.address, today=today
    )


def _erase(root: Path, schedule: Schedule) -> int:
    from analysis.retention.purge import erase, plan_of

    plan = plan_of(root, months=schedule.keep_months)
    return erase(root, plan, decision=schedule.decision).places if plan.chosen else 0


def _call(command: tuple[str, ...], folder: Path, log: Path, stream: TextIO) -> None:
    """Call what the schedule names; that it fails is said in the log and changes nothing."""
    if not command:
        return
    places = {"{status}": folder / STATUS, "{outbox}": folder / OUTBOX, "{log}": log}
    words = [str(places.get(word, word)) for word in command]
    try:
        code = subprocess.run(words, timeout=COMMAND_SECONDS, check=False, capture_output=True).returncode
        _say(stream, f"called {Path(words[0]).name}: exit code {code}")
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(stream, f"{Path(words[0]).name} could not be called ({type(error).__name__})")


def _write(path: Path, record: Any) -> None:
    from analysis.edition.publish import write_page

    write_page(path, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    private_file(path)


def _say(stream: TextIO, line: str) -> None:
    stream.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}  {line}\n")
    stream.flush()
