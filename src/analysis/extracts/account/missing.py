"""What a delivery lacks, what is lost by it, and which parts an edition will have (``reference/data/missing.toml``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analysis.extracts.account.notices import Notice
from analysis.extracts.delivery import Delivery
from analysis.reference import load


@dataclass(frozen=True)
class Loss:
    """A table (``columns`` is empty) or columns that are missing or empty throughout, and what is lost without them."""

    table: str
    columns: tuple[str, ...]
    lost: Notice

    @property
    def names(self) -> list[str]:
        """The table, or each column with its table in front."""
        return [f"{self.table}.{column}" for column in self.columns] or [self.table]


@dataclass(frozen=True)
class Part:
    """A part of an edition; ``why`` says what it waits for, "" where it will be there."""

    id: str
    name: Notice
    why: Notice | None = None


def losses(delivery: Delivery) -> list[Loss]:
    """Tables and columns that are missing or empty. Of employments and yearly lists one is enough."""
    absent = {entry["table"] for entry in load("missing")["table"] if not delivery.tables.rows(entry["table"])}
    passed = {"snapshots"} if delivery.tables.rows("employments") else set()
    found = [
        Loss(entry["table"], (), _notice(entry))
        for entry in load("missing")["table"]
        if entry["table"] in absent - passed
    ]
    for entry in load("missing")["column"]:
        table, columns = entry["table"], tuple(entry["columns"])
        if delivery.tables.rows(table) and table not in passed and not any(_filled(delivery, table, columns)):
            found.append(Loss(table, columns, _notice(entry)))
    return found


class Awaits(Protocol):
    """What says which parts wait for history (``workforce.awaited``)."""

    def why(self, part: str) -> Notice | None:
        """What a part waits for; None where it is there."""


def parts(delivery: Delivery, awaits: Awaits | None = None) -> list[Part]:
    """Which parts an edition of this delivery will have, and what the others wait for.

    Args:
        delivery: What was read.
        awaits: What the parts that rest on history wait for; without it nothing is said of them.
    """
    found = []
    for entry in load("missing")["part"]:
        name, why = _notice(entry), None
        pairs = [each.split(".") for each in entry.get("any", [])]
        lacking = [table for table in entry.get("tables", []) if not delivery.tables.rows(table)]
        if lacking:
            why = Notice(sv=f"tabellen {lacking[0]} saknas", en=f"the table {lacking[0]} is missing")
        elif pairs and not any(any(_filled(delivery, table, (column,))) for table, column in pairs):
            wanted = [".".join(pair) for pair in pairs]
            why = Notice(sv=f"{' eller '.join(wanted)} saknas", en=f"{' or '.join(wanted)} is missing")
        elif "windows" in entry:
            if awaits is None:
                continue
            why = awaits.why(entry["id"])
        found.append(Part(entry["id"], name, why))
    return found


def lines(delivery: Delivery, language: str, awaits: Awaits | None = None) -> tuple[list[str], list[str]]:
    """What is lost, and which parts there will be, as lines of text."""
    lost = [f"  – {each.lost.text(language)}" for each in losses(delivery)]
    will, waits = ("Med", "Utan") if language == "sv" else ("With", "Without")
    every = parts(delivery, awaits)
    there = [each.name.text(language) for each in every if each.why is None]
    shown = [f"  {will}: {', '.join(there)}."] if there else []
    shown += [f"  {waits}: {each.name.text(language)} ({each.why.text(language)})." for each in every if each.why]
    return lost, shown


def _filled(delivery: Delivery, table: str, columns: Sequence[str]) -> list[bool]:
    if not delivery.tables.rows(table):
        return [False]
    found = []
    for column in columns:
        frames = delivery.tables.frames(table, [column])
        told = (frame[column].notna() & (frame[column].astype("str") != "unknown") for frame in frames)
        found.append(any(bool(each.any()) for each in told))
    return found


def _notice(entry: dict[str, str]) -> Notice:
    return Notice(sv=entry["sv"], en=entry["en"])
