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
from analysis.extracts.manifest import FileSpec
from analysis.extracts.notices import Notice, of_file
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
    """What one file gave to one table. Nothing raw about a person is left in it."""

    accepted: pd.DataFrame
    quarantine: pd.DataFrame
    read: int
    structural: int
    excluded: dict[str, int]
    notices: list[Notice]
    encoding: str


@dataclass(frozen=True)
class Block:
    """What one block gave; ``aside`` and ``known`` still hold raw values, to be masked when the file has ended."""

    accepted: pd.DataFrame
    aside: pd.DataFrame
    known: list[pd.Series]
    rows: int
    structural: int
    excluded: dict[str, int]
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
    aside = pd.concat([block.aside for block in done], ignore_index=True)
    known = [each for block in done for each in block.known]
    rows, structural = (sum(getattr(block, name) for block in done) for name in ("rows", "structural"))
    accepted = pd.concat([block.accepted for block in done], ignore_index=True)
    return Part(
        accepted=accepted,
        quarantine=masked(aside, file=job.file, spec=job.spec, known=known),
        read=rows + structural,
        structural=structural,
        excluded={rule.rule: sum(block.excluded[rule.rule] for block in done) for rule in job.spec.exclude},
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

    values, problems = _values(raw, spec, text, job.extracted, rows=len(rows))
    table = pd.DataFrame({name: each.spread() for name, each in values.items() if not _pseudonymised(spec, name)})
    excluded, out = _exclusions(spec, text, values, table, ~untrusted)
    for reason, column, broken in breaches(table, extracted=job.extracted, units=job.units):
        problems.note(column, broken.fillna(False).to_numpy(dtype=bool), reason)
    # a short or long row is wrong as a row: which cell failed first would only mislead
    problems.replace("", untrusted | ((odd == SHIFTED) & problems.found), odd)

    aside = problems.found & ~out
    kept = ~aside & ~out
    accepted = table if kept.all() else table[kept].reset_index(drop=True)
    for name, each in values.items():
        if _pseudonymised(spec, name):
            keys = each.rows(kept).used()
            accepted[name] = keys.map(partial(identity.pseudonyms, name=name, key=job.key)).spread()
    accepted = accepted[list(values)]
    accepted["source"] = Coded.constant(pd.Series([job.file], dtype="str"), len(accepted)).spread()
    accepted["source_row"] = rows[kept]
    return Block(
        accepted=accepted,
        aside=set_aside(spec, text, problems, rows, aside),
        known=personal_texts(spec, text),
        rows=len(rows),
        structural=raw.structural + int(structural.sum()),
        excluded=excluded,
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


def _values(
    raw: Raw, spec: FileSpec, text: dict[str, Coded], extracted: date, *, rows: int
) -> tuple[dict[str, Coded], Problems]:
    """Canonical columns in canonical types, and per row the first column that is wrong, and why.

    What cannot be read comes before what breaks the contract.
    """
    columns = TABLES[spec.table]
    values: dict[str, Coded] = {}
    problems = Problems.none(rows)
    for name in sorted(columns, key=lambda each: each in spec.keys):  # keys may be built from the others
        column = columns[name]
        if name in spec.keys:
            values[name], reason = _joined(spec, name, column, text, values)
        elif name == "person" and spec.personnummer and name in text:
            checked = identity.read_personnummer(text[name].uniques, extracted=extracted)
            for derived, target in (("number", "person"), ("birth", "birth"), ("sex", "sex")):
                if target in columns:
                    values[target] = Coded(checked[derived], text[name].codes)
            reason = checked["reason"]
        elif name in values:
            continue
        elif name in text:
            found, reason = converting.convert(
                text[name].uniques,
                name=name,
                column=column,
                formats=_formats(raw, spec, name),
                decimal=spec.decimal if name not in spec.constants else ".",
                extracted=extracted,
                scale=spec.scale.get(name),
            )
            values[name] = Coded(found, text[name].codes)
        else:
            values[name] = Coded.constant(converting.empty(column, pd.RangeIndex(1)), rows)
            continue
        if name in ORGANISATION_KEYS and column.kind == "key":
            values[name] = values[name].map(partial(converting.organisation_keys, built=name in spec.keys))
        _note(problems, name, reason, values[name].codes)
    values = {name: values[name] for name in columns}
    for name, column in columns.items():
        _note(problems, name, breach(column, values[name].uniques), values[name].codes)
    if spec.table == "exits":
        values["cause"] = values["cause"].map(lambda unique: unique.fillna("unknown"))
    return values, problems


def _note(problems: Problems, name: str, reason: pd.Series, codes: np.ndarray) -> None:
    if (reason != "").any():
        spread = reason.to_numpy(dtype="object")[codes]
        problems.note(name, spread != "", spread)


def _formats(raw: Raw, spec: FileSpec, name: str) -> list[str]:
    formats = list(spec.formats.get(name, []))
    if formats and (raw.typed or name in spec.constants):
        formats.append("%Y-%m-%d")  # typed cells and constants are ISO whatever the text cells look like
    return formats


def _joined(
    spec: FileSpec, name: str, column: Column, text: dict[str, Coded], values: dict[str, Coded]
) -> tuple[Coded, pd.Series]:
    """A key of several columns: squeezed text, for dates the converted value, so that layouts may drift."""
    parts = []
    for part in spec.keys[name]:
        if part in values and TABLES[spec.table][part].kind in ("date", "month"):
            dated = values[part].map(lambda unique: unique.dt.strftime("%Y-%m-%d").fillna("").astype("str"))
            parts.append(dated.spread())
        else:
            parts.append(text[part].map(converting.squeeze).spread())
    joined = parts[0].str.cat(parts[1:], sep=JOIN) if len(parts) > 1 else parts[0]
    incomplete = np.logical_or.reduce([(part == "").to_numpy(dtype=bool) for part in parts])
    coded = Coded.of(joined.mask(incomplete))
    coded = coded.map(partial(converting.substitute, rules=spec.clean.get(name, ())))
    why = "" if column.nullable else "key_incomplete" if len(parts) > 1 else "missing"
    reason = pd.Series(np.where(coded.uniques.isna(), why, ""), dtype="str")
    return coded, reason


def _exclusions(
    spec: FileSpec, text: dict[str, Coded], values: dict[str, Coded], table: pd.DataFrame, trusted: np.ndarray
) -> tuple[dict[str, int], np.ndarray]:
    """Apply the named exclusion rules in order; a row counts for the first that catches it."""
    counts: dict[str, int] = {}
    out = np.zeros(len(trusted), dtype=bool)
    for rule in spec.exclude:
        if rule.after:
            caught = (table[rule.column] > table[rule.after]).to_numpy(dtype=bool)
        else:
            pattern = re.compile(rule.matches, re.IGNORECASE)
            column = text[rule.column] if rule.column in text else values[rule.column].map(_as_text)
            caught = column.flags(column.uniques.map(lambda value, pattern=pattern: bool(pattern.search(value))))
        caught = caught & ~out & trusted
        counts[rule.rule] = counts.get(rule.rule, 0) + int(caught.sum())
        out |= caught
    return counts, out


def _as_text(unique: pd.Series) -> pd.Series:
    return unique.astype("str").fillna("")
