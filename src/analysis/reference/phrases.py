"""Definitions written out: phrases that many share (population, period rule, least group) stand once in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.errors import InputError

LANGUAGES = ("sv", "en")
"""Languages of reference data, of ``check`` and of the pages that are shipped; the first is the usual one."""
SHARED = ("population", "period_rule", "min_n")
FILE = "definitions.toml"


def whole(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every definition of the file with ``_sv`` and ``_en`` fields in place of phrases.

    ``population``, ``period_rule`` and ``min_n`` name a phrase of the table of that name, and stay beside it;
    ``numerator``, ``denominator`` and ``why`` are written where they stand. A formula that is not given is the
    numerator, divided by the denominator if there is one; a remark after a semicolon comes last.

    Args:
        document: the parsed file.

    Raises:
        InputError: a definition names a phrase that the file does not hold, or lacks a language.
    """
    for entry in document["definition"]:
        yield _written_out(entry, document)


def _written_out(entry: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    name = entry.get("id", "")
    found = dict(entry)
    for field in SHARED:
        phrase = document.get(field, {}).get(entry.get(field, ""))
        if phrase is None:
            known = ", ".join(document.get(field, {}))
            raise InputError(f"{FILE}: {name}.{field}: {entry.get(field)!r} is no phrase; choose one of {known}")
        found |= _both(field, phrase, name)
    for field in ("numerator", "denominator", "why"):
        if field in found:
            found |= _both(field, found.pop(field), name)
    if "formula_sv" not in found and "formula_en" not in found and "numerator_sv" in found:
        for language, over in (("sv", " delat med "), ("en", " divided by ")):
            below = found.get(f"denominator_{language}", "")
            above, *remark = found[f"numerator_{language}"].split(";", 1)
            found[f"formula_{language}"] = ";".join([above + (over + below if below else ""), *remark])
    return found


def _both(field: str, phrase: Any, name: str) -> dict[str, str]:
    if not isinstance(phrase, dict) or set(phrase) != set(LANGUAGES):
        raise InputError(f"{FILE}: {name}.{field}: give it as {{sv = …, en = …}}")
    return {f"{field}_{language}": str(phrase[language]) for language in LANGUAGES}
