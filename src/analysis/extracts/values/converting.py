"""Text to values: one column at a time, by kind, each failure with the id of its reason.

Meant to be given the distinct values of a column (``coded.Coded``): real columns repeat themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts.files.dressing import composed, days, english_months, formulas, without_time
from analysis.extracts.values.bounded_patterns import substituted
from analysis.extracts.values.cleaning import Substitution
from analysis.extracts.values.date_formats import DEFAULT, MONTHS
from analysis.tables.clean import Column
from analysis.tables.keys import EVERY, JOIN, code_of, code_of_words

COUNTED = {"excel": ("1899-12-30", "D"), "unix days": ("1970-01-01", "D"), "unix seconds": ("1970-01-01", "s"),
           "unix milliseconds": ("1970-01-01", "ms")}  # fmt: skip
"""Formats that are no pattern: the moment that is counted from, and in what."""
YEAR_ONLY, MID_YEAR = "%Y", 7
"""Format of a date of which only the year is known, and the month it is then taken to be in: it errs by at most half a
year either way."""
BY_YEAR = ("birth", "start", "end", "hired", "date")
"""Columns that may hold years only."""
OPEN_ENDED = ("end", "valid_to", "closed")
"""Date columns in which 9999-12-31 and its kin mean that nothing has ended; so does 1900-01-01, an emptied date."""
NO_DAY = re.compile(r"0+|0{1,4}([-/.])0{1,2}\1(0{1,4})([ T][0:.]*)?")
"""A date of noughts, which databases write for none."""
OPEN_STARTED = ("valid_from",)
"""Date columns in which 0001-01-01 and its kin mean that it was always so."""
PLANNED = ("start", "hired", "snapshot", "opened", "valid_from", "date")
"""Date columns that may lie up to a year after the extraction."""
SENTINEL_YEAR = 2200
OLDEST_YEAR = 1900
EMPTY = frozenset({"", "..", ".", "-", "–", "—", "null", "nan", "none", "n/a", "#n/a", "#saknas!"})
"""Ways to write that a number or a date is missing."""
ERRORS = frozenset(
    {"#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#getting_data", "#spill!", "#calc!", "#field!"}
    | {"#skärning!", "#division/0!", "#värdefel!", "#referens!", "#namn?", "#ogiltigt!"}
)
"""Error values of spreadsheets in English and Swedish, but for the one that says that a value is missing."""
UNSOLVED = "formula_unsolved"
"""Reason of a cell that holds a formula instead of its result."""
TRUE = frozenset({"true", "ja", "j", "yes", "y", "1", "sant"})
FALSE = frozenset({"false", "nej", "n", "no", "0", "falskt"})
FLOATED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""How a spreadsheet writes a long number whose digits it has dropped."""
MOST_WHOLE = 2**53
"""Largest whole number that a number with decimals holds exactly."""
UNIT_SIGN = r"\s*[%‰]$"
"""What says per cent or per mille after a number."""
CURRENCY = re.compile(r"(?:kronor|kr|sek|eur|usd)\.?(?:/mån(?:ad)?\.?)?", re.IGNORECASE)
WHOLE_SUM = re.compile(r"([+-]?\d[\d.,]*?)[.,:][-\u2013\u2014=]+")
"""A sum in whole kronor as it is written on bills: ``1250,-``, ``1.250:-``, ``25:=``."""
GROUPS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
DASHES = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2010\u2011\ufe63\uff0d", "-"))
"""Signs that are written for a minus."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
WIDTHS = {"%Y": 4, "%m": 2, "%d": 2, "%y": 2, "%H": 2, "%M": 2, "%S": 2}


def distinct(values: pd.Series, function: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply ``function`` to the distinct values and spread its result over all rows.

    ``function`` gets a text Series without repeats and returns one of the same length.
    """
    codes, uniques = pd.factorize(values, use_na_sentinel=False)
    result = function(pd.Series(uniques, dtype="str")).reset_index(drop=True)
    return result.take(codes).set_axis(values.index)


def substitute(values: pd.Series, rules: Iterable[Substitution]) -> pd.Series:
    """Apply ``[file.clean]`` in order."""
    rules = list(rules)
    if not rules:
        return values
    there = values.notna()
    texts = values[there].tolist()
    for each in rules:
        texts = substituted(each.pattern, each.replace, texts, flags=re.IGNORECASE)
    result = values.copy()
    result[there] = [text.strip() for text in texts]
    return result


def squeeze(values: pd.Series) -> pd.Series:
    """Text as keys are compared: trimmed, lower case, inner blanks squeezed."""
    if _is_squeezed(values):
        return values
    return values.map(lambda text: " ".join(text.lower().split()), na_action="ignore").astype("str")


def _is_squeezed(values: pd.Series) -> bool:
    """True where all bytes are printable ASCII without capitals and blanks; a pattern takes ten times as long."""
    text = pa.array(values, type=pa.large_string())
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    ends = np.frombuffer(text.buffers()[1], dtype="int64")[text.offset : text.offset + len(text) + 1]
    if not len(text) or text.buffers()[2] is None:
        return True
    data = np.frombuffer(text.buffers()[2], dtype="uint8")[ends[0] : ends[-1]]
    return bool(((data > ord(" ")) & (data < 0x7F) & ((data < ord("A")) | (data > ord("Z")))).all())


def organisation_codes(values: pd.Series, *, built: bool = False) -> pd.Series:
    """Codes of units and departments as they are compared (``tables.keys``); NA stays.

    Several successors may be joined by ``|``. A code that was ``built`` from other columns is made of words.
    """
    of_one = code_of_words if built else code_of

    def code(text: str) -> str:
        if text == EVERY:
            return text
        return of_one(text) if built else JOIN.join(of_one(part) for part in text.split(JOIN))

    return values.map(code, na_action="ignore").astype("str")


def translate(values: pd.Series, mapping: dict[str, str]) -> pd.Series:
    """Replace raw values by canonical ones, compared without case, repeated blanks and how accents are made.

    Others stay, and so does a value that is written like two of ``mapping`` that mean different things.
    """
    exact = {each.strip(): canonical for each, canonical in mapping.items()}
    folded: dict[str, set[str]] = {}
    for each, canonical in mapping.items():
        folded.setdefault(_alike(each), set()).add(canonical)
    alike = {each: meanings.pop() for each, meanings in folded.items() if len(meanings) == 1}
    return values.map(lambda text: exact.get(text, alike.get(_alike(text), text))).astype("str")


def _alike(text: str) -> str:
    return " ".join(composed(text).split()).casefold()


def dates(
    values: pd.Series, *, name: str, formats: Sequence[str], extracted: date, month: bool = False
) -> tuple[pd.Series, pd.Series]:
    """Text to timestamps at midnight (or the first of the month).

    Two-digit years are resolved by the delivery's own date, never today's: the latest century that does not
    put the date after ``extracted`` (a year's grace for columns that may be planned, twenty years for ends).

    Returns:
        Timestamps with NaT where empty or unreadable, and the reason id ("" where there is none).
    """
    grace = 20 if name in OPEN_ENDED else 1 if name in PLANNED else 0
    limit = pd.Timestamp(extracted) + pd.DateOffset(years=grace)

    def parse(unique: pd.Series) -> pd.Series:
        result = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
        for each in formats:
            found = read_as(unique.where(result.isna() & (unique != "")), each)
            if "%y" in each:
                found = _century(found, limit)
            result = result.fillna(found)
        return result

    parsed = parse(values)
    if name in BY_YEAR and YEAR_ONLY in formats:
        bare = values.str.fullmatch(r"\d{4}").fillna(False).astype(bool)
        parsed = parsed.mask(bare, parsed + pd.DateOffset(months=MID_YEAR - 1))
    sentinel = pd.Series(False, index=values.index)
    if name in OPEN_ENDED:
        sentinel = (parsed.dt.year >= SENTINEL_YEAR) | (parsed <= pd.Timestamp(OLDEST_YEAR, 1, 1))
    elif name in OPEN_STARTED:
        sentinel = parsed.dt.year < OLDEST_YEAR
    unreadable = _unreadable(parsed, values)
    if name in (*OPEN_ENDED, *OPEN_STARTED):
        unreadable &= ~values.str.fullmatch(NO_DAY).fillna(False).astype(bool)
    parsed = parsed.mask(sentinel).dt.normalize()
    if month:
        parsed = parsed - pd.to_timedelta(parsed.dt.day - 1, unit="D")
    return parsed.astype("datetime64[us]"), reasons(unreadable, "bad_month" if month else "bad_date")


def read_as(unique: pd.Series, pattern: str) -> pd.Series:
    """Timestamps that a format reads in distinct texts, NaT elsewhere.

    A cell is tried as it stands; then, where the format has the month in letters, with its month in English; then as
    the day of the moment that it tells (``dressing.days``).
    """
    found = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
    ways: list[tuple[Callable[[pd.Series], pd.Series], ...]] = [(), (days,)]
    if re.search("%[bB]", pattern):
        ways = [(), (english_months,), (without_time, english_months)]
    for way in ways:
        written = unique.where(found.isna()).dropna()
        for dressed in way if len(written) else ():
            written = dressed(written)
        written = written[right_width(written, pattern)]
        if written.empty:
            continue
        fits = (
            counted(written, pattern)
            if pattern in COUNTED
            else pd.to_datetime(written, format=pattern, errors="coerce")
        )
        found = found.fillna(fits.astype("datetime64[us]").reindex(found.index))
    return found


def counted(unique: pd.Series, pattern: str) -> pd.Series:
    """Timestamps of moments that are counted (``COUNTED``), NaT where there is no such number or it is absurd."""
    start, unit = COUNTED[pattern]
    number = pd.to_numeric(unique.str.replace(",", "."), errors="coerce").astype("float64")
    factor = {"D": 86_400_000_000, "s": 1_000_000, "ms": 1_000}[unit]
    sane = number.abs() * factor < 86_400_000_000 * 366 * 250
    passed = pd.to_timedelta((number.where(sane) * factor).round(), unit="us")
    moment: pd.Series = pd.Timestamp(start) + passed
    if unit != "D":
        moment = moment.dt.tz_localize("UTC").dt.tz_convert("Europe/Stockholm").dt.tz_localize(None)
    return moment.astype("datetime64[us]").where(sane)


def right_width(unique: pd.Series, pattern: str) -> pd.Series:
    """False where a format without separators would take a text of another length (2019011 → 1 January)."""
    directives = re.findall(r"%.", pattern)
    if "".join(directives) != pattern or any(each not in WIDTHS for each in directives):
        return pd.Series(True, index=unique.index)
    width = sum(WIDTHS[each] for each in directives)
    return unique.str.fullmatch(rf"\d{{{width}}}").astype(bool)


def _century(found: pd.Series, limit: pd.Timestamp) -> pd.Series:
    century = pd.DateOffset(years=100)
    found = found.where(found.isna() | (found <= limit), found - century)
    later = found + century
    return found.where(found.isna() | (later > limit), later).astype("datetime64[us]")


def numbers(values: pd.Series, *, decimal: str, whole: bool = False) -> tuple[pd.Series, pd.Series]:
    """Text to float64 (or Int64), without blanks and currency signs; thousands only in groups of three.

    Returns:
        Numbers with NA where empty or unreadable, and the reason id ("" where there is none).
    """
    other = "," if decimal == "." else "."
    grouped = re.compile(rf"[+-]?\d{{1,3}}(?:\{other}\d{{3}})+(?:\{decimal}\d*)?")

    def parse(unique: pd.Series) -> pd.Series:
        text = unique.str.replace(r"[\s\u00a0\u202f\u2007'’$€£]", "", regex=True)
        dressed = ~text.str.fullmatch(r"[\d.,-]*").astype(bool) | text.str.endswith("-").astype(bool)
        if dressed.any():
            text = text.copy()
            text[dressed] = text[dressed].map(_bare_sum).astype("str")
        groups = text.str.fullmatch(grouped).astype(bool)
        text = text.where(~groups, text.str.replace(other, "", regex=False))
        # a mark of the other kind that does not group thousands is not ours to interpret
        text = text.mask(text.str.contains(other, regex=False))
        text = text.str.replace(decimal, ".", regex=False)
        text = text.where(text.str.fullmatch(NUMBER).fillna(False).astype(bool))
        return pd.to_numeric(text, errors="coerce").astype("float64")

    parsed = parse(values)
    unreadable = _unreadable(parsed, values)
    if not whole:
        return parsed, reasons(unreadable, "bad_number")
    broken = parsed.notna() & ((parsed != parsed.round()) | (parsed.abs() > MOST_WHOLE))
    return parsed.mask(broken).astype("Int64"), reasons(unreadable | broken, "bad_integer")


def _bare_sum(text: str) -> str:
    """A number without currency, with its minus in front, and without the dash that means whole kronor."""
    text = CURRENCY.sub("", text) if CURRENCY.match(text) else re.sub(CURRENCY.pattern + "$", "", text, flags=re.I)
    if whole := WHOLE_SUM.fullmatch(text.translate(DASHES)):
        # no decimals follow, so marks between three digits are those of thousands, whichever they are
        return re.sub("[.,]", "", whole[1]) if GROUPS.fullmatch(whole[1]) else whole[1]
    text = text.translate(DASHES)
    text = re.sub(r"^\((.*)\)$", r"-\1", text)
    return re.sub(r"^([\d.,]+)-$", r"-\1", text)


def booleans(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Text to boolean: ja/nej, true/false, 1/0."""
    folded = values.str.casefold()
    parsed = pd.Series(pd.NA, index=values.index, dtype="boolean")
    parsed = parsed.mask(folded.isin(TRUE), True).mask(folded.isin(FALSE), False)
    return parsed, reasons(_unreadable(parsed, values), "bad_boolean")


def texts(values: pd.Series, *, column: Column) -> tuple[pd.Series, pd.Series]:
    """Text to text: empty becomes NA; allowed values are compared without case; lost digits and errors are found.

    Returns:
        Text with NA where empty or not allowed, and the reason id ("" where there is none).
    """
    result = values.mask(values == "")
    if column.allowed:
        result = translate(values, {each: each for each in column.allowed})
        unknown = ~result.isin(column.allowed) & (values != "")
        return result.mask(~result.isin(column.allowed)), reasons(unknown, "unknown_value")
    broken = errors(values)
    result, reason = result.mask(broken), reasons(broken, "cell_error")
    if column.kind == "key":
        damaged = values.str.contains("+", regex=False).astype(bool)  # the pattern is slow
        damaged[damaged] = values[damaged].str.fullmatch(FLOATED).astype(bool)
        if damaged.any():
            result, reason = result.mask(damaged), reason.mask(damaged, "digits_lost")
    return result, reason


def errors(values: pd.Series) -> pd.Series:
    """True where a spreadsheet has written that a formula failed."""
    found = values.str.startswith("#").astype(bool)
    found[found] = values[found].str.casefold().isin(ERRORS)
    return found


def convert(
    values: pd.Series,
    *,
    name: str,
    column: Column,
    formats: Sequence[str],
    decimal: str,
    extracted: date,
    scale: float | None = None,
) -> tuple[pd.Series, pd.Series]:
    """Turn the trimmed text of one column into its canonical type (see ``tables.clean.Column.kind``).

    Returns:
        Values and reason ids, both aligned with ``values``.
    """
    unsolved = formulas(values)
    if unsolved.any():
        solved, reason = convert(
            values.mask(unsolved, ""), name=name, column=column, formats=formats, decimal=decimal, extracted=extracted,
            scale=scale,
        )  # fmt: skip
        return solved, reason.mask(unsolved, UNSOLVED)
    if column.kind in ("date", "month"):
        month = column.kind == "month"
        used = formats or (*MONTHS, *DEFAULT) if month else formats or DEFAULT
        return dates(values, name=name, formats=used, extracted=extracted, month=month)
    if column.kind in ("number", "integer"):
        if scale is not None:  # without a scale nobody has said what the sign is to mean
            values = values.str.replace(UNIT_SIGN, "", regex=True)
        result, reason = numbers(values, decimal=decimal, whole=column.kind == "integer" and scale is None)
        if scale is not None:
            result = result * scale
            if column.kind == "integer":
                beyond = (result.abs() > MOST_WHOLE).to_numpy(dtype=bool)
                result = result.mask(beyond).round().astype("Int64")
                reason = reason.mask(beyond, "bad_integer")
        return result, reason
    if column.kind == "boolean":
        return booleans(values)
    return texts(values, column=column)


def empty(column: Column, index: pd.Index) -> pd.Series:
    """A column of nothing with the canonical type."""
    types = {"date": "datetime64[us]", "month": "datetime64[us]", "number": "float64", "integer": "Int64"}
    kind = {**types, "boolean": "boolean"}.get(column.kind, "str")
    return pd.Series(np.nan if kind in ("float64", "str") else None, index=index, dtype=kind)


def _unreadable(parsed: pd.Series, values: pd.Series) -> pd.Series:
    """True where there is text, it does not mean that the value is missing, and nothing came of it."""
    failed = parsed.isna()
    return failed & ~values.where(failed, "").str.casefold().isin(EMPTY) if failed.any() else failed


def reasons(where: pd.Series, reason: str) -> pd.Series:
    """``reason`` where True, else ""."""
    if not where.any():  # nearly always, and text is slow: no bytes, and ends that never move
        ends = pa.py_buffer(np.zeros(len(where) + 1, dtype="int64"))
        nothing = pa.LargeStringArray.from_buffers(len(where), ends, pa.py_buffer(b""))
        return pd.Series(pd.array(nothing, dtype="str"), index=where.index, copy=False)
    marked = pa.array(where.to_numpy(dtype=bool))
    return pd.Series(pc.if_else(marked, reason, "").cast(pa.large_string()), index=where.index, dtype="str")
