"""What the simulation left behind, as tables of a pay system: employments, exits, hours, absences.

Every table comes with clean values under canonical names; ``raw`` gives them Swedish headers and ``mess``
its errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.hazards import DAYS_PER_YEAR, band, relief, upper_ends
from analysis.sample.simulate import History
from analysis.sample.staff import HOURLY, PERMANENT, rank_within
from analysis.sample.town import CUT_OFF, Town, data

Array = npt.NDArray[Any]

FULL_TIME_HOURS = 165.0


@dataclass(frozen=True)
class Names:
    """How persons are written in the files: invented employee numbers, as text with leading zeros."""

    numbers: Array

    @classmethod
    def draw(cls, persons: int, rng: np.random.Generator) -> Names:
        """Draw a different number of six digits (more where six do not suffice) for each person."""
        digits = max(6, len(str(persons)) + 1)
        return cls(np.char.zfill((rng.choice(10**digits - 1, persons, replace=False) + 1).astype(str), digits))

    def __call__(self, person: Array) -> Array:
        """Employee numbers of persons (positions)."""
        return self.numbers[person]


def employments(history: History, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of constant terms since the history's first day, ordered by employee number and start.

    Columns: number, employment, unit, aid, title, occupation, form (0, 1, 2), qualified, rate, rate_actual,
    start, end (day numbers), birth (day number), sex, pay, department and person (positions, not for
    delivery).
    """
    town = history.town
    rows = pd.DataFrame(history.ledger.rows())
    first = int(history.first.astype("datetime64[D]").astype(int))
    rows = rows[rows["end"] >= first]
    # the new system took over the present terms on its first day, with the employment's own first day
    running = rows["start"] < first
    rows["start"] = rows["start"].mask(running, rows["hired"])
    rows["pay"] = _pay(rows, town)
    rows = pd.concat([rows.assign(post=1), _second_posts(rows, town, rng)], ignore_index=True)
    rows = _before_reorganisation(rows, town)
    rows["number"] = names(rows["person"].to_numpy())
    rows = rows.sort_values(["number", "start", "post"], kind="stable", ignore_index=True)
    order = rows.groupby(["person", "hired", "post"], sort=False).ngroup()
    rows["employment"] = rows["number"] + "-" + (rank_of(rows["person"], order) + 1).astype(str)
    titles, codes = town.parameter("title"), town.parameter("aid")
    special = town.parameter("unqualified_title", "")
    occupation, qualified = rows["occupation"].to_numpy(), rows["qualified"].to_numpy()
    title = np.where(~qualified & (special[occupation] != ""), special[occupation], titles[occupation])
    rows["title"], rows["aid"] = title, codes[occupation]
    rows["rate_actual"] = (rows["rate"] * rows["present"]).round(4)
    rows["school_law"] = ~qualified & ~town.parameter("unqualified_permanent", False).astype(bool)[occupation]
    return rows


def rank_of(person: pd.Series, group: pd.Series) -> pd.Series:
    """Number 0, 1, … of each person's groups, in order of appearance."""
    first = ~group.duplicated()
    ranks = pd.Series(rank_within(person[first].to_numpy()), index=group[first].to_numpy())
    return group.map(ranks)


def _pay(rows: pd.DataFrame, town: Town) -> pd.Series:
    """Full-time monthly pay in kronor of the row's last year; empty for hourly paid."""
    level = town.parameter("pay").astype(float)[rows["occupation"]]
    last = np.minimum(rows["end"].to_numpy(), int(CUT_OFF.astype(int)))
    year = 1970 + last / DAYS_PER_YEAR
    experience = np.clip((last - rows["hired"].to_numpy()) / DAYS_PER_YEAR, 0, 25)
    pay = level * np.exp(rows["skill"].to_numpy()) * (1 + 0.004 * experience) * 1.028 ** (np.floor(year) - 2025)
    pay *= np.where(rows["qualified"], 1.0, 0.9)
    return pd.Series(np.round(pay / 50) * 50, index=rows.index).mask(rows["form"] == HOURLY)


def _second_posts(rows: pd.DataFrame, town: Town, rng: np.random.Generator) -> pd.DataFrame:
    """A second, small post in another unit for some part-time staff: one person, two posts."""
    part_time = rows[(rows["form"] == PERMANENT) & (rows["rate"] <= 0.76) & (rows["present"] > 0)]
    chosen = part_time[rng.random(len(part_time)) < 0.12]
    open_units = [place for place, unit in enumerate(town.units) if unit.closes is None]
    where = pd.Series(open_units, index=[town.units[place].department for place in open_units])
    extra = where[~where.index.duplicated()]
    second = chosen["department"].map(extra)
    usable = second.notna() & (second != chosen["unit"])
    return chosen[usable].assign(unit=second[usable].astype("int32"), rate=0.2, present=1.0, post=2)


def _before_reorganisation(rows: pd.DataFrame, town: Town) -> pd.DataFrame:
    """Write the codes of their time: rows before the reorganisation carry the unit that was."""
    date = int(np.datetime64(data("organisation")["reorganisation"]["date"]).astype(int))
    codes = np.array([unit.key for unit in town.units])
    before = np.array([unit.before or "" for unit in town.units])
    rows["code"] = codes[rows["unit"]]
    old = (before[rows["unit"]] != "") & (rows["start"] < date).to_numpy()
    cut = old & (rows["end"] >= date).to_numpy()
    continued = rows[cut].assign(start=date)
    rows["end"] = rows["end"].mask(cut, date - 1)
    rows["code"] = np.where(old, before[rows["unit"]], rows["code"])
    return pd.concat([rows, continued], ignore_index=True)


def exits(history: History, names: Names) -> pd.DataFrame:
    """One row per leaver, ordered by date: person, number, date (day number), cause (as planted), form."""
    person, date, cause, form = (np.concatenate(part) for part in zip(*history.exits, strict=True))
    table = pd.DataFrame({"person": person, "date": date, "cause": cause, "form": form})
    table["number"] = names(person)
    return table.sort_values(["date", "number"], kind="stable", ignore_index=True)


def hours(history: History, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """Worked hours of the hourly paid, per person and month: number, code, aid, month ("YYYYMM"), hours."""
    town, mean = history.town, data("planted")["hourly"]["hours_per_month"]
    codes, aids = np.array([unit.key for unit in town.units]), town.parameter("aid")
    parts = []
    for month, staff in history.months.items():
        chosen = staff.take(staff.form == HOURLY)
        worked = rng.gamma(1.6, mean / 1.6, len(chosen))
        worked = np.where(rng.random(len(chosen)) < 0.12, 0.0, np.minimum(worked, 190.0))
        part = pd.DataFrame(
            {
                "number": names(chosen.person),
                "code": codes[chosen.unit],
                "aid": aids[chosen.occupation],
                "title": town.parameter("title")[chosen.occupation],
                "month": str(month).replace("-", ""),
                "hours": np.round(worked * 4) / 4,
            }
        )
        parts.append(part[part["hours"] > 0])
    return pd.concat(parts, ignore_index=True).sort_values(["month", "number"], kind="stable", ignore_index=True)


def absences(history: History, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """Ordinary and sick hours of the monthly paid: number, code, month ("YYYY-MM"), ordinary, sick, long.

    Long sick leave is a state that lasts (a Markov chain with a mean of seven months), short sick leave a
    monthly draw; together they keep the planted shares by sex and age and the planted long-term share.
    """
    planted = data("planted")["sick_leave"]
    codes = np.array([unit.key for unit in history.town.units])
    sick_long = np.zeros(history.persons, dtype=bool)
    leave_long = 1 / 7
    parts = []
    for step, (month, staff) in enumerate(history.months.items()):
        chosen = staff.take((staff.form != HOURLY) & (staff.present > 0))
        middle = int(month.astype("datetime64[D]").astype(int)) + 15
        age = (middle - chosen.birth) / DAYS_PER_YEAR
        level = np.where(chosen.sex == 1, planted["women"], planted["men"])
        level = level * np.array(list(planted["age"].values()))[band(age, upper_ends("sick_leave"))]
        level = level * relief(history.town, month)[chosen.department]
        share = np.clip(level * planted["long_share"] / 0.9, 0, 0.5)  # part of the persons on long leave
        was = sick_long[chosen.person]
        begin = share if step == 0 else share * leave_long / (1 - share)
        draw = rng.random(len(chosen))
        now = np.where(was, draw >= leave_long, draw < begin)
        sick_long[:] = False
        sick_long[chosen.person] = now
        ordinary = np.round(FULL_TIME_HOURS * chosen.rate.astype(float) * chosen.present, 1)
        short = level * (1 - planted["long_share"]) / (1 - share)
        ill = rng.random(len(chosen)) < 0.38
        part = np.minimum(rng.gamma(0.8, 1.0, len(chosen)) / 0.8 * short / 0.38, 0.9)
        long_hours = np.where(now, np.round(ordinary * 0.9, 1), 0.0)
        sick = np.where(now, long_hours, np.where(ill, np.round(ordinary * part, 1), 0.0))
        parts.append(
            pd.DataFrame(
                {
                    "number": names(chosen.person),
                    "code": codes[chosen.unit],
                    "month": str(month),
                    "ordinary": ordinary,
                    "sick": sick,
                    "long": long_hours,
                }
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(["month", "number"], kind="stable", ignore_index=True)
