"""Equations between tables: what a reader computes from figures that no single table's sums bring together.

An equation is data (``reference/data/equations.toml``). Its terms name figures by table, row, column and layer; a word
in braces binds, so that one entry stands for every group that the edition holds, and always for every department. Where
what the terms leave is a count that nobody publishes (``difference``), that count is a secret of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from analysis.periods import shift
from analysis.reference import entries, load
from analysis.tables.protected import Sensitivity

FILE = "equations.toml"
PLACEHOLDER = re.compile(r"^\{([a-z_]+)\}$")
KEYS = ("row", "column", "layer")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """One term: a table of the plan, the keys of a figure, and whether it is added or taken away."""

    table: str
    row: str = "total"
    column: str = "total"
    layer: str = ""
    sign: int = Field(default=1, ge=-1, le=1)


class Equation(_Strict):
    """Terms that add up to nothing, or to a count that is published nowhere."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    why: str = Field(min_length=1)
    terms: tuple[Figure, ...] = Field(min_length=2)
    difference: Sensitivity | None = None
    """Sensitivity of the count that is left; None where the terms add up to nothing."""
    zeros: bool = False
    """Whether a nought that is left is a secret, too."""


@cache
def shipped_equations() -> tuple[Equation, ...]:
    """The equations of the package, in the order they were declared."""
    return tuple(entries.parsed(Equation, entry, FILE) for entry in load("equations")["equation"])


def instances(equation: Equation, facts: pd.DataFrame, *, period: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield (department, [(place of a fact, sign)]) for every group in which an equation has all of its terms.

    Args:
        equation: a declared equation.
        facts: facts of the whole edition, with a unique index.
        period: cut-off month, which the words ``{period}`` and ``{before}`` (a year earlier) stand for.
    """
    months = {"period": period, "before": shift(period, -12)} if period else {}
    tables = {term.table for term in equation.terms}
    held: dict[tuple[str, str, str, str, str], int] = {}
    mine = facts[facts["table"].isin(tables) & facts["numerator"].notna()]
    for place, *keys in mine[["table", "department", *KEYS]].itertuples(name=None):
        held[tuple(keys)] = place
    words = sorted({word for term in equation.terms for key in KEYS if (word := _word(getattr(term, key)))})
    free = [word for word in words if word not in months]
    choices = [_choices(equation.terms, held, word) for word in free]
    for chosen in product(*choices):
        bound = months | dict(zip(free, chosen, strict=True))
        for department in sorted({key[1] for key in held}):
            places = []
            for term in equation.terms:
                row, column, layer = (_filled(getattr(term, key), bound) for key in KEYS)
                place = held.get((term.table, department, row, column, layer))
                if place is None:
                    break
                places.append((place, term.sign))
            else:
                yield department, places


def _word(text: str) -> str:
    found = PLACEHOLDER.match(text)
    return found.group(1) if found else ""


def _filled(text: str, bound: Mapping[str, str]) -> str:
    word = _word(text)
    return bound[word] if word else text


def _choices(terms: Sequence[Figure], held: Mapping[tuple[str, str, str, str, str], int], word: str) -> list[str]:
    """Everything that a free word may stand for: what the first term that has it holds."""
    for term in terms:
        for at, key in enumerate(KEYS):
            if _word(getattr(term, key)) == word:
                return sorted({keys[2 + at] for keys in held if keys[0] == term.table})
    return []
