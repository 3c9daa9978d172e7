"""The effect ledger: what was registered beforehand, what happened beside comparable groups, and what may be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.periods import shift
from analysis.publishing.objects.atoms import Fact, Month, Name, Tally, Term
from analysis.publishing.objects.stock import Line, Points, Several, Table
from analysis.publishing.words.naming import occupation
from analysis.reference.ledger import followed
from analysis.sections.results import Results, joined
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.keys import JOIN, make_keys
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

EFFECTS, OPEN = "measure_effects", "open"
DIFFERENCE = "difference"
MOST = 3
"""Departments or occupations of a measure that are named; of more their number is told."""
BY_SENSITIVITY = {"medium": "measure_effects_medium", "health": "measure_effects_health", "open": EFFECTS}

section = Section(
    "ledger",
    places=Place("levers", after="effects"),
    publishes=tuple(
        PlannedTable(
            id=table, sensitivity=kind, rule="group", lines=(), zeros="shown", group_at_least="forecast",
            published_as="" if table == EFFECTS else EFFECTS,
        )
        for kind, table in BY_SENSITIVITY.items()
    ),
    needs=("effects",),
)  # fmt: skip


def effect_facts(effects: pd.DataFrame) -> pd.DataFrame:
    """Facts ``measure_effects``: row = measure, column ``difference``, in each department that it concerns.

    The difference rests on the group's figures of several years; each of them tells of no fewer persons than the
    indicator's sensitivity asks for (``businessplan.ledger.judged`` sees to it).

    Args:
        effects: ``contracts`` Effects.
    """
    keys, rows = make_keys(effects["measure"]), []
    for line in effects[effects["value"].notna()].to_dict("records"):
        indicator = followed()[str(line["indicator"])]
        for department in str(line["departments"]).split(JOIN) if line["departments"] else [ORGANISATION]:
            rows.append(
                {
                    "table": BY_SENSITIVITY[indicator.definition["sensitivity"]], "department": department,
                    "row": keys[line["measure"]], "column": DIFFERENCE,
                    **{name: line[name] for name in ("value", "low", "high")},
                    **dict.fromkeys(("n", "numerator", "denominator"), line["n"]),
                    "unit": indicator.unit, "definition": "measure_effect",
                }
            )  # fmt: skip
    return facts(rows)


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    effects = results.table("effects")
    return joined([effect_facts(effects)] if effects is not None and len(effects) else [])


@section.show
def show(report: ProtectedReport) -> Several | Table | None:
    """Every measure that concerns the page, with what was counted on and what may be said; those taken away."""
    rows = [_line(report, place, entry, key) for place, entry, key in _entries(report)]
    if not rows and not _gone(report):
        return None
    columns = ("measure", "group", "indicator", "smallest", "difference", "verdict", "grade")
    notes = ("verdicts", "looks", "grades", "units")
    table = Table(
        Term("ledger.caption"), tuple(Term(f"column.ledger.{name}") for name in columns), tuple(rows),
        tuple(Term(f"ledger.note.{name}") for name in notes),
    )  # fmt: skip
    found = ([table] if rows else []) + _gone(report)
    return found[0] if len(found) == 1 and isinstance(found[0], Table) else Several(tuple(found))


def _entries(report: ProtectedReport) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """Measures of the page: place in the record, entry, key of its row. A department's page has its own alone."""
    entries = report.about.get("effects", {}).get("measures", ())
    keys = make_keys([entry["id"] for entry in entries])
    for place, entry in enumerate(entries):
        if report.department.status == "organisation" or report.department.key in entry["departments"]:
            yield place, entry, keys[entry["id"]]


def _line(report: ProtectedReport, place: int, entry: Mapping[str, Any], key: str) -> Line:
    cell = _cell(report, entry, key)
    indicator = followed()[entry["indicator"]]
    name = Name(indicator.definition["sv"], indicator.definition["en"])
    wanted = Fact.of(report, "effects", "measures", place, "wanted")
    direction = "lower" if entry["lower"] else "higher"
    of = "days" if indicator.unit == "days" else "point" if wanted is not None and wanted.value == 1 else "points"
    smallest = Term(f"ledger.{of}.{direction}", {"n": wanted})
    return Line(
        Name.same(entry["name"]),
        (
            _group(report, entry), name, smallest, cell if cell is not None and cell.shown else None,
            _verdict(report, place, entry, cell), _grade(report, place, entry),
        ),
    )  # fmt: skip


def _cell(report: ProtectedReport, entry: Mapping[str, Any], key: str) -> Cell | None:
    """The difference, where one of the measure's departments has a page."""
    own = report.department.key
    places = [own] if own in entry["departments"] else entry["departments"] or [ORGANISATION]
    cells = [report.cell(EFFECTS, key, DIFFERENCE, department=each) for each in places]
    return next((cell for cell in cells if cell.shown), cells[0] if cells else None)


def verdicts_shown(report: ProtectedReport) -> dict[str, str]:
    """Measure → its verdict, as far as the difference that it rests on is shown; else nothing can be said."""
    return {
        entry["id"]: entry["verdict"] if (cell := _cell(report, entry, key)) is not None and cell.shown else OPEN
        for _, entry, key in _entries(report)
    }


def _group(report: ProtectedReport, entry: Mapping[str, Any]) -> Term:
    known = {each.key: each for each in report.departments}
    departments = [known[key] for key in entry["departments"] if key in known]
    occupations = [occupation(report, key) for key in entry["occupations"]]
    where = Term("ledger.everywhere") if not entry["departments"] else _listed("departments", departments)
    if not occupations:
        return where
    who = _listed("occupations", occupations)
    return who if not departments else Term("ledger.who_where", {"who": who, "where": where})


def _listed(kind: str, names: list[Any]) -> Term:
    if not names or len(names) > MOST:
        return Term(f"ledger.{kind}", {"n": Tally.total(names)})
    return Term("ledger.names", {"names": tuple(names)})


def _verdict(report: ProtectedReport, place: int, entry: Mapping[str, Any], cell: Cell | None) -> Term:
    if entry["why"] == "early":
        return Term("ledger.why.early", {"month": Month(shift(entry["start"], 11))})
    if entry["why"]:
        return Term(f"ledger.why.{entry['why']}")
    if cell is None or not cell.shown:
        return Term("ledger.why.no_page")
    if entry["verdict"] != OPEN:
        return Term(f"ledger.verdict.{entry['verdict']}")
    for kind in ("months", "persons"):
        number = Fact.of(report, "effects", "measures", place, f"more_{kind}")
        if number is not None:
            return Term(f"ledger.open.{kind}", {"n": number})
    return Term("ledger.open.neither")


def _grade(report: ProtectedReport, place: int, entry: Mapping[str, Any]) -> Term | None:
    if not entry["grade"]:
        return Term(f"ledger.registered.{reason}") if (reason := _broken(entry)) else Term("ledger.registered")
    held = {"groups": Fact.of(report, "effects", "measures", place, "groups")} if entry["grade"] in "AB" else {}
    reason = _broken(entry) or ("few" if entry["grade"] == "B" else "")
    if not reason:
        return Term(f"ledger.grade.{entry['grade']}", held)
    return Term(f"ledger.grade.{entry['grade']}", {**held, "why": Term(f"ledger.broken.{reason}")})


def _broken(entry: Mapping[str, Any]) -> str:
    """What keeps a measure from counting as registered beforehand; '' where nothing does."""
    return next((name for name in ("late", "changed", "unseen") if entry[name]), "")


def _gone(report: ProtectedReport) -> list[Points]:
    """Measures that earlier editions followed and the delivery has no more: a ledger that forgets proves nothing."""
    if report.department.status != "organisation":
        return []
    gone = report.about.get("effects", {}).get("gone", ())
    if not gone:
        return []
    return [Points(Term("ledger.gone"), tuple(Name.same(entry["name"]) for entry in gone))]
