"""Patterns of a description, run in bounded time: ``^(a+)+$`` does not end on a long text that does not match.

An engine of patterns cannot be interrupted where it works beside the main thread, and holds up everything else. So a
pattern that may take long works in a process of its own, which is stopped when its time is up; a plain one works here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Literal

from analysis.errors import InputError

SECONDS = 20.0
"""What one pattern may take on the texts of one block of rows; an ordinary one takes a thousandth of it."""
PLAIN = 1
"""Repetitions without an end that a pattern may have to work here: with one, its time grows with the square at most."""
REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", codes.MAX_REPEAT)})
LONG = 100
"""Repetitions up to a number as high as this count as without an end."""
WORK = """
import json, re, sys
given = json.load(sys.stdin)
pattern = re.compile(given["pattern"], given["flags"])
if given["how"] == "sub":
    found = [pattern.sub(given["replace"], text) for text in given["texts"]]
else:
    found = [getattr(pattern, given["how"])(text) is not None for text in given["texts"]]
json.dump(found, sys.stdout)
"""


def matches(
    pattern: str, texts: Sequence[str], *, how: Literal["search", "fullmatch"] = "search", flags: int = 0
) -> list[bool]:
    """Which texts a pattern matches.

    Args:
        pattern: a regular expression that compiles.
        texts: distinct texts.
        how: anywhere, or as a whole.
        flags: of ``re``.

    Raises:
        InputError: it took too long.
    """
    if not texts or is_plain(pattern):
        compiled = re.compile(pattern, flags)
        return [getattr(compiled, how)(text) is not None for text in texts]
    return list(_apart(pattern, texts, how=how, flags=flags))


def substituted(pattern: str, replace: str, texts: Sequence[str], *, flags: int = 0) -> list[str]:
    """Texts with everything that a pattern matches replaced (``re.sub``).

    Raises:
        InputError: it took too long.
    """
    if not texts or is_plain(pattern):
        compiled = re.compile(pattern, flags)
        return [compiled.sub(replace, text) for text in texts]
    return list(_apart(pattern, texts, how="sub", flags=flags, replace=replace))


@lru_cache(maxsize=1000)
def is_plain(pattern: str) -> bool:
    """True for a pattern that cannot take long: at most one repetition without an end, and not inside another."""
    return sum(_repeats(parser.parse(pattern), 1)) <= PLAIN


def _repeats(tree: Any, times: int) -> Iterator[int]:
    """How much each repetition without an end counts; inside another repetition it counts as several."""
    for code, value in tree:
        if code in REPEATS:
            _, most, inner = value
            endless = most is codes.MAXREPEAT or most >= LONG
            if endless:
                yield times
            yield from _repeats(inner, times + (1 if most is codes.MAXREPEAT or most > 1 else 0))
        elif code is codes.BRANCH:
            for branch in value[1]:
                # ways to choose from, many times over, multiply
                yield from _repeats(branch, times)
            if times > 1:
                yield times
        else:
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, parser.SubPattern):
                    yield from _repeats(part, times)


def _apart(pattern: str, texts: Sequence[str], *, how: str, flags: int, replace: str = "") -> list[Any]:
    """Let a process of its own do the work.

    Raises:
        InputError: it took too long.
    """
    given = {"pattern": pattern, "flags": int(flags), "how": how, "replace": replace, "texts": list(texts)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", WORK],
            input=json.dumps(given).encode(), capture_output=True, timeout=SECONDS, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InputError(
            f"the pattern '{pattern}' of delivery.toml did not end within {SECONDS:g} seconds; write it without a "
            "repetition inside a repetition"
        ) from None
    found: list[Any] = json.loads(done.stdout)
    return found
