"""Definitions as text: the list, and one of them in words."""

from __future__ import annotations

import re
from difflib import get_close_matches
from textwrap import wrap
from typing import Any

from analysis.errors import InputError
from analysis.reference import definitions
from analysis.reference.finding import grouped, search

WORDS: dict[str, dict[str, Any]] = {
    "sv": {
        "every": "{n} definitioner. Hela definitionen: analysis indicators ID. Sök: analysis indicators --search ORD.",
        "found": "Funna definitioner: {n}. Hela definitionen: analysis indicators ID.", "not_computed": "beräknas inte",
        "formula": "Formel", "population": "Population", "numerator": "Täljare", "denominator": "Nämnare",
        "period_rule": "Period", "min_n": "Minsta antal", "level": "Nivå", "unit": "Enhet", "source": "Källa",
        "measure": "Mått", "comparable_with": "Jämförbar med", "input_to": "Indata till", "valid_from": "Gäller från",
        "replaces": "Ersätter", "why": "Beräknas inte", "variants": "Samma mått",
        "department": "avdelning", "organisation": "kommun",
    },
    "en": {
        "every": "{n} definitions. All of one: analysis indicators ID. Search: analysis indicators --search WORD.",
        "found": "Definitions found: {n}. All of one: analysis indicators ID.", "not_computed": "not computed",
        "formula": "Formula", "population": "Population", "numerator": "Numerator", "denominator": "Denominator",
        "period_rule": "Period", "min_n": "Least group", "level": "Level", "unit": "Unit", "source": "Source",
        "measure": "Measure", "comparable_with": "Comparable with", "input_to": "Input to", "valid_from": "Valid from",
        "replaces": "Replaces", "why": "Not computed", "variants": "Same measure",
        "department": "department", "organisation": "municipality",
    },
}  # fmt: skip
UNITS = {
    "sv": {
        "persons": "personer", "fte": "heltidstjänster", "share": "andel", "rate": "per personår", "ratio": "kvot",
        "posts": "tjänster", "score": "poäng", "index": "index 0–100", "kronor": "kronor", "days": "dagar",
    },
    "en": {
        "persons": "persons", "fte": "full-time equivalents", "share": "share", "rate": "per person-year",
        "ratio": "ratio", "posts": "posts", "score": "score", "index": "index 0–100", "kronor": "kronor",
        "days": "days",
    },
}  # fmt: skip
COLUMNS, INDENT = 80, "  "
"""Width of a terminal that everyone has."""
SPOKEN = ("formula", "population", "numerator", "denominator", "period_rule", "min_n")


def listing(language: str, *, search_for: str = "") -> str:
    """Definitions by group, each with its id and its name, on lines of at most 80 characters.

    Args:
        language: sv or en.
        search_for: words to search for; '' for every definition.

    Raises:
        InputError: the language is not known, or nothing is found.
    """
    words = _words(language)
    found = search(search_for) if search_for.strip() else list(definitions())
    width = max(map(len, found)) + len(INDENT)
    lines: list[str] = []
    for group, ids in grouped(found):
        lines += ["", getattr(group, language)]
        for id in ids:
            entry = definitions()[id]
            name = entry[language] + ("" if entry["status"] == "computed" else f" ({words['not_computed']})")
            lines += wrap(
                name, COLUMNS, initial_indent=f"{INDENT}{id}".ljust(width + 2), subsequent_indent=" " * (width + 2)
            )
    told = words["found" if search_for.strip() else "every"].format(n=len(found))
    return "\n".join([*wrap(told, COLUMNS), *lines])


def whole_definition(name: str, language: str) -> str:
    """One definition in words, a line for each of its parts.

    Args:
        name: id of the definition, or national id of a measure that it is counted as, in any case.
        language: sv or en.

    Raises:
        InputError: the language or the definition is not known; the nearest id is suggested.
    """
    words = _words(language)
    key = name.lower()
    if key not in definitions():
        key = next((mine for mine, entry in definitions().items() if name.upper() in _national(entry)), key)
    if key not in definitions():
        near = get_close_matches(key, definitions(), n=1, cutoff=0.0)
        raise InputError(f"no indicator {name!r} is defined; did you mean {near[0]}? `analysis indicators` lists all")
    entry = definitions()[key]
    lines = [f"{entry[language]} ({key})"]
    lines += [f"{words[part]}: {entry[f'{part}_{language}']}" for part in SPOKEN if entry[f"{part}_{language}"]]
    lines.append(f"{words['unit']}: {UNITS[language][entry['unit']]}")
    lines.append(f"{words['level']}: {', '.join(words[level] for level in entry['level'])}")
    for part in ("source", "comparable_with", "input_to", "valid_from", "replaces"):
        if entry[part]:
            text = entry[part] if isinstance(entry[part], str) else ", ".join(entry[part])
            lines.append(f"{words[part]}: {text}")
    if entry["status"] != "computed":
        lines.append(f"{words['why']}: {entry[f'why_{language}']}")
    same = [other for other, its in definitions().items() if its["measure"] == entry["measure"] and other != key]
    if same:
        lines.append(f"{words['variants']}: {', '.join(same)}")
    return "\n".join(lines)


def _national(entry: dict[str, Any]) -> set[str]:
    """National ids that a definition names, ranges spelt out."""
    text = " ".join([entry["source"], entry["numerator_sv"], *entry["comparable_with"]])
    found = set()
    for kind, first, last in re.findall(r"\b([NU])(\d{5})(?:–[NU](\d{5}))?", text):
        found |= {f"{kind}{number:05d}" for number in range(int(first), int(last or first) + 1)}
    return found


def _words(language: str) -> dict[str, Any]:
    if language not in WORDS:
        raise InputError(f"language {language!r} is not known; choose sv or en")
    return WORDS[language]
