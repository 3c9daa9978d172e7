"""Words of the commands about retention."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def say(name: str, language: str, **values: object) -> str:
    """A sentence by its dotted name, in ``sv`` or ``en``, with its values filled in."""
    found: Any = _words()
    for part in name.split("."):
        found = found[part]
    return str(found[language]).format(**values)
