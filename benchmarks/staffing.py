"""Ten years of staff, a thousand futures: cells and groups of this project beside a microsimulation of every person.

Both start from the same employees and have the same hazards by age and cause, hires of the same age per group and year,
and level shocks shared by all groups. Ours ages the cells exactly (``staffing.project``) and draws leavers per group
(``staffing.bridge``; quantiles of every part, group, department and the whole included). The peer is what one writes
with numpy: every person in every future is an array element that ages, leaves or stays, futures in batches that fit in
memory (float32 uniforms, one draw decides whether and why a person leaves), leavers counted by group, cause and year;
it counts the whole organisation's quantiles only, which is to its advantage. Each side runs in a process of its own.

At the large size the peer runs a few futures and is scaled up to a thousand: its time is a sum over futures. ``--all``
runs every one of them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd

from benchmarks.ingestion import resident

YEARS = 10
DRAWS = 1000
ROUNDS = 3
SIZES = {6_800: 60, 1_200_000: 2_000}
"""Employees, and groups (departments × occupations) they are in."""
PEER_DRAWS = {6_800: DRAWS, 1_200_000: 20}
BATCH = 4_000_000
"""Persons × futures that the peer holds at a time."""
RATES = {"resignation": (0.14, 0.07, 0.04), "contract_end": (0.06, 0.02, 0.01), "other": (0.006, 0.004, 0.004)}
"""Hazards below 35, from 35 to 54 and from 55; retirement is a share of those of 61 and older, by single year."""
RETIRE = {61: 0.05, 62: 0.07, 63: 0.11, 64: 0.22, 65: 0.40, 66: 0.45, 67: 0.55, 68: 0.6, 69: 0.9}
SHOCK = 0.15


def people(employees: int, seed: int = 1) -> pd.DataFrame:
    """Risk cells of that many employees: group, age and tenure of each."""
    rng = np.random.default_rng(seed)
    groups = SIZES[employees]
    table = pd.DataFrame(
        {
            "group": rng.integers(0, groups, employees),
            "age": np.clip(rng.normal(44, 11, employees).round(), 20, 66).astype(int),
            "tenure": np.minimum(rng.geometric(0.12, employees) - 1, 30),
        }
    )
    return table


def hazard(age: np.ndarray) -> np.ndarray:
    """Yearly probabilities by cause, [ages × 4]: resignation, retirement, contract end, other."""
    band = np.searchsorted([35, 55], age, side="right")
    retire = np.array([RETIRE.get(int(years), 0.0 if years < 61 else 0.9) for years in np.arange(0, 160)])
    columns = [np.array(RATES["resignation"])[band], retire[age]]
    columns += [np.array(RATES[cause])[band] for cause in ("contract_end", "other")]
    return np.column_stack(columns)


def ours(employees: int, draws: int) -> dict[str, float]:
    """The bridge of ten years; returns the whole's expected and drawn total of leavers."""
    from analysis.reference import CAUSES
    from analysis.staffing import Baseline, Inflow, bridge
    from analysis.turnover import ShockModel

    table = people(employees)
    cells = table.groupby(["group", "age", "tenure"], as_index=False).size().rename(columns={"size": "at_risk"})
    number = cells.pop("group")
    cells["department"] = "d" + (number // 8).astype("str").str.zfill(4)
    cells["occupation"] = "o" + (number % 8).astype("str")
    cells["form"], cells["rate_band"] = "permanent", "full"
    cells["fte"] = cells["at_risk"].astype(float)
    groups = cells.groupby(["department", "occupation"], as_index=False)[["at_risk"]].sum()
    groups = groups.assign(group_department=groups["department"], group_occupation=groups["occupation"])
    index = pd.MultiIndex.from_frame(groups[["department", "occupation"]])
    hires = pd.DataFrame({"hires": yearly_hires(groups["at_risk"].to_numpy()), "conversions": 0.0}, index=index)
    inflow = Inflow(hires.assign(moves=0.0, ladder_moves=0.0), hires, np.zeros((YEARS, len(index))), 3)
    shape = pd.DataFrame(
        {"occupation": groups["occupation"].unique(), "form": "permanent", "rate_band": "full", "age": 30, "tenure": 0}
    ).assign(share=1.0, fte_per_person=1.0)

    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        found = pd.DataFrame(0.0, index=rows.index, columns=list(CAUSES))
        found[["resignation", "retirement", "contract_end", "other"]] = hazard(rows["age"].to_numpy())
        return found

    shocks = ShockModel(sd=dict.fromkeys(CAUSES, SHOCK), total_sd=SHOCK, department_cv=0.0)
    result = bridge(Baseline(cells, hazards, groups, inflow, shape, shocks, "2025-12", YEARS), {}, seed=1, draws=draws)
    last = result[(result["department"] == "all") & (result["part"] == "recruitment")].iloc[-1]
    return {"expected": last["expected"], "p10": last["p10"], "p90": last["p90"]}


def yearly_hires(at_risk: np.ndarray) -> np.ndarray:
    """Hires a year by group: about as many as leave."""
    return 0.12 * at_risk


def peer(employees: int, draws: int) -> dict[str, float]:
    """Every person in every future; returns the whole's mean and quantiles of leavers in ten years."""
    table = people(employees)
    rng = np.random.default_rng(2)
    group, age = table["group"].to_numpy(dtype=np.int32), table["age"].to_numpy(dtype=np.int16)
    groups = SIZES[employees]
    hired = yearly_hires(np.bincount(group, minlength=groups))
    cumulated = np.cumsum(hazard(np.arange(160)), axis=1).astype(np.float32)
    base = np.diff(np.concatenate([np.zeros((160, 1), np.float32), cumulated], axis=1), axis=1)
    totals = []
    batch = max(1, BATCH // employees)
    for begin in range(0, draws, batch):
        futures = min(batch, draws - begin)
        ages = np.tile(age, futures)
        owner = np.tile(group, futures)
        future = np.repeat(np.arange(futures, dtype=np.int32), employees)
        lost = np.zeros((YEARS, futures, groups, 4), dtype=np.int32)
        for year in range(YEARS):
            shock = np.exp(SHOCK * rng.standard_normal((futures, 4)) - SHOCK**2 / 2).astype(np.float32)
            limits = np.cumsum(base[None] * shock[:, None, :], axis=2)
            draw = rng.random(len(ages), dtype=np.float32)
            mine = limits[future, ages]
            cause = (draw[:, None] >= mine).sum(axis=1)
            left = cause < 4
            place = (future[left].astype(np.int64) * groups + owner[left]) * 4 + cause[left]
            lost[year] = np.bincount(place, minlength=futures * groups * 4).reshape(futures, groups, 4)
            arrive = rng.poisson(hired, (futures, groups))
            new_future, new_owner = (
                np.repeat(np.arange(futures), arrive.sum(axis=1)),
                np.tile(np.arange(groups), futures),
            )
            stay = ~left
            ages = np.concatenate([ages[stay] + 1, np.full(len(new_future), 30, np.int16)])
            owner = np.concatenate([owner[stay], np.repeat(new_owner, arrive.ravel()).astype(np.int32)])
            future = np.concatenate([future[stay], new_future.astype(np.int32)])
        totals.append(lost.sum(axis=(0, 2, 3)))
    leavers = np.concatenate(totals)
    low, high = np.quantile(leavers, [0.1, 0.9])
    return {"expected": float(leavers.mean()), "p10": float(low), "p90": float(high)}


SIDES = {"ours": ours, "peer": peer}


def measure(side: str, employees: int, draws: int) -> dict[str, float]:
    """Seconds of one run, megabytes at its peak above those after the imports, and the leavers of ten years."""
    import analysis.staffing  # noqa: F401

    base = resident()
    peak = [base]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    found = SIDES[side](employees, draws)
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    return {"seconds": seconds, "peak": peak[0] - base, **{name: float(value) for name, value in found.items()}}


def main(*, whole: bool = False) -> None:
    """Print seconds, peaks and the ratio peer / ours at both sizes."""
    for employees, groups in SIZES.items():
        futures = {"ours": DRAWS, "peer": DRAWS if whole else PEER_DRAWS[employees]}
        runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _ in range(ROUNDS if employees < 100_000 else 1):
            for side, found in runs.items():
                command = [sys.executable, "-m", "benchmarks.staffing", side, str(employees), str(futures[side])]
                found.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        scale = DRAWS / futures["peer"]
        seconds = {side: statistics.median(run["seconds"] for run in found) for side, found in runs.items()}
        seconds["peer"] *= scale
        peaks = {side: max(run["peak"] for run in found) for side, found in runs.items()}
        note = "" if scale == 1 else f" (scaled from {futures['peer']} futures)"
        means = {side: found[0]["expected"] for side, found in runs.items()}
        print(
            f"staffing, {employees:,} employees in {groups:,} groups, {YEARS} years × {DRAWS} futures: ours "
            f"{seconds['ours']:.1f} s and {peaks['ours']:.0f} MB; microsimulation {seconds['peer']:.1f} s{note} and "
            f"{peaks['peer']:.0f} MB; peer/ours {seconds['peer'] / seconds['ours']:.2f}; leavers in ten years "
            f"{means['ours']:,.0f} expected, {means['peer']:,.0f} simulated"
        )


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["peer"]):
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main(whole="--all" in sys.argv)
