"""Drivers, comparisons and calibration as facts, each with the counts that its printed digits allow."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

LIMITS = ("low95", "high95", "low998", "high998")


def driver_facts(importance: pd.DataFrame) -> pd.DataFrame:
    """Facts ``drivers``: row = covariate, column = cause, the rise of the log loss as a share.

    Registered with those who left for the cause and all at risk: a rise of few events says something about them.

    Args:
        importance: result of ``turnover.drivers.importance``.
    """
    table = importance.rename(columns={"covariate": "row", "cause": "column", "increase": "value"})
    return facts(
        table.assign(
            table="drivers", unit="share", numerator=table["events"], denominator=table["n"],
            definition="driver_importance",
        )
    )  # fmt: skip


def pattern_facts(patterns: pd.DataFrame) -> pd.DataFrame:
    """Facts ``driver_patterns`` of the whole organisation: layer = covariate, row = level or ``first:last``.

    Args:
        patterns: result of ``turnover.drivers.patterns``.
    """
    first, last = (patterns[end].map("{:g}".format) for end in ("first", "last"))
    row = (first + ":" + last).where(patterns["first"].notna(), patterns["value"])
    names = {"cause": "column", "rate": "value", "covariate": "layer"}
    table = patterns.drop(columns="value").rename(columns=names).assign(row=row)
    return facts(
        table.assign(
            table="driver_patterns", department=ORGANISATION, unit="rate", numerator=table["n"],
            denominator=table["n"], definition="driver_pattern",
        )
    )  # fmt: skip


def funnel_facts(compared: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """Facts ``funnel`` (ratio with interval, expected number, limits at it) and ``funnel_limits`` (the curves).

    Ratio and expected number together give the count of leavers away; each is registered with it.

    Args:
        compared: result of ``turnover.funnel.observed_expected``, departments below the forecast limit included.
        curve: result of ``turnover.funnel.curve``.
    """
    base = compared.rename(columns={"by": "row"}).assign(
        table="funnel", unit="score", numerator=compared["observed"], denominator=compared["n"],
        definition="observed_expected",
    )  # fmt: skip
    plain = base.drop(columns=["low", "high"])
    parts = [base.assign(column="ratio", value=base["ratio"])]
    parts.append(plain.assign(column="expected", value=plain["expected"], unit="persons"))
    parts += [plain.assign(column=name, value=plain[name]) for name in LIMITS]
    lines = curve.assign(
        table="funnel_limits", department=ORGANISATION, row=[f"{place:02d}" for place in range(len(curve))],
        unit="score", definition="observed_expected",
    )  # fmt: skip
    parts += [lines.assign(column=name, value=lines[name]) for name in LIMITS]
    parts.append(lines.assign(column="expected", value=lines["expected"], unit="persons"))
    return facts(pd.concat(parts, ignore_index=True))


def calibration_facts(calibration: pd.DataFrame) -> pd.DataFrame:
    """Facts ``calibration``: row = group, column = cause; layers ``error`` and ``chance`` for the whole organisation.

    Args:
        calibration: result of ``turnover.fairness.calibration``, small groups included: whoever knows the others
            would find them by subtraction.
    """
    base = calibration.rename(columns={"group": "row", "cause": "column"}).assign(
        table="calibration", unit="score", numerator=calibration["observed"], denominator=calibration["n"],
        definition="forecast_calibration",
    )  # fmt: skip
    whole = base[base["department"] == ORGANISATION].drop(columns=["low", "high"]).assign(unit="share")
    layers = [whole.assign(layer=name, value=whole[name]) for name in ("error", "chance")]
    return facts(pd.concat([base.assign(layer="", value=base["ratio"]), *layers], ignore_index=True))
