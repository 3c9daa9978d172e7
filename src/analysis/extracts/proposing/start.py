"""The first hour: unknown files looked at, decisions asked one after the other, a delivery.toml, a preview.

What ``notebooks/00-start`` calls. Nothing here shows a row or a cell about a person: only shapes of cells, kinds and
counts.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError, InputError
from analysis.extracts.manifest import FILE
from analysis.extracts.proposing.content import Traits
from analysis.extracts.proposing.draft import Entry
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.matching import personnummer
from analysis.extracts.proposing.proposal import Proposal, propose
from analysis.extracts.proposing.settling import settle
from analysis.reference import load
from analysis.tables.clean import TABLES

MARK = "# 00-start "
"""Begins the first line of a file that the notebook wrote; a digest of the rest follows."""
COMMON = 0.9
"""Share of cells of one kind from which a column is of that kind."""


@dataclass
class Start:
    """Files looked at and what has been decided of them; made by ``look``."""

    folder: Path
    proposal: Proposal
    language: str = "sv"
    answers: dict[str, str] = field(default_factory=dict)
    largest: str = ""
    """Key of the largest department, once it is known."""

    def files(self) -> pd.DataFrame:
        """One row per table found: file, what it becomes, how sure, rows, columns, encoding, delimiter, header row."""
        rows = []
        for found, entry in self._founds():
            layout = found.layout
            rows.append(
                {
                    "file": found.label,
                    "table": entry.table if entry else "?",
                    "sure": f"{entry.confidence:.0%}" if entry else "",
                    "rows": len(found.sheet.frame),
                    "columns": len(found.sheet.headers),
                    "encoding": layout.encoding or layout.format,
                    "delimiter": layout.delimiter or "",
                    "header_row": layout.header_row,
                }
            )
        return self._called(pd.DataFrame(rows))

    def columns(self, file: str) -> pd.DataFrame:
        """One row per column of a file: header, what it becomes, kind, cells filled, different ones, usual shape.

        Raises:
            InputError: no file is called so.
        """
        hits = [(found, entry) for found, entry in self._founds() if file in (found.label, found.path.name)]
        if not hits:
            raise InputError(f"no table is called {file}; the files are {', '.join(self.labels())}")
        rows = []
        for found, _ in hits[:1]:
            for place, (header, traits) in enumerate(zip(found.sheet.headers, found.sheet.traits, strict=True)):
                becomes = [
                    f"{entry.table}.{name}"
                    for entry in self.proposal.entries
                    for member in entry.members
                    if member.path == found.path and member.sheet_name == found.sheet_name and member.match
                    for name, pick in member.match.picks.items()
                    if pick.position == place
                ]
                rows.append(
                    {
                        "header": header.strip(),
                        "becomes": ", ".join(becomes) or "–",
                        "kind": kind(traits),
                        "filled": traits.filled,
                        "different": traits.distinct,
                        "shape": usual_shape(found.sheet.frame.iloc[:, place]),
                    }
                )
        return self._called(pd.DataFrame(rows))

    def ask(self, question: str, answer: str = "") -> str:
        """Decide one question and say it: what is asked, why, what is taken, what if it is left open.

        Args:
            question: An id of ``start_questions.toml``.
            answer: Of a person; "" takes the default.

        Returns:
            The question and the decision in words.

        Raises:
            InputError: there is no such question.
        """
        entries = {entry["id"]: entry for entry in load("start_questions")["question"]}
        if question not in entries:
            raise InputError(f"there is no question '{question}'; they are {', '.join(entries)}")
        entry, sv = entries[question], self.language == "sv"
        default = self._default(question)
        self.answers[question] = answer or default
        needed = self._asked(question)
        taken = self.answers[question] or ("lämnas öppen" if sv else "left open")
        if not needed:
            taken = "behövs inte, filerna säger det" if sv else "not needed, the files say it"
            self.answers[question] = ""
        listed = self.answers.get("snapshot", "")
        day = question == "snapshot" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", listed)
        if day and self.answers.get("extracted", "9") < listed:
            # a list cannot have been taken out before the day it is of
            self.answers["extracted"] = listed
            taken += ", som också blir uttagets dag" if sv else ", which becomes the day of the extract too"
        by = "" if not needed or not self.answers[question] else _source(sv=sv, given=bool(answer))
        words = ("Varför", "Om den lämnas öppen", "Beslut") if sv else ("Why", "If left open", "Decision")
        return "\n".join(
            [
                entry[self.language],
                f"  {words[0]}: {entry[f'why_{self.language}']}",
                f"  {words[1]}: {entry[f'open_{self.language}']}",
                f"  {words[2]}: {taken}{by}",
            ]
        )

    def undecided(self) -> list[str]:
        """What the proposal itself leaves to a person, in words."""
        return [each.text(self.language) for each in self.proposal.undecided]

    def write(self) -> str:
        """Write ``delivery.toml`` from the proposal and the answers; one that a person has changed is kept.

        Returns:
            What was done, in one sentence.
        """
        path = self.folder / FILE
        sv = self.language == "sv"
        if path.is_file() and not _ours(path.read_text(encoding="utf-8")):
            return (
                f"{FILE} finns och är ändrad för hand, så den behålls; flytta undan den för att börja om."
                if sv
                else f"{FILE} is there and changed by hand, so it is kept; move it away to begin again."
            )
        text = settle(self.proposal.text, self.answers)
        path.write_text(f"{MARK}{_digest(text)}\n{text}", encoding="utf-8", newline="\n")
        return f"Skrev {FILE} i {self.folder.name}." if sv else f"Wrote {FILE} in {self.folder.name}."

    def labels(self) -> list[str]:
        """Names of the tables found, as ``columns`` takes them."""
        return [found.label for found, _ in self._founds()]

    def _called(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with headers, and kinds of columns, in the language of the reader."""
        if self.language != "sv":
            return table
        words = load("start_questions")["words_sv"]
        if "kind" in table:
            table["kind"] = table["kind"].map(lambda each: words[each])
        return table.rename(columns=lambda each: words[each])

    def propose_department(self, found: pd.DataFrame) -> None:
        """Let the largest of the departments found (``departments``) be the default of that question."""
        self.largest = str(found["department"].iloc[0]) if len(found) else ""

    def build_options(self) -> list[str]:
        """Options of ``analysis build`` for a preview of the department, as far as decided."""
        wanted = self.answers.get("department") or self.largest
        period = self.answers.get("period") or self._default("period")
        chosen = ["--department", wanted] if wanted else []
        return ["--period", period, *chosen, "--language", self.language]

    def _founds(self) -> Iterator[tuple[Found, Entry | None]]:
        for entry in self.proposal.entries:
            for member in entry.members:
                if not member.again:
                    yield member, entry
        for found in self.proposal.strangers:
            yield found, None

    def _asked(self, question: str) -> bool:
        text = self.proposal.text
        if question in ("snapshot", "person"):
            return re.search(rf"(?m)^# {question} = ", text) is not None
        if question == "level":
            return "[departments]" in text
        if question == "rate":
            return any("[assumptions]" in each for each in self.proposal.undecided)
        return True

    def _default(self, question: str) -> str:
        text = self.proposal.text
        if question == "municipality":
            return _written(text, question) or self.folder.resolve().name
        if question == "extracted":
            return _written(text, question) or self._latest().isoformat()
        if question == "level":
            return _written(text, question) or self._level_above()
        if question == "snapshot":
            # of yearly lists each has a day of its own, which the day of the extract would make one
            if hit := re.search(r'(?m)^# snapshot = "(\{year\}[^"]+)"', text):
                return hit[1]
            return self.answers.get("extracted", "") or self._default("extracted")
        if question == "person":
            hit = re.search(r"(?m)^# person = (\[.*?\])", text)
            return hit[1] if hit else ""
        if question == "period":
            day = date.fromisoformat(self.answers.get("extracted") or self._default("extracted"))
            return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
        return self.largest if question == "department" else ""

    def _latest(self) -> date:
        """The end of the month of the latest mapped date that is not ahead, today at most.

        The day itself may be one person's.
        """
        today = pd.Timestamp(datetime.now(UTC).date())
        latest = []
        for entry in self.proposal.entries:
            for member in entry.members:
                for name, pick in (member.match.picks if member.match else {}).items():
                    if TABLES[entry.table][name].kind != "date":
                        continue
                    cells = member.sheet.frame.iloc[:, pick.position].drop_duplicates()
                    for pattern in member.sheet.traits[pick.position].formats:
                        days = pd.to_datetime(cells, format=pattern, errors="coerce")
                        latest += list(days[days <= today].dropna().sort_values().tail(1))
        return min(max(latest) + pd.offsets.MonthEnd(0), today).date() if latest else today.date()

    def _level_above(self) -> str:
        """The level above the one with most units, by the number of units on each."""
        hit = re.search(r"(?m)^#? ?level = .*#.*(?:nivåer|levels): (.*)$", self.proposal.text)
        levels = hit[1].split(", ") if hit else []
        return levels[-2] if len(levels) > 1 else levels[0] if levels else ""


def look(folder: Path, *, language: str = "sv") -> Start:
    """Look at every file of a folder as if nobody had described it yet.

    Args:
        folder: Holds the extracts.
        language: ``sv`` or ``en``.

    Raises:
        InputError: there is no such folder, or no table file in it.
    """
    return Start(folder, propose(folder, language=language, anew=True), language)


def kind(traits: Traits) -> str:
    """What a column holds, in one word."""
    if not traits.filled:
        return "empty"
    if personnummer(traits):
        return "personal numbers"
    if traits.dates >= COMMON:
        return "dates"
    if traits.months >= COMMON:
        return "months"
    if traits.years >= COMMON:
        return "years"
    if traits.numbers >= COMMON:
        return "whole numbers" if traits.whole >= COMMON else "numbers"
    return "words" if traits.letters >= COMMON else "codes"


def usual_shape(column: pd.Series) -> str:
    """The commonest shape of the cells, letters as ``a`` and ``A``, digits as ``9``, runs of letters cut to three."""
    shapes = column.astype("str").str.strip().loc[lambda cells: cells != ""].map(mask)
    return str(shapes.mode().iloc[0]) if len(shapes) else ""


def mask(text: str) -> str:
    """A cell of which only the shape is left."""
    plain = "".join("9" if each.isdigit() else _letter(each) if each.isalpha() else each for each in text)
    return re.sub(r"([aA])\1{2,}", r"\1\1\1", plain)[:24]


def _letter(each: str) -> str:
    return "A" if each.isupper() else "a"


def command(*arguments: str) -> str:
    """What ``analysis`` prints for the arguments; the one place where the notebook reaches a build.

    Raises:
        AnalysisError: it did not succeed; the sentence is the command's own.
    """
    program = "from analysis.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("analysis: ")]
        last = said[-1].removeprefix("analysis: ") if said else f"analysis {arguments[0]} did not finish"
        raise AnalysisError(f"{done.stdout}\n{last}".strip())
    return done.stdout.strip()


def _written(text: str, name: str) -> str:
    """The value of a line above the first entry, "" where it stands open."""
    head = text.partition("[[file]]")[0]
    hit = re.search(rf'(?m)^{name} = "?([^"#\n]*?)"?\s*(?:#.*)?$', head)
    return hit[1].strip() if hit else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _ours(text: str) -> bool:
    """True if the notebook wrote the text and nobody has changed it since."""
    first, _, rest = text.partition("\n")
    return first == MARK + _digest(rest)


def _source(*, sv: bool, given: bool) -> str:
    if given:
        return " (ditt svar)" if sv else " (your answer)"
    return " (förslaget)" if sv else " (the proposal)"
