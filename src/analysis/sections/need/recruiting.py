"""How posts are filled, by occupation: open posts, days, withdrawn adverts, applicants, months to fill half a gap."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.periods import cutoff
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.compared import lines
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import occupation
from analysis.reference import policy
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL, Cell

section = Section(
    "recruiting",
    places=Place("recruitment"),
    publishes=(
        # an advert that is filled is a person hired, and their number adds up; the other figures do not
        PlannedTable(
            id="recruiting",
            sensitivity="low",
            rule="count",
            lines=("rows", "departments"),
            zeros="shown",
            resting_on="filled",
        ),
        PlannedTable(id="fill_rates", sensitivity="open", rule="open", lines=(), zeros="shown"),
    ),
    needs=("vacancies", "recruitment_rates"),
)

QUANTILES = {"median": 0.5, "p90": 0.9}
UNITS = {"open": "fte", "withdrawn": "share", "applicants": "ratio", "filled": "posts"}
COLUMNS = ("open", *QUANTILES, "withdrawn", "applicants")
DEFINED = {"open": "vacancies_open", "withdrawn": "withdrawn_adverts"} | dict.fromkeys(QUANTILES, "time_to_fill")


def recruiting_facts(vacancies: pd.DataFrame, at: pd.Timestamp, *, min_filled: int) -> pd.DataFrame:
    """Facts ``recruiting``: row = occupation or ``total``, of adverts open at some time in the last twelve months.

    Columns ``open`` (full-time posts at the cut-off), ``median`` and ``p90`` (days until so many are filled),
    ``withdrawn`` (share of those that ended), ``applicants`` (per post that ended), ``filled`` (adverts).

    Args:
        vacancies: clean table of adverts.
        at: the cut-off.
        min_filled: filled adverts without which days and shares are not stated.
    """
    from analysis.workforce.indicators.filling import (  # the near side is loaded only where facts are made
        adverts,
        days_to_fill,
    )

    table = adverts(vacancies, at).rename(columns={"occupation": "row"})
    whole = pd.concat([table, table.assign(row=TOTAL)], ignore_index=True)
    every = pd.concat([whole, whole.assign(department=ORGANISATION)], ignore_index=True)
    rows = []
    for (department, row), group in every.groupby(["department", "row"]):
        filled = int(group["filled"].sum())
        ended = group[~group["still"]]
        asked = ended[ended["applicants"].notna()]
        figures = {"open": float(group.loc[group["still"], "posts"].sum()), "filled": float(filled)}
        if filled >= min_filled:
            figures |= {name: days_to_fill(group, share) for name, share in QUANTILES.items()}
            figures["withdrawn"] = float(1.0 - filled / len(ended))
            if len(asked) >= min_filled and asked["posts"].sum() > 0:
                figures["applicants"] = float(asked["applicants"].sum() / asked["posts"].sum())
        rows += [
            {
                "table": "recruiting", "department": department, "row": row, "column": column, "value": value,
                "n": filled, "numerator": filled, "denominator": len(group), "definition": DEFINED.get(column, ""),
                "unit": UNITS.get(column, "days"),
            }
            for column, value in figures.items()
        ]  # fmt: skip
    return facts(rows)


def rate_facts(rates: pd.DataFrame) -> pd.DataFrame:
    """Facts ``fill_rates``: months until half a gap is filled, by occupation in the whole organisation.

    Args:
        rates: result ``recruitment_rates``; months follow from hazards, which are drawn to that of all occupations.
    """
    held = rates[rates["halve_months"].notna()]
    return facts(
        held.assign(
            table="fill_rates", department=ORGANISATION, row=held["occupation"], column="months",
            value=held["halve_months"], n=held["exposure"], unit="ratio",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """From the delivery's adverts; nothing where it has none."""
    at, least = cutoff(results.period), policy().adverts.min_filled
    adverts = ("vacancies", lambda table: recruiting_facts(table, at, min_filled=least))
    return results.each(adverts, ("recruitment_rates", rate_facts))


@section.show
def show(report: Scope) -> Table | Note | None:
    """Occupations with a median that is shown, the slowest first, and all of them together last."""
    rows: list[tuple[str, float, Line]] = []
    for key in report.keys("recruiting"):
        cells = [report.cell("recruiting", key, column) for column in COLUMNS]
        if cells[1].shown:
            months = report.cell("fill_rates", key, "months", department=ORGANISATION)
            given: tuple[Cell | None, ...] = tuple(
                cell if cell.status != "missing" else None for cell in (*cells, months)
            )
            rows.append((key, cells[1].value or 0.0, Line(occupation(report, key), given)))
    if not rows:
        held = report.about.get("has", {}).get("vacancies", False)
        return Note(Term("absent.recruiting")) if held else None
    rows.sort(key=lambda row: (row[0] == TOTAL, -row[1]))
    names = ("occupation", "posts_open", "fill_median", "fill_p90", "withdrawn", "applicants", "half_filled")
    columns = tuple(Term(f"column.{name}") for name in names)
    notes = (Term("recruiting.note"), *lines(report, "vacancies_open"))
    return Table(Term("recruiting.caption"), columns, tuple(line for _, _, line in rows), notes)
