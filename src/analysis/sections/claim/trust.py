"""How far the page can be trusted."""

from __future__ import annotations

from analysis.periods import shift
from analysis.publishing.objects.atoms import Day, Fact, Month, Term
from analysis.publishing.objects.need import method, need
from analysis.publishing.objects.stock import Line, Trust
from analysis.publishing.words.rounding import printed
from analysis.sections.section import Place, Section
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

section = Section(
    "trust",
    places=Place("claim", after="groups"),
    reads=("bridge", "hit_rate", "track_record", "posts_record", "empty_outcome", "need_outcome"),
)


@section.show
def show(report: ProtectedReport) -> Trust:
    """How sure: what the headline said last and its outcome, the leavers' record, the data, what is withheld."""
    lines = [*_headline_before(report), *_headline_record(report), *_method(report), *_previous(report)]
    if not lines or lines[0].head != Term("trust.headline"):
        lines.append(_last_forecast(report))  # what is known of the headline says more; leavers stand in Underlag
    extracted = report.about.get("extracted")
    counts = {name: Fact.of(report, "records", name) for name in ("quarantined", "read")}
    if extracted and all(counts.values()):
        args = {"day": Day(extracted), "rejected": counts["quarantined"], "read": counts["read"]}
        text, found = "trust.data.text", Fact.of(report, "quality", "found")
        if found is not None and found.value:
            text, args = "trust.data.checked", {**args, "found": found}
        lines.append(Line(Term("trust.data"), (Term(text, args),)))
    lines += [*_history(report), *_doubts(report)]
    share = Fact.of(report, "withheld_share")
    if share is not None:
        lines.append(Line(Term("trust.withheld"), (Term("trust.withheld.text", {"share": share}),)))
    if report.about.get("next_edition"):
        lines.append(Line(Term("trust.next"), (Month(report.about["next_edition"]),)))
    email = Fact.of(report, "contact", "email")
    if email is not None:
        lines.append(Line(Term("trust.contact"), (email,)))
    return Trust(tuple(lines))


def _headline_before(report: ProtectedReport) -> list[Line]:
    """The last forecasts of what must be filled and stays empty that are over, each beside its outcome."""
    said = []
    for quantity, table in (("recruitment_need", "need_outcome"), ("empty", "empty_outcome")):
        origins = sorted({layer for _, layer in report.rows(table)}, reverse=True)
        for origin in origins:
            forecast, outcome = (report.cell(table, quantity, name, layer=origin) for name in ("forecast", "observed"))
            before, after = printed(forecast), printed(outcome)
            if before is None or after is None or before.low is None or before.high is None:
                continue
            place = "inside" if before.low <= after.value <= before.high else "outside"
            args = {"forecast": forecast, "observed": outcome, "month": Month(shift(origin, 12))}
            said.append(Term(f"trust.{quantity}.{place}", args))
            break
    return [Line(Term("trust.headline"), tuple(said))] if said else []


def _headline_record(report: ProtectedReport) -> list[Line]:
    """How often the intervals of both have held over all departments, beside their target."""
    rates = {name: _record(report, name, "hit_rate") for name in ("recruitment_need", "empty")}
    if not all(cell.shown for cell in rates.values()):
        return []
    return [Line(Term("trust.coverage"), (Term("trust.coverage.text", rates),))]


def _method(report: ProtectedReport) -> list[Line]:
    """What is shown of empty posts, a blend or the last value, and how often each has come closer."""
    names = ("forecast_error", "last_error", "origins", "blended", "lost")
    cells = {name: _record(report, "empty", name) for name in names}
    if not all(cell.shown for cell in cells.values()):
        return [Line(Term("trust.method"), (Term("trust.method.alone"),))] if _no_record(report) else []
    shown = method(report)
    tried = "tried" if (cells["blended"].value or 0.0) > 0 else "untried"
    said = (Term(f"trust.method.{shown}"), Term(f"trust.method.{tried}", cells))
    return [Line(Term("trust.method"), (Term("trust.both", {"one": said[0], "other": said[1]}),))]


def _no_record(report: ProtectedReport) -> bool:
    """Is something said of empty posts although no forecast of them has been judged?"""
    return need(report, "empty").shown


def _record(report: ProtectedReport, quantity: str, column: str) -> Cell:
    return report.cell("posts_record", quantity, column, layer="12", department=ORGANISATION)


def _previous(report: ProtectedReport) -> list[Line]:
    """What the edition before said about the same month."""
    now = report.about.get("horizon", "")
    before = {name: report.cell("bridge", name, now[:4], layer="previous") for name in ("recruitment_need", "empty")}
    if not before["recruitment_need"].shown:
        return []
    word = "both" if before["empty"].shown else "need"
    args = before | {"month": Month(now)}
    return [Line(Term("trust.previous"), (Term(f"trust.previous.{word}", args),))]


DOUBTS = {
    "mass_exits": "mass", "mass_exits_department": "mass", "exits_unmatched": "exits", "causes_lost": "causes",
    "table_ended": "ended", "no_exits": "months", "no_hires": "months", "no_exits_before": "months",
    "no_hires_before": "months", "period_missing": "months", "period_zero": "months", "decimal_shift": "units",
    "decimal_shift_file": "units", "rates_small": "units", "pay_small": "units", "persons_differ": "persons",
    "ages_impossible": "persons", "future_dates": "dates", "department_gone": "departments",
    "department_emptied": "departments", "department_no_rate": "units", "table_gone": "columns", "rows_jump": "columns",
    "column_empty": "columns", "column_zero": "columns", "other": "other",
}  # fmt: skip
"""Kinds of doubts that may move a figure, and the words for them; a new category or department is no doubt."""


def _history(report: ProtectedReport) -> list[Line]:
    """Since when leaving and its causes are counted, and who is forecast with this department."""
    held = report.about.get("history", {})
    lines = []
    if "observed_from" in held:
        since, reasons = held["observed_from"], held.get("reasons_from", "")
        name = "none" if not since else "both" if since == reasons else "reasons" if reasons else "exits"
        months = {"month": since, "reasons": reasons}
        needed = {"none": (), "both": ("month",), "reasons": ("month", "reasons"), "exits": ("month",)}[name]
        text = Term(f"trust.history.{name}", {key: Month(months[key]) for key in needed})
        lines.append(Line(Term("trust.history"), (text,)))
    names = {department.key: department for department in report.departments}
    joined = tuple(names[key] for key in report.about.get("joined", {}).get(report.department.key, ()) if key in names)
    if joined:
        lines.append(Line(Term("trust.joined"), (Term("trust.joined.text", {"names": joined}),)))
    return lines


def _doubts(report: ProtectedReport) -> list[Line]:
    """What ``check`` doubts, by kind, where it is large enough to move a figure; nothing where there is nothing."""
    kinds = dict.fromkeys(DOUBTS[kind] for kind in report.about.get("quality", {}).get("doubts", {}) if kind in DOUBTS)
    if not kinds:
        return []
    named = tuple(Term(f"trust.doubt.{kind}") for kind in kinds)
    return [Line(Term("trust.doubts"), (Term("trust.doubts.text", {"kinds": named}),))]


def _last_forecast(report: ProtectedReport) -> Line:
    """The last forecast of leavers beside its outcome, and how often such intervals have held."""
    head = Term("trust.last")
    rate = report.cell("hit_rate", "all", "hit_rate", department=ORGANISATION)
    held = Term("trust.hits.text", {"rate": rate}) if rate.shown else None
    for origin in reversed(report.keys("track_record")):
        expected, observed = (report.cell("track_record", origin, column) for column in ("expected", "observed"))
        if expected.shown and observed.shown and expected.has_interval:
            said = Term("trust.last.text", {"expected": expected, "observed": observed, "origin": Month(origin)})
            return Line(head, (Term("trust.both", {"one": said, "other": held}) if held else said,))
    return Line(head, (Term("trust.last.none"),))
