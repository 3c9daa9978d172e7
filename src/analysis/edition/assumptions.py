"""The register of assumptions: every number in the forecast that is not data, with range, source, owner and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.reference import courses, load
from analysis.reference.strategies import closing

COST = {"cost_per_fte": "kronor_fte", "cost_fixed": "kronor_year"}
STUDY = {"completion": "share", "backfill": "share", "work_share": "share", "years": "years"}


def register(told: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The register of an edition.

    Args:
        told: what the staffing stage kept of its levers (``stages.levers.keep_measures``); {} without levers.
        given: numbers that a preview tries instead of the reference data's, by their id.

    Returns:
        Entries: id, what (kind of number), of_sv, of_en (what it is about), low, mid, high (None: a choice without a
        range), unit, source, source_en, owner, dated.
    """
    tried = {id: {"low": None, "mid": value, "high": None} for id, value in (given or {}).items()}
    entries = [_plain(entry | tried.get(entry["id"], {})) for entry in load("assumptions")["assumption"]]
    for lever in told.get("levers", ()):
        entries += _of_lever(lever)
    for scenario in told.get("scenarios", ()):
        own = {lever["id"]: lever for lever in told["levers"]}
        for lever in scenario["levers"]:
            if any(lever[key] != own.get(lever["id"], {}).get(key) for key in ("low", "mid", "high", "lead_years")):
                entries.append(_size(lever, scenario))
            if lever.get("fill_rate") is not None:
                entries.append(_rate(lever, scenario))
    if told:
        entries.append(_plain({"id": "overlap", **closing()["overlap"]}))
    entries += _of_courses()
    return entries


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return _entry(entry["id"], "value", entry, [entry["low"], entry["mid"], entry["high"]], entry["unit"])


def _entry(
    id: str, what: str, about: Mapping[str, Any], numbers: Iterable[float | None], unit: str, **more: Any
) -> dict[str, Any]:
    low, mid, high = numbers
    return {
        "id": id, "what": what, "of_sv": about["sv"], "of_en": about["en"], "low": low, "mid": mid, "high": high,
        "unit": unit, "source": about["source"], "source_en": about["source_en"],
        "owner": about["owner"], "dated": str(about["dated"]),
    } | more  # fmt: skip


def _size(lever: Mapping[str, Any], scenario: Mapping[str, Any] | None = None) -> dict[str, Any]:
    key = lever["id"] if scenario is None else f"{scenario['id']}.{lever['id']}"
    numbers = [lever["low"], lever["mid"], lever["high"]]
    if scenario is None:
        names = {"sv": f"{lever['sv']}: {lever['size_sv']}", "en": f"{lever['en']}: {lever['size_en']}"}
        return _entry(key, "size", {**lever, **names}, numbers, "share")
    names = {"sv": f"{lever['sv']} ({scenario['sv']})", "en": f"{lever['en']} ({scenario['en']})"}
    owner = {"owner": scenario["owner"], "dated": scenario["dated"]}
    return _entry(key, "size", {**lever, **names, **owner}, numbers, "share")


def _rate(lever: Mapping[str, Any], scenario: Mapping[str, Any]) -> dict[str, Any]:
    names = {"sv": f"{lever['sv']} ({scenario['sv']})", "en": f"{lever['en']} ({scenario['en']})"}
    about = {**lever, **names, "owner": scenario["owner"], "dated": scenario["dated"]}
    return _entry(
        f"{scenario['id']}.{lever['id']}.fill_rate", "fill_rate", about, [None, lever["fill_rate"], None], "share"
    )


def _of_lever(lever: Mapping[str, Any]) -> list[dict[str, Any]]:
    key = lever["id"]
    found = [_size(lever), _entry(f"{key}.lead", "lead", lever, [None, lever["lead_years"], None], "years")]
    if lever["capacity"] is not None:
        found.append(_entry(f"{key}.capacity", "capacity", lever, [None, lever["capacity"], None], "fte"))
    for name, unit in COST.items():
        amount = lever[name]
        if amount["high"] > 0:
            source = {"source": lever["cost_source"], "source_en": lever["cost_source_en"]}
            numbers = [amount["low"], amount["mid"], amount["high"]]
            found.append(_entry(f"{key}.{name}", name, lever, numbers, unit, **source))
    for name, unit in STUDY.items() if lever["study"] else ():
        found.append(_entry(f"{key}.{name}", name, lever, [None, lever["study"][name], None], unit))
    return found


def _of_courses() -> list[dict[str, Any]]:
    """The share expected to complete a pipeline before its own records say otherwise."""
    found = []
    for key, entry in courses().items():
        if entry["kind"] == "pipeline":
            about = {**entry, **load("assumptions")["courses"], "dated": entry["valid_from"]}
            found.append(_entry(f"{key}.prior", "completion", about, [None, entry["completion_prior"], None], "share"))
    return found
