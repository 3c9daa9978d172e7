"""Empty posts as they have been at each year's end, and as they are expected to be, in one picture."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.fan import Ahead, Fan
from analysis.publishing.objects.need import method
from analysis.publishing.objects.stock import Point
from analysis.publishing.words.rounding import printed
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import forecast_facts
from analysis.tables.protected import REFERENCE, ProtectedReport

section = Section(
    "fan",
    places=Place("claim", after="bridge"),
    publishes=(PlannedTable(id="fan", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    reads=("bridge", "posts_record"),
    needs=("recruitment_fan",),
)

LEAST_POINTS = 3
"""Points below which a line says less than its numbers."""


def fan_facts(fan: pd.DataFrame) -> pd.DataFrame:
    """Facts ``fan``: row = year, column ``observed`` (what stood empty) or ``half`` (band of half of the outcomes).

    The expected values and their 80 per cent band are those of the bridge.

    Args:
        fan: result ``recruitment_fan``.
    """
    table = fan.assign(row=fan["year"].astype("str"))
    past = table[table["observed"].notna()].assign(column="observed", value=table["observed"])
    ahead = table[table["expected"].notna() & table["p25"].notna()]
    half = ahead.assign(column="half", value=ahead["expected"], low=ahead["p25"], high=ahead["p75"])
    both = pd.concat([past, half], ignore_index=True)
    return forecast_facts(both, table="fan", unit="fte", definition="empty_posts")


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """History and bands, where adverts are recorded."""
    return results.each(("recruitment_fan", fan_facts))


@section.show
def show(report: ProtectedReport) -> Fan | None:
    """History and forecast on one axis of time; nothing where too few points are shown."""
    month = report.about["horizon"][5:7]
    past, ahead = [], []
    for year in sorted(report.keys("fan")):
        observed, half = (report.cell("fan", year, column) for column in ("observed", "half"))
        expected = report.cell("bridge", "empty", year, layer=REFERENCE)
        if observed.shown:
            past.append(Point(Month(f"{year}-{month}"), observed))
        elif half.shown and half.has_interval and expected.shown and expected.has_interval:
            ahead.append(Ahead(Month(f"{year}-{month}"), expected, half))
    if not past or not ahead or len(past) + len(ahead) < LEAST_POINTS:
        return None
    return Fan(
        _title(report, past[-1], ahead[-1]), Term("fan.lead", {"month": ahead[-1].month}), tuple(past), tuple(ahead)
    )


def _title(report: ProtectedReport, today: Point, last: Ahead) -> Term:
    """The finding: more, fewer or about as many as today, or that the last value is what is shown."""
    if method(report) == "last":
        return Term("fan.title.last")
    now, end, half = printed(today.cell), printed(last.expected), printed(last.half)
    args = {"n": last.expected, "month": last.month}
    if now is None or end is None or half is None or half.low is None or half.high is None:
        return Term("fan.title.same", args)
    word = "fewer" if half.high < now.value else "more" if half.low > now.value else "same"
    return Term("fan.title.none" if word == "same" and end.value == 0 else f"fan.title.{word}", args)
