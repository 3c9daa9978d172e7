"""One raw file to rows of one clean table, block by block; whatever does not fit is counted or set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts import converting, identity
from analysis.extracts.coded import Coded
from analysis.extracts.manifest import PERSONNUMMER_GIVES, PERSONS, FileSpec
from analysis.extracts.notices import Notice, of_file
from analysis.extracts.personnummer import read_personnummer
from analysis.extracts.persons import Persons, from_numbers, protect, proven_elsewhere
from analysis.extracts.quarantine import JOIN, Problems, masked, personal_texts, set_aside
from analysis.extracts.reading import Raw, find_columns
from analysis.extracts.rules import breaches
from analysis.extracts.schema import breach
from analysis.extracts.structural import structural_rows, with_tail
from analysis.tables.clean import TABLES, Column

ORGANISATION_KEYS = ("unit", "parent", "successor", "department")
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
class Values:
    """Canonical columns of a block in canonical types, what is wrong with its rows, and what was done about persons.

    ``rules`` has True per identity rule where it was used; ``unproven`` where its proof must come from another row.
    """

    columns: dict[str, Coded]
    problems: Problems
    rules: dict[str, np.ndarray]
    unproven: np.ndarray
    coordination: np.ndarray


@dataclass(frozen=True)
class Block:
    """What one block gave; ``aside`` and ``known`` still hold raw values, to be masked when the file has ended."""

    accepted: pd.DataFrame
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

    Only one block is held as text; peak memory is the clean table, one block, and the distinct raw keys of the file.

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
    for raw, last in with_tail(blocks):
        positions, absent = find_columns(job.spec, raw, file=job.file)
        header, encoding = raw.header, raw.encoding
        done.append(_convert(raw, positions, job, last=last))
    accepted = pd.concat([block.accepted for block in done], ignore_index=True)
    aside = pd.concat([block.aside for block in done], ignore_index=True)
    rules = {
        rule: np.concatenate([each.rules.get(rule, np.zeros(len(each.accepted), dtype=bool)) for each in done])
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
    text = _texts(cells, spec, positions, job.groups, rows=len(raw.frame))
    odd = _odd(raw)
    structural = structural_rows(raw, spec, cells, positions, text, trusted=(odd == "") | (odd == SHIFTED), last=last)
    text = {name: each.rows(~structural) for name, each in text.items()}
    rows, odd = raw.rows[~structural], odd[~structural]
    untrusted = (odd != "") & (odd != SHIFTED)

    found = _values(raw, spec, text, job.extracted, rows=len(rows))
    values, problems = found.columns, found.problems
    table = pd.DataFrame({name: each.spread() for name, each in values.items() if not _pseudonymised(spec, name)})
    excluded, out = _exclusions(spec, text, values, table, ~untrusted)
    for reason, column, broken in breaches(table, extracted=job.extracted, units=job.units):
        problems.note(column, broken.fillna(False).to_numpy(dtype=bool), reason)
    waiting = found.unproven & ~problems.found & ~out & ~untrusted
    problems.replace("person", found.unproven, np.full(len(rows), "digits_lost", dtype="object"))
    # a short or long row is wrong as a row: which cell failed first would only mislead
    problems.replace("", untrusted | ((odd == SHIFTED) & problems.found), odd)

    aside = problems.found & ~out
    kept = (~aside & ~out) | waiting
    accepted = table if kept.all() else table[kept].reset_index(drop=True)
    for name, each in values.items():
        if _pseudonymised(spec, name):
            keys = each.rows(kept).used()
            of = "person" if name in PERSONS else name
            accepted[name] = keys.map(partial(identity.pseudonyms, name=of, key=job.key)).spread()
    accepted = accepted[list(values)]
    accepted["source"] = Coded.constant(pd.Series([job.file], dtype="str"), len(accepted)).spread()
    accepted["source_row"] = rows[kept]
    return Block(
        accepted=accepted,
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


def _odd(raw: Raw) -> np.ndarray:
    """Per record the reason why it cannot be trusted cell by cell, or ""."""
    odd = np.full(len(raw.frame), "", dtype="object")
    odd[list(raw.odd)] = list(raw.odd.values())
    return odd


def _pseudonymised(spec: FileSpec, name: str) -> bool:
    column = TABLES[spec.table][name]
    return column.personal and column.kind == "key"


def _texts(
    cells: dict[int, Coded], spec: FileSpec, positions: dict[str, int], groups: dict[str, str], *, rows: int
) -> dict[str, Coded]:
    """Mapped columns and constants as trimmed, cleaned text; built keys as their parts are joined later."""
    columns: dict[str, Coded] = {}
    for name, position in positions.items():
        trimmed = cells[position].map(converting.trim)
        columns[name] = trimmed.map(partial(converting.substitute, rules=spec.clean.get(name, ())))
    for name, constant in spec.constants.items():
        value = re.sub(r"\{(\w+)\}", lambda match: groups.get(match[1], match[0]), constant)
        columns[name] = Coded.constant(pd.Series([value], dtype="str"), rows)
    for name, mapping in spec.values.items():  # noqa: PD011
        if name in columns:
            columns[name] = columns[name].map(partial(converting.translate, mapping=mapping))
    return columns


def _values(raw: Raw, spec: FileSpec, text: dict[str, Coded], extracted: date, *, rows: int) -> Values:
    """What a block says; what cannot be read is noted before what breaks the contract."""
    columns = TABLES[spec.table]
    values: dict[str, Coded] = {}
    problems = Problems.none(rows)
    rules: dict[str, np.ndarray] = {}
    unproven = coordination = np.zeros(rows, dtype=bool)
    for name in sorted(columns, key=lambda each: each in spec.keys):  # keys may be built from the others
        column = columns[name]
        if name in values:
            continue
        if name in spec.keys:
            values[name], reason = _joined(spec, name, column, text, values)
        elif name in text and name in PERSONS:
            found = _persons(raw, spec, name, text, extracted)
            values[name], reason = found.number, found.reason
            if spec.personnummer:
                values |= {each: getattr(found, each) for each in PERSONNUMMER_GIVES if each in columns}
            for rule, where in found.rules.items():
                rules[rule] = rules.get(rule, where) | where
            unproven = unproven | found.unproven
            if name == "person":
                coordination = found.coordination
        elif name in text:
            converted, reasons = converting.convert(
                text[name].uniques,
                name=name,
                column=column,
                formats=_formats(raw, spec, name),
                decimal=spec.decimal if name not in spec.constants else ".",
                extracted=extracted,
                scale=spec.scale.get(name),
            )
            values[name], reason = Coded(converted, text[name].codes), Coded(reasons, text[name].codes)
        else:
            values[name] = Coded.constant(converting.empty(column, pd.RangeIndex(1)), rows)
            continue
        if name in ORGANISATION_KEYS and column.kind == "key":
            values[name] = values[name].map(partial(converting.organisation_keys, built=name in spec.keys))
        _note(problems, name, reason)
    values = {name: values[name] for name in columns}
    for name, column in columns.items():
        _note(problems, name, values[name].map(partial(breach, column)))
    if spec.table == "exits":
        values["cause"] = values["cause"].map(lambda unique: unique.fillna("unknown"))
    return Values(values, problems, rules, unproven, coordination)


def _persons(raw: Raw, spec: FileSpec, name: str, text: dict[str, Coded], extracted: date) -> Persons:
    """The persons of column ``name``, by personnummer or by a key of the delivery's own."""
    if spec.personnummer:
        checked = read_personnummer(text[name].uniques, extracted=extracted, interim=spec.interim)
        return from_numbers(checked, name, spec, text, _formats(raw, spec, "birth"))
    found, reason = converting.texts(text[name].uniques, column=TABLES[spec.table][name])
    codes = text[name].codes
    nothing, nowhere = Coded.constant(pd.Series([None]), len(codes)), np.zeros(len(codes), dtype=bool)
    plain = Persons(
        Coded(found, codes), nothing, nothing, Coded(reason, codes), rules={}, unproven=nowhere, coordination=nowhere
    )
    return protect(plain, name, text)


def _note(problems: Problems, name: str, reason: Coded) -> None:
    for each in set(reason.uniques.unique()) - {""}:
        problems.note(name, reason.flags(reason.uniques == each), each)


def _formats(raw: Raw, spec: FileSpec, name: str) -> list[str]:
    formats = list(spec.formats.get(name, []))
    if formats and (raw.typed or name in spec.constants):
        formats.append("%Y-%m-%d")  # typed cells and constants are ISO whatever the text cells look like
    return formats


def _joined(
    spec: FileSpec, name: str, column: Column, text: dict[str, Coded], values: dict[str, Coded]
) -> tuple[Coded, Coded]:
    """A key of several columns: squeezed text, for dates the converted value, so that layouts may drift."""
    parts = []
    for part in spec.keys[name]:
        if part in values and TABLES[spec.table][part].kind in ("date", "month"):
            dated = values[part].map(lambda unique: unique.dt.strftime("%Y-%m-%d").fillna("").astype("str"))
            parts.append(dated.spread())
        else:
            parts.append(text[part].map(converting.squeeze).spread())
    joined = parts[0].str.cat(pd.concat(parts[1:], axis=1), sep=JOIN) if len(parts) > 1 else parts[0]
    incomplete = np.logical_or.reduce([(part == "").to_numpy(dtype=bool) for part in parts])
    coded = Coded.of(joined.mask(incomplete))
    coded = coded.map(partial(converting.substitute, rules=spec.clean.get(name, ())))
    why = "" if column.nullable else "key_incomplete" if len(parts) > 1 else "missing"
    reason = pd.Series(np.where(coded.uniques.isna(), why, ""), dtype="str")
    return coded, Coded(reason, coded.codes)


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
