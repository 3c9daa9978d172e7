"""Which practices the sections count, as Markdown: what ``analysis practices`` prints and docs/practices.md keeps."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from analysis.errors import InputError
from analysis.reference.practices import practices
from analysis.sections.section import Section

HEAD = """\
# Practices

What employers do to keep and develop their staff, practice by practice: the figure that counts it and the section of a
page that shows it, or why none does. Written by `analysis practices` from the sections (`counts`) and
`reference/data/practices.toml`; a test holds it against both, and another opens the pages of the sample, where each
practice must show one of the figures that its sections name (*figures held against the truth*), equal to what was
planted.
"""
HEADS = (
    "| practice | what is done | figure | section | figures held against the truth |",
    "| --- | --- | --- | --- | --- |",
)
ANY = "*"


def counted_by(sections: Iterable[Section]) -> dict[str, list[str]]:
    """Practice → the sections that show a figure of it.

    Raises:
        InputError: a section counts a practice that the reference data does not hold, or one that is not to be counted,
            names no figure of it, or one of a table that it does not show.
    """
    known = practices()
    found: dict[str, list[str]] = {}
    for section in sections:
        for practice, figures in section.counts.items():
            if practice not in known or known[practice]["why"]:
                raise InputError(f"the section {section.id} counts {practice!r}, which practices.toml does not ask for")
            if not figures:
                raise InputError(f"the section {section.id} counts {practice!r} without naming a figure; name one")
            for figure in figures:
                if not section.may_read(figure.partition("/")[0]):
                    raise InputError(
                        f"the section {section.id} counts {practice!r} by {figure!r}, of a table that it does not "
                        "show; name a figure of one that it publishes or reads"
                    )
            found.setdefault(practice, []).append(section.id)
    return found


def claimed(sections: Iterable[Section]) -> dict[str, tuple[str, ...]]:
    """Practice → the figures that its sections name, each once."""
    found: dict[str, dict[str, None]] = {}
    for section in sections:
        for practice, figures in section.counts.items():
            found.setdefault(practice, {}).update(dict.fromkeys(figures))
    return {practice: tuple(figures) for practice, figures in found.items()}


def is_claimed(figure: str, table: str, row: str, column: str) -> bool:
    """Is a cell one of those that ``figure`` (``table/row/column`` with ``*`` for any) names?"""
    parts = [*figure.split("/"), ANY, ANY][:3]
    return all(fnmatchcase(key, part) for key, part in zip((table, row, column), parts, strict=True))


def printed(sections: Iterable[Section]) -> str:
    """The list, by source."""
    sections = list(sections)
    found, figures = counted_by(sections), claimed(sections)
    entries = practices()
    countable = [key for key, entry in entries.items() if entry["figure"]]
    lines = [HEAD, f"{len(found)} of {len(entries)} practices are counted; {len(countable)} could be published.", ""]
    source = ""
    for key, entry in entries.items():
        if entry["source"] != source:
            source = entry["source"]
            lines += [f"## {source}", "", *HEADS]
        shown = ", ".join(f"`{name}`" for name in sorted(found.get(key, ())))
        figure = entry["figure"] or f"not counted: {entry['why']}"
        held = ", ".join(f"`{name}`" for name in figures.get(key, ()))
        row = (key, entry["en"], figure, shown or ("–" if entry["why"] else "not yet"), held or "–")
        lines.append("| " + " | ".join(each.replace("|", "\\|") for each in row) + " |")
        following = list(entries)[list(entries).index(key) + 1 :][:1]
        if following and entries[following[0]]["source"] != source:
            lines.append("")
    return "\n".join([*lines, ""])
