"""What levers act on: those in post at the cut-off, and those beside them, by forecast group."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.tables.joins import join

NEAR_PENSION_AGE = 60


@dataclass(frozen=True)
class Start:
    """What levers act on at the cut-off, one row per forecast group in the order of ``index``.

    ``index``: (department, occupation). ``persons``, ``fte``: staff in post. ``part_time_fte_missing``: full-time
    equivalents if every part-time employee worked full time (where it is recorded: the rate they want), minus ``fte``.
    ``near_pension``: persons of 60 or more. ``hourly_fte``: of those paid by the hour; nought where none are known.
    ``need_level``: full-time equivalents that follow the volumes; zeros where no need is known. ``members``: the pairs
    of department and occupation behind each group (``place``) with the same columns and ``part_time`` (persons); a
    lever that reaches an occupation finds it there although the group pools several. ``room``: full-time equivalents a
    year that can be hired beyond those of the reference path.
    """

    index: pd.MultiIndex
    persons: np.ndarray
    fte: np.ndarray
    part_time_fte_missing: np.ndarray
    near_pension: np.ndarray
    need_level: np.ndarray
    hourly_fte: np.ndarray | None = None
    members: pd.DataFrame | None = None
    room: float = float("inf")
    known: dict[tuple[object, ...], np.ndarray] = field(default_factory=dict, compare=False, repr=False)
    """Effects of size 1 already worked out: the same lever is tried in many scenarios."""

    def table(self) -> pd.DataFrame:
        """``members``, or the groups themselves where no members are known."""
        if self.members is not None:
            return self.members
        return pd.DataFrame(
            {
                "department": self.index.get_level_values("department"),
                "occupation": self.index.get_level_values("occupation"),
                "place": np.arange(len(self.index)),
                "persons": self.persons,
                "fte": self.fte,
                "part_time_fte_missing": self.part_time_fte_missing,
                "near_pension": self.near_pension,
                "part_time": self.persons,
                "hourly": np.zeros(len(self.index)),
                "hourly_fte": np.zeros(len(self.index)) if self.hourly_fte is None else self.hourly_fte,
            }
        )


def start_of(
    cells: pd.DataFrame,
    groups: pd.DataFrame,
    index: pd.MultiIndex,
    need_level: np.ndarray,
    *,
    hourly: pd.DataFrame | None = None,
    wants_more: pd.DataFrame | None = None,
) -> Start:
    """What levers act on, from the open risk cells.

    Args:
        cells: risk cells of the open origin, DataFrame[department, occupation, age (-1: unknown), at_risk, fte, …].
        groups: result of ``forecast_groups``.
        index: (department, occupation) of the forecast groups, the order of every array.
        need_level: full-time equivalents that follow the volumes, [groups].
        hourly: DataFrame[department, occupation, persons, fte] of those paid by the hour; None: none are known.
        wants_more: the same of those who want a higher rate than they have, ``fte`` what they want beyond it; None
            where no wishes are recorded: everything missing to full time could then be worked.
    """
    keys = ["department", "occupation"]
    near = cells["at_risk"].where(cells["age"] >= NEAR_PENSION_AGE, 0)
    # nobody works more than full time, so what is missing to full time is persons minus full-time equivalents
    missing = (cells["at_risk"] - cells["fte"]).clip(lower=0.0)
    table = cells[keys].assign(
        persons=cells["at_risk"],
        fte=cells["fte"],
        part_time_fte_missing=missing,
        near_pension=near,
        part_time=cells["at_risk"].where(missing > 0, 0),
    )
    pairs = table.groupby(keys, as_index=False).sum()
    if wants_more is not None:
        wish = wants_more.groupby(keys)[["persons", "fte"]].sum().reindex(pd.MultiIndex.from_frame(pairs[keys]))
        wish = wish.fillna(0.0)
        pairs["part_time_fte_missing"] = np.minimum(pairs["part_time_fte_missing"], wish["fte"].to_numpy())
        pairs["part_time"] = np.minimum(pairs["part_time"], wish["persons"].to_numpy())
    members, _ = join(pairs, groups.drop(columns="at_risk"), keys, name="forecast groups")
    by_hour = pd.DataFrame(columns=[*keys, "persons", "fte"]) if hourly is None else hourly
    held = by_hour.groupby(keys)[["persons", "fte"]].sum().reindex(pd.MultiIndex.from_frame(members[keys])).fillna(0.0)
    members = members.assign(hourly=held["persons"].to_numpy(dtype=float), hourly_fte=held["fte"].to_numpy(dtype=float))
    members["place"] = index.get_indexer(pd.MultiIndex.from_frame(members[["group_department", "group_occupation"]]))
    sums = {
        name: np.bincount(members["place"], weights=members[name], minlength=len(index))
        for name in ("persons", "fte", "part_time_fte_missing", "near_pension", "hourly_fte")
    }
    columns = [*keys, "place", *sums, "part_time", "hourly"]
    return Start(
        index,
        sums["persons"],
        sums["fte"],
        sums["part_time_fte_missing"],
        sums["near_pension"],
        need_level=np.asarray(need_level, dtype="float64"),
        hourly_fte=sums["hourly_fte"],
        members=members[columns],
    )
