"""What runs inside the benchmark's own environment: lifelines and scikit-survival, which pin pandas below 3.

Not part of the package and never imported by it: ``survival`` starts this file with that environment's Python, hands
over arrays in a file and reads times and scores from what is printed.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd


def fit_and_predict(path: str) -> dict[str, dict[str, float]]:
    """Seconds of fit + predict, and AUC on the rows of the last year, per peer."""
    from lifelines import CoxPHFitter
    from sklearn.metrics import roc_auc_score
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.util import Surv

    held = np.load(path)
    train, left, test, later = (held[name] for name in ("train", "left", "test", "later"))
    names = [f"x{place}" for place in range(train.shape[1])]
    one = np.ones(len(train))

    def lifelines_cox() -> np.ndarray:
        rows = pd.DataFrame(train, columns=names).assign(time=one, left=left)
        model = CoxPHFitter(penalizer=0.001).fit(rows, "time", "left")
        return 1.0 - model.predict_survival_function(pd.DataFrame(test, columns=names), times=[1.0]).to_numpy()[0]

    def sksurv_cox() -> np.ndarray:
        model = CoxPHSurvivalAnalysis(alpha=1.0, ties="breslow").fit(train, Surv.from_arrays(left, one))
        return 1.0 - np.array([curve(1.0) for curve in model.predict_survival_function(test)])

    found = {}
    for name, work in {"lifelines CoxPHFitter": lifelines_cox, "scikit-survival CoxPH": sksurv_cox}.items():
        started = time.perf_counter()
        said = work()
        found[name] = {"seconds": time.perf_counter() - started, "auc": float(roc_auc_score(later, said))}
    return found


def late_entry(path: str) -> list[float]:
    """Survival by lifelines, with late entry, at the times asked for."""
    from lifelines import KaplanMeierFitter

    held = np.load(path)
    model = KaplanMeierFitter().fit(held["exit"], held["event"], entry=held["entry"])
    return [float(value) for value in model.survival_function_at_times(held["times"])]


if __name__ == "__main__":
    print(json.dumps({"fit": fit_and_predict, "late_entry": late_entry}[sys.argv[1]](sys.argv[2])))
