"""How far the page can be trusted."""

from __future__ import annotations

from analysis.periods import shift
from analysis.publishing.atoms import Day, Fact, Month, Term
from analysis.publishing.objects import Line, Trust
from analysis.sections.section import Place, Section
from analysis.tables.protected import ORGANISATION, ProtectedReport

section = Section(
    "trust",
    places=Place("claim", after="groups"),
    reads=("bridge", "hit_rate", "track_record"),
)


@section.show
def show(report: ProtectedReport) -> Trust:
    """How sure: the last forecast and its outcome, the data, what is unknown and withheld, next edition."""
    lines = [_last_forecast(report)]
    now = report.about.get("horizon", "")
    before = report.cell("bridge", "gap", now[:4], layer="previous")
    if before.shown and before.has_interval:
        lines.append(Line(Term("trust.previous"), (Term("trust.previous.text", {"gap": before, "month": Month(now)}),)))
    rate = report.cell("hit_rate", "all", "hit_rate", department=ORGANISATION)
    if rate.shown:
        lines.append(Line(Term("trust.hits"), (Term("trust.hits.text", {"rate": rate}),)))
    extracted = report.about.get("extracted")
    counts = {name: Fact.of(report, "records", name) for name in ("quarantined", "read")}
    if extracted and all(counts.values()):
        args = {"day": Day(extracted), "rejected": counts["quarantined"], "read": counts["read"]}
        text, found = "trust.data.text", Fact.of(report, "quality", "found")
        if found is not None and found.value:
            text, args = "trust.data.checked", {**args, "found": found}
        lines.append(Line(Term("trust.data"), (Term(text, args),)))
    lines += [*_history(report), *_doubts(report)]
    for name, path in (("unknown", "unknown_cause_share"), ("withheld", "withheld_share")):
        share = Fact.of(report, path)
        if share is not None:
            lines.append(Line(Term(f"trust.{name}"), (Term(f"trust.{name}.text", {"share": share}),)))
    if report.about.get("next_edition"):
        lines.append(Line(Term("trust.next"), (Month(report.about["next_edition"]),)))
    email = Fact.of(report, "contact", "email")
    if email is not None:
        lines.append(Line(Term("trust.contact"), (email,)))
    return Trust(tuple(lines))


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
    head = Term("trust.last")
    for origin in reversed(report.keys("track_record")):
        expected, observed = (report.cell("track_record", origin, column) for column in ("expected", "observed"))
        if expected.shown and observed.shown and expected.has_interval:
            args = {"expected": expected, "observed": observed, "month": Month(shift(origin, 12))}
            return Line(head, (Term("trust.last.text", args),))
    return Line(head, (Term("trust.last.none"),))
