"""A schedule: which deliveries are built for which period, for whom, and what is kept (``schedule.toml``)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.errors import InputError
from analysis.periods import check_period, shift
from analysis.reference.stated import stated
from analysis.tables.keys import is_key

LAST_MONTH, LAST_TERTIAL = "last closed month", "last closed tertial"
TERTIAL_ENDS = (4, 8, 12)
"""Last months of the tertials of a calendar year."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Planned(_Strict):
    """One edition to build."""

    folder: str
    """Folder of the delivery, below the project's."""
    period: str = LAST_MONTH
    """``last closed month``, ``last closed tertial``, or a month (YYYY-MM)."""
    edition: str = ""
    departments: tuple[str, ...] = ()
    after: str = "latest"
    """The edition before: its name, ``latest`` for the newest of an earlier period, '' for none."""
    because: str = ""

    @field_validator("period")
    @classmethod
    def _known(cls, period: str) -> str:
        if period not in (LAST_MONTH, LAST_TERTIAL):
            check_period(period)
        return period


class Recipient(_Strict):
    """Who is told of a page. A function's address rather than a person's."""

    to: str = Field(min_length=1, max_length=200)
    department: str = "all"
    """Key of a department; ``all`` for the whole organisation."""
    language: str = "sv"
    expires_days: int = Field(default=30, ge=1, le=3650)
    """Days for which the link is meant to hold."""

    @field_validator("department")
    @classmethod
    def _is_key(cls, department: str) -> str:
        if not is_key(department):
            raise ValueError(f"{department!r} is not a key of a department")
        return department


class Schedule(_Strict):
    """What one run does."""

    languages: tuple[str, ...] = ()
    jobs: int = Field(default=2, ge=1)
    closed_from_day: int = Field(default=1, ge=1, le=28)
    """Day of the next month from which a month counts as closed (payroll runs late)."""
    retries: int = Field(default=1, ge=0, le=10)
    """How many times a build that stopped by a fault is tried again; what a gate refused is not."""
    wait_seconds: float = Field(default=60, ge=0, le=86_400)
    """Pause before the first retry; it doubles with each."""
    address: str = ""
    """Where ``reports/`` is served: links in the outbox begin with it."""
    keep_months: int = Field(default=0, ge=0, le=1200)
    """Rows about persons older than this are erased after a run that succeeded; 0: none are."""
    decision: str = ""
    """Reference of the decision to erase; needed with ``keep_months``."""
    on_success: tuple[str, ...] = ()
    """Command called after a run that succeeded; ``{status}``, ``{outbox}`` and ``{log}`` are the files' paths."""
    on_failure: tuple[str, ...] = ()
    delivery: tuple[Planned, ...] = Field(min_length=1)
    recipient: tuple[Recipient, ...] = ()


def load_schedule(path: Path) -> Schedule:
    """Read and check a schedule.

    Raises:
        InputError: it cannot be read, or holds an unknown or ill-typed entry.
    """
    found = stated(path, Schedule, absent=f"{path.name} cannot be read; name a schedule (.toml)")
    if found.keep_months and not found.decision.strip():
        raise InputError(f'{path.name}: keep_months erases rows; name the decision to erase (decision = "…")')
    return found


def month_of(rule: str, today: date, *, closed_from_day: int = 1) -> str:
    """The month that a rule means on a day, "YYYY-MM".

    Args:
        rule: ``last closed month``, ``last closed tertial``, or a month.
        today: the day.
        closed_from_day: day of the next month from which a month counts as closed.
    """
    if rule not in (LAST_MONTH, LAST_TERTIAL):
        return rule
    month = shift(f"{today:%Y-%m}", -1 if today.day >= closed_from_day else -2)
    while rule == LAST_TERTIAL and int(month[5:]) not in TERTIAL_ENDS:
        month = shift(month, -1)
    return month
