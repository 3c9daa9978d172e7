"""The digits with which a figure is printed, where nothing beside it decides them.

==========  =========================================================
unit        printed
==========  =========================================================
persons     whole numbers
posts       whole numbers
days        whole numbers
index       whole numbers
fte         as many decimals as its definition names, else whole numbers from 10, one decimal below
share       per cent with as many decimals as its definition names, else one
rate        per cent with one decimal
ratio       as many decimals as its definition names, else whole numbers from 10, one decimal below
score       two decimals
kronor      whole (millions: ``publishing.words.rounding``)
==========  =========================================================

A report is given its figures with these digits and no others (``ProtectedReport``): no chart, comparison or sentence
can tell more than what is printed, and a page is made again only where a digit of it has changed. Parts that add up to
a printed total (persons, posts, fte, kronor) keep theirs until the page has rounded them together, and so do forecasts,
whose words follow limits of the policy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analysis.reference import definitions

PER_CENT = ("share", "rate")
OWN = ("ratio", "fte", "share")
"""Units whose definition may name the decimals."""
ALONE = ("share", "rate", "ratio", "score", "index", "days")
"""Units whose figures are rounded each by itself."""
FORECAST = "forecast"
"""Sensitivity of what is foreseen: limits of the policy decide how it is worded, and they ask for all of its digits."""
ENDS = ("value", "low", "high")


def places(unit: str, definition: str, numbers: Iterable[float | None]) -> int:
    """How many decimals a figure is printed with, in per cent where it is one.

    Args:
        unit: one of ``tables.protected.UNITS``.
        definition: its indicator, '' if none.
        numbers: value and interval: the largest decides.

    >>> places("share", "", [0.0701]), places("fte", "", [9.2]), places("fte", "", [10.4])
    (1, 1, 0)
    """
    if unit in OWN and (own := definitions().get(definition, {}).get("decimals")) is not None:
        return int(own)
    if unit in PER_CENT:
        return 1
    if unit == "score":
        return 2
    if unit in ("fte", "ratio"):
        largest = max((abs(number) for number in numbers if number is not None), default=0.0)
        return 0 if largest >= 9.95 else 1
    return 0


def quantize(number: float | Decimal, decimals: int) -> Decimal:
    """Round half away from zero to that many ``decimals``, without a negative zero.

    >>> quantize(2.5, 0), quantize(-0.04, 1)
    (Decimal('3'), Decimal('0.0'))
    """
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def as_printed(line: Mapping[Any, Any]) -> dict[str, Any]:
    """A protected cell with the digits that are printed of it; what is rounded together with others, as it is.

    Args:
        line: a row of the protected cells, NaN where it has no such number.
    """
    found = dict(line)
    if line["unit"] not in ALONE or line["sensitivity"] == FORECAST:
        return found
    numbers = {name: float(line[name]) for name in ENDS if not math.isnan(line[name])}
    shown = places(line["unit"], line["definition"], numbers.values())
    scale = 100 if line["unit"] in PER_CENT else 1
    return found | {name: float(quantize(scale * number, shown) / scale) for name, number in numbers.items()}
