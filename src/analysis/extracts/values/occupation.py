"""Occupational group of a row: as mapped, else from AID, else from the title, else unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, unknown_occupations, unnamed_occupations
from analysis.extracts.manifest import Occupations, TitleRule
from analysis.extracts.rows.staging import CleanTables
from analysis.extracts.values.bounded_patterns import matches
from analysis.extracts.values.coded import Coded, alike
from analysis.reference import occupation_by_aid, occupations
from analysis.tables.clean import TABLES

UNKNOWN = "unknown"
TABLES_WITH = ("employments", "snapshots", "hours")
"""Clean tables whose rows have an occupation of their own."""


def fill_occupation(name: str, table: pd.DataFrame, settings: Occupations) -> pd.DataFrame:
    """Derive the occupations of rows of clean table ``name`` where it has them."""
    return derive_occupation(table, rules=settings.rules) if name in TABLES_WITH else table


def derive_occupation(table: pd.DataFrame, *, rules: Sequence[TitleRule]) -> pd.DataFrame:
    """Fill the column ``occupation``.

    An occupation that the delivery maps is kept (an AID code standing there is translated); then AID decides
    (``reference/data/occupations.toml``), then the first matching title rule.

    Args:
        table: A clean table with ``occupation`` and perhaps ``aid`` and ``title``.
        rules: ``[occupations] rules``.

    Returns:
        The table with no empty occupation (a categorical): ``UNKNOWN`` where nothing led to one.
    """
    told = [name for name in ("occupation", "aid", "title") if name in table]
    which, first = alike(table[told])
    few = table[told].iloc[first].astype("str").reset_index(drop=True)  # real tables say the same thing many times
    by_aid = occupation_by_aid()
    nothing = pd.Series(None, index=few.index, dtype="str")
    mapped = _translated(few["occupation"].mask(few["occupation"] == UNKNOWN), by_aid)
    occupation = mapped.fillna(few.get("aid", nothing).map(by_aid).astype("str"))
    if rules:
        occupation = occupation.fillna(_by_title(few.get("title", nothing).where(occupation.isna()), rules))
    found = Coded(occupation.fillna(UNKNOWN), which).categorical()
    return table.assign(occupation=found.set_axis(table.index))


def strange_occupations(tables: CleanTables, settings: Occupations) -> list[Notice]:
    """One notice for all rows whose occupation stayed unknown, by AID code or title; one for occupations unnamed."""
    unknown: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    known = occupations().keys() | settings.names.keys() | {UNKNOWN}
    for name in TABLES_WITH:
        told = [each for each in ("aid", "title") if each in TABLES[name]]
        for frame in tables.coded(name, ["occupation", *told]) if name in tables else ():
            which, first = alike(frame)
            few = frame.iloc[first].astype("str").assign(rows=np.bincount(which, minlength=len(first)))
            nowhere = few[few["occupation"] == UNKNOWN]
            words = nowhere["aid"].fillna(nowhere["title"]) if "title" in told else nowhere["aid"]
            unknown += _counted(words.fillna(""), nowhere["rows"])
            unnamed = few[~few["occupation"].isin(known)]
            strange += _counted(unnamed["occupation"], unnamed["rows"])
    notices = [unknown_occupations(unknown)] if unknown else []
    return notices + ([unnamed_occupations(strange)] if strange else [])


def _counted(words: pd.Series, rows: pd.Series) -> Counter[str]:
    return Counter({str(word): int(number) for word, number in rows.groupby(words).sum().items()})


def _translated(keys: pd.Series, by_aid: dict[str, str]) -> pd.Series:
    return keys.map(lambda key: by_aid.get(key, key), na_action="ignore").astype("str")


def _by_title(titles: pd.Series, rules: Sequence[TitleRule]) -> pd.Series:
    found: dict[str, str] = {}
    for rule in rules:
        left = [title for title in titles.dropna().unique().tolist() if title not in found]
        hits = matches(rule.matches, left, flags=re.IGNORECASE)
        found |= {title: rule.occupation for title, hit in zip(left, hits, strict=True) if hit}
    return titles.map(found.get, na_action="ignore").astype("str")
