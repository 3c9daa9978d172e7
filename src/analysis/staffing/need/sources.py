"""Where the need comes from: which of a delivery's tables speak for each department and occupation.

A department and occupation follows the first source that knows it: workload (WISN), then volumes times staffing ratios,
then budgeted posts. Volumes are those delivered where they reach beyond the cut-off, else population times
participation. The opening gap is that of the vacancies, else budgeted posts less those in post.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.periods import cutoff
from analysis.staffing.need.from_volumes import need_change, opening_gap
from analysis.staffing.need.population import (
    VOLUMES,
    alternatives,
    budget_change,
    combined,
    opening_from_budget,
    volumes_from_population,
    volumes_of_vintages,
)
from analysis.staffing.need.variants import COLUMNS as VARIANTS
from analysis.staffing.need.workload import compared, required, workload_change

NO_NEED = "note.no_need"
NO_OPENING = "note.no_opening"
"""Message ids of what a report must say about the delivery."""
TABLES = ("vacancies", "volumes", "staffing_ratios", "population", "participation", "workload", "budgeted_posts")
PAIR = ["department", "occupation"]
SERVED = ["department", "kind"]
SOURCES = ["department", "source", "vintage", "until"]


@dataclass(frozen=True)
class Need:
    """Need of one delivery.

    ``opening``: DataFrame[department, occupation, fte] or None. ``change``: as of ``from_volumes.need_change`` or None.
    ``variants``: change under each variant of the population forecast (``variants.COLUMNS``) or None. ``volumes``: of
    every vintage, delivered and from the population, or None. ``workload``: required staff beside those in post
    (``workload.compared``) or None. ``sources``: DataFrame[department, source, vintage, until]: what each department's
    need rests on and the last year it reaches. ``notes``: message ids. ``remarks``: what is left out or carried on, in
    words for the analyst.
    """

    opening: pd.DataFrame | None = None
    change: pd.DataFrame | None = None
    variants: pd.DataFrame | None = None
    volumes: pd.DataFrame | None = None
    workload: pd.DataFrame | None = None
    sources: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SOURCES))
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def need_of(held: Mapping[str, pd.DataFrame | None], staff: pd.DataFrame, *, period: str, years: int) -> Need:
    """The need from whatever the delivery holds.

    Args:
        held: clean tables ``TABLES`` by name; None or left out where the delivery has none.
        staff: DataFrame[department, occupation, fte] in post at the cut-off.
        period: cut-off month.
        years: forecast years.
    """
    vacancies, delivered, ratios, people, taking_part, work, budget = (held.get(name) for name in TABLES)
    volumes, derived = forecast_volumes(delivered, people, taking_part, period=period)
    by_work = by_volume = by_budget = beside = None
    sources: list[pd.DataFrame] = []
    remarks: list[str] = []
    if work is not None:
        needs = required(work)
        by_work, said = workload_change(needs, period=period, years=years)
        remarks += said
        beside = compared(needs, staff, year=cutoff(period).year)
        sources.append(_until(needs, ["department"]).assign(source="workload", vintage=""))
    if volumes is not None and ratios is not None:
        by_volume, said = need_change(volumes, ratios, period=period, years=years)
        remarks += said
        sources.append(_volume_sources(volumes, derived, by_volume))
    if budget is not None:
        by_budget, said = budget_change(budget, period=period, years=years)
        remarks += said
        sources.append(_until(budget, ["department"]).assign(source="budget", vintage=""))
    change = combined(by_work, by_volume, by_budget)
    variants = None
    if people is not None and len(derived) and ratios is not None:
        variants = _variants(people, derived, ratios, by_work, period=period, years=years)
    notes = [NO_NEED] if change is None or change.empty else []
    opening = None
    if vacancies is not None:
        opening = opening_gap(vacancies, at=cutoff(period))
    elif budget is not None:
        opening = opening_from_budget(budget, staff, period=period)
    else:
        notes.insert(0, NO_OPENING)
    told = pd.concat(sources, ignore_index=True)[SOURCES] if sources else pd.DataFrame(columns=SOURCES)
    return Need(opening, change, variants, volumes, beside, told, tuple(notes), tuple(remarks))


def forecast_volumes(
    delivered: pd.DataFrame | None, population: pd.DataFrame | None, participation: pd.DataFrame | None, *, period: str
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Volumes of every vintage, and the participation of those that follow the population.

    A department's own forecast of a kind goes before the population. Where only its outcomes are delivered, they do not
    mix with the population's: change is counted within one source.

    Returns:
        Clean table ``volumes`` or None, and the rows of ``participation`` that were used.
    """
    none = pd.DataFrame(columns=[*SERVED, "age_low", "age_high", "share"])
    if population is None or participation is None or population.empty or participation.empty:
        return delivered, none
    if delivered is None or delivered.empty:
        return volumes_of_vintages(population, participation), participation
    ahead = delivered[delivered["year"] > cutoff(period).year]
    used = participation[~_pairs(participation, SERVED).isin(_pairs(ahead, SERVED))]
    if used.empty:
        return delivered, none
    replaced = _pairs(delivered, SERVED).isin(_pairs(used, SERVED))
    both = [delivered.loc[~replaced, VOLUMES], volumes_of_vintages(population, used)]
    return pd.concat(both, ignore_index=True), used


def _until(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The last year that a source reaches: DataFrame[*keys, until]."""
    return table.groupby(keys, as_index=False).agg(until=("year", "max"))


def _volume_sources(volumes: pd.DataFrame, derived: pd.DataFrame, change: pd.DataFrame) -> pd.DataFrame:
    newest = volumes[volumes["vintage"] == volumes.groupby(SERVED)["vintage"].transform("max")]
    until = _until(newest[newest["department"].isin(change["department"])], [*SERVED, "vintage"])
    of_people = _pairs(until, SERVED).isin(_pairs(derived, SERVED))
    until["source"] = pd.Series(of_people, index=until.index).map({True: "population", False: "volumes"})
    # of several kinds the one that ends first
    return until.groupby(["department", "source", "vintage"], as_index=False).agg(until=("until", "min"))


def _pairs(table: pd.DataFrame, keys: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([table[key] for key in keys], names=keys)


def _variants(
    population: pd.DataFrame,
    participation: pd.DataFrame,
    ratios: pd.DataFrame,
    before: pd.DataFrame | None,
    *,
    period: str,
    years: int,
) -> pd.DataFrame | None:
    """Change in need under each variant, where the population decides it and no earlier source does."""
    found = alternatives(population)
    if found["variant"].nunique() < 2:
        return None
    tables = []
    for variant, people in found.groupby("variant", sort=True):
        volumes = volumes_from_population(people, participation)
        change = need_change(volumes, ratios, period=period, years=years)[0]
        if before is not None and len(before):
            change = change[~_pairs(change, PAIR).isin(_pairs(before, PAIR))]
        tables.append(change.assign(variant=str(variant), weight=float(people["weight"].iloc[0])))
    return pd.concat(tables, ignore_index=True)[VARIANTS]
