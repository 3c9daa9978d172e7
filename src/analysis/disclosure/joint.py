"""Figures of several tables about the same persons, solved together as equations.

Persons of a department and occupation on a level of a model are the unknowns. A cell of the table ``ladder``, a
department's share of licensed, a course's completions, a row of the skill gap: each is a sum of some of them. No figure
that is withheld may follow from those that are shown; where it would with the help of a row of the skill gap, that row
is withheld, too. What follows without the skill gap is for its own table to guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference import competences, courses, ladders, occupations
from analysis.tables.needed import QUALIFIED
from analysis.tables.protected import ORGANISATION

SILENT = ("", "no_data")
CLOSE = 1e-9
MOST_UNKNOWNS = 1000
"""With more unknowns than this nothing is shown again: each try solves all equations anew."""


@dataclass(frozen=True)
class _Sum:
    """A sum of unknowns, and how many persons it is about."""

    form: np.ndarray
    count: float
    department: str
    at: int = -1  # fact of the skill gap that it belongs to


@dataclass
class _Case:
    """One model: its unknowns, and the sums of them that are shown and that are not."""

    size: int
    pairs: dict[tuple[str, str], int]
    base: list[np.ndarray] = field(default_factory=list)
    secret: list[_Sum] = field(default_factory=list)
    shown: list[_Sum] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # occupations that the other table counts together
    totals: dict[tuple[str, int], float] = field(default_factory=dict)  # what it counts, by department and level

    @property
    def unknowns(self) -> int:
        """Number of unknowns."""
        return len(self.pairs) * self.size

    def form(self, department: str, names: Iterable[str], low: int, high: int) -> np.ndarray:
        """The unknowns that a sum adds up."""
        found, wanted = np.zeros(self.unknowns), set(names)
        for (where, occupation), place in self.pairs.items():
            if occupation in wanted and department in (where, ORGANISATION):
                found[place * self.size + low - 1 : place * self.size + high] = 1.0
        return found


def found_with(every: pd.DataFrame, state: pd.Series, rows: pd.DataFrame, *, least: int) -> list[int]:
    """Places of rows of the skill gap that have to be withheld beside those that are.

    Args:
        every: facts of the whole edition.
        state: '' where a fact is shown, else why not.
        rows: the rows of the skill gap: DataFrame[at, department, model, step, occupation, held, assessed].
        least: fewer persons than this must not be found in any sum of withheld figures.
    """
    heads = every[(every["table"] == "headcount") & (every["column"] == "total") & (every["layer"] == "")]
    heads = heads[heads["n"].fillna(0) > 0]
    pairs = {
        (department, occupation): heads_at
        for heads_at, department, occupation in zip(heads.index, heads["department"], heads["row"], strict=True)
        if department != ORGANISATION
    }
    hidden: list[int] = []
    for model, mine in rows.groupby("model", sort=True):
        case = _case(str(model), mine, pairs)
        _others(case, str(model), every, state, least)
        _own(case, str(model), mine, every, state, pairs, least)
        hidden += _withheld(case)
    return hidden


def _levels(model: str) -> int:
    return len(ladders()[model]["steps"]) if model in ladders() else 2


def _case(model: str, mine: pd.DataFrame, heads: dict[tuple[str, str], int]) -> _Case:
    """Unknowns: every pair of department and occupation with staff that a table about the model counts."""
    if model in ladders():
        counted = set(ladders()[model]["occupations"])
    elif model == QUALIFIED:
        counted = {key for key, entry in occupations().items() if "licence" in entry}
    else:
        course = competences()[model]["course"]
        everyone = {occupation for _, occupation in heads}
        counted = set() if course is None else set(courses()[course]["occupations"]) or everyone
    named = set(zip(mine["department"], mine["occupation"], strict=True))
    pairs = sorted(
        pair
        for pair in {*heads, *named}
        if pair[0] != ORGANISATION and pair[1] in counted | {pair[1] for pair in named}
    )
    return _Case(_levels(model), {pair: place for place, pair in enumerate(pairs)})


def _others(case: _Case, model: str, every: pd.DataFrame, state: pd.Series, least: int) -> None:
    """Figures of other tables about the model."""
    if model in ladders():
        cells = every[(every["table"] == "ladder") & (every["column"] == model)]
        names = ladders()[model]["occupations"]
        for department, part in cells.groupby("department", sort=True):
            said = zip(part["row"], part["numerator"], state[part.index], strict=True)
            counts = {int(step): (float(count), why) for step, count, why in said}
            case.names = names
            for step, (count, why) in counts.items():
                case.totals[str(department), step] = count
                form = case.form(str(department), names, step, step)
                if why in SILENT:
                    case.base.append(form)
                elif count > 0:
                    case.secret.append(_Sum(form, count, str(department)))
            for step in counts:
                for ends in ((1, step), (step, case.size)):
                    inside = [s for s, (_, why) in counts.items() if ends[0] <= s <= ends[1] and why not in SILENT]
                    total = sum(counts[s][0] for s in inside)
                    if 0 < total < least:
                        forms = [case.form(str(department), names, s, s) for s in inside]
                        case.secret.append(_Sum(np.sum(forms, axis=0), total, str(department)))
        return
    table, row, column = ("qualified", "total", "total")
    names = [key for key, entry in occupations().items() if "licence" in entry]
    if model != QUALIFIED:
        course = competences()[model]["course"]
        if course is None:
            return
        table, row, column = "courses", course, "completed"
        names = courses()[course]["occupations"] or [occupation for _, occupation in case.pairs]
    cells = every[
        (every["table"] == table) & (every["row"] == row) & (every["column"] == column) & (every["layer"] == "")
    ]
    for line, why in zip(cells.to_dict("records"), state[cells.index], strict=True):
        case.names, department = names, str(line["department"])
        for level, count in ((2, line["numerator"]), (1, line["denominator"] - line["numerator"])):
            form = case.form(department, names, level, level)
            case.totals[department, level] = float(count)
            if why in SILENT:
                case.base.append(form)
            else:
                case.secret.append(_Sum(form, float(count), department))


def _own(
    case: _Case, model: str, mine: pd.DataFrame, every: pd.DataFrame, state: pd.Series,
    heads: dict[tuple[str, str], int], least: int,
) -> None:  # fmt: skip
    """Rows of the skill gap: those who fulfil the requirement and those assessed who do not."""
    complete = model == QUALIFIED or competences().get(model, {}).get("complete", False)
    assessed = every[every["table"] == "skill_assessed"]
    keys = zip(assessed["department"], assessed["row"], strict=True)
    told = dict(zip(keys, state[assessed.index], strict=True))
    for line in mine.to_dict("records"):
        step = int(line["step"]) if model in ladders() else 2
        department, name = line["department"], [line["occupation"]]
        halves = (
            _Sum(case.form(department, name, step, case.size), line["assessed"], department, line["at"]),
            _Sum(case.form(department, name, 1, step - 1), line["assessed"], department, line["at"]),
        )
        (case.shown if state[line["at"]] == "" else case.secret).extend(halves)
        _few_beside(case, line, step, least)
        key = f"{model}:{line['step']}:{line['occupation']}"
        head = heads.get((department, line["occupation"]))
        known = complete and (head is None or state[head] in SILENT)
        if known or told.get((department, key)) == "":
            case.base.append(case.form(department, name, 1, case.size))
    if model in ladders():
        _few_between(case, mine, least)
    else:
        _few_together(case, mine, state, least)


def _few_beside(case: _Case, line: Mapping[Any, Any], step: int, least: int) -> None:
    """The other occupations of a table that counts several: what is left of it beside the row, where that is few."""
    department, others = line["department"], [name for name in case.names if name != line["occupation"]]
    if line["occupation"] not in case.names:
        return
    for low, high, count in (
        (step, case.size, line["held"]),
        (1, step - 1, line["assessed"] - line["held"]),
    ):
        totals = [case.totals.get((department, level)) for level in range(low, high + 1)]
        if None not in totals and 0 < sum(totals) - count < least:  # type: ignore[arg-type]
            form = case.form(department, others, low, high)
            case.secret.append(_Sum(form, sum(totals) - count, department))  # type: ignore[arg-type]


def _few_between(case: _Case, mine: pd.DataFrame, least: int) -> None:
    """Two steps asked of one occupation: those who fulfil the lower one alone, where they are few."""
    for (department, occupation), part in mine.groupby(["department", "occupation"], sort=True):
        steps = part.sort_values("step")[["step", "held"]].to_numpy(dtype=float)
        for (low, more), (high, fewer) in combinations(steps, 2):
            if 0 < more - fewer < least:
                form = case.form(str(department), [str(occupation)], int(low), int(high) - 1)
                case.secret.append(_Sum(form, more - fewer, str(department)))


def _few_together(case: _Case, mine: pd.DataFrame, state: pd.Series, least: int) -> None:
    """Withheld rows of a department that hold too few together: their sum must not be found either."""
    hidden = mine[~mine["at"].map(state).isin(SILENT)]
    for department, part in hidden.groupby("department", sort=True):
        halves = {2: part["held"].sum(), 1: (part["assessed"] - part["held"]).sum()}
        for level, total in halves.items():
            if len(part) > 1 and 0 < total < least:
                case.secret.append(
                    _Sum(case.form(str(department), part["occupation"], level, level), total, str(department))
                )


def _withheld(case: _Case) -> list[int]:
    """Withhold rows until no secret follows from what is shown, and then show again what need not be withheld.

    Of the rows that tell a secret one goes each time: of the secret's own department if there is one, else any, and the
    smallest of them.
    """
    base = np.array(case.base).reshape(len(case.base), case.unknowns)
    already = _Told(base)
    secrets = [item for item in case.secret if item.form.any() and not already.follows(item.form)]
    shown: list[_Sum] = list(case.shown)
    hidden: dict[int, list[_Sum]] = {}
    while secrets and shown:
        told = _Told(np.vstack([*(item.form for item in shown), base]))
        gone: set[int] = set()
        for secret in (item for item in secrets if told.follows(item.form)):
            used = [shown[place] for place in told.by(secret.form) if place < len(shown)]
            if not any(item.at in gone for item in used):
                own = [item for item in used if item.department == secret.department] or used
                gone.add(min(own, key=lambda item: (item.count, item.at)).at)
        if not gone:
            break
        for at in sorted(gone):
            hidden[at] = [item for item in shown if item.at == at]
            secrets += [item for item in hidden[at] if not already.follows(item.form)]
        shown = [item for item in shown if item.at not in gone]
    if case.unknowns > MOST_UNKNOWNS:
        return sorted(hidden)
    for at, halves in sorted(hidden.items(), key=lambda pair: (-pair[1][0].count, pair[0])):
        told = _Told(np.vstack([*(item.form for item in (*shown, *halves)), base]))
        if not any(told.follows(item.form) for item in secrets if item.at != at):
            shown, secrets = [*shown, *halves], [item for item in secrets if item.at != at]
            hidden = {key: value for key, value in hidden.items() if key != at}
    return sorted(hidden)


class _Told:
    """What sums and differences of some forms tell."""

    def __init__(self, forms: np.ndarray) -> None:
        self.forms = forms
        self.solve = np.linalg.pinv(forms.T) if forms.size else np.zeros((0, 0))

    def follows(self, form: np.ndarray) -> bool:
        """Is the form a sum or difference of the others?"""
        if not self.forms.size:
            return False
        rest = form - self.forms.T @ (self.solve @ form)
        return bool((rest**2).sum() < CLOSE * (form**2).sum())

    def by(self, form: np.ndarray) -> np.ndarray:
        """Places of the forms that it is made of."""
        return np.flatnonzero(np.abs(self.solve @ form) > CLOSE**0.5)
