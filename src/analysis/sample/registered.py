"""The effect ledger of the fictitious municipality: measures that were registered, and what they really do."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.sample.raw import Layout
from analysis.sample.simulate import History
from analysis.sample.town import data

LAYOUTS = {"measures": Layout("atgarder.csv", encoding="utf-8-sig", newline="\r\n", decimal=",")}
HEADERS = {
    "id": "Åtgärds-id", "name": "Åtgärd", "department": "Avdelningar", "occupations": "Yrkesgrupper",
    "start": "Startmånad", "until": "Följs till", "indicator": "Mått", "direction": "Riktning",
    "smallest": "Minsta effekt", "owner": "Ansvarig funktion", "registered": "Anmäld", "belongs": "Hör till",
}  # fmt: skip
DIRECTIONS = {"lower": "Lägre", "higher": "Högre"}
INDICATORS = {
    "leaving_own_request": "Avgångar på egen begäran", "leaving_all": "Avgångar, alla orsaker",
    "sick_leave": "Sjukfrånvaro", "vacancies_open": "Vakanta tjänster", "time_to_fill": "Tid till tillsättning",
}  # fmt: skip
LEAST = 0.5
"""Share of a department's mean size below which it is too small to be looked at for the most leavers."""


def measures(history: History) -> pd.DataFrame:
    """The ledger: a row per measure with what was registered and what is planted.

    A measure for the worst department is left out where the year before its start is not in the history.
    """
    found = []
    for entry in data("measures")["measure"]:
        row: dict[str, Any] = dict.fromkeys(HEADERS, "") | entry
        if entry.get("chosen") == "worst":
            row["department"] = _worst(history, int(entry["start"][:4]) - 1)
            if not row["department"]:
                continue
        found.append(row)
    return pd.DataFrame(found)[[*HEADERS, "planted"]]


def _worst(history: History, year: int) -> str:
    """The department with most leavers on own request per person-year among permanent staff; '' if not known."""
    table = history.tally.frame()
    table = table[(table["year"] == year) & (table["cause"] == "resignation") & (table["form"] == "permanent")]
    apart = {*data("measures")["apart"]}
    table = table[~table["department"].isin(apart)]
    if table.empty:
        return ""
    sums = table.groupby("department")[["events", "exposure"]].sum()
    sums = sums[sums["exposure"] >= LEAST * sums["exposure"].mean()]
    return str((sums["events"] / sums["exposure"]).idxmax())


def raw(table: pd.DataFrame) -> pd.DataFrame:
    """The ledger as HR keeps it."""
    table = table.assign(
        direction=table["direction"].map(DIRECTIONS), indicator=table["indicator"].map(INDICATORS),
        smallest=table["smallest"].astype(float),
    )  # fmt: skip
    return table[list(HEADERS)].rename(columns=HEADERS)


def words() -> dict[str, str]:
    """Lists of ``delivery.toml``: marker → lines of raw value and id."""
    named = {"#indicators": INDICATORS, "#directions": DIRECTIONS}
    return {
        marker: "\n".join(f'"{word}" = "{key}"' for key, word in entries.items()) for marker, entries in named.items()
    }
