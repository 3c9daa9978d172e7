"""Sentences to a person about a delivery, in Swedish and English; and the reasons rows are set aside for."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.extracts.files.dressing import GARBLED, once_encoded
from analysis.extracts.persons.identity import shown
from analysis.extracts.rows.staging import CleanTables
from analysis.extracts.values.coded import hashes
from analysis.reference import episode_rules, load
from analysis.reference.episodes import Rules
from analysis.tables.clean import TABLES

FEW_MEET = load("quality")["strangers"]["share"]
"""Share of a table's persons who were never employed, above which their numbers are doubted."""
LEAST = load("quality")["strangers"]["least"]
"""Persons from which that share says something."""


class Notice(str):
    """A warning as text. It reads as English; ``sv`` holds the same sentence in Swedish.

    ``doubt`` says that figures may be wrong because of it and somebody should look before anything is published,
    ``persons`` how many it is about where that is known, ``kind`` which finding it is (``quality.toml``), '' for none.
    """

    sv: str
    doubt: bool
    persons: int
    kind: str

    def __new__(cls, *, sv: str, en: str, doubt: bool = False, persons: int = 0, kind: str = "") -> Notice:
        """Make a notice from the same sentence in two languages."""
        notice = super().__new__(cls, en)
        notice.sv, notice.doubt, notice.persons, notice.kind = sv, doubt, persons, kind
        return notice

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        more = {"doubt": self.doubt, "persons": self.persons, "kind": self.kind}
        return (), {"sv": self.sv, "en": str(self), **more}

    def about(self, file: str) -> Notice:
        """The same sentence with the file it is about in front."""
        sv, en = f"{file}: {self.sv}", f"{file}: {self}"
        return Notice(sv=sv, en=en, doubt=self.doubt, persons=self.persons, kind=self.kind)

    def sized(self, persons: int) -> Notice:
        """The same sentence, about so many persons."""
        return Notice(sv=self.sv, en=str(self), doubt=self.doubt, persons=persons, kind=self.kind)

    def text(self, language: str) -> str:
        """The sentence in ``sv`` or ``en``."""
        return self.sv if language == "sv" else str(self)


def count(number: int, one: str, many: str) -> str:
    """A number with its noun, in the singular where it is one."""
    return f"{number} {one if number == 1 else many}"


def of_rows(number: int) -> dict[str, str]:
    """A number of rows in both languages."""
    return {"sv": count(number, "rad", "rader"), "en": count(number, "row", "rows")}


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Reasons for setting a row aside by id, with ``sv`` and ``en`` (``reference/data/reasons.toml``)."""
    return {entry["id"]: entry for entry in load("reasons")["reason"]}


@cache
def identity_rules() -> dict[str, dict[str, str]]:
    """Rules about who a row is about by id, with ``sv`` and ``en`` (``reference/data/identity_rules.toml``)."""
    return {entry["id"]: entry for entry in load("identity_rules")["rule"]}


def strangers(tables: CleanTables) -> list[Notice]:
    """Persons who are in another table but were never employed."""
    base = next((name for name in ("employments", "snapshots") if tables.rows(name)), None)
    others = [name for name in tables if name != base and "person" in TABLES[name] and tables.rows(name)]
    if base is None or not others:
        return []
    employed = _persons(tables, base)[0]
    notices = []
    for name in others:
        found, rows_of = _persons(tables, name)
        missing = ~np.isin(found, employed)
        if missing.any():
            persons, rows = int(missing.sum()), int(rows_of[missing].sum())
            sv = f"{count(persons, 'person', 'personer')} ({count(rows, 'rad', 'rader')})"
            en = f"{count(persons, 'person', 'persons')} ({count(rows, 'row', 'rows')})"
            share = persons / len(found)
            if share > FEW_MEET and persons >= LEAST:
                part_sv, part_en = f"{share:.0%}".replace("%", "\u00a0%"), f"{share:.0%}"
                notices.append(
                    Notice(
                        sv=f"{name}: {sv}, {part_sv} av tabellens, finns inte i {base}; kontrollera att numren skrivs "
                        "likadant i båda uttagen. Raderna behålls men möter ingen anställning.",
                        en=f"{name}: {en}, {part_en} of the table's, not found in {base}; check that the numbers are "
                        "written alike in both extracts. The rows are kept but meet no employment.",
                        doubt=True,
                        persons=persons,
                    )
                )
                continue
            notices.append(
                Notice(
                    sv=f"{name}: {sv} finns inte i {base} men behålls.",
                    en=f"{name}: {en} not found in {base} but kept.",
                )
            )
    return notices


def _persons(tables: CleanTables, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the persons of a table, and the rows of each."""
    found, rows = np.zeros(0, dtype="uint64"), np.zeros(0, dtype="int64")
    for frame in tables.coded(name, ["person"]):
        codes, persons = pd.factorize(frame["person"].astype("str"))
        more = np.concatenate([found, hashes(pd.Series(persons))])
        found, place = np.unique(more, return_inverse=True)
        rows = np.bincount(place, weights=np.append(rows, np.bincount(codes))).astype("int64")
    return found, rows


def orphans(tables: CleanTables) -> list[Notice]:
    """Units whose parent is not in the organisation."""
    if "organisation" not in tables:
        return []
    table = tables["organisation"]
    lost = table["parent"].notna() & ~table["parent"].isin(table["unit"])
    if not lost.any():
        return []
    units, first = int(lost.sum()), ", ".join(shown(table.loc[lost, "unit"].astype("str").drop_duplicates()[:5]))
    return [
        Notice(
            sv=f"{count(units, 'enhet', 'enheter')} vars överordnade enhet saknas i organisationen: {first}.",
            en=f"{count(units, 'unit', 'units')} whose parent is missing from the organisation: {first}.",
        )
    ]


def changed_rules(rules: Rules) -> list[Notice]:
    """One sentence per rule of episodes that the delivery states otherwise than the policy, and per transfer."""
    policy, found = episode_rules(), []
    words = {"False": ("nej", "no"), "True": ("ja", "yes")}
    for key in rules.changed:
        if key == "transfers":
            continue
        (sv, en), (was_sv, was_en) = (
            words.get(str(value), (str(value),) * 2) for value in (getattr(rules, key), policy[key]["value"])
        )
        found.append(
            Notice(
                sv=f"Regeln ”{policy[key]['sv']}” är ändrad i delivery.toml: {sv} i stället för {was_sv}.",
                en=f"The rule “{policy[key]['en']}” is changed in delivery.toml: {en} instead of {was_en}.",
            )
        )
    for each in rules.transfers:
        if each.direction == "both":
            where_sv, where_en = (", ".join(each.units) or every for every in ("alla enheter", "every unit"))
            found.append(
                Notice(
                    sv=f"Byte av lönesystem eller arbetsgivare den {each.day} enligt delivery.toml ({where_sv}): den "
                    f"som slutar eller börjar då, högst {each.days} dagar ifrån, har varken slutat eller anställts.",
                    en=f"Change of pay system or employer on {each.day} as delivery.toml says ({where_en}): whoever "
                    f"ends or begins then, at most {each.days} days away, has neither left nor been hired.",
                )
            )
            continue
        units, inward = ", ".join(each.units), each.direction == "in"
        found.append(
            Notice(
                sv=f"Verksamhetsövergång {'in' if inward else 'ut'} enligt delivery.toml: {units} den {each.day}.",
                en=f"Undertaking {'taken' if inward else 'handed'} over on {each.day} as delivery.toml says: {units}.",
            )
        )
    return found


def of_file(
    file: str, header: list[str], *, absent: dict[str, list[str]], empty: dict[str, str], rows: int, padded: int
) -> list[Notice]:
    """What was noticed about a file: code page, missing columns, columns of nothing, no rows, rows cut short.

    ``absent`` has the headers that are not there, and ``empty`` the header under which no row has anything, by column.
    """
    notices = [wrong_encoding(file)] if any(GARBLED.search(once_encoded(name)) for name in header) else []
    for name, headers in absent.items():
        wanted = " / ".join(headers)
        notices.append(
            Notice(
                sv=f"{file}: rubriken {wanted} finns inte; kolumnen {name} lämnas tom.",
                en=f"{file}: there is no header {wanted}; column {name} is left empty.",
            )
        )
    for name, title in empty.items() if rows else ():
        notices.append(
            Notice(
                sv=f"{file}: alla celler under rubriken {title} är tomma, så kolumnen {name} saknas; "
                "kontrollera uttaget (i en arbetsbok: att formlernas resultat är sparade).",
                en=f"{file}: every cell under the header {title} is empty, so column {name} is missing; "
                "check the extract (in a workbook: that the results of formulas were saved).",
            )
        )
    if rows == 0:
        notices.append(Notice(sv=f"{file}: filen har inga rader.", en=f"{file}: the file has no rows."))
    if padded:
        notices.append(
            Notice(
                sv=f"{file}: {count(padded, 'rad', 'rader')} utan celler i slutet, lästa som tomma.",
                en=f"{file}: {count(padded, 'row', 'rows')} without cells at the end, read as empty.",
            )
        )
    return notices


def born_in_a_year(file: str) -> Notice:
    """Births of which only the year is known count from its middle."""
    return Notice(
        sv=f"{file}: födelsedatum är bara årtal, så alla räknas som födda 1 juli; åldrar är rätt på ett halvår när.",
        en=f"{file}: births are years only, so all count as born on 1 July; ages are right to half a year.",
    )


def in_a_year(file: str, column: str, *, table: str) -> Notice:
    """Dates of which only the year is known count from its middle; what that costs depends on the table."""
    sv, en = "", ""
    if table in ("employments", "snapshots", "exits"):
        sv = " Den som började och slutade samma år syns inte i något årsfönster, och när på året går inte att säga."
        en = " Who began and left in one year is in no yearly window, and when in the year cannot be said."
    return Notice(
        sv=f"{file}: {column} är bara årtal och räknas som 1 juli.{sv} Ta med hela datum om de finns.",
        en=f"{file}: {column} is years only and counts as 1 July.{en} Add whole dates if there are any.",
        doubt=True,
    )


def wrong_encoding(file: str) -> Notice:
    """A file that looks as if decoded with the wrong code page."""
    return Notice(
        sv=f"{file}: texten ser ut att ha fel teckenkodning; "
        "exportera igen som UTF-8 eller ange encoding i delivery.toml.",
        en=f"{file}: the text looks as if read with the wrong encoding; "
        "export again as UTF-8 or name encoding in delivery.toml.",
        doubt=True,
    )


def unknown_occupations(codes: dict[str, int]) -> Notice:
    """Rows without a known occupation, with their most frequent codes or titles."""
    rows, common = sum(codes.values()), named(codes)
    return Notice(
        sv=f"{count(rows, 'rad', 'rader')} utan känd yrkesgrupp; vanligast: {common}. Lägg till dem i delivery.toml.",
        en=f"{count(rows, 'row', 'rows')} without a known occupation; most frequent: {common}. "
        "Add them to delivery.toml.",
    )


def unnamed_occupations(keys: dict[str, int]) -> Notice:
    """Occupations the delivery uses but nobody has named."""
    return Notice(
        sv=f"Yrkesgrupper utan namn: {named(keys)}. Namnge dem under [occupations.names].",
        en=f"Occupations without a name: {named(keys)}. Name them under [occupations.names].",
    )


def named(counts: dict[str, int]) -> str:
    """The most frequent of some keys, each with its number; what looks like a person's number is masked."""
    keys, numbers = zip(*Counter(counts).most_common(5), strict=True)
    # a file with swapped columns has personnummer where codes belong
    words = shown(pd.Series(keys, dtype="str"))
    return ", ".join(f"{word or '–'} ({number})" for word, number in zip(words, numbers, strict=True))
