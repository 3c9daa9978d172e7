"""Deliveries whose history is spoilt as real ones are: begun too early, without reasons, ended only, renumbered, old.

Every person is drawn, and what is true is known: from when leavers are recorded, why they left, how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.extracts.town import FACTS

LAST = pd.Timestamp("2025-12-31")
STAFF = """
[[file]]
table = "employments"
path = "staff.csv"
[file.columns]
person = "Nr"
unit = "Enhet"
title = "Titel"
form = "Form"
rate = "Grad"
start = "Från"
end = "Till"
birth = "Född"
[file.values.form]
"Tillsvidare" = "permanent"
"""
EXITS = """
[[file]]
table = "exits"
path = "exits.csv"
[file.columns]
person = "Nr"
date = "Datum"
cause = "Orsak"
[file.values.cause]
"Egen begäran" = "resignation"
"Pension" = "retirement"
"""
LISTS = """
[[file]]
table = "snapshots"
pattern = 'lista_(?P<year>\\d{4})\\.csv'
constants = { snapshot = "{year}-12-31" }
[file.columns]
person = "Nr"
unit = "Enhet"
title = "Titel"
form = "Form"
rate = "Grad"
birth = "Född"
[file.values.form]
"Tillsvidare" = "permanent"
"""
ABSENCES = """
[[file]]
table = "absences"
path = "absences.csv"
[file.columns]
person = "Nr"
unit = "Enhet"
month = "Månad"
ordinary_hours = "Ord"
sick_hours = "Sjuk"
"""


@dataclass
class Town:
    """A delivery on its way to be spoilt.

    Attributes:
        staff: DataFrame[Nr, Enhet, Titel, Form, Grad, Från, Till, Född, Orsak], one row per employment.
        since: first day from which leavers are recorded.
        toml: the description so far.
        files: name → content of the files beside ``staff.csv``.
    """

    staff: pd.DataFrame
    since: pd.Timestamp
    toml: str = FACTS + STAFF
    files: dict[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, str]:
        """Every file by name."""
        mine = {"staff.csv": csv(self.staff.drop(columns="Orsak"))} if "staff.csv" in self.toml else {}
        return {**mine, **self.files}

    @property
    def leavers(self) -> pd.DataFrame:
        """Employments that ended, in order."""
        return self.staff[self.staff["Till"] <= LAST].sort_values("Till")


def csv(table: pd.DataFrame) -> str:
    """As a payroll system writes it."""
    return table.to_csv(index=False, sep=";", date_format="%Y-%m-%d")


def town(rng: np.random.Generator) -> Town:
    """A steady employer of 100 to 250 people, of whom about a tenth leaves every year since leavers are recorded."""
    size, first = int(rng.integers(100, 250)), int(rng.integers(2015, 2019))
    since = pd.Timestamp(first, 1, 1)
    rows: list[dict[str, object]] = []
    day = since
    stock = [
        {"born": int(rng.integers(1962, 1998)), "from": since - pd.Timedelta(days=int(rng.integers(30, 4000)))}
        for _ in range(size)
    ]
    while day < LAST:
        for place, each in enumerate(stock):
            if rng.random() < 0.1 / 12:
                gone = day + pd.Timedelta(days=int(rng.integers(0, 28)))
                rows.append({**each, "until": max(gone, each["from"] + pd.Timedelta(days=10))})
                stock[place] = {"born": int(rng.integers(1970, 2000)), "from": gone + pd.Timedelta(days=20)}
        day += pd.DateOffset(months=1)
    rows += [{**each, "until": pd.NaT} for each in stock if each["from"] < LAST]
    made = pd.DataFrame(rows)
    number = rng.permutation(len(made)) + 100_000
    months = rng.integers(1, 13, len(made))
    staff = pd.DataFrame(
        {
            "Nr": number,
            "Enhet": np.where(number % 3 == 0, "d1", "d2"),
            "Titel": "Undersköterska",
            "Form": "Tillsvidare",
            "Grad": "1.0",
            "Från": pd.to_datetime(made["from"]),
            "Till": pd.to_datetime(made["until"]).where(pd.to_datetime(made["until"]) <= LAST),
            "Född": [f"{year}-{month:02d}-01" for year, month in zip(made["born"], months, strict=True)],
        }
    )
    reason = np.where(rng.random(len(staff)) < 0.8, "Egen begäran", "Pension")
    return Town(staff.assign(Orsak=np.where(staff["Till"].notna(), reason, "")), since)


def too_early(made: Town, rng: np.random.Generator) -> None:
    """A few of those in post are delivered with an employment that ended decades ago."""
    old = made.staff[made.staff["Till"].isna()].sample(int(rng.integers(1, 5)), random_state=int(rng.integers(1000)))
    ended = pd.to_datetime([f"{year}-05-31" for year in rng.integers(1996, 2004, len(old))])
    old = old.assign(Till=ended, Från=ended - pd.Timedelta(days=400))
    made.staff = pd.concat([made.staff, old], ignore_index=True)


def with_exits(made: Town, *, reasons_from: pd.Timestamp | None = None, kept: bool = True) -> None:
    """A file of exits; before ``reasons_from`` without a reason, or without the record (``kept`` is False)."""
    exits = made.leavers[["Nr", "Till", "Orsak"]].set_axis(["Nr", "Datum", "Orsak"], axis=1)
    if reasons_from is not None:
        early = exits["Datum"] < reasons_from
        exits = exits.assign(Orsak=exits["Orsak"].mask(early, "")) if kept else exits[~early]
    made.files["exits.csv"] = csv(exits)
    made.toml += EXITS


def ended_only(made: Town, rng: np.random.Generator) -> None:
    """Only those who have left were extracted."""
    made.staff = made.leavers


def renumbered(made: Town, day: pd.Timestamp) -> int:
    """Everybody in post on ``day`` ends there and begins anew the day after under another number; how many."""
    there = (made.staff["Från"] < day) & ~(made.staff["Till"] <= day)
    again = made.staff[there].assign(Nr=made.staff["Nr"] + 500_000, Från=day + pd.Timedelta(days=1))
    made.staff = pd.concat([made.staff.assign(Till=made.staff["Till"].mask(there, day)), again], ignore_index=True)
    return int(there.sum())


def as_lists(made: Town) -> None:
    """Yearly lists of who is in post in place of employments with dates, and a file of exits."""
    with_exits(made)
    made.toml = made.toml.replace(STAFF, LISTS)
    for year in range(made.since.year - 1, LAST.year + 1):
        day = pd.Timestamp(year, 12, 31)
        there = made.staff[(made.staff["Från"] <= day) & ~(made.staff["Till"] <= day)]
        made.files[f"lista_{year}.csv"] = csv(there[["Nr", "Enhet", "Titel", "Form", "Grad", "Född"]])


def absent_until(made: Town, month: pd.Period, rng: np.random.Generator) -> None:
    """Absences of everybody in post that end with ``month``."""
    there = made.staff[made.staff["Till"].isna()]
    rows = [
        (number, unit, str(each), 160, int(rng.integers(0, 20)))
        for each in pd.period_range("2024-01", month, freq="M")
        for number, unit in zip(there["Nr"], there["Enhet"], strict=True)
    ]
    made.files["absences.csv"] = csv(pd.DataFrame(rows, columns=["Nr", "Enhet", "Månad", "Ord", "Sjuk"]))
    made.toml += ABSENCES
