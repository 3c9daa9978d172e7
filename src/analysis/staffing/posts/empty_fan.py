"""Empty posts as a fan: what stood empty at each year's end, and what is expected to, with two bands.

The outer band is that of ``recruitment``, which four of five outcomes are to lie within. The inner one, for half of
them, follows from it: on the scale of square roots, on which counts scatter alike at every level and the outer band is
even (``posts_futures``), its half-width is that of the outer one by the ratio of a normal's quartile to its tenth.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.reference.parts import HIGH
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.futures import SHIFT
from analysis.staffing.posts.record import Outlook
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL

COLUMNS = ["department", "year", "observed", "expected", "p10", "p25", "p75", "p90", "method", "n"]
INNER = float(stats.norm.ppf(0.75) / stats.norm.ppf(HIGH))
"""Half-width of the band for half of the outcomes as a share of that for four in five."""


def half_of(expected: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P25 and P75 of a forecast from its P10 and P90, which they never leave; of a surplus its own ends."""
    root = np.sqrt(np.maximum(expected, 0.0) + SHIFT)
    ends = []
    for end in (low, high):
        far = np.sqrt(np.maximum(end, 0.0) + SHIFT)
        ends.append((root + INNER * (far - root)) ** 2 - SHIFT)
    # the scale has no room below nought: there the band is that share of the way itself
    straight = [expected + INNER * (end - expected) for end in (low, high)]
    lower, upper = (np.where(expected < 0.0, line, end) for line, end in zip(straight, ends, strict=True))
    return np.clip(lower, low, np.minimum(expected, high)), np.clip(upper, np.maximum(expected, low), high)


def history(seen: Outlook) -> pd.DataFrame:
    """Posts that stood empty at the cut-off and as many whole years before it as are recorded.

    Returns:
        DataFrame[department, year, observed] in full-time equivalents, the whole organisation included.
    """
    posts = seen.posts
    last = len(posts.open) - 1
    back = range(last // YEAR, -1, -1)
    departments = pd.Index(posts.index.get_level_values("department"))
    cutoff = posts.months[-1].year
    tables = []
    for years in back:
        # sums of parts of posts that opened and ended leave something like -1e-16
        still = np.maximum(posts.open[last - YEAR * years], 0.0)
        own = pd.Series(still, index=departments).groupby(level=0, sort=False).sum()
        whole = pd.Series({ORGANISATION: own.sum()})
        found = pd.concat([whole, own]).rename_axis("department").rename("observed").reset_index()
        tables.append(found.assign(year=cutoff - years))
    return pd.concat(tables, ignore_index=True)


def fan(recruitment: pd.DataFrame, seen: Outlook) -> pd.DataFrame:
    """History and forecast of empty posts by department, in the order of years.

    Args:
        recruitment: table of ``recruitment_need.recruitment``.
        seen: what its empty posts rest on.

    Returns:
        DataFrame[COLUMNS]: ``contracts`` EmptyFan. ``method``: ``last`` or ``blend``, '' of what has been.
    """
    own = recruitment[(recruitment["occupation"] == TOTAL) & (recruitment["part"] == "empty")]
    if "scenario" in own:
        own = own[own["scenario"] == REFERENCE]
    ahead = own.reset_index(drop=True)
    lower, upper = half_of(*(ahead[name].to_numpy(dtype=float) for name in ("expected", "p10", "p90")))
    first = int(ahead["year"].min())
    method = [seen.chosen[min(int(year) - first, len(seen.chosen) - 1)].method for year in ahead["year"]]
    ahead = ahead.assign(observed=np.nan, p25=lower, p75=upper, method=method)[COLUMNS]
    heads = ahead.drop_duplicates("department").set_index("department")["n"]
    past = history(seen)
    past = past[past["department"].isin(heads.index)]
    nothing = dict.fromkeys(("expected", "p10", "p25", "p75", "p90"), np.nan)
    past = past.assign(method="", n=past["department"].map(heads), **nothing)[COLUMNS]
    return pd.concat([past, ahead], ignore_index=True)
