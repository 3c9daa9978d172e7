"""How good the forecasts have been, on one line per cause."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.turnover import scoreboard
from analysis.turnover.scores.scoreboard import MIN_EVENTS, SCORES


def metrics(cause: str, events: tuple[float, float]) -> list[dict[str, object]]:
    rows = []
    for origin, n, left, auc, loss, naive in (
        ("2022-12", 100, events[0], 0.6, 0.20, 0.25),
        ("2023-12", 300, events[1], 0.8, 0.30, 0.30),
    ):
        for model, log_loss in (("chosen", loss), ("yardstick", naive)):
            rows.append(
                {
                    "origin": origin, "horizon_months": 12, "cause": cause, "model": model, "n": n, "events": left,
                    "auc": auc, "brier": 0.08, "brier_constant": 0.10, "log_loss": log_loss,
                }
            )  # fmt: skip
    return rows


TRACK = pd.DataFrame(
    [
        ("2022-12", 12, "d1", "resignation", 8.0, 12.0, 11.0),
        ("2022-12", 12, "d2", "resignation", 8.0, 12.0, 14.0),
        ("2023-12", 12, "d1", "resignation", 8.0, 12.0, 8.0),
        ("2023-12", 36, "d1", "resignation", 8.0, 12.0, 99.0),
        ("2023-12", 12, "all", "resignation", 8.0, 12.0, 99.0),
    ],
    columns=["origin", "horizon_months", "department", "cause", "low", "high", "observed"],
)


def test_one_cause_by_hand():
    row = scoreboard(pd.DataFrame(metrics("resignation", (20.0, 60.0))), TRACK).iloc[0]
    assert row["auc"] == pytest.approx((0.6 * 20 + 0.8 * 60) / 80)
    assert row["brier_gain"] == pytest.approx(0.2)
    assert row["log_loss_gain"] == pytest.approx(1 - (0.20 * 100 + 0.30 * 300) / (0.25 * 100 + 0.30 * 300))
    assert (row["forecasts"], row["hit_rate"]) == (3, pytest.approx(2 / 3))


def test_a_cause_with_few_exits_has_no_score():
    rows = metrics("resignation", (20.0, 60.0)) + metrics("employer", (3.0, MIN_EVENTS - 4.0))
    table = scoreboard(pd.DataFrame(rows), TRACK).set_index("cause")
    assert list(table.index) == ["resignation", "employer"]
    assert table.loc["employer", ["auc", "brier_gain", "log_loss_gain"]].isna().all()


def test_without_a_judged_origin_the_board_is_empty():
    assert list(scoreboard(pd.DataFrame(), TRACK).columns) == SCORES
    assert scoreboard(pd.DataFrame(), TRACK).empty


def test_of_a_whole_assessment(judged):
    table = scoreboard(judged.metrics, judged.track_record).set_index("cause")
    assert table.loc["retirement", "auc"] > 0.9 > table.loc["resignation", "auc"] > 0.5
    assert table["hit_rate"].between(0, 1).all()
