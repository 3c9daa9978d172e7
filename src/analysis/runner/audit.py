"""The attacker as a gate of ``build`` and as ``analysis audit``: what he is given, and what becomes of his result."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd

from analysis.audit.attack import Found, attack
from analysis.audit.report import page, sentence
from analysis.disclosure.thresholds import Thresholds
from analysis.edition.publish import write_page
from analysis.errors import GateError, InputError
from analysis.reference import policy
from analysis.runner.pages import pseudonyms
from analysis.settings import load
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
    return check_edition(root, edition, pages=pages, work=work)


def check_edition(root: Path, edition: str, *, pages: Path, work: Path) -> Found:
    """Attack rendered pages; the result lies in ``protected`` for the data-protection officer.

    Raises:
        GateError: naming the tables and cells that are narrower than the policy.
    """
    thresholds = dataclasses.asdict(Thresholds.of(policy(), load(root).profile))
    about = json.loads((work / "protected" / "about.json").read_text(encoding="utf-8"))
    cells = pd.read_parquet(work / "protected" / "cells.parquet")
    silent = cells[cells["status"] == "withheld"]
    reasons = dict(zip(silent[list(KEYS)].itertuples(index=False, name=None), silent["reason"], strict=True))
    found = attack(pages, thresholds, period=about["period"], secrets=near_side(work / "tables"), reasons=reasons)
    for language in LANGUAGES:
        write_page(work / "protected" / PAGE.format(language), page(found, edition=edition, language=language))
    said = sentence(found, edition)
    if said:
        raise GateError(said)
    return found


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
