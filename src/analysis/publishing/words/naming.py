"""The names of what pages show: occupations, parts of the need, levers, covariates, months of forecast years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.reference import CAUSES, load
from analysis.tables.protected import TOTAL, ProtectedReport


def place(report: ProtectedReport) -> Name:
    """The municipality's name."""
    return Name(report.about["municipality"], report.about.get("municipality_en") or report.about["municipality"])


def part_label(part: str) -> Term:
    """The name of a part of the need."""
    return Term(f"cause.{part}" if part in CAUSES else f"bridge.{part}")


def occupation(report: ProtectedReport, key: str) -> Name | Term:
    """The name of an occupational group."""
    if key in (TOTAL, "hourly", "other_occupations") and key not in report.about.get("occupations", {}):
        return Term(f"occupation.{key}")
    names = report.about.get("occupations", {}).get(key, {})
    plain = key.replace("_", " ")
    return Name(names.get("sv") or plain, names.get("en") or names.get("sv") or plain)


def lever_names(report: ProtectedReport) -> dict[str, Name]:
    """The names of the levers that the edition knows, by id."""
    return {entry["id"]: Name(entry["sv"], entry["en"]) for entry in _told(report).get("levers", ())}


def deciders(report: ProtectedReport) -> dict[str, Name]:
    """Who usually decides on a lever, by its id; levers of which that is not said are left out."""
    levers = (entry for entry in _told(report).get("levers", ()) if entry.get("decides_sv"))
    return {entry["id"]: Name(entry["decides_sv"], entry["decides_en"] or entry["decides_sv"]) for entry in levers}


def scenarios(report: ProtectedReport) -> dict[str, Name]:
    """The names of the edition's scenarios, by id."""
    return {entry["id"]: Name(entry["sv"], entry["en"]) for entry in _told(report).get("scenarios", ())}


def _told(report: ProtectedReport) -> Mapping[str, Any]:
    return report.about.get("measures", {})


def months(report: ProtectedReport, years: Iterable[str]) -> tuple[Month, ...]:
    """The months in which forecast years end."""
    return tuple(Month(f"{year}-{report.about['horizon'][5:7]}") for year in years)


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in load("covariates")["covariate"]}


def covariate(key: str) -> Name:
    """The name of a covariate (``covariates.toml``)."""
    entry = _entries().get(key, {"sv": key.replace("_", " "), "en": key.replace("_", " ")})
    return Name(entry["sv"], entry["en"])


def named(file: str, kind: str, key: str) -> Name:
    """The name of an entry of a reference file; an unknown one keeps its id."""
    for entry in load(file).get(kind, ()):
        if entry["id"] == key:
            return Name(entry["sv"], entry["en"])
    return Name(key.replace("_", " "), key.replace("_", " "))
