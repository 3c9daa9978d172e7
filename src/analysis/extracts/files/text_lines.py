"""Text files in pieces: which encoding they are in, and their lines in bounded memory."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from analysis.errors import InputError
from analysis.extracts.files.code_pages import find_page

MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip file or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"PAR1", "a parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"{\\rtf", "a rich text document"),
)
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
MARKUP = re.compile(rb"^\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)
ONE_BYTE = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})
"""Encodings of one byte per character, as Python names them, that keep NUL for NUL."""
PIECE = 1 << 20
"""Bytes read at a time."""
DOS_END = "\x1a"


def decode(data: bytes, *, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Decode a text file: byte-order mark, else the given encoding, else strict UTF-8, else a code page.

    The page is cp1252 unless the letters within words are those of another (``codepages``).

    Raises:
        InputError: the bytes are another kind of file, or no encoding of the ladder fits.
    """
    used = _find(lambda: iter([data]), name=name, encoding=encoding)
    return data.decode(used).rstrip(DOS_END), used


def find_encoding(path: Path, encoding: str | None = None) -> str:
    """The encoding of a text file by the ladder of ``decode``, in bounded memory.

    Raises:
        InputError: the file is another kind of file, holds nothing but blanks, or no encoding fits.
    """
    used = _find(lambda: _pieces(path), name=path.name, encoding=encoding)
    if not any(text.rstrip(DOS_END).strip() for text in read_text(path, used)):
        raise InputError(f"{path.name} holds nothing but blanks; export it again")
    return used


def is_doubtful(path: Path, encoding: str) -> bool:
    """True for a file read as cp1252 whose bytes within words are letters of no page that is known."""
    return encoding == "cp1252" and not find_page(_pieces(path))[1]


def read_text(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in pieces, every kind of line end as a line feed."""
    # str.splitlines would also split at form feeds and Unicode separators that may stand inside a value
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    for piece in _pieces(path):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _find(pieces: Callable[[], Iterator[bytes]], *, name: str, encoding: str | None) -> str:
    head = next(pieces(), b"")
    for magic, what in MAGIC:
        if head.startswith(magic):
            raise InputError(f"{name} is {what} under another name; export it as CSV or correct its format")
    if MARKUP.match(head[:200]):
        raise InputError(f"{name} is a web page or XML file, not a table; export it as CSV or Excel")
    nul = InputError(f"{name} holds NUL bytes and is no text file; export it again as CSV")
    bom = next((each for mark, each in BOMS if head.startswith(mark)), None)
    ladder = [bom] if bom else [encoding] if encoding else ["utf-8", ""]
    for step in ladder:
        each = step or find_page(pieces())[0]
        holes = _holes(each)
        if holes is not None:
            found = {byte for piece in pieces() for byte in (b"\x00", *holes) if byte in piece}
            if b"\x00" in found:
                raise nul
            if not found:
                return each
            continue
        decoder = codecs.getincrementaldecoder(each)()
        try:
            for piece in pieces():
                if "\x00" in decoder.decode(piece):
                    raise nul
            decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        return each
    tried = bom or encoding or "UTF-8 or cp1252"
    raise InputError(f"{name} is not {tried} text; name its encoding in delivery.toml or export it as UTF-8")


@cache
def _holes(encoding: str) -> tuple[bytes, ...] | None:
    """The bytes that mean nothing in an encoding of one byte per character; None for other encodings.

    Looking for them takes a tenth of the time of decoding, and a large file is then decoded once.
    """
    if codecs.lookup(encoding).name not in ONE_BYTE:
        return None
    meaning = bytes(range(256)).decode(encoding, errors="replace")
    return tuple(bytes([byte]) for byte, character in enumerate(meaning) if character == "\ufffd")


class Lines:
    """A window over the lines of a text, as UTF-8 bytes that end in a line feed.

    ``data`` holds at least the lines asked for with ``need``; ``skip`` takes the first of them out. ``number`` is how
    many lines lie before the window, ``ended`` is True when the window reaches the end of the text.
    """

    def __init__(self, texts: Iterator[str]) -> None:
        self.data = b""
        self.count = 0
        self.number = 0
        self.ended = False
        self._texts = texts

    def need(self, lines: float, size: float = 0) -> None:
        """Widen the window to ``lines`` lines and ``size`` bytes, or to the end of the text."""
        parts, length = [self.data], len(self.data)
        while not self.ended and (self.count < lines or length < size):
            text = next(self._texts, None)
            if text is None:
                self.ended = True
                data = b"".join(parts).rstrip(DOS_END.encode())
                if data and not data.endswith(b"\n"):
                    data += b"\n"
                self.data, self.count = data, data.count(b"\n")
                return
            parts.append(text.encode())
            length += len(parts[-1])
            self.count += parts[-1].count(b"\n")
        self.data = b"".join(parts) if len(parts) > 1 else self.data

    def skip(self, lines: int, size: int | None = None) -> bytes:
        """Take the first ``lines`` lines out of the window; their bytes are ``size`` where that is known."""
        size = self.end(lines) if size is None else size
        taken, self.data = self.data[:size], self.data[size:]
        self.count -= lines
        self.number += lines
        return taken

    def end(self, lines: int) -> int:
        """Bytes of the first ``lines`` lines."""
        if lines >= self.count:
            return self.data.rfind(b"\n") + 1
        size = 0
        if lines < 1000:
            for _ in range(lines):
                size = self.data.index(b"\n", size) + 1
            return size
        return int(np.flatnonzero(np.frombuffer(self.data, dtype="uint8") == ord("\n"))[lines - 1]) + 1

    def __iter__(self) -> Iterator[str]:
        """The lines of the window with their line ends."""
        start = 0
        while stop := self.data.find(b"\n", start) + 1:
            yield self.data[start:stop].decode()
            start = stop
