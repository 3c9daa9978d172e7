"""How earlier forecasts of the headline did: recruitment need and empty posts beside the outcome and the last value."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Limit, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.rounding import beside
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts, forecast_facts
from analysis.tables.protected import ORGANISATION, ProtectedReport

section = Section(
    "posts_record",
    places=Place("figures", after="staffing_record", pages=("organisation",)),
    publishes=(
        PlannedTable(id="posts_record", sensitivity="open", rule="open", lines=(), zeros="shown"),
        # empty posts are no persons; posts that had to be filled were left by persons
        PlannedTable(id="empty_outcome", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
        PlannedTable(id="need_outcome", sensitivity="low", rule="count", lines=("departments",), zeros="shown"),
    ),
    needs=("recruitment_record", "recruitment_fan"),
    awaits=("posts_record.caption", "judged"),
)

QUANTITIES = ("recruitment_need", "empty")
MONTHS = 12
"""Horizon, in months, of the forecast that a page names."""
DEFINED = {"recruitment_need": "recruitment_need", "empty": "empty_posts"}
OUTCOMES = {"recruitment_need": "need_outcome", "empty": "empty_outcome"}
MEASURED = {"hit_rate": "hit_rate", "forecast_error": "posts_miss", "last_error": "posts_miss"}
COLUMNS = ("comparisons", "hit_rate", "forecast_error", "last_error", "blended", "lost")


def record_facts(record: pd.DataFrame) -> pd.DataFrame:
    """Facts ``posts_record``: row = quantity, layer = months ahead; pooled over departments and earlier origins.

    Shares and counts of forecasts over all departments, no counts of persons: share of outcomes within the interval,
    misses of the forecast and of the last value as a share of the outcomes, origins at which a blend was shown, and
    those of them at which it missed by more than the last value.

    Args:
        record: result ``recruitment_record``.
    """
    own = record[(record["department"] != ORGANISATION) & record["observed"].notna()]
    found = []
    for (quantity, months), rows in own.groupby(["quantity", "horizon"], sort=False):
        missed, naive = ((rows[name] - rows["observed"]).abs() for name in ("forecast", "last"))
        outcomes = rows["observed"].abs().sum()
        blended = rows.assign(more=missed - naive)[rows["method"] == "blend"].groupby("origin")["more"].sum()
        held = rows[rows["low"].notna() & rows["high"].notna()]
        within = held["observed"].between(held["low"], held["high"])
        values = {
            "comparisons": (len(rows), "posts"), "origins": (rows["origin"].nunique(), "posts"),
            "hit_rate": (within.mean() if len(held) else float("nan"), "share"),
            "forecast_error": (missed.sum() / outcomes if outcomes > 0 else float("nan"), "share"),
            "last_error": (naive.sum() / outcomes if outcomes > 0 else float("nan"), "share"),
            "blended": (len(blended), "posts"), "lost": (int((blended > 0).sum()), "posts"),
        }  # fmt: skip
        found += [
            {
                "table": "posts_record", "department": ORGANISATION, "row": quantity, "layer": str(months),
                "column": name, "value": value, "n": rows["department"].nunique(), "unit": unit,
                "definition": MEASURED.get(name, ""),
            }
            for name, (value, unit) in values.items()
        ]  # fmt: skip
    return facts(found)


def outcome_facts(record: pd.DataFrame) -> pd.DataFrame:
    """Facts of the last forecast a year ahead that is over: forecast with its interval, outcome and last value.

    ``need_outcome`` is held to the rule of counts throughout: a last value is the outcome of the year before.

    Args:
        record: result ``recruitment_record``.
    """
    table = record[(record["horizon"] == MONTHS) & record["observed"].notna()]
    if table.empty:
        return facts([])
    table = table[table["origin"] == table["origin"].max()]
    found = []
    for column in ("forecast", "observed", "last"):
        part = table.assign(column=column, value=table[column], numerator=table[column].abs().round())
        found.append(part if column == "forecast" else part.drop(columns=["low", "high"]))
    every = pd.concat(found, ignore_index=True)
    is_empty = every["quantity"] == "empty"
    return facts(
        every.assign(
            table=every["quantity"].map(OUTCOMES), row=every["quantity"], layer=every["origin"], unit="fte",
            numerator=every["numerator"].mask(is_empty, every["n"]), denominator=every["n"],
            definition=every["quantity"].map(DEFINED),
        )
    )  # fmt: skip


def shown_facts(fan: pd.DataFrame) -> pd.DataFrame:
    """Facts ``posts_record``, column ``shown``: 1 where the edition shows a blend so far ahead, 0 the last value.

    Args:
        fan: result ``recruitment_fan``.
    """
    own = fan[(fan["department"] == ORGANISATION) & (fan["method"] != "")].sort_values("year")
    months = MONTHS * (own["year"] - own["year"].min() + 1)
    table = own.assign(row="empty", layer=months.astype("str"), column="shown", value=(own["method"] == "blend") * 1.0)
    return forecast_facts(table, table="posts_record", unit="posts")


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(
        ("recruitment_record", record_facts), ("recruitment_record", outcome_facts), ("recruitment_fan", shown_facts)
    )


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Both forecasts by how far ahead, beside the last value: better, worse or equal, in words."""
    rows = []
    for quantity in QUANTITIES:
        layers = sorted({layer for row, layer in report.rows("posts_record") if row == quantity}, key=int)
        for months in layers:
            cells = {name: report.cell("posts_record", quantity, name, layer=months) for name in COLUMNS}
            word = beside(cells["forecast_error"], cells["last_error"])
            if word is None:
                continue
            years: Any = Limit(float(int(months) // MONTHS))
            rows.append(Line(Term(f"posts_record.{quantity}"), (years, *cells.values(), Term(f"posts_record.{word}"))))
    if not rows:
        return Note(Term("absent.posts_record"))
    names = ("quantity", "years_ahead", *(f"posts.{name}" for name in COLUMNS), "beside_last")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("posts_record.caption"), columns, tuple(rows), (Term("posts_record.note"),))
