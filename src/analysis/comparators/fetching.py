"""What ``analysis fetch`` does: ask, write one file, say what was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.comparators import fetched, kolada, pxweb
from analysis.comparators.client import Client, cache_folder
from analysis.errors import InputError
from analysis.reference import load
from analysis.settings import Comparators


def client(*, refresh: bool = False) -> Client:
    """The client of a person at work: today's date, the user's cache."""
    days = 0 if refresh else Client.max_age
    return Client(cache_folder(), datetime.now(UTC).date(), max_age=days)


def years(text: str) -> list[int]:
    """``2015-2024`` or ``2015,2018`` as years.

    Raises:
        InputError: something else, or years that cannot be.
    """
    found: list[int] = []
    for word in text.split(","):
        span = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", word)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, -1)
        if span is None or not 1950 <= first <= last <= 2150:
            raise InputError(f"{text!r} is not a year or a row of years; write 2024 or 2015-2024")
        found += range(first, last + 1)
    return sorted(set(found))


def from_kolada(
    asker: Client, settings: Comparators, *, kpis: Sequence[str], areas: Sequence[str], year: str, out: Path
) -> str:
    """Fetch Kolada's values into ``out`` and return what to tell the person.

    Raises:
        InputError: see ``kolada.values``.
    """
    found = kolada.values(asker, settings.kolada, kpis=kpis, areas=areas, years=years(year))
    fetched.write(found, out)
    lacking = sorted(set(kpis) - set(found.loc[found["value"].notna(), "measure"]))
    told = [f"{len(found)} values of {found['measure'].nunique()} indicators written to {out} (source: Kolada)."]
    if lacking:
        told.append(f"Kolada has no values of {', '.join(lacking)} for these municipalities and years.")
    told += _old(asker)
    told.append(f'Name the file under [comparators] in analysis.toml to use it: files = ["{out.as_posix()}"]')
    return "\n".join(told)


def from_pxweb(
    asker: Client,
    settings: Comparators,
    *,
    table: str,
    selections: Sequence[str],
    region: Sequence[str],
    year: str,
    out: Path,
) -> str:
    """Fetch a PXWeb table, by its address or by the id of a preset, into ``out`` and return what to tell the person.

    Raises:
        InputError: an unknown preset or a selection without ``=``; see ``pxweb.table``.
    """
    wanted = dict(_selection(text) for text in selections)
    preset = next((entry for entry in load("comparators")["pxweb"] if entry["id"] == table), None)
    if preset is None and "://" not in table:
        known = ", ".join(entry["id"] for entry in load("comparators")["pxweb"])
        raise InputError(f"there is no preset {table!r}; choose {known} or give the address of a table")
    if preset is None:
        found = pxweb.table(asker, table, wanted)
    else:
        if not region:
            raise InputError(f"the preset {table} needs --municipality; write its code, for instance 0580")
        wanted = {**preset["select"], preset["region"]: list(region), **wanted}
        if year:
            wanted[preset["year"]] = [str(number) for number in years(year)]
        found = _renamed(pxweb.table(asker, f"{settings.pxweb.rstrip('/')}/{preset['path']}", wanted), preset)
    fetched.write(found, out)
    updated = found["updated"].iloc[0]
    vintage = f"the service's version of {updated}" if updated else "no version stated"
    return "\n".join([f"{len(found)} rows written to {out} ({vintage}).", *_old(asker)])


def _selection(text: str) -> tuple[str, list[str]]:
    code, mark, values = text.partition("=")
    if not mark or not code or not values:
        raise InputError(f"{text!r} selects nothing; write VARIABLE=VALUE,VALUE, for instance Region=0580")
    return code, values.split(",")


def _renamed(found: pd.DataFrame, preset: dict[str, dict[str, str]]) -> pd.DataFrame:
    """A preset's columns under the names of the clean tables; values that it maps are put in its own words."""
    found = found.rename(columns=preset["columns"])
    for column, words in preset.get("values", {}).items():
        found[column] = found[column].replace(words)
    return found[[*preset["columns"].values(), "status", "updated", "fetched"]]


def _old(asker: Client) -> list[str]:
    if not asker.old:
        return []
    return [f"The service could not be reached; answers kept from {', '.join(sorted(asker.old))} were used."]
