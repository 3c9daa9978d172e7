"""The reader's choice: the gap under the reference path, the named scenarios and each lever alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.publishing.objects.atoms import Month, Term, composite
from analysis.publishing.objects.rows import Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.tables.protected import Cell


@composite
@dataclass(frozen=True)
class Choice(Row):
    """A path: what it is called, whether several levers work together in it, and its gap year by year."""

    name: Any
    together: bool
    cells: tuple[Cell, ...]


@shown_as("what_if")
class WhatIf(Shown):
    """Paths beside each other, the reference path first; ``months``: when each column's year ends."""

    months: tuple[Month, ...]
    choices: tuple[Choice, ...]
    notes: tuple[Term, ...] = ()
