"""What an edition says about itself: names, dates, records, definitions, assumptions, passport."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analysis.comparators import beside, held
from analysis.edition import passport
from analysis.edition.assumptions import register as assumption_register
from analysis.periods import shift
from analysis.reference import definitions, load, occupations
from analysis.reference.policies import Policy
from analysis.sections.own import own_definitions
from analysis.sections.registry import topics
from analysis.settings import Settings
from analysis.tables.protected import ORGANISATION
from analysis.workforce.groups import OTHER


class Workspace(Protocol):
    """What a record is made from: the tables and small records of an edition's stages, and what they were made with."""

    root: Path
    seed: int
    period: str

    @property
    def settings(self) -> Settings:
        """The installation's settings."""

    @property
    def given(self) -> dict[str, Any]:
        """What a preview tries: parameters that notebooks were given in place of what is set."""

    @property
    def policy(self) -> Policy:
        """The disclosure policy."""

    def facts(self, name: str) -> dict[str, Any]:
        """A small record that a stage kept."""

    def need(self, name: str) -> pd.DataFrame:
        """A table that a stage always writes."""

    def table(self, name: str) -> pd.DataFrame | None:
        """A near-side table; None where there is none."""

    def result(self, name: str) -> pd.DataFrame | None:
        """A group result; None where there is none."""


OPTIONAL = (
    "exits", "hours", "absences", "organisation", "qualifications", "competence", "training", "managers",
    "vacancies", "volumes", "staffing_ratios", "activities", "requirements",
)  # fmt: skip


def _overturned(stage: Workspace) -> list[dict[str, str]]:
    """Assumptions that would change which departments lack most, by names alone; departments with a page only."""
    table = stage.result("staffing_overturned")
    if table is None:
        return []
    names = set(stage.need("departments")["key"])
    columns = ["assumption", "end", "department", "overtaken"]
    rows = table[columns].astype("str").itertuples(index=False, name=None)
    return [dict(zip(columns, row, strict=True)) for row in rows if {row[2], row[3]} <= names]


def _unknown_share(cells: pd.DataFrame) -> float | None:
    """Share of the leavers without a known cause, from protected cells: None unless both counts are shown."""
    whole = cells[(cells["table"] == "exits") & (cells["department"] == ORGANISATION)].set_index("row")["value"]
    unknown, total = whole.get("unknown", float("nan")), whole.get("total", float("nan"))
    return float(unknown / total) if total > 0 and unknown == unknown else None


def comparator_files(root: Path, settings: Settings) -> list[Path]:
    """The files of fetched comparators that the settings name: explicit inputs, never fetched by a build."""
    return [root / name for name in settings.comparators.files]


def model_card(used: Sequence[str]) -> dict[str, Any]:
    """Words and rules of the model card (``model_card.toml``).

    Returns:
        features: what this edition's forecasts rest on; grounds: those of them that are grounds of discrimination, with
        what is done about it; excluded: what is left out on purpose; chance: limits below which a forecast is hardly
        better than chance.
    """
    words = load("model_card")
    known = {entry["column"]: entry for entry in words["feature"]}
    features = [{"sv": known[column]["sv"], "en": known[column]["en"]} for column in used]
    grounds = [
        {"sv": known[column]["ground_sv"], "en": known[column]["ground_en"]}
        for column in used
        if "ground_sv" in known[column]
    ]
    excluded = [{"sv": entry["sv"], "en": entry["en"]} for entry in words["excluded"]]
    return {"features": features, "grounds": grounds, "excluded": excluded, "chance": words["chance"]}


VERSION = ("formula_sv", "population", "period_rule", "level", "valid_from")
"""Fields of a definition that make figures before and after a change two series."""


def definition_breaks(after: str) -> list[dict[str, str]]:
    """Definitions that have changed since the edition before: where a series must carry a break mark.

    Args:
        after: workspace of the edition before, '' if none.

    Returns:
        definition, since (its ``valid_from``), before (the earlier ``valid_from``, or the definition it replaces).
    """
    if not after:
        return []
    record = json.loads((Path(after) / "protected" / "about.json").read_text(encoding="utf-8"))
    earlier = {entry["id"]: entry for entry in record.get("definitions", [])}
    found = []
    for name, entry in definitions().items():
        was = earlier.get(name)
        if was is None and entry["replaces"] in earlier:
            found.append({"definition": name, "since": entry["valid_from"], "before": entry["replaces"]})
        elif was is not None and any(was.get(field, entry[field]) != entry[field] for field in VERSION):
            found.append({"definition": name, "since": entry["valid_from"], "before": was["valid_from"]})
    return found


def next_edition(period: str, extracted: str, *, months_between: int) -> str:
    """The month of the next edition: the first, in steps of ``months_between``, after both the cut-off and the extract.

    Args:
        period: cut-off month.
        extracted: day of the extract, "YYYY-MM-DD".
        months_between: months from one edition to the next.
    """
    month = shift(period, months_between)
    while month <= extracted[:7]:
        month = shift(month, months_between)
    return month


def doubted(stage: Workspace) -> dict[str, int]:
    """How many doubts of each kind are large enough for pages to name, by kind; never their words or their size.

    A doubt counts from ``policy.doubts``: so many persons and such a share of those in post; one whose size nobody
    knows counts.
    """
    found = [
        *stage.facts("delivery").get("quality", {}).get("doubts", ()),
        *stage.facts("workforce").get("doubted", ()),
    ]
    rule, staff = stage.policy.doubts, float(stage.need("groups")["at_risk"].sum())
    least = max(rule.min_persons, rule.min_share * staff)
    kinds = [each["kind"] for each in found if not each["persons"] or each["persons"] >= least]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def about(
    stage: Workspace,
    cells: pd.DataFrame,
    *,
    edition: str,
    after: str,
    register: str,
    preview: bool,
    breaks: list[dict[str, str]] | None = None,
    tried: str = "",
    effects: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The record that every report of the edition reads (``about.json``).

    Args:
        stage: the disclosure stage.
        cells: protected cells.
        edition: name of the edition.
        after: name of the edition before, '' if none.
        register: SHA-256 of what that edition released, '' if none.
        preview: whether only some departments are rendered.
        breaks: result of ``definition_breaks``.
        tried: what a preview tries otherwise than the edition, in words; '' for nothing.
        effects: what it says of its effect ledger.
    """
    delivery = stage.facts("delivery")
    workforce = stage.facts("workforce")
    turnover = stage.facts("turnover")
    told = stage.facts("staffing").get("measures", {})
    named = {key: {"sv": entry["sv"], "en": entry["en"]} for key, entry in occupations().items()}
    named |= delivery.get("occupations", {})
    named |= {
        OTHER: {"sv": "övriga yrkesgrupper", "en": "other occupations"},
        "unknown": {"sv": "yrke saknas i leveransen", "en": "occupation not in the delivery"},
    }
    shown = set(cells["definition"])
    measures = {entry["measure"] for entry in definitions().values() if entry["id"] in shown}
    # with every variant of a measure that is shown: one that is not computed says why
    used = [entry for entry in definitions().values() if entry["measure"] in measures]
    used += [entry for entry in own_definitions(stage.root) if entry["id"] in shown]
    files = comparator_files(stage.root, stage.settings)
    record = stage.root / "data/processed" / after / "protected/about.json"
    counted = cells["status"].isin(["published", "zero", "withheld"]).sum()
    withheld = int((cells["status"] == "withheld").sum())
    return {
        "municipality": delivery["municipality"],
        "municipality_en": delivery["municipality_en"],
        "delivery": delivery["name"],
        "extracted": delivery["extracted"],
        "period": stage.period,
        "edition": edition,
        "horizon": shift(stage.period, 12),
        "next_edition": next_edition(
            stage.period, delivery["extracted"], months_between=stage.policy.editions.months_between
        ),
        "profile": stage.settings.profile,
        "contact": stage.settings.contact.model_dump(),
        "data_protection": stage.settings.data_protection.model_dump(),
        "records": passport.records(stage.need("ledger")),
        "files": passport.ledger_rows(stage.need("ledger")),
        # how many findings, never their words: they name counts that nobody has protected
        "quality": {name: value for name, value in delivery.get("quality", {}).items() if name != "notices"}
        | {"doubts": doubted(stage)},
        "corrections": delivery.get("corrections", {}),
        "cells": len(cells),
        "withheld_cells": withheld,
        "withheld_share": withheld / counted if counted else 0.0,
        "unknown_cause_share": _unknown_share(cells),
        "after": after or None,
        "topics": topics(cells),
        "preview": preview,
        "tried": tried,
        "has": {name: stage.table(name) is not None for name in OPTIONAL},
        # months only: from when on leavers and reasons count, and where tables end before the cut-off
        "history": {
            "observed_from": workforce.get("observation", {}).get("since", ""),
            "reasons_from": workforce.get("reasons", {}).get("since", ""),
            "covered": workforce.get("covered", {}),
            "awaited": workforce.get("awaited", {}),
            "rules": {name: workforce.get(name, {}).get("rule", "") for name in ("observation", "reasons")},
        },
        # small departments that are forecast with a large one, so that its page can say so
        "joined": workforce.get("joined", {}),
        "notes": [*workforce.get("notes", []), *turnover.get("notes", []), *stage.facts("staffing").get("notes", [])],
        "methods": turnover.get("methods", {}),
        "model_card": model_card(turnover.get("features", [])) | {"accepted": turnover.get("accepted", [])},
        "occupations": named,
        "definitions": used,
        "breaks": breaks or [],
        "comparators": beside(used, held(files), period=stage.period, headcount=cells[cells["table"] == "headcount"]),
        "assumptions": assumption_register(told, stage.given),
        "need_sources": stage.facts("staffing").get("need", []),
        "overturned": _overturned(stage),
        "measures": {key: value for key, value in told.items() if key != "files"},
        "effects": effects or {},
        "passport": {
            # what a file about persons hashes to is not for pages: run.json names it by a keyed hash
            "inputs": [[name, ""] for name, _ in delivery["inputs"]]
            + [list(pair) for pair in delivery.get("compared", ())]
            + ([[f"register {after}", register]] if after else [])
            + ([[f"definitions {after}", passport.file_hash(record)]] if after and record.is_file() else [])
            + [[path.name, passport.file_hash(path)] for path in files]
            + [list(named) for named in passport.own_hashes(stage.root)]
            + [[f"scenario {name}", digest] for name, digest in told.get("files", ())],
            "parameters": {
                "period": stage.period,
                "profile": stage.settings.profile,
                "draws": stage.given.get("draws", stage.settings.draws),
            },
            "episodes": delivery.get("episodes", {}),
            "versions": passport.versions(),
            "code": passport.code_hash(stage.root),
            "seed": stage.seed,
            "policy_edition": stage.policy.edition,
        },
    }
