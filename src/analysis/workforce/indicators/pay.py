"""Pay of the monthly paid, full-time pay in kronor a month: dispersion, and women's and men's medians.

Percentiles by linear interpolation between the ordered values. How many persons each needs (5 for a median, 9 for
quartiles, 21 for P10 and P90; Arbetsgivarverket) is decided by ``disclosure``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from analysis.workforce.indicators.basic import by_department
from analysis.workforce.indicators.named import figure

AGES = (18, 66)
DISPERSION = {"pay_p90_p10": (90, 10), "pay_p90_p50": (90, 50), "pay_p50_p10": (50, 10)}
QUARTILES = {"pay_p75_p25": (75, 25)}


def pay_dispersion(people: pd.DataFrame) -> pd.DataFrame:
    """P90/P10, P90/P50, P50/P10, P75/P25, SKR's (P90 − P10)/P50 and the median.

    Args:
        people: result of ``workforce.spells.stock``; rows without pay are left out.
    """
    found = []
    for department, part in by_department(people.loc[people["pay"] > 0, ["department", "pay"]]):
        pay = part["pay"].to_numpy()
        found += [figure(name, department, value, len(part)) for name, value in _dispersion(pay).items()]
        found.append(figure("pay_median", department, _percentiles(pay, 50)[50], len(part)))
    return facts(found)


def equal_pay(people: pd.DataFrame) -> pd.DataFrame:
    """Median pay of women and men aged 18–66, their difference and ratio (as Kolada N00949–N00951, N00953).

    A figure about both describes the smaller group; ``n`` is that one's.
    """
    known = people.loc[(people["pay"] > 0) & people["age"].between(*AGES), ["department", "pay", "sex"]]
    return facts(
        figure(name, department, value, n)
        for department, part in by_department(known)
        for name, (value, n) in _by_sex(part).items()
    )


def pay_by_occupation(people: pd.DataFrame) -> pd.DataFrame:
    """Facts ``pay``: dispersion and women's median over men's per occupation, the whole organisation only."""
    found: list[dict[str, Any]] = []
    paid = people.loc[people["pay"] > 0, ["occupation", "pay", "sex", "age"]]
    for occupation, part in paid.groupby("occupation", sort=True):
        base = {"department": ORGANISATION, "row": str(occupation), "unit": "ratio"}
        for name, value in _dispersion(part["pay"].to_numpy()).items():
            n = {"n": len(part), "numerator": len(part), "denominator": len(part)}
            table = "pay_quartiles" if name in QUARTILES else "pay_tails"
            found.append({**base, **n, "table": table, "column": name, "value": value, "definition": name})
        value, least = _by_sex(part[part["age"].between(*AGES)])["pay_ratio"]
        n = {"n": least, "numerator": least, "denominator": least}
        found.append(
            {**base, **n, "table": "pay_medians", "column": "pay_ratio", "value": value, "definition": "pay_ratio"}
        )
    return facts(found)


def _dispersion(pay: np.ndarray) -> dict[str, float]:
    wanted = DISPERSION | QUARTILES
    at = _percentiles(pay, 10, 25, 50, 75, 90)
    found = {name: at[high] / at[low] for name, (high, low) in wanted.items()}
    found["pay_relative_spread"] = (at[90] - at[10]) / at[50]
    return found


def _by_sex(part: pd.DataFrame) -> dict[str, tuple[float, int]]:
    pay, sex = part["pay"].to_numpy(), part["sex"].to_numpy(dtype="object")
    women, men = pay[sex == "F"], pay[sex == "M"]
    of_women, of_men = (_percentiles(group, 50)[50] for group in (women, men))
    least = min(len(women), len(men))
    return {
        "pay_median_women": (of_women, len(women)),
        "pay_median_men": (of_men, len(men)),
        "pay_gap": (of_women - of_men, least),
        "pay_ratio": (of_women / of_men, least),
    }


def _percentiles(pay: np.ndarray, *wanted: int) -> dict[int, float]:
    found = np.percentile(pay, wanted) if len(pay) else np.full(len(wanted), np.nan)
    return dict(zip(wanted, map(float, found), strict=True))
