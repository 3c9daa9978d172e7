"""``analysis build``: from a delivery to a published edition."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import settings as settings_module
from analysis.comparators import held
from analysis.edition.about import comparator_files
from analysis.edition.keys import changed_key
from analysis.edition.leftovers import FAILED, remove_leftovers
from analysis.edition.publish import (
    JOURNAL,
    PREVIEW,
    beside,
    cleared,
    fresh,
    heal_all,
    only_build,
    put_in_place,
    write_page,
)
from analysis.edition.register import NAME
from analysis.errors import InputError
from analysis.execution.execute import NotebookError, execute_notebook
from analysis.execution.kernels import stoppable
from analysis.periods import parse_period
from analysis.private import for_everyone, for_owner_alone, publish_modes, restrict
from analysis.publishing import words
from analysis.publishing.multiples import strip_of
from analysis.publishing.site import Entry, State, render_index
from analysis.retention.holdings import RAW, delivery_name, note_place
from analysis.retention.standing import overdue
from analysis.runner.audit import check_edition
from analysis.runner.editions import write_list
from analysis.runner.former import former_build, lost, unchanged
from analysis.runner.pages import Job, Outcome, render_all, stem
from analysis.runner.record import run_record
from analysis.settings import Settings
from analysis.stages.inputs import WHOLE
from analysis.stages.marks import FOLDER, Mark, seal
from analysis.stages.missing import STAGES, Place, build_missing, check_workspace, tried_in
from analysis.stages.stage import CARDS, REPORTS
from analysis.stages.workforce import known_departments
from analysis.tables import keys
from analysis.tables.protected import ORGANISATION, ProtectedReport


@dataclass(frozen=True)
class Request:
    """What a person asked for, checked."""

    root: Path
    delivery: Path
    period: str
    edition: str
    departments: tuple[str, ...]
    languages: tuple[str, ...]
    jobs: int
    after: str | None
    settings: Settings
    workspace: Path | None = None
    incomplete: bool = False

    @property
    def preview(self) -> bool:
        """True when only some departments are rendered, or a workspace with experiments: beside the edition."""
        return bool(self.departments) or self.workspace is not None

    @property
    def name(self) -> str:
        """Folder name of what is published."""
        return f"{self.edition}{PREVIEW}" if self.preview else self.edition


@dataclass
class Built:
    """The result of a build.

    ``kept`` says why the edition before was kept ('': it was replaced), ``notices`` what else a person should know.
    """

    folder: Path
    index: Path
    published: list[str]
    failed: dict[str, str]
    timings: dict[str, float] = field(default_factory=dict)
    kept: str = ""
    notices: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """How the history was made and what is doubtful in it, in English."""

    @property
    def exit_code(self) -> int:
        """0 when every department was published, 1 when some failed."""
        return 1 if self.failed else 0


def edition_name(folder: str, period: str) -> str:
    """The name of an edition from that of its delivery's folder; what a web address cannot hold becomes hyphens."""
    ascii_only = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_only).strip("-._")
    return f"{words[:60].rstrip('-._') or 'edition'}-{period}"


def request(
    *,
    root: Path,
    delivery: Path,
    period: str,
    edition: str | None = None,
    departments: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    jobs: int = 2,
    after: str | None = None,
    workspace: Path | None = None,
    incomplete: bool = False,
) -> Request:
    """Check what was asked for, before anything runs.

    Raises:
        InputError: a folder, month, name, language, number or earlier edition that cannot be.
    """
    settings = settings_module.load(root)
    parse_period(period)
    if not (delivery / "delivery.toml").is_file():
        raise InputError(f"{delivery} has no delivery.toml; name the folder of a delivery")
    name = edition or edition_name(delivery.resolve().name, period)
    for what in (name, *([after] if after else [])):
        if not NAME.fullmatch(what):
            raise InputError(f"{what!r} is not a name of an edition; use letters a to z, digits, dots and hyphens")
    known = words.languages()
    unknown = [language for language in languages if language not in known]
    if unknown:
        raise InputError(f"language {unknown[0]!r} is not known; choose one of {', '.join(known)}")
    if jobs < 1:
        raise InputError(f"--jobs must be at least 1, not {jobs}")
    if after == name:
        raise InputError(f"edition {name} cannot come after itself; name an earlier edition")
    if after and not (root / "data/processed" / after / "protected" / "cells.parquet").is_file():
        raise InputError(f"there is no earlier edition {after} in data/processed; build it first or leave out --after")
    if workspace is not None:
        check_workspace(Place(root, workspace.resolve(), delivery.resolve(), period, settings.seed))
        if not any(Mark.read(workspace, stage) for stage in STAGES):
            raise InputError(f"{workspace} is no workspace: run a notebook with -p workspace {workspace} first")
    held(comparator_files(root, settings))  # a wrong file is told now, not after the models have run
    return Request(
        root, delivery.resolve(), period, name, tuple(dict.fromkeys(departments)),
        tuple(dict.fromkeys(languages)) or settings.languages, jobs, after, settings,
        workspace.resolve() if workspace else None, incomplete,
    )  # fmt: skip


def build(asked: Request, *, tell: Callable[[str], None] = lambda line: None) -> Built:
    """Run the stages, render the reports, publish in one step.

    Args:
        asked: the checked request.
        tell: receives one short line per finished step.

    Raises:
        InputError: the delivery cannot be read, or a department is unknown; nothing is published.
        GateError: a gate refused; nothing is published.
        NotebookError: a stage stopped, or no page at all could be rendered; nothing is published.
    """
    processed = asked.root / "data/processed"
    with contextlib.suppress(OSError):  # where pages are made says it better
        (asked.root / "reports").mkdir(exist_ok=True)
    heal_all(processed)
    remove_leftovers(asked.root)
    with only_build(_lock(asked), asked.edition), stoppable(), for_owner_alone() as umask:
        work, pages = beside(processed / asked.name), beside(asked.root / "reports" / asked.name)
        try:
            for folder in (work, pages):
                fresh(folder)
            return _build(asked, work, pages, tell, umask)
        except NotebookError as error:
            kept = _keep_log(work, processed / asked.name)
            raise NotebookError(f"{error}; {kept}") from None
        except OSError as error:
            # of the build itself: what a notebook or a page meets is told by them
            where = Path(os.fsdecode(error.filename)).name if error.filename else "a file of the edition"
            raise InputError(
                f"{where} could not be written: {error.strerror}; nothing was published, make room and build again"
            ) from None
        finally:
            for folder in (work, pages):
                cleared(folder)


def _lock(asked: Request) -> Path:
    return asked.root / "data/processed" / f".{asked.edition}.lock"


def _build(asked: Request, work: Path, pages: Path, tell: Callable[[str], None], umask: int) -> Built:
    started, timings = datetime.now(UTC), {}
    place = Place(asked.root, work, asked.delivery, asked.period, asked.settings.seed)
    shared = {"workspace": str(work), "delivery": str(asked.delivery), "period": asked.period, "seed": place.seed}
    tried: list[str] = []
    if asked.workspace is not None:
        tried = _take_workspace(asked, place, tell)
        asked = replace(asked, departments=_named_departments(asked, work))
    for name in [WHOLE] if asked.workspace else STAGES:
        clock = time.perf_counter()
        extra: dict[str, Any] = {}
        if name in ("read", WHOLE):
            extra["after"] = str(asked.root / "data/processed" / asked.after) if asked.after else ""
        if name == WHOLE:
            extra |= {"edition": asked.edition, "preview": asked.preview, "tried": "; ".join(tried)}
            extra["former"] = former_build(asked.root / "data/processed" / asked.edition, work)
        notebook = STAGES[name]
        execute_notebook(
            asked.root / "notebooks" / notebook, parameters={**shared, **extra}, log=work / "logs" / notebook
        )
        mark = Mark.read(work, name)
        if mark is None or mark.inputs is None:
            raise NotebookError(f"{notebook} ended without finishing its stage")
        timings[name] = time.perf_counter() - clock
        tell(f"{name} {timings[name]:.1f} s")
        if name in ("read", "workforce"):  # a wrong name is refused as soon as the units are known
            asked = replace(asked, departments=_named_departments(asked, work))
    seal(work, asked.name)
    departments = pd.read_parquet(work / "protected" / "departments.parquet")
    reported = departments.loc[departments["status"] == "reported", "key"].tolist()
    small = [key for key in asked.departments if key not in reported]
    if small:
        raise InputError(
            f"department {small[0]} has too few people for a report of its own; "
            "it is part of the whole organisation only"
        )
    wanted = list(asked.departments) or [ORGANISATION, *reported]
    outcomes = render_all(
        [_job(asked, key, shared, work, pages) for key in (*wanted, *CARDS)],
        workers=min(asked.jobs, len(wanted) + len(CARDS)),
        tell=lambda outcome: tell(f"{stem(outcome.department)} {outcome.problem or f'{outcome.seconds:.1f} s'}"),
    )
    failed = {outcome.department: outcome.problem for outcome in outcomes if outcome.problem}
    if all(key in failed for key in wanted):
        raise NotebookError(f"no report could be rendered; first: {next(iter(failed.values()))}")
    final = asked.root / "reports" / asked.name
    published = [key for key in wanted if key not in failed]
    past = json.loads((work / "tables" / "workforce.json").read_text(encoding="utf-8"))
    told = [notice["en"] for notice in (*past["doubts"], *past["notices"])]
    kept = "" if asked.preview or asked.incomplete else lost(final, failed)
    if kept:
        _keep_log(work, asked.root / "data/processed" / asked.name)
        return Built(final, final / "index.html", published, failed, timings, kept, told=told)
    hashes = {name: digest for outcome in outcomes for name, digest in outcome.pages.items()}
    hashes |= _write_indexes(asked, work, pages, outcomes)
    timings |= {f"page {stem(outcome.department)}": outcome.seconds for outcome in outcomes}
    record = run_record(
        work, edition=asked.edition, preview=asked.preview, settings=asked.settings,
        parameters={
            "departments": list(asked.departments) or "every department",
            "languages": list(asked.languages),
            "after": asked.after,
        },
        failed=failed, pages=hashes, started=started, seconds=timings,
    )  # fmt: skip
    for folder in (pages, work):
        write_page(folder / "run.json", record)
    clock = time.perf_counter()
    check_edition(asked.root, asked.name, pages=pages, work=work)
    tell(f"audit {time.perf_counter() - clock:.1f} s")
    processed = asked.root / "data/processed"
    held = json.loads((work / "tables" / "delivery.json").read_text(encoding="utf-8"))
    other = changed_key(asked.root, fingerprint=held["pseudonym_key"], municipality=held["municipality"])
    restrict(work)
    publish_modes(pages, umask)
    left = put_in_place(
        [(work, processed / asked.name), (pages, final)],
        processed / JOURNAL.format(asked.name),
        lock=_lock(asked),
    )
    with for_everyone(umask):
        write_list(final.parent, asked.languages)
    if left_alone := unchanged(processed / asked.name):
        told.append(
            f"{left_alone} figures are left as the build before showed them: corrections below their threshold."
        )
    for name in (asked.name, f"{asked.name}{PREVIEW}"):
        cleared(processed / FAILED.format(name))
    notices = [f"{path.name}: the edition before could not be removed; remove it by hand" for path in left]
    notices += [line for line in (other, overdue(asked.root)) if line]
    if not asked.delivery.is_relative_to(asked.root / RAW):
        note_place(asked.root, "delivery", asked.delivery, delivery_name(asked.root, asked.delivery))
    return Built(final, final / "index.html", published, failed, timings, "", notices, told)


def _take_workspace(asked: Request, place: Place, tell: Callable[[str], None]) -> list[str]:
    """Copy the analyst's workspace into the building folder and bring what is stale there up to date.

    Returns:
        What the workspace tries, in words (``tried``).
    """
    assert asked.workspace is not None
    rooms = ("tables", "results", "protected", FOLDER)
    for room in rooms:
        if (asked.workspace / room).is_dir():
            shutil.copytree(asked.workspace / room, place.folder / room, ignore=shutil.ignore_patterns("sealed.json"))
    build_missing(place, before=WHOLE, say=tell)
    return tried_in(place.folder, asked.root / "data/processed" / asked.edition, place)


def _named_departments(asked: Request, work: Path) -> tuple[str, ...]:
    """Keys of the departments that were asked for, by their key or by the employer's own code."""
    codes = known_departments(work, asked.period) if asked.departments else {}
    return tuple(dict.fromkeys(keys.named(department, codes) for department in asked.departments))


def _job(asked: Request, key: str, shared: dict[str, Any], work: Path, pages: Path) -> Job:
    notebook = CARDS.get(key) or REPORTS["organisation" if key == ORGANISATION else "department"]
    parameters = shared if key == ORGANISATION or key in CARDS else {**shared, "department": key}
    return Job(
        key, asked.root / "notebooks" / notebook, parameters, stem(key), asked.languages, pages,
        work / "logs", work / "tables",
    )  # fmt: skip


def _write_indexes(asked: Request, work: Path, pages: Path, outcomes: list[Outcome]) -> dict[str, str]:
    """Write the index in every language; returns their SHA-256 by name."""
    result = {outcome.department: outcome for outcome in outcomes}
    whole = ProtectedReport.read(work / "protected", ORGANISATION)
    entries = []
    for department in whole.departments:
        key = department.key
        status: State
        if department.status == "pooled":
            status = "too_small"
        elif key not in result:
            status = "not_requested"
        else:
            status = "failed" if result[key].problem else "published"
        names = (department.name, department.name_en, department.parent, department.parent_en)
        figures = strip_of(whole, department)
        entries.append(
            Entry(key, *names, status, figures.need, figures.empty, figures.history, figures.own, code=department.code)
        )
    hashes: dict[str, str] = {}
    for place, language in enumerate(asked.languages):
        html = render_index(about=whole.about, entries=entries, language=language, languages=asked.languages)
        name = "index.html" if place == 0 else f"index.{language}.html"
        hashes[name] = write_page(pages / name, html)
    return hashes


def _keep_log(work: Path, edition: Path) -> str:
    """Keep the notebooks of a failed run beside the edition's tables, until the next build that succeeds."""
    target = edition.with_name(FAILED.format(edition.name))
    shutil.rmtree(target, ignore_errors=True)
    if not (work / "logs").is_dir():
        return "nothing was published"
    shutil.copytree(work / "logs", target)
    restrict(target)
    return f"nothing was published; the notebook is kept, without its outputs, in data/processed/{target.name}"
