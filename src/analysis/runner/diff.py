"""``analysis diff``: two editions side by side, and every changed figure with its causes.

The causes are told apart by making the earlier edition's tables again with one thing changed at a time, in a fixed
order: the organisation as the later edition has it; the later delivery at the earlier cut-off (corrected data); the
later cut-off (new data). All of them are made by today's code. What the earlier edition printed is what the code and
lock of its passport give, so that the difference between that and today's figure of the same rows is definition and
model together. The four add up to the change exactly. In another order they would be others: the order is a convention.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.edition.names import STANDS
from analysis.edition.publish import beside, cleared, fresh, only_build
from analysis.edition.whole import unreadable
from analysis.errors import InputError
from analysis.execution.kernels import stoppable
from analysis.periods import cutoff
from analysis.private import for_owner_alone
from analysis.retention.holdings import delivery_place, read_record
from analysis.retention.purge import MARK
from analysis.runner.excluded import causes_left
from analysis.runner.making import never
from analysis.runner.parts import changed_figures, split_figures
from analysis.runner.worlds import World, delivery_as_it_was, holds, lay, read_again
from analysis.stages.pipeline import PIPELINE
from analysis.tables.changes import PARTS
from analysis.tables.clean import TABLES
from analysis.workforce.changes import same_structure, standing

PURGED = "underlag gallrat"
CLEAN = tuple(name for name in PIPELINE[0].person if name in TABLES)
"""Clean tables, by name."""


@dataclass(frozen=True)
class Side:
    """One of the two editions."""

    root: Path
    name: str
    record: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """Its workspace."""
        return self.root / "data/processed" / self.name

    @property
    def period(self) -> str:
        """Its cut-off month."""
        return str(self.record["period"])

    @property
    def world(self) -> World:
        """Its own tables."""
        return World(self.root, self.folder, self.period)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """What it released."""
        return pd.read_parquet(self.folder / "protected/cells.parquet")

    @property
    def purged(self) -> str:
        """When its rows were erased, and by which decision; '' where they were not."""
        mark = read_record(self.folder / MARK)
        return f"{PURGED} {mark.get('day', '')} ({mark.get('decision', '')})" if mark else ""

    @property
    def has_rows(self) -> bool:
        """Whether its rows about persons are still there."""
        return (self.folder / "tables/rows.parquet").is_file()


@dataclass
class Difference:
    """What lies between two editions.

    Attributes:
        figures: DataFrame[table, department, row, column, layer, unit, before, now, change, organisation, corrected,
            new, definition, other], one line per figure that both show and that changed; parts are NaN where they are
            joined to ``other`` or cannot be told.
        totals_only: why the parts cannot be told; '' where they can.
        told: what else a person should know.
        counts: figures that both show, that changed, that are shown or withheld for the first time.
    """

    figures: pd.DataFrame
    totals_only: str = ""
    told: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def side(root: Path, name: str) -> Side:
    """An edition by its name.

    Raises:
        InputError: there is none, or what it released cannot be read.
    """
    record = read_record(root / "reports" / name / "run.json") if STANDS.fullmatch(name) else {}
    found = Side(root, name, record)
    if not record or not (found.folder / "protected").is_dir():
        raise InputError(f"there is no edition {name} in reports; analysis editions lists those there are")
    if gone := unreadable(found.folder):
        raise InputError(f"the edition {name} is damaged: its {gone} cannot be read; build it again, or name another")
    return found


def diff(root: Path, before: str, after: str, *, tell: Callable[[str], None] = never) -> Difference:
    """Lay two editions side by side.

    Args:
        root: the project's folder.
        before: name of the earlier edition, or of a build that was replaced (``<edition>~N``).
        after: name of the later one.
        tell: receives one line per stage that has to be made again.

    Raises:
        InputError: an edition is not there or damaged, the two are one, or the earlier one is of a later period.
    """
    one, other = side(root, before), side(root, after)
    if before == after:
        raise InputError(f"{before} is one edition; name two to compare")
    if one.period > other.period:
        raise InputError(f"{before} is of {one.period}, after {after} ({other.period}); name the earlier edition first")
    figures, counts = changed_figures(one.cells, other.cells)
    found = Difference(figures, counts=counts)
    if figures.empty:
        return found
    if purged := one.purged or other.purged:
        found.totals_only = purged
        return found
    again = f"{after}-diff"
    processed = root / "data/processed"
    work = beside(processed / again)
    with only_build(processed / f".{again}.lock", again), stoppable(), for_owner_alone():
        try:
            fresh(work)
            _split(found, one, other, work, tell)
        finally:
            cleared(work)
    return found


def _split(found: Difference, one: Side, other: Side, work: Path, tell: Callable[[str], None]) -> None:
    root = one.root
    delivery = delivery_place(root, str(other.record.get("delivery_folder", "")))
    if not other.has_rows or delivery is None:
        found.totals_only = f"the rows of {other.name} or the description of its delivery are not there any more"
        return
    first = _before(one, delivery, work / "before", tell)
    if first is None or one.record.get("pseudonym_key") != other.record.get("pseudonym_key"):
        left = causes_left(one.record, other.record, delivery)
        if len(left) == 1:
            found.told.append(f"the rows of {one.name} are gone; nothing but {left[0]} is otherwise between the two")
            parts = {part: found.figures["change"] if part == left[0] else 0.0 for part in PARTS}
            found.figures = found.figures.assign(**parts, other=float("nan"))
        else:
            found.totals_only = (
                f"the rows of {one.name} are gone, or its persons cannot be recognised, and {' and '.join(left)} "
                "may each have changed it"
            )
        return
    last = other.world
    if not holds(last, delivery):
        last = lay(World(root, work / "after", other.period), last, delivery, tell=tell)
    worlds = _worlds(one, other, first, last, delivery, work, tell)
    found.figures = split_figures(found.figures, worlds, one.cells, other.cells, one.folder, other.folder)


def _before(one: Side, delivery: Path, work: Path, tell: Callable[[str], None]) -> World | None:
    """The earlier edition's rows by today's code; None where they are gone."""
    if one.has_rows:
        return (
            one.world
            if holds(one.world, delivery)
            else lay(World(one.root, work, one.period), one.world, delivery, tell=tell)
        )
    held = delivery_as_it_was(one.root, one.record)
    return read_again(World(one.root, work, one.period), held, tell=tell) if held else None


def _worlds(
    one: Side, other: Side, first: World, last: World, delivery: Path, work: Path, tell: Callable[[str], None]
) -> list[World]:  # fmt: skip
    """The earlier edition, then with the organisation of the later one, with its data, and at its cut-off."""
    seen, at = cutoff(one.period), cutoff(other.period)
    theirs = standing(first.table("organisation"), at=seen, seen=seen)
    ours = standing(last.table("organisation"), at=at, seen=seen)
    level = last.record("delivery")["level"]
    units = last.table("units")
    moved = first
    if not same_structure(theirs, ours) or first.record("delivery")["level"] != level:
        moved = lay(
            World(one.root, work / "organisation", one.period), first, delivery, organisation=ours, level=level,
            units=units, tell=tell,
        )  # fmt: skip
    alike = all(
        _same(first.table(name), last.table(name)) for name in CLEAN if name != "organisation"
    )  # fmt: skip
    if one.period == other.period:
        return [first, moved, moved if alike else last, last]
    if alike:
        return [first, moved, moved, last]
    corrected = lay(
        World(one.root, work / "corrected", one.period), last, delivery, organisation=ours, tell=tell
    )  # fmt: skip
    return [first, moved, corrected, last]


def _same(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    """Do two clean tables hold the same rows, wherever they stood?"""
    if one is None or other is None:
        return one is None and other is None
    places = ["source", "source_row"]
    mine, theirs = (table.drop(columns=places, errors="ignore").reset_index(drop=True) for table in (one, other))
    return mine.equals(theirs)
