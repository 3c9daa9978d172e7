"""Observed against expected: do more people leave a department than its ages and tenures lead one to expect?

Indirect standardisation: the whole organisation's rates by age, tenure and window, applied to the persons at risk of a
department (Breslow and Day 1987, section 2.3). The second table also takes what is particular to each occupation into
account. Limits say what chance alone does to a count of that size; a department outside them is worth a conversation,
and nothing more is said about why.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reference.bands import banding
from analysis.tables.protected import ORGANISATION
from analysis.turnover.cells import closed_origins
from analysis.turnover.drivers.poisson import limits, mid_p_interval

TENURE = banding("service").starts
"""Where bands begin, in completed years."""
WINDOWS = 3
"""Closed years that are counted together: a single year of a small department says little."""
LEVEL = 0.95
LIMITS = {"95": 0.95, "998": 0.998}
COLUMNS = [
    "department", "by", "first", "last", "n", "observed", "expected", "ratio", "low", "high",
    *(f"{end}{name}" for name in LIMITS for end in ("low", "high")),
]  # fmt: skip
CURVE = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 960, 1280, 1920, 2560)
"""Expected numbers at which the limits of the funnel are drawn."""


def bands(values: pd.Series, begins: tuple[int, ...]) -> np.ndarray:
    """Number of the band of each value; what is not known is a band of its own."""
    return np.where(values < 0, -1, np.searchsorted(begins, values, side="right"))


def observed_expected(cells: pd.DataFrame, *, cause: str = "resignation", windows: int = WINDOWS) -> pd.DataFrame:
    """Leavers for one cause per department, against the number to be expected there.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        cause: the cause.
        windows: how many closed windows back are counted together.

    Returns:
        ObservedExpected (``contracts``), ``by`` being ``age_tenure`` or ``occupation`` (age, tenure and
        occupation): ``first`` and ``last`` origin, ``n`` person-years at risk, the ratio with its 95 per cent mid-P
        interval, and the limits of chance at that expected number. Expected numbers of the departments add up to the
        observed number of the whole (``all``), whose ratio is one by construction. Empty where nobody has left.
    """
    order = closed_origins(cells)[-windows:]
    table = cells.loc[
        cells["origin"].isin(order), ["origin", "department", "occupation", "age", "tenure", "at_risk", cause]
    ]
    table = table.rename(columns={cause: "observed"}).astype({"at_risk": "float64", "observed": "float64"})
    if not order or not table["observed"].sum() > 0:
        return pd.DataFrame(columns=COLUMNS)
    strata = [
        table["origin"].to_numpy(),
        bands(table["age"], banding("decades").starts),
        bands(table["tenure"], TENURE),
    ]
    sums = table[["observed", "at_risk"]].groupby(strata).transform("sum")
    table["age_tenure"] = table["at_risk"] * sums["observed"] / sums["at_risk"]
    by_occupation = table.groupby("occupation")[["observed", "age_tenure"]].transform("sum")
    level = (by_occupation["observed"] / by_occupation["age_tenure"]).where(by_occupation["age_tenure"] > 0, 0.0)
    table["occupation"] = table["age_tenure"] * level
    found = []
    for by in ("age_tenure", "occupation"):
        part = table.groupby("department", as_index=False, sort=True).agg(
            n=("at_risk", "sum"), observed=("observed", "sum"), expected=(by, "sum")
        )
        whole = {"department": ORGANISATION, **part[["n", "observed"]].sum(), "expected": part["observed"].sum()}
        found.append(pd.concat([part, pd.DataFrame([whole])], ignore_index=True).assign(by=by))
    both = pd.concat(found, ignore_index=True).assign(first=order[0], last=order[-1])
    both = both[both["expected"] > 0].reset_index(drop=True)
    return _compared(both)[COLUMNS]


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    expected = table["expected"].to_numpy()
    low, high = mid_p_interval(table["observed"].to_numpy(), level=LEVEL)
    table = table.assign(ratio=table["observed"] / expected, low=low / expected, high=high / expected)
    for name, level in LIMITS.items():
        table[f"low{name}"], table[f"high{name}"] = limits(expected, level=level)
    return table


def curve(largest: float) -> pd.DataFrame:
    """Limits of the funnel: DataFrame[expected, low95, high95, low998, high998] up to just above ``largest``.

    They follow from the expected number alone and say nothing about anyone.
    """
    ends = [at for at in CURVE if at < largest]
    at = np.array([*ends, next((each for each in CURVE if each >= largest), largest)], dtype=float)
    table = pd.DataFrame({"expected": at})
    for name, level in LIMITS.items():
        table[f"low{name}"], table[f"high{name}"] = limits(at, level=level)
    return table
