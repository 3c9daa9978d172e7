"""``analysis build``: from a delivery to a published edition."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import settings as settings_module
from analysis.comparators import held
from analysis.edition import passport
from analysis.edition.about import comparator_files
from analysis.edition.execute import NotebookError, execute_notebook
from analysis.edition.pages import Job, Outcome, render_all, stem
from analysis.edition.publish import only_build, put_in_place
from analysis.edition.workspace import CARDS, REPORTS, STAGES
from analysis.errors import InputError
from analysis.periods import parse_period
from analysis.publishing.site import Entry, State, render_index
from analysis.settings import Settings
from analysis.tables.protected import ORGANISATION, ProtectedReport

LANGUAGES = ("sv", "en")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


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

    @property
    def preview(self) -> bool:
        """True when only some departments are rendered: a preview beside the edition."""
        return bool(self.departments)

    @property
    def name(self) -> str:
        """Folder name of what is published."""
        return f"{self.edition}-preview" if self.preview else self.edition


@dataclass
class Built:
    """The result of a build."""

    folder: Path
    index: Path
    published: list[str]
    failed: dict[str, str]
    timings: dict[str, float] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """How the history was made and what is doubtful in it, in English."""

    @property
    def exit_code(self) -> int:
        """0 when every department was published, 1 when some failed."""
        return 1 if self.failed else 0


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
) -> Request:
    """Check what was asked for, before anything runs.

    Raises:
        InputError: a folder, month, name, language, number or earlier edition that cannot be.
    """
    settings = settings_module.load(root)
    parse_period(period)
    if not (delivery / "delivery.toml").is_file():
        raise InputError(f"{delivery} has no delivery.toml; name the folder of a delivery")
    name = edition or f"{delivery.resolve().name}-{period}"
    for what in (name, *([after] if after else [])):
        if not NAME.fullmatch(what):
            raise InputError(f"{what!r} is not a name of an edition; use letters, digits, dots and hyphens")
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise InputError(f"language {unknown[0]!r} is not known; choose {' or '.join(LANGUAGES)}")
    malformed = [key for key in departments if not re.fullmatch(r"[a-z][a-z0-9_]*", key)]
    if malformed:
        raise InputError(f"department {malformed[0]!r} is not a key; keys are small letters and digits, a letter first")
    if jobs < 1:
        raise InputError(f"--jobs must be at least 1, not {jobs}")
    if after == name:
        raise InputError(f"edition {name} cannot come after itself; name an earlier edition")
    if after and not (root / "data/processed" / after / "protected" / "cells.parquet").is_file():
        raise InputError(f"there is no earlier edition {after} in data/processed; build it first or leave out --after")
    held(comparator_files(root, settings))  # a wrong file is told now, not after the models have run
    return Request(
        root, delivery.resolve(), period, name, tuple(dict.fromkeys(departments)),
        tuple(dict.fromkeys(languages)) or settings.languages, jobs, after, settings,
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
    with only_build(processed / f".{asked.edition}.lock", asked.edition):
        work, pages = processed / f".building-{asked.edition}", asked.root / "reports" / f".building-{asked.name}"
        for folder in (work, pages):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        try:
            return _build(asked, work, pages, tell)
        except NotebookError as error:
            kept = _keep_log(work, processed / asked.name)
            raise NotebookError(f"{error}; {kept}") from None
        finally:
            for folder in (work, pages):
                shutil.rmtree(folder, ignore_errors=True)


def _build(asked: Request, work: Path, pages: Path, tell: Callable[[str], None]) -> Built:
    started, timings = datetime.now(UTC), {}
    shared = {
        "workspace": str(work),
        "delivery": str(asked.delivery),
        "period": asked.period,
        "seed": asked.settings.seed,
    }
    for name, notebook in STAGES.items():
        clock = time.perf_counter()
        extra: dict[str, Any] = {}
        if name in ("read", "disclosure"):
            extra["after"] = str(asked.root / "data/processed" / asked.after) if asked.after else ""
        if name == "disclosure":
            extra |= {"edition": asked.edition, "preview": asked.preview}
        execute_notebook(
            asked.root / "notebooks" / notebook, parameters={**shared, **extra}, log=work / "logs" / notebook
        )
        if not (work / "stages" / f"{name}.json").is_file():
            raise NotebookError(f"{notebook} ended without finishing its stage")
        timings[name] = time.perf_counter() - clock
        tell(f"{name} {timings[name]:.1f} s")
        if name == "workforce":
            _check_departments(asked, work)
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
    _write_indexes(asked, work, pages, outcomes)
    timings |= {f"page {stem(outcome.department)}": outcome.seconds for outcome in outcomes}
    _write_run(asked, work, pages, failed, timings, started)
    past = json.loads((work / "tables" / "workforce.json").read_text(encoding="utf-8"))
    told = [notice["en"] for notice in (*past["doubts"], *past["notices"])]
    # tables first: an edition whose pages stand has its tables beside it
    put_in_place(work, asked.root / "data/processed" / asked.name)
    final = asked.root / "reports" / asked.name
    put_in_place(pages, final)
    published = [key for key in wanted if key not in failed]
    return Built(final, final / "index.html", published, failed, timings, told)


def _check_departments(asked: Request, work: Path) -> None:
    known = pd.read_parquet(work / "tables" / "departments.parquet")["key"].tolist()
    unknown = [key for key in asked.departments if key not in known]
    if unknown:
        raise InputError(f"department {unknown[0]} is not in this delivery; it has {', '.join(known)}")


def _job(asked: Request, key: str, shared: dict[str, Any], work: Path, pages: Path) -> Job:
    notebook = CARDS.get(key) or REPORTS["organisation" if key == ORGANISATION else "department"]
    parameters = shared if key == ORGANISATION or key in CARDS else {**shared, "department": key}
    return Job(
        key, asked.root / "notebooks" / notebook, parameters, stem(key), asked.languages, pages,
        work / "logs", work / "tables",
    )  # fmt: skip


def _write_indexes(asked: Request, work: Path, pages: Path, outcomes: list[Outcome]) -> None:
    result = {outcome.department: outcome for outcome in outcomes}
    whole = ProtectedReport.read(work / "protected", ORGANISATION)
    horizon = whole.about["horizon"][:4]
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
        gap = whole.cell("bridge", "gap", horizon, layer="reference", department=key)
        own = whole.cell("key_figures", "own_request", "now", department=key)
        entries.append(Entry(key, *names, status, gap, own))
    for place, language in enumerate(asked.languages):
        html = render_index(about=whole.about, entries=entries, language=language, languages=asked.languages)
        name = "index.html" if place == 0 else f"index.{language}.html"
        (pages / name).write_text(html, encoding="utf-8")


def _write_run(
    asked: Request,
    work: Path,
    pages: Path,
    failed: dict[str, str],
    timings: dict[str, float],
    started: datetime,
) -> None:
    about = json.loads((work / "protected" / "about.json").read_text(encoding="utf-8"))
    ledger = pd.read_parquet(work / "tables" / "ledger.parquet")
    record = {
        "edition": asked.edition,
        "preview": asked.preview,
        "period": asked.period,
        "delivery": about["delivery"],
        "inputs": about["passport"]["inputs"],
        "records": passport.records(ledger),
        "files": passport.ledger_rows(ledger),
        "corrections": about["corrections"],
        "quality": about["quality"],
        "parameters": {
            "departments": list(asked.departments) or "every department",
            "languages": list(asked.languages),
            "after": asked.after,
        },
        "settings": asked.settings.model_dump(mode="json"),
        "seed": asked.settings.seed,
        "versions": about["passport"]["versions"],
        "code": about["passport"]["code"],
        "policy_edition": about["passport"]["policy_edition"],
        "episodes": about["passport"]["episodes"],
        "cells": about["cells"],
        "cells_withheld": about["withheld_cells"],
        "departments_failed": {key: failed[key] for key in sorted(failed)},
        "pages": {path.name: passport.file_hash(path) for path in sorted(pages.glob("*.html"))},
        "results": {path.name: passport.file_hash(path) for path in sorted((work / "results").glob("*.parquet"))},
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": {name: round(value, 2) for name, value in timings.items()},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (pages / "run.json").write_text(text, encoding="utf-8")
    (work / "run.json").write_text(text, encoding="utf-8")


def _keep_log(work: Path, edition: Path) -> str:
    """Keep the executed notebooks of a failed run beside the edition's tables (they may hold rows about persons)."""
    target = edition.with_name(f".failed-{edition.name}")
    shutil.rmtree(target, ignore_errors=True)
    if not (work / "logs").is_dir():
        return "nothing was published"
    shutil.copytree(work / "logs", target)
    return f"nothing was published; the executed notebook is kept in data/processed/{target.name}"
