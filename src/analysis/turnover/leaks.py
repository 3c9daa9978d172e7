"""The leak alarm: a feature that knows the future stops the run, with its name.

A covariate of the risk cells may hold only what was known when its window opened. Extracts are often overwritten
afterwards: the title of everybody who has left reads "left", pay is set to nought, or every row carries the pay of its
last day. Such a feature forecasts the past brilliantly and the future not at all. Four traces are looked for, each
with limits in ``reference/data/leaks.toml``:

* *certain*: a level at which nearly everybody left, window after window;
* *vanishing*: a level with too many leavers that nobody who is left has;
* *telling*: one feature alone tells leavers from stayers better than any honest feature can;
* *fading*: what a feature tells fades as the windows come near the extract.

What may tell much without knowing the future (retirement by age, contracts that run out by form) is listed there too.
A leak that touches a few leavers only can pass: the alarm is made for what moves a forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES, load
from analysis.turnover.cells import COVARIATES, TOTAL, UNKNOWN, check_risk_cells

STRUCTURE = ("form", "age")
"""What honestly says that somebody will leave; a level is suspected only beyond it."""
BANDS = 10
"""Numbers with more values than this are cut at quantiles of the persons at risk."""
DRAWN = 20.0
"""Persons that the rate of all weighs as, against those of a level."""
NOT_KNOWN, TOGETHER = "not known", "together"
AGE_BANDS = (30, 40, 50, 60, 63, 65, 67)
SAID = 3
"""Leaks that a message names."""


@dataclass(frozen=True)
class Leak:
    """What gave a feature away.

    Attributes:
        column: the covariate.
        trace: certain, vanishing, telling or fading.
        cause: the cause, or ``total`` for all that are tested together.
        level: the level, '' where the whole feature is meant.
        persons: persons it rests on.
        measure: share that left (certain, vanishing), area under the ROC curve (telling), its fall (fading).
    """

    column: str
    trace: str
    cause: str
    level: str
    persons: float
    measure: float

    def __str__(self) -> str:
        share = f"{self.measure:.0%}".replace("%", " %")
        if self.trace == "certain":
            return f"{self.column}: {share} of the {self.persons:.0f} persons at {self.level!r} had left a year later"
        if self.trace == "vanishing":
            return (
                f"{self.column}: {share} of those at {self.level!r} left in the last closed year, far too many before "
                "it, and nobody who is still employed has it"
            )
        what = "who leaves" if self.cause == TOTAL else f"who leaves for {self.cause.replace('_', ' ')}"
        if self.trace == "telling":
            return f"{self.column}: alone it tells {what} with an AUC of {self.measure:.2f}, as no honest feature does"
        return (
            f"{self.column}: what it tells about {what} falls by {self.measure:.2f} (AUC) from the first years to the "
            "last, as where old rows carry later values"
        )


def check_leaks(cells: pd.DataFrame, columns: Sequence[str] | None = None) -> None:
    """Stop if a feature knows the future.

    Args:
        cells: risk cells.
        columns: covariates to look at, all by default.

    Raises:
        GateError: one does; the message names it, what gave it away and what to do.
    """
    found = find_leaks(cells, columns)
    if not found:
        return
    first = list({leak.column: leak for leak in reversed(found)}.values())[::-1]
    names = ", ".join(leak.column for leak in first)
    raise GateError(
        f"leak alarm: {'a feature knows' if len(first) == 1 else 'features know'} the future ({names}); "
        f"{'; '.join(map(str, first[:SAID]))}. Deliver the value that held when each year began, or take the feature "
        "out of features.toml; if it was known then, say so with a reason in leaks.toml"
    )


def find_leaks(cells: pd.DataFrame, columns: Sequence[str] | None = None) -> list[Leak]:
    """Every trace of the future in the covariates of the risk cells; empty if there is none.

    Args:
        cells: risk cells.
        columns: covariates to look at, all that the cells hold by default.
    """
    cells = check_risk_cells(cells) if columns is None else cells.reset_index(drop=True)
    rules = load("leaks")
    found: list[Leak] = []
    if not (~cells["open"]).any():
        return found
    for column in columns or [name for name in COVARIATES if name in cells.columns]:
        levels = _levels(cells[column], cells["at_risk"].to_numpy(dtype=float))
        if (levels != levels.iloc[0]).any():
            look = _Look.of(cells, column, levels, _excepted(rules, column, cells))
            found += _certain(look, rules["certain"]) + _vanishing(look, rules["vanishing"])
            found += _telling(look, rules["telling"]) + _fading(look, rules["fading"])
    return found


def _excepted(rules: dict[str, Any], column: str, cells: pd.DataFrame) -> set[str]:
    """Causes that the feature may tell much about."""
    exits = cells.loc[~cells["open"], list(CAUSES)].sum()
    no_reasons = exits["unknown"] == exits.sum()
    mine = [each for each in rules.get("exception", ()) if each["column"] == column]
    return {cause for each in mine if no_reasons or not each.get("without_reasons", False) for cause in each["causes"]}


def _levels(values: pd.Series, at_risk: np.ndarray) -> pd.Series:
    """Levels of a covariate as text: numbers of many values in bands, nought and not known apart."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        text = values.astype("str").where(values.notna(), NOT_KNOWN)
        return text.where(text != "", NOT_KNOWN).reset_index(drop=True)
    number = values.astype("float64").reset_index(drop=True)
    lacking = number.isna() | (number == UNKNOWN)
    known = number[~lacking]
    if known.nunique() > BANDS:
        order = np.argsort(known.to_numpy(), kind="stable")
        reached = np.cumsum(at_risk[known.index.to_numpy()][order])
        edges = known.to_numpy()[order][np.searchsorted(reached, reached[-1] * np.arange(1, BANDS) / BANDS)]
        edges = np.unique(edges)
        band = pd.Series(np.searchsorted(edges, known, side="left"), known.index)
        low, high = known.groupby(band).min(), known.groupby(band).max()
        names = {place: f"{low[place]:g} to {high[place]:g}" for place in low.index}
        text = band.map(names).where(known != 0, "0")
    else:
        text = known.map("{:g}".format)
    return text.astype("str").reindex(number.index).fillna(NOT_KNOWN)


@dataclass(frozen=True)
class _Look:
    """One covariate in every window: persons, leavers and what form and age say, by window and level."""

    column: str
    windows: pd.DataFrame  # window, level → n, left, expected (closed windows; causes excepted left out)
    open_share: pd.Series | None  # level → share of persons in the open window
    origins: pd.Index
    halves: dict[str, np.ndarray]  # n, the causes, total → window x level x half: the persons in two halves by lot
    causes: tuple[str, ...]

    @classmethod
    def of(cls, cells: pd.DataFrame, column: str, levels: pd.Series, excepted: set[str]) -> _Look:
        causes = tuple(cause for cause in CAUSES if cause not in excepted)
        closed = (~cells["open"]).to_numpy()
        exits = cells.loc[closed, list(causes)].astype("float64").reset_index(drop=True)
        lost = cells.loc[closed, sorted(excepted)].sum(axis=1).to_numpy(dtype=float)
        table = exits.assign(
            origin=cells.loc[closed, "origin"].to_numpy(),
            level=levels.to_numpy()[closed],
            n=cells.loc[closed, "at_risk"].to_numpy(dtype=float) - lost,
            **{TOTAL: exits.sum(axis=1)},
        )
        table["expected"] = table["n"] * _structural(cells[closed], table, column)
        windows = table.groupby(["origin", "level"], sort=True)[["n", TOTAL, "expected"]].sum()
        window, origins = pd.factorize(table["origin"], sort=True)
        code, names = pd.factorize(table["level"], sort=True)
        half = np.random.default_rng(0).permutation(len(table)) % 2
        place, shape = (window * len(names) + code) * 2 + half, (len(origins), len(names), 2)
        halves = {
            name: np.bincount(place, weights=table[name], minlength=np.prod(shape)).reshape(shape)
            for name in ("n", *causes, TOTAL)
        }
        share = None
        if not closed.all():
            now = cells.loc[~closed, "at_risk"].astype("float64").groupby(levels.to_numpy()[~closed]).sum()
            share = now / now.sum()
        return cls(column, windows.rename(columns={TOTAL: "left"}), share, pd.Index(origins), halves, causes)

    def still(self, level: str) -> float:
        """How common the level is in the open window, against the closed ones (infinite if none is open)."""
        if self.open_share is None:
            return float("inf")
        n = self.windows["n"]
        before = n.xs(level, level="level").sum() / n.sum()
        return float(self.open_share.get(level, 0.0) / before)

    def captured(self, level: str) -> float:
        """Share of all leavers who had the level."""
        left = self.windows["left"]
        return float(left.xs(level, level="level").sum() / max(left.sum(), 1.0))


def _structural(cells: pd.DataFrame, table: pd.DataFrame, column: str) -> np.ndarray:
    """Rate of leaving by form and band of age in the same window, one per cell; not by the feature itself."""
    keys = [table["origin"]]
    if "form" in STRUCTURE and column != "form":
        keys.append(cells["form"].astype("str").reset_index(drop=True))
    if "age" in STRUCTURE and column != "age":
        keys.append(pd.Series(np.searchsorted(AGE_BANDS, cells["age"].to_numpy(), side="right"), name="age"))
    sums = table[[TOTAL, "n"]].groupby(keys).transform("sum")
    return np.divide(sums[TOTAL], sums["n"], out=np.zeros(len(table)), where=sums["n"].to_numpy() > 0)


def _certain(look: _Look, rule: dict[str, Any]) -> list[Leak]:
    table, closed = look.windows, look.windows.index.get_level_values("origin").nunique()
    sure = (table["n"] >= rule["min_persons"]) & (table["left"] >= rule["left"] * table["n"])
    sure &= table["expected"] < rule["explained"] * table["n"]
    found = []
    for level, part in table[sure].groupby(level="level"):
        captured = look.captured(level)
        if closed == 1:
            leak = captured >= rule["captured_alone"]
        else:
            gone = look.still(level) < rule["still_open"] or captured >= rule["captured"]
            leak = len(part) >= rule["windows"] and gone
        if leak:
            persons = float(part["n"].sum())
            found.append(Leak(look.column, "certain", TOTAL, str(level), persons, part["left"].sum() / persons))
    return found


def _vanishing(look: _Look, rule: dict[str, Any]) -> list[Leak]:
    origins = look.windows.index.get_level_values("origin")
    last = look.windows[origins == origins.max()].droplevel("origin")
    last = last[(last["n"] >= rule["min_persons"]) & (last["left"] >= rule["left"] * last["n"])]
    earlier = look.windows[origins < origins.max()].groupby(level="level").sum()
    found = []
    for level in last.index.intersection(earlier.index):
        before = earlier.loc[level]
        over = before["left"] - before["expected"]
        too_many = before["left"] >= rule["excess"] * before["expected"]
        too_many &= over >= rule["sigmas"] * np.sqrt(max(before["expected"], 1.0))
        gone = look.still(level) <= rule["still_open"] and look.captured(level) >= rule["captured"]
        if too_many and gone:
            share = last.loc[level, "left"] / last.loc[level, "n"]
            found.append(Leak(look.column, "vanishing", TOTAL, str(level), float(before["n"]), float(share)))
    return found


def _told(left: np.ndarray, n: np.ndarray) -> float:
    """Area under the ROC curve of the levels' rates alone, each half of the persons judged by the other half.

    Args:
        left: leavers, levels x halves.
        n: persons, levels x halves.
    """
    other_left, other = left[:, ::-1], n[:, ::-1]
    mean = other_left.sum(axis=0) / np.maximum(other.sum(axis=0), 1.0)
    _, rank = np.unique((other_left + DRAWN * mean) / (other + DRAWN), return_inverse=True)
    gone = np.bincount(rank.ravel(), weights=left.ravel())
    stayed = np.bincount(rank.ravel(), weights=(n - left).ravel())
    if not gone.sum() > 0 or not stayed.sum() > 0:
        return float("nan")
    # pairs of a leaver and a stayer in which the leaver's level has the higher rate; equal rates count half
    below = np.cumsum(stayed) - stayed / 2
    return float((gone * below).sum() / (gone.sum() * stayed.sum()))


def _told_by_window(look: _Look, cause: str, min_events: float) -> pd.DataFrame:
    """DataFrame[auc, events] by window; windows with too few events are judged together, as one."""
    left, n = look.halves[cause], look.halves["n"]
    events = left.sum(axis=(1, 2))
    few = events < min_events
    rows = {str(look.origins[int(place)]): (left[place], n[place]) for place in np.flatnonzero(~few)}
    if few.any() and left[few].sum() >= min_events:
        rows[TOGETHER] = (left[few].sum(axis=0), n[few].sum(axis=0))
    told = {name: (_told(*part), float(part[0].sum())) for name, part in rows.items()}
    return pd.DataFrame.from_dict(told, orient="index", columns=["auc", "events"])


def _telling(look: _Look, rule: dict[str, Any]) -> list[Leak]:
    found = []
    for cause in (TOTAL, *look.causes):
        told = _told_by_window(look, cause, rule["min_events"])
        if len(told) and (reached := float(told["auc"].max())) > rule.get(cause, rule["default"]):
            found.append(Leak(look.column, "telling", cause, "", float(told["events"].sum()), reached))
    return found


def _fading(look: _Look, rule: dict[str, Any]) -> list[Leak]:
    found = []
    for cause in (TOTAL, "resignation", "unknown"):
        if cause != TOTAL and cause not in look.causes:
            continue
        told = _told_by_window(look, cause, rule["min_events"]).drop(index=TOGETHER, errors="ignore")
        if len(told) < rule["min_windows"]:
            continue
        first, last = told.iloc[: len(told) // 2], told.iloc[-1]
        drop = float(first["auc"].mean() - last["auc"])
        # the standard error of an area near 0.7 is about 0.3 over the root of the events (Hanley and McNeil 1982)
        error = 0.3 * np.sqrt(1.0 / first["events"].sum() + 1.0 / last["events"])
        if drop > max(rule["drop"], rule["sigmas"] * error):
            found.append(Leak(look.column, "fading", cause, "", float(told["events"].sum()), drop))
    return found
