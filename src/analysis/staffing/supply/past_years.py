"""What happened, year by year and department: stock, hires, leavers by cause and net moves, in persons."""

from __future__ import annotations

import pandas as pd

from analysis.periods import shift
from analysis.reference.parts import CAUSES, MOVED
from analysis.tables.protected import ORGANISATION
from analysis.workforce.groups import sum_to_groups

NET = (*MOVED, "newly_qualified", "transfer")
COUNTED = ("stock", "hires", "net_moves", *CAUSES)


def yearly(flows: pd.DataFrame, groups: pd.DataFrame, causes: tuple[str, ...] = CAUSES) -> pd.DataFrame:
    """Counts of each department of the cut-off's structure and of the whole.

    Conversions of the hourly paid count among hires. Net moves hold what changes of occupation and transfers of
    undertakings add to a department; over the whole only transfers remain.

    Args:
        flows: result of ``workforce.flows``.
        groups: result of ``workforce.forecast_groups``.
        causes: causes that the delivery can tell apart; leavers for any other reason are left out by name only, and
            ``leavers`` holds all of them.

    Returns:
        DataFrame[department, origin, quantity, value]: ``stock`` is at ``origin``, everything else happens in the
        twelve months after it.
    """
    sums = sum_to_groups(flows, groups, by=["origin", "part"], values=["persons"])
    sums = sums.groupby(["department", "origin", "part"], as_index=False)[["persons"]].sum()
    whole = sums.groupby(["origin", "part"], as_index=False)[["persons"]].sum().assign(department=ORGANISATION)
    sums = pd.concat([sums, whole], ignore_index=True)
    last = sums[(sums["part"] == "closing") & (sums["origin"] == sums["origin"].max())]
    after = last.assign(part="opening", origin=[shift(origin, 12) for origin in last["origin"]])
    sums = pd.concat([sums, after], ignore_index=True)
    wide = sums.pivot_table(index=["department", "origin"], columns="part", values="persons", aggfunc="sum")
    wide = wide.reindex(columns=["opening", "hires", "conversions", *NET, *CAUSES]).fillna(0.0)
    ended = wide.index.get_level_values("origin") != sums["origin"].max()
    counts = pd.DataFrame(
        {
            "stock": wide["opening"],
            "hires": (wide["hires"] + wide["conversions"]).where(ended),
            "net_moves": wide[list(NET)].sum(axis=1).where(ended),
            "leavers": -wide[list(CAUSES)].sum(axis=1).where(ended),
            **{cause: -wide[cause].where(ended) for cause in causes},
        }
    )
    long = counts.reset_index().melt(id_vars=["department", "origin"], var_name="quantity")
    return long.dropna(subset="value")[["department", "origin", "quantity", "value"]].reset_index(drop=True)
