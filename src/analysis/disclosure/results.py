"""Group results of the forecasts as facts, so that they pass the same wall as everything else."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

TOTAL = "total"
REFERENCE = "reference"


def bridge_facts(bridge: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Facts ``bridge`` (parts of the need per department) and ``groups`` (gap of each group), on the reference path.

    Of the other paths pages show the gap alone (``measures.what_if_facts``): their parts stay on the near side.

    Args:
        bridge: result of ``staffing.bridge``; the interval is P10 to P90.
        limits: the policy's thresholds, below which a part is shown inside a larger one.
    """
    table = bridge[bridge["scenario"] == REFERENCE].rename(
        columns={"scenario": "layer", "expected": "value", "p10": "low", "p90": "high"}
    )
    table = table.assign(column=table["year"].astype("str"), unit="fte", numerator=table["n"], denominator=table["n"])
    whole = _folded(table[table["occupation"] == TOTAL], limits).assign(table="bridge", definition="need_gap")
    groups = table[(table["occupation"] != TOTAL) & (table["part"] == "gap")].assign(
        table="groups", definition="need_gap"
    )
    return facts(
        pd.concat([whole.assign(row=whole["part"]), groups.assign(row=groups["occupation"])], ignore_index=True)
    )


MEAN_OF = 3
"""Years that conversions are a mean of."""


def _folds(limits: Thresholds) -> tuple[tuple[str, str, float], ...]:
    """Part, the part it is shown inside when small, and the least yearly number to stand alone.

    Conversions are a mean of three years, whose sum must be a count of low sensitivity; who qualifies or changes
    occupation is counted per year, and of medium sensitivity.
    """
    moved = float(limits.medium)
    return (
        ("conversions", "hires", limits.low / MEAN_OF), ("ladder_moves", "moves", moved),
        ("newly_qualified", "moves", moved),
    )  # fmt: skip


def _folded(whole: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Add parts that rest on few persons to a larger one, so that the parts still add up to the gap.

    A folded part is nought here: it has no bar of its own.
    """
    table = whole.copy()
    keys = ["department", "year"]
    first = table["year"].min() - 1
    for small, into, least in _folds(limits):
        part = table["part"] == small
        yearly = table["value"].abs() / (table["year"] - first)
        few = part & (table["department"] != ORGANISATION) & (yearly > 0) & (yearly < least)
        moved = table[few].set_index(keys)["value"]
        at = table["part"] == into
        extra = pd.MultiIndex.from_frame(table.loc[at, keys]).map(moved.to_dict())
        added = pd.Series(extra, index=table.index[at], dtype="float64")
        changed = added.dropna().index
        table.loc[changed, "value"] += added[changed]
        table.loc[changed, ["low", "high"]] = float("nan")
        table.loc[few, "value"], table.loc[few, ["low", "high"]] = 0.0, float("nan")
    return table


def leaver_facts(forecast: pd.DataFrame) -> pd.DataFrame:
    """Facts ``leavers``: expected leavers by cause within twelve months, per department.

    Args:
        forecast: result of ``turnover.forecast``.
    """
    table = forecast[forecast["occupation"] == TOTAL].rename(columns={"cause": "row", "expected": "value"})
    return facts(
        table.assign(
            table="leavers", column="12m", unit="persons", numerator=table["n"], denominator=table["n"],
            definition="expected_leavers",
        )
    )  # fmt: skip


def incidence_facts(incidence: pd.DataFrame) -> pd.DataFrame:
    """Facts ``leavers``, column ``36m``: expected leavers by cause within three years, of those in post now.

    Args:
        incidence: result ``cumulative_incidence``.
    """
    table = incidence[incidence["months"] == 36].rename(columns={"cause": "row", "expected": "value"})
    return facts(
        table.assign(
            table="leavers", column="36m", unit="persons", numerator=table["n"], denominator=table["n"],
            definition="expected_leavers",
        )
    )  # fmt: skip


def track_facts(track_record: pd.DataFrame) -> pd.DataFrame:
    """Facts ``track_record`` (forecast and yardstick) and ``outcome``, all causes together, twelve months ahead.

    Args:
        track_record: result of ``turnover.evaluation``.
    """
    table = track_record[(track_record["cause"] == TOTAL) & (track_record["horizon_months"] == 12)]
    table = table.assign(row=table["origin"], unit="persons", denominator=table["n"], definition="expected_leavers")
    forecast = table.assign(table="track_record", column="expected", value=table["expected"], numerator=table["n"])
    yardstick = table.assign(table="track_record", column="yardstick", value=table["yardstick"], numerator=table["n"])
    outcome = table.assign(table="outcome", column="observed", value=table["observed"], numerator=table["observed"])
    plain = [part.drop(columns=["low", "high"]) for part in (yardstick, outcome)]
    return facts(pd.concat([forecast, *plain], ignore_index=True))


def hit_facts(hit_rates: pd.DataFrame) -> pd.DataFrame:
    """Facts ``hit_rate``: how often the 80 % interval held, pooled over departments, per origin and over all.

    Args:
        hit_rates: result of ``turnover.hit_rates``; its origin ``all`` pools every origin.
    """
    measures = {"hit_rate": "share", "model_error": "score", "yardstick_error": "score", "departments": "posts"}
    measures |= {"interval_score": "score", "yardstick_score": "score"}
    table = hit_rates[hit_rates["cause"] == TOTAL]
    return facts(
        {
            "table": "hit_rate", "department": "all", "row": line["origin"],
            "column": name, "value": line[name], "n": line["departments"], "unit": unit, "definition": "hit_rate",
        }
        for line in table.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip


def score_facts(scoreboard: pd.DataFrame) -> pd.DataFrame:
    """Facts ``scores``: how good the forecasts have been, by cause, in the whole organisation. No counts of persons.

    Args:
        scoreboard: result of ``turnover.scoreboard``; a score below the least number of exits is missing.
    """
    measures = {"auc": "score", "brier_gain": "share", "log_loss_gain": "share", "hit_rate": "share"}
    return facts(
        {
            "table": "scores", "department": ORGANISATION, "row": line["cause"], "column": name,
            "value": line[name], "n": line["forecasts"], "unit": unit, "definition": "",
        }
        for line in scoreboard.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip
