"""One raw file to rows of one clean table, block by block; whatever does not fit is counted or set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts import identity
from analysis.extracts.coded import Coded, by_column
from analysis.extracts.columns import ORGANISATION_KEYS, texts, values
from analysis.extracts.manifest import PERSONS, FileSpec
from analysis.extracts.needed import WORDS
from analysis.extracts.notices import Notice, of_file
from analysis.extracts.persons import proven_elsewhere
from analysis.extracts.quarantine import masked, personal_texts, set_aside
from analysis.extracts.reading import Raw, find_columns
from analysis.extracts.rules import breaches
from analysis.extracts.structural import ahead, structural_rows, with_tail
from analysis.tables.clean import TABLES

SHIFTED = "too_few_fields"
"""Reason of short rows. Accepted when every check passes: spreadsheets leave out empty last cells."""


@dataclass(frozen=True)
class Job:
    """What every block of a file is converted with.

    ``file`` is written to ``source``; ``groups`` are the named groups of the entry's pattern, for constants;
    ``extracted`` is the delivery's date; ``key`` that of the pseudonyms; ``units`` the keys of the organisation, None
    without one; ``occupations`` those that the delivery names itself.
    """

    spec: FileSpec
    file: str
    extracted: date
    key: bytes
    groups: dict[str, str] = field(default_factory=dict)
    units: frozenset[str] | None = None
    occupations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """What one file gave to one table. Nothing raw about a person is left in it.

    ``accepted`` has its columns of text as categoricals, to be written out once the table is whole.
    ``excluded`` and ``rules`` (of identity) have rows and persons per rule; ``coordination`` the pseudonyms of
    persons with a coordination number.
    """

    accepted: pd.DataFrame
    quarantine: pd.DataFrame
    read: int
    structural: int
    excluded: dict[str, tuple[int, int]]
    rules: dict[str, tuple[int, int]]
    coordination: pd.Index
    notices: list[Notice]
    encoding: str


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


def convert_file(blocks: Iterable[Raw], job: Job) -> Part:
    """Convert one file: structural rows, exclusions, types, contract, row rules, pseudonyms, in this order.

    The text of at most three blocks is held. Beyond the clean table, a file takes the distinct values of each mapped
    column and four bytes for each of its cells, until they are converted (each distinct value once).

    Args:
        blocks: The file as text, in blocks of any size.
        job: How.

    Returns:
        Accepted rows (every canonical column, ``source``, ``source_row``) and everything else accounted for.

    Raises:
        InputError: a required column is missing or ambiguous.
    """
    done: list[Text] = []
    header: list[str] = []
    absent: list[str] = []
    encoding, typed = "", False
    for raw, last in with_tail(ahead(blocks)):
        positions, absent = find_columns(job.spec, raw, file=job.file)
        header, encoding, typed = raw.header, raw.encoding, raw.typed
        done.append(_text(raw, positions, job, last=last))
    file = _whole(done)
    del done
    notices = partial(
        of_file, job.file, header, absent={name: job.spec.columns[name] for name in absent}, rows=len(file.rows)
    )
    return _convert(file, job, encoding=encoding, typed=typed, notices=notices)


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


def _whole(blocks: list[Text]) -> Text:
    """The blocks of a file under each other."""
    starts = np.cumsum([0, *(len(block.rows) for block in blocks)]).tolist()
    names = list(blocks[0].columns)
    columns = by_column(lambda name: Coded.concat([block.columns[name] for block in blocks]), names)
    return Text(
        dict(zip(names, columns, strict=True)),
        np.concatenate([block.rows for block in blocks]),
        {
            start + place: reason
            for start, block in zip(starts, blocks, strict=False)
            for place, reason in block.odd.items()
        },
        sum(block.structural for block in blocks),
    )


def _convert(file: Text, job: Job, *, encoding: str, typed: bool, notices: Callable[..., list[Notice]]) -> Part:
    """The records of a file; see ``convert_file``."""
    spec, text = job.spec, file.columns
    found = values(spec, text, job.extracted, rows=len(file.rows), typed=typed)
    columns, problems = found.columns, found.problems
    table = pd.DataFrame(
        {name: each.spread() for name, each in columns.items() if not _is_text(spec, name)},
        index=range(len(file.rows)),  # a table may consist of text alone
        copy=False,
    )
    untrusted, short = file.where(short=False), file.where(short=True)
    excluded, out = _exclusions(spec, text, columns, table, ~untrusted)
    words = {name: columns[name].categorical() for name in ORGANISATION_KEYS if name in columns and name not in table}
    if "model" in columns:  # rules about competence compare words with each other
        words |= {name: columns[name].spread() for name in WORDS if name in columns and _is_text(spec, name)}
    known = table.assign(**words)
    for reason, place, broken in breaches(known, extracted=job.extracted, units=job.units, occupations=job.occupations):
        problems.note(place, broken.fillna(False).to_numpy(dtype=bool), reason)
    waiting = found.unproven & ~problems.found & ~out & ~untrusted & ~short
    problems.replace("person", found.unproven, "digits_lost")
    # a short or long row is wrong as a row: which cell failed first would only mislead
    wrong = untrusted | (short & problems.found)
    for reason in dict.fromkeys(file.odd.values()):
        odd = [place for place, each in file.odd.items() if each == reason and wrong[place]]
        problems.replace("", odd, reason)

    kept = (~problems.found & ~out) | waiting
    accepted = _accepted(columns, table, kept, file.rows, job)
    rules = {rule: where[kept] for rule, where in found.rules.items()}
    coordination = found.coordination[kept]
    aside = problems.found & ~out
    if waiting.any():
        proven = proven_elsewhere(accepted, waiting[kept])
        stays = ~waiting[kept] | proven
        aside[np.flatnonzero(kept)[proven]] = False
        rules = {rule: where[stays] for rule, where in rules.items()}
        accepted, coordination = accepted[stays].reset_index(drop=True), coordination[stays]
    return Part(
        accepted=accepted,
        quarantine=masked(
            set_aside(spec, text, problems, file.rows, aside),
            file=job.file,
            spec=spec,
            known=personal_texts(spec, text),
        ),
        read=len(file.rows) + file.structural,
        structural=file.structural,
        excluded={rule: (len(persons), persons.nunique()) for rule, persons in excluded.items()},
        rules={
            rule: (int(where.sum()), accepted.loc[where, "person"].nunique() if "person" in accepted else 0)
            for rule, where in rules.items()
            if where.any()
        },
        coordination=pd.Index(accepted.loc[coordination, "person"].unique() if coordination.any() else []),
        notices=notices(padded=int((short & kept).sum())),
        encoding=encoding,
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
    return pd.DataFrame(done | {"source": source.categorical(), "source_row": rows[kept]}, copy=False)


def _is_text(spec: FileSpec, name: str) -> bool:
    return TABLES[spec.table][name].kind in ("key", "text")


def _pseudonymised(spec: FileSpec, name: str) -> bool:
    column = TABLES[spec.table][name]
    return column.personal and column.kind == "key"


def _exclusions(
    spec: FileSpec, text: dict[str, Coded], values: dict[str, Coded], table: pd.DataFrame, trusted: np.ndarray
) -> tuple[dict[str, pd.Series], np.ndarray]:
    """Apply the named exclusion rules in order; a row counts for the first that catches it.

    Returns:
        The person of each row that a rule caught (raw; NA where the table has none), and True for all such rows.
    """
    caught_by: dict[str, pd.Series] = {}
    out = np.zeros(len(trusted), dtype=bool)
    nobody = pd.Series([None], dtype="str")
    persons = values.get("person", Coded.constant(nobody, len(trusted)))
    for rule in spec.exclude:
        if rule.after:
            caught = (table[rule.column] > table[rule.after]).to_numpy(dtype=bool)
        else:
            pattern = re.compile(rule.matches, re.IGNORECASE)
            column = text[rule.column] if rule.column in text else values[rule.column].map(_as_text)
            matches = [pattern.search(value) is not None for value in column.uniques]
            caught = column.flags(pd.Series(matches, dtype="bool"))
        caught = caught & ~out & trusted
        before = caught_by.get(rule.rule, nobody.iloc[:0])
        caught_by[rule.rule] = pd.concat([before, persons.rows(caught).spread()], ignore_index=True)
        out |= caught
    return caught_by, out


def _as_text(unique: pd.Series) -> pd.Series:
    return unique.astype("str").fillna("")
