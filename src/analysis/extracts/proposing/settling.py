"""Answers of a person put in the place of the open lines of a proposal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.extracts.proposing.writing import toml


def settle(text: str, answers: Mapping[str, str]) -> str:
    """A proposal with its open lines answered.

    Args:
        text: As ``Proposal.text``.
        answers: By the ids of ``start_questions.toml``; "" leaves a line as it is. ``person`` is a list in TOML.

    Returns:
        The text with ``municipality``, ``extracted``, ``level``, ``snapshot`` and ``person`` written where they stood
        open (or proposed), and ``rate`` under ``[assumptions]``.
    """
    head, mark, entries = text.partition("[[file]]")  # a column of a file may be called as a line of the head
    for name in ("municipality", "level"):
        if answers.get(name):
            head = _put(head, name, toml(answers[name]))
    if answers.get("extracted"):
        head = _put(head, "extracted", answers["extracted"])
    if answers.get("level"):
        head = head.replace("# [departments]\n", "[departments]\n", 1)
    text = head + mark + entries
    for name, section in (("snapshot", "constants"), ("person", "keys")):
        if answers.get(name):
            value = answers[name] if name == "person" else toml(answers[name])
            text = _open(text, name, section, value)
    if answers.get("rate"):
        before, mark, after = text.partition("\n[[file]]")
        text = f"{before}\n[assumptions]\nrate = {float(answers['rate'].replace(',', '.'))!r}\n{mark}{after}"
    return text


def _put(text: str, name: str, value: str) -> str:
    """The first line of ``name``, open or proposed, with another value; comments behind it stay."""
    return re.sub(rf"(?m)^(?:# )?{name} = [^#\n]*", lambda _: f"{name} = {value}  ", text, count=1)


def _open(text: str, name: str, section: str, value: str) -> str:
    """Every open line of ``name`` in a section of a file with the value, and the section's own line if it was open."""
    lines = text.split("\n")
    header = 0
    for place, line in enumerate(lines):
        if line.lstrip("# ").startswith("["):
            header = place
        if line.startswith(f"# {name} = ") and lines[header].lstrip("# ") == f"[file.{section}]":
            _, _, remark = line.partition("  # ")
            lines[place] = f"{name} = {value}" + (f"  # {remark}" if remark else "")
            lines[header] = f"[file.{section}]"
    return "\n".join(lines)
