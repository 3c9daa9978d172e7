"""The leak alarm: a feature that knows the future stops the run, with its name and the cause it gives away.

A covariate of the risk cells may hold only what was known when its window opened. Extracts are often overwritten
afterwards: the title of everybody who has left reads "left", pay is set to nought, or every row carries the pay of its
last day. Such a feature forecasts the past brilliantly and the future not at all.

How much a feature tells is no evidence: age tells who retires, form whose contract runs out, length of service who is
on probation, and small units differ. What tells a leak from honest knowledge is the window that is still open. Nobody
can know yet who of its people will leave, so an honest feature is spread among them as it was among *everybody* at risk
in the closed windows; a leak as it was among those who *stayed*. Six traces are looked for, with limits in
``reference/data/leaks.toml``:

* *certain*: a level at which nearly everybody left, window after window, and which the open window lacks;
* *vanishing*: a level with too many leavers before, all of them in the last window, that nobody who is left has;
* *spent*: a level of which everybody has left for one cause, and which holds those who left for it (``spent``);
* *telling*: of the risk that a feature adds to the honest hazard (``levels``), most is missing in the open window;
* *unlike*: the open window is not like those who stayed but far on the other side, as if all were about to leave;
* *fading*: what a feature tells fades as the windows come near the extract, and the open window is unlike the first.

*Telling* compares two simple hypotheses. With a mean added risk of E over everybody, S over those who stayed and O over
the people of the open window, an honest feature gives O = E and a leak O = S, so that (E - O) / (E - S) is near 0 or
near 1. Rates come from other windows than those they are judged in. E - O must also exceed ``sigmas`` standard errors:
the sampling error of two means and the spread of S between the windows (what features of a whole unit or year do; E
would spread with the number that left). Calibrated in ``tests/turnover/test_alarm_rates.py``. A leak that touches a few
leavers only can pass: the alarm is made for what moves a forecast. Without an open window nothing is forecast, and only
what is certain can be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import poisson

from analysis.errors import GateError
from analysis.reference import CAUSES, load
from analysis.tables.protected import TOTAL
from analysis.turnover.cells import COVARIATES, check_risk_cells, closed_origins
from analysis.turnover.leaks.levels import NOT_KNOWN, Look, Told
from analysis.turnover.leaks.used_up import spent

DATED = ("age", "tenure")
"""Worked out from days that nobody overwrites year by year: what they tell cannot fade that way."""
SAID = 3
"""Leaks that a message names."""


@dataclass(frozen=True)
class Leak:
    """What gave a feature away.

    Attributes:
        column: the covariate.
        trace: certain, vanishing, spent, telling, unlike or fading.
        cause: the cause, or ``total`` for all that are tested together.
        level: the level, '' where the whole feature is meant.
        persons: persons it rests on.
        measure: share that left (certain, vanishing), share of the last window's leavers (spent), share of the added
            risk that the open window lacks (telling), times that share by which it is beyond everybody (unlike), fall
            of the area under the ROC curve (fading).
    """

    column: str
    trace: str
    cause: str
    level: str
    persons: float
    measure: float

    def __str__(self) -> str:
        share = f"{self.measure:.0%}".replace("%", " %")
        what = "who leaves" if self.cause == TOTAL else f"who leaves for {self.cause.replace('_', ' ')}"
        if self.trace == "certain":
            return (
                f"{self.column}: {share} of the {self.persons:.0f} persons at {self.level!r} had left a year later "
                f"(tells {what}), and hardly anybody who is still employed has it"
            )
        if self.trace == "vanishing":
            return (
                f"{self.column}: {share} of those at {self.level!r} left in the last closed year, far too many before "
                f"it (tells {what}), and nobody who is still employed has it"
            )
        if self.trace == "spent":
            return (
                f"{self.column}: all {self.persons:.0f} persons at {self.level!r} have left (tells {what}), {share} of "
                "those of the last closed year, and nobody who is still employed has it"
            )
        if self.trace == "telling":
            return (
                f"{self.column}: tells {what} beyond form, age and tenure, but {share} of that is missing among those "
                "who are still employed, as where it was written afterwards"
            )
        if self.trace == "unlike":
            return (
                f"{self.column}: tells {what}, and those who are still employed all have the values of those who left, "
                "as where old rows carry later values"
            )
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
    if found:
        raise GateError(alarm(found))


def unaccepted(found: Iterable[Leak], accepted: Iterable[tuple[str, str]]) -> list[Leak]:
    """Leaks that nobody has accepted. ``total`` accepts a column for every cause."""
    told = set(accepted)
    return [leak for leak in found if not {(leak.column, leak.cause), (leak.column, TOTAL)} & told]


@dataclass(frozen=True)
class Verdict:
    """What the alarm has decided for a delivery that may be published.

    Attributes:
        accepted: leaks that the delivery says were known in time.
        late: leaks of columns that hold current values only, or none for those who left: no forecast may be made.
        history: a window has closed, without which there is nothing to forecast from.
    """

    accepted: tuple[Leak, ...] = ()
    late: tuple[Leak, ...] = ()
    history: bool = True

    @property
    def forecasts(self) -> bool:
        """May and can forecasts be made?"""
        return self.history and not self.late


def judge(cells: pd.DataFrame, *, accepted: Iterable[tuple[str, str]] = (), current: Iterable[str] = ()) -> Verdict:
    """Decide whether forecasts can be made, cannot be made, or the run must stop.

    Args:
        cells: risk cells.
        accepted: column and cause (or ``total``) of what the delivery says was known in time.
        current: covariates that hold current values only (``current.current_only``).

    Raises:
        GateError: a feature knows the future that was written when somebody left.
    """
    if not closed_origins(cells):
        return Verdict(history=False)
    accepted, current = set(accepted), set(current)
    every = find_leaks(cells)
    found = unaccepted(every, accepted)
    written = [leak for leak in found if leak.column not in current and leak.level != NOT_KNOWN]
    # a column of missing values is missing as a whole: its other traces are the same fact
    missing = {leak.column for leak in found if leak.level == NOT_KNOWN}
    written = [leak for leak in written if leak.column not in missing]
    if written:
        raise GateError(alarm(written))
    return Verdict(tuple(leak for leak in every if leak not in found), tuple(found))


def alarm(found: Sequence[Leak]) -> str:
    """The sentences of the alarm: which columns, for which causes, what gave them away and what to do."""
    first = list({leak.column: leak for leak in reversed(found)}.values())[::-1]
    names = ", ".join(leak.column for leak in first)
    causes = ", ".join(dict.fromkeys(leak.cause for leak in found if leak.column == first[0].column))
    return (
        f"leak alarm: {'a feature knows' if len(first) == 1 else 'features know'} the future ({names}); "
        f"{'; '.join(map(str, first[:SAID]))}. Deliver the value that held when each year began, or take the feature "
        f"out of features.toml; if it was known then, say so in delivery.toml: [[accept_leak]] with column = "
        f'"{first[0].column}", cause (of {causes}) and reason'
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
    looks = []
    for column in columns or [name for name in COVARIATES if name in cells.columns]:
        mine = [each for each in rules["exception"] if each["column"] == column]
        look = Look.of(cells, column, {cause for each in mine for cause in each["causes"]})
        if len(look.names) > 1:
            looks.append(look)
    closed_down = any(_closed_down(look, rules) for look in looks)
    for look in looks:
        found += _certain(look, rules) + _vanishing(look, rules)
        for level, cause, persons, held in spent(look, rules["spent"]):
            found.append(Leak(look.column, "spent", cause, str(look.names[level]), persons, held))
        # of the only window one unit that closed may be most, and whatever belongs to it then tells
        found += [] if closed_down else _telling(look, rules["telling"])
        found += _fading(look, rules["fading"])
    return found


def _closed_down(look: Look, rules: dict[str, Any]) -> bool:
    """A unit or post that may have been closed in the only window, where no reason says so."""
    if not look.has_open or len(look.origins) != 1:
        return False
    rule = rules["certain"]
    n, left = look.counts("n"), look.counts(TOTAL)
    sure = (n >= rule["min_persons"]) & (left >= rule["left"] * n) & (look.honest() < rule["explained"] * n)
    sure &= left < rule["captured_closed"] * left.sum()
    return bool((_gone(look, n[0], rule, rules["chance"]) & sure[0] & _may_close(look)).any())


def _gone(look: Look, persons: np.ndarray, rule: dict[str, Any], chance: float) -> np.ndarray:
    """Levels that the open window lacks: rarer than ``still_open`` says, and not by chance.

    Args:
        look: the covariate.
        persons: persons by level that an average window holds of those where the level occurs.
        rule: limits of the trace.
        chance: a Poisson count as low as in the open window is less likely than this.
    """
    now, closed = look.open_counts(), look.counts("n")
    share = closed.sum(axis=0) / closed.sum()
    common = now / max(now.sum(), 1.0) / np.maximum(share, 1e-12)
    expected = persons * now.sum() / max(closed.sum(axis=1).mean(), 1.0)
    return (common <= rule["still_open"]) & (poisson.cdf(np.floor(now), expected) < chance)


def _cause_of(look: Look, level: int) -> str:
    """The cause that three in four leavers at the level left for, ``total`` if there is none."""
    left = pd.Series({cause: look.counts(cause)[:, level].sum() for cause in look.causes})
    return str(left.idxmax()) if left.max() >= 0.75 * left.sum() else TOTAL


def _may_close(look: Look) -> np.ndarray:
    """Levels that may have been done away with: the cause of that is excepted, but why people left is not recorded."""
    if len(look.causes) == len(CAUSES):
        return np.zeros(len(look.names), dtype=bool)
    return look.counts("unknown").sum(axis=0) >= 0.75 * look.counts(TOTAL).sum(axis=0)


def _certain(look: Look, rules: dict[str, Any]) -> list[Leak]:
    rule = rules["certain"]
    n, left, closed = look.counts("n"), look.counts(TOTAL), len(look.origins)
    sure = (n >= rule["min_persons"]) & (left >= rule["left"] * n) & (look.honest() < rule["explained"] * n)
    captured = left.sum(axis=0) / max(left.sum(), 1.0)
    if not look.has_open:
        leak = (sure.sum(axis=0) >= min(rule["windows"], closed)) & (captured >= rule["captured"])
    else:
        persons = (n * sure).sum(axis=0) / np.maximum(sure.sum(axis=0), 1)
        gone = _gone(look, persons, rule, rules["chance"])
        leak = gone & (sure.sum(axis=0) >= rule["windows"])
        if closed == 1:
            leak = (
                gone
                & sure[0]
                & (captured >= np.where(_may_close(look), rule["captured_closed"], rule["captured_alone"]))
            )
    found = []
    for level in np.flatnonzero(leak).tolist():
        persons, gone_for = float((n * sure)[:, level].sum()), float((left * sure)[:, level].sum())
        found.append(
            Leak(look.column, "certain", _cause_of(look, level), str(look.names[level]), persons, gone_for / persons)
        )
    return found


def _vanishing(look: Look, rules: dict[str, Any]) -> list[Leak]:
    rule = rules["vanishing"]
    if not look.has_open or len(look.origins) < 2:
        return []
    n, everyone = look.counts("n"), look.counts(TOTAL)
    gone = _gone(look, n[-1], rule, rules["chance"])
    gone &= (n[-1] >= rule["min_persons"]) & (everyone[-1] >= rule["left"] * n[-1])
    found: dict[int, Leak] = {}
    for cause in (TOTAL, *look.causes) if gone.any() else ():
        left, honest = look.counts(cause), look.honest(cause)
        before, expected = left[:-1].sum(axis=0), honest[:-1].sum(axis=0)
        leak = gone & (left[-1] >= rule["min_persons"])
        leak &= before >= rule["excess"] * expected
        held = left[-1] / max(left[-1].sum(), 1.0)
        many = before - expected >= rule["sigmas"] * np.sqrt(np.maximum(expected, 1.0))
        # where the level holds most who left, its last window is evidence, too: no unit that closes is that large
        every, honest_sum = left.sum(axis=0), honest.sum(axis=0)
        over = every - honest_sum >= rule["sigmas_all"] * np.sqrt(np.maximum(honest_sum, 1.0))
        leak &= many | (over & (held >= rule["captured_most"]))
        leak &= left.sum(axis=0) >= rule["captured"] * left.sum()
        leak &= held >= rule["captured_last"]
        for level in np.flatnonzero(leak).tolist():
            share, name = float(everyone[-1, level] / n[-1, level]), str(look.names[level])
            what = _cause_of(look, level) if cause == TOTAL else cause
            found.setdefault(level, Leak(look.column, "vanishing", what, name, float(n[:-1, level].sum()), share))
    return list(found.values())


def _telling(look: Look, rule: dict[str, Any]) -> list[Leak]:
    if not look.has_open:
        return []
    found = []
    for cause in (TOTAL, *look.causes):
        if look.counts(cause).sum() < rule["min_events"]:
            continue
        told = look.told(cause)
        lacking, error, share, part = _missing(told)
        sigmas = rule["sigmas_dated" if look.column in DATED else "sigmas"]
        if abs(lacking) <= sigmas * error:
            continue
        if part >= rule["missing"] and share >= rule["share"]:
            found.append(Leak(look.column, "telling", cause, "", float(told.events.sum()), min(part, 1.0)))
        elif part <= -rule["unlike"] and share >= rule["share_unlike"] and look.column not in DATED:
            found.append(Leak(look.column, "unlike", cause, "", float(told.events.sum()), -part))
    return found


def _missing(told: Told) -> tuple[float, float, float, float]:
    """What the open window lacks of the added risk, its standard error, what is told at all, and the share lacking.

    ``told at all``: E - S against the rate of leaving, the share of leaving that the covariate foresees beyond chance.
    """
    weight = told.persons / told.persons.sum()
    lacking = float((weight * (told.everyone - told.now)).sum())
    told_at_all = float((weight * (told.everyone - told.stayed)).sum())
    windows = len(told.everyone)
    spread = float((weight * told.spread**2).sum())
    error = spread * (1.0 / max(told.open_persons, 1.0) + 1.0 / told.persons.sum())
    if windows > 1:
        error += float(np.var(told.stayed, ddof=1)) * (1.0 + 1.0 / windows)
    rate = max(float((weight * told.rate).sum()), 1e-12)
    part = lacking / told_at_all if told_at_all > 0 else 0.0
    return lacking, float(np.sqrt(error)), told_at_all / rate, part


def _fading(look: Look, rule: dict[str, Any]) -> list[Leak]:
    if not look.has_open or look.column in DATED:
        return []
    found = []
    for cause in (TOTAL, "resignation", "unknown"):
        events = look.counts(cause).sum(axis=1) if cause in (TOTAL, *look.causes) else np.zeros(1)
        use = events >= rule["min_events"]
        if use.sum() < rule["min_windows"]:
            continue
        told = look.told(cause, together=False)
        auc, events = told.auc[use], told.events[use]
        first = len(auc) // 2
        drop = float(auc[:first].min() - auc[-1])
        # the standard error of an area near 0.7 is about 0.3 over the root of the events (Hanley and McNeil 1982)
        error = 0.3 * np.sqrt(1.0 / events[:first].mean() + 1.0 / events[-1])
        unlike = np.abs(told.everyone - told.now)[use][:first].min()
        noise = np.sqrt((told.spread[use][:first] ** 2).mean() * (1 / told.open_persons + 1 / told.persons[use].mean()))
        if drop > max(rule["drop"], rule["sigmas"] * error) and unlike > rule["sigmas"] * noise:
            found.append(Leak(look.column, "fading", cause, "", float(told.events.sum()), drop))
    return found
