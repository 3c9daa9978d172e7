"""What a municipality's yearly account of its staff holds beside the statutory disclosure: absence, time, cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import cutoff, look_up
from analysis.reference import load
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from analysis.workforce.indicators.basic import added, sums
from analysis.workforce.indicators.named import figure, ratio, share

MONTHS = 12


def absences_of_year(absences: pd.DataFrame, departments: dict[str, str], period: str) -> pd.DataFrame:
    """The calendar year's rows with an ordinary working time, and their department."""
    year = absences[(absences["month"].dt.year == cutoff(period).year) & (absences["ordinary_hours"] > 0)]
    return year.assign(department=year["unit"].map(departments))


def year_of_absence(absences: pd.DataFrame, departments: dict[str, str], *, period: str) -> pd.DataFrame:
    """Persons without sick leave all year, and persons with six spells or more, of those there every month.

    A person is counted in the department of the year's last month. Those for whom a month lacks the number of spells
    are left out of the second share: a spell that nobody recorded is not none.

    Args:
        absences: clean table ``absences``, which holds every month of the year.
        departments: unit → department.
        period: December of the calendar year.
    """
    year = absences_of_year(absences, departments, period).sort_values("month", kind="stable")
    spells = year["sick_spells"] if "sick_spells" in year else pd.Series(np.nan, index=year.index)
    year = year.assign(spells=spells.astype("float64"), untold=spells.isna())
    people = year.groupby("person").agg(
        months=("month", "nunique"), department=("department", "last"), sick=("sick_hours", "sum"),
        spells=("spells", "sum"), untold=("untold", "any"),
    )  # fmt: skip
    people = people[people["months"] == MONTHS]
    least = load("definitions")["repeated_absence"]["spells"]
    people = people.assign(healthy=people["sick"] == 0, repeated=people["spells"] >= least)
    found = [
        share("without_absence", department, int(of["healthy"]), of["n"])
        for department, of in sums(people, **added("healthy"))
    ]
    found += [
        share("repeated_absence", department, int(of["repeated"]), of["n"])
        for department, of in sums(people[~people["untold"]], **added("repeated"))
        if of["n"]
    ]
    return facts(found)


def sick_pay(
    absences: pd.DataFrame, departments: dict[str, str], rows: pd.DataFrame, *, period: str, hours_per_month: float
) -> pd.DataFrame:
    """Kronor of the employer's sick pay for days 1 to 14 of the calendar year (sjuklönelagen 1991:1047, 6 §).

    Hours · pay an hour · 80 per cent, less for each spell 20 per cent of the sick pay of an average week; a month's
    deduction takes no more than its sick pay. Where spells are not recorded no deduction is made. The pay is the last
    one known of the person's main employment; who has none is left out.

    Args:
        absences: clean table ``absences``; only rows in which the short part is recorded count.
        departments: unit → department.
        rows: result of ``workforce.spells.employment_rows``.
        period: December of the calendar year.
        hours_per_month: hours of a full-time month (AB: 165).
    """
    rules = load("definitions")["sick_pay"]
    paid = rows[(rows["pay"] > 0) & (rows["start"] <= cutoff(period))].sort_values(["start", "rate"], kind="stable")
    year = absences_of_year(absences, departments, period)
    year = year[year["sick_hours_short"].notna()]
    year = year.assign(
        pay=look_up(year["person"], paid.drop_duplicates("person", keep="last").set_index("person")["pay"])
    )
    year = year[year["pay"].notna()]
    hourly = year["pay"].astype("float64") / hours_per_month * rules["share"]
    spells = year["sick_spells"].astype("float64").fillna(0.0) if "sick_spells" in year else 0.0
    week = year["ordinary_hours"] * MONTHS / rules["weeks_per_year"]
    cost = hourly * (year["sick_hours_short"] - rules["deduction"] * week * spells)
    year = year.assign(cost=cost.clip(lower=0.0))
    return facts(
        figure("sick_pay", department, of["cost"], of["persons"])
        for department, of in sums(year, persons=("person", "nunique"), cost=("cost", "sum"))
    )


def time_by_kind(absences: pd.DataFrame, departments: dict[str, str], *, period: str) -> pd.DataFrame:
    """Parental leave and part-timers' extra time over the ordinary hours of the calendar year, where recorded."""
    year, found = absences_of_year(absences, departments, period), []
    for name, column in (("parental_share", "parental_hours"), ("extra_share", "extra_hours")):
        held = year[year[column].notna()] if column in year else year.iloc[:0]
        if held.empty:
            continue
        measures = added(column, "ordinary_hours")
        for department, of in sums(held, persons=("person", "nunique"), **measures):
            found.append(figure(name, department, ratio(of[column], of["ordinary_hours"]), of["persons"]))
    return facts(found)


def staff_cost(finance: pd.DataFrame, people: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Cost of staff, in kronor and as a share of all costs, of the latest calendar year that has ended at ``at``.

    The persons that a figure describes are the monthly paid in post: in a small department its cost tells their pay.

    Args:
        finance: clean table ``finance``.
        people: monthly paid in post (``workforce.spells.stock``).
        at: the cut-off.
    """
    last = at.year if (at.month, at.day) == (12, 31) else at.year - 1
    year = finance[(finance["year"] == last) & finance["staff_cost"].notna()]
    staff = people.groupby("department").size()
    here = staff.reindex(year["department"].unique()).fillna(0)
    found = []
    for department, of in sums(year, **added("staff_cost", "total_cost")):
        n = float(here.sum() if department == ORGANISATION else here[department])
        found.append(figure("staff_cost", department, of["staff_cost"], n))
        found.append(figure("staff_cost_share", department, ratio(of["staff_cost"], of["total_cost"]), n))
    return facts(found)
