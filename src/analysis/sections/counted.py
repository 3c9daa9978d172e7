"""Which practices the sections count, as Markdown: what ``analysis practices`` prints and docs/practices.md keeps."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.errors import InputError
from analysis.reference.practices import practices
from analysis.sections.section import Section

HEAD = """\
# Practices

What employers do to keep and develop their staff, practice by practice: the figure that counts it and the section of a
page that shows it, or why none does. Written by `analysis practices` from the sections (`counts`) and
`reference/data/practices.toml`; a test holds it against both, and another opens the pages.
"""


def counted_by(sections: Iterable[Section]) -> dict[str, list[str]]:
    """Practice → the sections that show a figure of it.

    Raises:
        InputError: a section counts a practice that the reference data does not hold, or one that is not to be counted.
    """
    known = practices()
    found: dict[str, list[str]] = {}
    for section in sections:
        for practice in section.counts:
            if practice not in known or known[practice]["why"]:
                raise InputError(f"the section {section.id} counts {practice!r}, which practices.toml does not ask for")
            found.setdefault(practice, []).append(section.id)
    return found


def printed(sections: Iterable[Section]) -> str:
    """The list, by source."""
    found = counted_by(sections)
    entries = practices()
    countable = [key for key, entry in entries.items() if entry["figure"]]
    lines = [HEAD, f"{len(found)} of {len(entries)} practices are counted; {len(countable)} could be published.", ""]
    source = ""
    for key, entry in entries.items():
        if entry["source"] != source:
            source = entry["source"]
            lines += [f"## {source}", "", "| practice | what is done | figure | section |", "| --- | --- | --- | --- |"]
        shown = ", ".join(f"`{name}`" for name in sorted(found.get(key, ())))
        figure = entry["figure"] or f"not counted: {entry['why']}"
        row = (key, entry["en"], figure, shown or ("–" if entry["why"] else "not yet"))
        lines.append("| " + " | ".join(each.replace("|", "\\|") for each in row) + " |")
        following = list(entries)[list(entries).index(key) + 1 :][:1]
        if following and entries[following[0]]["source"] != source:
            lines.append("")
    return "\n".join([*lines, ""])
