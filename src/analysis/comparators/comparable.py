"""Which comparators may stand beside which of our figures.

A definition lists in ``comparable_with`` the measures that are counted as it is. A comparator of such a measure is
comparable; one that only names the definition under ``roughly`` is shown as counted by another definition. Nothing is
shown from a year after the edition's own. A figure about one kind of work stands only beside units that do that work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.comparators.library import HUNDREDTHS, Comparator, HoldsFor
from analysis.reference import occupations
from analysis.tables.protected import TOTAL

FRACTIONS = ("share", "rate")


def beside(
    definitions: Iterable[Mapping[str, Any]],
    comparators: Iterable[Comparator],
    *,
    period: str,
    headcount: pd.DataFrame | None = None,
) -> list[dict[str, Any]]:
    """Comparators for the definitions of an edition, as ``about.json`` holds them.

    Args:
        definitions: entries of the reference data with ``id``, ``unit`` and ``comparable_with``.
        comparators: what is held.
        period: cut-off month of the edition, ``YYYY-MM``.
        headcount: protected cells of the table ``headcount``; without it a figure about one kind of work is not shown.

    Returns:
        One record per definition and comparator: for each measure and each group of others the newest year not after
        the period's; comparable ones first, outcomes before norms, newer years before older. ``exact`` says whether
        it is counted as the definition counts; ``units`` are the departments it may stand beside, None for every one.
    """
    known = [one for one in comparators if one.year <= int(period[:4])]
    found: list[dict[str, Any]] = []
    for definition in definitions:
        same = set(definition.get("comparable_with") or ())
        mine = [(one, one.measure in same) for one in known if one.measure in same or definition["id"] in one.roughly]
        newest: dict[tuple[str, str], tuple[Comparator, bool]] = {}
        for one, exact in mine:
            place = (one.measure, one.who_sv)
            if place not in newest or newest[place][0].year < one.year:
                newest[place] = (one, exact)
        ordered = sorted(newest.values(), key=lambda pair: (not pair[1], pair[0].kind == "norm", -pair[0].year))
        for one, exact in ordered:
            units = None if one.holds_for is None else where(one.holds_for, headcount)
            found.append(_record(one, exact=exact, definition=definition) | {"units": units})
    return found


def where(work: HoldsFor, headcount: pd.DataFrame | None) -> list[str]:
    """The units whose staff mostly do the work that a figure is about, judged by what their pages show.

    Args:
        work: the occupations and the share that they must reach.
        headcount: protected cells, row = occupation; withheld counts weigh nothing, so that they cannot be told.
    """
    if headcount is None:
        return []
    licensed = {key for key, entry in occupations().items() if entry.get("licence")}
    rows = headcount[headcount["value"].notna() & (headcount["row"] != TOTAL)]
    rows = rows[rows["row"].isin(licensed)] if work.among == "licence" else rows
    every = rows.groupby("department")["value"].sum()
    mine = rows[rows["row"].isin(work.occupations)].groupby("department")["value"].sum()
    share = mine.reindex(every.index, fill_value=0.0) / every
    return sorted(str(unit) for unit in share.index[share >= work.least])


def _record(one: Comparator, *, exact: bool, definition: Mapping[str, Any]) -> dict[str, Any]:
    record = one.model_dump(mode="json", exclude={"roughly", "terms", "holds_for"})
    if one.measure.startswith("Kolada ") and one.unit == "score" and one.unit != definition["unit"]:
        # Kolada states no unit; its shares are per cent, as its own titles say
        record["unit"] = definition["unit"]
        if definition["unit"] in FRACTIONS:
            record["value"] = float(f"{(one.value or 0.0) * HUNDREDTHS:.12g}")
    return record | {"definition": definition["id"], "exact": exact}
