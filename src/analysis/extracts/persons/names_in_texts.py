"""Names of persons and personal identity numbers in what is decided, removed before it is printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.files.reading import Raw, find_columns, fold, read_blocks
from analysis.extracts.rows.staging import CleanTables
from analysis.extracts.sources import Source
from analysis.reference import load
from analysis.tables.clean import TABLES

TEXTS = {
    "activities": ("area", "goal", "objective", "text", "boards", "responsible", "coordinator"),
    "measures": ("name", "owner"),
}
"""Columns that somebody writes and pages may print, by table."""
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NUMBER = re.compile(r"(?<![\w-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d|[6-9]\d)[-+ ]?\d{4}(?![\w-])")
"""A personal identity number or a coordination number as people write it."""
LONGEST = 4
"""Words of a name that are looked for together."""
BYTES = 8


def remove_names(tables: CleanTables, sources: Sequence[Source]) -> list[Notice]:
    """Replace names of persons in the delivery, and what is written like a personal identity number.

    A name is one of somebody in a file about persons, given name and surname in either order; a given name alone is
    a word like any other. Nothing is read where the delivery has no such texts.

    Args:
        tables: clean tables; those of ``TEXTS`` are amended.
        sources: files of the delivery.

    Returns:
        A notice per table that says in how many rows something was removed; none where nothing was.
    """
    written = [table for table in TEXTS if tables.rows(table)]
    if not written:
        return []
    known = frozenset(known_names(sources))
    return [_notice(table, changed) for table in written if (changed := _without(tables, table, known))]


def _without(tables: CleanTables, table: str, known: frozenset[bytes]) -> int:
    """Take the names out of one table; the number of rows that had some."""
    words = load("names")["removed"]
    changed = set[int]()
    for place, row in pd.concat(list(tables.coded(table, TEXTS[table]))).iterrows():
        texts = {name: str(value) for name, value in row.items() if isinstance(value, str)}
        after = {name: without_names(text, known, words) for name, text in texts.items()}
        if after != texts:
            changed.add(int(str(place)))
            different = {name: [text] for name, text in after.items() if text != texts[name]}
            tables.amend(table, pd.DataFrame(different, index=[int(str(place))], dtype="str"))
    return len(changed)


def _notice(table: str, rows: int) -> Notice:
    if table == "activities":
        sv, en = count(rows, "aktivitet", "aktiviteter"), count(rows, "activity", "activities")
        where_sv, where_en = "i verksamhetsplanen", "of the business plan"
    else:
        sv, en = count(rows, "åtgärd", "åtgärder"), count(rows, "measure", "measures")
        where_sv, where_en = "i åtgärdsregistret", "of the effect ledger"
    return Notice(
        sv=f"{sv} {where_sv} nämner en person i leveransen eller ett personnummer; det tas bort ur "
        "texten. Skriv en funktion i stället för ett namn.",
        en=f"{en} {where_en} name a person in the delivery or a personal identity number, which is "
        "removed from the text; write a function instead of a name.",
        doubt=True,
    )


def without_names(text: str, known: frozenset[bytes], removed: dict[str, str]) -> str:
    """A text without the names in ``known`` (digests, ``digest_of``) and without personal identity numbers."""
    text = NUMBER.sub(removed["number"], text)
    found = list(WORD.finditer(text))
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        for size in range(min(LONGEST, len(found) - at), 1, -1):
            together = found[at : at + size]
            gaps = [text[one.end() : other.start()] for one, other in pairwise(together)]
            if all(gap.strip() in ("", ",", ".") for gap in gaps) and any(
                digest_of(name) in known for name in spoken([each.group() for each in together])
            ):
                spans.append((together[0].start(), together[-1].end()))
                at += size
                break
        else:
            at += 1
    for start, end in reversed(spans):
        text = f"{text[:start]}{removed['name']}{text[end:]}"
    return text


def digest_of(name: str) -> bytes:
    """A name as it is remembered while a delivery is read: not at all, but so that it is known again."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=BYTES).digest()


def spoken(words: Sequence[str]) -> Iterator[str]:
    """A name as known names are kept; a genitive may stand for the name."""
    folded = [fold(word) for word in words]
    yield " ".join(folded)
    if folded[-1].endswith("s"):
        yield " ".join([*folded[:-1], folded[-1].removesuffix("s").rstrip("'’")])


def known_names(sources: Iterable[Source]) -> Iterator[bytes]:
    """Digests of the names of persons in files about persons, in the orders in which they are spoken."""
    headers = load("names")
    for source in sources:
        if "person" not in TABLES[source.spec.table]:
            continue
        for raw in read_blocks(source.path, source.spec):
            places = _places_of(raw, source, headers)
            if not any(places.values()):
                break  # no need to read the file once more for nothing
            yield from _names_of(raw, places)


def _places_of(raw: Raw, source: Source, headers: dict[str, list[str]]) -> dict[str, list[int]]:
    """Positions of columns with whole names, given names and surnames."""
    folded = [fold(name) for name in raw.header]
    places = {kind: [place for place, name in enumerate(folded) if name in headers[kind]] for kind in
              ("full", "first", "last")}  # fmt: skip
    if "name_key" in source.spec.columns:
        mapped = find_columns(source.spec, raw, file=source.label)[0].get("name_key")
        places["full"] += [mapped] if mapped is not None else []
    return places


def _names_of(raw: Raw, places: dict[str, list[int]]) -> Iterator[bytes]:
    wanted = [place for kind in places.values() for place in kind]
    for _, row in raw.frame[list(dict.fromkeys(wanted))].drop_duplicates().iterrows():
        full = [str(row[place]) for place in places["full"]]
        full += [f"{row[one]} {row[other]}" for one in places["first"] for other in places["last"]]
        for name in full:
            words = [fold(word) for word in WORD.findall(name)]
            if len(words) < 2:
                continue
            # both orders, and the first given name with the last surname, which is how people are spoken of
            for form in {tuple(words), (*words[1:], words[0]), (words[-1], *words[:-1]), (words[0], words[-1])}:
                yield digest_of(" ".join(form))
