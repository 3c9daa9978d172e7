"""What others have, and the same measure by each of its definitions: from the edition's facts to objects of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publishing.objects.atoms import Day, Name, Outside, Tally, Term, Year
from analysis.publishing.objects.stock import Definition, Family, Line
from analysis.tables.protected import Cell, ProtectedReport

OWN = "definitions"
"""The table that holds a figure by each definition."""
OWN_SOURCE = "analysis "


def _others(report: ProtectedReport, definition: str) -> list[Mapping[str, Any]]:
    """Comparators of a definition that hold for the page's unit, in the order of ``comparators.beside``."""
    unit = report.department.key
    mine = (entry for entry in report.about.get("comparators", ()) if entry["definition"] == definition)
    return [entry for entry in mine if entry["units"] is None or unit in entry["units"]]


def _args(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "figure": Outside.of(entry),
        "name": Name(entry["sv"], entry["en"]),
        "who": Name(entry["who_sv"], entry["who_en"]),
        "year": Year(str(entry["year"])),
        "source": Name(entry["source_sv"], entry["source_en"]),
    }


def beside_figure(report: ProtectedReport, definition: str) -> Line | None:
    """The comparator beside a key figure: one, by the same definition where one is held; else None.

    A figure by another definition says so, a norm is labelled as a norm, and only an unchanged value of Kolada's
    carries Kolada's name.
    """
    held = [entry for entry in _others(report, definition) if entry.get("first_screen", True)]
    if not held:
        return None
    entry = held[0]
    if entry["kind"] == "norm":
        return Line(Term("figures.norm"), (Term("compare.norm", _args(entry)),))
    words = ["compare", "same" if entry["exact"] else "other", *(["kolada"] if entry["kolada"] else [])]
    return Line(Term("figures.external"), (Term(".".join(words), _args(entry)),))


def lines(report: ProtectedReport, definition: str) -> tuple[Term, ...]:
    """Every comparator of a definition as a sentence with its source."""
    said = []
    for entry in _others(report, definition):
        spread = entry["value"] is not None and entry["low"] is not None
        word = "norm" if entry["kind"] == "norm" else "middle" if spread else "value"
        said.append(Term(f"compare.line.{word}", _args(entry)))
        if entry["kind"] != "norm" and not entry["exact"]:
            said.append(Term("compare.line.other"))
    return tuple(said)


def definition(report: ProtectedReport, entry: Mapping[str, Any], *, alone: bool = False) -> Definition:
    """A definition in words, with the page's own figure by it and what it may be compared with.

    ``alone``: the measure has no other definition; then a figure that the page has no cell for is left out.
    """
    rules = []
    for field in ("population", "period_rule"):
        swedish, english = entry.get(f"{field}_sv"), entry.get(f"{field}_en")
        if swedish and english:
            rules.append(Term(f"methods.{field}", {"what": Name(swedish, english)}))
    if entry.get("why_sv") and entry.get("why_en"):
        rules.append(Term("methods.not_computed", {"what": Name(entry["why_sv"], entry["why_en"])}))
    change = changed(report, entry["id"])
    if change is not None:
        rules.append(change)
    now = figure(report, entry)
    return Definition(
        Name(entry["sv"], entry["en"]),
        Name(entry.get("formula_sv", ""), entry.get("formula_en", "")),
        _source(entry.get("source")),
        Term(f"sensitivity.{entry['sensitivity']}") if entry.get("sensitivity") else None,
        _named(_listed(entry.get("comparable_with"))),
        tuple(rules),
        lines(report, entry["id"]),
        None if alone and now.status == "missing" else now,
    )


def changed(report: ProtectedReport, key: str) -> Term | None:
    """What is said of a definition that the edition before had otherwise: ``breaks`` of the edition."""
    for entry in report.about.get("breaks", ()):
        if entry["definition"] == key:
            return Term("methods.changed", {"day": Day(str(entry["since"]))})
    return None


def families(report: ProtectedReport) -> tuple[tuple[Family, ...], tuple[Definition, ...]]:
    """Measures with several definitions, the local one first, and the definitions that stand alone."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for entry in report.about.get("definitions", ()):
        grouped.setdefault(entry.get("measure") or entry["id"], []).append(entry)
    several, alone = [], []
    for entries in grouped.values():
        if len(entries) == 1:
            alone.append(definition(report, entries[0], alone=True))
            continue
        variants = tuple(definition(report, entry) for entry in entries)
        several.append(Family(variants[0].name, variants, Tally.total(variants)))
    return tuple(several), tuple(alone)


def figure(report: ProtectedReport, entry: Mapping[str, Any], *, department: str | None = None) -> Cell:
    """The page's figure by a definition: of the table of definitions, else where the definition says that it stands.

    ``department``: another than the page's own.
    """
    cell = report.cell(OWN, entry["id"], "now", department=department)
    place = entry.get("cell")
    if cell.status != "missing" or not place:
        return cell
    row, column = (str(place[axis]).format(period=report.about["period"]) for axis in ("row", "column"))
    return report.cell(place["table"], row, column, department=department)


def _source(text: str | None) -> Name | None:
    """Where a definition comes from; one of this project's own says so."""
    if text and text.startswith(OWN_SOURCE):
        edition = text.removeprefix(OWN_SOURCE)
        return Name(f"egen definition {edition}", f"own definition {edition}")
    return _named(text)


def _named(text: str | None) -> Name | None:
    return Name.same(text) if text else None


def _listed(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(value or ())
