"""What a delivery lacks, what is lost by it, and which parts an edition will have (``reference/data/missing.toml``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.delivery import Delivery
from analysis.extracts.notices import Notice
from analysis.reference import load


@dataclass(frozen=True)
class Loss:
    """A table (``columns`` is empty) or columns that are missing or empty throughout, and what is lost without them."""

    table: str
    columns: tuple[str, ...]
    lost: Notice


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


def parts(delivery: Delivery) -> list[Part]:
    """Which parts an edition of this delivery will have, and what the others wait for."""
    windows, first = closed_windows(delivery)
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
        elif (needed := entry.get("windows", 0)) > windows:
            why = _history(needed, windows, first)
        found.append(Part(entry["id"], name, why))
    return found


def closed_windows(delivery: Delivery) -> tuple[int, pd.Timestamp | None]:
    """Closed years in which leaving was recorded, and the day they count from.

    With employments they count from the first recorded end or exit; with yearly lists alone from the first list.
    """
    tables, extracted = delivery.tables, pd.Timestamp(delivery.manifest.delivery.extracted)
    days = []
    if tables.rows("employments"):
        days = [tables.column("employments", "end")]
        days += [tables.column("exits", "date")] if tables.rows("exits") else []
    elif tables.rows("snapshots"):
        lists = tables.column("snapshots", "snapshot").drop_duplicates()
        if len(lists) > 1:
            years = int((lists.max() - lists.min()).days // 365)
            return years, lists.min()
        return 0, lists.min()
    past = pd.concat(days) if days else pd.Series(dtype="datetime64[us]")
    first = past[past <= extracted].min()
    return (0, None) if pd.isna(first) else (int((extracted - first).days // 365), first)


def _history(needed: int, windows: int, first: pd.Timestamp | None) -> Notice:
    if first is None:
        return Notice(
            sv="ingen har slutat i leveransen; väntar på ett år efter den första avgången",
            en="nobody has left in the delivery; waits for a year after the first exit",
        )
    day = (first + pd.DateOffset(years=needed, days=1)).date()
    return Notice(
        sv=f"{windows} av {needed} hela år med avgångar finns; finns från {day}",
        en=f"{windows} of {needed} whole years with exits are there; will be there from {day}",
    )


def lines(delivery: Delivery, language: str) -> tuple[list[str], list[str]]:
    """What is lost, and which parts there will be, as lines of text."""
    lost = [f"  – {each.lost.text(language)}" for each in losses(delivery)]
    will, waits = ("Med", "Utan") if language == "sv" else ("With", "Without")
    every = parts(delivery)
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
