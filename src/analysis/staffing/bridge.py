"""The bridge: one identity carries the need, for every department, occupation and year.

    gap at T = opening gap + change in need + full-time equivalents lost by each cause
               + net moves out − hires − conversions − newly qualified

Parts carry their sign, so that they add up to the gap; all are cumulated from the cut-off to the year.
Expected values add up exactly at every level. Quantiles come from a seeded simulation, stand beside the
expected values and are never added. Where the delivery records no open posts the opening gap and the gap are
missing, and ``recruitment`` (change in need plus everything lost) is what can be said.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import CAUSES, load
from analysis.staffing.inflow import Inflow
from analysis.staffing.levers import Lever
from analysis.staffing.simulate import Draws, simulate
from analysis.staffing.supply import Hazards, Year, project
from analysis.tables.protected import ORGANISATION
from analysis.turnover import ShockModel
from analysis.workforce.groups import sum_to_groups

REFERENCE = "reference"
PARTS = ("opening", "need_change", *CAUSES, "moves", "hires", "conversions", "newly_qualified")
TOTALS = ("gap", "recruitment")
COLUMNS = ["department", "occupation", "year", "scenario", "part", "expected", "p10", "p50", "p90", "n"]


def assumption(key: str) -> float:
    """The middle value of an assumption in ``reference/data/assumptions.toml``."""
    return float(next(entry["mid"] for entry in load("assumptions")["assumption"] if entry["id"] == key))


def bridge(
    cells: pd.DataFrame,
    hazards: Hazards,
    *,
    groups: pd.DataFrame,
    inflow: Inflow,
    profile: pd.DataFrame,
    opening: pd.DataFrame | None,
    change: pd.DataFrame | None,
    shocks: ShockModel,
    seed: int,
    draws: int,
    years: int,
    period: str,
    scenarios: dict[str, Lever],
    causes: tuple[str, ...] = CAUSES,
    permanent: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compute the bridge for the reference path and each scenario of one lever.

    Args:
        cells: risk cells of the open origin.
        hazards: cells → probabilities by cause.
        groups: forecast groups.
        inflow: expected yearly inflow.
        profile: shape of hires.
        opening: DataFrame[department, occupation, fte] of open posts, or None.
        change: DataFrame[department, occupation, year, fte, level] of need; None or empty: not known, and
            assumed unchanged in the gap.
        shocks: level shocks of the turnover stage.
        seed: seed of the simulation; every scenario uses the same draws.
        draws: number of simulated futures.
        years: forecast years.
        period: cut-off month.
        scenarios: scenario name → lever.
        causes: causes that the delivery can tell apart; the parts of the others are missing, not nought.

        permanent: share of temporary staff made permanent (``workforce.made_permanent``), or None.

    Returns:
        DataFrame[COLUMNS]; department ``all`` and occupation ``total`` are sums; ``n`` is persons at risk at
        the cut-off; ``year`` is the calendar year in which the forecast year ends.
    """
    index = cast("pd.MultiIndex", inflow.mean.index)
    fixed = _fixed(index, groups, opening, change, years)
    at_start = _heads(cells, groups, index)
    tables = []
    for scenario, lever in {REFERENCE: None, **scenarios}.items():
        path = project(
            cells,
            hazards,
            groups=groups,
            inflow=inflow,
            profile=profile,
            years=years,
            lever=lever,
            permanent=permanent,
        )
        drawn = simulate(
            path,
            index=index,
            inflow=inflow,
            need_level=fixed["level"],
            shocks=shocks,
            rng=np.random.default_rng(seed),
            draws=draws,
            lever=lever,
            volume_error=assumption("volume_error"),
            hiring_shock=assumption("hiring_shock"),
        )
        for year in range(1, years + 1):
            expected = _expected(path, inflow, fixed, year)
            table = _with_quantiles(expected, drawn, fixed, year, index, at_start, has_opening=opening is not None)
            table["year"], table["scenario"] = cutoff(shift(period, 12 * year)).year, scenario
            tables.append(table)
    result = pd.concat(tables, ignore_index=True)
    no_change = change is None or change.empty
    absent = [cause for cause in CAUSES if cause not in causes] + (["need_change"] if no_change else [])
    result.loc[result["part"].isin(absent), ["expected", "p10", "p50", "p90"]] = np.nan
    return result[COLUMNS]


def _heads(cells: pd.DataFrame, groups: pd.DataFrame, index: pd.MultiIndex) -> np.ndarray:
    heads = sum_to_groups(cells[["department", "occupation", "at_risk"]], groups, by=[], values=["at_risk"])
    return heads.set_index(["department", "occupation"])["at_risk"].reindex(index).fillna(0).to_numpy(dtype=float)


def _fixed(
    index: pd.MultiIndex,
    groups: pd.DataFrame,
    opening: pd.DataFrame | None,
    change: pd.DataFrame | None,
    years: int,
) -> dict[str, np.ndarray]:
    """Opening gap [groups], change in need [years × groups] and the level of need it moves from [groups]."""
    fixed = {
        "opening": np.zeros(len(index)),
        "change": np.zeros((years, len(index))),
        "level": np.zeros(len(index)),
    }
    keys = ["department", "occupation"]
    if opening is not None and len(opening):
        posts = sum_to_groups(opening, groups, by=[], values=["fte"]).set_index(keys)["fte"]
        fixed["opening"] = posts.reindex(index).fillna(0.0).to_numpy()
    if change is not None and len(change):
        grouped = sum_to_groups(change, groups, by=["year"], values=["fte", "level"])
        for year in range(1, years + 1):
            part = grouped[grouped["year"] == year].set_index(keys)["fte"]
            fixed["change"][year - 1] = part.reindex(index).fillna(0.0).to_numpy()
        first = grouped[grouped["year"] == grouped["year"].min()].set_index(keys)["level"]
        fixed["level"] = first.reindex(index).fillna(0.0).to_numpy()
    return fixed


def _expected(path: list[Year], inflow: Inflow, fixed: dict[str, np.ndarray], year: int) -> pd.DataFrame:
    parts = {"opening": fixed["opening"], "need_change": fixed["change"][year - 1]}
    lost = np.sum([step.lost_fte for step in path[:year]], axis=0)
    parts |= {cause: lost[:, place] for place, cause in enumerate(CAUSES)}
    for part in ("moves", "hires", "conversions"):
        parts[part] = -inflow.mean[part].to_numpy() * year
    parts["newly_qualified"] = -inflow.qualifying[:year].sum(axis=0)
    return pd.DataFrame({part: parts[part] for part in PARTS}, index=inflow.mean.index)


def _with_quantiles(
    expected: pd.DataFrame,
    drawn: Draws,
    fixed: dict[str, np.ndarray],
    year: int,
    index: pd.MultiIndex,
    at_start: np.ndarray,
    *,
    has_opening: bool,
) -> pd.DataFrame:
    """Long table of parts and totals for groups, departments and the whole, with quantiles beside them."""
    levels, member = _levels(index)
    futures = {part: values @ member for part, values in drawn.parts(year, fixed).items()}
    means = {part: expected[part].to_numpy() @ member for part in PARTS}
    lost = [part for part in PARTS if part in CAUSES]
    for total, parts in (("gap", list(PARTS)), ("recruitment", ["need_change", *lost])):
        futures[total] = sum(futures[part] for part in parts)
        means[total] = sum(means[part] for part in parts)
    tables = []
    for part in (*PARTS, *TOTALS):
        low, middle, high = np.quantile(futures[part], [0.1, 0.5, 0.9], axis=0)
        table = levels.assign(part=part, expected=means[part], p10=low, p50=middle, p90=high, n=at_start @ member)
        if not has_opening and part in ("opening", "gap"):
            table[["expected", "p10", "p50", "p90"]] = np.nan
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _levels(index: pd.MultiIndex) -> tuple[pd.DataFrame, np.ndarray]:
    """Groups, departments and the whole: DataFrame[department, occupation], and 0/1: the groups in each."""
    department = index.get_level_values("department")
    names = list(pd.unique(department))
    member = np.hstack(
        [
            np.eye(len(index)),
            *[(department == name).astype("float64")[:, None] for name in names],
            np.ones((len(index), 1)),
        ]
    )
    levels = pd.DataFrame(
        {
            "department": [*department, *names, ORGANISATION],
            "occupation": [*index.get_level_values("occupation"), *["total"] * (len(names) + 1)],
        }
    )
    return levels, member
