"""Span of control: how many persons and full-time equivalents a manager leads, as a distribution."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import added, per_person, sums
from analysis.workforce.indicators.managers import MANY, reports_per_manager
from analysis.workforce.indicators.named import figure, ratio, share


def span_of_control(
    people: pd.DataFrame,
    everyone: pd.DataFrame,
    managers: pd.DataFrame,
    departments: dict[str, str],
    *,
    at: pd.Timestamp,
) -> pd.DataFrame:
    """Medians over managers of monthly paid, of all incl. hourly paid and of FTE led; the mean; who leads many.

    The persons that a figure describes are the managers.

    Args:
        people: monthly paid in post at ``at`` (``workforce.spells.stock``).
        everyone: the same with hourly paid.
        managers: clean table ``managers``.
        departments: unit → department.
        at: the day.
    """
    led = reports_per_manager(people, managers, departments, at=at)
    found = []
    own, whole = (each.assign(many=each["staff"] > MANY) for each in per_person(led, ["staff", "fte"]))
    measures = added("staff", "many") | {"fte": ("fte", "median")}
    for department, of in sums(own, whole=whole, **measures):
        found.append(figure("span_fte", department, of["fte"], of["n"]))
        found.append(figure("span_mean", department, ratio(of["staff"], of["n"]), of["n"]))
        found.append(share("span_over_30", department, int(of["many"]), of["n"]))
    own, whole = per_person(reports_per_manager(everyone, managers, departments, at=at), ["staff"])
    for department, of in sums(own, whole=whole, staff=("staff", "median")):
        found.append(figure("span_with_hourly", department, of["staff"], of["n"]))
    return facts(found)
