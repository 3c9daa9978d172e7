"""How the parts of the need are printed so that a reader who adds them up gets the printed total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis.publishing.objects import Bridge, Step
from analysis.publishing.rounding import Digits, Key, add_up, decimals, key, printed, quantize
from analysis.reference import CAUSES
from analysis.tables.protected import Cell

GROSS = ("need_change", *CAUSES)
"""The parts that make up the gross need of recruitment."""


def bridge_digits(steps: Sequence[Step], total: Step, recruitment: Step | None = None) -> Digits:
    """The printed values of the bridge's cells.

    The total is rounded plainly. The parts are then rounded by the largest remainder, in two levels where
    the gross need of recruitment is shown as well: first what the gap consists of (gross need as one part),
    then what the gross need consists of. Where a part is withheld, or the parts do not make up the total,
    every part is rounded
    plainly: the page does not claim a sum then.

    Args:
        steps: the parts.
        total: the gap.
        recruitment: the gross need (change in need and everyone who leaves), if the edition holds it.
    """
    if not total.cell.shown or total.cell.value is None:
        return Digits()
    places = decimals(total.cell)
    shown = [step.cell for step in steps if step.cell.shown]
    plain: dict[Key, Decimal] = {key(cell): quantize(_value(cell), places) for cell in shown}
    if recruitment is not None and recruitment.cell.shown:
        plain[key(recruitment.cell)] = quantize(_value(recruitment.cell), places)
    if not adds_up(steps, total):
        return Digits(plain, places)
    inner = [cell for cell in shown if cell.row in GROSS]
    gross = sum(_value(cell) for cell in inner)
    outer = [cell for cell in shown if cell.row not in GROSS]
    whole = quantize(total.cell.value, places)
    level = add_up([gross, *(_value(cell) for cell in outer)], whole, places)
    fixed = dict(zip((key(cell) for cell in outer), level[1:], strict=True))
    parts = add_up([_value(cell) for cell in inner], level[0], places)
    fixed |= dict(zip((key(cell) for cell in inner), parts, strict=True))
    if recruitment is not None and recruitment.cell.shown:
        fixed[key(recruitment.cell)] = level[0]
    return Digits(fixed, places)


def adds_up(steps: Sequence[Step], total: Step) -> bool:
    """True when every part that the edition holds is shown and the parts make up the total."""
    if not total.cell.shown or any(step.cell.status == "withheld" for step in steps):
        return False
    parts = sum(_value(step.cell) for step in steps if step.cell.shown)
    return abs(parts - _value(total.cell)) < 0.5 * 10 ** -decimals(total.cell)


def digits_of(bridge: Bridge) -> Digits:
    """``bridge_digits`` of a bridge object."""
    return bridge_digits(bridge.steps, bridge.total, bridge.recruitment)


def printed_step(step: Step, digits: Digits) -> Decimal | None:
    """The printed value of a part; None when it may not be shown."""
    figure = printed(step.cell, digits)
    return None if figure is None else figure.value


def _value(cell: Cell) -> float:
    return cell.value or 0.0
