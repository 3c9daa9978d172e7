"""A proposal as TOML that a person can read, correct and run: every guess with how sure it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.draft import Entry, Line

BARE = re.compile(r"[A-Za-z0-9_-]+")
COMMENT_AT = 60
"""Column in which comments begin at the latest, unless their line is longer."""
CERTAIN = 0.99
"""No guess is shown as surer than this."""
ORDER = ("columns", "formats", "scale", "constants", "keys", "clean")
PRIVATE = re.compile(r"\d{6}|@")
WIDTH = 116


def toml(value: Any) -> str:
    """A value as TOML: text, number, boolean, date, a list of them, or an inline table."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(name)} = {toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    text = str(value)
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"  # patterns are easier to read unescaped
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, quoted where TOML wants it."""
    return name if BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def line(each: Line, language: str, *, quoted: bool = False, at: int = COMMENT_AT) -> str:
    """One ``key = value`` with its confidence and note as a comment in column ``at``."""
    text = _statement(each, quoted)
    remarks = []
    if each.confidence is not None:
        remarks.append(f"{min(each.confidence, CERTAIN):.0%}".replace("%", " %"))
    if each.note is not None:
        remarks.append(comment(each.note.text(language)))
    return f"{text.ljust(at)}  # {', '.join(remarks)}" if remarks else text


def block(lines: list[Line], language: str, *, quoted: bool = False) -> list[str]:
    """Lines with their comments below each other."""
    at = min(max((len(_statement(each, quoted)) for each in lines), default=0), COMMENT_AT)
    return [line(each, language, quoted=quoted, at=at) for each in lines]


def _statement(each: Line, quoted: bool) -> str:
    name = json.dumps(each.key, ensure_ascii=False) if quoted else key(each.key)
    return f"{'# ' if each.off else ''}{name} = {toml(each.value)}"


def comment(text: str) -> str:
    """Text that stays on one line and in its comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def entry_lines(entry: Entry, language: str) -> list[str]:
    """One ``[[file]]`` with its sections, its rules and what is not used; all of it as comments if it is off."""
    lines = _entry_lines(entry, language)
    return [each if each.startswith("#") else f"# {each}" for each in lines] if entry.off else lines


def _entry_lines(entry: Entry, language: str) -> list[str]:
    if entry.table:
        table = Line("table", entry.table, entry.confidence)
    else:
        table = Line(
            "table", "", None, Notice(sv="välj tabell, se docs/tables.md", en="choose one, see docs/tables.md")
        )
    lines = ["[[file]]", *block([table, *entry.settings], language)]
    values = sorted(name for name in entry.sections if name.startswith("values."))
    for name in (*ORDER, *values):
        section = entry.sections.get(name)
        if section:
            off = all(each.off for each in section) and name != "columns" and not name.startswith("values.")
            lines.append(f"{'# ' if off else ''}[file.{name}]")
            lines += block(section, language, quoted=name.startswith("values."))
    for rule in entry.exclude:
        lines += ["[[file.exclude]]", *block([Line(name, value) for name, value in rule.items()], language)]
    if entry.unused:
        lines.append({"sv": "# Kolumner som inte används:", "en": "# Columns not used:"}[language])
        for header in entry.unused:
            why = entry.reasons.get(header)
            said = f": {why.text(language)}" if why else ""
            lines += wrapped(f'"{public(header)}"{said}', first="#   ", rest="#     ")
    return lines


def public(header: str) -> str:
    """A header as it may be repeated; one that holds a long number may be a cell about a person."""
    return "*****" if PRIVATE.search(header) else header


def wrapped(text: str, *, first: str = "# ", rest: str = "#   ") -> list[str]:
    """Comment lines of a paragraph."""
    lines, current = [], first
    for word in comment(text).split(" "):
        if len(current) + len(word) > WIDTH and current.strip("# "):
            lines.append(current.rstrip())
            current = rest
        current += word + " "
    return [*lines, current.rstrip()]


def numbered(doubts: Iterable[Notice], language: str) -> list[str]:
    """The doubts as a numbered list."""
    return [f"{place}. {comment(each.text(language))}" for place, each in enumerate(doubts, start=1)]
