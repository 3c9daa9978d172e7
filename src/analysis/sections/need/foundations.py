"""What the need rests on."""

from __future__ import annotations

from typing import Any

from analysis.publishing.objects.atoms import Name, Tally, Term, Year
from analysis.publishing.objects.stock import Line, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "foundations",
    places=(
        Place("figures", after="posts_record", pages=("organisation",)),
        Place("figures", after="staffing_record", pages=("department",)),
    ),
)


BY_VOLUME = ("volumes", "population")
"""Sources of the need that move with the population forecast."""


@section.show
def show(report: ProtectedReport) -> Table | None:
    """What the need rests on: workload, volumes, population or budget, with the vintage and the last year it reaches.

    For the whole organisation how many departments follow each source.
    """
    whole = report.department.status == "organisation"
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in report.about.get("need_sources", ()):
        if whole or entry["department"] == report.department.key:
            found.setdefault((entry["source"], entry["vintage"]), []).append(entry)
    if not found:
        return None
    rows = []
    for (source, vintage), entries in sorted(found.items()):
        until = Year(str(min(entry["until"] for entry in entries)))
        named = Name.same(vintage) if vintage else Term("need_source.own")
        cells = (named, until, *((Tally.total(entries),) if whole else ()))
        rows.append(Line(Term(f"need_source.{source}"), cells))
    names = ("need_source", "vintage", "until", *(("departments",) if whole else ()))
    columns = tuple(Term(f"column.{name}") for name in names)
    notes = [Term("need_source.note")]
    notes += [Term("need_source.note.vintage")] if any(source in BY_VOLUME for source, _ in found) else []
    return Table(Term("need_source.caption"), columns, tuple(rows), tuple(notes))
