"""Span of control: how many persons and full-time equivalents a manager leads, as a distribution."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import by_department, reports_per_manager
from analysis.workforce.indicators.named import figure, ratio, share

MANY = 30
"""Norms found lie just under or at 30 (``definitions.toml`` names them)."""


def span_of_control(
    people: pd.DataFrame,
    everyone: pd.DataFrame,
    managers: pd.DataFrame,
    departments: dict[str, str],
    *,
    at: pd.Timestamp,
) -> pd.DataFrame:
    """Medians over managers of monthly paid, of all incl. hourly paid and of FTE led; the mean; the share above 30.

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
    for department, part in by_department(led):
        each = part.groupby("person")[["staff", "fte"]].sum()
        found.append(figure("span_fte", department, each["fte"].median(), len(each)))
        found.append(figure("span_mean", department, ratio(each["staff"].sum(), len(each)), len(each)))
        found.append(share("span_over_30", department, int((each["staff"] > MANY).sum()), len(each)))
    for department, part in by_department(reports_per_manager(everyone, managers, departments, at=at)):
        all_led = part.groupby("person")["staff"].sum()
        found.append(figure("span_with_hourly", department, all_led.median(), len(all_led)))
    return facts(found)
