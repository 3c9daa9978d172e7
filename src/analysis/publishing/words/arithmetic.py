"""How the parts of the need are printed so that a reader who adds and subtracts gets the printed totals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis.publishing.objects.stock import Bridge, Step
from analysis.publishing.words.rounding import Digits, Key, add_up, decimals, key, printed
from analysis.tables.digits import quantize
from analysis.tables.protected import Cell

PLAIN = "opening"
"""The part that is printed rounded plainly: what stands empty today is said in other places, too."""


def bridge_digits(steps: Sequence[Step], total: Step, filled: Sequence[Step] = (), empty: Step | None = None) -> Digits:
    """The printed values of the bridge's cells.

    Both totals are rounded plainly, and so is what stands empty today. The other parts of the recruitment need are then
    rounded by the largest remainder to the printed need, and what fills posts to the difference of the printed totals.
    Where a part is withheld, or the parts do not make up their total, every part is rounded plainly: the page does not
    claim a sum then.

    Args:
        steps: the parts of the recruitment need.
        total: the recruitment need.
        filled: what fills posts, with its sign.
        empty: what stays empty, if the edition holds it.
    """
    if not total.cell.shown or total.cell.value is None:
        return Digits()
    places = decimals(total.cell)
    whole = quantize(total.cell.value, places)
    fixed = {key(total.cell): whole} | _parts(steps, [total], whole, places)
    if empty is None or not empty.cell.shown:
        return Digits(fixed | {key(step.cell): _plain(step, places) for step in filled if step.cell.shown}, places)
    left = quantize(_value(empty.cell), places)
    fixed |= {key(empty.cell): left} | _parts(filled, [empty, total], left - whole, places)
    return Digits(fixed, places)


def _parts(steps: Sequence[Step], totals: Sequence[Step], printed_sum: Decimal, places: int) -> dict[Key, Decimal]:
    """Printed values of parts that add up to the first total less the second."""
    shown = [step for step in steps if step.cell.shown]
    plain = {key(step.cell): _plain(step, places) for step in shown}
    if not adds_up(steps, *totals):
        return plain
    fixed = {
        name: value
        for step in shown
        if step.cell.row == PLAIN
        for name, value in [(key(step.cell), plain[key(step.cell)])]
    }
    rest = [step for step in shown if step.cell.row != PLAIN]
    if not rest:
        return plain
    values = add_up([_value(step.cell) for step in rest], printed_sum - sum(fixed.values(), Decimal(0)), places)
    return fixed | dict(zip((key(step.cell) for step in rest), values, strict=True))


def adds_up(steps: Sequence[Step], total: Step, less: Step | None = None) -> bool:
    """True when every part that the edition holds is shown and the parts make up the total (less another)."""
    if not total.cell.shown or any(step.cell.status == "withheld" for step in steps):
        return False
    parts = sum(_value(step.cell) for step in steps if step.cell.shown)
    wanted = _value(total.cell) - (0.0 if less is None else _value(less.cell))
    return abs(parts - wanted) < 0.5 * 10 ** -decimals(total.cell)


def digits_of(bridge: Bridge) -> Digits:
    """``bridge_digits`` of a bridge object."""
    return bridge_digits(bridge.steps, bridge.total, bridge.filled, bridge.empty)


def printed_step(step: Step, digits: Digits) -> Decimal | None:
    """The printed value of a part; None when it may not be shown."""
    figure = printed(step.cell, digits)
    return None if figure is None else figure.value


def _plain(step: Step, places: int) -> Decimal:
    return quantize(_value(step.cell), places)


def _value(cell: Cell) -> float:
    return cell.value or 0.0
