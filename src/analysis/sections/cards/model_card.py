"""The model card and its edition for samverkan: one page each, from the same protected cells and facts.

Who reads a forecast must be able to see what it is for, what it rests on, how good it has been and what it must not
decide. The union side gets the same figures with its own questions.
"""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Day, Fact, Month, Name, Term
from analysis.publishing.objects.stock import Line, Note, Points, Table, Verdict
from analysis.publishing.views.telling import apart_from
from analysis.publishing.words.naming import place
from analysis.reference import CAUSES
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import CARDS, Place, Section
from analysis.sections.why.calibration import GROUPS
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL, ProtectedReport

SCORES = ("auc", "brier_gain", "log_loss_gain", "hit_rate")
DECIDED = ("controller", "legal_basis", "retention", "dpia")
"""Settings of ``[data_protection]`` in the order of the page."""
COMPARED = ("resignation", TOTAL)
"""Causes whose errors are compared between groups."""
SHORT = {"permanent": "card.group.permanent", "temporary": "card.group.temporary"}
"""Groups whose whole name is too long for the head of a column on paper."""
FIRST = ("resignation", "retirement")
"""Always apart and always first: retirement is easy to foresee, voluntary leaving is not."""


FORECASTS = ("model-card", "samverkan")
"""Pages about the forecasts; what is said once per edition has a page of its own."""

headline = Section("card_headline", places=Place("card", after="masthead", pages=CARDS))


@headline.show
def show_headline(report: Scope) -> Verdict:
    """What the page is, and the sentence that limits it."""
    args = {"where": place(report), "month": Month(report.about["period"])}
    return Verdict(Term(f"{report.page}.headline"), (Term(f"{report.page}.lead", args),))


def points(report: ProtectedReport, *names: str) -> Points:
    """A list of sentences, by the name of its messages: ``names`` are the heading and how its items begin."""
    return Points(Term(names[0]), tuple(Term(name) for name in names[1:]))


purpose = Section("card_purpose", places=Place("card", after="card_headline", pages=("model-card",)))


@purpose.show
def show_purpose(report: ProtectedReport) -> Points:
    """What it is for."""
    return points(report, "card.purpose", "card.purpose.plan", "page.purpose")


forbidden = Section(
    "card_forbidden",
    places=(
        Place("card", after="card_purpose", pages=("model-card",)),
        Place("card", after="card_allowed", pages=("samverkan",)),
    ),
)


@forbidden.show
def show_forbidden(report: ProtectedReport) -> Points:
    """What may not be decided from it."""
    names = ("employment", "pay", "tasks", "ranking")
    return points(report, "card.forbidden", *(f"card.forbidden.{name}" for name in names))


data = Section(
    "card_data", places=Place("card", after="card_forbidden", pages=("model-card",)), reads=("unknown_reasons",)
)


@data.show
def show_data(report: ProtectedReport) -> Points:
    """What it rests on."""
    items = [Term("card.data.counts")]
    facts = {name: Fact.of(report, "records", name) for name in ("quarantined", "read")}
    if report.about.get("extracted") and all(facts.values()):
        args = {"day": Day(report.about["extracted"]), "read": facts["read"], "rejected": facts["quarantined"]}
        items.insert(0, Term("card.data.read", args))
    unknown = report.cell("unknown_reasons", "share")
    if unknown.shown:
        items.append(Term("card.data.unknown", {"share": unknown}))
    for entry in report.about.get("model_card", {}).get("accepted", ()):
        said = {name: Name(entry[name], entry[name]) for name in ("column", "reason")}
        items.append(Term("card.accepted", said | {"cause": Term(f"cause.{entry['cause']}")}))
    after = Fact.of(report, "after")
    items.append(Term("card.data.after", {"after": after}) if after else Term("card.data.alone"))
    return Points(Term("card.data"), tuple(items))


used = Section("card_used", places=Place("card", after="card_data", pages=("model-card",)))


@used.show
def show_used(report: ProtectedReport) -> Points:
    """The features that the forecasts rest on in this edition, each with its purpose."""
    return Points(Term("card.used"), _names(report, "features") or (Term("card.used.none"),))


excluded = Section(
    "card_excluded",
    places=(
        Place("card", after="card_used", pages=("model-card",)),
        Place("card", after="card_forbidden", pages=("samverkan",)),
    ),
)


@excluded.show
def show_excluded(report: ProtectedReport) -> Points:
    """What is left out on purpose, and why."""
    return Points(Term("card.excluded"), _names(report, "excluded") or (Term("card.used.none"),))


def _names(report: ProtectedReport, kind: str) -> tuple[Name, ...]:
    return tuple(Name(entry["sv"], entry["en"]) for entry in report.about.get("model_card", {}).get(kind, ()))


def score_facts(scoreboard: pd.DataFrame) -> pd.DataFrame:
    """Facts ``scores``: how good the forecasts have been, by cause, in the whole organisation. No counts of persons.

    Args:
        scoreboard: result of ``turnover.scoreboard``; a score below the least number of exits is missing.
    """
    measures = {"auc": "score", "brier_gain": "share", "log_loss_gain": "share", "hit_rate": "share"}
    return facts(
        {
            "table": "scores", "department": ORGANISATION, "row": line["cause"], "column": name,
            "value": line[name], "n": line["forecasts"], "unit": unit, "definition": "",
        }
        for line in scoreboard.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip


performance = Section(
    "card_performance",
    places=Place("card", after="card_uncovered", pages=FORECASTS),
    publishes=(PlannedTable(id="scores", sensitivity="open", rule="open", lines=(), zeros="shown"),),
    needs=("turnover_scoreboard",),
)


@performance.facts
def facts_of(results: Results) -> pd.DataFrame:
    """How good the forecasts have been."""
    return results.each(("turnover_scoreboard", score_facts))


@performance.show
def show_performance(report: ProtectedReport) -> Table | Note:
    """How good the forecasts have been, cause by cause."""
    methods, rows = report.about.get("methods", {}), []
    for cause in (*FIRST, *(cause for cause in CAUSES if cause not in FIRST), TOTAL):
        cells = [report.cell("scores", cause, name) for name in SCORES]
        if not any(cell.shown for cell in cells[:-1]):
            continue
        known = methods.get(cause) in ("model", "yardstick")
        method = Term(f"card.method.{methods[cause] if known else 'mixed'}")
        if _hardly(report, cause):
            method = Term("card.method.hardly", {"method": method})
        rows.append(Line(Term(f"cause.{cause}"), (*(cell if cell.shown else None for cell in cells), method)))
    if not rows:
        return Note(Term("absent.scores"))
    columns = (Term("column.cause"), *(Term(f"column.{name}") for name in SCORES), Term("column.method"))
    notes = [Term("card.performance.note")]
    if any(row.cells[-1].id == "card.method.hardly" for row in rows):
        limits = ("auc", "brier_gain")
        facts = {name: Fact.of(report, "model_card", "chance", name) for name in limits}
        notes.append(Term("card.performance.hardly", facts))
    return Table(Term("card.performance"), columns, tuple(rows), tuple(notes))


def _hardly(report: ProtectedReport, cause: str) -> bool:
    """Are both scores below the limits of chance (``model_card.toml``)? A score that is not shown tells nothing."""
    limits = report.about.get("model_card", {}).get("chance", {})
    values = {name: report.cell("scores", cause, name).value for name in limits}
    return bool(limits) and all(value is not None and value < limits[name] for name, value in values.items())


groups = Section("card_groups", places=Place("card", after="card_performance", pages=FORECASTS), reads=("calibration",))


@groups.show
def show_groups(report: ProtectedReport) -> Table | Note:
    """Are the errors alike? Leavers against the forecast in groups of the whole organisation, with the conclusion.

    One column per group, so that the card stays one page; the reports have a row per group.
    """
    every = {(row, cause): report.cell("calibration", row, cause) for row in (TOTAL, *GROUPS) for cause in COMPARED}
    if not any(every[row, cause].shown for row in GROUPS for cause in COMPARED):
        held = any(cell.status == "withheld" for cell in every.values())
        return Note(
            Term("absent.silent", {"part": Term("calibration.caption")}) if held else Term("absent.calibration")
        )
    used = [row for row in (TOTAL, *GROUPS) if any(every[row, cause].status != "missing" for cause in COMPARED)]
    causes = [cause for cause in COMPARED if any(every[row, cause].shown for row in used)]
    judged = [cause for cause in causes if every[TOTAL, cause].shown]
    apart = {cause: [row for row in GROUPS if apart_from(every[row, cause], every[TOTAL, cause])] for cause in judged}
    said = [
        Term(
            "card.groups.apart", {"cause": Term(f"cause.{cause}"), "names": tuple(Term(f"group.{row}") for row in rows)}
        )
        for cause, rows in apart.items()
        if rows
    ]
    return Table(
        Term("calibration.caption"),
        (Term("column.cause"), *(Term(SHORT.get(row, f"group.{row}")) for row in used)),
        tuple(Line(Term(f"cause.{cause}"), tuple(every[row, cause] for row in used)) for cause in causes),
        (*(said or [Term("card.groups.alike") for _ in judged[:1]]), Term("card.groups.note")),
    )


recruiting = Section("card_recruitment", places=Place("card", after="card_limits", pages=("model-card",)))


@recruiting.show
def show_recruiting(report: ProtectedReport) -> Points:
    """How empty posts are foreseen."""
    return points(report, "card.recruitment", "card.recruitment.law", "card.recruitment.shown")


uncovered = Section("card_uncovered", places=Place("card", after="card_limits", pages=FORECASTS))


@uncovered.show
def show_uncovered(report: ProtectedReport) -> Points:
    """The forecasts on the same pages that this card says nothing about, and where their record stands."""
    need = Term("card.uncovered.need", {"part": Term("staffing_record.caption"), "gap": Term("posts_record.caption")})
    return Points(Term("card.uncovered"), (need, Term("card.uncovered.levers", {"part": Term("heading.levers")})))


decided = Section("card_decided", places=Place("card", after="card_negotiated", pages=("samverkan",)))


@decided.show
def show_decided(report: ProtectedReport) -> Points:
    """What the employer states about the personal data behind the reports; what is not stated says so."""
    items = []
    for name in DECIDED:
        said = Fact.of(report, "data_protection", name) or Term("card.decided.none")
        items.append(Term(f"card.decided.{name}", {"what": said}))
    return Points(Term("card.decided"), tuple(items))


limits = Section(
    "card_limits",
    places=(
        Place("card", after="card_excluded", pages=("model-card",)),
        Place("card", after="card_questions", pages=("samverkan",)),
    ),
)


@limits.show
def show_limits(report: ProtectedReport) -> Points:
    """What it cannot do."""
    items: list[Term | Name] = [Term(f"card.limits.{name}") for name in ("level", "association", "groups")]
    items += _names(report, "grounds")
    fallen = [cause for cause in CAUSES if report.about.get("methods", {}).get(cause) == "yardstick"]
    if fallen:
        items.append(Term("methods.yardstick", {"causes": tuple(Term(f"cause.{cause}") for cause in fallen)}))
    return Points(Term("card.limits"), tuple(items))


allowed = Section("card_allowed", places=Place("card", after="card_headline", pages=("samverkan",)))


@allowed.show
def show_allowed(report: ProtectedReport) -> Points:
    """What the employer may use it for."""
    return points(
        report, "samverkan.allowed", *(f"samverkan.allowed.{name}" for name in ("plan", "measures", "follow"))
    )


negotiated = Section("card_negotiated", places=Place("card", after="card_excluded", pages=("samverkan",)))


@negotiated.show
def show_negotiated(report: ProtectedReport) -> Points:
    """What is informed about and negotiated."""
    names = ("before", "continuous", "agreement", "ai", "risk")
    return points(report, "samverkan.negotiated", *(f"samverkan.negotiated.{name}" for name in names))


questions = Section("card_questions", places=Place("card", after="card_decided", pages=("samverkan",)))


@questions.show
def show_questions(report: ProtectedReport) -> Points:
    """What to ask the employer."""
    names = ("decisions", "yardstick", "features", "access", "groups")
    return points(report, "samverkan.questions", *(f"samverkan.questions.{name}" for name in names))
