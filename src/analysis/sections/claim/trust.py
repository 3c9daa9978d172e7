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


def _last_forecast(report: ProtectedReport) -> Line:
    head = Term("trust.last")
    for origin in reversed(report.keys("track_record")):
        expected, observed = (report.cell("track_record", origin, column) for column in ("expected", "observed"))
        if expected.shown and observed.shown and expected.has_interval:
            args = {"expected": expected, "observed": observed, "month": Month(shift(origin, 12))}
            return Line(head, (Term("trust.last.text", args),))
    return Line(head, (Term("trust.last.none"),))
