"""The digits a page prints. One rule per unit, used by sentences, tables, charts and data attributes alike.

Charts are drawn from printed digits, too: a bar drawn to the unrounded value would give away in its
coordinates what its label rounds off.

How many decimals a figure has by itself says ``tables.digits``. Here it is told what its surroundings decide: value and
interval share the finer need of the largest of a list, parts add up to their printed total, and kronor from a million
are printed in millions, whole from ten and with one decimal below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from analysis.tables.digits import PER_CENT, places, quantize
from analysis.tables.protected import Cell

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Digits:
    """What the surroundings decide about digits: values that add up, and the decimals of FTE figures."""

    values: Mapping[Key, Decimal] = field(default_factory=dict)
    places: int | None = None


@dataclass(frozen=True)
class Printed:
    """A cell's digits on the page, in display scale (per cent for shares and rates)."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    decimals: int

    @property
    def has_interval(self) -> bool:
        """True when both ends are printed."""
        return self.low is not None and self.high is not None


def key(cell: Cell) -> Key:
    """The cell's key, as ``Digits`` uses it."""
    return (cell.table, cell.department, cell.row, cell.column, cell.layer)


def decimals(cell: Cell) -> int:
    """How many decimals the cell is printed with (``tables.digits``)."""
    return places(cell.unit, cell.definition, (cell.value, cell.low, cell.high))


def printed(cell: Cell, digits: Digits | None = None) -> Printed | None:
    """The digits of a cell, or None when it may not be shown.

    Args:
        cell: the figure.
        digits: what the surroundings decide (``add_up``); it wins over plain rounding.
    """
    if not cell.shown:
        return None
    digits = digits or Digits()
    shown = digits.places if digits.places is not None and cell.unit == "fte" else decimals(cell)
    if in_millions(cell):
        return _millions(cell)
    scale = 100 if cell.unit in PER_CENT else 1
    ends = [None if end is None else quantize(scale * end, shown) for end in (cell.low, cell.high)]
    value = quantize(scale * (cell.value or 0.0), shown)
    value = digits.values.get(key(cell), value)
    return Printed(value, ends[0], ends[1], shown)


MILLION = Decimal(1_000_000)


def in_millions(cell: Cell) -> bool:
    """Are the kronor of a cell so many that they are printed in millions?"""
    ends = (cell.value, cell.low, cell.high)
    return cell.unit == "kronor" and any(abs(end) >= MILLION for end in ends if end is not None)


def _millions(cell: Cell) -> Printed:
    """Millions of kronor: whole from ten, one decimal below; value and interval alike."""
    largest = max(abs(end) for end in (cell.value, cell.low, cell.high) if end is not None)
    shown = 0 if largest >= 10 * MILLION else 1
    value, low, high = (
        None if end is None else quantize(Decimal(str(end)) / MILLION, shown)
        for end in (cell.value, cell.low, cell.high)
    )
    return Printed(value or Decimal(0), low, high, shown)


def add_up(parts: Sequence[float], total: Decimal, places: int) -> list[Decimal]:
    """Round ``parts`` so that they add up to the printed ``total``: the rule of the largest remainder.

    Every part is rounded down; the units that are then missing go to the parts with the largest remainders,
    first come first served among equals. No part moves by more than one unit of the last decimal as long as
    ``total`` is the rounded sum.

    Args:
        parts: values whose exact sum rounds to ``total``.
        total: the printed total.
        places: decimals of the printed values.

    >>> [str(part) for part in add_up([1.4, 1.4, 1.4], Decimal(4), 0)]
    ['2', '1', '1']
    """
    unit = Decimal(1).scaleb(-places)
    exact = [Decimal(str(part)) for part in parts]
    floors = [part.quantize(unit, rounding=ROUND_FLOOR) for part in exact]
    missing = int((total - sum(floors, Decimal(0))) / unit)
    order = sorted(range(len(exact)), key=lambda index: floors[index] - exact[index])
    rounded = list(floors)
    for turn in range(abs(missing)):
        index = order[turn % len(order)] if missing > 0 else order[-1 - turn % len(order)]
        rounded[index] += unit if missing > 0 else -unit
    return [abs(part) if part == 0 else part for part in rounded]


def common(cells: Iterable[Cell]) -> Digits:
    """Digits for a list of FTE figures that stand together: as many decimals as its largest figure has."""
    return Digits(places=min((decimals(cell) for cell in cells if cell.shown and cell.unit == "fte"), default=None))


def beside(own: Cell, yardstick: Cell) -> str | None:
    """``better``, ``worse`` or ``equal``: how an error compares in printed digits; None if one is not shown."""
    figures = printed(own), printed(yardstick)
    if figures[0] is None or figures[1] is None:
        return None
    difference = figures[0].value - figures[1].value
    return "better" if difference < 0 else "worse" if difference > 0 else "equal"
