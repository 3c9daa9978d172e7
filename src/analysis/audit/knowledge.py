"""What the attacker knows beside the pages: which tables count persons and what adds up (``knowledge.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Base(_Strict):
    """The figure that a share is per cent of, and how far the true base may lie from it (a share of it)."""

    table: str
    row: str
    column: str
    slack: float = 0.0


class Counted(_Strict):
    """One table whose figures stand for whole numbers of persons."""

    name: str
    kind: Literal["count", "share", "ratio"]
    sensitivity: str
    zeros: bool = False
    total: str = ""
    departments: bool = False
    rows: tuple[str, ...] = ()
    rows_of: str = ""
    columns: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    low_rows: tuple[str, ...] = ()
    base: Base | None = None
    all_rows: bool = False
    """Whether the rows together are everyone in the base."""
    groups: tuple[tuple[str, ...], ...] = ()
    """A row, and the rows that add up to it."""


class Known(_Strict):
    """Terms (``table/row/column[/layer]``, with a minus where one is taken away) that leave no fewer than nobody."""

    name: str
    terms: tuple[str, ...]
    sensitivity: str = ""
    """Whose threshold holds for what is left; '' where it is no secret."""
    equal: bool = False
    """Nothing is left: the terms are one figure under two names."""


class Parts(_Strict):
    """A table that splits what a figure changed by: its rows, of which ``parts`` add up to ``now`` less ``before``."""

    table: str
    parts: tuple[str, ...]
    guarded: tuple[str, ...]
    """Parts that are a secret where few persons came or went with them."""
    never_few: tuple[str, ...]
    """Those of them that are not shown either where they change a figure by a few."""
    other: str
    before: str
    now: str
    sensitivity: str


class Knowledge(_Strict):
    """All of it."""

    table: tuple[Counted, ...]
    equation: tuple[Known, ...]
    change: tuple[Parts, ...] = ()


@cache
def knowledge() -> Knowledge:
    """What the shipped attacker knows."""
    text = (Path(__file__).with_name("knowledge.toml")).read_text(encoding="utf-8")
    return Knowledge.model_validate(tomllib.loads(text))
