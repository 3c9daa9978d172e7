"""What the history of a delivery will be made of, before anything is built: told by ``analysis check``."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import InputError
from analysis.extracts import Delivery, Notice
from analysis.reference import policy
from analysis.tables.clean import TABLES
from analysis.workforce import Awaited, NoHistory, history, too_small
from analysis.workforce.covered import EVENTS

WHOLE = ("employments", "snapshots", "exits", "organisation")
"""Tables that the history is made of; of the others the persons, units and days are enough."""
NEEDED = ("person", "unit", "source")


@dataclass(frozen=True)
class LookBack:
    """``notices``: how the history is made; ``doubts``: what looks wrong in it; both empty where there is none.

    ``awaits``: the parts of an edition that wait for history; ``stops``: why no edition can be made of it.
    """

    notices: list[Notice] = field(default_factory=list)
    doubts: list[Notice] = field(default_factory=list)
    awaits: Awaited | None = None
    stops: list[Notice] = field(default_factory=list)


def look_back(found: Delivery) -> LookBack:
    """Make the history of a delivery up to its last whole month and say what a person should know of it.

    Args:
        found: what was read.
    """
    tables: dict[str, pd.DataFrame | None] = {}
    for name in {*WHOLE, *EVENTS} & set(found.tables):
        columns = (
            None
            if name in WHOLE
            else [each for each in (*NEEDED, EVENTS[name]) if each in TABLES[name] or each == "source"]
        )
        tables[name] = found.tables.read(name, columns)
    period = last_month(found, tables)
    if not period:
        return LookBack()
    stated = found.manifest
    try:
        past = history(
            tables,
            period=period,
            level=stated.departments.level,
            rate=float(stated.assumptions.get("rate", 1.0)),
            episodes=stated.episodes,
            observed_from=stated.delivery.observed_from,
            reasons_from=stated.delivery.reasons_from,
        )
    except NoHistory as error:
        return LookBack(stops=[error.notice])
    except InputError as error:  # about the organisation: the build refuses it with the same words
        return LookBack(stops=[Notice(sv=str(error), en=str(error))])
    small = too_small(past.in_post, policy())
    return LookBack(past.notices, past.doubts, past.awaits, [small] if small else [])


def last_month(found: Delivery, tables: dict[str, pd.DataFrame | None]) -> str:
    """The last month that the delivery holds whole; of lists the month of the newest. '' where there is no staff."""
    extracted = pd.Timestamp(found.manifest.delivery.extracted)
    employments, snapshots = tables.get("employments"), tables.get("snapshots")
    if employments is not None and len(employments):
        return str((extracted + pd.Timedelta(days=1)).to_period("M") - 1)
    if snapshots is not None and len(lists := snapshots.loc[snapshots["snapshot"] <= extracted, "snapshot"]):
        return str(lists.max().to_period("M"))
    return ""
