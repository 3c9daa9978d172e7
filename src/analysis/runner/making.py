"""Making an edition's tables and pages in folders of their own: every stage and every report is a task."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.execution.execute import NotebookError, execute_notebook
from analysis.extracts.persons.secret_keys import pseudonym_key
from analysis.publishing.pages.names import TOPICS
from analysis.runner.former import former_build
from analysis.runner.page_keys import Pages
from analysis.runner.pages import Job, Outcome, stem
from analysis.runner.progress import AFTER, PAGE, Progress
from analysis.runner.request import Request
from analysis.runner.tasks import Task, run
from analysis.runner.workers import LocalWorkers, Workers, render_all
from analysis.stages.inputs import WHOLE
from analysis.stages.marks import Mark, seal
from analysis.stages.missing import STAGES, Place, inputs_of, others_of, taken_over
from analysis.stages.pipeline import CARDS, KEPT, PIPELINE, REPORTS, ROWS_BEFORE
from analysis.stages.workforce import known_departments
from analysis.tables import keys
from analysis.tables.protected import EVERYONE, ORGANISATION


def never(line: str) -> None:
    """Say nothing."""


@dataclass
class Making:
    """An edition that is being made.

    Attributes:
        asked: what was asked for.
        work: folder of its tables.
        pages: folder of its pages.
        tell: receives one short line per finished step.
        explain: receives one line per step that is done, with the reason.
        afresh: take nothing over from any edition.
        former: folder of the build that its figures stand beside, ''; None: whichever is published now.
        tried: what a workspace tries, in words.
        workers: who renders the reports; None: as many processes of this machine as were asked for.
        progress: how far it has come.
    """

    asked: Request
    work: Path
    pages: Path
    tell: Callable[[str], None] = never
    explain: Callable[[str], None] = never
    afresh: bool = False
    former: str | None = None
    tried: list[str] = field(default_factory=list)
    workers: Workers | None = None
    progress: Progress = field(default_factory=Progress)
    done: dict[str, str] = field(default_factory=dict)
    """Tasks that were done, with the reason."""
    seconds: dict[str, float] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @cached_property
    def place(self) -> Place:
        """The workspace, and what it is made from."""
        asked = self.asked
        return Place(asked.root, self.work, asked.delivery, asked.period, asked.settings.seed)

    @property
    def standing(self) -> Path:
        """Workspace of the edition that is published now; may be absent."""
        return self.asked.root / "data/processed" / self.asked.name

    @property
    def failed(self) -> dict[str, str]:
        """Reports that could not be rendered, with the reason."""
        return {key: outcome.problem for key, outcome in self.outcomes.items() if outcome.problem}

    @property
    def reports(self) -> list[str]:
        """Keys of the departments (and of the whole) whose reports belong to the edition."""
        return [key for key in self.outcomes if key not in CARDS and key != EVERYONE]

    def make(self) -> None:
        """Make the tables, then the pages.

        Raises:
            InputError: the delivery cannot be read, or a department is unknown or has no report.
            GateError: a gate of a stage refused.
            NotebookError: a stage stopped, or no page at all could be rendered.
        """
        pseudonym_key(self.asked.delivery, create=True)  # made before it is asked whether it is another than before
        names = [WHOLE] if self.asked.workspace else list(STAGES)
        needs = {step.name: tuple(name for name in step.needs if name in names) for step in PIPELINE}
        self.progress.plan(names)
        stages = [Task(name, needs[name], partial(self._why, name), partial(self._act, name)) for name in names]
        self.done |= run(stages, explain=self.explain)
        seal(self.work, self.asked.name)
        jobs = self._jobs()
        self.progress.plan([*(f"{PAGE}{job.stem}" for job in jobs), *AFTER])
        kept = Pages(self.asked.root, self.work, self.standing, self.asked.root / "reports" / self.asked.name)
        waiting: list[Job] = []
        tasks = [
            Task(f"{PAGE}{job.stem}", (), partial(self._why_page, kept, job), partial(waiting.append, job))
            for job in jobs
        ]
        render = Task(
            "render",
            tuple(task.name for task in tasks),
            lambda: "pages wait" if waiting else "",
            lambda: self._render(kept, waiting),
        )
        self.done |= run([*tasks, render], explain=self._explain_pages)
        self.done.pop("render", None)
        self.outcomes = {job.department: self.outcomes[job.department] for job in jobs}
        if all(key in self.failed for key in self.reports):
            raise NotebookError(f"no report could be rendered; first: {next(iter(self.failed.values()))}")

    def _explain_pages(self, line: str) -> None:
        if not line.startswith("render:"):
            self.explain(line)

    def _others(self, name: str) -> dict[str, Any]:
        """Parameters of a stage's notebook beside those that all share."""
        asked, found = self.asked, others_of(self.place, name)
        if "after" in found:
            found["after"] = str(asked.root / "data/processed" / asked.after) if asked.after else ""
        if name == WHOLE:
            former = former_build(self.standing, self.work) if self.former is None else self.former
            found |= {
                "edition": asked.edition,
                "preview": asked.preview,
                "tried": "; ".join(self.tried),
                "former": former,
                "kept": self._kept(),
            }
        return found

    def _kept(self) -> str:
        """The edition as it stands, where its counts stand in for rows of the edition before that have been erased."""
        after, held = self.asked.after, all((self.standing / name).is_file() for name in KEPT)
        erased = after and not (self.asked.root / "data/processed" / after / ROWS_BEFORE[0]).is_file()
        return str(self.standing) if erased and held else ""

    def _why(self, name: str) -> str:
        """Take a stage over where one agrees ('' then); else why it has to run."""
        if self.afresh:
            return "everything is made afresh"
        others = self._others(name)
        if taken_over(self.place, name, others) is not None:
            self.progress.end(name)
            self.tell(f"{name} as before")
            self._check_departments(name)
            return ""
        mark = Mark.read(self.standing, name)
        if mark is None or mark.inputs is None:
            return "it has not run here"
        now = inputs_of(self.place, name, others, mark.inputs.reads)
        damaged = sorted({*mark.missing(self.standing), *mark.by_hand(self.standing)})
        return mark.inputs.difference(now) or f"{damaged[0] if damaged else 'its workspace'} is gone or damaged"

    def _act(self, name: str) -> None:
        clock, notebook = time.perf_counter(), STAGES[name]
        self.progress.begin(name)
        place = self.place
        shared = {
            "workspace": str(self.work),
            "delivery": str(place.delivery),
            "period": place.period,
            "seed": place.seed,
        }
        execute_notebook(
            place.root / "notebooks" / notebook,
            parameters={**shared, **self._others(name)},
            log=self.work / "logs" / notebook,
            seen=False,
        )
        mark = Mark.read(self.work, name)
        if mark is None or mark.inputs is None:
            raise NotebookError(f"{notebook} ended without finishing its stage")
        self.seconds[name] = time.perf_counter() - clock
        self.progress.end(name, self.seconds[name])
        self.tell(f"{name} {self.seconds[name]:.1f} s")
        self._check_departments(name)

    def _check_departments(self, name: str) -> None:
        if name in ("read", "workforce"):  # a wrong name is refused as soon as the units are known
            self.asked = replace(self.asked, departments=named_departments(self.asked, self.work))

    def _jobs(self) -> list[Job]:
        departments = pd.read_parquet(self.work / "protected" / "departments.parquet")
        reported = departments.loc[departments["status"] == "reported", "key"].tolist()
        small = [key for key in self.asked.departments if key not in reported]
        if small:
            raise InputError(
                f"department {small[0]} has too few people for a report of its own; "
                "it is part of the whole organisation only"
            )
        wanted = list(self.asked.departments) or [ORGANISATION, *reported]
        topics = json.loads((self.work / "protected" / "about.json").read_text(encoding="utf-8")).get("topics", [])
        once = [name for name in CARDS if name not in TOPICS or name in topics]
        others = [EVERYONE, *once] if ORGANISATION in wanted else once
        return [self._job(key) for key in (*wanted, *others)]

    def _job(self, key: str) -> Job:
        asked, place = self.asked, self.place
        shared = {
            "workspace": str(self.work),
            "delivery": str(place.delivery),
            "period": place.period,
            "seed": place.seed,
        }
        whole = key in (ORGANISATION, EVERYONE)
        notebook = CARDS.get(key) or REPORTS["organisation" if whole else "department"]
        parameters: Mapping[str, Any] = shared if whole or key in CARDS else {**shared, "department": key}
        if key == EVERYONE:
            parameters = {**shared, "audience": EVERYONE}
        return Job(
            key, asked.root / "notebooks" / notebook, dict(parameters), stem(key), asked.languages, self.pages,
            self.work / "logs", self.work / "tables",
        )  # fmt: skip

    def _why_page(self, kept: Pages, job: Job) -> str:
        """Take a report's pages over where they hold ('' then); else why they have to be made."""
        if self.afresh:
            return "everything is made afresh"
        if reason := kept.why(job):
            return reason
        self.outcomes[job.department] = kept.take_over(job)
        self.progress.end(f"{PAGE}{job.stem}")
        self.tell(f"{job.stem} as before")
        return ""

    def _render(self, kept: Pages, waiting: list[Job]) -> None:
        def told(outcome: Outcome) -> None:
            self.progress.end(f"{PAGE}{stem(outcome.department)}", outcome.seconds)
            self.tell(f"{stem(outcome.department)} {outcome.problem or f'{outcome.seconds:.1f} s'}")

        workers = self.workers or LocalWorkers(self.asked.jobs)
        for job, outcome in zip(waiting, render_all(waiting, workers=workers, tell=told), strict=True):
            kept.keep(job, outcome)
            self.outcomes[outcome.department] = outcome
            self.seconds[f"{PAGE}{stem(outcome.department)}"] = outcome.seconds
        with contextlib.suppress(OSError):
            (self.work / "logs").rmdir()


def named_departments(asked: Request, work: Path) -> tuple[str, ...]:
    """Keys of the departments that were asked for, by their key or by the employer's own code."""
    codes = known_departments(work, asked.period) if asked.departments else {}
    return tuple(dict.fromkeys(keys.named(department, codes) for department in asked.departments))
