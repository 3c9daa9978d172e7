"""The attacker as a gate of ``build`` and as ``analysis audit``: what he is given, and what becomes of his result."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from analysis.audit.attack import Former, Found, attack
from analysis.audit.report import page, sentence
from analysis.disclosure.thresholds import Thresholds
from analysis.edition.publish import write_page
from analysis.errors import GateError, InputError
from analysis.extracts.persons.names_on_pages import names_on_pages
from analysis.reference import policy
from analysis.runner.pages import pseudonyms
from analysis.settings import load
from analysis.stages.marks import Mark
from analysis.tables.protected import KEYS

PAGE = "audit.{}.html"
LANGUAGES = ("sv", "en")
DAY = "%Y-%m-%d"


def audit(root: Path, edition: str) -> Found:
    """Attack a published edition and write the result beside its protected tables.

    Args:
        root: the project's root.
        edition: its name.

    Raises:
        InputError: there is no such edition.
        GateError: its pages give away more than the policy allows.
    """
    pages, work = root / "reports" / edition, root / "data/processed" / edition
    if not (pages / "run.json").is_file() or not (work / "protected" / "cells.parquet").is_file():
        raise InputError(f"there is no edition {edition} in reports and data/processed; build it first")
    record = json.loads((pages / "run.json").read_text(encoding="utf-8"))
    mark = Mark.read(work, "read")
    after = (record.get("parameters") or {}).get("after") or ""
    delivery = root / mark.delivery if mark is not None else None
    return check_edition(root, edition, pages=pages, work=work, delivery=delivery, after=after)


def check_edition(
    root: Path, edition: str, *, pages: Path, work: Path, delivery: Path | None = None, after: str = ""
) -> Found:  # fmt: skip
    """Attack rendered pages; the result lies in ``protected`` for the data-protection officer.

    Args:
        root: the project's root.
        edition: name of the edition.
        pages: its rendered pages.
        work: its workspace.
        delivery: its delivery, whose names of persons are looked for; None: it is not known.
        after: name of the edition before, '' if none. Its pages are laid beside these, and those of an earlier build of
            this edition while they still stand.

    Raises:
        GateError: naming the tables and cells that are narrower than the policy.
    """
    thresholds = dataclasses.asdict(Thresholds.of(policy(), load(root).profile))
    about = json.loads((work / "protected" / "about.json").read_text(encoding="utf-8"))
    cells = pd.read_parquet(work / "protected" / "cells.parquet")
    silent = cells[cells["status"] == "withheld"]
    reasons = dict(zip(silent[list(KEYS)].itertuples(index=False, name=None), silent["reason"], strict=True))
    found = attack(
        pages, thresholds, period=about["period"], secrets=near_side(work / "tables"), reasons=reasons,
        more=tuple(folder for folder in (work / "logs",) if folder.is_dir()),
        editions=beside(root / "reports", {edition, after, *kept(root / "reports", edition)} - {""}, than=pages),
        named=None if delivery is None else names_on_pages(delivery, own_names(work / "protected")),
    )  # fmt: skip
    for language in LANGUAGES:
        write_page(work / "protected" / PAGE.format(language), page(found, edition=edition, language=language))
    said = sentence(found, edition)
    if said:
        raise GateError(said)
    return found


def kept(reports: Path, edition: str) -> set[str]:
    """Names of the builds that an edition has replaced, whose pages still stand."""
    return {path.name for path in reports.glob(f"{edition}~*")}


def beside(reports: Path, names: Collection[str], *, than: Path) -> tuple[Former, ...]:
    """Published editions that a reader may lay beside some pages.

    Args:
        reports: folder of the published editions.
        names: editions that tell of the same people: the one before, an earlier build of the same.
        than: the pages themselves.
    """
    found = []
    for name in sorted(names):
        folder = reports / name
        if folder.resolve() == than.resolve() or not (folder / "run.json").is_file():
            continue
        period = json.loads((folder / "run.json").read_text(encoding="utf-8")).get("period")
        found += [Former(folder, str(period))] if period else []
    return tuple(found)


def own_names(protected: Path) -> list[str]:
    """Names of departments, and of what they belong to, as pages print them."""
    path = protected / "departments.parquet"
    if not path.is_file():
        return []
    names = pd.read_parquet(path)[["name", "name_en", "parent", "parent_en"]]
    return sorted(set(names.astype("str").to_numpy().ravel()))


def near_side(tables: Path) -> dict[str, frozenset[str]]:
    """Words that must stand nowhere in what is published: pseudonyms and birth dates of the persons in the tables.

    Birth dates that the delivery knows only by month stand for their first day; those are many persons' and left out.
    """
    found = {"the pseudonym of a person": pseudonyms(tables)}
    path = tables / "employments.parquet"
    if path.is_file() and "birth" in (frame := pd.read_parquet(path)):
        births = frame["birth"].dropna()
        found["a date of birth"] = frozenset(births[births.dt.day > 1].dt.strftime(DAY))
    return found
