"""Does the forecast hold alike for women and men, young and old, permanent and temporary staff?

Forecasts made out of time are summed over groups of persons and held against who left. Sex informs no forecast: it
enters here only as a way to sum, through counts of persons by sex in each covariate cell, and nothing but sums leaves.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.reference.bands import banding
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import COVARIATES
from analysis.turnover.drivers.funnel import bands
from analysis.turnover.drivers.poisson import mid_p_interval
from analysis.turnover.scores.evaluation import Judged

LEVEL = 0.95
AGES = banding("sick_leave")
"""The groups in which sick leave is disclosed by law."""
AGE_NAMES = {-1: "age_unknown", **dict(enumerate(AGES.names))}
SEX_NAMES = {"F": "women", "M": "men"}
DIMENSIONS = {
    "sex": ("women", "men", "sex_unknown"),
    "age": (*AGES.names, "age_unknown"),
    "form": ("permanent", "temporary"),
}
SHOWN_CAUSES = ("resignation", TOTAL)
COLUMNS = [
    "department", "dimension", "group", "cause", "origins", "n", "observed", "expected", "ratio", "low", "high",
    "error", "chance",
]  # fmt: skip
_NONE = -9.0  # stands for an unknown number where rows are matched by it


def calibration(judged: Iterable[Judged], by_sex: pd.DataFrame) -> pd.DataFrame:
    """Observed and expected leavers of groups, pooled over origins.

    Calibration in the large: observed over expected with a 95 per cent mid-P interval. Error: sum over departments and
    origins of |expected - observed|, as a share of those who left; ``chance`` is what a forecast with the right
    probabilities would miss by on average (normal approximation), since many small groups miss by more.

    Args:
        judged: windows with the forecast that was made for them before they opened.
        by_sex: BySex (``contracts``), persons of the risk cells by sex
            (``workforce.by_sex``).

    Returns:
        Calibration (``contracts``) for departments and the whole (``all``); ``dimension`` total (group
        total), sex, age or form; ``n`` person-years at risk, small groups included, so that protection knows what would
        follow by subtraction; cause ``resignation`` or all of them (``total``). ``error`` and ``chance`` are NaN but
        for the whole.
    """
    people = [_people(each, by_sex) for each in judged]
    if not people:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(people, ignore_index=True)
    found = []
    for dimension in (TOTAL, *DIMENSIONS):
        group = pd.Series(TOTAL, index=table.index) if dimension == TOTAL else table[dimension]
        for cause in SHOWN_CAUSES:
            names = {f"{cause}_{what}": what for what in ("observed", "expected", "variance")}
            sums = table[["origin", "department", "at_risk", *names]].rename(columns=names)
            cells = sums.groupby([group.rename("group"), "department", "origin"], as_index=False, sort=True).sum()
            found.append(_compared(cells).assign(dimension=dimension, cause=cause))
    return pd.concat(found, ignore_index=True)[COLUMNS]


def _people(judged: Judged, by_sex: pd.DataFrame) -> pd.DataFrame:
    """Persons at risk, leavers and expected leavers by covariate cell and sex."""
    keys = list(COVARIATES)
    said = judged.said.add_prefix("p_").reset_index(drop=True)
    cells = pd.concat([_matched(judged.cells[keys].reset_index(drop=True)), said], axis=1)
    persons = by_sex[by_sex["origin"] == judged.origin].reset_index(drop=True)
    persons = pd.concat([_matched(persons[keys]), persons[["sex", "at_risk", *CAUSES]]], axis=1)
    found, _ = join(persons, cells, keys, how="inner", name="persons by sex and risk cell")
    p = found[[f"p_{cause}" for cause in CAUSES]].to_numpy()
    left, at_risk = found[list(CAUSES)].to_numpy(dtype=float), found["at_risk"].to_numpy(dtype=float)
    place = CAUSES.index("resignation")
    columns: dict[str, object] = {
        "origin": judged.origin,
        "department": found["department"],
        "at_risk": at_risk,
        "sex": found["sex"].map(SEX_NAMES).fillna("sex_unknown"),
        "age": pd.Series(bands(found["age"], AGES.starts), index=found.index).map(AGE_NAMES),
        "form": found["form"],
    }
    for cause, chance, gone in (
        ("resignation", p[:, place], left[:, place]),
        (TOTAL, p.sum(axis=1), left.sum(axis=1)),
    ):
        columns[f"{cause}_observed"], columns[f"{cause}_expected"] = gone, chance * at_risk
        columns[f"{cause}_variance"] = chance * (1 - chance) * at_risk
    return pd.DataFrame(columns)


def _matched(keys: pd.DataFrame) -> pd.DataFrame:
    """Covariates that can be matched: an unknown number is equal to an unknown number."""
    numbers = keys.select_dtypes("number").columns
    return keys.assign(**{name: keys[name].astype("float64").fillna(_NONE) for name in numbers})


def _compared(cells: pd.DataFrame) -> pd.DataFrame:
    """Sums per department and for the whole, compared with what was expected."""
    cells = cells.assign(missed=(cells["expected"] - cells["observed"]).abs())
    cells["by_chance"] = np.sqrt(2.0 / np.pi * cells["variance"])
    measures = ["at_risk", "observed", "expected", "missed", "by_chance"]
    counted = cells.groupby("group")["origin"].nunique()
    whole = cells.groupby("group", as_index=False, sort=True)[measures].sum().assign(department=ORGANISATION)
    parts = cells.groupby(["department", "group"], as_index=False, sort=True)[measures].sum()
    table = pd.concat([whole, parts], ignore_index=True)
    table["origins"] = table["group"].map(counted)
    table = table[table["expected"] > 0].reset_index(drop=True)
    low, high = mid_p_interval(table["observed"].to_numpy(), level=LEVEL)
    expected, of = table["expected"], table["observed"].where(table["observed"] > 0)
    is_whole = table["department"] == ORGANISATION
    return table.assign(
        n=table["at_risk"].round().astype(int),
        ratio=table["observed"] / expected,
        low=low / expected,
        high=high / expected,
        error=(table["missed"] / of).where(is_whole),
        chance=(table["by_chance"] / of).where(is_whole),
    )
