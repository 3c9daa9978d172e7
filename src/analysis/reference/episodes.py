"""The rules that make employments one history: the policy's defaults, and what a delivery says instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.errors import InputError
from analysis.reference import episode_rules


@dataclass(frozen=True)
class Transfer:
    """An undertaking taken over (``in``) or handed over (``out``): the new employer's first day, and its units.

    ``both``: employments that end and begin at most ``days`` from the day are the same ones, under a new pay system,
    new numbers or a new employer; no units = all of them (``[[transfer]]`` of delivery.toml).
    """

    day: date
    units: tuple[str, ...]
    direction: str
    days: int = 0


@dataclass(frozen=True)
class Rules:
    """The values in force; ``changed`` names those that are not the policy's."""

    gap_days: int
    conversion: bool
    internal_move: str
    exit_match_days: int
    hourly_days: int
    secondment: bool
    transfers: tuple[Transfer, ...] = ()
    changed: tuple[str, ...] = ()

    @classmethod
    def of(cls, stated: Mapping[str, Any] | None = None) -> Rules:
        """The policy's defaults with what a delivery states instead.

        Args:
            stated: rule id → value as under ``[episodes]`` of delivery.toml; ``transfers`` is a list of records
                with date, units and direction (``in`` or ``out``).

        Raises:
            InputError: a rule is unknown or fixed, or its value is not of its kind.
        """
        policy = episode_rules()
        values = {key: entry["value"] for key, entry in policy.items() if not entry["fixed"]}
        mine = dict(stated or {})
        listed = mine.pop("transfers", [])
        if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
            raise InputError("[episodes] transfers is no list of records; write [[episodes.transfers]] for each")
        transfers = tuple(_transfer(entry) for entry in listed)
        for key, value in mine.items():
            values[key] = _checked(policy, key, value)
        changed = tuple(key for key in values if values[key] != policy[key]["value"])
        return cls(**values, transfers=transfers, changed=(*changed, *(("transfers",) if transfers else ())))

    def record(self) -> dict[str, Any]:
        """What differs from the policy, as plain data for the passport; empty where nothing does."""
        found = {key: getattr(self, key) for key in self.changed if key != "transfers"}
        if self.transfers:
            found["transfers"] = [
                {"date": each.day.isoformat(), "units": list(each.units), "direction": each.direction}
                | ({"days": each.days} if each.direction == "both" else {})
                for each in self.transfers
            ]
        return found


def with_keys(stated: Mapping[str, Any], key_of: Callable[[str], str]) -> dict[str, Any]:
    """What a delivery states, with the keys of the units that its transfers name by the employer's codes."""
    found = dict(stated)
    if "transfers" in found:
        found["transfers"] = [
            {**entry, "units": [key_of(str(unit)) for unit in entry.get("units", ())]} for entry in found["transfers"]
        ]
    return found


def _checked(policy: Mapping[str, Mapping[str, Any]], key: str, value: Any) -> Any:
    entry = policy.get(key)
    if entry is None or entry["fixed"]:
        free = ", ".join(name for name, each in policy.items() if not each["fixed"])
        raise InputError(f"[episodes] {key} cannot be set; the rules to set are {free} and transfers")
    default = entry["value"]
    if type(value) is not type(default):
        kind = {bool: "true or false", int: "a whole number of days", str: "a word"}[type(default)]
        raise InputError(f"[episodes] {key} is {value!r}; write {kind}")
    if entry["choices"] and value not in entry["choices"]:
        raise InputError(f"[episodes] {key} is {value!r}; choose {' or '.join(entry['choices'])}")
    if isinstance(value, int) and entry["high"] is not None and not entry["low"] <= value <= entry["high"]:
        raise InputError(f"[episodes] {key} is {value}; write {entry['low']} to {entry['high']}")
    return value


LONGEST = 31
"""Most days that a transfer may lie from the ends and beginnings it explains."""


def _transfer(entry: Mapping[str, Any]) -> Transfer:
    both = entry.get("direction") == "both"
    fields = {"date", "units", "direction"} | ({"days"} if both else set())
    if entry.keys() != fields:
        wrong = sorted(entry.keys() ^ fields)[0]
        raise InputError(f"[[episodes.transfers]] {wrong}: each one has a date, units and a direction, and no more")
    if entry["direction"] not in ("in", "out", "both"):
        raise InputError(f"[[episodes.transfers]] direction is {entry['direction']!r}; choose in or out")
    try:
        day = date.fromisoformat(str(entry["date"]))
    except ValueError:
        named = "[[transfer]]" if both else "[[episodes.transfers]]"
        raise InputError(f"{named} date {entry['date']!r} is no day; write 2024-07-01") from None
    days = entry.get("days", 0)
    if type(days) is not int or not 0 <= days <= LONGEST:
        raise InputError(f"[[transfer]] days is {days!r}; write a whole number of days, 0 to {LONGEST}")
    units = [entry["units"]] if isinstance(entry["units"], str) else entry["units"]
    if not isinstance(units, list) or not (units or both):
        raise InputError('[[episodes.transfers]] units is no list of unit keys; write units = ["e01"]')
    return Transfer(day, tuple(str(unit) for unit in units), entry["direction"], days)


def declared(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A ``[[transfer]]`` of delivery.toml as one of ``[[episodes.transfers]]``.

    Raises:
        InputError: it has no date, or says something that a transfer does not have.
    """
    if "date" not in entry:
        raise InputError("[[transfer]] has no date; write the last day before it or the first day after it")
    unknown = sorted(entry.keys() - {"date", "units", "days", "why"})
    if unknown:
        raise InputError(
            f"[[transfer]] {unknown[0]} is not known; a transfer has date, and may have units, days and why"
        )
    given = {"date": str(entry["date"]), "units": entry.get("units", []), "days": entry.get("days", DAYS)}
    return given | {"direction": "both"}


DAYS = 3
"""Days around a transfer where the delivery does not say: over a weekend or New Year's Day."""
