"""Reasons for leaving that stand in the file of employments: one file feeds two tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.content import look_at
from analysis.extracts.proposing.draft import Entry
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.matching import KNOWN_WORD, LEAST, Match, Pick, scores
from analysis.extracts.proposing.words import column_words, header_likeness

IN_POST = r"^\W*$|^(null|none|nan|n/a)$|\b1900\b|1900-?0?1|9999"
"""Ends that mean that nothing has ended: empty, a word for nothing, the first or the last day that systems know."""
NO_REASON = r"^\W*$|^(null|none|nan)$|^n/?a\b|not applicable|still employed|stillemployed|^active$|^aktiv$"
"""Reasons that say that nobody left."""
EXCLUDE = (
    {
        "rule": "in_post",
        "column": "date",
        "matches": IN_POST,
        "why": "raden har inget slutdatum: ingen har slutat",
        "why_en": "the row has no end date: nobody has left",
    },
    {
        "rule": "no_reason",
        "column": "cause",
        "matches": NO_REASON,
        "why": "raden har ingen avgångsorsak: en period som slutat, ingen avgång",
        "why_en": "the row has no reason for leaving: a period that ended, no exit",
    },
)


def reasons_in_employments(founds: list[Found], *, today: date) -> tuple[list[Found], list[Notice]]:
    """The exits in files of employments or yearly lists that have a column of reasons and one of end dates.

    Args:
        founds: What the files are, decided.
        today: Reference date of centuries.

    Returns:
        One further table per such file, holding only the rows of those who left, and what must be said: that a file
        feeds two tables, or why its reasons cannot be used.
    """
    more, notices = [], []
    own = [found.label for found in founds if found.match and found.match.table == "exits"]
    for found in founds:
        if not found.match or found.match.table not in ("employments", "snapshots"):
            continue
        grid = scores("exits", found.sheet)
        taken = {pick.position for pick in found.match.picks.values()}
        called = [header_likeness(header, column_words("exits")["cause"]) for header in found.sheet.headers]
        cause = _best(grid["cause"].to_numpy() * (np.asarray(called) >= KNOWN_WORD), taken)
        if cause is None:
            continue
        end = found.match.picks.get("end")
        when = end.position if end else _best(grid["date"].to_numpy(), taken | {cause.position})
        when = when.position if isinstance(when, Pick) else when
        lacks = _lacks(found, when, own)
        header = found.sheet.headers[cause.position].strip()
        if lacks:
            notices.append(
                Notice(
                    sv=f"{found.label}: '{header}' ser ut som avgångsorsaker men används inte, för {lacks.sv}.",
                    en=f"{found.label}: '{header}' looks like reasons for leaving but is not used, for {lacks}.",
                )
            )
            continue
        assert when is not None
        exits = _leavers(found, when, cause, today)
        if not len(exits.sheet.frame):
            continue
        more.append(exits)
        notices.append(
            Notice(
                sv=f"{found.label}: avgångar (exits) läses ur samma fil, av '{header}' och "
                f"'{found.sheet.headers[when].strip()}'; rader utan slutdatum eller orsak räknas inte som avgångar.",
                en=f"{found.label}: exits are read from the same file, from '{header}' and "
                f"'{found.sheet.headers[when].strip()}'; rows without an end date or a reason are no exits.",
            )
        )
    return more, notices


def leave_out(entry: Entry) -> None:
    """The rules that leave out the rows of those who are in post."""
    if entry.table == "exits" and all(member.again for member in entry.members):
        entry.exclude += [dict(rule) for rule in EXCLUDE]


def _best(column: np.ndarray, taken: set[int]) -> Pick | None:
    scored = [(float(score), place) for place, score in enumerate(column) if place not in taken]
    score, place = max(scored, default=(0.0, -1))
    return Pick(place, round(score, 2)) if score >= LEAST else None


def _lacks(found: Found, when: int | None, own: list[str]) -> Notice | None:
    assert found.match is not None
    if own:
        return Notice(sv=f"{own[0]} har avgångarna", en=f"{own[0]} holds the exits")
    if "person" not in found.match.picks:
        return Notice(sv="ingen kolumn håller isär personer", en="no column tells persons apart")
    if when is None:
        return Notice(
            sv="inget slutdatum säger när någon slutade; ta med det", en="no end date says when somebody left; add it"
        )
    return None


def _leavers(found: Found, when: int, cause: Pick, today: date) -> Found:
    assert found.match is not None
    frame = found.sheet.frame
    ends, reasons = (frame.iloc[:, place].astype("str").str.strip().str.casefold() for place in (when, cause.position))
    left = ~ends.str.contains(_plain(IN_POST), regex=True) & ~reasons.str.contains(_plain(NO_REASON), regex=True)
    rows = frame[left.to_numpy(dtype=bool)]
    traits = list(found.sheet.traits)
    for place in (when, cause.position):
        traits[place] = look_at(rows.iloc[:, place], today=today)
    sheet = replace(found.sheet, frame=rows, traits=traits)
    grid = scores("exits", sheet)  # the words of those in post no longer hide what the others mean
    picks = {"person": found.match.picks["person"]}
    picks |= {
        name: Pick(place, round(float(grid[name].iloc[place]), 2))
        for name, place in (("date", when), ("cause", cause.position))
    }
    return replace(
        found,
        sheet=sheet,
        match=Match("exits", min(found.match.confidence, *(pick.confidence for pick in picks.values())), picks),
        again=True,
    )


def _plain(pattern: str) -> str:
    """Without groups that capture: pandas warns of them."""
    return pattern.replace("(", "(?:")
