"""Which sections there are: the package's own, and those in the folders that ``analysis.toml`` names.

Every module below this package, and every file in a municipality's folder, that holds a ``Section`` gives one; there is
no list to add it to.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

import pandas as pd

from analysis.disclosure.equations import shipped_equations
from analysis.disclosure.plan import PlannedTable, PublishingPlan, plan_of
from analysis.errors import InputError
from analysis.publishing.pages.names import TOPICS
from analysis.sections.section import EVERY, PAGES, Section
from analysis.tables.protected import ORGANISATION, SHOWN


@cache
def shipped() -> tuple[Section, ...]:
    """The sections of the package, in the order of their ids."""
    import analysis.sections as package

    found: list[Section] = []
    for entry in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
        found += held_by(importlib.import_module(entry.name))
    return tuple(sorted(found, key=lambda section: section.id))


def held_by(module: ModuleType) -> list[Section]:
    """The sections that a module declares (not those it imports)."""
    found = []
    for item in vars(module).values():
        if isinstance(item, Section) and (item.file is None or item.file == Path(str(module.__file__))):
            item.file = Path(str(module.__file__))
            found.append(item)
    return found


@cache
def all_sections(root: Path | None = None) -> tuple[Section, ...]:
    """Every section of an installation.

    Args:
        root: the project's root, whose ``analysis.toml`` may name folders of own sections; None: the package's only.

    Raises:
        InputError: an own file may not do what it does, two sections share an id or a table, or a place does not exist.
    """
    own: tuple[Section, ...] = ()
    if root is not None:
        from analysis.sections.own import own_sections

        own = own_sections(root)
    found = (*shipped(), *own)
    check(found)
    return found


def check(sections: Sequence[Section]) -> None:
    """See to it that ids and tables are declared once, and that neighbours and pages exist.

    Raises:
        InputError: naming the section and what is wrong with it.
    """
    known: dict[str, Section] = {}
    for section in sections:
        if section.id in known:
            raise InputError(f"two sections are called {section.id}: {known[section.id].file} and {section.file}")
        known[section.id] = section
    for section in sections:
        for place in section.places:
            unknown = [page for page in place.pages if page not in PAGES]
            if unknown:
                raise InputError(f"the section {section.id} stands on {unknown[0]!r}; pages are {', '.join(PAGES)}")
            if place.after and place.after not in known:
                raise InputError(f"the section {section.id} stands after {place.after!r}, which is no section")
        if section.publishes and not section.makes_facts:
            raise InputError(f"the section {section.id} publishes tables and has no facts function")
    tables = {name for section in sections for name in section.fills} | REGISTER
    for section in sections:
        lost = set(section.reads) - tables - set(EVERY)
        if lost:
            raise InputError(f"the section {section.id} reads {sorted(lost)[0]!r}, which no section publishes")


REGISTER = {"said"}
"""Tables that come from the register of earlier editions, not from a section."""


def plan(sections: Iterable[Section]) -> PublishingPlan:
    """The publishing plan of an edition: the union of what its sections publish, and the equations between tables."""
    entries: list[PlannedTable] = [table for section in sections for table in section.publishes]
    return plan_of(entries, equations=shipped_equations())


@cache
def shipped_plan() -> PublishingPlan:
    """The plan of the package's own sections."""
    return plan(shipped())


def arranged(sections: Sequence[Section], page: str, part: str) -> list[Section]:
    """The sections of one part of a page, each after the neighbour it names.

    A section whose neighbour does not stand there, or that names none, comes last; those that follow the same neighbour
    stand in the order of their ids.
    """
    here = {s.id: place for s in sections if (place := s.place_on(page)) is not None and place.part == part}
    known = {section.id: section for section in sections}
    behind: dict[str, list[str]] = {}
    for id in sorted(here):
        after = here[id].after
        behind.setdefault(after if after in here else "", []).append(id)
    order: list[str] = []

    def add(id: str) -> None:
        if id in order:
            return
        order.append(id)
        for follower in behind.get(id, ()):
            add(follower)

    for id in sorted(behind.get("", ()), key=lambda id: (here[id].after == "", id)):
        add(id)
    lost = set(here) - set(order)
    if lost:
        raise InputError(
            f"the sections {', '.join(sorted(lost))} stand after each other in a circle; change one's place"
        )
    return [known[id] for id in order]


MATTER = {
    "plan": {"plan_chain"},
    "careers": {"careers", "career_could"},
    "managers": {"manager_coverage", "manager_survey"},
}
"""Page about one matter → tables of which it needs a figure; without one an edition does not have it."""


def topics(cells: pd.DataFrame) -> list[str]:
    """The pages about one matter that have a figure of the whole organisation to show.

    Args:
        cells: protected cells.
    """
    shown = cells[cells["status"].isin(SHOWN) & (cells["department"] == ORGANISATION)]
    held = set(shown["table"])
    return [page for page in TOPICS if MATTER[page] & held]


def parts(sections: Sequence[Section], page: str) -> list[str]:
    """The parts that a page has, in no particular order."""
    return sorted({place.part for s in sections if (place := s.place_on(page)) is not None})
