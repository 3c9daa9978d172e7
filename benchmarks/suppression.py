"""Information kept by secondary suppression: optimisation in blocks against greedy, for the same protected ranges.

Both withhold figures of the same random two-way tables (leavers by cause and department, small counts) until every
secret keeps its range. Greedy takes, for each secret that is too narrow, the smallest shown figure of one of its sums:
what table-by-table tools do. Counted is what is lost beyond the figures that are withheld for their own size.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.primary import primary
from analysis.disclosure.problem import Problem, problem_of
from analysis.disclosure.ranges import Ranges
from analysis.disclosure.suppression import suppressed
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import CAUSES, policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

TABLES = 30
SEED = 20251231


def leavers(random: np.random.Generator) -> pd.DataFrame:
    """Leavers by cause of some departments and of the whole."""
    counts = random.poisson(random.choice([3.0, 6.0, 12.0]), size=(int(random.integers(4, 12)), len(CAUSES)))
    named = {f"d{place:02d}": row for place, row in enumerate(counts)} | {ORGANISATION: counts.sum(axis=0)}
    return facts(
        {
            "table": "exits", "department": key, "row": row, "value": float(count), "n": float(count),
            "numerator": float(count), "denominator": float(line.sum()), "unit": "persons",
        }
        for key, line in named.items()
        for row, count in [*zip(CAUSES, line, strict=True), ("total", line.sum())]
    )  # fmt: skip


def greedy(problem: Problem, first: np.ndarray) -> np.ndarray:
    """Withhold the smallest shown figure of a sum that holds a secret, until every secret keeps its range."""
    shown = first.copy()
    for inside in problem.blocks():
        block = problem.part(inside)
        mine, ranges = shown[inside], Ranges(block)
        while True:
            waiting = [at for at, _ in ranges.open(mine, block.secrets(mine))]
            gone = next((one for at in waiting if (one := _smallest(block, mine, at)) is not None), None)
            if gone is None:
                break
            mine[gone] = False
        shown[inside] = mine
    return shown


def _smallest(block: Problem, shown: np.ndarray, at: int) -> int | None:
    rows = np.flatnonzero(block.forms[:, [at]].toarray().ravel())
    around = [int(each) for each in np.unique(block.forms[rows].indices) if shown[each] and not block.fixed[each]]
    return min(around, key=lambda each: (block.count[each], each), default=None)


def kept() -> None:
    """Print figures and weight withheld beyond those of their own size, by both."""
    random, plan, limits = np.random.default_rng(SEED), shipped_plan(), Thresholds.of(policy(), "internal")
    weights = policy().suppression
    lost = {"optimised": np.zeros(2), "greedy": np.zeros(2)}
    every = 0
    for _ in range(TABLES):
        table = leavers(random)
        own = primary(table, plan["exits"], limits)
        problem = problem_of(table, own, plan, thresholds=limits, weights=weights, period="")
        first = (own[problem.place] == "").to_numpy()
        every += problem.size
        for name, shown in (("optimised", suppressed(problem, first, weights)), ("greedy", greedy(problem, first))):
            gone = first & ~shown
            lost[name] += [gone.sum(), problem.weight[gone].sum()]
    ours, theirs = lost["optimised"], lost["greedy"]
    print(
        f"suppression: of {every} figures of {TABLES} tables optimisation withholds {ours[0]:.0f} more (weight "
        f"{ours[1]:.0f}), greedy {theirs[0]:.0f} (weight {theirs[1]:.0f}), for the same ranges"
    )
