"""Layouts that recur everywhere, described as data (``reference/data/profiles``) and recognised by content.

A profile is written out into ``delivery.toml`` like any other proposal: the build reads one file that shows every
mapping, and there is no second place where a layout could change under it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from analysis import reference
from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.content import Traits
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.words import likeness, words

NEARLY_ALL = 0.8
"""Share of cells that must look as described."""
CHECKS = {"personnummer": lambda traits: traits.valid_personal, "aid": lambda traits: traits.aid}


@cache
def profiles() -> tuple[dict[str, Any], ...]:
    """Every shipped profile, in the order of their names."""
    folder = files(reference.__name__).joinpath("data", "profiles")
    names = sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(reference.load(f"profiles/{name}") for name in names)


def places(profile: dict[str, Any], found: Found) -> dict[int, int]:
    """Field of the profile (1-based) → column of the file (0-based), by position, or by header where there is one."""
    sheet = found.sheet
    if not found.layout.header_row:
        place_of = {header: place for place, header in enumerate(sheet.headers)}
        fields = (field["position"] for field in profile["field"])
        return {position: place_of[str(position)] for position in fields if str(position) in place_of}
    folded = [words(header) for header in sheet.headers]
    hits = {}
    for field in profile["field"]:
        known = words(field["name"])
        place = next((place for place, each in enumerate(folded) if likeness(each, known) >= 0.9), None)
        if place is not None:
            hits[field["position"]] = place
    return hits


def recognise(found: Found) -> tuple[dict[str, Any], float] | None:
    """The profile that the file follows, with confidence; None where none does.

    Every described field must look as described in four cells of five; personal numbers and AID codes must also
    be what they look like, and a file with headers must name every field that becomes a column.
    """
    for profile in profiles():
        if len(found.sheet.headers) < profile["fewest_fields"]:
            continue
        at = places(profile, found)
        if any("column" in field and field["position"] not in at for field in profile["field"]):
            continue
        shares = [
            share
            for field in profile["field"]
            if field["position"] in at
            for share in _shares(field, found, at[field["position"]])
        ]
        if shares and min(shares) >= NEARLY_ALL:
            return profile, round(sum(shares) / len(shares), 2)
    return None


def _shares(field: dict[str, Any], found: Found, place: int) -> list[float]:
    cells = found.sheet.frame.iloc[:, place].astype("str").str.strip()
    traits: Traits = found.sheet.traits[place]
    shares = []
    if "looks_like" in field and traits.filled:
        filled = cells[cells != ""]
        shares.append(float(filled.str.fullmatch(field["looks_like"]).mean()))
    if "check" in field:
        shares.append(CHECKS[field["check"]](traits))
    return shares


def profile_entry(members: list[Found], profile: dict[str, Any], confidence: float) -> Entry:
    """The entry that a profile gives, with what a person must decide."""
    entry = Entry(profile["table"], confidence, members)
    found = members[0]
    at = places(profile, found)
    named = {position: found.sheet.headers[place] for position, place in at.items()}
    for field in profile["field"]:
        if field["position"] not in named:
            continue
        what = Notice(sv=f"fält {field['position']}: {field['name']}", en=f"field {field['position']}: {field['name']}")
        if "column" in field:
            sure = 0.5 if "unsure_sv" in field else confidence
            entry.add("columns", Line(field["column"], named[field["position"]], sure, what))
        elif "would_be" in field:
            entry.add("columns", Line(field["would_be"], named[field["position"]], None, what, off=True))
        if "unsure_sv" in field:
            entry.doubts.append(
                Notice(sv=f"{entry.label}: {field['unsure_sv']}.", en=f"{entry.label}: {field['unsure_en']}.")
            )
        if field.get("check") == "personnummer" and field.get("column") == "person":
            entry.settings.append(Line("personnummer", True, confidence))
    year = "{year}" if len(members) > 1 else found.stamp.get("year", "")
    if year:
        ground = Notice(
            sv="novembermätningen, året ur filnamnet", en="the November measurement, the year from the name"
        )
        entry.add("constants", Line("snapshot", f"{year}-{profile['day']}", 0.8, ground))
    else:
        entry.add("constants", Line("snapshot", "", None, Notice(sv="måste anges", en="must be named"), off=True))
        entry.doubts.append(
            Notice(
                sv=f"{entry.label}: filnamnet säger inte vilket års novembermätning det är; skriv snapshot.",
                en=f"{entry.label}: the name does not say which year's November it is; write snapshot.",
            )
        )
    entry.unused = [
        header
        for place, header in enumerate(found.sheet.headers)
        if place not in at.values() and found.layout.header_row
    ]
    entry.doubts.append(
        Notice(
            sv=f"{entry.label}: känd layout ({profile['sv']}); bara offentligt beskrivna fält är tolkade.",
            en=f"{entry.label}: known layout ({profile['en']}); only publicly described fields are interpreted.",
        )
    )
    return entry
