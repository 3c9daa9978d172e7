"""What programs wrap around a value: marks of text, invisible blanks, decomposed accents, times of a day.

Meant to be given the distinct values of a column (``coded.Coded``), which are text.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters that show nothing: soft hyphens, blanks of no width, marks of direction and of byte order."""
DRESSED = re.compile(r'="((?:[^"]|"")*)"')
"""How a spreadsheet is made to keep a number as text in CSV."""
APOSTROPHE = re.compile(r"['’‘`](?=[+\-\u2212]?\d)")
"""How a person makes a spreadsheet keep a number as text."""
FORMULA = re.compile(r"=(?![=>])(?=.*[A-Za-z\d])[^\s].*", re.DOTALL)
"""A formula where its result should be."""
LOST = re.compile("\ufffd|[A-Za-z]\\?[a-z]")
"""A letter that a program had no sign for and wrote a question mark in place of."""
SEVEN_BITS = re.compile(r"[A-Za-z][{|}][a-z]")
"""å, ä, ö in the Swedish seven-bit alphabet (ISO 646) read as ASCII: ``F|rskoll{rare``."""
GARBLED = re.compile("[ÃÂ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[a-zåäö][†„”‡][a-zåäö]|â€")
"""å, ä, ö decoded with the wrong code page: UTF-8 read as cp1252, cp850 or mac-roman read as cp1252."""
WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
GROUPED = re.compile(r"\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*")
SPACED = re.compile(r"\d+(?: \d+)+")
CLOCK = re.compile(
    r"(?P<day>.*\d)(?:T(?=\d{2}:?\d{2})|\s+(?=\d{1,2}:))(?P<hour>\d{1,2}):?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+\-\u2212]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
"""A day with a time of the day after it, with or without a time zone. Digits after a blank alone are no time:
31 12 2019 is a day."""
ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
SPELLED = re.compile(r"(?:den\s+)?(\d{1,2})[.:]?(?:e|a)?[\s\-./]+([^\W\d_]{3,9})\.?[\s\-./]+(\d{4})", re.IGNORECASE)
SPELLED_FIRST = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})", re.IGNORECASE)
"""A month in letters before the day, as databases and Americans write it: ``Jan  2 2016``."""
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february febr", "mar mars march", "apr april", "maj may", "jun juni june",
         "jul juli july", "aug augusti august", "sep sept september", "okt oct oktober october", "nov november",
         "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
SHORT = frozenset(
    {"jan", "feb", "febr", "mar", "apr", "maj", "may", "jun", "jul", "aug", "sep", "sept", "okt", "oct", "nov", "dec"}
)
"""Those of ``MONTHS`` that are abbreviations."""
WORD = re.compile(r"([^\W\d_]{3,9})\.?")
HERE = ZoneInfo("Europe/Stockholm")


def composed(text: str) -> str:
    """Text as it is compared: accents composed (NFC), nothing invisible, blanks of any kind as blanks."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2007", " ")


def tidy(values: pd.Series) -> pd.Series:
    """Text without outer blanks, invisible characters and the marks by which programs keep a number as text.

    Accents are composed, and text that was encoded as UTF-8 twice is read as what it was.
    """
    if not values.str.isascii().all():
        values = values.map(_readable).astype("str")
    values = values.str.strip()
    marked = values.str.startswith(("=", "'", "’", "‘", "`")).to_numpy(dtype=bool)
    if marked.any():
        values = values.copy()
        values[marked] = values[marked].map(_undressed).astype("str")
    return values


def _readable(text: str) -> str:
    return text if text.isascii() else composed(once_encoded(text))


def _undressed(text: str) -> str:
    dressed = DRESSED.fullmatch(text)
    if dressed:
        return dressed[1].replace('""', '"').strip()
    return APOSTROPHE.sub("", text, count=1) if APOSTROPHE.match(text) else text


def once_encoded(text: str) -> str:
    """Text that was encoded as UTF-8, read as cp1252 and encoded again, as it was before; other text as it is."""
    if not any(mark in text for mark in ("Ã", "Â", "â€")):
        return text
    raw = bytearray()
    for character in text:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return text
            raw.append(ord(character))  # bytes that cp1252 has no character for
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return text


def garbled(values: pd.Series, *, words: bool = False) -> pd.Series:
    """True for text that looks as if read with the wrong code page, or (of ``words``) has lost its letters before."""
    odd = ~values.str.isascii().astype(bool)
    odd[odd] = values[odd].str.contains(GARBLED).astype(bool)
    for pattern in (LOST, SEVEN_BITS) if words else ():
        odd |= values.str.contains(pattern).astype(bool)
    return odd


def formulas(values: pd.Series) -> pd.Series:
    """True where a formula stands in place of its result."""
    found = values.str.startswith("=").astype(bool)
    if found.any():
        found[found] = values[found].str.fullmatch(FORMULA).astype(bool)
    return found


def plain_key(text: str) -> str:
    """A number that names somebody, without what a spreadsheet adds: ``12.0``, ``1 234`` and ``1.234`` are digits."""
    if text.isdigit() or not text[:1].isdigit():
        return text
    if whole := WHOLE_FLOAT.fullmatch(text):
        return whole[1]
    if GROUPED.fullmatch(text) or SPACED.fullmatch(text):
        return re.sub(r"\D", "", text)
    return text


def days(values: pd.Series) -> pd.Series:
    """Moments as their day: ``2020-01-01T00:00:00`` → ``2020-01-01``; other text as it is.

    A moment with a time zone is the day it was in Sweden; a month in letters becomes a number (``1 maj 2020``).
    """
    long = (values.str.len() > 8).to_numpy(dtype=bool) & values.str.contains(r"[:T ]|\D{3}", regex=True).to_numpy(bool)
    if not long.any():
        return values
    values = values.copy()
    values[long] = values[long].map(_day).astype("str")
    return values


def english_months(values: pd.Series) -> pd.Series:
    """Months in letters as ``%b`` and ``%B`` name them, abbreviated where they were: ``10-okt-15`` → ``10-Oct-15``."""

    def named(match: re.Match[str]) -> str:
        word = match[1].casefold()
        names = calendar.month_abbr if word in SHORT else calendar.month_name
        return names[MONTHS[word]] if word in MONTHS else match[0]

    return values.map(lambda text: WORD.sub(named, text), na_action="ignore").astype("str")


def _day(text: str) -> str:
    spelled = SPELLED.fullmatch(text)
    if spelled and (month := MONTHS.get(spelled[2].casefold())):
        return f"{spelled[3]}-{month:02d}-{int(spelled[1]):02d}"
    if (first := SPELLED_FIRST.fullmatch(text)) and (month := MONTHS.get(first[1].casefold())):
        return f"{first[3]}-{month:02d}-{int(first[2]):02d}"
    clock = _clock(text)
    if clock is None:
        return text
    day = clock["day"].rstrip(",")
    if SPELLED.fullmatch(day) or SPELLED_FIRST.fullmatch(day):
        return _day(day)
    iso = ISO_DAY.fullmatch(day)
    if not clock["zone"] or iso is None:
        return day
    try:
        zone = _zone(clock["zone"])
        moment = datetime(int(iso[1]), int(iso[2]), int(iso[3]), int(clock["hour"]) % 24, int(clock["minute"]))
        return moment.replace(tzinfo=zone).astimezone(HERE).date().isoformat()
    except (ValueError, OverflowError):
        return day


def _clock(text: str) -> re.Match[str] | None:
    clock = CLOCK.fullmatch(text)
    return clock if clock and int(clock["hour"]) <= 24 and int(clock["minute"]) <= 59 else None


def without_time(values: pd.Series) -> pd.Series:
    """Moments without their time of the day, otherwise as they are written: ``1 maj 2020 08:30`` → ``1 maj 2020``."""

    def day(text: str) -> str:
        clock = _clock(text)
        return clock["day"].rstrip(",") if clock else text

    return values.map(day, na_action="ignore").astype("str")


def _zone(text: str) -> timezone:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(offset if text[0] == "+" else -offset)
