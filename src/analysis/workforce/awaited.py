"""Which parts of an edition wait for history, and from which month they will be there.

One rule for ``check`` and for a build: a forecast rests on closed windows, twelve months each, in which leavers are
recorded. How many a part needs stands in ``reference/data/missing.toml`` (``windows``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.errors import GateError, InputError
from analysis.extracts.account.notices import Notice
from analysis.periods import shift
from analysis.reference import load
from analysis.reference.policies import Policy

YEAR = 12


class NoHistory(InputError):
    """No history can be made of a delivery at this cut-off; ``notice`` says why in both languages."""

    def __init__(self, *, sv: str, en: str) -> None:
        super().__init__(en)
        self.notice = Notice(sv=sv, en=en)


@dataclass(frozen=True)
class Awaited:
    """What the parts that rest on history wait for at a cut-off.

    Attributes:
        closed: closed windows in which leavers are recorded.
        months: part → month from which it will be there, "YYYY-MM"; empty where nothing is waited for. Where nobody has
            left yet it is the earliest: a year from the cut-off.
        recorded: leavers are recorded at all.
    """

    closed: int
    months: dict[str, str]
    recorded: bool

    def why(self, part: str) -> Notice | None:
        """What a part waits for, as ``check`` says it; None where it is there."""
        month = self.months.get(part)
        if month is None:
            return None
        needed = _needed()[part]
        if not self.recorded:
            return Notice(
                sv=f"ingen som slutat finns i leveransen; väntar på {_years(needed, 'sv')} med avgångar, finns "
                f"tidigast i {month}",
                en=f"nobody who left is in the delivery; waits for {_years(needed, 'en')} with exits, will be there "
                f"in {month} at the earliest",
            )
        return Notice(
            sv=f"väntar på {_years(needed, 'sv')} med avgångar, {self.closed} finns; finns från {month}",
            en=f"waits for {_years(needed, 'en')} with exits, {self.closed} there; will be there from {month}",
        )


def awaited(windows: Sequence[str], since: pd.Timestamp | None, *, period: str) -> Awaited:
    """What the parts of an edition wait for.

    Args:
        windows: starts of the windows in which leavers are recorded, the open one last (``History.observed``).
        since: first day from which leavers are recorded; None where nobody has left.
        period: cut-off month.
    """
    closed = len(windows) - 1
    # a window begins at the end of a month
    first = period if since is None else str((since - pd.Timedelta(days=1)).to_period("M"))
    waits = {part: needed for part, needed in _needed().items() if needed > closed}
    return Awaited(closed, {part: shift(first, YEAR * needed) for part, needed in waits.items()}, since is not None)


def too_small(persons: int, policy: Policy) -> Notice | None:
    """Why an organisation of so few gets no edition; None where it gets one.

    Every figure of its pages would be about few enough to be known, so that nothing could be shown.
    """
    least = policy.department.min_headcount
    if persons >= least:
        return None
    return Notice(
        sv=f"färre än {least} månadsavlönade är i tjänst vid brytdagen; för så få görs ingen utgåva, eftersom varje "
        "uppgift skulle handla om personer som går att känna igen; kontrollera uttaget om ni är fler",
        en=f"fewer than {least} monthly paid are in post at the cut-off; no edition is made of so few, since every "
        "figure would be about persons who can be known by it; check the extract if you are more",
    )


def check_size(persons: int, policy: Policy) -> None:
    """Stop where an organisation is too small for an edition, before any model runs.

    Raises:
        GateError: fewer are in post than a report may be about.
    """
    small = too_small(persons, policy)
    if small is not None:
        raise GateError(str(small))


def _needed() -> dict[str, int]:
    return {entry["id"]: entry["windows"] for entry in load("missing")["part"] if "windows" in entry}


def _years(number: int, language: str) -> str:
    words = {"sv": ("ett helt år", "två hela år"), "en": ("a whole year", "two whole years")}[language]
    return words[number - 1] if number <= len(words) else f"{number} {'hela år' if language == 'sv' else 'whole years'}"
