"""Definitions of the edition."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.compared import families
from analysis.publishing.objects.stock import Methods
from analysis.reference import CAUSES
from analysis.sections.results import Results
from analysis.sections.section import EVERY, Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "definitions",
    places=Place("definitions", pages=("methods",)),
    publishes=(
        PlannedTable(
            id="definitions_counts",
            published_as="definitions",
            sensitivity="low",
            rule="count",
            lines=("departments",),
            sums=(("n00053", "n00071", "n00072"), ("n00231", "n00053", "n00230")),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_fte",
            published_as="definitions",
            sensitivity="low",
            rule="group",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_share",
            published_as="definitions",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            halves_of_whole=(
                ("n00200", "n00201", "n00202"),
                ("n00203", "n00204", "n00205"),
                ("n00206", "n00207", "n00208"),
                ("n00209", "n00210", "n00211"),
                ("n00212", "n00213", "n00214"),
                ("n00212", "n00213", "n00245", "n00246"),
            ),
            zeros="withheld",
        ),
        PlannedTable(
            id="definitions_turnover",
            published_as="definitions",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
        ),
        PlannedTable(
            id="definitions_qualified",
            published_as="definitions",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            full="shown",
        ),
        PlannedTable(
            id="definitions_groups",
            published_as="definitions",
            sensitivity="medium",
            rule="group",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_pension",
            published_as="definitions",
            sensitivity="medium",
            rule="count",
            lines=("departments",),
            zeros="withheld",
        ),
        PlannedTable(
            id="definitions_health",
            published_as="definitions",
            sensitivity="health",
            rule="group",
            lines=("departments",),
            halves=(("statutory_women", "statutory_men"), ("n00092", "n00093", "n00094")),
            zeros="withheld",
        ),
        PlannedTable(
            id="definitions_absence",
            published_as="definitions",
            sensitivity="health",
            rule="share",
            lines=("departments",),
            zeros="withheld",
        ),
        PlannedTable(
            id="definitions_costs",
            published_as="definitions",
            sensitivity="pay_tails",
            rule="group",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_survey",
            published_as="definitions",
            sensitivity="survey",
            rule="group",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_managers",
            published_as="definitions",
            sensitivity="low",
            rule="group",
            lines=(),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_pay_medians",
            published_as="definitions",
            sensitivity="pay_medians",
            rule="group",
            lines=(),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_pay_quartiles",
            published_as="definitions",
            sensitivity="pay_quartiles",
            rule="group",
            lines=(),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_pay_tails",
            published_as="definitions",
            sensitivity="pay_tails",
            rule="group",
            lines=(),
            zeros="shown",
        ),
        PlannedTable(
            id="definitions_open", published_as="definitions", sensitivity="open", rule="open", lines=(), zeros="shown"
        ),
        PlannedTable(
            id="pay_medians", published_as="pay", sensitivity="pay_medians", rule="group", lines=(), zeros="shown"
        ),
        PlannedTable(
            id="pay_quartiles", published_as="pay", sensitivity="pay_quartiles", rule="group", lines=(), zeros="shown"
        ),
        PlannedTable(
            id="pay_tails", published_as="pay", sensitivity="pay_tails", rule="group", lines=(), zeros="shown"
        ),
    ),
    reads=EVERY,
    needs=("facts_workforce", "facts_competence", "facts_retirements"),
    counts={
        "p000-22": ("definitions/u00200",),
        "p002-06": ("definitions/u00301", "definitions/u00306"),
        "p003-04": ("definitions/premises_share",),
        "p003-10": ("definitions/pay_p90_p10",),
        "p000-04": ("definitions/taught_qualified",),
        "p000-26": ("definitions/wanted_rate",),
        "p002-03": ("definitions/development_plan",),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Methods:
    """Definitions of the edition."""
    several, alone = families(report)
    notes = [*_history(report), *(Term(id) for id in report.about.get("notes", ()))]
    fallen = [cause for cause in CAUSES if report.about.get("methods", {}).get(cause) == "yardstick"]
    if fallen:
        notes.append(Term("methods.yardstick", {"causes": tuple(Term(f"cause.{cause}") for cause in fallen)}))
    return Methods(alone, tuple(notes), several)


def _history(report: ProtectedReport) -> list[Term]:
    """Since when leaving and its causes are counted and why from then, and where tables end before the cut-off."""
    held = report.about.get("history", {})
    said = []
    for name, field in (("observation", "observed_from"), ("reasons", "reasons_from")):
        rule, since = held.get("rules", {}).get(name, ""), held.get(field, "")
        if rule:
            said.append(Term(f"history.{name}.{rule}", {"month": Month(since)} if since else {}))
    for table, month in held.get("covered", {}).items():
        said.append(Term(f"history.covered.{table}", {"month": Month(month)}))
    return said
