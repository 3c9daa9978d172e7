"""What only the files together can say: whose numbers agree, which units exist, whose delivery it is."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pandas as pd

from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.draft import Entry
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.matching import LEAST, Pick, personnummer, scores
from analysis.extracts.proposing.valuemaps import writable
from analysis.tables.clean import TABLES

AGREE = 0.5
"""Share of a file's values that must be found elsewhere for two columns to hold the same keys."""
BETTER = 0.3
"""How much better than the first choice another column must agree to replace it."""


def _values(found: Found, position: int, *, number: bool) -> set[str]:
    cells = {str(each).strip().casefold() for each in found.sheet.frame.iloc[:, position].unique()}
    if number:  # ten and twelve digits, with and without sign
        cells = {re.sub(r"^(?:19|20)(\d{10})$", r"\1", re.sub(r"[-+\s]", "", each)) for each in cells}
    return cells - {""}


def _agreement(mine: set[str], other: set[str]) -> float:
    """Share of the smaller set found in the larger."""
    return len(mine & other) / min(len(mine), len(other)) if mine and other else 0.0


def choose_persons(founds: list[Found]) -> list[Notice]:
    """Where a file has several numbers of a person, take the one the other files use; say so."""
    notices: list[Notice] = []
    about = [found for found in founds if found.match and "person" in found.match.picks]
    keys = {
        id(found): _values(found, found.match.picks["person"].position, number=True) for found in about if found.match
    }
    for found in about:
        assert found.match is not None
        chosen = found.match.picks["person"]
        grid = scores(found.match.table, found.sheet)["person"]
        taken = {pick.position for name, pick in found.match.picks.items() if name not in ("person", "employment")}
        options = [int(place) for place in grid.index if grid[place] >= LEAST and int(place) not in taken]
        others = [keys[id(each)] for each in about if each is not found]
        if len(options) < 2 or not others:
            continue
        agree = {
            place: sum(_agreement(_values(found, place, number=True), other) for other in others) / len(others)
            for place in options
        }
        best = max(agree, key=lambda place: agree[place])
        if best != chosen.position and agree[best] > agree.get(chosen.position, 0.0) + BETTER:
            headers = found.sheet.headers
            for name in [name for name, pick in found.match.picks.items() if pick.position == best]:
                del found.match.picks[name]
            found.match.picks["person"] = Pick(best, round(min(1.0, 0.5 + agree[best] / 2), 2))
            keys[id(found)] = _values(found, best, number=True)
            notices.append(
                Notice(
                    sv=f"{found.label}: '{headers[best]}' blev person i stället för '{headers[chosen.position]}', "
                    "eftersom de andra filerna har det numret.",
                    en=f"{found.label}: '{headers[best]}' became person instead of '{headers[chosen.position]}', "
                    "since the other files hold that number.",
                )
            )
    return notices + _strangers(about, keys)


def _strangers(about: list[Found], keys: dict[int, set[str]]) -> list[Notice]:
    base = [found for found in about if found.match and found.match.table in ("employments", "snapshots")]
    if not base:
        return []
    employed = set().union(*(keys[id(found)] for found in base))
    notices = []
    for found in about:
        if found in base or not keys[id(found)]:
            continue
        share = len(keys[id(found)] & employed) / len(keys[id(found)])
        if share < AGREE:
            notices.append(
                Notice(
                    sv=f"{found.label}: bara {share:.0%} av personerna finns i {base[0].label}; "
                    "är det samma slags nummer?",
                    en=f"{found.label}: only {share:.0%} of the persons are in {base[0].label}; "
                    "is it the same kind of number?",
                )
            )
    return notices


def settle_personnummer(founds: list[Found]) -> list[Notice]:
    """A column called personnummer that does not hold any is said."""
    notices = []
    for found in founds:
        pick = found.match.picks.get("person") if found.match else None
        if pick is None:
            continue
        header, traits = found.sheet.headers[pick.position], found.sheet.traits[pick.position]
        # a Swedish personalnummer is the employer's own number; a personal number in English is not
        called = re.search(r"person[ -]?(nr|nummer)|personal[ -]?(number|identity)|^pnr|persnr", header, re.I)
        if called and not personnummer(traits):
            notices.append(
                Notice(
                    sv=f"{found.label}: '{header}' heter som ett personnummer men bara {traits.valid_personal:.0%} av "
                    "cellerna är giltiga; personnummer = true skrevs inte.",
                    en=f"{found.label}: '{header}' is called a personal number but only {traits.valid_personal:.0%} of "
                    "the cells are valid; personnummer = true was not written.",
                )
            )
    return notices


def organisation(founds: list[Found]) -> pd.DataFrame:
    """Units of the delivery: ``unit``, ``name``, ``level``, ``parent`` as text; no rows without such a file."""
    parts = []
    for found in founds:
        if found.match and found.match.table == "organisation" and {"unit", "name"} <= found.match.picks.keys():
            picks = found.match.picks
            parts.append(
                pd.DataFrame(
                    {
                        name: found.sheet.frame.iloc[:, picks[name].position].astype("str").str.strip()
                        if name in picks
                        else ""
                        for name in ("unit", "name", "level", "parent")
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["unit", "name", "level", "parent"])


def choose_units(founds: list[Found], units: pd.DataFrame) -> None:
    """Let ``unit`` and ``department`` be the column whose values the organisation knows."""
    known = {each.casefold() for each in units["unit"]}
    if not known:
        return
    for found in founds:
        if not found.match or found.match.table == "organisation":
            continue
        for name in ("unit", "department"):
            if name not in TABLES[found.match.table]:
                continue
            used = {pick.position for each, pick in found.match.picks.items() if each not in (name, "unit_name")}
            share = {
                place: _inside(_values(found, place, number=False), known)
                for place in range(len(found.sheet.headers))
                if place not in used
            }
            best = max(share, key=lambda place: share[place], default=None)
            chosen = found.match.picks.get(name)
            now = share.get(chosen.position, 0.0) if chosen else 0.0
            if best is not None and share[best] >= 0.8 and share[best] > now + BETTER:
                for each in [each for each, pick in found.match.picks.items() if pick.position == best]:
                    del found.match.picks[each]
                found.match.picks[name] = Pick(best, round(share[best], 2))
                found.match.missing = [each for each in found.match.missing if each != name]


def _inside(mine: set[str], known: set[str]) -> float:
    return len(mine & known) / len(mine) if mine else 0.0


def unit_names(entry: Entry, name: str, units: pd.DataFrame) -> tuple[dict[str, str], list[str]]:
    """Name of a unit → its key, where the column ``name`` holds names and not keys; and names of several units."""
    mine: set[str] = set()
    for member in entry.members:
        pick = member.match.picks.get(name) if member.match else None
        if pick is not None:
            mine |= _values(member, pick.position, number=False)
    keys = {each.casefold() for each in units["unit"]}
    if not mine or _inside(mine, keys) >= AGREE:
        return {}, []
    folded = units.assign(folded=units["name"].str.casefold())
    hits = folded[folded["folded"].isin(mine)]
    counts = hits.groupby("folded")["unit"].nunique()
    single = hits[hits["folded"].map(counts) == 1].drop_duplicates("folded")
    names = {str(row.name_): str(row.unit) for row in single.rename(columns={"name": "name_"}).itertuples()}
    double = sorted(hits.loc[hits["folded"].map(counts) > 1, "name"].unique())
    return {each: key for each, key in names.items() if writable(each)}, [each for each in double if writable(each)]


def municipality(units: pd.DataFrame) -> str:
    """The name of the only unit without a parent; "" where that is not one."""
    roots = units[units["parent"] == ""] if len(units) and (units["parent"] != "").any() else units.iloc[:0]
    names = roots["name"].unique()
    return str(names[0]) if len(names) == 1 else ""


def reporting_level(entries: list[Entry], units: pd.DataFrame) -> tuple[str, list[str]]:
    """The level that other files name departments on, and every level from the top."""
    levels = units.loc[units["level"] != "", "level"]
    order = [str(each) for each in levels.value_counts(ascending=True).index]
    level_of = dict(zip(units["unit"].str.casefold(), units["level"], strict=True))
    level_of |= dict(zip(units["name"].str.casefold(), units["level"], strict=True))
    found: Counter[str] = Counter()
    for entry in entries:
        for member in entry.members:
            pick = member.match.picks.get("department") if member.match else None
            if pick is not None:
                found.update(
                    level_of[each] for each in _values(member, pick.position, number=False) if each in level_of
                )
    best = found.most_common(1)
    return (best[0][0] if best and best[0][1] >= 0.8 * found.total() else "", order)


def extraction(founds: list[Found]) -> tuple[date, Found] | None:
    """The latest day of extraction that a file states above its header."""
    dated = [(found.extracted, found) for found in founds if found.extracted]
    return max(dated, key=lambda each: each[0]) if dated else None
