"""Limits that results stand on, in numbers: whoever moves one of them moves a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.turnover import evaluate, fit
from analysis.turnover.models.boosting import fit_boosting
from analysis.turnover.scores.scoreboard import scoreboard
from tests.turnover.method import only

from .municipality import grouping, simulate


def with_events(events: int, people: int = 2000) -> pd.DataFrame:
    """One window of one-person cells in which so many leave for ``employer``, all of them in one form."""
    rows = pd.DataFrame(
        {
            "origin": "2020-12", "department": "d1", "occupation": "nurse", "rate_band": "full", "age": 40, "tenure": 5,
            "form": np.where(np.arange(people) % 4 == 0, "temporary", "permanent"), "at_risk": 1.0, "fte": 1.0,
            "open": False,
        }
    )  # fmt: skip
    rows[list(CAUSES)] = 0.0
    rows.loc[rows.index[rows["form"] == "temporary"][:events], "employer"] = 1.0
    return rows


@pytest.mark.parametrize(("events", "apart"), [(19, False), (20, True)])
def test_a_cause_has_coefficients_from_twenty_exits(events: int, apart: bool) -> None:
    rows = with_events(events)
    said = fit(rows, penalty=8.0).predict(rows)["employer"]
    assert (np.ptp(said) > 1e-4) == apart


@pytest.mark.parametrize(("events", "trees"), [(199, False), (200, True)])
def test_trees_grow_from_two_hundred_exits(events: int, trees: bool) -> None:
    assert ("employer" in fit_boosting(with_events(events)).causes) == trees


@pytest.mark.parametrize(("events", "scored"), [(49.0, False), (50.0, True)])
def test_a_cause_is_scored_from_fifty_exits(events: float, scored: bool) -> None:
    base = {"origin": "2020-12", "horizon_months": 12, "cause": "employer", "n": 1000, "events": events, "auc": 0.7}
    base |= {"brier": 0.1, "brier_constant": 0.12, "log_loss": 0.2}
    rows = pd.DataFrame([base | {"model": name} for name in ("chosen", "yardstick", "additive")])
    track = pd.DataFrame(columns=["horizon_months", "cause", "department", "low", "high", "observed", "n"])
    assert scoreboard(rows, track).set_index("cause")["auc"].notna().loc["employer"] == scored


def test_the_record_shows_departments_of_twenty_and_none_of_nineteen() -> None:
    cells = simulate(seed=4, people=400, years=2, departments=2, occupations=3)
    first = cells.groupby("origin", as_index=False).first().drop(columns=["department", "at_risk", *CAUSES])
    small = pd.concat([first.assign(department=f"few{n}", at_risk=n) for n in (19, 20)], ignore_index=True)
    small = small.assign(**dict.fromkeys(CAUSES, small["open"].map({True: np.nan, False: 0.0})))
    cells = pd.concat([cells, small], ignore_index=True)
    groups = grouping(cells, least=1)
    found = evaluate(cells, groups=groups, seed=1, draws=20, method=only("additive/8"))
    shown = set(found.track_record["department"])
    assert "few20" in shown
    assert "few19" not in shown
