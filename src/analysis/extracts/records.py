"""One raw file to rows of one clean table; whatever does not fit is counted or set aside with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.extracts import converting, identity
from analysis.extracts.manifest import FileSpec
from analysis.extracts.notices import Notice, count
from analysis.extracts.reading import Raw, find_columns, fold
from analysis.extracts.rules import breaches
from analysis.extracts.schema import failures
from analysis.tables.clean import TABLES, Column

TOTALS = re.compile(r"(summa|delsumma|totalt|total|totalsumma|subtotal|grand total|antal (rader|poster))\b", re.I)
ORGANISATION_KEYS = ("unit", "parent", "successor", "department")
SHIFTED = "too_few_fields"
"""Reason of short rows. Accepted when every check passes: spreadsheets leave out empty last cells."""
JOIN = "|"


@dataclass(frozen=True)
class Part:
    """What one file gave to one table. Nothing raw about a person is left in it."""

    accepted: pd.DataFrame
    quarantine: pd.DataFrame
    read: int
    structural: int
    excluded: dict[str, int]
    notices: list[Notice]


def convert_file(
    raw: Raw,
    spec: FileSpec,
    *,
    file: str,
    groups: dict[str, str],
    extracted: date,
    key: bytes,
    units: frozenset[str] | None = None,
) -> Part:
    """Convert one file: structural rows, exclusions, types, contract, row rules, pseudonyms, in this order.

    Args:
        raw: The file as text.
        spec: Its entry in ``delivery.toml``.
        file: The file's name, written to ``source``.
        groups: Named groups of the entry's pattern, for constants.
        extracted: The delivery's date.
        key: Key of the pseudonyms.
        units: Keys of the organisation, None without one.

    Returns:
        Accepted rows (every canonical column, ``source``, ``source_row``) and everything else accounted for.

    Raises:
        InputError: a required column is missing or ambiguous.
    """
    positions, absent = find_columns(spec, raw, file=file)
    text = _texts(raw, spec, positions, groups)
    structural = _structural(raw, spec, text, positions)
    whole = len(raw.frame)
    text = text[~structural]
    rows = raw.rows[~structural.to_numpy()]
    odd = pd.Series(raw.odd, dtype="str").reindex(text.index).fillna("")
    untrusted = odd.where(odd != SHIFTED, "")

    table, problem = _values(raw, spec, text, extracted)
    excluded, out = _exclusions(spec, text, table, untrusted == "")
    problem = _judge(spec.table, table, problem, extracted=extracted, units=units)
    # a short or long row is wrong as a row: which cell failed first would only mislead
    bad_row = (untrusted != "") | ((odd == SHIFTED) & (problem["reason"] != ""))
    problem.loc[bad_row, "column"] = ""
    problem.loc[bad_row, "reason"] = odd[bad_row]

    aside = (problem["reason"] != "") & ~out
    kept = ~aside & ~out
    accepted = table[kept].copy()
    for name, column in TABLES[spec.table].items():
        if column.personal and column.kind == "key":
            accepted[name] = identity.pseudonyms(accepted[name], name=name, key=key)
    accepted["source"] = pd.Series(file, index=accepted.index, dtype="str")
    accepted["source_row"] = rows[kept.to_numpy()]
    quarantine = _quarantine(spec, text, problem[aside], rows[aside.to_numpy()], file=file)
    padded = int(((odd == SHIFTED) & kept).sum())
    return Part(
        accepted=accepted.reset_index(drop=True),
        quarantine=quarantine,
        read=raw.structural + whole,
        structural=raw.structural + int(structural.sum()),
        excluded=excluded,
        notices=_notices(file, spec, absent, rows=len(text), padded=padded),
    )


def _texts(raw: Raw, spec: FileSpec, positions: dict[str, int], groups: dict[str, str]) -> pd.DataFrame:
    """Mapped columns and constants as trimmed, cleaned text; built keys as their parts are joined later."""
    columns: dict[str, pd.Series] = {}
    for name, position in positions.items():
        columns[name] = converting.substitute(converting.trim(raw.frame[position]), spec.clean.get(name, ()))
    for name, constant in spec.constants.items():
        value = re.sub(r"\{(\w+)\}", lambda match: groups.get(match[1], match[0]), constant)
        columns[name] = pd.Series(value, index=raw.frame.index, dtype="str")
    for name, mapping in spec.values.items():  # noqa: PD011
        if name in columns:
            columns[name] = converting.translate(columns[name], mapping)
    return pd.DataFrame(columns, index=raw.frame.index)


def _structural(raw: Raw, spec: FileSpec, text: pd.DataFrame, positions: dict[str, int]) -> pd.Series:
    """True for subtotals, footers and repeated headers: rows that are about other rows."""
    index = raw.frame.index
    nowhere = pd.Series(False, index=index)
    if text.empty or not positions:
        return nowhere
    filled = text[list(positions)] != ""
    required = [name for name, column in TABLES[spec.table].items() if column.required]
    sources = {name: [part for part in spec.keys.get(name, [name]) if part in positions] for name in required}
    sources = {name: parts for name, parts in sources.items() if parts}
    if not sources:
        return nowhere
    present = {name: filled[parts].any(axis=1) for name, parts in sources.items()}
    primary, *others = sources
    others_present = pd.DataFrame({name: present[name] for name in others}, index=index).all(axis=1)
    # with everything but its key it is a record that lacks the key: set aside, not counted as structure
    keyless = ~present[primary] & ~(others_present & bool(others))
    first = _first_cell(raw.frame)
    total = first.str.match(TOTALS) & ~(present[primary] & others_present)
    total |= text[sources[primary][0]].str.match(TOTALS)
    header = filled.any(axis=1)
    for position in positions.values():
        if not header.any():
            break
        folded = converting.distinct(raw.frame[position], lambda unique: unique.map(fold))
        header &= folded == fold(raw.header[position])
    unreliable = index.isin([place for place, reason in raw.odd.items() if reason != SHIFTED])
    return (keyless | total | header | _footer(raw.frame, first)) & ~unreliable


def _first_cell(frame: pd.DataFrame) -> pd.Series:
    first = frame.iloc[:, 0].str.strip()
    for position in range(1, frame.shape[1]):
        blank = first == ""
        if not blank.any():
            break
        first = first.mask(blank, frame.iloc[:, position].str.strip())
    return first


def _footer(frame: pd.DataFrame, first: pd.Series) -> pd.Series:
    """Rows at the end with one filled cell of several words: printed-by lines and remarks."""
    if frame.shape[1] < 3:
        return pd.Series(False, index=frame.index)
    tail = frame.iloc[-20:]
    single = (tail.apply(lambda column: column.str.strip()) != "").sum(axis=1) <= 1
    last = single[::-1].cummin()[::-1] & first.loc[tail.index].str.contains(r"\s|:", regex=True)
    return last.reindex(frame.index, fill_value=False).astype(bool)


def _values(raw: Raw, spec: FileSpec, text: pd.DataFrame, extracted: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Canonical columns in canonical types, and per row the first column that could not be read, and why."""
    columns = TABLES[spec.table]
    values: dict[str, pd.Series] = {}
    problem = pd.DataFrame({"column": "", "reason": ""}, index=text.index, dtype="str")
    for name in sorted(columns, key=lambda each: each in spec.keys):  # keys may be built from the others
        column = columns[name]
        if name in spec.keys:
            values[name], reason = _joined(spec, name, column, text, values)
        elif name == "person" and spec.personnummer and name in text:
            checked = identity.read_personnummer(text[name], extracted=extracted)
            values[name], reason = checked["number"], checked["reason"]
            for derived in ("birth", "sex"):
                if derived in columns:
                    values[derived] = checked[derived]
        elif name in values:
            continue
        elif name in text:
            values[name], reason = converting.convert(
                text[name],
                name=name,
                column=column,
                formats=_formats(raw, spec, name),
                decimal=spec.decimal if name not in spec.constants else ".",
                extracted=extracted,
                scale=spec.scale.get(name),
            )
        else:
            values[name] = converting.empty(column, text.index)
            continue
        if name in ORGANISATION_KEYS and column.kind == "key":
            values[name] = converting.organisation_keys(values[name], built=name in spec.keys)
        _note(problem, name, reason)
    table = pd.DataFrame({name: values[name] for name in columns}, index=text.index)
    if spec.table == "exits":
        table["cause"] = table["cause"].fillna("unknown")
    return table, problem


def _formats(raw: Raw, spec: FileSpec, name: str) -> list[str]:
    formats = list(spec.formats.get(name, []))
    if formats and (raw.typed or name in spec.constants):
        formats.append("%Y-%m-%d")  # typed cells and constants are ISO whatever the text cells look like
    return formats


def _joined(
    spec: FileSpec, name: str, column: Column, text: pd.DataFrame, values: dict[str, pd.Series]
) -> tuple[pd.Series, pd.Series]:
    """A key of several columns: squeezed text, for dates the converted value, so that layouts may drift."""
    parts = []
    for part in spec.keys[name]:
        if part in values and TABLES[spec.table][part].kind in ("date", "month"):
            parts.append(values[part].dt.strftime("%Y-%m-%d").fillna("").astype("str"))
        else:
            parts.append(converting.squeeze(text[part]))
    joined = parts[0].str.cat(parts[1:], sep=JOIN) if len(parts) > 1 else parts[0]
    joined = converting.substitute(joined, spec.clean.get(name, ()))
    incomplete = pd.DataFrame({place: part == "" for place, part in enumerate(parts)}).any(axis=1)
    wrong = incomplete & (not column.nullable)
    why = "key_incomplete" if len(parts) > 1 else "missing"
    return joined.mask(incomplete), pd.Series(np.where(wrong, why, ""), text.index, dtype="str")


def _note(problem: pd.DataFrame, column: str, reason: pd.Series) -> None:
    """Write the first problem of each row; later ones do not replace it."""
    new = (problem["reason"] == "") & (reason != "")
    if new.any():
        problem.loc[new, "column"] = column
        problem.loc[new, "reason"] = reason[new]


def _judge(
    name: str, table: pd.DataFrame, problem: pd.DataFrame, *, extracted: date, units: frozenset[str] | None
) -> pd.DataFrame:
    """Add breaches of the contract and of the row rules to rows that could be read."""
    readable = table[problem["reason"] == ""]
    contract = readable.assign(source="-", source_row=1).astype({"source": "str", "source_row": "int64"})
    found = failures(name, contract.reset_index(drop=True))
    labels = readable.index.to_numpy()
    order = {column: place for place, column in enumerate(TABLES[name])}
    found = found.assign(order=found["column"].map(order)).sort_values(["row", "order"], kind="stable")
    found = found.drop_duplicates("row")
    at = labels[found["row"].to_numpy(dtype="int64")]
    problem.loc[at, "column"] = found["column"].to_numpy()
    problem.loc[at, "reason"] = found["reason"].to_numpy()
    for reason, column, broken in breaches(table, extracted=extracted, units=units):
        broken = broken.fillna(False).astype(bool)
        _note(problem, column, pd.Series(np.where(broken, reason, ""), index=table.index, dtype="str"))
    return problem


def _exclusions(
    spec: FileSpec, text: pd.DataFrame, table: pd.DataFrame, trusted: pd.Series
) -> tuple[dict[str, int], pd.Series]:
    """Apply the named exclusion rules in order; a row counts for the first that catches it."""
    counts: dict[str, int] = {}
    out = pd.Series(False, index=text.index)
    for rule in spec.exclude:
        if rule.after:
            caught = table[rule.column] > table[rule.after]
        else:
            pattern = re.compile(rule.matches, re.IGNORECASE)
            column = text[rule.column] if rule.column in text else table[rule.column].astype("str").fillna("")
            caught = converting.distinct(column, partial(_matches, pattern))
        caught = caught & ~out & trusted
        counts[rule.rule] = counts.get(rule.rule, 0) + int(caught.sum())
        out |= caught
    return counts, out


def _matches(pattern: re.Pattern[str], values: pd.Series) -> pd.Series:
    return values.map(lambda value: pattern.search(value) is not None).astype(bool)


def _quarantine(
    spec: FileSpec, text: pd.DataFrame, problem: pd.DataFrame, rows: np.ndarray, *, file: str
) -> pd.DataFrame:
    """One line per row set aside. ``shown`` is masked where it is, or may be, personal."""
    columns = TABLES[spec.table]
    personal = {name for name, column in columns.items() if column.personal}
    personal |= {part for name in personal for part in spec.keys.get(name, ())}
    known: set[str] = set()
    if len(problem):
        for name in personal & set(text.columns):
            if name not in columns or columns[name].kind == "key":
                known |= {each.casefold() for each in text[name].unique() if len(each) >= 4}
    shown = pd.Series("", index=problem.index, dtype="str")
    for name in problem["column"].unique():
        where = problem.index[problem["column"] == name]
        parts = [part for part in spec.keys.get(name, [name]) if part in text]
        if not parts:
            continue
        if name in personal and columns[name].kind == "number":
            shown.loc[where] = identity.MASK  # the leading digits of a sum of money say too much
            continue
        raw = text.loc[where, parts[0]].str.cat([text.loc[where, part] for part in parts[1:]], sep=JOIN)
        shown.loc[where] = identity.shown(raw, personal=name in personal, known=known)
    return pd.DataFrame(
        {
            "file": pd.Series(file, index=problem.index, dtype="str"),
            "source_row": rows,
            "table": pd.Series(spec.table, index=problem.index, dtype="str"),
            "column": problem["column"],
            "reason": problem["reason"],
            "shown": shown,
        }
    ).reset_index(drop=True)


def _notices(file: str, spec: FileSpec, absent: list[str], *, rows: int, padded: int) -> list[Notice]:
    notices = []
    for name in absent:
        wanted = " / ".join(spec.columns[name])
        notices.append(
            Notice(
                sv=f"{file}: rubriken {wanted} finns inte; kolumnen {name} lämnas tom.",
                en=f"{file}: there is no header {wanted}; column {name} is left empty.",
            )
        )
    if rows == 0:
        notices.append(Notice(sv=f"{file}: filen har inga rader.", en=f"{file}: the file has no rows."))
    if padded:
        notices.append(
            Notice(
                sv=f"{file}: {count(padded, 'rad', 'rader')} utan celler i slutet, lästa som tomma.",
                en=f"{file}: {count(padded, 'row', 'rows')} without cells at the end, read as empty.",
            )
        )
    return notices
