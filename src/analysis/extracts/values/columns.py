"""Columns of records: text cut to canonical values, with the first thing wrong in each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts.account.quarantine import Problems
from analysis.extracts.files.dressing import formulas, plain_key, tidy
from analysis.extracts.manifest import PERSONNUMMER_GIVES, PERSONS, FileSpec
from analysis.extracts.persons.numbers import Persons, from_numbers, protect
from analysis.extracts.persons.personnummer import read_personnummer
from analysis.extracts.rows.reversals import AMOUNTS, reversals
from analysis.extracts.units import unit_columns
from analysis.extracts.values import converting
from analysis.extracts.values.coded import Coded
from analysis.extracts.values.schema import breach
from analysis.tables.clean import TABLES, Column
from analysis.tables.keys import JOIN

UNREADABLE = ("bad_date", "bad_month", "bad_number", "out_of_range", converting.UNSOLVED)
"""Reasons of cells that say nothing that can be used."""
NUMBERED = ("employment",)
"""Columns beside those of persons whose digits a spreadsheet may have dressed as an amount."""


@dataclass(frozen=True)
class Values:
    """Canonical columns of records in canonical types, what is wrong with its rows, and what was done about persons.

    ``rules`` has True per identity rule where it was used; ``unproven`` where the proof must come from another row;
    ``coordination`` where the person has a coordination number; ``unset`` where a column that may be empty was left
    empty, by column and reason; ``reversals`` where an amount is below zero to take back another record.
    """

    columns: dict[str, Coded]
    problems: Problems
    rules: dict[str, np.ndarray]
    unproven: np.ndarray
    coordination: np.ndarray
    unset: dict[tuple[str, str], np.ndarray]
    reversals: np.ndarray


def forgiven(column: Column, reason: str) -> bool:
    """True where a cell that says nothing known costs the row no more than this one attribute.

    Where an empty cell would itself say something (``sparse``: nothing has ended) a lost one must not pass for it.
    """
    if column.required or not column.nullable:
        return False
    if column.personal and column.kind in ("month", "number"):  # birth and pay: who works where is known without them
        return reason in UNREADABLE
    return (reason == "unknown_value" and bool(column.allowed)) or (reason == converting.UNSOLVED and not column.sparse)


def texts(
    cells: dict[int, Coded], spec: FileSpec, positions: dict[str, int], groups: dict[str, str], *, rows: int
) -> dict[str, Coded]:
    """Mapped columns and constants as trimmed, cleaned text; built keys as their parts are joined later."""
    columns: dict[str, Coded] = {}
    for name, position in positions.items():
        tidied = cells[position].map(tidy)
        if name in PERSONS or name in NUMBERED:
            tidied = tidied.map(lambda unique: unique.map(plain_key).astype("str"))
        columns[name] = tidied.map(partial(converting.substitute, rules=spec.clean.get(name, ())))
    for name, constant in spec.constants.items():
        value = re.sub(r"\{(\w+)\}", lambda match: groups.get(match[1], match[0]), constant)
        columns[name] = Coded.constant(pd.Series([value], dtype="str"), rows)
    for name, mapping in spec.values.items():  # noqa: PD011
        if name in columns:
            columns[name] = columns[name].map(partial(converting.translate, mapping=mapping))
    return columns


def values(spec: FileSpec, text: dict[str, Coded], extracted: date, *, rows: int, typed: bool) -> Values:
    """What records say; what cannot be read is noted before what breaks the contract.

    Args:
        spec: The file's entry in ``delivery.toml``.
        text: The records as trimmed text.
        extracted: The delivery's date.
        rows: How many records.
        typed: Cells had types in the file (``reading.Raw.typed``).
    """
    columns = TABLES[spec.table]
    values: dict[str, Coded] = {}
    problems = Problems.none(rows)
    rules: dict[str, np.ndarray] = {}
    unproven = coordination = np.zeros(rows, dtype=bool)
    unset: dict[tuple[str, str], np.ndarray] = {}
    for name in sorted(columns, key=lambda each: each in spec.keys):  # keys may be built from the others
        column = columns[name]
        if name in values:
            continue
        if name in spec.keys:
            values[name], reason = _joined(spec, name, column, text, values)
        elif name in text and name in PERSONS:
            found = _persons(spec, name, text, extracted, typed=typed)
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
                formats=_formats(spec, name, typed=typed),
                decimal=spec.decimal if name not in spec.constants else ".",
                extracted=extracted,
                scale=spec.scale.get(name),
            )
            for each in [each for each in reasons.unique() if each and forgiven(column, each)]:
                unset[name, each] = text[name].flags(reasons == each)
                reasons = reasons.mask(reasons == each, "")
            values[name], reason = Coded(converted, text[name].codes), Coded(reasons, text[name].codes)
        else:
            values[name] = Coded.constant(converting.empty(column, pd.RangeIndex(1)), rows)
            continue
        if spec.person_prefix and name in PERSONS:
            values[name] = values[name].map(lambda unique: spec.person_prefix + unique)
        if name in unit_columns(spec.table):
            values[name] = values[name].map(partial(converting.organisation_codes, built=name in spec.keys))
        _note(problems, name, reason)
    values = {name: values[name] for name in columns}
    taken_back = reversals(spec.table, values, rows=rows)
    for name, column in columns.items():
        reason = values[name].map(partial(breach, column))
        _note(problems, name, reason, but=taken_back if name in (*AMOUNTS.get(spec.table, ()), "pay") else None)
    if spec.table == "exits":
        values["cause"] = values["cause"].map(lambda unique: unique.fillna("unknown"))
    return Values(values, problems, rules, unproven, coordination, unset, taken_back)


def _persons(spec: FileSpec, name: str, text: dict[str, Coded], extracted: date, *, typed: bool) -> Persons:
    """The persons of column ``name``, by personnummer or by a key of the delivery's own."""
    if spec.personnummer:
        checked = read_personnummer(text[name].uniques, extracted=extracted, interim=spec.interim)
        unsolved = formulas(text[name].uniques)
        checked["reason"] = checked["reason"].mask(unsolved, converting.UNSOLVED)
        return from_numbers(checked, name, spec, text, _formats(spec, "birth", typed=typed))
    column = TABLES[spec.table][name]
    found, reason = converting.convert(
        text[name].uniques, name=name, column=column, formats=(), decimal=spec.decimal, extracted=extracted
    )
    codes = text[name].codes
    nothing, nowhere = Coded.constant(pd.Series([None]), len(codes)), np.zeros(len(codes), dtype=bool)
    plain = Persons(
        Coded(found, codes), nothing, nothing, Coded(reason, codes), rules={}, unproven=nowhere, coordination=nowhere
    )
    return protect(plain, name, text)


def _note(problems: Problems, name: str, reason: Coded, *, but: np.ndarray | None = None) -> None:
    for each in set(reason.uniques.unique()) - {""}:
        where = reason.flags(reason.uniques == each)
        problems.note(name, where if but is None else where & ~but, each)


def _formats(spec: FileSpec, name: str, *, typed: bool) -> list[str]:
    formats = list(spec.formats.get(name, []))
    if formats and (typed or name in spec.constants):
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
            squeezed = text[part].map(converting.squeeze)
            parts.append(
                squeezed.map(lambda unique: unique.mask(converting.errors(unique) | formulas(unique), "")).spread()
            )
    joined = parts[0].str.cat(pd.concat(parts[1:], axis=1), sep=JOIN) if len(parts) > 1 else parts[0]
    incomplete = np.logical_or.reduce([(part == "").to_numpy(dtype=bool) for part in parts])
    coded = Coded.of(joined.mask(incomplete))
    coded = coded.map(partial(converting.substitute, rules=spec.clean.get(name, ())))
    why = "" if column.nullable else "key_incomplete" if len(parts) > 1 else "missing"
    reason = pd.Series(np.where(coded.uniques.isna(), why, ""), dtype="str")
    return coded, Coded(reason, coded.codes)
