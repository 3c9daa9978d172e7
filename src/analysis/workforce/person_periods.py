"""Person-periods at the finest grain the delivery supports, as covariate cells.

A window between two origins holds twelve months, or as many periods as lie between the lists a delivery consists of.
Whoever is in post when a period begins is at risk in it, so that those employed during the window enter late and those
who leave before the next origin are counted; covariates are those of the period's first day.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from analysis.periods import cutoff, look_up, season, shift
from analysis.reference import CAUSES
from analysis.workforce.covariates import pay_is_dated
from analysis.workforce.flows import CELL, covariates
from analysis.workforce.spells import stock
from analysis.workforce.surroundings import Tables

MONTHS = 12
PERIOD_CELL = ["origin", "season", *CELL[1:]]


GRAINS = (1, 2, 3, 4, 6, 12)
"""Months of a period: those that a year holds whole numbers of."""


def grain(tables: Tables, *, person_years: int, most: int) -> int:
    """Months of the shortest period in which the delivery can say who left, out of ``GRAINS``.

    Dated employments say it by the day, and a month is as fine as is of use. Snapshots say it from one list to the
    next; lists that lie unevenly count as yearly.

    Args:
        tables: clean tables by name.
        person_years: persons at risk, summed over the closed windows.
        most: person-periods that are still worked on; a larger organisation gets longer periods.
    """
    employments, snapshots = tables.get("employments"), tables.get("snapshots")
    finest = MONTHS
    if employments is not None and not employments.empty:
        finest = 1
    elif snapshots is not None and not snapshots.empty:
        lists = pd.PeriodIndex(snapshots["snapshot"].drop_duplicates().sort_values(), freq="M")
        steps = {int((later - earlier).n) for earlier, later in pairwise(lists)}
        finest = steps.pop() if len(steps) == 1 else MONTHS
    fitting = (step for step in GRAINS if step % finest == 0 and person_years * MONTHS <= most * step)
    return next(fitting, MONTHS)


def risk_periods(
    rows: pd.DataFrame, ends: pd.DataFrame, *, origins: list[str], step: int, tables: Tables | None = None
) -> pd.DataFrame:
    """Cells of person-periods in the closed windows.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        origins: window starts in order; the last window is still open and left out.
        step: months of a period, see ``grain``; 12 gives no cells, since ``flows.risk_cells`` are those.
        tables: clean tables by name, for what surrounds a person.

    Returns:
        RiskPeriods (``contracts``): ``at_risk`` counts persons at the start of a period, summed
        over the periods of a season; exits are those within the periods. A transfer of undertaking is no exit.
    """
    columns = [*PERIOD_CELL, "step", "at_risk", *CAUSES]
    if step >= MONTHS or len(origins) < 2:
        return pd.DataFrame(columns=columns)
    ending = ends.set_index("spell")
    dated = pay_is_dated(rows, origins)
    stocks: dict[str, pd.DataFrame] = {}
    windows = []
    for origin in origins[:-1]:
        parts = []
        for month in (shift(origin, ahead) for ahead in range(0, MONTHS, step)):
            people = stocks[month] = stock(rows, cutoff(month))
            until = cutoff(shift(month, step))
            end, cause = look_up(people["spell"], ending["end"]), look_up(people["spell"], ending["cause"])
            before = stocks.pop(shift(month, -MONTHS), None)
            people = covariates(people, before, month=month, tables=tables or {}, dated=dated)
            people["season"], people["cause"] = season(month), cause.where(end <= until, "").fillna("")
            parts.append(people)
        window = pd.concat(parts, ignore_index=True).assign(origin=origin, at_risk=1)
        window = window.assign(**{cause: (window["cause"] == cause).astype("float64") for cause in CAUSES})
        keys = window.groupby(PERIOD_CELL, as_index=False, sort=True, dropna=False)
        windows.append(keys[["at_risk", *CAUSES]].sum())
    return pd.concat(windows, ignore_index=True).assign(step=step)[columns]
