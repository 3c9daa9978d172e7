"""Study pipelines: cohorts, who stayed, the time they cost, and where the licensed share is heading."""

from __future__ import annotations

from dataclasses import replace

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term, Year
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.words.naming import named, occupation
from analysis.reference import load
from analysis.sections.practices.measured import matrix
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell

section = Section(
    "studies",
    places=(
        Place("figures", after="assignments", pages=("organisation",)),
        Place("card", after="ladder_groups", pages=("careers",)),
    ),
    publishes=(
        PlannedTable(
            id="studies",
            sensitivity="medium",
            rule="count",
            lines=(),
            sums=(("started", "in_study", "completed", "dropped"),),
            zeros="withheld",
        ),
        PlannedTable(id="studies_year", sensitivity="medium", rule="count", lines=(), zeros="withheld"),
        PlannedTable(id="study_stayed", sensitivity="medium", rule="share", lines=(), zeros="withheld", full="shown"),
        PlannedTable(id="study_time", sensitivity="medium", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="study_begun", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
        PlannedTable(id="unlicensed_end", sensitivity="medium", rule="count", lines=(), zeros="withheld"),
        PlannedTable(
            id="licensed_path", sensitivity="medium", rule="share", lines=(), zeros="shown", group_at_least="forecast"
        ),
    ),
    needs=("facts_competence",),
    counts={
        "p000-04": ("studies_year/*/lararlyftet", "studies/*/lararlyftet"),
        "p000-05": ("studies/*/speciallarare_90",),
        "p000-06": (
            "studies/*/barnskotare_forskollarare",
            "study_time/barnskotare_forskollarare",
            "study_stayed/barnskotare_forskollarare",
        ),
        "p000-08": ("studies/*/aldreomsorgslyftet",),
        "p000-16": ("studies/*/val", "studies/*/barnskotarutbildning_15", "study_begun/val"),
        "p003-09": (
            "studies/*/yrkeslarare_nedsatt",
            "studies/*/barnskotarutbildning_15",
            "study_time/yrkeslarare_nedsatt",
        ),
        "p003-16": ("studies/*/arbetsintegrerad",),
    },
)
section.facts(Results.indicators)

STATES = ("started", "in_study", "completed", "dropped")


@section.show
def show(report: Scope) -> Table | Note | None:
    """Each pathway: those who began in the last five years and where they stand, the last year, stay and time."""
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for entry in load("programmes")["programme"]:
        if entry["kind"] != "study":
            continue
        key = entry["id"]
        cells = [report.cell("studies", state, key) for state in STATES]
        cells += [report.cell("studies_year", row, key) for row in ("started", "completed")]
        cells += [report.cell("study_stayed", key, f"years_{years}") for years in (1, 3)]
        cells += [report.cell("study_time", key, "fte"), report.cell("study_begun", key, "share")]
        rows.append((named("programmes", "programme", key), cells))
    columns = (*STATES, "year_started", "year_completed", "stayed_1", "stayed_3", "time", "begun")
    heads = ("column.studies.path", *(f"column.studies.{key}" for key in columns))
    return matrix(report, "studies.caption", heads, rows, notes=("studies.note",), folded=True)


licensed = Section(
    "licensed_path",
    places=(
        Place("figures", after="studies", pages=("organisation",)),
        Place("card", after="studies", pages=("careers",)),
    ),
    reads=("unlicensed_end", "licensed_path"),
    counts={
        "p003-08": ("unlicensed_end",),
    },
)


@licensed.show
def show_licensed(report: Scope) -> Table | Note | None:
    """By occupation: the licensed share that studies alone would give, and the unlicensed in study by planned year."""
    years = sorted({*report.keys("licensed_path", "column"), *report.keys("unlicensed_end", "column")})
    if not years:
        return None
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for key in report.keys("licensed_path"):
        name = {"name": occupation(report, key)}
        paths = [report.cell("licensed_path", key, year) for year in years]
        rows.append((Term("licensed_path.share", name), paths))
    rows.append((Term("licensed_path.end"), [report.cell("unlicensed_end", TOTAL, year) for year in years]))
    shown = matrix(
        report, "licensed_path.caption", ("column.occupation",), rows, notes=("licensed_path.note",), folded=True
    )
    if not isinstance(shown, Table):
        return shown
    heads = (Term("licensed_path.year", {"year": Year(year)}) for year in years)
    return replace(shown, columns=(Term("column.occupation"), *heads))
