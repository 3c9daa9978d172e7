"""Empty posts of U.S. industries one to three years ahead: what we show against the last value.

JOLTS (U.S. Bureau of Labor Statistics; 19 industries, December 2000 to August 2022, not seasonally adjusted), every
month from the 84th on as origin, each knowing the past only; weighted error Σ|error| / Σ outcome over all industries.
An error, not a time.

The rule of what is shown has two settings that matter, the least share of the last value and by how many standard
errors a blend must have won (``policy.toml``). They are also chosen out of sample here: on half of the industries,
every other one, the pair whose worst month stays within a hundredth of the last value and whose error is least, judged
on the other half; and the other way round.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.reference import policy
from analysis.reference.policies import Recruitment
from analysis.staffing.posts.blending import LAST
from analysis.staffing.posts.empty_posts import CANDIDATES, HORIZONS, Ahead, choices, forecast_all, shown
from analysis.staffing.posts.law import UNIT, Posts

SERIES = Path(__file__).parents[2] / "shared/data/jolts/jolts_industries_2000_2022.csv"
SHARES, MARGINS = (0.25, 0.5, 0.75), (1.0, 1.5, 2.0, 2.5)
"""Least shares of the last value, and standard errors to have won by, that are tried."""
WITHIN = 1.01
"""What is shown may be so many times as far off as the last value in any calendar month."""
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


def errors(
    posts: Posts, *, first: int = FIRST, rule: Recruitment | None = None, ahead: Ahead | None = None
) -> pd.DataFrame:
    """Weighted errors of what is shown and every candidate, by horizon and calendar month of the origin (0: all).

    Args:
        posts: openings and hires by industry.
        first: months known at the first origin that is judged.
        rule: settings of what is shown; the policy's where not given.
        ahead: forecasts of these posts, where already made.

    Returns:
        DataFrame[horizon, month, shown, *CANDIDATES, blends (share of origins at which the blend is shown)].
    """
    ahead = ahead or forecast_all(posts)
    chosen = choices(ahead, rule=rule)
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


def out_of_sample(posts: Posts) -> list[tuple[Recruitment, pd.DataFrame]]:
    """The rule chosen on every other industry and its errors on the others; then the other way round."""
    size = len(posts.index)
    halves = [np.arange(size) % 2 == side for side in (0, 1)]
    made = [(part, forecast_all(part)) for part in (_only(posts, which) for which in halves)]
    found = []
    for (seen, known), (new, ahead) in (made, made[::-1]):
        tried = []
        for least_last, margin in product(SHARES, MARGINS):
            rule = policy().recruitment.model_copy(update={"least_last": least_last, "margin": margin})
            table = errors(seen, rule=rule, ahead=known)
            whole, single = table[table["month"] == 0], table[table["month"] > 0]
            worst = float((single["shown"] / single["last"]).max())
            tried.append((max(worst, WITHIN), float((whole["shown"] / whole["last"]).mean()), rule))
        chosen = min(tried, key=lambda each: each[:2])[2]
        found.append((chosen, errors(new, rule=chosen, ahead=ahead)))
    return found


def _only(posts: Posts, which: np.ndarray) -> Posts:
    columns = (posts.open, posts.opened, posts.filled, posts.withdrawn)
    return Posts(posts.months, posts.index[which], *(values[:, which] for values in columns))


def report() -> None:
    """Print the errors by horizon, and the worst calendar month."""
    if not SERIES.is_file():
        print("openings: the series of JOLTS is not here; see ../shared/data/jolts")
        return
    posts = industries(SERIES)
    table = errors(posts)
    for months, part in table.groupby("horizon"):
        whole, single = part[part["month"] == 0].iloc[0], part[part["month"] > 0]
        ratio = single["shown"] / single["last"]
        print(
            f"openings of 19 industries {months} months ahead: shown {whole['shown']:.4f}, last value "
            f"{whole['last']:.4f} (ratio {whole['shown'] / whole['last']:.3f}; by calendar month {ratio.min():.3f} to "
            f"{ratio.max():.3f}), law {whole['law']:.4f}, twelve-month mean {whole['year']:.4f}; the blend is shown at "
            f"{100 * whole['blends']:.0f} % of origins"
        )
    for rule, judged in out_of_sample(posts):
        told = []
        for months, part in judged.groupby("horizon"):
            whole, single = part[part["month"] == 0].iloc[0], part[part["month"] > 0]
            worst = (single["shown"] / single["last"]).max()
            told.append(f"{months} months {whole['shown'] / whole['last']:.3f} (worst month {worst:.3f})")
        print(
            f"  rule chosen on half of the industries (last value at least {rule.least_last:g}, won by "
            f"{rule.margin:g} standard errors), judged on the others: shown / last value {', '.join(told)}"
        )


if __name__ == "__main__":
    report()
