"""An indicator by department, occupation and year: what was counted, of how much, and how far chance moves it.

A year is twelve months that begin with the month a measure starts in, so that the years before and after it hold the
same seasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.periods import cutoff, months_between, shift
from analysis.reference.ledger import Followed
from analysis.workforce.indicators import exposure, leavers
from analysis.workforce.spells import stock

CELL = ["department", "occupation"]
COUNTED = ["numerator", "denominator", "persons", "nn", "nd", "dd"]
YEAR = 12


@dataclass
class Past:
    """What indicators are counted from.

    Attributes:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        absences, vacancies: clean tables; None where the delivery has none.
        units: unit → department.
        first: indicator → first month that its record holds whole ("YYYY-MM"); one that is not there is not counted.
        last: indicator → last such month.
    """

    rows: pd.DataFrame
    ends: pd.DataFrame
    absences: pd.DataFrame | None
    vacancies: pd.DataFrame | None
    units: Mapping[str, str]
    first: Mapping[str, str]
    last: Mapping[str, str]
    _counted: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    _years: dict[str, pd.DataFrame] = field(default_factory=dict)

    def person_years(self, first: str) -> pd.DataFrame:
        """Person-years of the twelve months from ``first``: DataFrame[person, department, occupation, years]."""
        if first not in self._years:
            start, end = _span(first)
            years = exposure(self.rows, start=start, end=end, by=("department", "occupation"))
            self._years[first] = years.assign(occupation=years["occupation"].fillna("unknown"))
        return self._years[first]

    def year(self, indicator: Followed, first: str) -> pd.DataFrame:
        """The twelve months that begin with the month ``first``, by department and occupation.

        Returns:
            DataFrame[department, occupation, numerator, denominator, persons, nn, nd, dd]: ``persons`` the persons
            (adverts) that it is about, ``nn``, ``nd``, ``dd`` sums over persons of squares and products of numerator
            and denominator, where the figure is one of hours.
        """
        key = (indicator.id, first)
        if key not in self._counted:
            count = {"events": _events, "hours": _hours, "posts": _posts, "days": _days}[indicator.counts]
            self._counted[key] = count(self, indicator.id, first).reindex(columns=[*CELL, *COUNTED]).fillna(
                dict.fromkeys(("nn", "nd", "dd"), 0.0)
            )  # fmt: skip
        return self._counted[key]


def _span(first: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The day before the first one, and the last day."""
    return cutoff(shift(first, -1)), cutoff(shift(first, YEAR - 1))


def _events(past: Past, indicator: str, first: str) -> pd.DataFrame:
    """Permanent staff who left, over person-years (``indicators.leaving``)."""
    start, end = _span(first)
    gone = leavers(past.rows, past.ends, start=start, end=end)
    gone = gone[gone["form"] == "permanent"]
    if indicator == "leaving_own_request":
        gone = gone[gone["cause"] == "resignation"]
    found = past.person_years(first).groupby(CELL).agg(denominator=("years", "sum"), persons=("person", "nunique"))
    left = gone.assign(occupation=gone["occupation"].fillna("unknown")).groupby(CELL).size()
    found["numerator"] = left.reindex(found.index).fillna(0.0).astype("float64")
    return found.reset_index()


def _hours(past: Past, indicator: str, first: str) -> pd.DataFrame:
    """Sick leave of ordinary working hours."""
    start, end = _span(first)
    assert past.absences is not None
    table = past.absences
    table = table[(table["month"] > start) & (table["month"] <= end) & (table["ordinary_hours"] > 0)]
    started = past.rows[past.rows["start"] <= end].sort_values(["start", "source_row"], kind="stable")
    occupation = started.drop_duplicates("person", keep="last").set_index("person")["occupation"]
    table = table.assign(
        department=table["unit"].map(past.units),
        occupation=occupation.reindex(table["person"]).fillna("unknown").to_numpy(),
    )
    hours = table.groupby(["person", *CELL], as_index=False)[["sick_hours", "ordinary_hours"]].sum()
    sick, ordinary = hours["sick_hours"], hours["ordinary_hours"]
    hours = hours.assign(nn=sick**2, nd=sick * ordinary, dd=ordinary**2)
    found = hours.groupby(CELL).agg(
        numerator=("sick_hours", "sum"), denominator=("ordinary_hours", "sum"), persons=("person", "nunique"),
        nn=("nn", "sum"), nd=("nd", "sum"), dd=("dd", "sum"),
    )  # fmt: skip
    return found.reset_index()


def _posts(past: Past, indicator: str, first: str) -> pd.DataFrame:
    """Posts advertised and not filled, mean of the months' last days, of these and full-time equivalents at work."""
    assert past.vacancies is not None
    days = [cutoff(shift(first, ahead)) for ahead in range(YEAR)]
    table = past.vacancies.assign(occupation=past.vacancies["occupation"].fillna("unknown"))
    parts = []
    for day in days:
        still = table[(table["opened"] <= day) & (table["closed"].isna() | (table["closed"] > day))]
        parts.append(still.groupby(CELL)["posts"].sum())
    empty = pd.concat(parts).groupby(level=CELL).sum() / YEAR
    people = pd.concat([stock(past.rows, day)[[*CELL, "fte"]] for day in (days[0], days[YEAR // 2], days[-1])])
    people = people.assign(occupation=people["occupation"].fillna("unknown"))
    staff = people.groupby(CELL)["fte"].agg(["sum", "size"]) / 3
    found = pd.DataFrame({"numerator": empty, "fte": staff["sum"], "persons": staff["size"]}).fillna(0.0)
    found["denominator"] = found["numerator"] + found["fte"]
    return found.drop(columns="fte").reset_index()


def _days(past: Past, indicator: str, first: str) -> pd.DataFrame:
    """Days that adverts were out within the year, over adverts filled in it: the mean of a constant chance a day."""
    start, end = _span(first)
    assert past.vacancies is not None
    table = past.vacancies
    closed = table["closed"].fillna(end + pd.Timedelta(days=1))
    last, opened = closed.where(closed < end, end), table["opened"].where(table["opened"] > start, start)
    out = (last - opened).dt.days.clip(lower=0)
    reason = table["end_reason"] if "end_reason" in table else pd.Series("filled", index=table.index)
    filled = (table["closed"] > start) & (table["closed"] <= end) & reason.fillna("filled").ne("withdrawn")
    seen = table.assign(occupation=table["occupation"].fillna("unknown"), out=out, filled=filled.astype("float64"))
    seen = seen[(seen["opened"] <= end) & (closed > start)]
    found = seen.groupby(CELL).agg(numerator=("out", "sum"), denominator=("filled", "sum"), persons=("out", "size"))
    return found.reset_index()


def chance(indicator: Followed, table: pd.DataFrame, among: pd.DataFrame) -> pd.Series:
    """Variance that chance gives each figure of ``table``, from what the comparison groups have in all.

    Counts are taken for Poisson (events), posts for binomial, days to filling for exponential; hours of a person belong
    together, so that theirs is the variance of a ratio of sums over persons (Cochran 1977, Sampling Techniques, 6.3).
    What groups vary beyond that is not here but in the model (``compared``).

    Args:
        indicator: what is counted.
        table: DataFrame[numerator, denominator, nn, nd, dd], a row per figure.
        among: the same of the comparison groups.
    """
    total = among[["numerator", "denominator", "nn", "nd", "dd"]].sum()
    level = total["numerator"] / total["denominator"] if total["denominator"] > 0 else np.nan
    if indicator.counts == "hours":
        square = (total["nn"] - 2 * level * total["nd"] + level**2 * total["dd"]) / total["dd"]
        return square * table["dd"] / table["denominator"] ** 2
    scale = {"events": level, "posts": level * (1 - level), "days": level**2}[indicator.counts]
    return scale / table["denominator"].where(table["denominator"] > 0)


def years_of(past: Past, indicator: Followed, start: str, *, before: int, seen: int) -> dict[int, str]:
    """First months of the years around a start, by number: -1 the last year before it, 0 the first one after.

    Args:
        past: what is counted from.
        indicator: what is counted.
        start: month of the start.
        before: at most so many years before.
        seen: years since the start that are over.
    """
    first = past.first[indicator.id]
    able = min(max(months_between(first, start) // YEAR, 0), before)
    return {number: shift(start, YEAR * number) for number in range(-able, seen)}
