"""What can be told from chance, as printed."""

from __future__ import annotations

from analysis.publishing.words.rounding import printed
from analysis.tables.protected import Cell


def clear(cell: Cell) -> bool:
    """Does the printed interval lie above zero?"""
    figure = printed(cell)
    return figure is not None and figure.low is not None and figure.low > 0


def apart_from(group: Cell, whole: Cell) -> bool:
    """Does the group's printed interval leave the ratio of the whole outside?"""
    mine, all_ = printed(group), printed(whole)
    if mine is None or all_ is None or mine.low is None or mine.high is None:
        return False
    return not mine.low <= all_.value <= mine.high
