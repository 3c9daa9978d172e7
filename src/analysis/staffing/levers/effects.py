"""What levers do to empty posts and recruitments: each alone, all of a scenario together, and the overlap between them.

Everything goes through the identity of ``recruitment_need`` and the law of empty posts: whoever is kept need not be
recruited, and of what falls empty less a share stays empty, never more than all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.staffing.baseline import Baseline
from analysis.staffing.bridge import expected_parts
from analysis.staffing.levers.lever import Lever, pace
from analysis.staffing.posts.filling import Filling, interval
from analysis.staffing.posts.recruitment_need import answer, apart
from analysis.staffing.supply.expected import follow
from analysis.staffing.supply.inflow import Inflow
from analysis.staffing.supply.start import Start
from analysis.tables.protected import ORGANISATION, TOTAL

LIBRARY = "library"
"""Name under which every lever of the reference data stands alone, at its own size."""
TOGETHER, OVERLAP = "together", "overlap"
FEWER = ("recruitments", "recruitments_low", "recruitments_high")
ENDS = ("expected", "low", "high")
FIRST = ("first_year", "worse_until")
COLUMNS = ["department", "occupation", "year", "scenario", "lever", *ENDS, *FEWER, *FIRST, "n"]
LARGEST = ["department", "occupation", "year", "lever", "gap", *ENDS, *FIRST, "n"]
NOTHING = 0.05
"""Full-time equivalents below which nothing is seen: they print as 0.0."""


@dataclass(frozen=True)
class Outlook:
    """The path at the present pace that levers are tried against.

    ``base``: what it is computed from. ``filling``: empty posts at the present pace, and the law that they follow.
    """

    base: Baseline
    filling: Filling
    known: dict[tuple[Lever, ...], dict[str, np.ndarray]] = field(default_factory=dict, compare=False, repr=False)
    """Paths already followed: the same lever is tried in many scenarios."""

    def bridge(
        self, levers: Sequence[Lever] = (), *, inflow: Inflow | None = None, scale: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Expected parts of the bridge, cumulated with sign, part → [years × groups].

        Args:
            levers: measures, at their middle sizes.
            inflow: another inflow than that of the baseline.
            scale: factors on the hazards by cause [causes].
        """
        base, flow = self.base, inflow or self.base.inflow
        path = follow(base.aged, flow, levers=levers, start=base.start, scale=scale)
        return expected_parts(path, flow, base.fixed, levers, base.start)

    def parts(self, levers: Sequence[Lever] = ()) -> dict[str, np.ndarray]:
        """The identity of recruitment need and empty posts (``recruitment_need``), part → [years × groups]."""
        key = tuple(levers)
        if key not in self.known:
            own = self.bridge(key)
            reference = own if not key else self.reference
            faster = pace(key, self.base.start, self.base.years, self.filling.rates.fill)
            self.known[key] = answer(self.base, self.filling, own, reference, faster)
        return self.known[key]

    @cached_property
    def reference(self) -> dict[str, np.ndarray]:
        """Parts of the bridge at the present pace."""
        return self.bridge()

    def empty(self, levers: Sequence[Lever] = ()) -> np.ndarray:
        """Full-time equivalents that stand empty at each year's end, below nought a surplus, [years × groups]."""
        return self.parts(levers)["empty"]

    def hires(self, levers: Sequence[Lever] = ()) -> np.ndarray:
        """Full-time equivalents hired up to each year's end, [years × groups]."""
        return -self.parts(levers)["hires"]

    def tried(
        self,
        *,
        inflow: Inflow | None = None,
        scale: np.ndarray | None = None,
        more: np.ndarray | None = None,
        faster: float = 1.0,
        levers: Sequence[Lever] = (),
    ) -> np.ndarray:
        """Empty posts at each year's end where an assumption is another, [years × groups].

        Args:
            inflow: another inflow.
            scale: factors on the hazards by cause.
            more: full-time equivalents needed beyond what is expected, cumulated [years × groups].
            faster: factor on the hazard of being filled.
            levers: measures that are carried out as well.
        """
        parts = self.bridge(levers, inflow=inflow, scale=scale)
        if more is not None:
            parts = parts | {"need_change": parts["need_change"] + more}
        own = pace(levers, self.base.start, self.base.years, self.filling.rates.fill) * faster
        return answer(self.base, self.filling, parts, self.reference, own)["empty"]

    def quantiles(self, levers: Sequence[Lever]) -> pd.DataFrame:
        """Empty posts of departments and the whole with an interval: that of the present pace, and the levers' range.

        Returns:
            DataFrame[department, year (1 = first), expected, p10, p50, p90, n]; ``p50`` is the forecast itself.
        """
        levels, member = outlook_levels(self.base.start)
        whole = (levels["occupation"] == TOTAL).to_numpy()
        member, names = member[:, whole], levels.loc[whole, "department"].to_numpy()
        ends = [self.empty(at(levers, end)) for end in ("low", "high")] if levers else []
        half = np.hypot(self.filling.spread(member), apart(member, *ends))
        expected = self.empty(levers) @ member
        tables = []
        for year in range(self.base.years):
            low, high = interval(expected[year], half[year])
            table = {
                "department": names,
                "year": year + 1,
                "expected": expected[year],
                "p10": low,
                "p50": expected[year],
            }
            tables.append(pd.DataFrame(table | {"p90": high, "n": self.base.start.persons @ member}))
        return pd.concat(tables, ignore_index=True)


def at(levers: Sequence[Lever], end: str) -> tuple[Lever, ...]:
    """The levers with the low or the high end of their range as their size."""
    return tuple(replace(lever, mid=getattr(lever, end)) for lever in levers)


def lever_effects(outlook: Outlook, scenarios: Mapping[str, Sequence[Lever]]) -> pd.DataFrame:
    """Full-time equivalents by which fewer posts stand empty and fewer are recruited, lever by lever.

    Levers do not simply add up: who has been kept can still retire, two levers on one cause share what is left of it,
    and the fewer posts stand empty the less there is to take away. ``together`` is the scenario as a whole, ``overlap``
    what its levers alone would promise beyond that.

    Args:
        outlook: the path at the present pace.
        scenarios: name → its levers; ``library`` holds levers that are only shown alone.

    Returns:
        ``contracts`` StaffingLevers per group, department (occupation ``total``) and the whole; ``low`` and ``high``
        are the effects at the ends of the levers' own ranges, ``year`` is a calendar year. ``expected`` is missing
        where no gap is known. ``recruitments``: fewer up to that year's end. ``first_year``: the first in which fewer
        posts stand empty (where no gap is known: fewer are recruited); ``worse_until``: the last year before it with
        more.
    """
    reference = outlook.empty(), outlook.hires()
    alone: dict[tuple[Lever, ...], np.ndarray] = {}

    def effect(levers: Sequence[Lever]) -> np.ndarray:
        """Empty posts and recruitments × [mid, low, high] × years × groups."""
        key = tuple(levers)
        if key not in alone:
            ends = (key, at(key, "low"), at(key, "high"))
            alone[key] = np.stack(
                [
                    np.stack([reference[0] - outlook.empty(chosen) for chosen in ends]),
                    np.stack([reference[1] - outlook.hires(chosen) for chosen in ends]),
                ]
            )
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
    """The single lever that takes away most of each group's empty posts at the last forecast year.

    A lever counts in a group only where its effect there rests on enough people: an effect is a size times a number,
    and the number would follow from it.

    Args:
        outlook: the path at the present pace; its opening gap must be known.
        levers: those of the reference data that the delivery has something to act on for.
        effects: result of ``lever_effects``, with these levers as the library.
        minimum: least number of persons that an effect rests on.

    Returns:
        DataFrame[LARGEST], one row per group with a gap that some lever closes part of; ``gap`` is that of the
        reference path, ``expected`` what the lever closes of it at its middle size, ``n`` the fewest persons that
        either rests on.
    """
    index, year = outlook.base.start.index, outlook.base.calendar(outlook.base.years)
    gaps = pd.Series(outlook.empty()[-1], index=index)
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
    """One table a year of [quantities × ends × years × groups]."""
    levels, member = outlook_levels(outlook.base.start)
    sums, heads = values @ member, outlook.base.start.persons @ member
    counted = sums[0, 0] if outlook.filling.known else sums[1, 0]
    first, worse = _years_of_effect(outlook, counted)
    for year in range(outlook.base.years):
        table = levels.assign(year=outlook.base.calendar(year + 1), n=heads, first_year=first, worse_until=worse)
        for names, own in zip((ENDS, FEWER), sums[:, :, year], strict=True):
            ends = np.sort(own, axis=0)
            table = table.assign(**dict(zip(names, (own[0], ends[0], ends[-1]), strict=True)))
        if not outlook.filling.known:
            table[list(ENDS)] = np.nan
        yield table


def _years_of_effect(outlook: Outlook, effect: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First calendar year with an effect [years × levels], and the last one before it that was worse; else missing."""
    calendar = np.array([outlook.base.calendar(year + 1) for year in range(len(effect))], dtype=float)[:, None]
    better, worse = effect >= NOTHING, effect <= -NOTHING
    first = np.where(better.any(axis=0), np.where(better, calendar, np.inf).min(axis=0), np.nan)
    before = worse & ~(calendar > np.where(np.isnan(first), np.inf, first))
    last = np.where(before.any(axis=0), np.where(before, calendar, -np.inf).max(axis=0), np.nan)
    return first, last


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


def what_if(outlook: Outlook, recruitment: pd.DataFrame, choices: Mapping[str, Sequence[Lever]]) -> pd.DataFrame:
    """Empty posts of departments and the whole under every choice a reader can make.

    Args:
        outlook: the path at the present pace.
        recruitment: table of ``recruitment_need.recruitment``: the present pace and the named scenarios, as they are.
        choices: lever id → that lever alone; no scenario has the id of a lever (``scenarios.read_scenario``).

    Returns:
        StaffingWhatIf (``contracts``).
    """
    named = recruitment[(recruitment["part"] == "empty") & (recruitment["occupation"] == TOTAL)]
    named = named.rename(columns={"scenario": "choice"}).assign(p50=named["expected"])
    columns = ["department", "year", "choice", "expected", "p10", "p50", "p90", "n"]
    tables = [named[columns]]
    for key, levers in choices.items():
        table = outlook.quantiles(levers).assign(choice=key)
        table["year"] = [outlook.base.calendar(year) for year in table["year"]]
        if not outlook.filling.known:
            table[["expected", "p10", "p50", "p90"]] = np.nan
        tables.append(table[columns])
    return pd.concat(tables, ignore_index=True)
