"""The page's claim and what supports it: which sentence the published cells allow.

Every sentence is chosen by what is shown, and every figure in it is a published cell. Where the delivery lacks
vacancies there is no gap; then the page says how many leave and have to be replaced. Where nothing may be shown it
says that.
"""

from __future__ import annotations

from analysis.publishing.atoms import Month, Name, PlanRow, Tally, Term
from analysis.publishing.naming import place
from analysis.publishing.need import bridge_digits_of, horizon, left, need, steps
from analysis.publishing.objects import Step, Verdict
from analysis.publishing.rounding import direction, printed
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell, Department, ProtectedReport

section = Section(
    "verdict",
    places=Place("claim", after="masthead"),
    reads=("bridge", "leavers", "key_figures", "headcount", "definitions"),
)


LONGEST_NAME = 4
"""A department with more words in its name than this is "the department" in the headline."""


@section.show
def show(report: ProtectedReport) -> Verdict:
    """The headline (at most 25 words in every language) and up to three supporting sentences."""
    gap = need(report, "gap")
    plan = [row for row in PlanRow.all(report) if row.status != "done"]
    late = Tally.late(plan)
    support = [Term("verdict.late", {"n": late})] if late.n else []
    if not gap.shown or not gap.has_interval:
        return Verdict(_without_gap(report), (*_why_no_gap(report), *support))
    carried = [*steps(report), Step(Term("bridge.recruitment"), need(report, "recruitment"))]
    carried = [step for step in carried if step.cell.shown]
    carried.append(Step(Term("bridge.gap", {"month": horizon(report)}), gap))
    return Verdict(_with_gap(report, gap), (*_supports(report), *support), tuple(carried))


def _with_gap(report: ProtectedReport, gap: Cell) -> Term:
    args = {"who": who(report), "gap": gap, "month": horizon(report)}
    way = direction(gap)
    if way != "lack":
        return Term(f"verdict.{way}", args)
    own, leaving = printed(need(report, "resignation"), bridge_digits_of(report)), left(report)
    if own is None or leaving is None or not 0 < own.value < leaving.value:
        return Term("verdict.lack", args)
    return Term(
        "verdict.lack.own_request",
        args | {"leaving": leaving, "own": need(report, "resignation")},
    )


def _supports(report: ProtectedReport) -> list[Term]:
    said = []
    opening, change = need(report, "opening"), need(report, "need_change")
    figure = printed(opening)
    if figure is not None and figure.value != 0:
        word = "lack" if figure.value > 0 else "surplus"
        said.append(Term(f"verdict.opening.{word}", {"n": opening, "month": Month(report.about["period"])}))
    figure = printed(change)
    if figure is not None:
        word = "same" if figure.value == 0 else "up" if figure.value > 0 else "down"
        said.append(Term(f"verdict.need.{word}", {"n": change, "month": horizon(report)}))
    return said


def _without_gap(report: ProtectedReport) -> Term:
    args = {"who": who(report), "month": horizon(report)}
    leavers = report.cell("leavers", TOTAL, "12m")
    if leavers.shown and leavers.has_interval:
        own = report.cell("leavers", "resignation", "12m")
        if own.shown and own.has_interval and printed(own).value > 0:  # type: ignore[union-attr]
            return Term("verdict.leavers.own_request", args | {"leavers": leavers, "own": own})
        return Term("verdict.leavers", args | {"leavers": leavers})
    gross = need(report, "recruitment")
    if gross.shown and gross.has_interval:
        return Term("verdict.recruitment", args | {"gross": gross})
    rate = report.cell("key_figures", "own_request", "now")
    if rate.shown:
        known = "leaving_all" if rate.definition == "leaving_all" else "own_request"
        return Term(
            f"verdict.rate.{known}",
            {"who": who(report), "rate": rate, "month": Month(report.about["period"])},
        )
    return _of_structure(report) or Term("verdict.silent", args)


def _of_structure(report: ProtectedReport) -> Term | None:
    """Who is in post, and how many of them reach pension age: what needs no history; None where it is not shown."""
    staff = report.cell("headcount", "total")
    if not staff.shown:
        return None
    now = report.about["period"]
    args = {"who": who(report), "staff": staff, "month": Month(now)}
    reach = report.cell("definitions", "reach_riktalder_3y", "now")
    if not reach.shown:
        return Term("verdict.staff", args)
    return Term("verdict.staff.reach", args | {"reach": reach, "until": Month(f"{int(now[:4]) + 3}{now[4:]}")})


def _why_no_gap(report: ProtectedReport) -> list[Term]:
    gap = need(report, "gap")
    if gap.status == "withheld":
        return [Term("verdict.gap_withheld")]
    month = report.about.get("history", {}).get("awaited", {}).get("turnover")
    if month:
        return [Term("verdict.awaits", {"month": Month(month)})]
    if "note.no_forecast" in report.about.get("notes", ()):
        return [Term("note.no_forecast")]
    has = report.about.get("has", {})
    return [Term("verdict.no_gap" if has.get("vacancies") else "verdict.no_vacancies")]


def who(report: ProtectedReport) -> Department | Name | Term:
    """Whom the headline is about."""
    department = report.department
    if department.status == "organisation":
        return place(report)
    longest = max(len(department.name.split()), len(department.name_en.split()))
    return Term("verdict.department") if longest > LONGEST_NAME else department
