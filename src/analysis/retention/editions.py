"""The list of editions: what is published, and whether the rows behind it are still there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.retention.holdings import PROCESSED, read_record
from analysis.retention.purge import MARK
from analysis.retention.wording import say


@dataclass(frozen=True)
class Listed:
    """One edition; ``purged`` is the day its rows were erased ('' while they are there), by ``decision``."""

    name: str
    period: str
    built: str
    pages: int
    has_rows: bool
    purged: str
    decision: str
    replaced: str = ""
    """The edition that took its place, '' for one that stands under its own name."""
    because: str = ""
    """Why it was replaced."""

    def line(self, language: str) -> str:
        """It as a line of text."""
        state = "purged" if self.purged and not self.has_rows else "present" if self.has_rows else "absent"
        rows = say(state, language, day=self.purged, decision=self.decision)
        line = f"{self.name}  {self.period}  {self.built}  {say('pages', language, count=self.pages)}  {rows}"
        if not self.replaced:
            return line
        return f"{line}  {say('replaced', language, edition=self.replaced, because=self.because or '–')}"


def editions(root: Path) -> list[Listed]:
    """Every edition with a record (``run.json``) below the project's folder, by period and name."""
    found = []
    reasons = {}
    for run in (root / PROCESSED).glob("*/run.json"):
        record = read_record(run)
        reasons[str(record.get("former", ""))] = str(record.get("edition", "")), str(record.get("because", ""))
    for run in sorted((root / PROCESSED).glob("*/run.json")):
        record, mark = read_record(run), read_record(run.parent / MARK)
        has_rows = (run.parent / "tables").is_dir()
        built, pages = str(record.get("finished", ""))[:10], len(record.get("pages", ()))
        erased = str(mark.get("day", "")), str(mark.get("decision", ""))
        name, period = run.parent.name, str(record.get("period", ""))
        found.append(Listed(name, period, built, pages, has_rows, *erased, *reasons.get(name, ())))
    return sorted(found, key=lambda each: (each.period, each.name))
