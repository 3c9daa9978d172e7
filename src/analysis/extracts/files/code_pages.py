"""Which code page a text of one byte per character was written in, by the Swedish letters within its words.

Not by statistics of a language, which on short files name any page: in each page å, ä and ö are bytes that in the
others are marks no word holds. Only that is looked at, over the whole file.

Texts of other alphabets are told by what no Swedish text has: words of bytes above ASCII alone (Cyrillic, Greek), whose
page is the one that makes them lower-case letters that are common there, or kana in bytes of two (Japanese).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cache

import numpy as np

PAGES = ("cp1252", "cp850", "mac_roman")
"""Pages that Swedish systems have written in; of equals the first."""
LETTERS = "åäöÅÄÖéÉüÜèáàøæØÆñçëïôóíúý"
"""Letters that Swedish names and words are written with."""
CLEAR = 0.9
"""Share of the bytes within words that must be letters of a page for it to be chosen over the first."""
LEAST = 0.5
"""Share that must be letters of cp1252 for it to be kept without doubt."""
WORDS = slice(0xC0, 0x100)
"""Bytes that are letters in cp1252: in a Swedish text most stand beside plain letters, in a Russian one none does."""
FEW = 20
"""Bytes of a text of which nothing is to be said."""
FEWEST = 6
"""Different bytes, or letters, from which another alphabet is believed in."""
SEEN = 1 << 16
"""Bytes in which kana are looked for."""
KANA = 0.2
"""Share of kana among the letters that are not plain, from which a text is Japanese: names and headers hold few."""
COMMON = 0.45
"""Share of the bytes that must be common letters of an alphabet for its page to be chosen."""
ALPHABETS = {
    "cp1251": "оеаинтсрвлкмдп",
    "koi8_r": "оеаинтсрвлкмдп",
    "cp866": "оеаинтсрвлкмдп",
    "iso8859_5": "оеаинтсрвлкмдп",
    "cp1253": "αοιετνσηρπκμλυς",
}
"""The commonest letters of Russian and Greek, some four fifths of a text, by the pages they are written in."""
EURO = 0xA4
LATIN_9 = np.array([0xA6, 0xA8, 0xB4, 0xB8, 0xBD])
"""Š š Ž ž œ in ISO 8859-15, marks that no word holds in cp1252."""


class Bytes:
    """How often each byte above ASCII stands beside a letter, and how often at all."""

    def __init__(self) -> None:
        self.within = np.zeros(256, dtype="int64")
        self.apart = np.zeros(256, dtype="int64")
        """Beside another such byte and no plain letter: a word of another alphabet."""
        self.all = np.zeros(256, dtype="int64")
        self._before = b" "

    def add(self, piece: bytes) -> None:
        """Count the bytes of the next piece of a file."""
        data = np.frombuffer(self._before + piece, dtype="uint8")
        self._before = piece[-1:]
        high = data >= 0x80
        places = np.flatnonzero(high)
        places = places[places > 0]
        if not len(places):
            return
        letter = _letter()[data]
        beside = letter[places - 1] | letter[np.minimum(places + 1, len(data) - 1)]
        self.all += np.bincount(data[places], minlength=256)
        self.within += np.bincount(data[places[beside]], minlength=256)
        company = high[places - 1] | high[np.minimum(places + 1, len(data) - 1)] & (places + 1 < len(data))
        self.apart += np.bincount(data[places[company & ~beside]], minlength=256)


@cache
def _letter() -> np.ndarray:
    found = np.zeros(256, dtype=bool)
    found[[*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]] = True
    return found


@cache
def _letters(page: str) -> np.ndarray:
    found = np.zeros(256, dtype=bool)
    found[list(LETTERS.encode(page, errors="ignore"))] = True
    found[:0x80] = False
    return found


def find_page(pieces: Iterable[bytes]) -> tuple[str, bool]:
    """The code page of a text that is not UTF-8.

    Returns:
        Python's name of the page, and False where its bytes within words are letters of no page.
    """
    counts = Bytes()
    beginning = b""
    for piece in pieces:
        counts.add(piece)
        beginning += piece[: max(SEEN - len(beginning), 0)]
    if page := _japanese(beginning):
        return page, True
    several = int((counts.apart > 0).sum()) >= FEWEST  # ÅÄÖ alone are few, however often they stand together
    if several and int(counts.apart.sum()) >= CLEAR * int(counts.all.sum()):
        return _of_another_alphabet(counts.apart)
    total = int(counts.within.sum())
    words = int(counts.all[WORDS].sum())
    if not total:
        return "cp1252", words < FEW
    share = {page: float(counts.within[_letters(page)].sum()) / total for page in PAGES}
    best = max(PAGES, key=lambda page: share[page])
    if best != "cp1252" and share[best] >= CLEAR and share["cp1252"] < LEAST:
        return best, True
    if _is_latin_9(counts):
        return "iso8859-15", True
    return "cp1252", share["cp1252"] >= LEAST and (total >= LEAST * words or words < FEW)


def _of_another_alphabet(apart: np.ndarray) -> tuple[str, bool]:
    """The page in which the bytes are common lower-case letters of one alphabet; doubted where no page has them."""
    score = {}
    for page, letters in ALPHABETS.items():
        small = sum(int(apart[byte]) for byte in letters.encode(page))
        large = sum(int(apart[byte]) for byte in letters.upper().encode(page))
        score[page] = (small + 0.5 * large) / int(apart.sum())  # a text in capitals alone is rare
    best = max(score, key=lambda page: score[page])
    return (best, True) if score[best] >= COMMON else ("cp1252", False)


def _japanese(data: bytes) -> str:
    """``cp932`` or ``euc_jp`` where the text then holds kana, which every Japanese text does; else ""."""
    for page in ("cp932", "euc_jp"):
        try:
            text = codecs.getincrementaldecoder(page)().decode(data)
        except UnicodeError:
            continue
        foreign = [letter for letter in text if letter >= "\x80"]
        kana = sum("\u3041" <= letter <= "\u30fe" for letter in foreign)
        if len(foreign) >= FEWEST and kana >= KANA * len(foreign):
            return page
    return ""


def _is_latin_9(counts: Bytes) -> bool:
    """True where a word holds a letter, or the file a euro sign, that only ISO 8859-15 has at that place."""
    controls = counts.all[0x80:0xA0].sum()  # marks of cp1252, which nobody writes in ISO 8859-15
    return controls == 0 and bool(counts.within[LATIN_9].sum() or counts.all[EURO])
