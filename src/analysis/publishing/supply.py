"""What stands beside the bridge: what it holds within it, what it hangs on, and how the last forecast of staff did."""

from __future__ import annotations

from typing import Any

from analysis.publishing.atoms import Fact, Month, Term, Year
from analysis.publishing.objects import Line, Note, Table
from analysis.publishing.parts import occupation
from analysis.publishing.rounding import beside
from analysis.publishing.wording import last_month, need, part_label
from analysis.tables.protected import ORGANISATION, ProtectedReport

SHOWN_ASSUMPTIONS = 5
BY_VOLUME = ("volumes", "population")
"""Sources of the need that move with the population forecast."""
GAP_RECORD = {
    "departments": "comparisons", "hit_rate": "hit_rate", "forecast_error": "model_error", "model_error": "alone_error",
    "yardstick_error": "yardstick_error",
}  # fmt: skip
"""Measures of the gap's track record in the order of the page, and the message of each one's column."""


def within(report: ProtectedReport) -> Table | Note:
    """Hourly paid, absence cover and unqualified in post, now and at the horizon."""
    rows = []
    for part in report.keys("within"):
        cells = (report.cell("within", part, "now"), report.cell("within", part, "horizon"))
        rows.append(Line(part_label(part), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("within.caption")}) if rows else Term("absent.within"))
    columns = (Term("column.part"), Term("column.within_now"), Term("column.year_end", {"month": last_month(report)}))
    return Table(Term("within.caption"), columns, tuple(rows), (Term("within.note"),))


def foundations(report: ProtectedReport) -> Table | None:
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
        named = Fact("need_sources.vintage", vintage) if vintage else Term("need_source.own")
        cells = (named, until, *((Fact("need_sources.departments", len(entries)),) if whole else ()))
        rows.append(Line(Term(f"need_source.{source}"), cells))
    names = ("need_source", "vintage", "until", *(("departments",) if whole else ()))
    columns = tuple(Term(f"column.{name}") for name in names)
    notes = [Term("need_source.note")]
    notes += [Term("need_source.note.vintage")] if any(source in BY_VOLUME for source, _ in found) else []
    return Table(Term("need_source.caption"), columns, tuple(rows), tuple(notes))


def workload(report: ProtectedReport) -> Table | None:
    """Staff that the measured work asks for beside those in post; None where nobody has measured.

    A note says why the bridge opens with another figure: with the posts that are free, not with this difference.
    """
    rows = []
    for key in report.keys("workload"):
        columns = tuple(report.cell("workload", key, name) for name in ("required", "difference", "ratio"))
        if columns[0].shown:
            rows.append(Line(occupation(report, key), (columns[0], report.cell("fte", key), *columns[1:])))
    if not rows:
        return None
    names = ("occupation", "required", "in_post", "difference", "wisn")
    return Table(
        Term("workload.caption"),
        tuple(Term(f"column.{name}") for name in names),
        tuple(rows),
        (Term("workload.note"), *_beside_the_bridge(report)),
    )


def _beside_the_bridge(report: ProtectedReport) -> tuple[Term, ...]:
    opening = need(report, "opening")
    if not opening.shown or not need(report, "gap").shown:
        return ()
    basis = "vacancies" if report.about.get("has", {}).get("vacancies") else "budget"
    return (Term(f"workload.note.{basis}", {"n": opening}),)


def sensitivity(report: ProtectedReport) -> Table | None:
    """The assumptions that move the gap most, one at a time."""
    found = [(key, report.cell("sensitivity", key, "gap")) for key in report.keys("sensitivity")]
    shown = [(key, cell) for key, cell in found if cell.shown and cell.has_interval]
    shown.sort(key=lambda pair: ((pair[1].low or 0.0) - (pair[1].high or 0.0), pair[0]))
    if not shown:
        return None
    rows = tuple(Line(part_label(key), (cell,)) for key, cell in shown[:SHOWN_ASSUMPTIONS])
    columns = tuple(Term(f"column.{name}") for name in ("assumption", "gap_range"))
    notes = (Term("sensitivity.note"), *_order(report))
    return Table(Term("sensitivity.caption", {"month": last_month(report)}), columns, rows, notes)


def _order(report: ProtectedReport) -> tuple[Term, ...]:
    """For the whole organisation: which single assumption would change the departments with the largest gaps."""
    if report.department.status != "organisation" or "overturned" not in report.about:
        return ()
    known = {item.key: item for item in report.departments if item.status == "reported"}
    found = dict.fromkeys(
        (entry["assumption"], entry["end"], entry["department"], entry["overtaken"])
        for entry in report.about["overturned"]
        if entry["department"] in known and entry["overtaken"] in known
    )
    if not found:
        return (Term("sensitivity.order_holds"),)
    return tuple(
        Term(
            f"sensitivity.order_{end}",
            {"assumption": part_label(assumption), "lost": known[lost], "gained": known[gained]},
        )
        for assumption, end, lost, gained in found
    )


def record(report: ProtectedReport) -> Table | Note:
    """The last forecast of headcount and hires beside its outcome and the yardstick."""
    origins = sorted(_layers(report))
    if not origins:
        return Note(Term("absent.staffing_record"))
    origin = origins[-1]
    rows = []
    for key in report.keys("staffing_record", layer=origin):
        cells = tuple(
            report.cell("staffing_record", key, column, layer=origin)
            for column in ("forecast", "observed", "yardstick")
        )
        rows.append(Line(Term(f"staffing_record.{key}"), (Month(origin), *cells)))
    if not any(getattr(cell, "shown", False) for row in rows for cell in row.cells[1:]):
        return Note(Term("absent.silent", {"part": Term("staffing_record.caption")}))
    names = ("quantity", "forecast_made", "expected", "observed", "yardstick_value")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("staffing_record.caption"), columns, tuple(rows), (Term("staffing_record.note"),))


def gap_record(report: ProtectedReport) -> Table | Note:
    """How earlier forecasts of the gap did beside the last value carried forward: better, worse or equal, in words."""
    rows = []
    for origin, ahead in sorted(
        report.rows("gap_record"), key=lambda pair: (pair[1], pair[0] == ORGANISATION, pair[0])
    ):
        cells = {name: report.cell("gap_record", origin, name, layer=ahead) for name in GAP_RECORD}
        word = beside(cells["forecast_error"], cells["yardstick_error"])
        if word is None:
            continue
        head: Any = Term("hit_rate.all") if origin == ORGANISATION else Month(origin)
        years = Fact("gap_record.years", int(ahead))
        rows.append(Line(head, (years, *cells.values(), Term(f"gap_record.{word}"))))
    if not rows:
        return Note(Term("absent.gap_record"))
    names = ("forecast_made", "years_ahead", *(GAP_RECORD[name] for name in GAP_RECORD), "beside_yardstick")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("gap_record.caption"), columns, tuple(rows), (*_gap_verdict(report), Term("gap_record.note")))


def _gap_verdict(report: ProtectedReport) -> list[Term]:
    """Whether the forecasts of a year ahead, and the model alone, came closer than the last value, in sentences."""
    naive, *own = (
        report.cell("gap_record", ORGANISATION, f"{name}_error", layer="1")
        for name in ("yardstick", "forecast", "model")
    )
    words = zip(("forecast", "model"), own, (beside(cell, naive) for cell in own), strict=True)
    return [Term(f"gap_record.{name}.{word}", {"own": cell, "naive": naive}) for name, cell, word in words if word]


def _layers(report: ProtectedReport) -> list[str]:
    """Origins that the edition holds a judged forecast of."""
    last = report.about["period"]
    years = [f"{int(last[:4]) - back}{last[4:]}" for back in range(1, 4)]
    return [origin for origin in years if report.keys("staffing_record", layer=origin)]
