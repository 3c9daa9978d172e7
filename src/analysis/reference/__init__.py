"""Reference data: definitions, causes, occupations, policy, messages. Data with editions and sources, no constants.

A municipality changes these files without touching Python. Loaders return plain, cached values; callers must not
modify what they get.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from analysis.reference import entries
from analysis.reference.parts import CAUSES as CAUSES
from analysis.reference.phrases import whole
from analysis.reference.policies import Assumption, Policy


@cache
def load(name: str) -> dict[str, Any]:
    """Return the parsed reference file ``data/<name>.toml``."""
    return tomllib.loads(files(__name__).joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def causes() -> dict[str, dict[str, Any]]:
    """Causes by id, in display order (``causes.toml``)."""
    return {entry["id"]: entry for entry in load("causes")["cause"]}


@cache
def exit_reasons() -> dict[str, dict[str, Any]]:
    """Main reasons of the exit survey by id, in display order (``exit_reasons.toml``)."""
    return entries.by_id(entries.ExitReason, load("exit_reasons")["reason"], "exit_reasons.toml")


@cache
def occupations() -> dict[str, dict[str, Any]]:
    """Occupational groups by id (``occupations.toml``)."""
    return {entry["id"]: entry for entry in load("occupations")["occupation"]}


@cache
def occupation_by_aid() -> dict[str, str]:
    """AID code (six digits, text) → occupation id."""
    return {code: key for key, entry in occupations().items() for code in entry.get("aid", ())}


@cache
def policy() -> Policy:
    """The disclosure and quarantine policy (``policy.toml``), every threshold's one home."""
    return entries.parsed(Policy, load("policy"), "policy.toml")


@cache
def assumptions() -> dict[str, Assumption]:
    """Every number of the forecasts that is not data, by id (``assumptions.toml``)."""
    found = [entries.parsed(Assumption, entry, "assumptions.toml") for entry in load("assumptions")["assumption"]]
    return {entry.id: entry for entry in found}


def assumption(id: str) -> float:
    """The middle value of an assumption."""
    return assumptions()[id].mid


@cache
def episode_rules() -> dict[str, dict[str, Any]]:
    """Rules that make employments one history, by id, in the order they are applied (``policy.toml``)."""
    return {key: rule.model_dump(mode="json") for key, rule in policy().episodes.items()}


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Named indicators by id (``definitions*.toml``), phrases written out and every field checked."""
    first = load("definitions")
    every = first | {"definition": [*first["definition"], *load("definitions_practices")["definition"]]}
    return entries.by_id(entries.Definition, whole(every), "definitions.toml")


@cache
def key_figures() -> dict[str, list[str]]:
    """The five figures of the first screen: slot → definition ids, the first one delivered is shown."""
    return load("definitions")["key_figures"]


@cache
def ladders() -> dict[str, dict[str, Any]]:
    """Competence ladders by id (``ladders.toml``); ``steps`` in order, step 1 first."""
    return entries.by_id(entries.Ladder, load("ladders")["ladder"], "ladders.toml")


@cache
def competences() -> dict[str, dict[str, Any]]:
    """Competences without levels by id (``competences.toml``)."""
    return entries.by_id(entries.Competence, load("competences")["competence"], "competences.toml")


@cache
def courses() -> dict[str, dict[str, Any]]:
    """Courses and pipelines by id (``courses.toml``)."""
    return entries.by_id(entries.Course, load("courses")["course"], "courses.toml")


@cache
def business_plan() -> dict[str, Any]:
    """The business plan's years, boards, areas and numbered assignments (``business_plan.toml``)."""
    return entries.checked(entries.BusinessPlan, load("business_plan"), "business_plan.toml")
