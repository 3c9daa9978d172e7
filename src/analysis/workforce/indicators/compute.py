"""Every figure of the table ``definitions`` that a delivery allows; what it lacks is missing, never nought."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.periods import cutoff, shift
from analysis.tables.facts import facts
from analysis.workforce.indicators import (
    annual,
    equality,
    november,
    pay,
    pension,
    qualification,
    resources,
    sickness,
    span,
    survey,
    turnover,
)
from analysis.workforce.indicators.named import at_its_levels
from analysis.workforce.spells import in_post, stock

Tables = Mapping[str, pd.DataFrame | None]


def definition_facts(
    rows: pd.DataFrame,
    ends: pd.DataFrame,
    departments: dict[str, str],
    tables: Tables,
    *,
    people: pd.DataFrame,
    period: str,
    first_period: str,
    hours_per_month: float,
) -> pd.DataFrame:
    """Facts of every computed definition at ``period``, at the levels where each holds.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        departments: unit → department.
        tables: clean tables by name; absent ones None or missing.
        people: monthly paid in post at the cut-off (``workforce.spells.stock``).
        period: cut-off month.
        first_period: cut-off of the first month that the history covers; figures about an earlier stock are missing.
        hours_per_month: hours of a full-time month (AB: 165).

    Returns:
        Facts (``tables.facts``) with row = definition and column ``now``; pay by occupation in a table of its own.
    """
    held = {name: table for name, table in tables.items() if table is not None and not table.empty}
    found = [
        _november(rows, departments, held, period=period, first_period=first_period, hours_per_month=hours_per_month),
        _stock(rows, people, departments, held, at=cutoff(period)),
        _absences(rows, departments, held, period=sickness.calendar_year(period), hours_per_month=hours_per_month),
    ]
    if shift(period, -12) >= first_period:
        start = cutoff(shift(period, -12))
        has_causes = "exits" in held
        found.append(turnover.turnover_variants(rows, ends, start=start, end=cutoff(period), has_causes=has_causes))
    if "survey" in held:
        found.append(survey.hme(held["survey"], departments, at=cutoff(period)))
    return at_its_levels(pd.concat(found, ignore_index=True))


def _november(
    rows: pd.DataFrame,
    departments: dict[str, str],
    held: dict[str, pd.DataFrame],
    *,
    period: str,
    first_period: str,
    hours_per_month: float,
) -> pd.DataFrame:
    at = november.november(period)
    hours = held.get("hours")
    if hours is not None and not (hours["month"] == at.replace(day=1)).any():
        hours = None
    staff = november.november_staff(rows, hours, departments, at=at)
    actual = staff["fte_actual"].notna().any()
    found = [november.staff_counts(staff, hourly=hours is not None, actual=bool(actual)), november.women(staff)]
    if _has(held, "rate"):
        found.append(november.agreed_rates(staff))
    if actual:
        found.append(november.actual_rates(staff))
    if hours is not None:
        found += [november.form_shares(staff), november.ages(staff)]
        if actual:
            found.append(november.worked_time(staff, hours_per_month=hours_per_month))
            found.append(november.annual_workers(staff, hours_per_month=hours_per_month))
    every = bool(actual) and hours is not None
    found.append(november.occupation_series(staff, hourly=every, hours_per_month=hours_per_month))
    before = f"{at.year - 1}-11"
    if before >= first_period:
        then = november.november_staff(rows, None, departments, at=cutoff(before))
        found.append(november.permanent_flows(then, staff))
    return pd.concat(found, ignore_index=True)


def _has(held: dict[str, pd.DataFrame], column: str) -> bool:
    """Is the column recorded for any employment (an assumed rate says nothing about full time)?"""
    sources = (held.get(name) for name in ("employments", "snapshots"))
    return any(table is not None and column in table and table[column].notna().any() for table in sources)


def _stock(
    rows: pd.DataFrame,
    people: pd.DataFrame,
    departments: dict[str, str],
    held: dict[str, pd.DataFrame],
    *,
    at: pd.Timestamp,
) -> pd.DataFrame:
    found = [resources.posts(people), pension.reaching(people, at=at)]
    if (people["pay"] > 0).any():
        found += [pay.pay_dispersion(people), pay.equal_pay(people), pay.pay_by_occupation(people)]
    managers = held.get("managers")
    if people["sex"].notna().any():
        found.append(equality.equal_terms(people, managers, at=at))
    if managers is not None:
        everyone = stock(rows, at, hourly=True)
        found.append(span.span_of_control(people, everyone, managers, departments, at=at))
    if "teaching" in held:
        found.append(qualification.taught_time(held["teaching"], rows, departments, at=at))
    if "qualifications" in held:
        day = qualification.measuring_day(at)
        found.append(qualification.licensed_in_preschool(rows, held["qualifications"], at=day))
    if "development_plans" in held:
        found.append(qualification.current_plans(people, held["development_plans"], at=at))
    if "rate_wanted" in rows and rows["rate_wanted"].notna().any():
        found.append(qualification.wanted_rate(rows, people, in_post(rows, at)))
    if "vacancies" in held:
        found.append(resources.vacancies(held["vacancies"], at=at))
    if "finance" in held:
        found.append(resources.premises(held["finance"], at=at))
        if "staff_cost" in held["finance"] and held["finance"]["staff_cost"].notna().any():
            found.append(annual.staff_cost(held["finance"], people, at=at))
    if "volumes" in held:
        found.append(resources.volume_per_fte(held["volumes"], people, at=at))
    return pd.concat(found, ignore_index=True)


def _absences(
    rows: pd.DataFrame,
    departments: dict[str, str],
    held: dict[str, pd.DataFrame],
    *,
    period: str,
    hours_per_month: float,
) -> pd.DataFrame:
    absences = held.get("absences")
    if absences is None or not sickness.covered(absences, period):
        return facts([])
    people = rows[["person", "sex", "birth"]]
    found = [sickness.statutory_sick_leave(absences, departments, people, period=period)]
    found.append(annual.year_of_absence(absences, departments, period=period))
    found.append(annual.time_by_kind(absences, departments, period=period))
    if absences["sick_hours_short"].notna().any():
        found.append(sickness.sick_leave_by_day(absences, departments, period=period))
        if (rows["pay"] > 0).any():
            found.append(annual.sick_pay(absences, departments, rows, period=period, hours_per_month=hours_per_month))
    if absences["overtime_hours"].notna().any():
        found.append(sickness.overtime(absences, departments, period=period))
    if people["sex"].notna().any():
        found.append(sickness.equal_absence(absences, departments, people, period=period))
    return pd.concat(found, ignore_index=True)
