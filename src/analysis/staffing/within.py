"""What the gap holds within it: hourly paid, absence cover and unqualified in post, now and in the years ahead.

These overlap with the parts of the bridge and are shown as "varav", never added to it. Each is a compartment of its
own:

    stock after = stock · (1 − rates of leaving it) + those who come

with rates pooled over the organisation, arrivals per forecast group as in the latest windows, all in full-time
equivalents. An unqualified teacher's contract holds at most one year at a time (skollagen 2 kap. 18 §): everyone in
that compartment is up for renewal every year, and who is not renewed has left it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.periods import cutoff, shift
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.workforce.groups import sum_to_groups

OVERLAPS = ("hourly", "absence_cover", "unqualified")
OUT = ("converted", "returned", "qualified", "left")
PREFIX = "of_"
"""Parts of the result that are "varav"."""
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True)
class Compartment:
    """One compartment at the cut-off, per forecast group (arrays in the order of the groups' index).

    ``fte``: stock. ``came``: full-time equivalents that arrive a year, changes of hours included. ``rates``: share
    that goes each way in a year. ``each``: full-time equivalents of a person. ``windows``: years that flows rest on.
    ``persons``: those whom the stock stands for.
    """

    name: str
    fte: np.ndarray
    came: np.ndarray
    rates: dict[str, float]
    each: float
    windows: int
    persons: np.ndarray

    @property
    def leaving(self) -> float:
        """Share that leaves the compartment in a year, whichever way."""
        return min(1.0, sum(self.rates.values()))

    def ahead(self, years: int) -> tuple[np.ndarray, np.ndarray]:
        """Expected stock and the variance of chance, each [years × groups].

        Chance: binomial leavers and Poisson arrivals, the mean arrivals themselves known from few years.
        """
        mean, variance, known = self.fte, np.zeros_like(self.fte), np.zeros_like(self.fte)
        means, variances = [], []
        stay = 1.0 - self.leaving
        for _ in range(years):
            arrive = np.maximum(self.came, -mean * stay)
            variance = variance * stay**2 + self.each * (mean * stay * self.leaving + np.abs(arrive))
            known = known * stay + np.sqrt(self.each * np.abs(arrive) / max(1, self.windows))
            mean = mean * stay + arrive
            means.append(mean)
            variances.append(variance + known**2)
        return np.array(means), np.array(variances)


def compartment(counts: pd.DataFrame, groups: pd.DataFrame, index: pd.MultiIndex, name: str) -> Compartment | None:
    """Read one compartment from its counts; None where the delivery holds none or shows no year of its flows.

    Args:
        counts: result of ``workforce.compartments``.
        groups: forecast groups.
        index: (department, occupation) of the groups, in the order wanted.
        name: the compartment.
    """
    own = counts[counts["compartment"] == name]
    flowed = own[own["part"] != "stock"]
    if own.empty or flowed.empty:
        return None
    last, windows = own.loc[own["part"] == "stock", "origin"].max(), flowed["origin"].nunique()
    stocks = own[(own["part"] == "stock") & own["origin"].isin(flowed["origin"])]
    before = float(stocks["fte"].sum())
    rates = {
        part: float(-flowed.loc[flowed["part"] == part, "fte"].sum()) / before if before > 0 else 0.0
        for part in OUT
        if (flowed["part"] == part).any()
    }
    now = own[(own["part"] == "stock") & (own["origin"] == last)]
    arrived = flowed[flowed["part"].isin(["came", "changed"])]
    people = float(now["persons"].sum())
    return Compartment(
        name,
        _grouped(now, groups, index),
        _grouped(arrived, groups, index) / windows,
        rates,
        float(now["fte"].sum()) / people if people > 0 else 1.0,
        windows,
        _grouped(now, groups, index, "persons"),
    )


def _grouped(table: pd.DataFrame, groups: pd.DataFrame, index: pd.MultiIndex, value: str = "fte") -> np.ndarray:
    if table.empty:
        return np.zeros(len(index))
    sums = sum_to_groups(table[["department", "occupation", value]], groups, by=[], values=[value])
    return sums.set_index(["department", "occupation"])[value].reindex(index).fillna(0.0).to_numpy()


def beside(
    found: list[Compartment], index: pd.MultiIndex, at_risk: np.ndarray, *, period: str, years: int, scenario: str
) -> pd.DataFrame:
    """Rows "varav" of the bridge's table: part ``of_`` and the compartment's name, FTE at each year's end.

    Args:
        found: compartments that the delivery holds.
        index: the groups.
        at_risk: persons at risk in each group at the cut-off.
        period: cut-off month; its own year shows what is there now, without an interval.
        years: forecast years.
        scenario: name of the path.

    Returns:
        DataFrame with the columns of the bridge's table and ``persons`` (those there at the cut-off, whom every year's
        figure follows from), for groups, departments and the whole.
    """
    department = index.get_level_values("department")
    names = [str(key) for key in pd.unique(department)]
    member = np.hstack(
        [np.eye(len(index)), *[(department == key).astype(float)[:, None] for key in names], np.ones((len(index), 1))]
    )
    levels = pd.DataFrame(
        {
            "department": [*department, *names, ORGANISATION],
            "occupation": [*index.get_level_values("occupation"), *[TOTAL] * (len(names) + 1)],
            "n": at_risk @ member,
        }
    )
    tables = []
    for each in found:
        means, variances = each.ahead(years)
        now = each.fte @ member
        for ahead in range(years + 1):
            mean = now if ahead == 0 else means[ahead - 1] @ member
            spread = np.zeros(len(now)) if ahead == 0 else variances[ahead - 1] @ member
            year = cutoff(shift(period, 12 * ahead)).year
            part = levels.assign(year=year, scenario=scenario, part=f"{PREFIX}{each.name}", expected=mean)
            tables.append(part.assign(persons=each.persons @ member, **_gamma(mean, spread)))
    columns = ["department", "occupation", "year", "scenario", "part", "expected", *QUANTILES, "n", "persons"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _gamma(mean: np.ndarray, variance: np.ndarray) -> dict[str, np.ndarray]:
    """Quantiles of gamma distributions with these moments: amounts that are not below nought."""
    spread = (mean > 1e-12) & (variance > 1e-12)
    shape = np.where(spread, mean**2 / np.where(spread, variance, 1.0), 1.0)
    scale = np.where(spread, variance / np.where(spread, mean, 1.0), 1.0)
    return {
        name: np.where(spread, stats.gamma.ppf(level, shape, scale=scale), np.maximum(mean, 0.0))
        for name, level in QUANTILES.items()
    }
