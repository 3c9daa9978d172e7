"""What cells said that nobody could use: unmapped values, dates in an unknown format, text in the wrong code page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.account.quarantine import Problems
from analysis.extracts.files.dressing import garbled
from analysis.extracts.manifest import FileSpec
from analysis.extracts.persons import identity
from analysis.extracts.rows.seen_values import Sieve
from analysis.extracts.values.coded import Coded, hashes
from analysis.extracts.values.converting import COUNTED, UNSOLVED, read_as
from analysis.extracts.values.date_formats import DAYS, HALF_DAYS, NAMED, OTHER_MONTHS, RARE_DAYS
from analysis.tables.clean import TABLES

FORMATS = (*DAYS, *RARE_DAYS, *NAMED, *OTHER_MONTHS, *HALF_DAYS, *COUNTED)
"""Formats tried on dates that were not read; where two read the same cells both are named."""
LOOKUPS = ("#n/a", "#saknas!", "#otillgängligt!")
"""What a spreadsheet writes where it looked something up and found nothing."""
KEPT = 500
"""Distinct values remembered per column."""
LISTED = 12
"""Distinct values written out in a sentence."""
NEARLY = 0.95
"""Share of the unread cells that a format must read to be proposed."""
OLDEST = 1900


class Unread:
    """Distinct unread values of a file with how many rows have each; nothing of personal columns but numbers."""

    def __init__(self, spec: FileSpec, file: str, extracted: date) -> None:
        self._spec, self._file, self._extracted = spec, file, extracted
        self._values: dict[tuple[str, str], Counter[str]] = {}
        self._rows: Counter[tuple[str, str]] = Counter()
        self._people: dict[tuple[str, str], np.ndarray] = {}
        self._unset: set[tuple[str, str]] = set()
        self._lookups: Counter[str] = Counter()
        self._garbled: Counter[str] = Counter()
        self._example = ""

    def see(
        self,
        text: Mapping[str, Coded],
        columns: Mapping[str, Coded],
        problems: Problems,
        unset: Mapping[tuple[str, str], np.ndarray],
        kept: np.ndarray,
    ) -> None:
        """Add up a block: what was left empty in rows that are kept, and what set rows aside."""
        for place, where in unset.items():
            self._unset |= {place} if (where & kept).any() else set()
            self._add(place, text, columns, where & kept)
        for number, place in enumerate(problems.kinds):
            if place[1] in ("bad_date", "bad_month", "unknown_value") and place[0] in text:
                self._add(place, text, columns, problems.kind == number)
        for name, each in text.items():
            column = TABLES[self._spec.table].get(name)
            if column is not None and column.nullable:
                failed = each.uniques.str.casefold().isin(LOOKUPS)
                if failed.any() and (number := int((each.flags(failed) & kept).sum())):
                    self._lookups[self._spec.columns[name][0] if name in self._spec.columns else name] += number
            if column is None or column.kind in ("key", "text"):
                # between several values the bar of a list is no letter of the seven-bit alphabet
                words = column is not None and column.kind == "text" and not column.several
                odd = garbled(each.uniques, words=words)
                if odd.any():
                    self._garbled[name] += int(each.flags(odd).sum())
                    # a column that is mapped for an exclusion only may hold anything: nothing is shown of it
                    if not self._example and column is not None and not column.personal:
                        self._example = str(each.uniques[odd].iloc[0])

    def _add(
        self, place: tuple[str, str], text: Mapping[str, Coded], columns: Mapping[str, Coded], where: np.ndarray
    ) -> None:
        if not where.any():
            return
        self._rows[place] += int(where.sum())
        found = self._values.setdefault(place, Counter())
        codes = np.bincount(text[place[0]].codes[where], minlength=len(text[place[0]].uniques))
        for at in np.flatnonzero(codes):
            value = str(text[place[0]].uniques.iloc[at])
            if value in found or len(found) < KEPT:
                found[value] += int(codes[at])
        if "person" in columns:
            people = hashes(columns["person"].rows(where).used().uniques.dropna())
            self._people[place] = np.union1d(self._people.get(place, np.zeros(0, dtype="uint64")), people)

    def notices(self, personal: Sieve) -> list[Notice]:
        """What is to be told, with the values that may be shown.

        Args:
            personal: Personal keys of the file, which may have slipped into another column.
        """
        notices = [_wrong_page(self._file, self._garbled.total(), self._example, personal)] if self._garbled else []
        for place, rows in self._rows.items():
            name, reason = place
            header = self._spec.columns[name][0] if name in self._spec.columns else name
            size = _size(rows, len(self._people.get(place, ())))
            values = self._values[place]
            if reason == UNSOLVED:
                notices.append(self._unsolved(header, name, size, len(self._people.get(place, ()))))
            elif reason == "unknown_value":
                listed = listing(values, personal, hidden=TABLES[self._spec.table][name].personal)
                notices.append(self._unmapped(header, name, size, listed, len(self._people.get(place, ()))))
            elif proposed := propose_formats(values, extracted=self._extracted):
                notices.append(self._proposed(header, name, size, proposed))
            elif place in self._unset:
                notices.append(self._unusable(header, name, size, len(self._people.get(place, ()))))
        notices += [_lookups(self._file, *each) for each in self._lookups.items()]
        return notices

    def _unsolved(self, header: str, name: str, size: Mapping[str, str], persons: int) -> Notice:
        return Notice(
            sv=f"{self._file}, {header}: {size['sv']} har en formel vars resultat inte är sparat; {name} saknas för "
            "dem. Öppna filen i kalkylprogrammet, spara om den och exportera igen.",
            en=f"{self._file}, {header}: {size['en']} with a formula whose result was not saved; {name} is missing "
            "for them. Open the file in the spreadsheet, save it and export it again.",
            doubt=True,
            persons=persons,
        )

    def _unmapped(self, header: str, name: str, size: Mapping[str, str], listed: str, persons: int) -> Notice:
        optional = TABLES[self._spec.table][name].nullable
        sv = f"{name} saknas för dem" if optional else "raderna är satta åt sidan"
        en = f"{name} is missing for them" if optional else "the rows are set aside"
        nothing_sv, nothing_en = (
            (', eller "" om uppgiften saknas', ', or "" where there is none') if optional else ("", "")
        )
        return Notice(
            sv=f"{self._file}, {header}: {size['sv']} med värden som delivery.toml inte nämner; {sv}: {listed}. "
            f"Ange vad de betyder under [file.values.{name}]{nothing_sv}.",
            en=f"{self._file}, {header}: {size['en']} with values that delivery.toml does not name; {en}: {listed}. "
            f"Say what they mean under [file.values.{name}]{nothing_en}.",
            doubt=True,
            persons=persons,
        )

    def _unusable(self, header: str, name: str, size: Mapping[str, str], persons: int) -> Notice:
        return Notice(
            sv=f"{self._file}, {header}: {size['sv']} med värden som inte kan användas; {name} saknas för dem.",
            en=f"{self._file}, {header}: {size['en']} with values that cannot be used; {name} is missing for them.",
            doubt=True,
            persons=persons,
        )

    def _proposed(self, header: str, name: str, size: Mapping[str, str], formats: Sequence[str]) -> Notice:
        first, *others = [f'{name} = "{each}"' for each in formats]
        sv = first + "".join(f" eller {each}" for each in others)
        en = first + "".join(f" or {each}" for each in others)
        return Notice(
            sv=f"{self._file}, {header}: {size['sv']} med datum som inte lästes; skriv {sv} under [file.formats] i "
            "delivery.toml" + (" (avgör vilket)." if others else "."),
            en=f"{self._file}, {header}: {size['en']} with dates that were not read; write {en} under "
            f"[file.formats] in "
            "delivery.toml" + (" (decide which)." if others else "."),
        )


def _lookups(file: str, header: str, rows: int) -> Notice:
    return Notice(
        sv=f"{file}, {header}: {count(rows, 'cell', 'celler')} där kalkylprogrammet sökte och inget fann (#SAKNAS!, "
        "#N/A) läses som tomma; rätta sökningen och exportera igen om där ska stå något.",
        en=f"{file}, {header}: {count(rows, 'cell', 'cells')} in which the spreadsheet looked something up and found "
        "nothing (#N/A) read as empty; correct the look-up and export again if something should stand there.",
        doubt=True,
    )


def _size(rows: int, persons: int) -> dict[str, str]:
    sv, en = count(rows, "rad", "rader"), count(rows, "row", "rows")
    if persons:
        sv, en = f"{sv} ({count(persons, 'person', 'personer')})", f"{en} ({count(persons, 'person', 'persons')})"
    return {"sv": sv, "en": en}


def listing(values: Mapping[str, int], personal: Sieve, *, hidden: bool = False) -> str:
    """Every distinct value with its number, the most frequent first; those that may be personal are masked."""
    texts = pd.Series(list(values), dtype="str")
    slipped = set(texts[personal.has(texts)].str.casefold()) if len(texts) else set()
    shown = identity.shown(texts, personal=hidden, known=slipped)
    counts: Counter[str] = Counter()
    for word, number in zip(shown, values.values(), strict=True):
        counts[word] += number
    most = counts.most_common(LISTED)
    return ", ".join(f"'{word}' ({number})" for word, number in most) + (" …" if len(counts) > LISTED else "")


def propose_formats(values: Mapping[str, int], *, extracted: date) -> list[str]:
    """Formats that read nearly all of some unread dates as days between 1900 and ten years after the extraction.

    Of several that do, those that read the most are given, at most two.
    """
    unique = pd.Series(list(values), dtype="str")
    unique = unique.where(~unique.str.fullmatch(r"[0.,]*").astype(bool), "")  # zero is no day
    weights = np.asarray(list(values.values()), dtype="float64")
    read: dict[str, float] = {}
    for each in FORMATS:
        found = read_as(unique, each)
        # a number of seconds near nought is a number of something else
        oldest = 1975 if each.endswith("seconds") else 1930 if each in COUNTED else OLDEST
        sane = found.dt.year.between(oldest, extracted.year + 10).to_numpy(dtype=bool)
        read[each] = float(weights[sane].sum() / weights.sum()) if len(weights) else 0.0
    best = max(read.values(), default=0.0)
    return [each for each, share in read.items() if share == best >= NEARLY][:2]


def _wrong_page(file: str, rows: int, example: str, personal: Sieve) -> Notice:
    shown = listing({example: rows}, personal).split(" (")[0] if example else ""
    sv, en = (f" ({word} {shown})" if shown else "" for word in ("t.ex.", "e.g."))
    return Notice(
        sv=f"{file}: {count(rows, 'cell', 'celler')} ser ut att ha fel teckenkodning{sv}; exportera igen som UTF-8 "
        "eller ange encoding i delivery.toml (cp850 och mac_roman är vanliga i äldre system).",
        en=f"{file}: {count(rows, 'cell', 'cells')} as if read with the wrong encoding{en}; export again as UTF-8 or "
        "name encoding in delivery.toml (older systems often write cp850 or mac_roman).",
        doubt=True,
    )
