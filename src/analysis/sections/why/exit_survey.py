"""Main reasons of the exit survey."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Bar, Bars, Note
from analysis.reference import exit_reasons
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "exit_survey",
    places=Place("why", after="drivers"),
    publishes=(
        PlannedTable(id="exit_response", sensitivity="survey", rule="group", lines=("departments",), zeros="shown"),
        PlannedTable(
            id="exit_reasons",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            group_at_least="survey",
            halves=(tuple(exit_reasons()),),  # a reason that is added to the data is protected with the others
        ),
        PlannedTable(
            id="exit_disagreement",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            group_at_least="survey",
        ),
    ),
    needs=("facts_workforce",),
    counts={
        "p003-06": ("exit_response", "exit_reasons"),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Bars | Note:
    """Main reasons of the exit survey, with response rate and disagreement with the recorded cause."""
    cells = {key: report.cell("exit_reasons", key) for key in exit_reasons()}
    if all(cell.status == "missing" for cell in cells.values()):
        return Note(Term("absent.exit_survey"))
    shown = sorted((key for key in cells if cells[key].shown), key=lambda key: -(cells[key].value or 0.0))
    if not shown:
        return Note(Term("exit_survey.few"))
    response = report.cell("exit_response", "response")
    lead = Term("exit_survey.lead", {"share": response}) if response.shown else Term("exit_survey.lead.silent")
    names = exit_reasons()
    bars = tuple(Bar(Name(names[key]["sv"], names[key]["en"]), cells[key]) for key in shown)
    notes = [Term("exit_survey.silent")] if len(shown) < len(cells) else []
    apart = report.cell("exit_disagreement", "disagreement")
    if apart.status != "missing":
        word = "exit_survey.apart" if apart.shown else "exit_survey.apart.silent"
        notes.append(Term(word, {"share": apart} if apart.shown else {}))
    return Bars(Term("exit_survey.title"), lead, bars, Term("column.share_of_answers"), tuple(notes))
