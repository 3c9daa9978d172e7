"""Yearly files of one kind become one entry; how an entry's files are to be read goes into its settings."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from analysis.extracts.account.notices import Notice
from analysis.extracts.manifest import FORMATS
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.matching import TABLE_LEAST, best_tables
from analysis.extracts.proposing.profiles import profile_entry, recognise
from analysis.extracts.rows.structural import TOTALS
from analysis.extracts.values.converting import EMPTY
from analysis.tables.clean import TABLES


def decide_tables(founds: list[Found]) -> None:
    """Set ``match`` and ``nearest`` of every table found: the likeliest table, or None where none is likely enough."""
    kin = Counter(found.skeleton for found in founds if found.stamp)
    for found in founds:
        known = recognise(found)
        if known:
            found.profile = known[0]["id"]
            continue
        family = kin[found.skeleton] > 1
        likely = best_tables(found.sheet, stamp=found.stamp, family=family)
        best = likely[0]
        if family and best.table == "employments" and "end" not in best.picks:
            # nobody ends in it, and there is one for each date: each file is a list of who is in post that day
            lists = (each for each in likely if each.table == "snapshots" and each.confidence >= TABLE_LEAST)
            best = next(lists, best)
        found.nearest = best
        found.match = best if best.confidence >= TABLE_LEAST else None


def families(founds: list[Found]) -> list[Entry]:
    """One entry per file, or per family of files that differ in a date of their name and are laid out alike."""
    groups: defaultdict[tuple[object, ...], list[Found]] = defaultdict(list)
    for place, found in enumerate(founds):
        if not found.match and not found.profile:
            continue
        layout = found.layout
        like = (layout.format, layout.header_row, layout.header_rows, layout.widths, layout.sheet, decimal(found)[0])
        table = found.profile or (found.match.table if found.match else "")
        key = (found.skeleton, table, *like) if found.stamp else (place,)
        groups[key].append(found)
    return [_entry(members) for members in groups.values()]


def _entry(members: list[Found]) -> Entry:
    members = sorted(members, key=lambda found: found.path.name)
    first = members[0]
    if first.profile:
        known = recognise(first)
        assert known is not None
        entry = profile_entry(members, *known)
    else:
        assert first.match is not None
        entry = Entry(first.match.table, min(found.match.confidence for found in members if found.match), members)
    entry.settings = [*reading_lines(entry), *entry.settings]
    for found in members:
        entry.doubts += [
            Notice(sv=f"{found.label}: {doubt.sv}", en=f"{found.label}: {doubt}") for doubt in found.layout.doubts
        ]
    return entry


def decimal(found: Found) -> tuple[str, float | None]:
    """The decimal mark of the mapped numbers and how sure it is; None where no number has one."""
    picks = found.match.picks if found.match else {}
    table = TABLES[found.match.table] if found.match else {}
    shares = [
        found.sheet.traits[pick.position].decimals
        for name, pick in picks.items()
        if table[name].kind in ("number", "integer")
    ]
    point, comma = (sum(each[place] for each in shares) for place in (0, 1))
    if found.layout.format == "xlsx" and not any(each[1] > each[0] for each in shares):
        return ".", None
    if abs(point - comma) < 1e-9:
        return ".", None
    return ("," if comma > point else "."), round(max(point, comma) / len(shares), 2)


def reading_lines(entry: Entry) -> list[Line]:
    """``path`` or ``pattern`` and how the bytes become cells, as far as all members agree."""
    first = entry.members[0]
    layout = first.layout
    sure = layout.confidence
    lines = [_name(entry)]
    if layout.format != FORMATS.get(first.path.suffix.lower(), "csv"):
        lines.append(Line("format", layout.format, sure.get("format")))
    if layout.sheet:
        lines.append(Line("sheet", layout.sheet, sure.get("sheet")))
    if layout.format in ("csv", "fixed") and _agree(entry, "encoding"):
        lines.append(Line("encoding", layout.encoding, sure.get("encoding")))
    if layout.format == "csv" and layout.delimiter and _agree(entry, "delimiter"):
        lines.append(Line("delimiter", layout.delimiter, sure.get("delimiter")))
    if layout.format == "fixed":
        lines.append(Line("widths", list(layout.widths), sure.get("widths")))
    mark, confidence = decimal(first)
    if confidence is not None:
        lines.append(Line("decimal", mark, confidence))
    if layout.header_row != 1:
        lines.append(Line("header_row", layout.header_row, sure.get("header")))
    if layout.header_rows > 1:
        lines.append(Line("header_rows", layout.header_rows, sure.get("header")))
    if layout.first_row != layout.header_row + (layout.header_rows if layout.header_row else 1):
        lines.append(Line("first_row", layout.first_row, sure.get("header")))
    lines += [Line(name, value, sure.get(name)) for name, value in _unusual(first) if _agree(entry, name)]
    return lines


def _unusual(found: Found) -> list[tuple[str, object]]:
    """Settings written only where they differ from what is read anyway."""
    layout = found.layout
    lines: list[tuple[str, object]] = []
    if layout.format == "csv" and layout.quote not in (None, '"'):
        lines.append(("quote", layout.quote))
    if layout.format == "csv" and layout.escape:
        lines.append(("escape", layout.escape))
    markers = [marker for marker in layout.missing if marker.casefold() not in EMPTY]
    if markers:
        lines.append(("missing", markers))
    if layout.footer and not _plain_footer(found):
        lines.append(("footer", layout.footer))
    return lines


def _plain_footer(found: Found) -> bool:
    """True if the rows at the end are left out one by one when read, so that none need be counted beforehand."""
    from analysis.extracts.proposing.files import read_table

    tail = read_table(found.path, replace(found.layout, footer=0)).tail(found.layout.footer)
    for row in tail.itertuples(index=False):
        filled = [str(cell).strip() for cell in row if str(cell).strip()]
        if filled and not TOTALS.match(filled[0]) and not (len(filled) == 1 and " " in filled[0]):
            return False
    return True


def _agree(entry: Entry, name: str) -> bool:
    return len({getattr(found.layout, name) for found in entry.members}) == 1


def _name(entry: Entry) -> Line:
    first = entry.members[0]
    if len(entry.members) == 1:
        return Line("path", first.path.name)
    years = [found.stamp["year"] for found in entry.members]
    span = f"{min(years)}–{max(years)}"
    number = len(entry.members)
    return Line("pattern", first.skeleton, None, Notice(sv=f"{number} filer, {span}", en=f"{number} files, {span}"))
