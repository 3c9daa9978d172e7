"""The parts of every changed figure: what each step from one edition to the other did to it, small parts joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.changes import joined
from analysis.disclosure.editions import persons_changed
from analysis.disclosure.protect import cells_of
from analysis.disclosure.thresholds import Thresholds
from analysis.disclosure.variants import with_local_definitions
from analysis.periods import cutoff
from analysis.reference import policy
from analysis.runner.worlds import World
from analysis.settings import load
from analysis.stages.changes import counted_of, read_rows
from analysis.tables.changes import FIGURES, PARTS
from analysis.tables.changes import TABLE as CHANGES
from analysis.tables.protected import KEYS, ORGANISATION, SHOWN, Sensitivity
from analysis.workforce.changes import moved_between, persons_corrected, persons_moved

ALL = [*KEYS]
FIGURE = [*ALL, "unit", "sensitivity", "before", "now", "change"]
NO_SECRET = ("new", "definition")
"""Parts that say nothing of single persons' rows where they are all there is."""
CLOSE = 1e-9
OWN_PERIOD = ("previous", "said")
"""Layers and tables that repeat what an earlier edition said: another one in each edition, and no figure of its own."""


def changed_figures(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Figures that two editions both show and that changed, and how many of each fate there are.

    Args:
        one: cells that the earlier edition released.
        other: those of the later one.

    Returns:
        DataFrame[table, department, row, column, layer, unit, sensitivity, before, now, change].
    """
    first, second = (_own(cells).set_index(ALL) for cells in (one, other))
    both = first.index.intersection(second.index, sort=False)
    then, now = first.loc[both], second.loc[both]
    was, is_ = (cells["status"].isin(SHOWN).to_numpy() for cells in (then, now))
    moved = ~np.isclose(then["value"].to_numpy(), now["value"].to_numpy(), rtol=0.0, atol=CLOSE, equal_nan=True)
    changed = now[was & is_ & moved]
    found = changed.assign(before=then.loc[changed.index, "value"], now=changed["value"])
    found["change"] = found["now"] - found["before"]
    counts = {
        "both": int((was & is_).sum()), "changed": len(found),
        "shown for the first time": int((~was & is_).sum()), "withheld or missing now": int((was & ~is_).sum()),
        "in the later one only": len(second.index.difference(first.index)),
        "in the earlier one only": len(first.index.difference(second.index)),
    }  # fmt: skip
    return found.reset_index()[FIGURE].reset_index(drop=True), counts


def _own(cells: pd.DataFrame) -> pd.DataFrame:
    repeated = cells["layer"].isin(OWN_PERIOD) | cells["table"].isin((*OWN_PERIOD, CHANGES))
    return cells[~repeated].drop_duplicates(ALL)


def split_figures(
    figures: pd.DataFrame, worlds: Sequence[World], one: pd.DataFrame, other: pd.DataFrame, before: Path, after: Path
) -> pd.DataFrame:  # fmt: skip
    """Split every change along the steps between the worlds.

    A figure that follows from others (a key figure, a difference, a median of departments) has no facts of its own; its
    parts are those of the figures that it follows from, and its line has none.

    Args:
        figures: result of ``changed_figures``.
        worlds: the earlier edition, that with the later organisation, with the later data, and the later edition.
        one: cells of the earlier edition.
        other: cells of the later one.
        before: workspace of the earlier edition.
        after: that of the later one.

    Returns:
        ``figures`` with ``organisation``, ``corrected``, ``new``, ``definition`` and ``other``.
    """
    made: dict[World, pd.DataFrame] = {}
    for world in worlds:
        if world not in made:
            made[world] = _facts(world, figures)
    states = [made[world] for world in worlds]
    values = [state["value"].to_numpy(dtype=float) for state in states]
    was, now = figures["before"].to_numpy(dtype=float), figures["now"].to_numpy(dtype=float)
    parts = {part: values[place + 1] - values[place] for place, part in enumerate(PARTS[:3])}
    printed = {name: values[at] - ends for name, at, ends in (("before", 0, was), ("now", 3, now))}
    left = _left(figures, before), _left(figures, after)
    # what an edition left as a build before showed it is a correction that it did not tell
    parts["corrected"] = (
        parts["corrected"] + np.where(left[0], printed["before"], 0) - np.where(left[1], printed["now"], 0)
    )
    parts["definition"] = np.where(left[0], 0, printed["before"]) - np.where(left[1], 0, printed["now"])
    persons = _persons(figures, worlds, states)
    thresholds = Thresholds.of(policy(), load(worlds[0].root).profile)
    lines = [_line(parts, persons, at, thresholds.least(Sensitivity(each))) for at, each in
             enumerate(figures["sensitivity"])]  # fmt: skip
    told = pd.DataFrame(lines, columns=[*PARTS, "other"], index=figures.index)
    rest = figures["change"] - told[list(PARTS)].sum(axis=1)
    hidden = told["other"].notna()
    return figures.assign(**{part: told[part] for part in PARTS}, other=rest.where(hidden))


def _line(
    parts: Mapping[str, np.ndarray], persons: Mapping[str, np.ndarray], at: int, least: int
) -> tuple[float, ...]:  # fmt: skip
    values = {part: float(parts[part][at]) for part in PARTS}
    if any(np.isnan(value) for value in values.values()):
        return (*(np.nan for _ in PARTS), np.nan)
    sole = [part for part, value in values.items() if abs(value) > CLOSE]
    if len(sole) == 1 and sole[0] in NO_SECRET:
        return (*values.values(), np.nan)  # the change itself, which both editions print
    away = joined(values, {part: float(persons[part][at]) for part in PARTS}, least=least)
    return (*(np.nan if part in away else value for part, value in values.items()), 1.0 if away else np.nan)


def _facts(world: World, figures: pd.DataFrame) -> pd.DataFrame:
    """Facts of a world in the order of the figures; NaN where it has none."""
    found = world.facts()
    silent = pd.Series("", index=found.index).where(found["value"].notna(), "no_data")
    cells = cells_of(found.drop(columns="sensitivity"), silent, found["sensitivity"])
    cells = with_local_definitions(cells, period=world.period)
    return cells.drop_duplicates(ALL).set_index(ALL).reindex(pd.MultiIndex.from_frame(figures[ALL])).reset_index()


def _left(figures: pd.DataFrame, folder: Path) -> np.ndarray:
    left = pd.read_parquet(folder / "protected/unchanged.parquet")
    return pd.MultiIndex.from_frame(figures[ALL]).isin(pd.MultiIndex.from_frame(left[ALL]))


def _persons(
    figures: pd.DataFrame, worlds: Sequence[World], states: Sequence[pd.DataFrame]
) -> dict[str, np.ndarray]:  # fmt: skip
    """How many persons came or went with each part.

    Of the counts whose persons are known, those; of other counts and shares no more than the figure changed by; of
    figures that are no count (means, forecasts) those of the department whose rows or department are others, and
    everyone in it where time or a definition is what changed.
    """
    people = _People(worlds)
    tables, departments = figures["table"].tolist(), figures["department"].tolist()
    found = {}
    for place, part in enumerate(PARTS):
        start, end = (states[place], states[place + 1]) if part != "definition" else (states[0], states[0])
        if part == "definition":
            start = start.assign(value=figures["before"].to_numpy(), n=states[0]["n"].to_numpy())
        with np.errstate(invalid="ignore"):
            like = end.assign(sensitivity=figures["sensitivity"].to_numpy(), unit=figures["unit"].to_numpy())
            persons = persons_changed(like, start)
        everyone = states[3]["n"].to_numpy(dtype=float)
        about = {"organisation": people.moved, "corrected": people.corrected}.get(part)
        for at in np.flatnonzero(np.isnan(persons)).tolist():
            persons[at] = about.get(departments[at], 0) if about is not None else everyone[at]
        if part in people.exact:
            for place_of, (table, department, row) in enumerate(zip(tables, departments, figures["row"], strict=True)):
                if table in FIGURES and row == "total":
                    persons[place_of] = people.exact[part].get((table, department), 0)
        found[part] = persons
    return found


class _People:
    """Persons behind the steps between worlds, by department."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self._worlds = worlds

    @cached_property
    def _counted(self) -> list[pd.DataFrame]:
        made: dict[World, pd.DataFrame] = {}
        for world in self._worlds:
            if world not in made:
                made[world] = _count(world)
        return [made[world] for world in self._worlds]

    @cached_property
    def moved(self) -> dict[Any, Any]:
        """Persons whose department is another in the later organisation."""
        return _with_whole(persons_moved(self._counted[0], self._counted[1]))

    @cached_property
    def corrected(self) -> dict[Any, Any]:
        """Persons of whom the later delivery says something else about the old time."""
        one, other = (read_rows(world.folder, every=True) or {} for world in (self._worlds[0], self._worlds[-1]))
        persons = persons_corrected(one, other, seen=cutoff(self._worlds[0].period))
        held = [rows for world in self._worlds[1:3] if (rows := world.table("rows")) is not None]
        rows = pd.concat([each[["person", "department"]] for each in held])
        mine = rows[rows["person"].isin(persons)].drop_duplicates()
        return {**mine.groupby("department").size().to_dict(), ORGANISATION: mine["person"].nunique()}

    @cached_property
    def exact(self) -> dict[str, dict[Any, Any]]:
        """Persons who came or went with a part, by figure and department."""
        steps = self._counted
        return {part: moved_between(steps[at], steps[at + 1]).to_dict() for at, part in enumerate(PARTS[:3])
                if part != "corrected"}  # fmt: skip


def _count(world: World) -> pd.DataFrame:
    tables = read_rows(world.folder) or {}
    rows = world.table("rows")
    assert rows is not None
    return counted_of(rows, tables, world.record("delivery"), world.record("workforce")["observed"], world.period)


def _with_whole(found: pd.Series) -> dict[Any, Any]:
    return {**found.to_dict(), ORGANISATION: float(found.sum()) / 2}
