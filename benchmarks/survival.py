"""Who leaves within a year: fit and predict here, in lifelines and in scikit-survival, on the same rows.

* the sample edition's yearly rows, the last closed year predicted from those before it, one target (left or not) and
  the same covariates: this project's additive hazards, from rows to cells to probabilities, against a Cox model of each
  peer. Times as ratios, and the AUC of each on the predicted year, so that nobody is quick by being poor;
* physicians who came under observation late (Singer and Willett): the life table here against lifelines' product-limit
  estimate, as the largest difference.

The peers pin pandas below 3 and live in an environment of their own, made in ``.cache/benchmarks`` on first use.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.reference import CAUSES
from analysis.turnover import fit, life_table
from benchmarks.environments import python_with
from benchmarks.keeping import keep, ratios

ROOT = Path(__file__).parents[1]
PEERS = ("lifelines==0.30.3", "scikit-survival==0.28.0", "pandas<3")
CELLS = Path(os.environ.get("ANALYSIS_ROOT") or ROOT) / "data/processed/sample-2025-12/tables/risk_cells.parquet"
PHYSICIANS = ROOT.parent / "shared/data/alda_survival/physicians.csv"
DAYS = 365.25
YEARS = (1, 2, 3, 5, 8)
ROUNDS = 3
PENALTY = 8.0
USED = ("department", "occupation", "form", "rate_band", "age", "tenure")
"""Covariates of both sides; the finer ones are taken away, since a Cox model has no shrinkage between levels."""


def ask(python: Path, what: str, **arrays: np.ndarray) -> object:
    """Run one task of ``benchmarks/peers.py`` in the peers' environment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        np.savez(path, **arrays)  # type: ignore[arg-type]  # names are ours
        command = [str(python), str(Path(__file__).with_name("peers.py")), what, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def rows_of(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per person and closed year: covariates and whether the person left."""
    closed = cells[~cells["open"]]
    left = closed[list(CAUSES)].sum(axis=1).to_numpy().astype(int)
    rows = closed.loc[closed.index.repeat(closed["at_risk"]), ["origin", *USED]].reset_index(drop=True)
    place = np.concatenate([np.arange(n) for n in closed["at_risk"].to_numpy()])
    return rows.assign(left=place < np.repeat(left, closed["at_risk"]))


def to_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Risk cells of the rows, every exit for the one cause that may see every feature."""
    grouped = rows.groupby(["origin", *USED], as_index=False)["left"].agg(["sum", "size"])
    exits = dict.fromkeys(CAUSES, 0.0) | {"resignation": grouped["sum"].astype(float)}
    cells = grouped.drop(columns=["sum", "size"]).assign(at_risk=grouped["size"], fte=1.0, open=False, **exits)
    return cells


def design(rows: pd.DataFrame) -> np.ndarray:
    """What a Cox model is given: dummies, and curves of age and tenure."""
    age, tenure = ((rows[name].to_numpy(dtype=float) - 40.0) / 10.0 for name in ("age", "tenure"))
    late = np.maximum(age - 2.0, 0.0)
    curves = np.column_stack([age, age**2, late, late**2, tenure, tenure**2, np.log1p(rows["tenure"].clip(lower=0))])
    levels = pd.get_dummies(rows[["department", "occupation", "form", "rate_band"]], drop_first=True, dtype=float)
    return np.column_stack([curves, levels.to_numpy()])


def compare_fits(python: Path) -> None:
    """Print times as ratios, and the AUC of each."""
    rows = rows_of(pd.read_parquet(CELLS))
    last = rows["origin"].max()
    before, then = rows[rows["origin"] < last], rows[rows["origin"] == last]
    matrix, known = design(rows), (rows["origin"] < last).to_numpy()
    later = then["left"].to_numpy()
    ours: list[float] = []
    theirs: dict[str, list[float]] = {}
    auc: dict[str, float] = {}
    for _ in range(ROUNDS):
        started = time.perf_counter()
        said = fit(to_cells(before), penalty=PENALTY).predict(then)["resignation"].to_numpy()
        ours.append(time.perf_counter() - started)
        auc["ours"] = roc_auc_score(later, said)
        found = ask(
            python, "fit", train=matrix[known], left=before["left"].to_numpy(), test=matrix[~known], later=later
        )
        for name, result in found.items():  # type: ignore[attr-defined]
            theirs.setdefault(name, []).append(result["seconds"])
            auc[name] = result["auc"]
    print(
        f"survival: {len(before)} rows fitted, {len(then)} predicted; ours {statistics.median(ours):.2f} s, "
        f"AUC {auc['ours']:.3f}"
    )
    for name, seconds in theirs.items():
        found = ratios(ours, seconds)
        keep(f"survival: {name}", {"rows": len(before), "auc": auc["ours"], "auc_peer": auc[name], **found})
        print(
            f"  {name}: {found['peer']:.2f} s, AUC {auc[name]:.3f}, peer/ours "
            f"{found['ratio']:.2f} [{found['low']:.2f}-{found['high']:.2f}]"
        )


def physicians(path: Path = PHYSICIANS) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Our life table of the physicians by the day, and the arrays a peer needs for the same."""
    people = pd.read_csv(path)
    gone = people["censor"] == 0
    table = life_table(people["exit"], gone, entry_time=people["entry"], width=1 / DAYS)
    days = {name: (people[name] * DAYS).round().to_numpy() for name in ("entry", "exit")}
    return table, {**days, "event": gone.to_numpy(), "times": np.array(YEARS) * DAYS}


def survival_at(table: pd.DataFrame) -> list[float]:
    """Survival at whole years from a life table by the day."""
    return [float(table.loc[table["period"] <= year * DAYS, "survival"].iloc[-1]) for year in YEARS]


def compare_late_entry(python: Path) -> None:
    """Print the largest difference from lifelines."""
    if not PHYSICIANS.is_file():
        print("late entry: the physicians are not here; skipped")
        return
    table, arrays = physicians()
    theirs = ask(python, "late_entry", **arrays)
    largest = max(abs(own - other) for own, other in zip(survival_at(table), theirs, strict=True))  # type: ignore[call-overload]
    print(f"late entry: 812 physicians, largest difference from lifelines {largest:.1e}")


def main() -> None:
    """Both comparisons."""
    python = python_with("peers", PEERS)
    if python is None:
        return
    compare_late_entry(python)
    if CELLS.is_file():
        compare_fits(python)
    else:
        print("survival: needs the sample edition (make edition); skipped")
