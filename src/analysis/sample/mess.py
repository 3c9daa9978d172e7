"""The errors that real files have, each one remembered: what, in which row, and what ought to happen to it.

Wrong rows are added beside the right ones rather than put in their place, so that the truth about the
municipality stays readable; only what a reader must survive (blank reasons, odd open ends, trailing blanks)
changes good rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]
Values = Callable[[pd.DataFrame], Any]

HIDDEN = ["_kind", "_expected", "_order"]
EXPECTED = ("quarantined", "merged", "corrected", "excluded", "warning")
# file: kind, share of the rows, what ought to happen, and the new values (None: an exact copy)
ADDED: dict[str, list[tuple[str, float, str, dict[str, Any]]]] = {
    "employments": [
        ("exact_duplicate", 0.0010, "merged", {}),
        ("impossible_date", 0.0004, "quarantined", {"Fr o m": "2023-02-31"}),
        ("birth_in_future", 0.0003, "quarantined", {"Födelsedatum": "2031-05-14"}),
        ("unknown_form", 0.0004, "quarantined", {"Anställningsform": "Kod 77"}),
        ("unknown_unit", 0.0004, "quarantined", {"Enhetskod": "e9999"}),
        ("rate_per_mille", 0.0004, "quarantined", {"Sysselsättningsgrad %": 750.0}),
    ],
    "exits": [
        ("exact_duplicate", 0.003, "merged", {}),
        ("impossible_date", 0.001, "quarantined", {"Sista anställningsdag": "20230231"}),
        ("unknown_reason", 0.001, "warning", {"Avgångsorsak": "Kod 99"}),
        ("unknown_person", 0.001, "warning", {"Anst.nr": "000000"}),
    ],
    "hours": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("hours_above_400", 0.004, "quarantined", {"Arbetade timmar": 1620.0}),
        ("impossible_month", 0.001, "quarantined", {"Månad": "202513"}),
    ],
    "absences": [
        ("exact_duplicate", 0.0005, "merged", {}),
        ("more_sick_than_ordinary", 0.0005, "quarantined", {"Sjuktid": 399.0}),
        ("hours_above_400", 0.0003, "quarantined", {"Ordinarie tid": 1650.0}),
    ],
    "qualifications": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("impossible_date", 0.001, "quarantined", {"Gäller från": "20230231"}),
    ],
    "certificates": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("impossible_date", 0.001, "quarantined", {"Giltigt till": "2026-02-30"}),
    ],
    "competence": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("step_zero", 0.002, "quarantined", {"Steg": 0}),
    ],
    "competences": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("unreadable_answer", 0.002, "quarantined", {"Har kompetensen": "delvis"}),
    ],
    "requirements": [
        ("exact_duplicate", 0.01, "merged", {}),
        ("unknown_competence", 0.01, "quarantined", {"Krav": "Kompetens 99"}),
        ("step_outside_ladder", 0.01, "quarantined", {"Krav": "Kompetenstrappa IT", "Lägsta steg": 8}),
        ("share_in_per_cent", 0.01, "quarantined", {"Andel": 80.0}),
    ],
    "training": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("unknown_status", 0.001, "quarantined", {"Status": "Kod 5"}),
    ],
    "managers": [
        ("exact_duplicate", 0.004, "merged", {}),
        ("unknown_unit", 0.002, "quarantined", {"Enhet": "e9999"}),
    ],
    "vacancies": [
        ("unknown_department", 0.002, "quarantined", {"Avdelning": "Parkförvaltningen"}),
        ("negative_posts", 0.001, "quarantined", {"Årsarbetare": -1.0}),
    ],
    "volumes": [("exact_duplicate", 0.003, "merged", {})],
    "survey": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("mean_above_five", 0.001, "quarantined", {"Medelvärde": 47.0}),
    ],
    "teaching": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("unreadable_answer", 0.001, "quarantined", {"Behörig": "kanske"}),
    ],
    "development_plans": [
        ("exact_duplicate", 0.002, "merged", {}),
        ("impossible_date", 0.001, "quarantined", {"Upprättad eller uppföljd": "2023-02-31"}),
    ],
}


def ready(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with hidden columns for what is planted in each row."""
    return frame.assign(_kind="", _expected="", _order=np.arange(len(frame), dtype=float))


def add(frame: pd.DataFrame, at: Array, kind: str, expected: str, changes: dict[str, Any]) -> pd.DataFrame:
    """Add copies of the rows at positions ``at``, changed, right after them."""
    rows = frame.iloc[at].assign(**changes, _kind=kind, _expected=expected)
    rows["_order"] += 0.5
    return pd.concat([frame, rows.astype(frame.dtypes.to_dict())], ignore_index=True)


def spoil(frame: pd.DataFrame, at: Array, kind: str, expected: str, column: str, value: str | Values) -> pd.DataFrame:
    """Change ``column`` in place in the rows at positions ``at``."""
    frame = frame.copy()
    rows = frame.index[at]
    frame.loc[rows, column] = value(frame.loc[rows]) if callable(value) else value
    frame.loc[rows, ["_kind", "_expected"]] = (kind, expected)
    return frame


def count(share: float, size: int) -> int:
    """How many errors of a kind: at least one, unless the file is so small that one would be too many."""
    return max(round(share * size), 1 if size >= 40 else 0)


def mess(table: str, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Plant the errors of ``table`` in its raw rows; returns rows in file order with the hidden columns."""
    size = len(frame)
    frame = ready(frame)
    free = rng.permutation(size)  # a row gets one error at most
    if table == "employments":
        frame, free = _employments(frame, free, rng)
    if table == "exits":
        with_reason = free[(frame["Avgångsorsak"] != "Timanställning avslutad").to_numpy()[free]]
        blank = with_reason[: round(0.07 * len(with_reason))]
        frame = spoil(frame, blank, "missing_reason", "warning", "Avgångsorsak", "")
        free = np.setdiff1d(free, blank, assume_unique=True)[rng.permutation(size - len(blank))]
    if table == "managers":
        still = free[(frame["T o m"] == "").to_numpy()[free]][: count(0.02, size)]
        frame = spoil(frame, still, "open_end_9999", "corrected", "T o m", "9999-12-31")
        free = free[~np.isin(free, still)]
    used = 0
    for kind, share, expected, changes in ADDED.get(table, []):
        number = count(share, size)
        frame = add(frame, free[used : used + number], kind, expected, changes)
        used += number
    return frame.sort_values("_order", kind="stable", ignore_index=True)


def _employments(frame: pd.DataFrame, free: Array, rng: np.random.Generator) -> tuple[pd.DataFrame, Array]:
    size = len(frame)
    begin = pd.to_datetime(frame["Fr o m"]).to_numpy(dtype="datetime64[D]").astype(int)
    end = pd.to_datetime(frame["T o m"]).to_numpy(dtype="datetime64[D]").astype("datetime64[D]")
    open_end = np.isnat(end)
    length = np.where(open_end, 0, end.astype(np.int64) - begin)

    def take(mask: Array, share: float) -> Array:
        nonlocal free
        chosen = free[mask[free]][: count(share, size)]
        free = free[~np.isin(free, chosen)]
        return chosen

    def later(days: int) -> Values:
        return lambda rows: _shift(rows["Fr o m"], days)

    at = take(open_end, 0.005)
    frame = spoil(frame, at, "open_end_9999", "corrected", "T o m", "9999-12-31")
    at = take(np.ones(size, dtype=bool), 0.003)
    frame = spoil(frame, at, "trailing_blanks", "corrected", "Enhetskod", lambda rows: rows["Enhetskod"] + "   ")
    at = take(length > 200, 0.0006)
    inside = {"Fr o m": later(40), "T o m": lambda rows: _shift(rows["Fr o m"], 60)}
    frame = add(frame, at, "overlap", "merged", inside)
    at = take(length > 60, 0.0004)
    frame = add(frame, at, "end_before_start", "quarantined", {"T o m": later(-30)})
    number = count(0.004, size)
    at = np.sort(rng.choice(size, number, replace=False))
    return add(frame, at, "holiday_worker", "excluded", _holiday_workers(frame, number, rng)), free


def _holiday_workers(frame: pd.DataFrame, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Young people with a summer job: three weeks, paid by the hour, no part of the workforce."""
    year = rng.integers(2018, 2026, number)
    start = [
        f"{y}-{m:02d}-{d:02d}"
        for y, m, d in zip(year, rng.integers(6, 8, number), rng.integers(9, 28, number), strict=True)
    ]
    birth = [
        f"{y - 16}-{m:02d}-{d:02d}"
        for y, m, d in zip(year, rng.integers(1, 13, number), rng.integers(1, 28, number), strict=True)
    ]
    width = frame["Anställningsnr"].str.len().max()
    numbers = [f"F{place:0{width}d}" for place in range(1, number + 1)]
    return {
        "Anställningsnr": numbers,
        "Anställnings-ID": [f"{each}-1" for each in numbers],
        "AID": "",
        "Befattning": "Feriearbetare",
        "Anställningsform": "Timavlönad",
        "Sysselsättningsgrad %": np.nan,
        "Faktisk sysselsättningsgrad %": np.nan,
        "Fr o m": start,
        "T o m": _shift(pd.Series(start), 20).to_list(),
        "Födelsedatum": birth,
        "Heltidslön": pd.NA,
    }


def _shift(text: pd.Series, days: int) -> pd.Series:
    return (pd.to_datetime(text) + pd.Timedelta(days=days)).dt.strftime("%Y-%m-%d")


def planted(frame: pd.DataFrame, *, file: str, first_row: int) -> pd.DataFrame:
    """The planted errors of one file: file, row (1-based line, or sheet row), kind, expected."""
    where = np.flatnonzero((frame["_kind"] != "").to_numpy())
    return pd.DataFrame(
        {
            "file": file,
            "row": where + first_row,
            "kind": frame["_kind"].to_numpy()[where],
            "expected": frame["_expected"].to_numpy()[where],
        }
    )


__all__ = ["ADDED", "EXPECTED", "HIDDEN", "mess", "planted"]
