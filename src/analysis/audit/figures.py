"""Figures as all files of an edition together show them, and what printed digits allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

Key = tuple[str, str, str, str, str]
"""Table, department, row, column, layer."""


@dataclass
class Figure:
    """One figure as all pages together show it."""

    key: Key
    low: float = float("-inf")
    high: float = float("inf")
    """Ends that the printed digits allow."""
    ends: tuple[tuple[float, float], ...] = ()
    """The printed interval: what its digits allow for the lower and for the upper end."""
    withheld: list[str] = field(default_factory=list)
    """Pages on which it is withheld."""
    shown: list[str] = field(default_factory=list)


@dataclass
class Read:
    """Everything that was read in one folder of pages."""

    figures: dict[Key, Figure]
    texts: dict[str, str]
    """Text of every file, by its name."""
    unread: list[str]
    """Files of a kind that the attacker cannot read."""
    problems: list[str]
    numbers: dict[Key, set[float]] = field(default_factory=dict)
    """Numbers that the downloads list for each figure, as workbooks hold them (per cent as its hundredth part)."""


def key_of(text: str) -> Key | None:
    """The key of one figure; None for several (a mean of some)."""
    parts = unescape(text).split("/")
    if "{" in text or not 4 <= len(parts) <= 5:
        return None
    return (parts[0], parts[1], parts[2], parts[3], parts[4] if len(parts) == 5 else "")


def digits_allow(text: str) -> tuple[float, float]:
    """What a printed number may have been before it was rounded."""
    try:
        value = float(text)
    except ValueError:
        return float("-inf"), float("inf")
    half = 0.5 * 10.0 ** -(len(text.partition(".")[2]))
    return value - half, value + half
