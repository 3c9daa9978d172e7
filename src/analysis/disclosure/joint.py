"""Figures of several tables about the same persons, solved together as equations.

Persons of a department and occupation on a level of a model are the unknowns. A cell of the table ``ladder``, a
department's share of licensed, a course's completions, a row of the skill gap: each is a sum of some of them. No figure
that is withheld may follow from those that are shown; where it would with the help of a row of the skill gap, that row
is withheld, too. What follows without the skill gap is for its own table to guard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.reference import competences, courses, ladders, occupations
from analysis.tables.needed import QUALIFIED
from analysis.tables.protected import ORGANISATION

SILENT = ("", "no_data")
CLOSE = 1e-9


@dataclass(frozen=True)
class _Sum:
    """A sum of unknowns: levels ``low`` to ``high`` of some occupations in some departments, and how many it counts."""

    form: np.ndarray
    count: float
    at: int | None = None  # fact of the skill gap that it belongs to
    department: str = ""


@dataclass
class _Case:
    """One model: its unknowns, and the sums of them that are shown and that are not."""

    size: int
    pairs: dict[tuple[str, str], int]
    base: list[np.ndarray] = field(default_factory=list)
    secret: list[_Sum] = field(default_factory=list)
    shown: list[_Sum] = field(default_factory=list)

    def form(self, department: str, names: Iterable[str], low: int, high: int) -> np.ndarray:
        """The unknowns that a sum adds up."""
        found, wanted = np.zeros(len(self.pairs) * self.size), set(names)
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
        _own(case, str(model), mine, every, state, pairs)
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
        course = courses().get(competences()[model]["course"] or "", {})
        counted = set(course.get("occupations", ())) or {occupation for _, occupation in heads}
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
            for step, (count, why) in counts.items():
                form = case.form(str(department), names, step, step)
                if why in SILENT:
                    case.base.append(form)
                elif count > 0:
                    case.secret.append(_Sum(form, count))
            for step in counts:
                for ends in ((1, step), (step, case.size)):
                    inside = [s for s, (_, why) in counts.items() if ends[0] <= s <= ends[1] and why not in SILENT]
                    total = sum(counts[s][0] for s in inside)
                    if 0 < total < least:
                        forms = [case.form(str(department), names, s, s) for s in inside]
                        case.secret.append(_Sum(np.sum(forms, axis=0), total))
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
        department = str(line["department"])
        for level, count in ((2, line["numerator"]), (1, line["denominator"] - line["numerator"])):
            form = case.form(department, names, level, level)
            if why in SILENT:
                case.base.append(form)
            else:
                case.secret.append(_Sum(form, float(count)))


def _own(
    case: _Case, model: str, mine: pd.DataFrame, every: pd.DataFrame, state: pd.Series,
    heads: dict[tuple[str, str], int],
) -> None:  # fmt: skip
    """Rows of the skill gap: those who fulfil the requirement and those assessed who do not."""
    complete = model == QUALIFIED or competences().get(model, {}).get("complete", False)
    assessed = every[every["table"] == "skill_assessed"]
    keys = zip(assessed["department"], assessed["row"], strict=True)
    told = dict(zip(keys, state[assessed.index], strict=True))
    for line in mine.to_dict("records"):
        least = int(line["step"]) if model in ladders() else 2
        department, name = line["department"], [line["occupation"]]
        halves = (
            _Sum(case.form(department, name, least, case.size), line["held"], line["at"], department),
            _Sum(case.form(department, name, 1, least - 1), line["assessed"] - line["held"], line["at"], department),
        )
        (case.shown if state[line["at"]] == "" else case.secret).extend(halves)
        key = f"{model}:{line['step']}:{line['occupation']}"
        head = heads.get((department, line["occupation"]))
        known = complete and (head is None or state[head] in SILENT)
        if known or told.get((department, key)) == "":
            case.base.append(case.form(department, name, 1, case.size))


def _withheld(case: _Case) -> list[int]:
    """Withhold rows, the smallest first, until no secret follows from what is shown."""
    already = _space(case.base)
    secrets = [item for item in case.secret if item.form.any() and not _follows(item.form, already)]
    shown, hidden = list(case.shown), []
    while secrets and shown:
        space = _space([*case.base, *(item.form for item in shown)])
        found = [item for item in secrets if _follows(item.form, space)]
        if not found:
            break
        near = [item for item in shown if any((item.form * other.form).any() for other in found)] or shown
        least = min(near, key=lambda item: (item.count, item.at))
        hidden.append(int(least.at))  # type: ignore[arg-type]
        secrets += [item for item in shown if item.at == least.at and not _follows(item.form, already)]
        shown = [item for item in shown if item.at != least.at]
    return hidden


def _space(forms: list[np.ndarray]) -> np.ndarray:
    """An orthonormal basis of everything that sums and differences of the forms can tell."""
    if not forms:
        return np.zeros((0, 0))
    rows = np.unique(np.array(forms), axis=0)
    _, values, right = np.linalg.svd(rows, full_matrices=False)
    return right[values > CLOSE * max(1.0, values[0] if len(values) else 1.0)]


def _follows(form: np.ndarray, space: np.ndarray) -> bool:
    if not len(space):
        return False
    rest = form - space.T @ (space @ form)
    return bool((rest**2).sum() < CLOSE * (form**2).sum())
