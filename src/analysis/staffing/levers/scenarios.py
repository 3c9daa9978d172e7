"""Scenarios: small files that an analyst edits, each a named set of levers.

id = "stay"                       # letters, digits, _; becomes the scenario's name in results
sv = "Fler stannar"
en = "More people stay"
owner = "HR-avdelningen"
dated = 2026-01-15

[[lever]]
id = "retention"                  # a lever of reference/data/levers.toml
size = 0.08                       # within the lever's range; left out: its middle
departments = ["d0101"]           # left out: the lever's own reach
occupations = ["preschool_teacher"]
lead_years = 1
capacity = 12                     # full-time equivalents a year
fill_rate = 0.30                  # of a lever on the time to fill: chance a month that an open post is filled
why = "egen avgångsenkät 2025"    # needed where size, lead_years or capacity is given; why_en for English pages
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.errors import InputError
from analysis.reference import occupations as named_occupations
from analysis.reference.stated import stated
from analysis.staffing.levers.lever import Lever, levers
from analysis.staffing.supply.start import Start

MOST = 3
"""Named scenarios beside the reference path: more do not fit on one scale."""
TAKEN = ("reference", "previous")
"""Names of layers that are no scenarios."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Chosen(_Strict):
    id: str
    size: float | None = Field(default=None, ge=0)
    departments: list[str] = []
    occupations: list[str] = []
    share: float | None = Field(default=None, gt=0, le=1)
    lead_years: int | None = Field(default=None, ge=0, le=10)
    capacity: float | None = Field(default=None, gt=0)
    fill_rate: float | None = Field(default=None, gt=0, le=1)
    why: str = ""
    why_en: str = ""

    @model_validator(mode="after")
    def _says_why(self) -> _Chosen:
        own = (self.size, self.lead_years, self.capacity, self.fill_rate)
        if not self.why and any(value is not None for value in own):
            raise ValueError("say in `why` where your own size, lead_years, capacity or fill_rate comes from")
        if self.size is not None and self.fill_rate is not None:
            raise ValueError("give either size or fill_rate: both say how fast posts are filled")
        return self


class _File(_Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    sv: str = Field(min_length=1)
    en: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    dated: date
    lever: list[_Chosen] = Field(min_length=1)


@dataclass(frozen=True)
class Scenario:
    """A named set of levers with an owner and a date."""

    id: str
    sv: str
    en: str
    owner: str
    dated: str
    levers: tuple[Lever, ...]


def read_scenario(
    path: Path, *, departments: Mapping[str, str] | None = None, occupations: Collection[str] | None = None
) -> Scenario:
    """Read and check one scenario file.

    Args:
        path: the file.
        departments: key of each department by the names a file may give it; None leaves them unchecked.
        occupations: ids that the delivery knows; None leaves them unchecked.

    Raises:
        InputError: the file is not there or no TOML, a field or lever is unknown, a size is outside the lever's
            range, a lever occurs twice or beside one that already holds it.
    """
    given = stated(path, _File, absent=f"there is no scenario file {path}; name a file that is there")
    if given.id in TAKEN or given.id in levers():
        raise InputError(f"{path.name}: the id {given.id!r} is taken by a path or a lever; choose another")
    chosen = tuple(_lever(entry, path.name, departments, occupations) for entry in given.lever)
    _check_together(chosen, path.name)
    return Scenario(given.id, given.sv, given.en, given.owner, str(given.dated), chosen)


def read_scenarios(
    paths: Iterable[Path],
    *,
    departments: Mapping[str, str] | None = None,
    occupations: Collection[str] | None = None,
) -> list[Scenario]:
    """Read several scenario files, at most three, in the order given.

    Args:
        paths: the files; a folder stands for its ``.toml`` files in the order of their names.
        departments: as for ``read_scenario``.
        occupations: as for ``read_scenario``.

    Raises:
        InputError: more than three, two of the same id, or one of them is wrong.
    """
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if len(files) > MOST:
        raise InputError(f"{len(files)} scenarios are more than the {MOST} that fit on one scale; name fewer files")
    found = [read_scenario(path, departments=departments, occupations=occupations) for path in files]
    for place, scenario in enumerate(found):
        if scenario.id in [other.id for other in found[:place]]:
            raise InputError(f"{files[place].name}: another scenario has the id {scenario.id!r}; give it its own")
    return found


def within_capacity(chosen: Iterable[Lever], start: Start, years: int) -> tuple[Lever, ...]:
    """The levers with sizes cut to what their yearly capacity lets through.

    A range above the capacity is cut too: more cannot be carried out, however well the measure works. A measure listed
    once per department has its capacity once, unless the scenario gives an entry a capacity of its own, and all that
    add hires have the room for hires between them.
    """
    result = []
    for lever in chosen:
        limit = lever.limit(start, years)
        result.append(_scaled(lever, [min(size, limit) for size in (lever.low, lever.mid, lever.high)]))
    known = levers()
    for key in dict.fromkeys(lever.id for lever in result if lever.id in known and lever.acts == "flow"):
        capacity = known[key].capacity
        if capacity is not None:
            same = [place for place, lever in enumerate(result) if lever.id == key and lever.capacity == capacity]
            _share(result, same, capacity, start, years)
    _share(result, [place for place, lever in enumerate(result) if lever.part == "hires"], start.room, start, years)
    return tuple(result)


def _scaled(lever: Lever, sizes: Sequence[float]) -> Lever:
    low, mid, high = sizes
    return replace(lever, low=low, mid=mid, high=high)


def _share(levers: list[Lever], places: Sequence[int], most: float, start: Start, years: int) -> None:
    """Scale the levers at ``places`` so that together they add at most ``most`` full-time equivalents a year."""
    if not places or not np.isfinite(most):
        return
    yearly = np.array([levers[place].unit(start, years).sum(axis=1) for place in places])
    sizes = np.array([[getattr(levers[place], name) for name in ("low", "mid", "high")] for place in places])
    largest = np.maximum((sizes[:, :, None] * yearly[:, None, :]).sum(axis=0).max(axis=1), 0.0)
    sizes = sizes * np.minimum(1.0, np.divide(most, largest, out=np.ones(3), where=largest > 0))
    for place, own in zip(places, sizes, strict=True):
        levers[place] = _scaled(levers[place], own.tolist())


def _lever(
    entry: _Chosen, name: str, departments: Mapping[str, str] | None, occupations: Collection[str] | None
) -> Lever:
    lever = levers().get(entry.id)
    if lever is None:
        near = get_close_matches(entry.id, levers(), n=1, cutoff=0.0)
        raise InputError(f"{name}: no lever {entry.id!r}; did you mean {near[0]!r}? It has {', '.join(levers())}")
    # an occupation that nobody has here is no slip: the lever has nobody to act on
    usual = named_occupations()
    for what, given, known in (
        ("department", entry.departments, departments),
        ("occupation", [key for key in entry.occupations if key not in usual], occupations),
    ):
        unknown = [key for key in given if known is not None and key not in known]
        if unknown:
            near = get_close_matches(unknown[0], list(known or ()), n=1, cutoff=0.0)
            said = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError(f"{name}: lever {entry.id}: {what} {unknown[0]!r} is not in this delivery{said}")
    if entry.fill_rate is not None and lever.acts != "fill":
        raise InputError(f"{name}: lever {entry.id} does not act on the time to fill; leave out fill_rate")
    if entry.size is not None:
        if not lever.low <= entry.size <= lever.high:
            raise InputError(
                f"{name}: lever {entry.id}: size {entry.size:g} is outside its range {lever.low:g} to {lever.high:g}; "
                "choose one within it, or change the range in levers.toml with a source"
            )
        lever = lever.sized(entry.size)
    changed: dict[str, Any] = {
        key: value
        for key, value in (
            ("lead_years", entry.lead_years),
            ("capacity", entry.capacity),
            ("fill_rate", entry.fill_rate),
        )
        if value is not None
    }
    reach = replace(
        lever.reach,
        departments=tuple((departments or {}).get(key, key) for key in entry.departments) or lever.reach.departments,
        occupations=tuple(entry.occupations) or lever.reach.occupations,
        share=entry.share if entry.share is not None else lever.reach.share,
    )
    if entry.why:
        changed |= {"source": entry.why, "source_en": entry.why_en or entry.why}
    return replace(lever, reach=reach, **changed)


def _check_together(chosen: tuple[Lever, ...], name: str) -> None:
    ids = [lever.id for lever in chosen]
    for place, lever in enumerate(chosen):
        # the same measure may be listed once per department or occupation, but never twice for the same people
        for other in chosen[:place]:
            if other.id == lever.id and _overlaps(other, lever):
                raise InputError(f"{name}: the lever {lever.id} reaches the same people twice; list it once")
        if lever.part_of in ids:
            raise InputError(
                f"{name}: {lever.id} is already part of {lever.part_of}; keep one of them, or it counts twice"
            )


def _overlaps(one: Lever, other: Lever) -> bool:
    def meet(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
        return not first or not second or bool(set(first) & set(second))

    return meet(one.reach.departments, other.reach.departments) and meet(one.reach.occupations, other.reach.occupations)
