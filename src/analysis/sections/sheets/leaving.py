"""Those who leave, by cause: last year beside next."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.sheets import Pair, Pairs
from analysis.publishing.objects.stock import Note
from analysis.publishing.words.rounding import printed
from analysis.reference import CAUSES
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell, Status

section = Section(
    "leaving",
    places=Place("people", after="retiring"),
    reads=("exits", "leavers", "unknown_reasons"),
    awaits=("leavers.caption", "turnover"),
)


@section.show
def show(report: Scope) -> Pairs | Note | None:
    """A row per cause that is expected or was, the whole last."""
    whole = report.cell("exits", TOTAL)
    rows = []
    for cause in (*CAUSES, TOTAL):
        before, after = report.cell("exits", cause), report.cell("leavers", cause, "12m")
        if whole.status is Status.ZERO and before.status is Status.WITHHELD:
            before = whole
        if after.shown and after.has_interval and any(_counts(cell) for cell in (before, after)):
            rows.append(Pair(Term(f"cause.{cause}") if cause != TOTAL else Term("leaving.total"), before, after))
    if not rows:
        silent = any(report.cell("leavers", cause, "12m").status == "withheld" for cause in (*CAUSES, TOTAL))
        return Note(Term("leaving.silent")) if silent else None
    ahead = report.cell("leavers", TOTAL, "12m")
    title = Term(f"leaving.{_change(whole, ahead)}")
    share = report.cell("unknown_reasons", "share")
    unknown = share.shown and (share.value or 0.0) > 0
    notes = (Term("leavers.unknown.share", {"share": share}),) if unknown else ()
    return Pairs(title, Term("leaving.lead"), tuple(rows), Term("leaving.before"), Term("leaving.after"), notes)


def _counts(cell: Cell) -> bool:
    figure = printed(cell)
    return figure is not None and figure.value != 0


def _change(before: Cell, after: Cell) -> str:
    past, ahead = printed(before), printed(after)
    if past is None or ahead is None or ahead.low is None or ahead.high is None:
        return "expected"
    return "fewer" if ahead.high < past.value else "more" if ahead.low > past.value else "same"
