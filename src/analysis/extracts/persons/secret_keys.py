"""The key of the pseudonyms: one of the installation, from which each municipality gets its own.

The same person has the same pseudonym in every edition of one municipality, and another in any other municipality's.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import tomllib
import unicodedata
from pathlib import Path

from analysis import settings
from analysis.errors import InputError
from analysis.extracts.manifest import FILE
from analysis.settings import KEY_FILE_VARIABLE, KEY_VARIABLE, key_place

KEY_LENGTH = 16
"""Shortest key accepted, in characters or bytes."""
FINGERPRINT = 16
"""Hexadecimal digits by which a key is recognised."""


class NoKeyError(InputError):
    """There is no key yet, and none may be made."""


def pseudonym_key(delivery: Path, *, create: bool) -> bytes:
    """The key of the pseudonyms of the municipality whose delivery lies in a folder (32 bytes).

    Args:
        delivery: Folder with ``delivery.toml``, which names the municipality.
        create: Make and keep a key of the installation when there is none.

    Raises:
        InputError: as ``installation_key``.
    """
    secret = installation_key(create=create, root=settings.root_of(delivery))
    return hmac.digest(secret, f"municipality|{_municipality(delivery)}".encode(), "sha256")


def passing_key(delivery: Path) -> bytes:
    """The key of the pseudonyms, or one that nobody keeps where there is none: enough to look at a delivery.

    Raises:
        InputError: there is a key, and it cannot be used.
    """
    try:
        return pseudonym_key(delivery, create=False)
    except NoKeyError:
        return secrets.token_bytes(32)


def fingerprint_of(key: bytes) -> str:
    """Digits by which a key is recognised; they tell nothing of the key or of what it hides."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:FINGERPRINT]


def keyed_hash(digest: str, *, key: bytes) -> str:
    """The SHA-256 of a file under the key: whoever guesses what the file says cannot confirm it."""
    return hmac.digest(key, f"file|{digest}".encode(), "sha256").hex()


def installation_key(*, create: bool, root: Path | None = None) -> bytes:
    """The key of the installation; it never lies inside the project or a delivery.

    Looked for in ``ANALYSIS_PSEUDONYM_KEY`` (hexadecimal, base64 or any text), in the file named by
    ``ANALYSIS_PSEUDONYM_KEY_FILE``, in the one named by ``analysis.toml`` (``[pseudonyms] key_file``), and in
    ``~/.config/analysis/pseudonyms.key``.

    Args:
        create: Make and keep a new key when there is none.
        root: The project's folder, if any.

    Raises:
        NoKeyError: there is no key and none may be made.
        InputError: it is shorter than 16 characters, cannot be read or kept, or lies beside the data.
    """
    if os.environ.get(KEY_VARIABLE):
        return _key(os.environ[KEY_VARIABLE], KEY_VARIABLE)
    path, shown = key_place(root)
    _outside(path)
    if _is_file(path):
        try:
            return _key(path.read_text(encoding="utf-8", errors="replace"), f"the key file {path.name} ({shown})")
        except OSError as error:
            raise InputError(f"the key file {path.name} ({shown}) cannot be read: {error.strerror}") from None
    if not create:
        raise NoKeyError(
            f"no key for pseudonyms: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}, or make {path.name} ({shown}) with "
            "`analysis key --create`"
        )
    return _made(path, shown)


def _made(path: Path, shown: str) -> bytes:
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


def _municipality(delivery: Path) -> str:
    """The municipality as ``delivery.toml`` names it, without case or blanks that say nothing; '' where it does not.

    A file that cannot be understood is told of where the delivery is read.
    """
    try:
        content = tomllib.loads((delivery / FILE).read_bytes().decode("utf-8-sig"))
        name = str(content["delivery"]["municipality"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above it may not be entered
        return False


def _outside(path: Path) -> None:
    """Refuse a key beside the data it protects."""
    for folder in path.resolve().parents:
        if any((folder / name).is_file() for name in (settings.FILE, FILE)):
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
