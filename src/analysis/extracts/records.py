"""One raw file to rows of one clean table, block by block; whatever does not fit is counted or set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, born_in_a_year, in_a_year, of_file
from analysis.extracts.account.quarantine import Problems, masked, personal_texts, set_aside
from analysis.extracts.files.dressing import formulas
from analysis.extracts.files.reading import Raw, find_columns
from analysis.extracts.manifest import PERSONS, FileSpec, Occupations
from analysis.extracts.persons import identity
from analysis.extracts.persons.numbers import PROOF, proven_elsewhere
from analysis.extracts.persons.spelling import PAIR, bare_numbers
from analysis.extracts.rows.competence_rules import WORDS
from analysis.extracts.rows.reversals import AMOUNTS
from analysis.extracts.rows.rules import breaches
from analysis.extracts.rows.seen_values import Sieve
from analysis.extracts.rows.staging import Shelf, Staged
from analysis.extracts.rows.structural import ahead, structural_rows, with_tail
from analysis.extracts.units import unit_columns
from analysis.extracts.values.bounded_patterns import matches
from analysis.extracts.values.coded import Coded, hashes, written_out
from analysis.extracts.values.columns import texts, values
from analysis.extracts.values.converting import BY_YEAR, EMPTY, YEAR_ONLY
from analysis.extracts.values.occupation import fill_occupation
from analysis.extracts.values.unread import Unread
from analysis.tables.clean import TABLES, check
from analysis.tables.keys import Codes

NOBODY = np.zeros(0, dtype="uint64")
SHIFTED = "too_few_fields"
"""Reason of short rows. Accepted when every check passes: spreadsheets leave out empty last cells."""


@dataclass(frozen=True)
class Job:
    """What every block of a file is converted with.

    ``file`` is written to ``source``; ``groups`` are the named groups of the entry's pattern, for constants;
    ``extracted`` is the delivery's date; ``key`` that of the pseudonyms; ``units`` the codes of the organisation, None
    without one; ``occupations`` what the delivery says of them.
    """

    spec: FileSpec
    file: str
    extracted: date
    key: bytes
    groups: dict[str, str] = field(default_factory=dict)
    units: Codes | None = None
    occupations: Occupations = field(default_factory=Occupations)


@dataclass(frozen=True)
class Part:
    """What one file gave to one table. Nothing raw about a person is left in it.

    ``staged`` has the accepted rows, ``excluded`` and ``rules`` (of identity) rows and persons per rule,
    ``coordination`` the pseudonyms of persons with a coordination number, ``spellings`` how their numbers are written
    (``spelling.bare_numbers``).
    """

    staged: Staged
    quarantine: pd.DataFrame
    read: int
    structural: int
    excluded: dict[str, tuple[int, int]]
    rules: dict[str, tuple[int, int]]
    coordination: frozenset[str]
    notices: list[Notice]
    encoding: str
    spellings: np.ndarray


@dataclass(frozen=True)
class Text:
    """The records of a block or a file as trimmed text by column; structural rows are counted and gone.

    ``odd`` maps positions to the reason why the record cannot be trusted cell by cell.
    """

    columns: dict[str, Coded]
    rows: np.ndarray
    odd: dict[int, str]
    structural: int

    def where(self, *, short: bool) -> np.ndarray:
        """True for odd records: those that are only short, or all others."""
        found = np.zeros(len(self.rows), dtype=bool)
        found[[place for place, reason in self.odd.items() if (reason == SHIFTED) == short]] = True
        return found


@dataclass(frozen=True)
class Waiting:
    """Rows of a block that stand if another row proves their person.

    ``rows`` has the columns ``PROOF`` as far as the table has them, ``source_row``, and ``place`` among all that were
    staged; ``rules`` and ``coordination`` as in ``columns.Values``.
    """

    rows: pd.DataFrame
    rules: dict[str, np.ndarray]
    coordination: np.ndarray


class Tally:
    """What became of the records of a file, added up block by block."""

    def __init__(self, job: Job, staged: Staged) -> None:
        self.job = job
        self.staged = staged
        self.records = self.structural = self.padded = 0
        self.filled: set[str] = set()
        self._excluded: dict[str, tuple[int, np.ndarray]] = {}
        self._rules: dict[str, tuple[int, np.ndarray]] = {}
        self._coordination: set[str] = set()
        self._aside: list[pd.DataFrame] = []
        self.personal = Sieve()
        self._waiting: list[Waiting] = []
        self._spellings = [np.zeros(0, dtype=PAIR)]
        self.unread = Unread(job.spec, job.file, job.extracted)

    def see(self, text: dict[str, Coded]) -> None:
        """Note the mapped columns that say something in some row."""
        for name in self.job.spec.columns:
            if name in text and name not in self.filled and _says_something(self.job.spec, name, text[name]):
                self.filled.add(name)

    def exclude(self, caught: dict[str, tuple[int, np.ndarray]]) -> None:
        """Count what exclusion rules caught."""
        for rule, (rows, people) in caught.items():
            _add(self._excluded, rule, rows, people)

    def set_aside(self, text: dict[str, Coded], problems: Problems, rows: np.ndarray, aside: np.ndarray) -> None:
        """Keep the rows that are wrong, and remember the personal values that may stand in a wrong column of theirs."""
        self._aside.append(set_aside(self.job.spec, text, problems, rows, aside))
        for each in personal_texts(self.job.spec, text):
            self.personal.add(each)

    def spell(self, persons: Coded) -> None:
        """Remember how the numbers of persons are written; personnummer are always written in full."""
        if not self.job.spec.personnummer:
            keys = persons.used().uniques.dropna().reset_index(drop=True)
            written = identity.pseudonyms(keys, name="person", key=self.job.key)
            bare = bare_numbers(keys, written, key=self.job.key, prefix=self.job.spec.person_prefix)
            self._spellings = [np.unique(np.concatenate([*self._spellings, bare]))]

    def accept(
        self, frame: pd.DataFrame, *, waiting: np.ndarray, rules: dict[str, np.ndarray], coordination: np.ndarray
    ) -> None:
        """Stage the rows that are right, and those that are right if another row says so (``waiting``)."""
        self._count(frame[~waiting], {rule: where[~waiting] for rule, where in rules.items()}, coordination[~waiting])
        if waiting.any():
            rows = written_out(frame.loc[waiting, [*(name for name in PROOF if name in frame), "source_row"]].copy())
            rows = rows.assign(place=np.flatnonzero(waiting) + self.staged.size)
            used = {rule: where[waiting] for rule, where in rules.items()}
            self._waiting.append(Waiting(rows, used, coordination[waiting]))
        self.staged.append(frame)

    def _count(self, frame: pd.DataFrame, rules: dict[str, np.ndarray], coordination: np.ndarray) -> None:
        for rule, where in rules.items():
            if where.any():
                people = hashes(frame.loc[where, "person"].drop_duplicates()) if "person" in frame else NOBODY
                _add(self._rules, rule, int(where.sum()), people)
        if coordination.any():
            self._coordination |= set(frame.loc[coordination, "person"].unique())

    def _proven(self) -> frozenset[int]:
        """Settle the rows that were waiting; the lines of those for which another row spoke."""
        if not self._waiting:
            return frozenset()
        proven = proven_elsewhere(pd.concat([each.rows for each in self._waiting]), self.staged)
        lines: set[int] = set()
        ends = np.cumsum([len(each.rows) for each in self._waiting])
        for each, mine in zip(self._waiting, np.split(proven, ends[:-1]), strict=True):
            self.staged.drop(each.rows.loc[~mine, "place"].to_numpy())
            used = {rule: where[mine] for rule, where in each.rules.items()}
            self._count(each.rows[mine], used, each.coordination[mine])
            lines |= set(each.rows.loc[mine, "source_row"])
        return frozenset(lines)

    def part(self, encoding: str, notices: list[Notice]) -> Part:
        """The whole file."""
        proven = self._proven()
        aside = pd.concat(self._aside, ignore_index=True) if self._aside else pd.DataFrame()
        aside = aside[~aside["source_row"].isin(proven)].reset_index(drop=True)
        return Part(
            staged=self.staged,
            quarantine=masked(aside, file=self.job.file, spec=self.job.spec, known=self.personal),
            read=self.records + self.structural,
            structural=self.structural,
            excluded={rule: (rows, len(people)) for rule, (rows, people) in self._excluded.items()},
            rules={rule: (rows, len(people)) for rule, (rows, people) in self._rules.items()},
            coordination=frozenset(self._coordination),
            notices=notices,
            encoding=encoding,
            spellings=self._spellings[0],
        )


def _add(counts: dict[str, tuple[int, np.ndarray]], rule: str, rows: int, people: np.ndarray) -> None:
    before, known = counts.get(rule, (0, NOBODY))
    counts[rule] = before + rows, np.union1d(known, people)


def convert_file(blocks: Iterable[Raw], job: Job, shelf: Shelf) -> Part:
    """Convert one file: structural rows, exclusions, types, contract, row rules, pseudonyms, in this order.

    The text of at most three blocks is held. What is kept of the others beside the clean rows does not grow with
    the file, but for eight bytes per person that a rule counts and for the rows set aside.

    Args:
        blocks: The file as text, in blocks of any size.
        job: How.
        shelf: Where the clean rows go.

    Returns:
        Accepted rows (every canonical column, ``source``, ``source_row``) and everything else accounted for.

    Raises:
        InputError: a required column is missing or ambiguous.
    """
    tally = Tally(job, Staged(shelf))
    for raw, text in ahead(_texts(blocks, job)):
        _convert(text, tally, typed=raw.typed)
    positions, absent = find_columns(job.spec, raw, file=job.file)
    columns = TABLES[job.spec.table]
    empty = [name for name in positions if name in columns and not columns[name].sparse and name not in tally.filled]
    notices = of_file(
        job.file,
        raw.header,
        absent={name: job.spec.columns[name] for name in absent},
        empty={name: raw.header[positions[name]].strip() for name in empty},
        rows=tally.records,
        padded=tally.padded,
    )
    by_year = [name for name in BY_YEAR if name in positions and YEAR_ONLY in job.spec.formats.get(name, ())]
    notices += [
        born_in_a_year(job.file) if name == "birth" else in_a_year(job.file, name, table=job.spec.table)
        for name in by_year
    ]
    return tally.part(raw.encoding, [*raw.notices, *notices, *tally.unread.notices(tally.personal)])


def _texts(blocks: Iterable[Raw], job: Job) -> Iterator[tuple[Raw, Text]]:
    for raw, last in with_tail(blocks):
        positions, _ = find_columns(job.spec, raw, file=job.file)
        text = _text(raw, positions, job, last=last)
        raw.frame = raw.frame.iloc[:0]  # its cells are in the text now
        yield raw, text


def _text(raw: Raw, positions: dict[str, int], job: Job, *, last: bool) -> Text:
    """One block as text."""
    cells = {position: Coded.of(raw.frame[position]) for position in positions.values()}
    columns = texts(cells, job.spec, positions, job.groups, rows=len(raw.frame))
    text = Text(columns, raw.rows, raw.odd, raw.structural)
    trusted = ~text.where(short=False)
    structural = structural_rows(raw, job.spec, cells, positions, columns, trusted=trusted, last=last)
    if not structural.any():
        return text
    kept = ~structural
    moved = np.cumsum(kept) - 1
    return Text(
        {name: each.rows(kept) for name, each in columns.items()},
        raw.rows[kept],
        {int(moved[place]): reason for place, reason in raw.odd.items() if kept[place]},
        raw.structural + int(structural.sum()),
    )


def _convert(block: Text, tally: Tally, *, typed: bool) -> None:
    """Convert the records of a block and add up what came of them."""
    job, spec, text = tally.job, tally.job.spec, block.columns
    found = values(spec, text, job.extracted, rows=len(block.rows), typed=typed)
    columns, problems = found.columns, found.problems
    table = pd.DataFrame(
        {name: each.spread() for name, each in columns.items() if not _is_text(spec, name)},
        index=range(len(block.rows)),  # a table may consist of text alone
        copy=False,
    )
    untrusted, short = block.where(short=False), block.where(short=True)
    excluded, out = _exclusions(spec, text, columns, table, ~untrusted)
    words = {name: columns[name].categorical() for name in unit_columns(spec.table)}
    if "model" in columns:  # rules about competence compare words with each other
        words |= {name: columns[name].spread() for name in WORDS if name in columns and _is_text(spec, name)}
    known = table.assign(**words)
    if found.reversals.any():  # amounts that take back others are compared with those, not with each other
        known.loc[found.reversals, [name for name in AMOUNTS.get(spec.table, ()) if name in known]] = np.nan
    named = frozenset(job.occupations.names)
    for reason, place, broken in breaches(known, extracted=job.extracted, units=job.units, occupations=named):
        problems.note(place, broken.fillna(False).to_numpy(dtype=bool), reason)
    waiting = found.unproven & ~problems.found & ~out & ~untrusted & ~short
    problems.replace("person", found.unproven, "digits_lost")
    # a short or long row is wrong as a row: which cell failed first would only mislead
    wrong = untrusted | (short & problems.found)
    for reason in dict.fromkeys(block.odd.values()):
        odd = [place for place, each in block.odd.items() if each == reason and wrong[place]]
        problems.replace("", odd, reason)
    kept = (~problems.found & ~out) | waiting
    if "person" in columns and _pseudonymised(spec, "person"):
        tally.spell(columns["person"].rows(kept))
    tally.records += len(block.rows)
    tally.structural += block.structural
    tally.see(text)
    tally.unread.see(text, columns, problems, found.unset, kept)
    tally.padded += int((short & kept).sum())
    tally.exclude(excluded)
    tally.set_aside(text, problems, block.rows, problems.found & ~out)
    tally.accept(
        _accepted(columns, table, kept, block.rows, job),
        waiting=waiting[kept],
        rules={rule: where[kept] for rule, where in found.rules.items()},
        coordination=found.coordination[kept],
    )


def _accepted(
    columns: dict[str, Coded], table: pd.DataFrame, kept: np.ndarray, rows: np.ndarray, job: Job
) -> pd.DataFrame:
    """The clean rows with pseudonyms; other columns of text as categoricals."""
    done = {}
    for name, each in columns.items():
        if name in table:
            column = table.pop(name)  # one at a time, so that no table is held twice
            done[name] = column if kept.all() else column[kept].reset_index(drop=True)
        elif _pseudonymised(job.spec, name):
            of = "person" if name in PERSONS else name
            hashed = each.rows(kept).used().map(partial(identity.pseudonyms, name=of, key=job.key))
            done[name] = hashed.spread()
        else:
            done[name] = each.rows(kept).used().categorical()
    source = Coded.constant(pd.Series([job.file], dtype="str"), int(kept.sum()))
    done |= {"source": source.categorical(), "source_row": rows[kept]}
    return check(job.spec.table, fill_occupation(job.spec.table, pd.DataFrame(done, copy=False), job.occupations))


def _is_text(spec: FileSpec, name: str) -> bool:
    return TABLES[spec.table][name].kind in ("key", "text")


def _says_something(spec: FileSpec, name: str, text: Coded) -> bool:
    """True where some row has text that does not mean that the value is missing."""
    nothing = text.uniques == ""
    if name in TABLES[spec.table] and not _is_text(spec, name):
        nothing |= text.uniques.str.casefold().isin(EMPTY) | formulas(text.uniques)
    return bool(text.flags(~nothing).any())


def _pseudonymised(spec: FileSpec, name: str) -> bool:
    column = TABLES[spec.table][name]
    return column.personal and column.kind == "key"


def _exclusions(
    spec: FileSpec, text: dict[str, Coded], values: dict[str, Coded], table: pd.DataFrame, trusted: np.ndarray
) -> tuple[dict[str, tuple[int, np.ndarray]], np.ndarray]:
    """Apply the named exclusion rules in order; a row counts for the first that catches it.

    Returns:
        Per rule the rows it caught and hashes of their persons (none where the table has none), and True for all
        rows that some rule caught.
    """
    caught_by: dict[str, tuple[int, np.ndarray]] = {}
    out = np.zeros(len(trusted), dtype=bool)
    for rule in spec.exclude:
        if rule.after:
            caught = (table[rule.column] > table[rule.after]).to_numpy(dtype=bool)
        else:
            column = text[rule.column] if rule.column in text else values[rule.column].map(_as_text)
            found = matches(rule.matches, column.uniques.tolist(), flags=re.IGNORECASE)
            caught = column.flags(pd.Series(found, dtype="bool"))
        caught = caught & ~out & trusted
        rows, people = caught_by.get(rule.rule, (0, np.zeros(0, dtype="uint64")))
        if "person" in values:
            people = np.union1d(people, hashes(values["person"].rows(caught).used().uniques.dropna()))
        caught_by[rule.rule] = rows + int(caught.sum()), people
        out |= caught
    return caught_by, out


def _as_text(unique: pd.Series) -> pd.Series:
    return unique.astype("str").fillna("")
