"""``analysis check --propose``: from the files of a folder to a ``delivery.toml`` with doubts stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice
from analysis.extracts.manifest import FILE, Manifest, load_manifest
from analysis.extracts.proposing import linking
from analysis.extracts.proposing.accounting import account, skeleton
from analysis.extracts.proposing.columns import fill
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.families import decide_tables, families, reading_lines
from analysis.extracts.proposing.files import PROPOSED, Found, candidates, look_into
from analysis.extracts.proposing.leaving import leave_out, reasons_in_employments
from analysis.extracts.proposing.matching import personnummer
from analysis.extracts.proposing.titles import title_rules
from analysis.extracts.proposing.valuemaps import titles_by_occupation, value_lines
from analysis.extracts.proposing.words import value_words
from analysis.extracts.proposing.writing import block, entry_lines, line, numbered, wrapped
from analysis.reference.phrases import LANGUAGES
from analysis.tables.clean import TABLES

RESEMBLES = 0.3
"""Confidence from which it is worth saying what a file that was left out resembles."""
CONTENT = 0.9
"""Share of cells that must be of a kind for a column without header to be said to hold it."""
HEAD = {
    "sv": (
        "Förslag från `analysis check --propose`, gjort av filerna i mappen. Läs, rätta och kör `analysis check`.",
        "Procenttalet efter en rad säger hur säker gissningen är. Rader som börjar med # läses inte: dem avgör du.",
        "Det som inte kunde avgöras står sist i filen.",
    ),
    "en": (
        "Proposed by `analysis check --propose` from the files of the folder. Read, correct and run `analysis check`.",
        "The percentage after a line says how sure the guess is. Lines that begin with # are not read: decide them.",
        "What could not be decided stands at the end.",
    ),
}
END = {"sv": "Att avgöra:", "en": "To decide:"}
NOTHING = {"sv": "Inget återstår att avgöra.", "en": "Nothing is left to decide."}


@dataclass(frozen=True)
class Proposal:
    """What was proposed: the file's text, its name, entries, and the questions to a person."""

    name: str
    text: str
    entries: list[Entry]
    undecided: list[Notice]
    strangers: list[Found]
    """Tables that are none of a delivery's as far as can be seen."""

    @property
    def unknown(self) -> list[str]:
        """What the strangers are called."""
        return [found.label for found in self.strangers]

    def screen(self, language: str) -> str:
        """What is printed: each file and its role, and what could not be decided."""
        rows = [f"  {entry.label} → {entry.table} ({entry.confidence:.0%})" for entry in self.entries]
        doubts = numbered(self.undecided, language) or [NOTHING[language]]
        return "\n".join([*rows, "", END[language], *(f"  {each}" for each in doubts)])


def propose(folder: Path, *, language: str = "sv", anew: bool = False) -> Proposal:
    """Look at the files that no ``delivery.toml`` covers and propose how to read them.

    Nothing is written. Only the words of headers, file and sheet names, units and set-like values reach the text;
    no value of a personal column does.

    Args:
        folder: Holds the raw files, and ``delivery.toml`` where some are already named.
        language: Of the comments, ``sv`` or ``en``.
        anew: Look at every file as if there were no ``delivery.toml``.

    Raises:
        InputError: there is no such folder, or nothing to look at.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder.name}; name the folder that holds the extracts")
    manifest = load_manifest(folder) if (folder / FILE).is_file() and not anew else None
    if manifest and (folder / PROPOSED).exists():
        raise InputError(f"{PROPOSED} is there already in {folder.name}; move or remove it first")
    paths = candidates(folder, manifest)
    if not paths:
        done = f"{FILE} covers every table file in {folder.name}" if manifest else f"no table files in {folder.name}"
        raise InputError(f"{done}, so there is nothing to propose; add extracts as CSV, text, Excel or parquet")
    today = manifest.delivery.extracted if manifest else datetime.now(UTC).date()
    founds: list[Found] = []
    doubts: list[Notice] = []
    for path in paths:
        tables, notices = look_into(path, today=today)
        founds += tables
        doubts += notices
    decide_tables(founds)
    units = linking.organisation(founds)
    doubts += linking.choose_persons(founds)
    linking.choose_units(founds, units)
    doubts += linking.settle_personnummer(founds)
    exits, told = reasons_in_employments(founds, today=today)
    founds += exits
    doubts += told
    entries = sorted(families(founds), key=lambda entry: (list(TABLES).index(entry.table), entry.label))
    for entry in entries:
        fill(entry)
        leave_out(entry)
    account(entries)
    _values(entries, units)
    unknown = [found for found in founds if not found.match and not found.profile]
    doubts = [*(doubt for entry in entries for doubt in entry.doubts), *doubts, *map(_stranger, unknown)]
    head, asked = ([], []) if manifest else _delivery(folder, founds, entries, units, language)
    rules, untold = title_rules(entries, language)
    doubts = list({str(each): each for each in [*asked, *_whole(entries, manifest), *doubts, *untold]}.values())
    open_ones = [skeleton(found, reading_lines(Entry("", 0.0, [found]))) for found in unknown]
    text = _text(head, [*entries, *open_ones], rules, doubts, language)
    return Proposal(PROPOSED if manifest else FILE, text, entries, doubts, unknown)


def write_proposal(folder: Path, proposal: Proposal) -> Path:
    """Write the proposal; a file that exists is never overwritten.

    There is always something to write: what could not be decided stands in it as comments, with every header.

    Raises:
        InputError: the file is there already.
    """
    path = folder / proposal.name
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(proposal.text)
    except FileExistsError:
        raise InputError(f"{proposal.name} is there already in {folder.name}; move or remove it first") from None
    return path


def next_step(folder: Path, path: Path, language: str) -> str:
    """What to do with the file that was written."""
    if path.name == PROPOSED:
        return {
            "sv": f"Skrev {path}; flytta över det som stämmer till {FILE} och kör: analysis check {folder}",
            "en": f"Wrote {path}; move what is right into {FILE} and run: analysis check {folder}",
        }[language]
    return {
        "sv": f"Skrev {path}; läs igenom den och kör: analysis check {folder}",
        "en": f"Wrote {path}; read it through and run: analysis check {folder}",
    }[language]


def _values(entries: list[Entry], units: pd.DataFrame) -> None:
    """Value maps of set-like columns, of occupations by title, and of departments named by their names."""
    titles = titles_by_occupation(entries)
    for entry in entries:
        mapped = [line.key for line in entry.sections.get("columns", []) if not line.off]
        for name in mapped if not entry.members[0].profile else ():
            if name in ("unit", "department"):
                _unit_names(entry, name, units)
            elif name in ("occupation", "target_occupation"):
                value_lines(entry, name, known={**titles, **value_words(entry.table, name)})
            else:
                value_lines(entry, name)


def _unit_names(entry: Entry, name: str, units: pd.DataFrame) -> None:
    if not len(units) or entry.table == "organisation":
        return
    keys, double = linking.unit_names(entry, name, units)
    for text, unit in sorted(keys.items()):
        entry.add(f"values.{name}", Line(text, unit, 0.95))
    if double:
        listed = ", ".join(f"'{each}'" for each in double[:10])
        entry.doubts.append(
            Notice(
                sv=f"{entry.label}: flera enheter heter {listed}; ange vilken som menas i [file.values.{name}].",
                en=f"{entry.label}: several units are called {listed}; say which is meant in [file.values.{name}].",
            )
        )


def _stranger(found: Found) -> Notice:
    """A table that is none of a delivery's, with the one it resembles most."""
    best = found.nearest
    if found.sheet.frame.empty:
        return Notice(
            sv=f"{found.label}: har rubriker men inga rader och togs inte med; "
            "exportera igen, eller skriv posten för hand.",
            en=f"{found.label}: has headers but no rows and was left out; export it again, or write the entry by hand.",
        )
    if not found.layout.header_row:
        held = _held(found)
        sv, en = (", ".join(f"{header}: {each[place]}" for header, each in held) for place in LANGUAGES)
        return Notice(
            sv=f"{found.label}: har inga rubriker, så bara innehållet syns ({sv or 'inget bekant'}); togs inte med. "
            "Skriv posten för hand med header_row = 0 och kolumnernas nummer.",
            en=f"{found.label}: has no headers, so only the content shows ({en or 'nothing familiar'}); left out. "
            "Write the entry by hand with header_row = 0 and the columns' numbers.",
        )
    if best is None or best.confidence < RESEMBLES:
        return Notice(
            sv=f"{found.label}: liknar ingen tabell i en leverans och togs inte med.",
            en=f"{found.label}: resembles no table of a delivery and was left out.",
        )
    lacks = ", ".join(best.missing) or "–"
    return Notice(
        sv=f"{found.label}: togs inte med; liknar mest {best.table} ({best.confidence:.0%}) men saknar {lacks}.",
        en=f"{found.label}: left out; most like {best.table} ({best.confidence:.0%}) but lacks {lacks}.",
    )


def _held(found: Found) -> list[tuple[str, dict[str, str]]]:
    """Columns of a file without headers whose content alone says what they hold."""
    held = []
    for header, traits in zip(found.sheet.headers, found.sheet.traits, strict=True):
        if personnummer(traits):
            held.append((header, {"sv": "personnummer", "en": "personal numbers"}))
        elif traits.aid >= CONTENT:
            held.append((header, {"sv": "AID-etikett", "en": "AID codes"}))
        elif traits.dates >= CONTENT:
            held.append((header, {"sv": "datum", "en": "dates"}))
    return held


def _delivery(
    folder: Path, founds: list[Found], entries: list[Entry], units: pd.DataFrame, language: str
) -> tuple[list[str], list[Notice]]:
    """``[delivery]`` and ``[departments]``, and what must be asked about them."""
    asked: list[Notice] = []
    must = Notice(sv="måste anges", en="must be named")
    facts = [Line("name", folder.resolve().name, None, Notice(sv="mappens namn", en="the folder's name"))]
    name = linking.municipality(units)
    if name:
        top = Notice(sv="organisationens översta enhet", en="the organisation's top unit")
        facts.append(Line("municipality", name, 0.9, top))
    else:
        facts.append(Line("municipality", "", None, must, off=True))
        asked.append(
            Notice(
                sv="[delivery]: vilken kommun gäller leveransen? Skriv municipality.",
                en="[delivery]: which municipality is the delivery from? Write municipality.",
            )
        )
    stated = linking.extraction(founds)
    if stated:
        where = Notice(sv=f"står överst i {stated[1].label}", en=f"stated at the top of {stated[1].label}")
        facts.append(Line("extracted", stated[0], 0.9, where))
    else:
        facts.append(Line("extracted", "YYYY-MM-DD", None, must, off=True))
        asked.append(
            Notice(
                sv="[delivery]: ingen fil säger vilken dag den togs ut; skriv extracted, den dag uttaget gjordes.",
                en="[delivery]: no file says which day it was extracted; write extracted, the day of the extract.",
            )
        )
    lines = ["[delivery]", *block(facts, language)]
    if len(units):
        level, levels = linking.reporting_level(entries, units)
        listed = ", ".join(levels)
        choice = Notice(sv=f"nivåer: {listed}", en=f"levels: {listed}")
        sure = 0.85 if level else None
        lines += ["", "[departments]" if level else "# [departments]"]
        lines.append(line(Line("level", level or (levels[0] if levels else ""), sure, choice, off=not level), language))
        if not level:
            asked.append(
                Notice(
                    sv=f"[departments]: vilken nivå får rapporter? Nivåerna är {listed}.",
                    en=f"[departments]: which level gets reports? The levels are {listed}.",
                )
            )
    return lines, asked


def _whole(entries: list[Entry], manifest: Manifest | None) -> Iterable[Notice]:
    """What the delivery as a whole lacks or has twice."""
    covered = Counter(entry.table for entry in entries)
    covered.update(spec.table for spec in (manifest.file if manifest else ()))
    if not covered["employments"] and not covered["snapshots"]:
        yield Notice(
            sv="Ingen fil liknar anställningar (employments) eller en lista över anställda (snapshots); "
            "en av dem krävs.",
            en="No file looks like employments or a list of everyone employed (snapshots); one of them is required.",
        )
    for table in ("organisation", "exits"):
        if covered[table] > 1:
            yield Notice(
                sv=f"{covered[table]} filer liknar {table}; är alla med avsikt?",
                en=f"{covered[table]} files look like {table}; are all of them meant?",
            )
    for entry in entries:
        names = {each.key for each in entry.sections.get("columns", []) if not each.off}
        if entry.table in ("employments", "snapshots") and "rate" not in names:
            yield Notice(
                sv=f"{entry.label}: ingen kolumn liknar sysselsättningsgrad; om alla arbetar heltid, skriv "
                "rate = 1.0 under [assumptions].",
                en=f"{entry.label}: no column looks like the rate of employment; if all work full time, write "
                "rate = 1.0 under [assumptions].",
            )


def _text(head: list[str], entries: list[Entry], rules: list[str], doubts: list[Notice], language: str) -> str:
    lines = [each for paragraph in HEAD[language] for each in wrapped(paragraph, rest="# ")]
    if head:
        lines += ["", *head]
    for entry in entries:
        lines += ["", *entry_lines(entry, language)]
    if rules:
        lines += ["", *rules]
    lines += ["", f"# {END[language]}"]
    for doubt in numbered(doubts, language) or [NOTHING[language]]:
        lines += wrapped(doubt, first="# ", rest="#    ")
    return "\n".join(lines) + "\n"
