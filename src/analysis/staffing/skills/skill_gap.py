"""The skill gap at the cut-off and ahead: needed, held, unclear and missing per department, occupation, requirement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.competence import Catalogue, asked, demands
from analysis.reference.parts import HIGH, LOW
from analysis.staffing.baseline import Baseline
from analysis.staffing.skills.level_rates import level_rates
from analysis.staffing.skills.levels import LevelYear, Start, Studies, draw_levels, follow_levels
from analysis.staffing.supply.ageing import Ageing
from analysis.staffing.supply.inflow import Inflow, Recent
from analysis.tables.competence_rows import QUALIFIED, balance
from analysis.tables.protected import ORGANISATION
from analysis.workforce.groups import KEYS, POOLED, pool

PAIR = ["department", "occupation"]
COLUMNS = [
    *PAIR, "model", "step", "year", "needed", "held", "low", "high", "unclear", "missing", "missing_low",
    "missing_high", "assessed", "staff", "n",
]  # fmt: skip
STREAM = 5
"""The draws of this part have streams of their own, one per model, so that they change no other forecast."""
ENDS = (LOW, HIGH)


@dataclass(frozen=True)
class Levels:
    """What is known of levels: results of ``competence.skill_states`` and ``skill_changes``."""

    states: pd.DataFrame
    moves: pd.DataFrame
    newcomers: pd.DataFrame
    catalogue: Catalogue


def skill_gap(
    base: Baseline,
    known: Levels,
    requirements: pd.DataFrame,
    recent: Recent,
    *,
    minimum: int,
    weight: float,
    hiring_shock: float,
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """The skill gap of every group of at least ``minimum`` persons.

    A share that is asked for is of those in post in that year, so that the skill gap stands beside the head gap and
    counts no missing head twice. Departments in which an occupation has fewer than ``minimum`` persons are one group.

    Args:
        base: what the reference path is computed from; ``known.states`` names its cells by position.
        known: levels now and how they change.
        requirements: clean table ``requirements``.
        recent: what expected inflow rests on; groups are departments and occupations here, as small as they are.
        minimum: least number of persons in a group.
        weight: persons that a larger group weighs as when rates of moving are drawn to it.
        hiring_shock: standard deviation of the common swing of hires.
        seed: seed of the draws.
        draws: number of futures.

    Returns:
        SkillGap (``contracts``) in persons. At the cut-off needed = min(held, needed) + unclear + missing in every
        department; a group of several has their sums, so that more than enough in one fills no place in another. Ahead,
        unclear and missing are means over futures with and without a lack, so that they do not follow from the held and
        the needed of the expected path. low/high and missing_low/_high are the 10th and 90th percentile of held and
        missing, NaN in the cut-off's year. n: persons in post at the cut-off. ``department`` is ``all`` for the whole
        and ``small_departments`` for those too small for a row of their own; ``step`` is 0 for a competence and for a
        licence.
    """
    told = demands(requirements)
    told = told[told["model"].isin(known.states["model"])]
    if told.empty:
        return pd.DataFrame(columns=COLUMNS)
    place = np.flatnonzero(base.cells["occupation"].isin(told["occupation"]))
    own = base.cells.iloc[place].reset_index(drop=True)
    inflow, studies = _inflow(base, own, recent)
    alone = replace(base, cells=own, groups=_alone(own), inflow=inflow)
    index, aged = alone.index, alone.aged
    found: list[dict[str, object]] = []
    for model, wanted in told.groupby("model", sort=True):
        start = _start(str(model), wanted, known, place, aged, weight)
        path = follow_levels(aged, inflow, start, studies)
        mine = np.flatnonzero(index.get_level_values("occupation").isin(wanted["occupation"]))
        futures = draw_levels(
            [_only(step, mine) for step in path],
            departments=[str(key) for key in index.get_level_values("department")[mine]],
            inflow=_inflow_of(inflow, mine),
            start=replace(start, occupation=start.occupation[mine]),
            studies=Studies(studies.joining[:, mine], studies.licensed[:, mine]),
            shocks=base.shocks,
            rng=np.random.default_rng([seed, STREAM, *str(model).encode()]),
            draws=draws,
            hiring_shock=hiring_shock,
        )
        persons = [path[0].before[mine], *(step.after[mine] for step in path)]
        case = _Case(wanted, requirements, known.catalogue, index[mine], int(base.period[:4]), minimum)
        found += _rows(case, persons, futures)
    return pd.DataFrame(found, columns=COLUMNS).sort_values(COLUMNS[:5], ignore_index=True)


def _alone(cells: pd.DataFrame) -> pd.DataFrame:
    """Every department and occupation as a group of its own: results are pooled afterwards, in memory before that."""
    pairs = cells.groupby(PAIR, as_index=False)["at_risk"].sum()
    return pairs.assign(**dict(zip(KEYS, (pairs["department"], pairs["occupation"]), strict=True)))


def _inflow(base: Baseline, own: pd.DataFrame, recent: Recent) -> tuple[Inflow, Studies]:
    """Inflow by department and occupation, and known studies, of the occupations that something is asked of."""
    every = recent.inflow(_alone(base.cells), base.years)
    index = pd.MultiIndex.from_frame(own[PAIR].drop_duplicates().sort_values(PAIR), names=PAIR)
    at = every.mean.index.get_indexer(index)
    inflow = _inflow_of(every, at)
    licensed = np.zeros((base.years, len(index)))
    pipelines = recent.pipelines
    if pipelines is not None and len(pipelines):
        same = pipelines[pipelines["from_occupation"] == pipelines["target_occupation"]]
        for line in same.to_dict("records"):
            year = int(line["year"]) - int(base.period[:4]) - 1
            group = (line["department"], line["target_occupation"])
            if 0 <= year < base.years and group in index:
                licensed[year, index.get_loc(group)] += line["planned_completions"]
    return inflow, Studies(np.maximum(inflow.qualifying, 0.0), licensed)


def _inflow_of(inflow: Inflow, at: np.ndarray) -> Inflow:
    return Inflow(inflow.mean.iloc[at], inflow.persons.iloc[at], inflow.qualifying[:, at], inflow.windows)


def _start(model: str, wanted: pd.DataFrame, known: Levels, place: np.ndarray, aged: Ageing, weight: float) -> Start:
    """The model's levels in the first year's cells; groups of other occupations stay empty."""
    size = known.catalogue.size(model)
    occupations = sorted(set(wanted["occupation"]))
    states = known.states[known.states["model"] == model]
    row = np.searchsorted(place, states["cell"].to_numpy(dtype="int64"))
    persons = np.zeros((len(aged.group), size + 1))
    np.add.at(
        persons, (aged.rows[row], states["level"].to_numpy(dtype="int64")), states["persons"].to_numpy(dtype=float)
    )
    complete = model == QUALIFIED or known.catalogue.competences.get(model, {}).get("complete", False)
    rates = level_rates(
        known.moves,
        known.newcomers,
        model=model,
        occupations=occupations,
        size=size,
        unknown=int(complete),
        weight=weight,
    )
    names = aged.index.get_level_values("occupation")
    occupation = np.array([occupations.index(key) if key in occupations else 0 for key in names])
    enters = 2 if model == QUALIFIED else int(complete)
    return Start(persons, rates, occupation, enters)


def _only(step: LevelYear, mine: np.ndarray) -> LevelYear:
    return LevelYear(step.before[mine], step.after[mine], step.lost[mine], step.net[mine])


@dataclass(frozen=True)
class _Case:
    """One model: its requirements, and the groups (department × occupation) in the order of the arrays."""

    wanted: pd.DataFrame
    requirements: pd.DataFrame
    catalogue: Catalogue
    index: pd.MultiIndex
    year: int
    minimum: int

    def required(self, years: int) -> list[pd.DataFrame]:
        """What holds in each year, of every requirement: looked up once, since joining costs more than all the rest."""
        pairs = self.index.to_frame(index=False)
        return [asked(self.requirements, pairs, year=self.year + ahead) for ahead in range(years)]

    def amounts(self, required: list[pd.DataFrame], model: str, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Share of those in post, and number, asked for: each [years × groups], NaN where the row says the other."""
        share, number = (np.full((len(required), len(self.index)), np.nan) for _ in range(2))
        for ahead, rows in enumerate(required):
            rows = rows[(rows["model"] == model) & (rows["step"] == step)].set_index(PAIR)
            share[ahead] = rows["share"].reindex(self.index).to_numpy(dtype=float)
            number[ahead] = rows["staff"].reindex(self.index).to_numpy(dtype=float)
        return share, number

    def reported(self, occupation: str, inside: np.ndarray, now: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Departments large enough for a row, the others together, and the whole; with the places of their groups."""
        mine = inside & (self.index.get_level_values("occupation") == occupation).astype(bool)
        departments = self.index.get_level_values("department")[mine]
        sizes = pd.Series(now[mine], index=departments)
        if sizes.sum() < self.minimum:
            return
        named = pool(sizes.rename_axis("department"), POOLED, self.minimum)
        label = np.array([named[key] for key in departments], dtype=object)
        places = np.flatnonzero(mine)
        yield ORGANISATION, places
        for name in sorted(set(label)):
            if now[places[label == name]].sum() >= self.minimum:
                yield name, places[label == name]


def _rows(case: _Case, persons: list[np.ndarray], futures: Iterator[np.ndarray]) -> Iterator[dict[str, object]]:
    """Rows of one model, year by year, for each of its requirements."""
    years = len(persons)
    now = persons[0].sum(axis=1)
    plan = []
    required = case.required(years)
    for line in case.wanted.to_dict("records"):
        share, number = case.amounts(required, line["model"], int(line["step"]))
        # a department that nobody ever asks anything of is no part of the requirement
        inside = (~np.isnan(share) | ~np.isnan(number)).any(axis=0)
        groups = list(case.reported(line["occupation"], inside, now))
        plan.append((line, np.nan_to_num(share), np.nan_to_num(number), groups))
    for ahead, expected in enumerate(persons):
        drawn = next(futures).astype(float) if ahead else None
        for line, share, number, groups in plan:
            least = case.catalogue.wanted(line["model"], line["step"])
            for department, places in groups:
                told = _figures(expected[places], share[ahead, places], number[ahead, places], least)
                row = {
                    "department": department, "occupation": line["occupation"], "model": line["model"],
                    "step": int(line["step"]), "year": case.year + ahead, "n": float(now[places].sum()),
                    "staff": float(expected[places].sum()), "assessed": float(expected[places, 1:].sum()),
                    **{name: float(value) for name, value in told.items()},
                }  # fmt: skip
                if drawn is not None:
                    row |= _over(_figures(drawn[:, places], share[ahead, places], number[ahead, places], least), told)
                yield row


def _figures(persons: np.ndarray, share: np.ndarray, number: np.ndarray, least: int) -> dict[str, np.ndarray]:
    """needed, held, unclear and missing of groups together; ``persons`` [… × groups × levels]."""
    needed = share * persons.sum(axis=-1) + number
    held = persons[..., least:].sum(axis=-1)
    # more than enough in one department fills no place in another
    unclear, missing = balance(needed, held, persons[..., 0])
    figures = {"needed": needed, "held": held, "unclear": unclear, "missing": missing}
    return {name: value.sum(axis=-1) for name, value in figures.items()}


def _over(drawn: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> dict[str, object]:
    """Unclear and missing as means over futures, and percentiles of held and missing.

    A place is missing in some futures where it is not on the expected path, so that the path itself would say too
    little. An expected value is never outside its own interval.
    """
    found: dict[str, object] = {name: float(drawn[name].mean()) for name in ("unclear", "missing")}
    for name, prefix in (("held", ""), ("missing", "missing_")):
        middle = float(expected["held"]) if name == "held" else float(drawn["missing"].mean())
        low, high = np.quantile(drawn[name], ENDS)
        found |= {f"{prefix}low": min(low, middle), f"{prefix}high": max(high, middle)}
    return found
