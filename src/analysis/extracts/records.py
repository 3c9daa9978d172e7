"""One raw file to rows of one clean table, block by block; whatever does not fit is counted or set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts import identity
from analysis.extracts.coded import Coded
from analysis.extracts.columns import ORGANISATION_KEYS, texts, values
from analysis.extracts.manifest import PERSONS, FileSpec
from analysis.extracts.notices import Notice, of_file
from analysis.extracts.persons import proven_elsewhere
from analysis.extracts.quarantine import masked, personal_texts, set_aside
from analysis.extracts.reading import Raw, find_columns
from analysis.extracts.rules import breaches
from analysis.extracts.structural import ahead, structural_rows, with_tail
from analysis.tables.clean import TABLES

TEXT = ("key", "text")
SHIFTED = "too_few_fields"
"""Reason of short rows. Accepted when every check passes: spreadsheets leave out empty last cells."""


@dataclass(frozen=True)
class Job:
    """What every block of a file is converted with.

    ``file`` is written to ``source``; ``groups`` are the named groups of the entry's pattern, for constants;
    ``extracted`` is the delivery's date; ``key`` that of the pseudonyms; ``units`` the keys of the organisation, None
    without one.
    """

    spec: FileSpec
    file: str
    extracted: date
    key: bytes
    groups: dict[str, str] = field(default_factory=dict)
    units: frozenset[str] | None = None


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
class Block:
    """What one block gave: accepted rows as ``texts`` (columns of text), ``table`` (all others) and ``numbers`` (rows).

    ``texts``, ``aside`` and ``known`` still hold raw personal values: they are hashed or masked when the file has ended,
    each distinct one once.
    """

    texts: dict[str, Coded]
    table: pd.DataFrame
    numbers: np.ndarray
    waiting: np.ndarray
    aside: pd.DataFrame
    known: list[pd.Series]
    rows: int
    structural: int
    excluded: dict[str, pd.Series]
    rules: dict[str, np.ndarray]
    coordination: np.ndarray
    padded: int


def convert_file(blocks: Iterable[Raw], job: Job) -> Part:
    """Convert one file: structural rows, exclusions, types, contract, row rules, pseudonyms, in this order.

    At most three blocks are held as text; memory is that of the clean table, these, and the distinct raw keys of the
    file.

    Args:
        blocks: The file as text, in blocks of any size.
        job: How.

    Returns:
        Accepted rows (every canonical column, ``source``, ``source_row``) and everything else accounted for.

    Raises:
        InputError: a required column is missing or ambiguous.
    """
    done: list[Block] = []
    header: list[str] = []
    absent: list[str] = []
    encoding = ""
    for raw, last in with_tail(ahead(blocks)):
        positions, absent = find_columns(job.spec, raw, file=job.file)
        header, encoding = raw.header, raw.encoding
        done.append(_convert(raw, positions, job, last=last))
    accepted = _accepted(done, job)
    aside = pd.concat([block.aside for block in done], ignore_index=True)
    rules = {
        rule: np.concatenate([each.rules.get(rule, np.zeros(len(each.numbers), dtype=bool)) for each in done])
        for rule in dict.fromkeys(rule for block in done for rule in block.rules)
    }
    coordination = np.concatenate([block.coordination for block in done])
    waiting = np.concatenate([block.waiting for block in done])
    if waiting.any():
        proven = proven_elsewhere(accepted, waiting)
        aside = aside[~aside["source_row"].isin(accepted.loc[proven, "source_row"])].reset_index(drop=True)
        stays = ~waiting | proven
        rules = {rule: where[stays] for rule, where in rules.items()}
        accepted, coordination = accepted[stays].reset_index(drop=True), coordination[stays]
    excluded = {
        rule.rule: pd.concat([block.excluded[rule.rule] for block in done]).agg(["size", "nunique"])
        for rule in job.spec.exclude
    }
    rows, structural = (sum(getattr(block, name) for block in done) for name in ("rows", "structural"))
    return Part(
        accepted=accepted,
        quarantine=masked(aside, file=job.file, spec=job.spec, known=[each for block in done for each in block.known]),
        read=rows + structural,
        structural=structural,
        excluded={rule: (int(size), int(persons)) for rule, (size, persons) in excluded.items()},
        rules={
            rule: (int(where.sum()), accepted.loc[where, "person"].nunique() if "person" in accepted else 0)
            for rule, where in rules.items()
            if where.any()
        },
        coordination=pd.Index(accepted.loc[coordination, "person"].unique() if coordination.any() else []),
        notices=of_file(
            job.file,
            header,
            absent={name: job.spec.columns[name] for name in absent},
            rows=rows,
            padded=sum(block.padded for block in done),
        ),
        encoding=encoding,
    )


def _convert(raw: Raw, positions: dict[str, int], job: Job, *, last: bool) -> Block:
    """One block; see ``convert_file``."""
    spec = job.spec
    cells = {position: Coded.of(raw.frame[position]) for position in positions.values()}
    text = texts(cells, spec, positions, job.groups, rows=len(raw.frame))
    odd = _odd(raw)
    structural = structural_rows(raw, spec, cells, positions, text, trusted=(odd == "") | (odd == SHIFTED), last=last)
    text = {name: each.rows(~structural) for name, each in text.items()}
    rows, odd = raw.rows[~structural], odd[~structural]
    untrusted = (odd != "") & (odd != SHIFTED)

    found = values(raw, spec, text, job.extracted, rows=len(rows))
    columns, problems = found.columns, found.problems
    kinds = {name: column.kind for name, column in TABLES[spec.table].items()}
    plain = {name: each.spread() for name, each in columns.items() if kinds[name] not in TEXT}
    table = pd.DataFrame(plain, index=range(len(rows)))  # a table may consist of text alone
    excluded, out = _exclusions(spec, text, columns, table, ~untrusted)
    units = {name: columns[name].categorical() for name in ORGANISATION_KEYS if kinds.get(name) in TEXT}
    for reason, place, broken in breaches(table.assign(**units), extracted=job.extracted, units=job.units):
        problems.note(place, broken.fillna(False).to_numpy(dtype=bool), reason)
    waiting = found.unproven & ~problems.found & ~out & (odd == "")
    problems.replace("person", found.unproven, np.full(len(rows), "digits_lost", dtype="object"))
    # a short or long row is wrong as a row: which cell failed first would only mislead
    problems.replace("", untrusted | ((odd == SHIFTED) & problems.found), odd)

    aside = problems.found & ~out
    kept = (~aside & ~out) | waiting
    return Block(
        texts={name: each.rows(kept).used() for name, each in columns.items() if kinds[name] in TEXT},
        table=table if kept.all() else table[kept],
        numbers=rows[kept],
        waiting=waiting[kept],
        aside=set_aside(spec, text, problems, rows, aside),
        known=personal_texts(spec, text),
        rows=len(rows),
        structural=raw.structural + int(structural.sum()),
        excluded=excluded,
        rules={rule: where[kept] for rule, where in found.rules.items()},
        coordination=found.coordination[kept],
        padded=int(((odd == SHIFTED) & kept).sum()),
    )


def _accepted(done: list[Block], job: Job) -> pd.DataFrame:
    """The clean rows of all blocks, with pseudonyms; columns of text as categoricals."""
    columns = {}
    for name in TABLES[job.spec.table]:
        if name not in done[0].texts:
            columns[name] = pd.concat([block.table[name] for block in done], ignore_index=True)
            continue
        whole = Coded.concat([block.texts[name] for block in done])
        if _pseudonymised(job.spec, name):
            of = "person" if name in PERSONS else name
            whole = whole.map(partial(identity.pseudonyms, name=of, key=job.key))
        columns[name] = whole.categorical()
    numbers = np.concatenate([block.numbers for block in done])
    source = Coded.constant(pd.Series([job.file], dtype="str"), len(numbers))
    return pd.DataFrame(columns | {"source": source.categorical(), "source_row": numbers})


def _odd(raw: Raw) -> np.ndarray:
    """Per record the reason why it cannot be trusted cell by cell, or ""."""
    odd = np.full(len(raw.frame), "", dtype="object")
    odd[list(raw.odd)] = list(raw.odd.values())
    return odd


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
