"""The list of editions, which is part of none: an edition's own files never change when another is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from analysis.publishing.objects.atoms import Day, Month, Name, Tally, Term
from analysis.publishing.pages import render
from analysis.publishing.pages.names import index_name
from analysis.publishing.pages.page import frame
from analysis.publishing.words.locale import locale


@dataclass(frozen=True)
class Edition:
    """A published edition as the list names it. ``built``: the day, YYYY-MM-DD; ``index``: address of its own list."""

    name: str
    municipality: Name
    period: str
    built: str
    reports: int
    languages: tuple[str, ...]

    @property
    def of(self) -> str:
        """The edition that this is, or was a build of."""
        return self.name.partition("~")[0]

    @property
    def replaced(self) -> int:
        """Number of a build that has been replaced, ``NAME~N``; 0 of the one that stands."""
        return int(self.name.partition("~")[2] or 0)


def render_editions(editions: Sequence[Edition], language: str, languages: Sequence[str]) -> str:
    """The page, newest edition first; builds that one has replaced stand below it and say so.

    Args:
        editions: every published edition.
        language: language of the page.
        languages: every language of the page, the first is that of ``index.html``.
    """
    words = locale(language)
    rows = []
    newest: dict[str, str] = {}
    for edition in editions:
        newest[edition.of] = max(newest.get(edition.of, ""), edition.built)
    for edition in sorted(
        editions, key=lambda each: (each.period, newest[each.of], each.of, not each.replaced, each.replaced),
        reverse=True,
    ):  # fmt: skip
        spoken = language if language in edition.languages else edition.languages[0]
        href = f"{edition.name}/{index_name(spoken, edition.languages)}"
        text = words.text(Term("editions.of", {"where": edition.municipality, "month": Month(edition.period)}))
        rows.append(
            {
                "name": Markup('<a href="{}">{}</a>').format(href, text),
                "edition": escape(edition.name)
                + (f", {words.text(Term('editions.replaced'))}" if edition.replaced else ""),
                "reports": words.text(Term("editions.reports", {"n": Tally("reports", edition.reports)})),
                "built": words.show(Day(edition.built)),
            }
        )
    title = words.text(Term("editions.title"))
    columns = [words.text(Term(f"editions.{name}")) for name in ("month", "name", "count", "built")]
    view = {"title": title, "lead": words.text(Term("editions.lead")), "columns": columns, "rows": rows}
    content = render.environment().get_template("parts/editions.html.j2").render(**view)
    page = frame(words, languages, "index") | {
        "title": title,
        "name": title,
        "parent": "",
        "edition": "",
        "index": "",
        "index_text": "",
        "preview": "",
        "cards": [],
        "body": Markup(content),
        "footer": [],
    }
    return render.environment().get_template("_page.html.j2").render(page=page)
