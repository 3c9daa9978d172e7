"""The key of a page: the digest of the protected cells and entries that it prints, its words, template and code.

While a page's notebook runs, what it reads of the protected tables is noted; the record of a page holds each read with
its digest. A page whose record holds is copied from the edition before, byte by byte.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.runner.pages import Job, Outcome
from analysis.stages.inputs import Inputs, page_inputs
from analysis.stages.marks import FOLDER, write_json
from analysis.tables.protected import ORGANISATION, ProtectedReport, Read
from analysis.tables.reads import digest_of

PAGES = f"{FOLDER}/pages"
"""Folder of the records, in a workspace."""
PLACES = ("workspace", "delivery")
"""Parameters that say where things lie, and nothing of what a page shows."""
NAMES = {"about": "entry", "unchanged": "left as before"}
"""What a kind of read is called where it is not its own name."""


@dataclass(frozen=True)
class PageRecord:
    """What the pages of one report were made of: ``inputs``, ``reads``; and what was made: SHA-256 by path."""

    inputs: Inputs
    reads: tuple[Read, ...]
    files: Mapping[str, str]

    @classmethod
    def read(cls, workspace: Path, stem: str) -> PageRecord | None:
        """The record of a report; None where there is none that can be understood."""
        try:
            record = json.loads((workspace / PAGES / f"{stem}.json").read_text(encoding="utf-8"))
            reads = tuple(tuple(read) for read in record["reads"])
            return cls(Inputs(record["inputs"]), reads, record["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, workspace: Path, stem: str) -> None:
        """Keep the record."""
        write_json(
            workspace / PAGES / f"{stem}.json",
            {"inputs": dict(self.inputs.parts), "reads": self.reads, "files": dict(self.files)},
        )


@dataclass(frozen=True)
class Pages:
    """The pages of an edition that is being made, beside those of the edition before.

    Attributes:
        root: the project's folder.
        work: workspace of the edition that is being made, with its protected tables.
        before: workspace of the edition before; may be absent.
        published: folder of its pages.
    """

    root: Path
    work: Path
    before: Path
    published: Path

    @cached_property
    def _code(self) -> dict[tuple[Path, tuple[str, ...]], Mapping[str, str]]:
        return {}

    @cached_property
    def _protected(self) -> ProtectedReport:
        return ProtectedReport.read(self.work / "protected", ORGANISATION)

    def why(self, job: Job) -> str:
        """Why a report's pages have to be made again: the cell, or whatever else has changed; '' where they hold."""
        record = PageRecord.read(self.before, job.stem)
        if record is None:
            return "it has not been made here"
        for name, digest in record.files.items():
            if digest_of(self.published / name) != digest:
                return f"{name} is gone or damaged"
        return record.inputs.difference(self._inputs(job, record.reads))

    def take_over(self, job: Job) -> Outcome:
        """Copy the pages of the edition before, whose record holds."""
        record = PageRecord.read(self.before, job.stem)
        assert record is not None
        for name in record.files:
            (job.target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.published / name, job.target / name)
        record.write(self.work, job.stem)
        return Outcome(job.department, "", 0.0, dict(record.files))

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Keep the record of pages that were made now; nothing of those that failed."""
        if not outcome.problem and job.reads.is_file():
            self._keep(job, outcome)
        job.reads.unlink(missing_ok=True)

    def _keep(self, job: Job, outcome: Outcome) -> None:
        reads = tuple(tuple(read) for read in json.loads(job.reads.read_text(encoding="utf-8")))
        PageRecord(self._inputs(job, reads), reads, outcome.pages).write(self.work, job.stem)

    def _inputs(self, job: Job, reads: tuple[Read, ...]) -> Inputs:
        shown = {f"parameters: {name}": repr(value) for name, value in job.parameters.items() if name not in PLACES}
        found = {_named(read): self._protected.answer(read) for read in reads}
        return Inputs({**self._of_code(job.notebook, job.languages), **shown, **found})

    def _of_code(self, notebook: Path, languages: tuple[str, ...]) -> Mapping[str, str]:
        """What all reports of a notebook are made of; read once."""
        key = (notebook, languages)
        if key not in self._code:
            self._code[key] = page_inputs(root=self.root, notebook=notebook, languages=languages).parts
        return self._code[key]


def _named(read: Read) -> str:
    """A read as a part of inputs: ``cell: headcount · d0101 · total · total``."""
    kind, *names = read
    return f"{NAMES.get(kind, kind)}: {' · '.join(name for name in names if name)}"
