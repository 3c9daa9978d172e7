"""The statutory disclosure of sick leave, and other cuts of the same hours, each named apart.

Hours over hours, summed before they are divided; a group of at most ten persons is never shown (the rule of ten is
applied by ``disclosure``; here every group carries its number of persons).
"""

from __future__ import annotations

import pandas as pd

from analysis.periods import cutoff, look_up, parse_period
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import added, sick_leave, sums
from analysis.workforce.indicators.named import figure, groups_of, ratio

STATUTORY = {
    ("total", "share"): "n00090",
    ("total", "long"): "n00091",
    ("women", "share"): "statutory_women",
    ("men", "share"): "statutory_men",
    ("u30", "share"): "n00092",
    ("30_49", "share"): "n00093",
    ("50_plus", "share"): "n00094",
}
"""The seven key figures by group and column of ``sick_leave``."""


def calendar_year(period: str) -> str:
    """December of the latest calendar year that has ended at the cut-off of ``period``."""
    month = parse_period(period)
    return f"{month.year if month.month == 12 else month.year - 1}-12"


def covered(absences: pd.DataFrame, period: str) -> bool:
    """Do the absences hold every month of the calendar year that ends with ``period``?"""
    year = cutoff(period).year
    return len(set(absences.loc[absences["month"].dt.year == year, "month"].dt.month)) == 12


def statutory_sick_leave(
    absences: pd.DataFrame, departments: dict[str, str], people: pd.DataFrame, *, period: str
) -> pd.DataFrame:
    """The seven key figures of the annual report (SFS 2002:1065; Kolada N00090–N00094).

    Args:
        absences: clean table ``absences``.
        departments: unit → department.
        people: DataFrame[person, sex, birth], one row or more per person.
        period: December of the calendar year.
    """
    table = sick_leave(absences, departments, people, period=period)
    found = []
    for line in table.to_dict("records"):
        name = STATUTORY.get((str(line["row"]), str(line["column"])))
        if name is not None:
            found.append(figure(name, str(line["department"]), float(line["value"]), float(line["n"])))
    return facts(found)


def sick_leave_by_day(absences: pd.DataFrame, departments: dict[str, str], *, period: str) -> pd.DataFrame:
    """Nyckeltalsinstitutet's split of the calendar year: to day 14 and from day 15, of ordinary hours.

    Only rows in which the short part is recorded count, above and below.

    Args:
        absences: clean table ``absences``.
        departments: unit → department.
        period: December of the calendar year.
    """
    year = _year(absences, departments, period)
    measures = added("ordinary_hours", "sick_hours", "sick_hours_short")
    found = []
    for department, of in sums(year[year["sick_hours_short"].notna()], persons=("person", "nunique"), **measures):
        persons, ordinary, short = of["persons"], of["ordinary_hours"], of["sick_hours_short"]
        found.append(figure("sick_leave_to_day_14", department, ratio(short, ordinary), persons))
        found.append(figure("sick_leave_from_day_15", department, ratio(of["sick_hours"] - short, ordinary), persons))
    return facts(found)


def overtime(absences: pd.DataFrame, departments: dict[str, str], *, period: str) -> pd.DataFrame:
    """Overtime hours over ordinary hours in the calendar year (an input to AVI)."""
    year = _year(absences, departments, period)
    measures = added("overtime_hours", "ordinary_hours")
    return facts(
        figure("overtime_share", department, ratio(of["overtime_hours"], of["ordinary_hours"]), of["persons"])
        for department, of in sums(year[year["overtime_hours"].notna()], persons=("person", "nunique"), **measures)
    )


def equal_absence(
    absences: pd.DataFrame, departments: dict[str, str], people: pd.DataFrame, *, period: str
) -> pd.DataFrame:
    """Women's figure minus men's: sick leave from day 15, and parental leave, of ordinary hours (inputs to JÄMIX).

    ``n`` is the smaller of the two groups, since the difference describes both.
    """
    known = people[people["sex"].notna()].drop_duplicates("person").set_index("person")["sex"]
    year = _year(absences, departments, period)
    year["sex"] = look_up(year["person"], known)
    year["late"] = year["sick_hours"] - year["sick_hours_short"]
    found = []
    for department, part in groups_of(year, "sick_leave_gap", "parental_leave_gap"):
        for name, column in (("sick_leave_gap", "late"), ("parental_leave_gap", "parental_hours")):
            held = part[part[column].notna()]
            groups = [held[held["sex"] == sex] for sex in ("F", "M")]
            women, men = (ratio(group[column].sum(), group["ordinary_hours"].sum()) for group in groups)
            least = min(group["person"].nunique() for group in groups)
            if least:
                found.append(figure(name, department, women - men, least))
    return facts(found)


def _year(absences: pd.DataFrame, departments: dict[str, str], period: str) -> pd.DataFrame:
    year = absences[(absences["month"].dt.year == cutoff(period).year) & (absences["ordinary_hours"] > 0)]
    return year.assign(department=year["unit"].map(departments))
