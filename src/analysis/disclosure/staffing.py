"""Facts of the staffing stage beside the bridge: what it holds, what it hangs on, and how earlier forecasts did."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

TOTAL = "total"
RECORDED = ("stock", "hires")
"""Quantities of the backtest that pages show; the others are in the result files."""


def within_facts(beside: pd.DataFrame) -> pd.DataFrame:
    """Facts ``within``: hourly paid, absence cover and unqualified in post, columns ``now`` and ``horizon``.

    The numerator is the number of persons there now: what the horizon holds follows from them, so that both are shown
    or neither is, and whoever is counted among those without a licence elsewhere is counted alike here.

    Args:
        beside: result of ``staffing.beside``.
    """
    table = beside[beside["occupation"] == TOTAL]
    if table.empty:
        return facts([])
    first, last = table["year"].min(), table["year"].max()
    table = table[table["year"].isin([first, last])]
    now = table["year"] == first
    people = table["persons"].where(now).groupby([table["department"], table["part"]]).transform("max")
    return facts(
        table.assign(
            table="within", row=table["part"], value=table["expected"], low=table["p10"].mask(now),
            high=table["p90"].mask(now), column=now.map({True: "now", False: "horizon"}), unit="fte",
            numerator=people.round(), denominator=table["n"], definition="need_gap",
        )
    )  # fmt: skip


def workload_facts(workload: pd.DataFrame) -> pd.DataFrame:
    """Facts ``workload``: staff that the measured work asks for by occupation, column ``required``.

    Difference and ratio are derived from this and the published full-time equivalents (``derived.workload``), so that
    they show nobody who is not shown already.

    Args:
        workload: result ``staffing_workload``.
    """
    return facts(
        workload.assign(
            table="workload", row=workload["occupation"], column="required", value=workload["required"],
            numerator=workload["n"], denominator=workload["n"], unit="fte", definition="wisn",
        )
    )  # fmt: skip


def sensitivity_facts(sensitivity: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Facts ``sensitivity``: the gap at the horizon with one assumption moved, its ends as low and high.

    Args:
        sensitivity: result of ``staffing.sensitivity``.
        bridge: result of ``staffing.bridge``, for the persons at risk.
    """
    if sensitivity.empty or bridge.loc[bridge["part"] == "gap", "expected"].isna().all():
        return facts([])
    ends = sensitivity.groupby(["department", "assumption"], sort=False)["gap"].agg(["min", "max"]).reset_index()
    base = (sensitivity["gap"] - sensitivity["change"]).groupby(sensitivity["department"]).first()
    at_risk = bridge[bridge["occupation"] == TOTAL].groupby("department")["n"].first()
    n = ends["department"].map(at_risk)
    return facts(
        ends.assign(
            table="sensitivity", row=ends["assumption"], column="gap", value=ends["department"].map(base),
            low=ends["min"], high=ends["max"], n=n, numerator=n, denominator=n, unit="fte", definition="need_gap",
        )
    )  # fmt: skip


def record_facts(backtest: pd.DataFrame) -> pd.DataFrame:
    """Facts ``staffing_record``: headcount and hires a year after the last judged origin, forecast beside outcome.

    Every figure is held to the rule of counts: a yardstick is the outcome of the year before, and a forecast may be the
    yardstick.

    Args:
        backtest: ``table`` of ``staffing.backtest``.
    """
    table = backtest[(backtest["horizon"] == 1) & backtest["quantity"].isin(RECORDED)]
    if table.empty:
        return facts([])
    table = table[table["origin"] == table["origin"].max()]
    found = []
    for column in ("forecast", "observed", "yardstick"):
        part = table.assign(column=column, value=table[column], numerator=table[column].round())
        if column != "forecast":
            part = part.drop(columns=["low", "high"])
        found.append(part)
    every = pd.concat(found, ignore_index=True)
    return facts(
        every.assign(
            table="staffing_record", row=every["quantity"], layer=every["origin"], unit="persons",
            denominator=every["n"], definition="expected_leavers",
        )
    )  # fmt: skip


def gap_record_facts(hit_rates: pd.DataFrame) -> pd.DataFrame:
    """Facts ``gap_record``: how earlier forecasts of the gap did; row = origin (``all``: pooled), layer = years ahead.

    Shares over all departments of the whole organisation, no counts of persons. Single origins one year ahead only.

    Args:
        hit_rates: result of ``staffing.hit_rates``.
    """
    measures = dict.fromkeys(("hit_rate", "forecast_error", "model_error", "yardstick_error"), "share")
    measures["departments"] = "posts"
    table = hit_rates[hit_rates["quantity"] == "gap"]
    table = table[(table["horizon"] == 1) | (table["origin"] == ORGANISATION)]
    return facts(
        {
            "table": "gap_record", "department": ORGANISATION, "row": line["origin"], "layer": str(line["horizon"]),
            "column": name, "value": line[name], "n": line["departments"], "unit": unit,
            "definition": "hit_rate" if name == "hit_rate" else "",
        }
        for line in table.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip
