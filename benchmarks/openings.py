"""Empty posts of U.S. industries one to three years ahead: what we show against the last value.

JOLTS (U.S. Bureau of Labor Statistics; 19 industries, December 2000 to August 2022, not seasonally adjusted), every
month from the 84th on as origin, each knowing the past only; weighted error Σ|error| / Σ outcome over all industries.
An error, not a time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.staffing.blending import LAST
from analysis.staffing.empty_posts import CANDIDATES, HORIZONS, choices, forecast_all, shown
from analysis.staffing.recruitment import UNIT, Posts

SERIES = Path(__file__).parents[2] / "shared/data/jolts/jolts_industries_2000_2022.csv"
FIRST = 84
"""Months known at the first origin that is judged."""


def industries(path: Path = SERIES) -> Posts:
    """Openings and hires by industry; what falls empty is what openings and hires leave over."""
    table = pd.read_csv(path)
    wide = {
        name: table.pivot_table(index="month", columns="industry_code", values=name) for name in ("openings", "hires")
    }
    level, hires = (frame.to_numpy(dtype=float) for frame in wide.values())
    names = [str(code) for code in wide["openings"].columns]
    months = pd.DatetimeIndex(wide["openings"].index + "-01")[1:]
    index = pd.MultiIndex.from_arrays([names, names], names=UNIT)
    return Posts(months, index, level, np.diff(level, axis=0) + hires[1:], hires[1:], np.zeros_like(hires[1:]))


def errors(posts: Posts, *, first: int = FIRST) -> pd.DataFrame:
    """Weighted errors of what is shown and every candidate, by horizon and calendar month of the origin (0: all).

    Returns:
        DataFrame[horizon, month, shown, *CANDIDATES, blends (share of origins at which the blend is shown)].
    """
    ahead = forecast_all(posts)
    chosen = choices(ahead)
    said = {"shown": shown(ahead, chosen)} | dict(zip(CANDIDATES, ahead.candidates, strict=True))
    # the level at index k is the end of the k-th month after the first
    judged = ahead.origins >= first - 1
    month = (ahead.origins + posts.months[0].month - 2) % 12 + 1
    rows = []
    for column, months in enumerate(HORIZONS):
        known = judged & np.isfinite(ahead.observed[:, column, 0])
        for own in range(13):
            which = known & ((month == own) | (own == 0))
            outcome = ahead.observed[which, column]
            blends = np.mean(
                [choice[column].method != LAST for choice, used in zip(chosen, which, strict=True) if used]
            )
            miss = {name: np.abs(table[which, column] - outcome).sum() / outcome.sum() for name, table in said.items()}
            rows.append({"horizon": months, "month": own, **miss, "blends": blends})
    return pd.DataFrame(rows)


def report() -> None:
    """Print the errors by horizon, and the worst calendar month."""
    if not SERIES.is_file():
        print("openings: the series of JOLTS is not here; see ../shared/data/jolts")
        return
    table = errors(industries())
    for months, part in table.groupby("horizon"):
        whole, single = part[part["month"] == 0].iloc[0], part[part["month"] > 0]
        ratio = single["shown"] / single["last"]
        print(
            f"openings of 19 industries {months} months ahead: shown {whole['shown']:.4f}, last value "
            f"{whole['last']:.4f} (ratio {whole['shown'] / whole['last']:.3f}; by calendar month {ratio.min():.3f} to "
            f"{ratio.max():.3f}), law {whole['law']:.4f}, twelve-month mean {whole['year']:.4f}; the blend is shown at "
            f"{100 * whole['blends']:.0f} % of origins"
        )


if __name__ == "__main__":
    report()
