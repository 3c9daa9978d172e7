"""Recruitment need and posts that stay empty: one identity, cumulated from the cut-off to each year's end.

    recruitment need = opening gap + change in need + losses by cause + net moves + to be replaced again
    posts that stay empty = recruitment need − hires − conversions − newly qualified

Need and its parts are those of the bridge. What stays empty is the forecast that is shown (``posts_record``), in a
scenario what the law makes of it (``filling``), and hires are what leads there: they answer to empty posts. Nobody is
hired for a post that is manned, and never more a year than a stated factor of the most in any year (``policy.toml``);
what then remains stays empty, below nought a surplus. Of those hired in a year some are gone before it ends and have to
be replaced again: half a newcomer's hazard of a year, since they come all through it. Every row is in full-time
equivalents and carries its sign, so that rows add up exactly at every level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import policy
from analysis.reference.parts import CAUSES, FILLED, MOVED
from analysis.staffing.baseline import Baseline
from analysis.staffing.levers.lever import Lever, pace
from analysis.staffing.posts import futures
from analysis.staffing.posts.filling import Filling, interval, root
from analysis.staffing.supply.ageing import Ageing
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL
from analysis.workforce.groups import sum_to_groups

NEEDED = ("opening", "need_change", *CAUSES, *MOVED, "again")
RAISED = "raised_rates"
"""Rates that measures raise fill posts too; there are none at the present pace."""
PARTS = (*NEEDED, "recruitment_need", *FILLED, RAISED, "empty")
COLUMNS = ["department", "occupation", "year", "scenario", "part", "expected", "p10", "p90", "n"]
CHANCES = ["department", "occupation", "year", "scenario", "at_least", "probability", "n"]
AT_LEAST = (1, 2, 3, 5, 10, 20, 50)


@dataclass(frozen=True)
class Recruitment:
    """``table``: ``contracts`` Recruitment. ``chances``: RecruitmentChances, that so many posts stand empty."""

    table: pd.DataFrame
    chances: pd.DataFrame


def of_groups(vacancies: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Adverts under the department and occupation of their forecast group; ``kind`` is their own occupation."""
    numbered = vacancies.reset_index(drop=True)
    rows = numbered[["department", "occupation", "posts"]].assign(row=numbered.index)
    found = sum_to_groups(rows, groups, by=["row"], values=["posts"]).set_index("row")
    keys = ["department", "occupation"]
    return numbered.assign(
        kind=numbered["occupation"], **{key: found[key].reindex(numbered.index).to_numpy() for key in keys}
    )


def gone_within_the_year(aged: Ageing) -> np.ndarray:
    """Share of those hired in a year who leave before it ends, [groups]."""
    hazard = aged.table[aged.joined].sum(axis=1)
    size = len(aged.index)
    weight = np.bincount(aged.newcomer_group, aged.part, minlength=size)
    yearly = np.bincount(aged.newcomer_group, aged.part * np.minimum(hazard, 1.0), minlength=size)
    return 0.5 * np.divide(yearly, weight, out=np.zeros(size), where=weight > 0)


def cumulated(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Full-time equivalents that have to be hired or stand empty at each year's end, [years × groups].

    Args:
        parts: parts of the bridge, cumulated with sign.
    """
    found: np.ndarray = np.sum([values for name, values in parts.items() if name != "hires"], axis=0)
    return found


def answer(
    base: Baseline,
    filling: Filling,
    parts: Mapping[str, np.ndarray],
    reference: Mapping[str, np.ndarray],
    faster: np.ndarray | float = 1.0,
) -> dict[str, np.ndarray]:
    """The identity of one path: what hires and empty posts make of its parts, part → [years × groups] with sign.

    Args:
        base: what the bridge was computed from.
        filling: empty posts at the present pace, and the law.
        parts: parts of the bridge of this path, cumulated with sign.
        reference: those at the present pace.
        faster: factor on the hazard of being filled [years × groups].
    """
    years = base.years
    # hires that a measure adds take posts that are open: fewer are left for those who come anyway
    more = (cumulated(parts) + parts["hires"]) - (cumulated(reference) + reference["hires"])
    empty = filling.empty(np.diff(more, axis=0, prepend=0.0), faster)
    before = cumulated(parts)
    again = gone_within_the_year(base.aged)
    hires = np.maximum(before - empty, 0.0) / (1.0 - again)
    limit = policy().recruitment.most_hires * base.inflow.most * np.arange(1, years + 1)
    whole = hires.sum(axis=1)
    hires = hires * np.minimum(1.0, np.divide(limit, whole, out=np.ones(years), where=whole > 0))[:, None]
    if not filling.known:  # no gap is known: hires as of late
        hires = -np.asarray(parts["hires"])
    found = {name: np.asarray(parts[name]) for name in NEEDED if name in parts} | {"again": hires * again}
    found["recruitment_need"] = np.sum(list(found.values()), axis=0)
    found |= {"hires": -hires} | {name: np.asarray(parts[name]) for name in ("conversions", "newly_qualified", RAISED)}
    found["empty"] = np.sum([found[name] for name in ("recruitment_need", *FILLED, RAISED)], axis=0)
    return found


def recruitment(
    base: Baseline,
    bridge: pd.DataFrame,
    filling: Filling,
    scenarios: Mapping[str, Sequence[Lever]] | None = None,
    ends: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
) -> Recruitment:
    """The identity for every group, department and the whole, at the present pace and in each scenario.

    Args:
        base: what the bridge was computed from.
        bridge: result of ``bridge``.
        filling: empty posts at the present pace, and the law.
        scenarios: those of the bridge beside the reference path, with their levers.
        ends: what stands empty [years × groups] with the levers of a scenario at the low and the high end of their
            ranges; a scenario without has the interval of the reference path.
    """
    reference = _parts(base, bridge, REFERENCE)
    levels = _Levels.of(base)
    half = filling.spread(levels.member)
    tables, chances = [], []
    for scenario, levers in {REFERENCE: (), **(scenarios or {})}.items():
        own = reference if scenario == REFERENCE else _parts(base, bridge, scenario)
        found = answer(base, filling, own, reference, pace(levers, base.start, base.years, filling.rates.fill))
        wide = np.hypot(half, apart(levels.member, *(ends or {}).get(scenario, ())))
        told = _quantiles(base, bridge, levels.table, scenario)
        tables.append(_table(base, filling, found, levels, told, wide, scenario))
        chances.append(_chances(base, found, levels, wide).assign(scenario=scenario))
    chance = pd.concat(chances, ignore_index=True)[CHANCES]
    return Recruitment(pd.concat(tables, ignore_index=True)[COLUMNS], chance if filling.known else chance.head(0))


def apart(member: np.ndarray, *ends: np.ndarray) -> np.ndarray | float:
    """Half the distance between empty posts at a measure's two ends, as square roots, [years × sums].

    Args:
        member: groups in each sum [groups × sums].
        ends: full-time equivalents at either end [years × groups]; none where nothing is tried.
    """
    if not ends:
        return 0.0
    one, other = (root(end @ member) for end in ends)
    found: np.ndarray = np.abs(one - other) / 2.0
    return found


def _parts(base: Baseline, bridge: pd.DataFrame, scenario: str) -> dict[str, np.ndarray]:
    """Expected parts of a path by group, [years × groups]; what is not known counts as nought."""
    own = bridge[(bridge["scenario"] == scenario) & (bridge["occupation"] != TOTAL)]
    reached = [base.calendar(ahead) for ahead in range(1, base.years + 1)]
    found = {}
    for part in (*NEEDED[:-1], *FILLED, RAISED):
        wide = own[own["part"] == part].set_index(["year", "department", "occupation"])["expected"].unstack("year")  # noqa: PD010
        found[part] = wide.reindex(index=base.index, columns=reached).fillna(0.0).to_numpy(dtype=float).T
    return found


@dataclass(frozen=True)
class _Levels:
    """Groups, departments and, last, the whole: DataFrame[department, occupation, n] and [groups × levels]."""

    table: pd.DataFrame
    member: np.ndarray

    @classmethod
    def of(cls, base: Baseline) -> _Levels:
        department = base.index.get_level_values("department")
        names = [str(key) for key in pd.unique(department)]
        sums = [(department == key).astype(float)[:, None] for key in names]
        member = np.hstack([np.eye(len(base.index)), *sums, np.ones((len(base.index), 1))])
        table = {
            "department": [*department, *names, ORGANISATION],
            "occupation": [*base.index.get_level_values("occupation"), *[TOTAL] * (len(names) + 1)],
            "n": base.start.persons @ member,
        }
        return cls(pd.DataFrame(table), member)


def _table(
    base: Baseline,
    filling: Filling,
    parts: dict[str, np.ndarray],
    levels: _Levels,
    told: dict[str, list[np.ndarray]],
    half: np.ndarray,
    scenario: str,
) -> pd.DataFrame:
    tables = []
    for year in range(base.years):
        for part in PARTS:
            if part == RAISED and scenario == REFERENCE:
                continue
            expected = parts[part][year] @ levels.member
            low, high = np.full(len(expected), np.nan), np.full(len(expected), np.nan)
            if part == "empty":
                # a surplus has no interval of empty posts: nobody is missing
                low, high = interval(expected, half[year])
            elif part in told:
                middle, least, most = told[part][year]
                # what the bridge leaves out of its total (opening, moves, again) is added as it is
                low, high = expected + np.minimum(least - middle, 0.0), expected + np.maximum(most - middle, 0.0)
            own = levels.table.assign(year=base.calendar(year + 1), part=part, expected=expected, p10=low, p90=high)
            tables.append(own)
    table = pd.concat(tables, ignore_index=True).assign(scenario=scenario)
    absent = [cause for cause in CAUSES if cause not in base.causes]
    absent += ["need_change"] if base.change is None or base.change.empty else []
    absent += [] if filling.known else ["opening", "empty"]
    table.loc[table["part"].isin(absent), ["expected", "p10", "p90"]] = np.nan
    return table


def _chances(base: Baseline, parts: dict[str, np.ndarray], levels: _Levels, half: np.ndarray) -> pd.DataFrame:
    """That at least so many posts stand empty at each year's end."""
    tables = []
    for year in range(base.years):
        for least in AT_LEAST:
            chance = futures.chance_of(least, parts["empty"][year] @ levels.member, half[year], 1.0)
            tables.append(levels.table.assign(year=base.calendar(year + 1), at_least=least, probability=chance))
    return pd.concat(tables, ignore_index=True)


def _quantiles(
    base: Baseline, bridge: pd.DataFrame, levels: pd.DataFrame, scenario: str
) -> dict[str, list[np.ndarray]]:
    """Expected value, P10 and P90 of the bridge's parts in the order of ``levels``, by year: [3 × levels] each."""
    own = bridge[bridge["scenario"] == scenario].set_index(["part", "year"])
    order = pd.MultiIndex.from_frame(levels[["department", "occupation"]])
    found: dict[str, list[np.ndarray]] = {}
    for name, part in (*((part, part) for part in ("need_change", *CAUSES)), ("recruitment_need", "recruitment")):
        found[name] = [_rows(own, part, base.calendar(ahead), order) for ahead in range(1, base.years + 1)]
    return found


def _rows(own: pd.DataFrame, part: str, year: int, order: pd.MultiIndex) -> np.ndarray:
    rows = own.loc[[(part, year)]].set_index(["department", "occupation"])[["expected", "p10", "p90"]]
    return rows.reindex(order).to_numpy(dtype=float).T
