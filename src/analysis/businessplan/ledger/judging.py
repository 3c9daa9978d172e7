"""What may be said of a measure: a verdict, the grade of its design, and what it would take where nothing can be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.businessplan.ledger.estimates import GROUPS
from analysis.businessplan.ledger.looks import at_look, half_width
from analysis.businessplan.ledger.registered import YEAR, Measure
from analysis.reference.ledger import followed, sureness

COLUMNS = [
    "measure", "indicator", "departments", "verdict", "grade", "why", "value", "low", "high", "n", "least", "groups",
    "seen", "planned", "more_months", "more_persons",
]  # fmt: skip
EFFECT, CONSISTENT, AGAINST, OPEN = "effect", "consistent", "against", "open"
"""Verdicts: had an effect; consistent with one; not consistent with the one that was counted on; cannot be said."""
MOST_TIMES = 10
"""A group that would have to be larger than this many times is not told of: no measure grows so."""
FEW = "few"
"""Why nothing is said: the figures behind it tell of too few persons."""
TERMS = ("departments", "occupations", "start", "until", "indicator", "lower", "smallest")
"""What of a measure may not be changed once it is registered."""


def register_entry(measure: Measure) -> dict[str, Any]:
    """A measure as the register keeps it: what was promised, by whom and when; nothing about persons."""
    return {
        "id": measure.id,
        "name": measure.name,
        "departments": list(measure.departments),
        "occupations": list(measure.occupations),
        "start": measure.start,
        "until": measure.until,
        "indicator": measure.indicator.id,
        "lower": measure.lower,
        "smallest": measure.smallest,
        "owner": measure.owner,
        "registered": measure.registered,
        "belongs": list(measure.belongs),
    }


def kept(
    measures: Sequence[Measure], former: Sequence[Mapping[str, Any]] | None, *, period: str, former_period: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Hold the ledger against that of the edition before.

    Args:
        measures: of this delivery.
        former: entries of the edition before; None where there is none, or it kept no ledger.
        period: this edition's cut-off.
        former_period: that of the edition before.

    Returns:
        An entry per measure, with ``late`` (registered once it had begun), ``changed`` (terms that differ from what was
        registered first, by name) and ``unseen`` (it had begun by the former edition's cut-off, which did not have it);
        and the entries of measures that are no longer delivered, which stay on record.
    """
    earlier = {entry["id"]: entry for entry in former or ()}
    found = []
    for measure in measures:
        entry, was = register_entry(measure), earlier.get(measure.id)
        changed = [term for term in TERMS if was is not None and was[term] != entry[term]]
        first = was["first"] if was is not None else {term: entry[term] for term in TERMS}
        unseen = was is None and former is not None and measure.start <= former_period
        entry |= {
            "late": measure.late or bool(was and was["late"]),
            "changed": sorted({*changed, *(was["changed"] if was else ())}),
            "unseen": unseen or bool(was and was["unseen"]),
            "first": first,
            "gone": "",
        }
        found.append(entry)
    now = {measure.id for measure in measures}
    gone = [{**entry, "gone": entry["gone"] or period} for key, entry in earlier.items() if key not in now]
    return found, gone


def judged(
    measures: Sequence[Measure], estimated: pd.DataFrame, entries: Sequence[Mapping[str, Any]], *,
    least: Mapping[str, int], smallest_group: int,
) -> pd.DataFrame:  # fmt: skip
    """A verdict per measure.

    Args:
        measures: of this delivery.
        estimated: result of ``estimates``.
        entries: result of ``kept``.
        least: persons that a figure must tell of, by sensitivity.
        smallest_group: persons that a group must have for anything estimated to be kept of it.

    Returns:
        ``contracts`` Effects: the difference with its interval, which is that of this look.
    """
    by_id: dict[str, dict[str, Any]] = {
        str(row["measure"]): {str(name): value for name, value in row.items()} for row in estimated.to_dict("records")
    }
    on_record = {entry["id"]: entry for entry in entries}
    rows = [_row(measure, by_id[measure.id], on_record[measure.id], least, smallest_group) for measure in measures]
    table = pd.DataFrame(rows, columns=COLUMNS)
    text = ("measure", "indicator", "departments", "verdict", "grade", "why")
    return table.astype({name: "str" if name in text else "float64" for name in COLUMNS})


def _row(
    measure: Measure, found: Mapping[str, Any], entry: Mapping[str, Any], least: Mapping[str, int], smallest_group: int
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, np.nan)
    row |= {
        "measure": measure.id, "indicator": measure.indicator.id, "departments": "|".join(measure.departments),
        "verdict": OPEN, "grade": "", "why": found["why"], "planned": measure.planned,
        "seen": 0.0 if np.isnan(found["seen"]) else found["seen"],
    }  # fmt: skip
    if found["why"]:
        return row
    limit = least[measure.indicator.definition["sensitivity"]]
    row |= {"grade": grade(found, entry), "groups": found["groups"]}
    if found["least"] < limit or found["persons"] < smallest_group:
        return row | {"why": FEW}
    alpha = at_look(int(found["seen"]), measure.planned, sureness().alpha)
    half = half_width(float(found["error"]), int(found["freedom"]), alpha)
    row |= {
        "value": found["value"], "low": found["value"] - half, "high": found["value"] + half, "n": found["persons"],
        "least": found["least"],
    }  # fmt: skip
    row["verdict"] = verdict(measure, float(found["value"]), half, str(row["grade"]))
    if row["verdict"] == OPEN:
        row["more_months"], row["more_persons"] = more(measure, found)
    return row


def grade(found: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """How far the design carries, A to D: registered beforehand and kept to, and beside enough comparison groups."""
    beforehand = not (entry["late"] or entry["changed"] or entry["unseen"])
    if found["design"] == GROUPS:
        return "A" if beforehand and not found["few_groups"] else "B"
    return "C" if beforehand else "D"


def verdict(measure: Measure, value: float, half: float, graded: str) -> str:
    """What an interval says of an effect in the wanted direction."""
    gain = -value if measure.lower else value
    if gain + half < measure.smallest:
        return AGAINST
    if gain - half > 0:
        return EFFECT if graded == "A" else CONSISTENT
    return OPEN


def more(measure: Measure, found: Mapping[str, Any]) -> tuple[float, float]:
    """Months more, or persons more, that it would take to see the smallest effect worth having.

    The error must be so small that an effect of that size is seen with the wished power (``effects.toml``). It falls
    with the years, and with the size of the group as far as it is chance: persons are told where months do not suffice.

    Returns:
        Months (NaN where no number of years suffices), persons (NaN where months do, or neither does).
    """
    needed = (measure.smallest / (norm.isf(sureness().alpha / 2) + norm.ppf(sureness().power))) ** 2
    room = needed - found["fixed"]
    years = math.ceil(found["yearly"] / room - 1e-9) if room > 0 else math.inf
    if years <= sureness().most_years:
        # a look every year: what was not seen with as many years as should do takes at least one more
        return float(YEAR * max(years - int(found["seen"]), 1)), np.nan
    if (
        found["design"] != GROUPS
    ):  # a whole municipality gets no more people, and years compared with years no less noise
        return np.nan, np.nan
    # a larger group has smaller chance, and is better known from its own past
    moving = found["yearly"] - found["chance"]
    for times in range(2, MOST_TIMES + 1):
        if found["fixed"] / times + (moving + found["chance"] / times) / measure.planned <= needed:
            return np.nan, float(math.ceil(found["persons"] * (times - 1) / 10) * 10)
    return np.nan, np.nan


def told(entries: Iterable[dict[str, Any]], effects: pd.DataFrame) -> list[dict[str, Any]]:
    """Entries of the register with what is said of each: words and the size of what it would take, no figure of it."""
    said = {str(row["measure"]): row for row in effects.to_dict("records")}
    words = ("verdict", "grade", "why")
    numbers = ("groups", "seen", "planned", "more_months", "more_persons")
    return [
        {
            **entry,
            "wanted": _wanted(entry),
            **{name: str(said[entry["id"]][name]) for name in words},
            **{name: _whole(said[entry["id"]][name]) for name in numbers},
        }
        for entry in entries
    ]


def _wanted(entry: Mapping[str, Any]) -> float:
    """The smallest change worth having as a page prints it: percentage points of shares and rates, days of days."""
    scale = 1 if followed()[entry["indicator"]].unit == "days" else 100
    return round(scale * float(entry["smallest"]), 3)


def _whole(number: float) -> int | None:
    return None if np.isnan(number) else int(number)
