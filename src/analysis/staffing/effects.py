"""What levers do to the gap: each alone, all of a scenario together, and the overlap between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.reference.parts import HALF, HIGH, LOW
from analysis.staffing.baseline import Baseline
from analysis.staffing.bridge import expected_parts
from analysis.staffing.levers import Lever, Start
from analysis.staffing.simulate import futures
from analysis.staffing.supply import follow
from analysis.tables.protected import ORGANISATION, TOTAL

LIBRARY = "library"
"""Name under which every lever of the reference data stands alone, at its own size."""
TOGETHER, OVERLAP = "together", "overlap"
COLUMNS = ["department", "occupation", "year", "scenario", "lever", "expected", "low", "high", "n"]
LARGEST = ["department", "occupation", "year", "lever", "gap", "expected", "low", "high", "n"]


@dataclass(frozen=True)
class Outlook:
    """The reference path that levers are tried against."""

    base: Baseline

    def parts(self, levers: Sequence[Lever] = ()) -> dict[str, np.ndarray]:
        """Expected parts of the need, cumulated with sign, part → [years × groups]."""
        base = self.base
        path = follow(base.aged, base.inflow, levers=levers, start=base.start)
        return expected_parts(path, base.inflow, base.fixed, levers, base.start)

    def gap(self, levers: Sequence[Lever] = ()) -> np.ndarray:
        """Expected gap with these levers at their middle sizes, [years × groups]."""
        return np.sum(list(self.parts(levers).values()), axis=0)

    def quantiles(self, levers: Sequence[Lever], *, seed: int, draws: int) -> pd.DataFrame:
        """The gap of departments and the whole with an interval, from the same futures as the bridge.

        Returns:
            DataFrame[department, year (1 = first), expected, p10, p50, p90, n].
        """
        base = self.base
        path = follow(base.aged, base.inflow, levers=levers, start=base.start)
        expected = np.sum(list(expected_parts(path, base.inflow, base.fixed, levers, base.start).values()), axis=0)
        drawn = futures(
            path, index=base.start.index, inflow=base.inflow, need_level=base.fixed["level"], shocks=base.shocks,
            rng=np.random.default_rng(seed), draws=draws, levers=levers, start=base.start,
            volume_error=base.volume_error, hiring_shock=base.hiring_shock,
            variants=base.alternatives,
        )  # fmt: skip
        whole = np.zeros((base.years, draws))
        rows: list[dict[str, object]] = []

        def keep(department: str, own: np.ndarray, gaps: np.ndarray) -> None:
            found = np.quantile(gaps, [LOW, HALF, HIGH], axis=1)
            heads = base.start.persons[own].sum()
            rows.extend(
                {
                    "department": department, "year": year + 1, "expected": expected[year, own].sum(),
                    "p10": found[0, year], "p50": found[1, year], "p90": found[2, year], "n": heads,
                }
                for year in range(base.years)
            )  # fmt: skip

        for own, of_department in drawn:
            fixed = {"opening": base.fixed["opening"][own], "change": base.fixed["change"][:, own]}
            gaps = np.stack(
                [
                    np.sum(list(of_department.parts(year, fixed).values()), axis=0).sum(axis=1)
                    for year in range(1, base.years + 1)
                ]
            )
            whole += gaps
            keep(base.start.index[own[0]][0], own, gaps)
        keep(ORGANISATION, np.arange(len(base.start.index)), whole)
        return pd.DataFrame(rows)


def at(levers: Sequence[Lever], end: str) -> tuple[Lever, ...]:
    """The levers with the low or the high end of their range as their size."""
    return tuple(replace(lever, mid=getattr(lever, end)) for lever in levers)


def lever_effects(outlook: Outlook, scenarios: Mapping[str, Sequence[Lever]]) -> pd.DataFrame:
    """Full-time equivalents by which the expected gap is smaller, lever by lever.

    Levers do not simply add up: who has been kept can still retire, and two levers on one cause share what is left of
    it. ``together`` is the scenario as a whole, ``overlap`` what its levers alone would promise beyond that.

    Args:
        outlook: the reference path.
        scenarios: name → its levers; ``library`` holds levers that are only shown alone.

    Returns:
        ``contracts`` StaffingLevers per group, department (occupation ``total``) and the whole; ``low`` and ``high``
        are the effects at the ends of the levers' own ranges, ``year`` is a calendar year.
    """
    reference = outlook.gap()
    alone: dict[tuple[Lever, ...], np.ndarray] = {}

    def effect(levers: Sequence[Lever]) -> np.ndarray:
        """[low, mid, high] × years × groups."""
        key = tuple(levers)
        if key not in alone:
            ends = (at(key, "low"), key, at(key, "high"))
            alone[key] = np.stack([reference - outlook.gap(chosen) for chosen in ends])
        return alone[key]

    tables = []
    for name, levers in scenarios.items():
        singles = [(lever.id, effect([lever])) for lever in levers]
        found = _by_id(singles)
        if name != LIBRARY:
            together = effect(levers)
            found[TOGETHER] = together
            found[OVERLAP] = np.sum([single for _, single in singles], axis=0) - together
        for lever_id, values in found.items():
            tables += [table.assign(scenario=name, lever=lever_id) for table in _tables(outlook, values)]
    if not tables:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def largest_levers(outlook: Outlook, levers: Sequence[Lever], effects: pd.DataFrame, *, minimum: int) -> pd.DataFrame:
    """The single lever that closes most of each group's gap at the last forecast year.

    A lever counts in a group only where its effect there rests on enough people: an effect is a size times a number,
    and the number would follow from it.

    Args:
        outlook: the reference path; its opening gap must be known.
        levers: those of the reference data that the delivery has something to act on for.
        effects: result of ``lever_effects``, with these levers as the library.
        minimum: least number of persons that an effect rests on.

    Returns:
        DataFrame[LARGEST], one row per group with a gap that some lever closes part of; ``gap`` is that of the
        reference path, ``expected`` what the lever closes of it at its middle size, ``n`` the fewest persons that
        either rests on.
    """
    index, year = outlook.base.start.index, outlook.base.calendar(outlook.base.years)
    gaps = pd.Series(outlook.gap()[-1], index=index)
    own = effects[(effects["scenario"] == LIBRARY) & (effects["year"] == year) & (effects["occupation"] != TOTAL)]
    known = {lever.id: lever.acted_on(outlook.base.start) for lever in levers}
    place = index.get_indexer(pd.MultiIndex.from_frame(own[["department", "occupation"]]))
    rests = np.array([known[lever][at] for lever, at in zip(own["lever"], place, strict=True)], dtype=float)
    own = own.assign(gap=gaps.iloc[place].to_numpy(), n=np.minimum(own["n"], rests))
    own = own[(own["n"] >= minimum) & (own["expected"] > 0) & (own["gap"] > 0)]
    own = own.sort_values(["department", "occupation", "expected", "lever"], ascending=[True, True, False, True])
    return own.drop_duplicates(["department", "occupation"])[LARGEST].reset_index(drop=True)


def _by_id(singles: Sequence[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Effects by lever; a lever that a scenario lists per department counts once."""
    found: dict[str, np.ndarray] = {}
    for key, values in singles:
        found[key] = found[key] + values if key in found else values
    return found


def _tables(outlook: Outlook, values: np.ndarray) -> Iterator[pd.DataFrame]:
    levels, member = outlook_levels(outlook.base.start)
    sums, heads = values @ member, outlook.base.start.persons @ member
    ends = np.sort(sums, axis=0)
    for year in range(outlook.base.years):
        yield levels.assign(
            year=outlook.base.calendar(year + 1),
            expected=sums[1, year],
            low=ends[0, year],
            high=ends[2, year],
            n=heads,
        )


def outlook_levels(start: Start) -> tuple[pd.DataFrame, np.ndarray]:
    """Groups, departments and the whole: DataFrame[department, occupation], and 0/1 which groups are in each."""
    department = start.index.get_level_values("department")
    names = list(pd.unique(department))
    member = np.hstack(
        [
            np.eye(len(start.index)),
            *[(department == name).astype("float64")[:, None] for name in names],
            np.ones((len(start.index), 1)),
        ]
    )
    levels = pd.DataFrame(
        {
            "department": [*department, *names, ORGANISATION],
            "occupation": [*start.index.get_level_values("occupation"), *[TOTAL] * (len(names) + 1)],
        }
    )
    return levels, member


def what_if(
    outlook: Outlook, bridge: pd.DataFrame, choices: Mapping[str, Sequence[Lever]], *, seed: int, draws: int
) -> pd.DataFrame:
    """The gap of departments and the whole under every choice a reader can make.

    Args:
        outlook: the reference path.
        bridge: result of ``bridge``: the reference path and the named scenarios, taken as they are.
        choices: lever id → that lever alone; no scenario has the id of a lever (``scenarios.read_scenario``).
        seed: seed of the bridge, so that every choice meets the same futures.
        draws: number of futures of the bridge.

    Returns:
        StaffingWhatIf (``contracts``).
    """
    named = bridge[(bridge["part"] == "gap") & (bridge["occupation"] == TOTAL)].rename(columns={"scenario": "choice"})
    columns = ["department", "year", "choice", "expected", "p10", "p50", "p90", "n"]
    tables = [named[columns]]
    missing = named["expected"].isna().all()
    for key, levers in choices.items():
        table = outlook.quantiles(levers, seed=seed, draws=draws).assign(choice=key)
        table["year"] = [outlook.base.calendar(year) for year in table["year"]]
        if missing:  # no opening gap is known, so no gap is
            table[["expected", "p10", "p50", "p90"]] = np.nan
        tables.append(table[columns])
    return pd.concat(tables, ignore_index=True)
