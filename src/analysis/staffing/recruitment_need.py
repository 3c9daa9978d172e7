"""Recruitment need and posts that stay empty: one identity, cumulated from the cut-off to each year's end.

    recruitment need = opening gap + change in need + losses by cause + net moves + to be replaced again
    posts that stay empty = recruitment need − hires − conversions − newly qualified

Need and its parts are those of the bridge. What stays empty is the forecast that is shown (``posts_record``), and hires
are what leads there: they answer to empty posts. Nobody is hired for a post that is manned, and never more a year than
``MOST`` times the most in any year; what then remains stays empty, below nought a surplus. Of those hired in a year
some are gone before it ends and have to be replaced again: half a newcomer's hazard of a year, since they come all
through it. Every row is in full-time equivalents and carries its sign, so that rows add up exactly at every level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference.parts import CAUSES, FILLED, MOVED
from analysis.staffing import posts_futures as futures
from analysis.staffing.ageing import Ageing
from analysis.staffing.baseline import Baseline
from analysis.staffing.posts_record import Outlook
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL
from analysis.workforce.groups import sum_to_groups

NEEDED = ("opening", "need_change", *CAUSES, *MOVED, "again")
PARTS = (*NEEDED, "recruitment_need", *FILLED, "empty")
COLUMNS = ["department", "occupation", "year", "scenario", "part", "expected", "p10", "p90", "n"]
CHANCES = ["department", "occupation", "year", "scenario", "at_least", "probability", "n"]
AT_LEAST = (1, 2, 3, 5, 10, 20, 50)
MOST = 1.25
"""Hires a year are at most this many times those of the best year seen."""


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


def recruitment(base: Baseline, bridge: pd.DataFrame, seen: Outlook | None) -> Recruitment:
    """The identity for every group, department and the whole.

    Args:
        base: what the bridge was computed from.
        bridge: result of ``bridge``; its reference path is taken.
        seen: forecast of empty posts by forecast group, horizons of whole years up to the baseline's; None where no
            adverts are recorded: the opening gap then stays as it is (the last value), or is missing.
    """
    index, years = base.index, base.years
    path = _reference(base, bridge)
    before = np.sum([path[part] for part in NEEDED if part in path], axis=0)
    filled = -path["conversions"] - path["newly_qualified"]
    if seen is not None:
        empty = np.zeros((len(index), years))
        np.add.at(empty, _groups(base, seen), seen.empty.T)
        empty = empty.T
    else:
        empty = np.repeat(path["opening"][:1], years, axis=0)
    again = gone_within_the_year(base.aged)
    hires = np.maximum(before - filled - empty, 0.0) / (1.0 - again)
    limit = MOST * base.inflow.most * np.arange(1, years + 1)
    whole = hires.sum(axis=1)
    hires = hires * np.minimum(1.0, np.divide(limit, whole, out=np.ones(years), where=whole > 0))[:, None]
    if base.opening is None:  # no gap is known: hires as of late
        hires = -path["hires"]
    parts = {part: path[part] for part in NEEDED if part in path} | {"again": hires * again}
    parts["recruitment_need"] = np.sum(list(parts.values()), axis=0)
    parts |= {"hires": -hires, "conversions": path["conversions"], "newly_qualified": path["newly_qualified"]}
    parts["empty"] = np.sum([parts[name] for name in ("recruitment_need", *FILLED)], axis=0)
    return _tables(base, bridge, parts, seen)


def _groups(base: Baseline, seen: Outlook) -> np.ndarray:
    """Place of the forecast group of each unit of the adverts."""
    keys = [seen.posts.index.get_level_values(name) for name in ("department", "occupation")]
    return base.index.get_indexer(pd.MultiIndex.from_arrays(keys))


def _reference(base: Baseline, bridge: pd.DataFrame) -> dict[str, np.ndarray]:
    """Expected parts of the reference path by group, [years × groups]; what is not known counts as nought."""
    own = bridge[(bridge["scenario"] == REFERENCE) & (bridge["occupation"] != TOTAL)]
    reached = [base.calendar(ahead) for ahead in range(1, base.years + 1)]
    found = {}
    for part in (*NEEDED[:-1], *FILLED):
        wide = own[own["part"] == part].set_index(["year", "department", "occupation"])["expected"].unstack("year")  # noqa: PD010
        found[part] = wide.reindex(index=base.index, columns=reached).fillna(0.0).to_numpy(dtype=float).T
    return found


def _tables(base: Baseline, bridge: pd.DataFrame, parts: dict[str, np.ndarray], seen: Outlook | None) -> Recruitment:
    index, years = base.index, base.years
    department = index.get_level_values("department")
    names = [str(key) for key in pd.unique(department)]
    member = np.hstack(
        [np.eye(len(index)), *[(department == key).astype(float)[:, None] for key in names], np.ones((len(index), 1))]
    )
    levels = pd.DataFrame(
        {
            "department": [*department, *names, ORGANISATION],
            "occupation": [*index.get_level_values("occupation"), *[TOTAL] * (len(names) + 1)],
            "n": base.start.persons @ member,
        }
    )
    told = _quantiles(base, bridge, levels)
    tables, chances = [], []
    spread, reach = _spread(base, member, seen)
    for year in range(years):
        calendar = base.calendar(year + 1)
        for part in PARTS:
            expected = parts[part][year] @ member
            low, high = np.full(len(expected), np.nan), np.full(len(expected), np.nan)
            if part == "empty" and seen is not None:
                low, high = futures.bounds(expected, spread[year], reach[year])
                # a surplus has no interval of empty posts: nobody is missing
                low, high = np.minimum(low, expected), np.maximum(high, expected)
            elif part in told:
                middle, least, most = told[part][year]
                # what the bridge leaves out of its total (opening, moves, again) is added as it is
                low, high = expected + np.minimum(least - middle, 0.0), expected + np.maximum(most - middle, 0.0)
            tables.append(levels.assign(year=calendar, part=part, expected=expected, p10=low, p90=high))
        if seen is not None:
            for least in AT_LEAST:
                chance = futures.chance_of(least, parts["empty"][year] @ member, spread[year], reach[year])
                chances.append(levels.assign(year=calendar, at_least=least, probability=chance))
    table = pd.concat(tables, ignore_index=True).assign(scenario=REFERENCE)[COLUMNS]
    absent = [cause for cause in CAUSES if cause not in base.causes]
    absent += ["need_change"] if base.change is None or base.change.empty else []
    absent += ["opening", "empty"] if base.opening is None else []
    table.loc[table["part"].isin(absent), ["expected", "p10", "p90"]] = np.nan
    if not chances:
        return Recruitment(table, pd.DataFrame(columns=CHANCES))
    return Recruitment(table, pd.concat(chances, ignore_index=True).assign(scenario=REFERENCE)[CHANCES])


def _quantiles(base: Baseline, bridge: pd.DataFrame, levels: pd.DataFrame) -> dict[str, list[np.ndarray]]:
    """Expected value, P10 and P90 of the bridge's parts in the order of ``levels``, by year: [3 × levels] each."""
    own = bridge[bridge["scenario"] == REFERENCE].set_index(["part", "year"])
    order = pd.MultiIndex.from_frame(levels[["department", "occupation"]])
    found: dict[str, list[np.ndarray]] = {}
    for name, part in ((part, part) for part in ("need_change", *CAUSES)):
        found[name] = [_rows(own, part, base.calendar(ahead), order) for ahead in range(1, base.years + 1)]
    found["recruitment_need"] = [
        _rows(own, "recruitment", base.calendar(ahead), order) for ahead in range(1, base.years + 1)
    ]
    return found


def _rows(own: pd.DataFrame, part: str, year: int, order: pd.MultiIndex) -> np.ndarray:
    rows = own.loc[[(part, year)]].set_index(["department", "occupation"])[["expected", "p10", "p90"]]
    return rows.reindex(order).to_numpy(dtype=float).T


def _spread(base: Baseline, member: np.ndarray, seen: Outlook | None) -> tuple[np.ndarray, np.ndarray]:
    """Spread of empty posts and how many an interval reaches, both [years × levels]."""
    shape = (base.years, member.shape[1])
    if seen is None:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    spread = futures.spreads(seen.drawn, member[_groups(base, seen)])
    reach = np.repeat(seen.reach.department[:, None], shape[1], axis=1)
    reach[:, -1] = seen.reach.whole
    return spread, reach
