"""``analysis run``: what a schedule names, built without anybody watching.

Below ``runs/<schedule>/`` lie the log of each run, ``status.json`` (of the last one, however it ended) and
``outbox.json``. None of them holds a figure or a row.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from analysis.edition.publish import PREVIEW
from analysis.errors import AnalysisError, InputError, Stopped
from analysis.execution.execute import NotebookError
from analysis.execution.kernels import stoppable
from analysis.private import private_file, private_folder
from analysis.runner.asking import edition_name, request
from analysis.runner.build import Built, build
from analysis.runner.current import is_current
from analysis.runner.outbox import letters
from analysis.runner.schedule import Planned, Schedule, month_of

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


def run_schedule(root: Path, schedule: Schedule, *, name: str, today: date) -> Status:
    """Build every edition of a schedule; say how it went in the status file, whether it went well or not.

    Args:
        root: the project's folder.
        schedule: the schedule.
        name: what it is called.
        today: the day that periods are counted from.

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
                _all(root, schedule, status, stream, folder, today)
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


def _all(root: Path, schedule: Schedule, status: Status, stream: TextIO, folder: Path, today: date) -> None:
    outbox: list[dict[str, Any]] = []
    codes = []
    for planned in schedule.delivery:
        month = month_of(planned.period, today, closed_from_day=schedule.closed_from_day)
        edition = planned.edition or edition_name(Path(planned.folder).name, month)
        _say(stream, f"{edition}: begun")
        made = _one(root, schedule, planned, edition, month, stream)
        codes.append(1 if made is not None and made.failed else 0)
        departments = len(made.failed) if made is not None else 0
        status.editions.append(
            {"edition": edition, "period": month, "changed": bool(made and made.done), "failed_reports": departments}
        )
        # of some departments alone a preview is built, beside the edition
        told = _told(root, schedule, f"{edition}{PREVIEW}" if planned.departments else edition, today)
        status.untold += len(schedule.recipient) - len(told)
        outbox += told
    _write(folder / OUTBOX, outbox)
    status.exit_code = max(codes)
    if schedule.keep_months and status.exit_code == 0:
        status.erased = _erase(root, schedule)
        _say(stream, f"rows of {status.erased} places erased: {schedule.decision}")


def _one(root: Path, schedule: Schedule, planned: Planned, edition: str, month: str, stream: TextIO) -> Built | None:
    """Build one edition, again where it stopped by a fault; None where nothing has changed."""
    asked = request(
        root=root, delivery=root / planned.folder, period=month, edition=edition, departments=planned.departments,
        languages=schedule.languages, jobs=schedule.jobs, after=planned.after or None, because=planned.because,
    )  # fmt: skip
    if is_current(asked):
        _say(stream, f"{edition}: nothing has changed")
        return None
    trying = Retrying(
        stop=stop_after_attempt(schedule.retries + 1),
        wait=wait_exponential(multiplier=schedule.wait_seconds, min=schedule.wait_seconds),
        retry=retry_if_exception_type(NotebookError),
        before_sleep=lambda state: _say(
            stream, f"{edition}: {state.outcome and state.outcome.exception()}; tried again"
        ),
        reraise=True,
    )
    made: Built = trying(lambda: build(asked, tell=lambda line: _say(stream, f"{edition}: {line}")))
    for notice in (*made.failed.values(), *made.notices, made.kept):
        if notice:
            _say(stream, f"{edition}: {notice}")
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
