"""The managers' common programme and what managers say: the whole organisation only."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.sections.practices.measured import Measure, table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL

section = Section(
    "manager_programme",
    places=(
        Place("figures", after="careers", pages=("organisation",)),
        Place("card", after="manager_curve", pages=("managers",)),
    ),
    publishes=(
        PlannedTable(
            id="manager_coverage", sensitivity="medium", rule="share", lines=(), zeros="shown", full="shown",
            group_at_least="survey",
        ),
        PlannedTable(
            id="manager_rounds", sensitivity="medium", rule="share", lines=(), zeros="withheld", full="shown",
            group_at_least="survey",
        ),
        PlannedTable(id="manager_days", sensitivity="survey", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="manager_mix", sensitivity="survey", rule="group", lines=(), zeros="shown"),
        PlannedTable(
            id="manager_until", sensitivity="medium", rule="count", lines=(), zeros="shown", group_at_least="survey"
        ),
        PlannedTable(
            id="manager_left", sensitivity="medium", rule="share", lines=(), zeros="withheld", group_at_least="survey"
        ),
    ),
    needs=("facts_competence",),
    counts={
        "p004-01": ("manager_coverage", "manager_until"),
        "p004-02": ("manager_rounds/*/all_days", "manager_days"),
        "p004-03": ("manager_mix",),
        "p004-04": ("manager_rounds/*/followed_up",),
        "p004-05": ("manager_left",),
    },
)  # fmt: skip
section.facts(Results.indicators)


@section.show
def show(report: Scope) -> Table | Note | None:
    """The programme so far, the time until all have taken it, each round, and leaving with and without it."""
    measures: list[Measure] = []
    for month in report.keys("manager_coverage"):
        measures.append((Term("manager.coverage", {"month": Month(month)}), "manager_coverage", month, "completed"))
    measures.append((Term("manager.until"), "manager_until", TOTAL, "months"))
    for month in report.keys("manager_mix"):
        start = {"month": Month(month)}
        measures += [
            (Term("manager.days", start), "manager_days", month, "mean"),
            (Term("manager.all_days", start), "manager_rounds", month, "all_days"),
            (Term("manager.mixed", start), "manager_mix", month, "mixed"),
            (Term("manager.followed_up", start), "manager_rounds", month, "followed_up"),
        ]
    measures += [(Term(f"manager.left.{column}"), "manager_left", TOTAL, column) for column in ("completed", "others")]
    return table(report, "manager.caption", measures, notes=("manager.note",), folded=True)


survey = Section(
    "manager_survey",
    places=(
        Place("figures", after="manager_programme", pages=("organisation",)),
        Place("card", after="manager_courses", pages=("managers",)),
    ),
    publishes=(
        PlannedTable(id="manager_survey", sensitivity="survey", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="manager_response", sensitivity="survey", rule="group", lines=(), zeros="shown"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-21": ("manager_survey", "manager_response"),
        "p003-21": ("manager_survey",),
    },
)
survey.facts(Results.indicators)

SUBJECTS = ("demands", "time", "communication", "support")


@survey.show
def show_survey(report: Scope) -> Table | Note | None:
    """The managers' survey by subject and year, with its response."""
    months = report.keys("manager_survey")
    measures: list[Measure] = []
    for month in months:
        held = {"month": Month(month)}
        measures.append((Term("manager_survey.response", held), "manager_response", month, "share"))
        measures += [
            (Term(f"manager_survey.{subject}", held), "manager_survey", month, subject) for subject in SUBJECTS
        ]
    return table(report, "manager_survey.caption", measures, notes=("manager_survey.note",), folded=True)
