"""What an analyst may try in a stage: parameters of its notebook that stand for numbers of the reference data.

Left as they are in the parameters cell ('' or 0) they are as in ``policy.toml`` and ``assumptions.toml``; what is given
instead is checked, is part of the stage's digest, and is named on a preview. ``tried`` lists them for the notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.reference import assumptions, policy
from analysis.stages.stage import Stage
from analysis.turnover.models.method import Method, candidate_names, usual

COLUMNS = ["parameter", "here", "usual", "source", "owner"]


def _positive(value: float) -> bool:
    return value > 0


@dataclass(frozen=True)
class Parameter:
    """One of them.

    Args:
        whole: a number of years or persons that is whole.
        allowed: what a number given must fulfil.
        rule: the same in words.
    """

    name: str
    whole: bool = False
    allowed: Callable[[float], bool] = _positive
    rule: str = "above 0"


TURNOVER = (
    Parameter("windows", whole=True),
    Parameter("level_sd", allowed=lambda value: 0 < value < 1, rule="above 0 and below 1"),
    Parameter("level_years"),
)
STAFFING = (
    Parameter("hiring_windows", whole=True),
    Parameter("hiring_shock", allowed=lambda value: 0 < value < 1, rule="above 0 and below 1"),
    Parameter("volume_error", allowed=lambda value: 0 < value < 1, rule="above 0 and below 1"),
    Parameter("skill_weight"),
)
COMPETENCE = (Parameter("skill_windows", whole=True),)
OF_STAGE: dict[str, tuple[Parameter, ...]] = {"turnover": TURNOVER, "staffing": STAFFING, "competence": COMPETENCE}
LISTS = ("candidates", "penalties")
"""Parameters of the turnover stage that are lists, written with commas."""


def number(stage: Stage, name: str) -> float:
    """A number of the stage: what its notebook was given, else that of the reference data.

    Raises:
        InputError: what was given is no such number.
    """
    known = next(each for each in OF_STAGE[stage.name] if each.name == name)
    given = stage.others.get(name, 0)
    if isinstance(given, bool) or not isinstance(given, int | float) or (known.whole and given != int(given)):
        kind = "a whole number" if known.whole else "a number"
        raise InputError(f"parameter {name} must be {kind}, not {given!r}; 0 stands for the one of the reference data")
    if given == 0:
        return _usual(name)
    if not known.allowed(given):
        raise InputError(f"parameter {name} must be {known.rule}, not {given!r}; 0 stands for the reference data's")
    return float(given)


def method(stage: Stage) -> Method:
    """How leaving is forecast: what the notebook was given, else the reference data's.

    Raises:
        InputError: a candidate or a penalty that there is not.
    """
    held = policy().turnover
    kinds = _listed(stage, "candidates") or list(held.candidates)
    strange = [kind for kind in kinds if kind not in held.known()]
    if strange:
        raise InputError(f"parameter candidates names {strange[0]!r}; choose among {', '.join(held.known())}")
    try:
        penalties = [float(text) for text in _listed(stage, "penalties")] or list(held.penalties)
    except ValueError:
        penalties = [-1.0]
    if not all(0 < penalty < float("inf") for penalty in penalties):
        raise InputError("parameter penalties must be numbers above 0 with commas between, such as '4, 8, 16'")
    prior = replace(usual().prior, sd=number(stage, "level_sd"), years=number(stage, "level_years"))
    names = candidate_names(dict.fromkeys(kinds), dict.fromkeys(penalties))
    return Method(names, int(number(stage, "windows")), held.margin, prior)


def tried(stage: Stage) -> pd.DataFrame:
    """What is tried in this stage beside what is usual: DataFrame[parameter, here, usual, source, owner]."""
    rows: list[dict[str, Any]] = []
    if stage.name == "turnover":
        held = policy().turnover
        own = {"candidates": held.candidates, "penalties": [f"{penalty:g}" for penalty in held.penalties]}
        rows += [
            {
                "parameter": name, "here": ", ".join(_listed(stage, name) or own[name]), "usual": ", ".join(own[name]),
                "source": held.source, "owner": held.owner,
            }
            for name in LISTS
        ]  # fmt: skip
    for each in OF_STAGE[stage.name]:
        entry = assumptions().get(each.name, policy().turnover)
        source = getattr(entry, "source_en", entry.source)
        said = f"{number(stage, each.name):g}", f"{_usual(each.name):g}"
        rows.append(dict(zip(COLUMNS, (each.name, *said, source, entry.owner), strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _usual(name: str) -> float:
    return float(policy().turnover.windows) if name == "windows" else assumptions()[name].mid


def _listed(stage: Stage, name: str) -> list[str]:
    return [part.strip() for part in str(stage.others.get(name, "")).split(",") if part.strip()]
