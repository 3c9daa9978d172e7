"""What could be done, as data: strategies by edition with their practices (``strategies.toml``), and levers."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.errors import InputError
from analysis.reference import CAUSES, load
from analysis.reference.entries import by_id, checked
from analysis.reference.parts import Added

Text = Field(min_length=1)
Id = Field(pattern=r"^[a-z][a-z0-9_]*$")
YearId = Field(pattern=r"^s\d{4}_[a-z0-9_]+$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Edition(_Strict):
    """An edition of the national strategies: how many it holds, and how many of their names are not known here."""

    id: str = Field(pattern=r"^\d{4}$")
    sv: str = Text
    en: str = Text
    count: int = Field(ge=1)
    unknown: int = Field(ge=0)
    source: str = Text


class Heading(_Strict):
    """Another name that a source gives a strategy."""

    sv: str = Text
    en: str = Text
    source: str = Text


class Strategy(_Strict):
    """One strategy of one edition. ``name``: read in a source (verified), remembered, or not known word by word."""

    id: str = YearId
    edition: str
    sv: str = Text
    en: str = Text
    name: Literal["verified", "remembered", "described"]
    also: list[Heading] = []
    """Other headings that sources put it under."""
    becomes: list[str] = []
    """Strategies of the next edition that take its place; empty where none does or none is known."""
    source: str = Text


class Practice(_Strict):
    """Something an employer does, and the strategies it belongs to (in whatever edition names it)."""

    id: str = Id
    sv: str = Text
    en: str = Text
    where: str = Text
    strategies: list[str] = Field(min_length=1)
    levers: list[str] = []
    """Levers that say what it does to the need; empty where its effect is not expressed in full-time equivalents."""
    source: str = Text


class Amount(_Strict):
    """A number with its range."""

    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0

    @model_validator(mode="after")
    def _in_order(self) -> Amount:
        if not 0 <= self.low <= self.mid <= self.high:
            raise ValueError("a range goes from low over mid to high, and is not negative")
        return self


class Reach(_Strict):
    """Whom a lever reaches; empty means everyone."""

    departments: list[str] = []
    occupations: list[str] = []
    share: float = Field(default=1.0, gt=0, le=1)


class Study(_Strict):
    """Studies beside work."""

    target: str = Text
    years: int = Field(ge=1, le=8)
    work_share: float = Field(gt=0, le=1)
    completion: float = Field(ge=0, le=1)
    backfill: float = Field(ge=0, le=1)


class LeverEntry(_Strict):
    """One lever (``levers.toml``); see ``staffing.levers.lever.Lever`` for what the fields mean."""

    id: str = Id
    sv: str = Text
    en: str = Text
    explain_sv: str = Text
    explain_en: str = Text
    size_sv: str = Text
    size_en: str = Text
    strategies: list[str] = Field(min_length=1)
    acts: Literal["hazard", "flow", "fill"]
    cause: str = ""
    part: Literal["", Added] = ""
    basis: Literal["staff", "need", "part_time", "near_pension", "hourly", "study"] = "staff"
    yearly: bool = False
    low: float = Field(ge=0)
    mid: float = Field(ge=0)
    high: float = Field(le=1)
    lead_years: int = Field(ge=0, le=10)
    reach: Reach = Reach()
    capacity: float | None = Field(default=None, gt=0)
    cost_per_fte: Amount = Amount()
    cost_fixed: Amount = Amount()
    cost_source: str = Text
    cost_source_en: str = Text
    study: Study | None = None
    part_of: str = ""
    """A wider lever that already holds this one: the two are never in one scenario."""
    source: str = Text
    source_en: str = Text
    grade: Literal["own", "published", "assumption"]
    decides_sv: str = ""
    decides_en: str = ""
    owner: str = Text
    dated: date

    @model_validator(mode="after")
    def _whole(self) -> LeverEntry:
        if not self.low <= self.mid <= self.high:
            raise ValueError("a range goes from low over mid to high")
        if self.acts == "hazard" and (self.cause not in CAUSES or self.part):
            raise ValueError(f"a lever on a hazard names one cause ({', '.join(CAUSES)}) and no part")
        if self.acts == "flow" and (not self.part or self.cause):
            raise ValueError("a lever on a flow names one part of the need and no cause")
        if self.acts == "fill" and (self.part or self.cause):
            raise ValueError("a lever on the time to fill names no cause and no part")
        if (self.basis == "study") != (self.study is not None):
            raise ValueError("a lever with studies has basis = 'study' and a table study, and no other does")
        return self


class Overlap(_Strict):
    """The overlap cap as an assumption of the register."""

    sv: str = Text
    en: str = Text
    low: float = Field(gt=0)
    mid: float = Field(gt=0)
    high: float = Field(le=1)
    unit: Literal["share"]
    source: str = Text
    source_en: str = Text
    owner: str = Text
    dated: date


class Closing(_Strict):
    """How closing paths are sought (``levers.toml``, ``[closing]``)."""

    most_levers: int = Field(ge=1, le=6)
    mixes: int = Field(ge=1, le=3)
    least_chance: float = Field(ge=0, lt=1)
    """Chance of at least one empty post at the horizon below which no path is sought: no lack is expected."""
    budget: float | None = Field(default=None, ge=0)
    overlap: Overlap


@cache
def closing() -> dict[str, Any]:
    """Number of levers and mixes, budget and overlap cap (``levers.toml``)."""
    return checked(Closing, load("levers")["closing"], "levers.toml")


@cache
def lever_entries() -> dict[str, dict[str, Any]]:
    """Levers by id, checked (``levers.toml``).

    Raises:
        InputError: a field is wrong, a strategy or a wider lever is not known.
    """
    found = by_id(LeverEntry, load("levers")["lever"], "levers.toml")
    for key, entry in found.items():
        unknown = [name for name in entry["strategies"] if name not in strategies()]
        if unknown:
            raise InputError(f"levers.toml: {key}: strategy {unknown[0]!r} is not in strategies.toml")
        if entry["part_of"] and entry["part_of"] not in found:
            raise InputError(f"levers.toml: {key}: part_of names the lever {entry['part_of']!r}, which is not there")
    return found


@cache
def editions() -> dict[str, dict[str, Any]]:
    """Editions of the national strategies by year (``strategies.toml``)."""
    return {entry["id"]: checked(Edition, entry, "strategies.toml") for entry in load("strategies")["edition_of"]}


@cache
def strategies() -> dict[str, dict[str, Any]]:
    """Strategies by id, every edition (``strategies.toml``).

    Raises:
        InputError: a field is wrong, an edition is not known, or a successor is not of the next edition.
    """
    found = by_id(Strategy, load("strategies")["strategy"], "strategies.toml")
    years = list(editions())
    for key, entry in found.items():
        if entry["edition"] not in years:
            raise InputError(f"strategies.toml: {key}: edition {entry['edition']!r} is not described")
        for name in entry["becomes"]:
            after = found.get(name, {}).get("edition")
            if after is None or years.index(after) != years.index(entry["edition"]) + 1:
                raise InputError(f"strategies.toml: {key}: {name!r} is no strategy of the next edition")
    return found


@cache
def practices() -> dict[str, dict[str, Any]]:
    """What employers do, each on its strategies (``strategies.toml``).

    Raises:
        InputError: a field is wrong, or a strategy or lever is not known.
    """
    found = by_id(Practice, load("strategies")["practice"], "strategies.toml")
    for key, entry in found.items():
        for kind, known in (("strategies", strategies()), ("levers", lever_entries())):
            unknown = [name for name in entry[kind] if name not in known]
            if unknown:
                raise InputError(f"strategies.toml: {key}: {unknown[0]!r} is not among the {kind}")
    return found
