"""What every part of staffing is computed from: one typed baseline, built once and handed from part to part.

Whatever follows from it alone (the order of groups, the opening gap and the change in need by group, the cells that
people pass through) is found when first asked for and then kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import CAUSES, assumption
from analysis.staffing.need.variants import Variants, variants_of
from analysis.staffing.supply.ageing import Adjust, Ageing, Hazards, ageing, portions
from analysis.staffing.supply.inflow import Inflow
from analysis.staffing.supply.start import Start, start_of
from analysis.turnover import ShockModel
from analysis.workforce.groups import sum_to_groups


@dataclass(frozen=True)
class Baseline:
    """Those in post at the cut-off, how they leave, who comes, and what is needed.

    ``cells``: risk cells of the open origin. ``hazards``: cells → probabilities by cause. ``groups``: forecast groups.
    ``inflow``: expected yearly inflow. ``profile``: shape of hires (``workforce.hire_profile``). ``shocks``: level
    shocks of the turnover stage. ``period``: cut-off month. ``years``: forecast years. ``opening``:
    DataFrame[department, occupation, fte] of open posts, or None where they are not known. ``change``:
    DataFrame[department, occupation, year, fte, level] of need; None or empty: not known, and assumed unchanged in the
    gap. ``causes``: causes that the delivery can tell apart. ``permanent``: share of temporary staff made permanent
    (``workforce.made_permanent``); None leaves forms as they are. ``adjust``: what a calendar year does to the hazards
    (``staffing.supply.pension``), or None. ``variants``: change in need under each variant of its forecast
    (``staffing.need.variants``), whose weighted mean is ``change`` where the two meet; or None. ``hourly``,
    ``wants_more``: those paid by the hour, and those who want a higher rate (``supply.start``). ``volume_error``,
    ``hiring_shock``: standard deviations of volumes per year and of hires between years, by default as assumed.
    """

    cells: pd.DataFrame
    hazards: Hazards
    groups: pd.DataFrame
    inflow: Inflow
    profile: pd.DataFrame
    shocks: ShockModel
    period: str
    years: int
    opening: pd.DataFrame | None = None
    change: pd.DataFrame | None = None
    causes: tuple[str, ...] = CAUSES
    permanent: pd.DataFrame | None = None
    adjust: Adjust | None = None
    variants: pd.DataFrame | None = None
    hourly: pd.DataFrame | None = None
    wants_more: pd.DataFrame | None = None
    volume_error: float = field(default_factory=lambda: assumption("volume_error"))
    hiring_shock: float = field(default_factory=lambda: assumption("hiring_shock"))

    @property
    def index(self) -> pd.MultiIndex:
        """(department, occupation) of the forecast groups: the order of every array."""
        return cast("pd.MultiIndex", self.inflow.mean.index)

    @cached_property
    def fixed(self) -> dict[str, np.ndarray]:
        """``opening`` [groups], ``change`` [years × groups] and ``level`` of need that it moves from [groups]."""
        return fixed_parts(self.index, self.groups, self.opening, self.change, self.years)

    @cached_property
    def start(self) -> Start:
        """What levers act on."""
        found = start_of(
            self.cells,
            self.groups,
            self.index,
            self.fixed["level"],
            hourly=self.hourly,
            wants_more=self.wants_more,
        )
        return replace(found, room=self.inflow.room)

    @cached_property
    def alternatives(self) -> Variants | None:
        """Variants of the need by forecast group."""
        return variants_of(self.variants, self.groups, self.index, self.years)

    @cached_property
    def aged(self) -> Ageing:
        """Every cell that anyone may be in before the last year is over."""
        return self._ageing(self.cells, None)

    def portions(self) -> Iterator[Ageing]:
        """The same cells, some groups at a time, so that memory grows with the largest portion only."""
        for part, own in portions(self.cells, self.groups, self.index):
            yield self._ageing(part, own)

    def calendar(self, year: int) -> int:
        """Calendar year in which forecast year ``year`` (1 = first) ends."""
        return cutoff(shift(self.period, 12 * year)).year

    def _ageing(self, cells: pd.DataFrame, receiving: np.ndarray | None) -> Ageing:
        return ageing(
            cells,
            self.hazards,
            groups=self.groups,
            index=self.index,
            profile=self.profile,
            years=self.years,
            permanent=self.permanent,
            adjust=self.adjust,
            receiving=receiving,
        )


@dataclass(frozen=True)
class Past:
    """What earlier origins are judged by.

    ``cells``: risk cells of all origins. ``flows``: result of ``workforce.flows``. ``groups``: forecast groups.
    ``track_record``: result of ``turnover.evaluate``, the forecasts of leavers one year ahead. ``volumes``,
    ``vacancies``, ``budget``: clean tables, or None; the gap is judged only where one of the last two records it.
    ``causes``: causes that the delivery can tell apart. ``windows``: latest windows that means rest on, by default as
    in the forecast itself.
    """

    cells: pd.DataFrame
    flows: pd.DataFrame
    groups: pd.DataFrame
    track_record: pd.DataFrame
    volumes: pd.DataFrame | None = None
    vacancies: pd.DataFrame | None = None
    budget: pd.DataFrame | None = None
    causes: tuple[str, ...] = CAUSES
    windows: int = field(default_factory=lambda: int(assumption("hiring_windows")))


def fixed_parts(
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
