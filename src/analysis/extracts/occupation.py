"""Occupational group of a row: as mapped, else from AID, else from the title, else unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.extracts.coded import Coded, alike
from analysis.extracts.manifest import Occupations, TitleRule
from analysis.extracts.notices import Notice, unknown_occupations, unnamed_occupations
from analysis.reference import occupation_by_aid, occupations

UNKNOWN = "unknown"


def derive_occupation(table: pd.DataFrame, *, rules: Sequence[TitleRule]) -> tuple[pd.DataFrame, Counter[str]]:
    """Fill the column ``occupation``.

    An occupation that the delivery maps is kept (an AID code standing there is translated); then AID decides
    (``reference/data/occupations.toml``), then the first matching title rule.

    Args:
        table: A clean table with ``occupation`` and perhaps ``aid`` and ``title``.
        rules: ``[occupations] rules``.

    Returns:
        The table with no empty occupation (a categorical), and how often each AID code (or title) led nowhere.
    """
    told = [name for name in ("occupation", "aid", "title") if name in table]
    which, first = alike(table[told])
    rows = np.bincount(which, minlength=len(first))
    few = table[told].iloc[first].astype("str").reset_index(drop=True)  # real tables say the same thing many times
    by_aid = occupation_by_aid()
    nothing = pd.Series(None, index=few.index, dtype="str")
    aid, title = few.get("aid", nothing), few.get("title", nothing)
    occupation = _translated(few["occupation"], by_aid).fillna(aid.map(by_aid).astype("str"))
    if rules:
        occupation = occupation.fillna(_by_title(title.where(occupation.isna()), rules))
    unknown: Counter[str] = Counter()
    for place in np.flatnonzero(occupation.isna()):
        unknown[next((each for each in (aid[place], title[place]) if pd.notna(each)), "")] += int(rows[place])
    found = Coded(occupation.fillna(UNKNOWN), which).categorical()
    return table.assign(occupation=found.set_axis(table.index)), unknown


def fill_occupations(tables: dict[str, pd.DataFrame], settings: Occupations) -> list[Notice]:
    """Derive occupations in every table that has them (in place); one notice for all that stay unknown."""
    unknown: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    known = occupations().keys() | settings.names.keys() | {UNKNOWN}
    for name in ("employments", "snapshots", "hours"):
        if name in tables:
            tables[name], nowhere = derive_occupation(tables[name], rules=settings.rules)
            unknown += nowhere
            found = tables[name]["occupation"]
            if not known.issuperset(found.unique()):
                strange += Counter(found[~found.isin(known)].to_list())
    notices = [unknown_occupations(unknown)] if unknown else []
    return notices + ([unnamed_occupations(strange)] if strange else [])


def _translated(keys: pd.Series, by_aid: dict[str, str]) -> pd.Series:
    return keys.map(lambda key: by_aid.get(key, key), na_action="ignore").astype("str")


def _by_title(titles: pd.Series, rules: Sequence[TitleRule]) -> pd.Series:
    compiled = [(re.compile(rule.matches, re.IGNORECASE), rule.occupation) for rule in rules]

    def first(title: str) -> str | None:
        return next((occupation for pattern, occupation in compiled if pattern.search(title)), None)

    return titles.map(first, na_action="ignore").astype("str")
