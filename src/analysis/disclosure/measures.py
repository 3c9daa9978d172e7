"""What levers do, as facts, so that it passes the same wall as everything else: forecasts of groups at risk."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts

TOTAL = "total"
WHAT_IF, EFFECTS, CLOSING, LARGEST = "what_if", "lever_effects", "closing", "largest_lever"
UNITS = {"gap": "fte", "remaining": "fte", "closes": "fte", "weakest": "fte", "outside": "fte"}
COST_STEP = 10_000.0
"""Kronor that a cost is rounded to: the assumptions behind it carry no more."""


def _forecast(found: pd.DataFrame, /, **more: str) -> pd.DataFrame:
    return facts(found.assign(numerator=found["n"], denominator=found["n"], **more))


def what_if_facts(choices: pd.DataFrame) -> pd.DataFrame:
    """Facts ``what_if``: row = choice (path, scenario or lever), column = year; the interval is P10 to P90.

    Args:
        choices: result of ``staffing.effects.what_if``.
    """
    table = choices.rename(columns={"choice": "row", "expected": "value", "p10": "low", "p90": "high"})
    return _forecast(table.assign(column=table["year"].astype("str")), table=WHAT_IF, unit="fte", definition="need_gap")


def effect_facts(effects: pd.DataFrame) -> pd.DataFrame:
    """Facts ``lever_effects``: row = lever, column = year, layer = scenario; the interval is the levers' own range.

    Args:
        effects: result of ``staffing.effects.lever_effects``; departments and the whole leave, groups do not.
    """
    whole = effects[effects["occupation"] == TOTAL]
    table = whole.rename(columns={"lever": "row", "scenario": "layer", "expected": "value"})
    return _forecast(table.assign(column=table["year"].astype("str")), table=EFFECTS, unit="fte", definition="need_gap")


def largest_facts(largest: pd.DataFrame) -> pd.DataFrame:
    """Facts ``largest_lever``: row = occupational group, column = year, layer = its lever; what it closes.

    Args:
        largest: result of ``staffing.effects.largest_levers``, of groups and levers that rest on enough people.
    """
    table = largest.drop(columns="gap").rename(columns={"occupation": "row", "lever": "layer", "expected": "value"})
    return _forecast(table.assign(column=table["year"].astype("str")), table=LARGEST, unit="fte", definition="need_gap")


def closing_facts(paths: pd.DataFrame) -> pd.DataFrame:
    """Facts ``closing``: row = number of the mix (0: without levers), column = what is said, layer = the lever.

    Args:
        paths: result of ``staffing.mixes.closing_paths``.
    """
    table = paths.rename(columns={"item": "column", "lever": "layer", "expected": "value"})
    table = table.assign(row=table["mix"].astype("str"))
    table["unit"] = table["column"].map(UNITS | {"cost": "kronor", "extent": "share"})
    cost = table["unit"] == "kronor"
    numbers = ["value", "low", "high"]
    table.loc[cost, numbers] = (table.loc[cost, numbers] / COST_STEP).round() * COST_STEP
    return _forecast(table, table=CLOSING, definition="need_gap")
