"""The publishing plan: the tables that an edition consists of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict


class PlannedTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    sensitivity: str
    rule: str
    lines: tuple[str, ...] = ()
    zeros: str = "shown"
    full: str = ""
    published_as: str = ""
    group_at_least: str = ""
    halves: tuple[tuple[str, ...], ...] = ()
    halves_of_whole: tuple[tuple[str, ...], ...] = ()
    sums: tuple[tuple[str, ...], ...] = ()
    together: bool = False
    apart: tuple[str, ...] = ()
    low_rows: tuple[str, ...] = ()
    open_columns: tuple[str, ...] = ()


class PublishingPlan(dict[str, Any]):
    @classmethod
    def of(cls, entries: Iterable[PlannedTable]) -> PublishingPlan:
        return cls({e.id: e for e in entries})
