"""What a report notebook shows, part by part: from protected cells to page objects.

Each function takes the report and returns one object, a quiet note where the delivery lacks the part, or
None where there is nothing to say.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from analysis.publishing.atoms import Day, Fact, Month, Name, Order, PlanRow, Tally, Term
from analysis.publishing.compared import beside_figure
from analysis.publishing.locale import catalog
from analysis.publishing.measures import lever_names
from analysis.publishing.objects import (
    Activities,
    Activity,
    Bridge,
    Card,
    Group,
    Groups,
    Heading,
    KeyFigures,
    Line,
    Masthead,
    Note,
    Step,
    Trust,
    Verdict,
)
from analysis.publishing.rounding import printed
from analysis.publishing.wording import horizon, need, place, steps
from analysis.publishing.wording import verdict as _verdict
from analysis.reference import CAUSES
from analysis.tables.protected import Cell, ProtectedReport

FIGURES = ("own_request", "qualified", "pension_3y", "sick_leave", "per_manager")
SHOWN_ACTIVITIES = 5
SHOWN_GROUPS = 3
LEAST_EFFECT = 0.5
"""Full-time posts; a lever that closes less is not named as the largest."""


def masthead(report: ProtectedReport) -> Masthead:
    """Whose page it is: header and footer."""
    contact = {name: Fact.of(report, "contact", name) for name in ("name", "email", "accessibility_statement")}
    return Masthead(
        report.department,
        place(report),
        Month(report.about["period"]),
        contact["name"],
        contact["email"],
        contact["accessibility_statement"],
        Fact.of(report, "edition"),
        bool(report.about.get("preview", False)),
        tried=Fact.of(report, "tried") if report.about.get("tried") else None,
    )


def verdict(report: ProtectedReport) -> Verdict:
    """The page's claim (see ``wording``)."""
    return _verdict(report)


def bridge(report: ProtectedReport) -> Bridge | Note:
    """The need part by part; where the gap is not shown, what makes up the gross need of recruitment."""
    gap, gross = need(report, "gap"), need(report, "recruitment")
    found = steps(report)
    lacking = [part for part in ("opening", "need_change") if need(report, part).status == "missing"]
    silent = tuple(Term(f"bridge.lacks.{part}") for part in lacking)
    if gap.shown:
        recruitment = Step(Term("bridge.recruitment"), gross) if gross.shown else None
        return Bridge(
            horizon(report),
            found,
            Step(Term("bridge.gap", {"month": horizon(report)}), gap),
            recruitment,
            silent,
        )
    inner = tuple(step for step in found if step.cell.row in ("need_change", *CAUSES))
    if gross.shown and any(step.cell.shown for step in inner):
        return Bridge(horizon(report), inner, Step(Term("bridge.recruitment"), gross), None, silent)
    return Note(Term("absent.bridge"))


def groups(report: ProtectedReport) -> Groups | Note:
    """Three occupational groups with the largest gaps.

    For the whole organisation, where it has no forecast per occupation of its own, the departments'
    groups. In the order of their gaps only where their intervals part from each other, else in the order
    of the alphabet: an order that the figures do not carry is not shown.
    """
    found = _groups(report, report.department.key)
    if not found and report.department.status == "organisation":
        for item in report.departments[1:]:
            for group in _groups(report, item.key):
                name = Term("groups.at", {"group": group.name, "department": item})
                found.append(replace(group, name=name))
    if not found:
        return Note(Term("absent.groups"))
    found.sort(key=lambda group: -(group.gap.value or 0.0))
    chosen = found[:SHOWN_GROUPS]
    parted = all(_apart(first.gap, second.gap) for first, second in pairwise(chosen))
    return Groups(horizon(report), tuple(chosen), Order.GAP if parted else Order.ALPHABET)


def _groups(report: ProtectedReport, department: str) -> list[Group]:
    year = horizon(report).key[:4]
    last = max(report.keys("bridge", "column", department=department, layer="reference"), default=year)
    found = []
    for key in report.keys("groups", layer="reference", department=department):
        gap = report.cell("groups", key, year, layer="reference", department=department)
        if gap.shown and gap.has_interval:
            found.append(_with_lever(report, Group(occupation(report, key), gap), department, last))
    return found


def _with_lever(report: ProtectedReport, group: Group, department: str, year: str) -> Group:
    """The group with the lever that closes most of its gap at the last year, or with why the edition names none."""
    month = Month(f"{year}-{report.about['horizon'][5:7]}")
    for key, name in lever_names(report).items():
        closes = report.cell("largest_lever", group.gap.row, year, layer=key, department=department)
        if closes.shown:
            if abs(closes.value or 0.0) < LEAST_EFFECT:
                return replace(group, without=Term("groups.small_lever", {"month": month}))
            return replace(group, lever=name, closes=closes, month=month)
    ahead = report.cell("groups", group.gap.row, year, layer="reference", department=department)
    figure = printed(ahead)
    if figure is None:
        return group
    word = "no_lever" if figure.value <= 0 else "no_reach"
    return replace(group, without=Term(f"groups.{word}", {"month": month}))


def _apart(larger: Cell, smaller: Cell) -> bool:
    return larger.low is not None and smaller.high is not None and larger.low > smaller.high


def occupation(report: ProtectedReport, key: str) -> Name | Term:
    """The name of an occupational group."""
    if key in ("total", "hourly", "other_occupations") and key not in report.about.get("occupations", {}):
        return Term(f"occupation.{key}")
    names = report.about.get("occupations", {}).get(key, {})
    return Name(names.get("sv") or key, names.get("en") or names.get("sv") or key)


def key_figures(report: ProtectedReport) -> KeyFigures:
    """The five figures with change, interval and comparisons; a figure without data says so."""
    cards = []
    for row in FIGURES:
        cell = {
            column: report.cell("key_figures", row, column)
            for column in ("now", "change", "year_before", "peers", "organisation")
        }
        label, name = figure_label(report, row, cell["now"].definition)
        external = beside_figure(report, cell["now"].definition)
        cards.append(Card(label, definition=name, external=external, **cell))
    return KeyFigures(tuple(cards))


def figure_label(report: ProtectedReport, row: str, definition: str) -> tuple[Term, Name | None]:
    """The short name of a figure; an indicator that the catalogs do not know keeps its definition's name."""
    if not definition:
        return Term(f"figure.{row}"), None
    if f"figure.{definition}" in catalog("sv").messages:
        return Term(f"figure.{definition}"), None
    names = {entry["id"]: entry for entry in report.about.get("definitions", [])}
    entry = names.get(definition)
    return Term(f"figure.{row}"), Name(entry["sv"], entry["en"]) if entry else None


def activities(report: ProtectedReport) -> Activities | Note:
    """The plan's open rows that are late, due within six months or without an indicator: at most five."""
    plan = [row for row in PlanRow.all(report) if row.status != "done"]
    if not plan:
        return Note(Term("absent.plan"))
    soon = _month_after(report.about["period"], 6)
    urgent = [row for row in plan if row.late or not row.indicator or (row.due and row.due <= soon)]
    urgent.sort(key=lambda row: (not row.late, row.due or "9999", row.activity))
    return _activities(report, urgent[:SHOWN_ACTIVITIES], plan)


def plan(report: ProtectedReport) -> Activities | None:
    """Every open activity, where the first screen does not hold them all."""
    rows = [row for row in PlanRow.all(report) if row.status != "done"]
    rows.sort(key=lambda row: (not row.late, row.due or "9999", row.activity))
    first = activities(report)
    if isinstance(first, Note) or len(first.rows) == len(rows):
        return None
    return replace(_activities(report, rows, rows), whole=True)


def _activities(report: ProtectedReport, rows: list[PlanRow], every: list[PlanRow]) -> Activities:
    table = report.plan.drop_duplicates("activity").set_index("activity")
    shown = []
    for row in rows:
        where = [str(table.loc[row.activity, f"indicator_{axis}"] or "") for axis in ("table", "row", "column")]
        cell = report.cell(*where) if where[0] and where[1] else None
        shown.append(Activity(row, cell, _responsible(report, row)))
    return Activities(tuple(shown), Tally.late(every), Tally.unmeasured(every), Tally.total(every))


def _responsible(report: ProtectedReport, row: PlanRow) -> Term | None:
    """One name and how many more, where the plan names over two; the page's own department comes first."""
    names = [name.strip() for name in row.responsible.split(",") if name.strip()]
    if not names:
        return Term("plan.no_owner")
    if len(names) <= 2:
        return None
    first = report.department.name if report.department.name in names else names[0]
    return Term("plan.others", {"first": Name(first, first), "n": Tally("others", len(names) - 1)})


def _month_after(period: str, months: int) -> str:
    count = int(period[:4]) * 12 + int(period[5:7]) - 1 + months
    return f"{count // 12}-{count % 12 + 1:02d}"


def trust(report: ProtectedReport) -> Trust:
    """How sure: the last forecast and its outcome, the data, what is unknown and withheld, next edition."""
    lines = [_last_forecast(report)]
    now = report.about.get("horizon", "")
    before = report.cell("bridge", "gap", now[:4], layer="previous")
    if before.shown and before.has_interval:
        lines.append(Line(Term("trust.previous"), (Term("trust.previous.text", {"gap": before, "month": Month(now)}),)))
    rate = report.cell("hit_rate", "all", "hit_rate", department="all")
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
            args = {"expected": expected, "observed": observed, "month": Month(_month_after(origin, 12))}
            return Line(head, (Term("trust.last.text", args),))
    return Line(head, (Term("trust.last.none"),))


def heading(name: str) -> Heading:
    """The heading of a part of the page: ``figures`` or ``methods``."""
    return Heading(Term(f"heading.{name}"), Term(f"heading.{name}.lead"))
