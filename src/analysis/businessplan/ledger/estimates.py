"""What each measure of the ledger seems to have done: beside comparable groups, or before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.businessplan.ledger.compared import Estimate, against_others, before_and_after, fit
from analysis.businessplan.ledger.registered import Measure
from analysis.businessplan.ledger.windows import COUNTED, Past, chance, years_of
from analysis.reference.ledger import sureness

COLUMNS = [
    "measure", "why", "design", "seen", "value", "error", "freedom", "fixed", "yearly", "chance", "years", "groups",
    "few_groups", "persons", "least",
]  # fmt: skip
DIGITS = 12
"""Sums over persons depend on their order beyond it, and that follows their pseudonyms."""
GROUPS, PAST = "groups", "past"
"""Designs: beside other groups, or beside the own past alone."""
UNPLACED, NOT_COUNTED, EARLY, SMALL, HISTORY = "unplaced", "not_counted", "early", "small", "history"
"""Why nothing can be estimated."""


def estimates(measures: Sequence[Measure], past: Past, *, least: int) -> pd.DataFrame:
    """One row per measure.

    Args:
        measures: result of ``registered``.
        past: what indicators are counted from.
        least: persons below which a group is too small to be compared, or to be compared with.

    Returns:
        ``contracts`` EffectEstimates: ``value`` and ``error`` in the indicator's unit, as it is counted (not turned by
        the wanted direction); empty where ``why`` says that nothing can be estimated.
    """
    rows = [_row(measure, measures, past, least) for measure in measures]
    table = pd.DataFrame(rows, columns=COLUMNS)
    text = ["measure", "why", "design"]
    numbers = [name for name in COLUMNS if name not in (*text, "few_groups")]
    return table.astype(dict.fromkeys(text, "str") | dict.fromkeys(numbers, "float64")).round(DIGITS)


def _row(measure: Measure, every: Sequence[Measure], past: Past, least: int) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, np.nan)
    row |= {"measure": measure.id, "why": "", "design": "", "few_groups": False}
    if not measure.placed:
        return row | {"why": UNPLACED}
    if measure.indicator.id not in past.first:
        return row | {"why": NOT_COUNTED}
    seen = measure.seen(past.last[measure.indicator.id])
    row["seen"] = seen
    if seen < 1:
        return row | {"why": EARLY}
    years = years_of(past, measure.indicator, measure.start, before=sureness().years_before, seen=seen)
    held = pd.concat(
        [past.year(measure.indicator, month).assign(year=number) for number, month in years.items()], ignore_index=True
    )
    inside = _inside(measure, held)
    own = _summed(held[inside], ["year"]).set_index("year").reindex(list(years))
    largest = own["persons"].max()
    if not largest >= least:
        return row | {"why": SMALL}
    own = own.where(own["persons"] >= least)
    after = np.array(list(years)) >= 0
    known = (own["denominator"] > 0).to_numpy()
    row |= {"persons": float(own["persons"].dropna().iloc[-1]), "least": _least(measure, own)}
    if not (known & after).any():
        return row | {"why": SMALL}
    others = _others(measure, every, held, list(years), least)
    groups = len(others) // len(years)
    found = _compared(measure, own, others, after) if groups >= sureness().least_groups else None
    design, few = GROUPS, groups < sureness().enough_groups
    if found is None or not (known & ~after).any():
        design, few = PAST, False
        if (known & ~after).sum() < sureness().least_years:
            return row | {"why": HISTORY}
        value, spread = _figures(measure, own, own)
        found = before_and_after(value, spread, own["denominator"].fillna(0.0).to_numpy(), after)
    return row | {
        "design": design, "value": found.value, "error": found.error, "freedom": found.freedom, "fixed": found.fixed,
        "yearly": found.yearly, "chance": found.chance, "years": found.years,
        "groups": groups if design == GROUPS else 0, "few_groups": few,
    }  # fmt: skip


def _compared(measure: Measure, own: pd.DataFrame, others: pd.DataFrame, after: np.ndarray) -> Estimate:
    values, spreads = _figures(measure, others, others)
    model = fit(values.reshape(-1, len(after)), spreads.reshape(-1, len(after)))
    value, spread = _figures(measure, own, others)
    return against_others(model, value, spread, own["denominator"].fillna(0.0).to_numpy(), after)


def _figures(measure: Measure, table: pd.DataFrame, among: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    of = table["denominator"].where(table["denominator"] > 0)
    spread = chance(measure.indicator, table, among)
    return (table["numerator"] / of).to_numpy(dtype=float), spread.to_numpy(dtype=float)


def _inside(measure: Measure, held: pd.DataFrame) -> pd.Series:
    inside = pd.Series(True, index=held.index)
    if measure.departments:
        inside &= held["department"].isin(measure.departments)
    if measure.occupations:
        inside &= held["occupation"].isin(measure.occupations)
    return inside


def _summed(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return table.groupby(by, as_index=False)[COUNTED].sum(min_count=1)


def _least(measure: Measure, own: pd.DataFrame) -> float:
    """The fewest persons that a figure of the group tells of in any year: those counted, and those not."""
    if measure.indicator.counts == "events":
        return float(np.minimum(own["numerator"], own["persons"] - own["numerator"]).min())
    return float(own["persons"].min())


def _others(
    measure: Measure, every: Iterable[Measure], held: pd.DataFrame, years: list[int], least: int
) -> pd.DataFrame:
    """Comparison groups: the same occupations in other departments, or other occupations where it is done everywhere.

    A group that another measure with the same indicator concerns is no comparison: it may have changed for that reason.
    Years with too few persons are left out, and groups without a year on both sides of the start.

    Returns:
        DataFrame[COUNTED], a row per group and year, group by group; NaN where a year is left out.
    """
    none = pd.DataFrame(columns=COUNTED, dtype="float64")
    if not measure.departments and not measure.occupations:
        return none
    unit = "department" if measure.departments else "occupation"
    alike = bool(measure.departments and measure.occupations)
    free = held[held["occupation"].isin(measure.occupations)] if alike else held
    taken = _inside(measure, free)
    for other in every:
        if other.indicator.id == measure.indicator.id and (other.departments or other.occupations):
            taken |= _inside(other, free)
    free = free[~taken & free[unit].notna()]
    if free.empty:
        return none
    panel = free.groupby([unit, "year"])[COUNTED].sum()
    groups = panel.index.get_level_values(unit).unique()
    panel = panel.reindex(pd.MultiIndex.from_product([groups, years]))
    panel = panel.where((panel["persons"] >= least) & (panel["denominator"] > 0))
    known = panel["denominator"].notna().to_numpy().reshape(len(groups), len(years))
    since = np.array(years) >= 0
    both = known[:, since].any(axis=1) & known[:, ~since].any(axis=1)
    return panel[np.repeat(both, len(years))].reset_index(drop=True)
