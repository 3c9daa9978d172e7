"""Swedish personal identity numbers: checked, completed to twelve digits, birth and sex derived.

Whole columns at a time, by arithmetic on the digits. Rules as in https://github.com/personnummer/meta: ten or twelve
digits, ``-`` or ``+``, coordination numbers (day + 60; month 00 or day 60 where unproven), interim numbers (a letter
for the first serial digit), Luhn over year, month, day and serial.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from analysis.extracts.values.converting import FLOATED

NUMBER = r"(?:\d{2})?\d{6}[-+]?\d{4}"
INTERIM = r"(?:\d{2})?\d{6}[-+]?[TRSUWXJKLMNtrsuwxjklmn]\d{3}"
SHORT = r"\d{7,9}"
"""Ten digits of someone born 2000 to 2009 after a spreadsheet took the leading zeros."""
ELEVEN = r"\d{11}"
PROTECTED = r"(?i)(?:f\.?\s?d\.?\s+)?(?:skydd(?:ad|ade)?|skyddsmarkering|sekretess\w*)(?:\s.*)?"
"""What stands where the number of a person with a protected identity would: Skyddad identitet, Sekretess …"""
OLDEST = 1880
COLUMNS = ("number", "birth", "sex", "reason", "candidate", "born", "coordination", "interim")


def read_personnummer(
    values: pd.Series, *, extracted: date, interim: Literal["quarantine", "keep"] = "quarantine"
) -> pd.DataFrame:
    """Check personal identity numbers and derive what planning needs.

    The century of a ten-digit number is the latest that puts the birth before ``extracted``, never today's.

    Args:
        values: Text.
        extracted: The delivery's date.
        interim: ``keep`` accepts an interim number as a key without birth and sex.

    Returns:
        On the index of ``values``: ``number`` (twelve digits or NA), ``birth`` (first of the month, NaT if unproven),
        ``sex`` (F, M), ``reason`` ("", missing, digits_lost, personnummer_interim, personnummer_invalid,
        identity_protected), ``candidate`` and ``born`` (number and day of birth if the lost digits were leading zeros,
        else NA; a proof is still wanted), ``coordination`` and ``interim`` (True for such numbers).

    >>> found = read_personnummer(pd.Series(["811228-9874", "811228-9875"]), extracted=date(2026, 1, 10))
    >>> found[["number", "sex", "reason"]].values.tolist()
    [['198112289874', 'M', ''], [nan, nan, 'personnummer_invalid']]
    """
    text = values.fillna("").str.strip().str.replace(r"\.0$", "", regex=True)
    number = _whole(text, NUMBER)
    letter, short = (_whole(text, each, ~number) for each in (INTERIM, SHORT))
    digits = text.str.replace(r"[-+]", "", regex=True).str.replace(r"[A-Za-z]", "1", regex=True).str.zfill(10)
    born, figures, valid = _check(
        digits.where(number | letter | short, "0").astype("int64").to_numpy(),
        long=(digits.str.len() == 12).to_numpy(bool),
        older=text.str.contains("+", regex=False).to_numpy(bool),
        extracted=extracted,
    )
    full = pd.Series(figures, index=values.index).astype("str")
    known = number & valid
    restorable = short & valid
    kept = letter & valid if interim == "keep" else np.zeros(len(text), dtype=bool)
    lost = _whole(text, rf"(?i){FLOATED.pattern}|{ELEVEN}|\d{{9}}", ~number) | restorable
    protected = _whole(text, PROTECTED, ~number)
    reason = np.select(
        [known | kept, text == "", lost, letter & valid, protected],
        ["", "missing", "digits_lost", "personnummer_interim", "identity_protected"],
        "personnummer_invalid",
    )
    month = pd.Series(born.astype("datetime64[M]").astype("datetime64[us]"), index=values.index)
    woman = pd.Series(np.where(figures // 10 % 2 == 0, "F", "M"), index=values.index, dtype="str")
    taken = full.where(known)
    if kept.any():
        taken[kept] = full[kept].str[:2] + text[kept].str.replace(r"[-+]", "", regex=True).str[-10:].str.upper()
    return pd.DataFrame(
        {
            "number": taken,
            "birth": month.where(known | restorable),
            "sex": woman.where(known | restorable),
            "reason": pd.Series(reason, index=values.index, dtype="str"),
            "candidate": full.where(restorable),
            "born": pd.Series(born.astype("datetime64[us]"), index=values.index).where(restorable),
            "coordination": known & (figures // 10_000 % 100 >= 60),
            "interim": kept,
        },
        columns=list(COLUMNS),
    )


def _whole(text: pd.Series, pattern: str, among: np.ndarray | None = None) -> np.ndarray:
    """True where the whole of a text is as ``pattern`` says; others than ``among`` are not looked at."""
    found = np.zeros(len(text), dtype=bool)
    where = slice(None) if among is None else among
    found[where] = text[where].str.fullmatch(pattern).to_numpy(bool)
    return found


def is_protected(values: pd.Series) -> pd.Series:
    """True for texts that say that an identity is protected instead of giving it."""
    # the pattern is slow and every form of it has a k, which no number has
    likely = values.str.contains("[kK]", regex=True).fillna(False).to_numpy(bool)
    found = pd.Series(False, index=values.index)
    found[likely] = values[likely].str.fullmatch(PROTECTED).astype(bool)
    return found


def _check(
    figures: np.ndarray, *, long: np.ndarray, older: np.ndarray, extracted: date
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Day of birth (NaT where unproven), the number with its century, and whether both are real.

    Args:
        figures: Ten or twelve digits; a letter as 1.
        long: True for twelve.
        older: True where a ``+`` says that the person is a hundred or more.
        extracted: The delivery's date.
    """
    year, month, day = figures // 10**8, figures // 10**6 % 100, figures // 10**4 % 100
    coordination = day >= 60
    day = day - 60 * coordination
    # a coordination number may leave open the month (00) or the day (60) of a birth that nobody could prove
    unproven = coordination & (month <= 12) & ((month == 0) | (day == 0))
    newest = extracted.year - 100 * older
    guessed = newest - (newest - year) % 100
    late = (guessed == newest) & (month * 100 + day > extracted.month * 100 + extracted.day)
    year = np.where(long, year, guessed - 100 * late)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (year >= OLDEST) & (year <= extracted.year)
    first = ((np.where(real, year, OLDEST) - 1970) * 12 + np.where(real, month, 1) - 1).astype("datetime64[M]")
    born = first.astype("datetime64[D]") + (np.where(real, day, 1) - 1)
    real &= (born.astype("datetime64[M]") == first) & (born <= np.datetime64(extracted, "D"))
    born = np.where(unproven, np.datetime64("NaT"), born)
    real |= unproven & (year >= OLDEST) & (year <= extracted.year)
    real &= (figures // 10 % 1000 != 0) & (_luhn(figures % 10**10) == 0)
    return born, year * 10**8 + figures % 10**8, real


def _luhn(figures: np.ndarray) -> np.ndarray:
    """Check sum modulo ten of ten digits whose last is the check digit; 0 is right."""
    total = np.zeros(len(figures), dtype="int64")
    for place in range(10):
        doubled = figures // 10**place % 10 * (1 + place % 2)
        total += doubled // 10 + doubled % 10
    return total % 10
