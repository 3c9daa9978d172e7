"""``analysis build``: from a delivery to a published edition."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from analysis.edition.keys import changed_key
from analysis.edition.leftovers import FAILED, remove_leftovers
from analysis.edition.names import next_kept
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
from analysis.errors import InputError
from analysis.execution.execute import NotebookError
from analysis.execution.kernels import stoppable
from analysis.private import for_everyone, for_owner_alone, publish_modes, restrict
from analysis.publishing.pages.site import Entry, State, render_index
from analysis.publishing.views.multiples import strip_of
from analysis.retention.holdings import RAW, delivery_name, note_place, read_record
from analysis.retention.standing import overdue
from analysis.runner.audit import check_edition
from analysis.runner.current import keep_record
from analysis.runner.downloads import write_edition_downloads
from analysis.runner.editions import write_list
from analysis.runner.former import lost, unchanged
from analysis.runner.making import Making, named_departments, never
from analysis.runner.pages import Outcome
from analysis.runner.progress import Progress, keep, took
from analysis.runner.request import Request
from analysis.runner.run_record import run_record
from analysis.runner.workers import Workers
from analysis.stages.inputs import WHOLE
from analysis.stages.marks import FOLDER
from analysis.stages.missing import Place, build_missing, tried_in
from analysis.tables.protected import ORGANISATION, ProtectedReport


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
    done: dict[str, str] = field(default_factory=dict)
    """Stages and pages that were made now, with the reason; empty: nothing has changed, and nothing was written."""

    @property
    def exit_code(self) -> int:
        """0 when every department was published, 1 when some failed."""
        return 1 if self.failed else 0


def build(
    asked: Request,
    *,
    tell: Callable[[str], None] = never,
    explain: Callable[[str], None] = never,
    progress: Progress | None = None,
) -> Built:
    """Run the stages that do not hold, render the reports that do not, publish in one step.

    Args:
        asked: the checked request.
        tell: receives one short line per finished step.
        explain: receives one line per stage and report that is made, with the reason.
        progress: told of every step; what steps took in the build before is laid into it.

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
    progress = progress or Progress()
    progress.before, progress.side_by_side = took(processed, asked.name), asked.jobs
    lock = only_build(_lock(asked), asked.edition)
    with lock, stoppable(), for_owner_alone() as umask, _workers(asked) as workers:
        work, pages = beside(processed / asked.name), beside(asked.root / "reports" / asked.name)
        try:
            for folder in (work, pages):
                fresh(folder)
            making = Making(asked, work, pages, tell, explain, workers=workers, progress=progress)
            return _build(making, umask)
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


@contextlib.contextmanager
def _workers(asked: Request) -> Iterator[Workers | None]:
    """The workers of the scheduler that was asked for, before anything is done; None: this machine's own."""
    if not asked.scheduler:
        yield None
        return
    from analysis.runner.cluster import connected

    with connected(asked.scheduler, asked.root) as workers:
        yield workers


def _lock(asked: Request) -> Path:
    return asked.root / "data/processed" / f".{asked.edition}.lock"


def _build(making: Making, umask: int) -> Built:
    started = datetime.now(UTC)
    if making.asked.workspace is not None:
        making.tried = _take_workspace(making.asked, making.place, making.tell)
        making.asked = replace(making.asked, departments=named_departments(making.asked, making.work))
    making.make()
    asked, work, pages, failed = making.asked, making.work, making.pages, making.failed
    processed, final = asked.root / "data/processed", asked.root / "reports" / asked.name
    published = [key for key in making.reports if key not in failed]
    past = json.loads((work / "tables" / "workforce.json").read_text(encoding="utf-8"))
    told = [notice["en"] for notice in (*past["doubts"], *past["notices"])]
    result = Built(final, final / "index.html", published, failed, making.seconds, told=told, done=making.done)
    result.kept = "" if asked.preview or asked.incomplete else lost(final, failed)
    if result.kept:
        _keep_log(work, processed / asked.name)
        return result
    hashes = {name: digest for outcome in making.outcomes.values() for name, digest in outcome.pages.items()}
    before = read_record(processed / asked.name / "run.json")
    clock = time.perf_counter()
    making.progress.begin("once")
    hashes |= write_once_per_edition(making, published=None if making.done else final, before=before.get("pages", {}))
    making.seconds["once"] = time.perf_counter() - clock
    making.progress.end("once", making.seconds["once"])
    if not making.done and before.get("pages") == hashes and before.get("parameters") == parameters(asked):
        keep_record(asked, processed / asked.name, final)
        return result
    replaced = bool(before) and not asked.preview and before.get("pages") != hashes
    former = next_kept(processed, asked.name) if replaced else ""
    because = asked.because or _reason(making.done)
    if not replaced:  # the pages stand as they were: what they took the place of, and why, is still so
        because = str(before.get("because") or because)
    record = run_record(
        work, edition=asked.edition, preview=asked.preview, settings=asked.settings, parameters=parameters(asked),
        failed=failed, pages=hashes, started=started, seconds=making.seconds,
        former=former or str(before.get("former", "")),
        folder=making.place.delivery_name,
        because=because,
    )  # fmt: skip
    for folder in (pages, work):
        write_page(folder / "run.json", record)
    clock = time.perf_counter()
    making.progress.begin("audit")
    check_edition(
        asked.root, asked.name, pages=pages, work=work, delivery=asked.delivery, after=asked.after or ""
    )  # fmt: skip
    making.seconds["audit"] = time.perf_counter() - clock
    making.progress.end("audit", making.seconds["audit"])
    making.tell(f"audit {making.seconds['audit']:.1f} s")
    keep(work, making.progress.before, making.seconds)
    if not asked.preview and not failed:  # what failed is tried again by the next build, though nothing has changed
        keep_record(asked, work, pages)
    result.notices = _publish(asked, work, pages, umask, former)
    if left_alone := unchanged(processed / asked.name):
        told.append(
            f"{left_alone} figures are left as the build before showed them: corrections below their threshold."
        )
    return result


def parameters(asked: Request) -> dict[str, object]:
    """What was asked for, as ``run.json`` says it."""
    return {
        "departments": list(asked.departments) or "every department",
        "languages": list(asked.languages),
        "after": asked.after,
    }


def _reason(done: dict[str, str]) -> str:
    """The first reason for which anything was made: why an edition was made anew, where nobody said it."""
    return next((f"{name}: {reason}" for name, reason in done.items()), "")


def _publish(asked: Request, work: Path, pages: Path, umask: int, former: str) -> list[str]:
    """Put an edition that has passed every gate in its place; returns what a person should know."""
    processed, final = asked.root / "data/processed", asked.root / "reports" / asked.name
    held = json.loads((work / "tables" / "delivery.json").read_text(encoding="utf-8"))
    other = changed_key(asked.root, fingerprint=held["pseudonym_key"], municipality=held["municipality"])
    restrict(work)
    publish_modes(pages, umask)
    left = put_in_place(
        [(work, processed / asked.name), (pages, final)],
        processed / JOURNAL.format(asked.name),
        lock=_lock(asked),
        kept=former,
    )
    with for_everyone(umask):
        write_list(final.parent, asked.languages)
    if former and final.is_symlink() and (kept := final.resolve().with_name(former)).is_dir():
        with contextlib.suppress(FileExistsError):
            (final.parent / former).symlink_to(kept)
    for name in (asked.name, f"{asked.name}{PREVIEW}"):
        cleared(processed / FAILED.format(name))
    notices = [f"{path.name}: the edition before could not be removed; remove it by hand" for path in left]
    notices += [f"The build before is kept as {former}."] if former else []
    notices += [line for line in (other, overdue(asked.root)) if line]
    if not asked.delivery.is_relative_to(asked.root / RAW):
        note_place(asked.root, "delivery", asked.delivery, delivery_name(asked.root, asked.delivery))
    return notices


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


def write_once_per_edition(
    making: Making, *, published: Path | None = None, before: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Write what an edition has once, of the reports that are made: indexes, downloads; returns SHA-256 by name.

    Args:
        making: the edition whose reports are made.
        published: folder of the pages before, where no report has changed since; what it has is copied.
        before: SHA-256 of its files by name.
    """
    asked, work, pages = making.asked, making.work, making.pages
    hashes = _write_indexes(asked, work, pages, list(making.outcomes.values()))
    return hashes | write_edition_downloads(
        asked.edition, pages, work / "protected", asked.languages, published=published, before=before
    )


def _write_indexes(asked: Request, work: Path, pages: Path, outcomes: Sequence[Outcome]) -> dict[str, str]:
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
