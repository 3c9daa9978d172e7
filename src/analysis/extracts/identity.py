"""Keys of the pseudonyms, pseudonyms instead of raw keys, and masks over what messages show."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import InputError
from analysis.extracts.converting import squeeze

KEY_VARIABLE = "ANALYSIS_PSEUDONYM_KEY"
KEY_FILE_VARIABLE = "ANALYSIS_PSEUDONYM_KEY_FILE"
KEY_LENGTH = 16
"""Shortest key accepted, in characters or bytes."""
DIGITS = 24
"""Hexadecimal digits kept of a pseudonym (96 bits: no two of a million people share one)."""
PIECE = 1 << 15
"""Values held as objects at a time while they are hashed."""
MASK = "*****"
SHOWN = 40
"""Characters of a value that a message repeats."""


def pseudonym_key(folder: Path, *, create: bool) -> bytes:
    """The key of the pseudonyms; it never lies inside the repository or a delivery.

    Looked for in ``ANALYSIS_PSEUDONYM_KEY`` (hexadecimal, base64 or any text), in the file named by
    ``ANALYSIS_PSEUDONYM_KEY_FILE``, and in ``~/.config/analysis/<name of folder>.key``.

    Args:
        folder: The folder of the delivery or the project; its name names the key file.
        create: Make and keep a new key when there is none.

    Raises:
        InputError: there is no key and none may be made, it is shorter than 16 characters, or it lies beside
            the data.
    """
    if os.environ.get(KEY_VARIABLE):
        return _key(os.environ[KEY_VARIABLE], KEY_VARIABLE)
    named = os.environ.get(KEY_FILE_VARIABLE)
    home = _configuration()
    path = Path(named) if named else home / "analysis" / f"{folder.resolve().name or 'analysis'}.key"
    _outside(path)
    shown = KEY_FILE_VARIABLE if named else "~/.config/analysis"
    if _is_file(path):
        return _key(path.read_text(encoding="utf-8", errors="replace"), f"the key file {path.name} ({shown})")
    if not create:
        raise InputError(
            f"no key for pseudonyms: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}, or let the program make "
            f"{path.name} ({shown})"
        )
    value = secrets.token_hex(32)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # exclusive: two runs that start together must not each keep their own key
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _key(path.read_text(encoding="utf-8"), f"the key file {path.name}")
    except OSError as error:
        raise InputError(
            f"a key for pseudonyms cannot be kept in {shown} ({error.strerror}): set {KEY_VARIABLE}, or name a file "
            f"that may be written in {KEY_FILE_VARIABLE}"
        ) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(value + "\n")
    return _key(value, path.name)


def _configuration() -> Path:
    """Where a person's settings lie.

    Raises:
        InputError: the person has no home folder.
    """
    if named := os.environ.get("XDG_CONFIG_HOME"):
        return Path(named)
    try:
        return Path.home() / ".config"
    except RuntimeError:
        raise InputError(
            f"there is no home folder to keep a key in: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}"
        ) from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above it may not be entered
        return False


def _outside(path: Path) -> None:
    """Refuse a key beside the data it protects."""
    for folder in path.resolve().parents:
        if any((folder / name).is_file() for name in ("analysis.toml", "delivery.toml")):
            raise InputError(
                f"the key file {path.name} lies inside the project or a delivery; move it and name it in "
                f"{KEY_FILE_VARIABLE}"
            )


def _key(text: str, where: str) -> bytes:
    text = text.strip()
    if len(text) < KEY_LENGTH:
        raise InputError(f"{where} holds fewer than {KEY_LENGTH} characters; use a longer one, such as 64 hex digits")
    for decode in (bytes.fromhex, lambda each: base64.b64decode(each, validate=True)):
        try:
            decoded = decode(text)
        except (ValueError, binascii.Error):
            continue
        if len(decoded) >= KEY_LENGTH:
            return decoded
    return text.encode("utf-8")


def pseudonyms(values: pd.Series, *, name: str, key: bytes) -> pd.Series:
    """Replace raw keys by keyed pseudonyms: keyed BLAKE2b (RFC 7693) of ``<column>|<value>``, 24 hex digits.

    The column's name is part of the message, so that a name and an employee number that look alike stay
    apart. NA stays NA. Give distinct values: each is hashed.
    """
    there = values.notna().to_numpy()
    raw = pa.array(squeeze(values[there]), type=pa.large_string()).cast(pa.large_binary())
    # a key longer than the function takes is hashed first, as RFC 2104 does
    secret = key if len(key) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.blake2b(key).digest()
    begin = hashlib.blake2b(f"{name}|".encode(), key=secret, digest_size=DIGITS // 2).copy
    digests = bytearray()
    for start in range(0, len(raw), PIECE):
        for message in raw.slice(start, PIECE).to_pylist():
            each = begin()
            each.update(message)
            digests += each.digest()
    # all digests have one length, so their text is already laid out as a column of Arrow's
    digits, ends = digests.hex().encode(), np.arange(len(raw) + 1, dtype="int64") * DIGITS
    column = pd.array(pa.LargeStringArray.from_buffers(len(raw), pa.py_buffer(ends), pa.py_buffer(digits)), dtype="str")
    if there.all():
        return pd.Series(column, index=values.index)
    result = pd.Series(None, index=values.index, dtype="str")
    result[there] = column
    return result


def mask(text: str) -> str:
    """A personal value as it may be shown in a message: at most three characters of a long one."""
    if not text:
        return ""
    return (text[:3] if len(text) >= 10 else text[:1] if len(text) >= 5 else "") + MASK


def shown(values: pd.Series, *, personal: bool = False, known: Iterable[str] = ()) -> pd.Series:
    """What quarantine and notices show of raw values.

    Personal columns are masked. In the others a value is masked if it is one of the ``known`` personal
    values (a cell that slipped into the wrong column) or holds as many digits as a personnummer.
    """
    if personal:
        return values.map(mask).astype("str")
    private = set(known)

    def one(text: str) -> str:
        long_number = len(re.sub(r"[\s+-]", "", text)) >= 10 and re.search(r"\d{6}[\s+-]?[\dA-Za-z]\d{2}\d", text)
        if long_number or text.strip().casefold() in private:
            return mask(text)
        return text if len(text) <= SHOWN else text[:SHOWN] + "…"

    return values.map(one).astype("str")
