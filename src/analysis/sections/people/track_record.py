"""Earlier forecasts of leavers beside the outcome and the yardstick."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Note, Origin, TrackRecord
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "track_record",
    places=Place("figures", after="turnover"),
    publishes=(
        PlannedTable(id="track_record", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
        PlannedTable(
            id="outcome",
            published_as="track_record",
            sensitivity="low",
            rule="count",
            lines=("departments",),
            zeros="shown",
        ),
    ),
    needs=("track_record",),
    awaits=("track.title", "judged"),
)


SHOWN_ORIGINS = 6


def track_facts(track_record: pd.DataFrame) -> pd.DataFrame:
    """Facts ``track_record`` (forecast and yardstick) and ``outcome``, all causes together, twelve months ahead.

    Args:
        track_record: result of ``turnover.scores.evaluation``.
    """
    table = track_record[(track_record["cause"] == TOTAL) & (track_record["horizon_months"] == 12)]
    table = table.assign(row=table["origin"], unit="persons", denominator=table["n"], definition="expected_leavers")
    forecast = table.assign(table="track_record", column="expected", value=table["expected"], numerator=table["n"])
    yardstick = table.assign(table="track_record", column="yardstick", value=table["yardstick"], numerator=table["n"])
    outcome = table.assign(table="outcome", column="observed", value=table["observed"], numerator=table["observed"])
    plain = [part.drop(columns=["low", "high"]) for part in (yardstick, outcome)]
    return facts(pd.concat([forecast, *plain], ignore_index=True))


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("track_record", track_facts))


@section.show
def show(report: ProtectedReport) -> TrackRecord | Note:
    """Forecasts against outcomes, one per origin."""
    origins = [
        Origin(
            Month(key),
            *(report.cell("track_record", key, name) for name in ("expected", "observed", "yardstick")),
        )
        for key in report.keys("track_record")
    ]
    shown = [item for item in origins if item.expected.shown and item.expected.has_interval]
    return TrackRecord(tuple(shown[-SHOWN_ORIGINS:])) if shown else Note(Term("absent.track_record"))
