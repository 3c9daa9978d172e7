"""From the outputs of a report notebook to the parts of a page: header, first screen, sections, footer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.publishing import render, views
from analysis.publishing.atoms import Term
from analysis.publishing.grid import mail
from analysis.publishing.locale import Locale, isolated, locale
from analysis.publishing.names_of_pages import CARDS, downloads, index_name, page_name
from analysis.publishing.objects import Heading, Masthead, Note, Part, Several, Shown, Table, Verdict, restore

Page = dict[str, Any]

COLUMN = {
    "bridge": "left",
    "fan": "left",
    "table": "left",
    "absent.bridge": "left",
    "groups": "right",
    "trust": "right",
    "absent.groups": "right",
    "groups.nobody": "right",
    "points": "points-box",
}
"""Column of the first screen by kind of object (or by message of a note); everything else goes across."""


WIDE = frozenset({"what_if", "methods", "passport", "activities", "points", "note"})
"""Kinds that take both columns of a section; of tables the wide and the folded ones do."""


def compose(bundles: Sequence[Mapping[str, Any]], language: str, languages: Sequence[str]) -> Page:
    """What ``_page.html.j2`` is given for a report.

    Args:
        bundles: the notebook's data outputs, in order.
        language: language of the page.
        languages: every language that the edition has; the first is that of ``index.html``.

    Raises:
        InputError: the notebook holds no masthead or no verdict (it stopped half-way, or is not a report).
    """
    words = locale(language)
    shown = [inner for bundle in bundles for inner in objects(restore(dict(bundle)))]
    mastheads = [item for item in shown if isinstance(item, Masthead)]
    verdicts = [item for item in shown if isinstance(item, Verdict)]
    if len(mastheads) != 1 or len(verdicts) != 1:
        raise InputError("the notebook is not a whole report: it must show one masthead and one verdict; run it again")
    about = views.masthead(mastheads[0], words, "head")
    stem = about["key"]
    above = about["parent"] or ("" if about["organisation"] else about["municipality"])
    edition = Term("page.edition", {"month": about["period"]})
    title = words.text(
        Term(
            f"{about['page']}.title" if about["page"] else "page.title",
            {"who": mastheads[0].department, "month": about["period"]},
        )
    )
    script = render.source("report.js") or "" if any(item.kind == "what_if" for item in _each(shown)) else ""
    return frame(words, languages, stem) | {
        "script": Markup(script),
        "policy": policy(script),
        "title": title,
        "name": isolated(about["name"], always=True),
        "parent": isolated(above, always=True) if above else "",
        "edition": words.html(edition),
        "index": index_name(language, languages),
        "index_text": words.text(Term("page.index")),
        "preview": preview_text(about["preview"], about["tried"], words),
        "body": body([item for item in shown if not isinstance(item, Masthead)], words),
        "footer": [*download_links(stem, words), *footer(about, words)],
    }


def download_links(stem: str, words: Locale, edition: str = "") -> list[Markup]:
    """The line of the colophon with what can be downloaded beside a page; none where there is nothing."""
    links = [
        Markup('<a href="{}" download>{}</a>').format(name, words.text(Term(text)))
        for text, name in downloads(stem, edition)
    ]
    return [Markup("{} ").format(words.text(Term("download.line"))) + Markup(", ").join(links)] if links else []


def preview_text(preview: bool, tried: str, words: Locale) -> str:
    """The line over a preview, with what it tries otherwise than the edition; '' on a published page."""
    if not preview:
        return ""
    said = words.text(Term("page.preview"))
    return f"{said} {words.text(Term('page.tried'))} {tried}." if tried else said


def frame(words: Locale, languages: Sequence[str], stem: str) -> Page:
    """What every page has: style, skip link, switch of language, purpose."""
    others = [other for other in languages if other != words.language]
    names = {other: locale(other).text(Term("page.in_language")) for other in others}
    return {
        "language": words.language,
        "css": Markup(render.source("report.css") or ""),
        "script": "",
        "policy": policy(""),
        "skip": words.text(Term("page.skip")),
        "switch": [
            {"language": other, "text": names[other], "href": page_name(stem, other, languages)} for other in others
        ],
        "purpose": words.text(Term("page.purpose")),
        "cards": [
            {"text": words.text(Term(f"{name}.link")), "href": page_name(name, words.language, languages)}
            for name in CARDS
            if name != stem
        ],
    }


def objects(shown: Shown) -> list[Shown]:
    """The objects of a notebook's output: a part of the page is taken apart."""
    return shown.each() if isinstance(shown, Part) else [shown]


def _each(shown: Sequence[Shown]) -> list[Shown]:
    """Every object, those inside ``Several`` included."""
    return [inner for item in shown for inner in (item.items if isinstance(item, Several) else (item,))]


def policy(script: str) -> str:
    """What a browser may do with the page: nothing from outside, and no script but this one.

    Args:
        script: the page's inline script, '' if it has none.
    """
    known = f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {known}; base-uri 'none'"


def body(shown: Sequence[Shown], words: Locale) -> Markup:
    """The first screen, then one section per heading."""
    starts = [place for place, item in enumerate(shown) if isinstance(item, Heading)]
    parts = []
    first = shown[: starts[0]] if starts else shown
    parts.append(_first(first, words))
    if starts:
        links = [
            Markup('<li><a href="#p{}-title">{}</a></li>').format(place, words.text(shown[place].text))  # type: ignore[attr-defined]
            for place in starts
        ]
        parts.append(
            Markup('<nav class="onward" aria-label="{}"><ul>{}</ul></nav>').format(
                words.text(Term("page.onward")), Markup("").join(links)
            )
        )
    for start, end in pairwise([*starts, len(shown)]):
        inner = [_html(shown[start], words, start, 2)]
        places = sorted(range(start + 1, end), key=lambda place: isinstance(shown[place], Note))
        blocks = [block for place in places for block in _blocks(shown[place], f"p{place}")]
        inner += [render.html(item, words, prefix, level=3) for item, prefix in _paired(blocks)]
        opened = Markup('<section class="screen" aria-labelledby="p{}-title">\n').format(start)
        parts.append(opened + Markup("\n").join(inner) + Markup("\n</section>"))
    return Markup("\n").join(parts)


def _blocks(item: Shown, prefix: str) -> list[tuple[Shown, str]]:
    """An object with its prefix; of several, each with its own."""
    if not isinstance(item, Several):
        return [(item, prefix)]
    return [block for place, inner in enumerate(item.items) for block in _blocks(inner, f"{prefix}-{place}")]


def _paired(blocks: Sequence[tuple[Shown, str]]) -> list[tuple[Shown, str]]:
    """Blocks in their order, but a narrow one is followed by the next narrow one, so that two stand side by side.

    Else a wide block after a narrow one would leave half a row of a desktop page blank. What is lacking (notes) stands
    last, as it came.
    """
    left, placed = list(blocks), []
    while left:
        block = left.pop(0)
        placed.append(block)
        beside = next((at for at, (item, _) in enumerate(left) if not _wide(item)), None)
        if not _wide(block[0]) and beside is not None:
            placed.append(left.pop(beside))
    return placed


def _wide(item: Shown) -> bool:
    return (item.wide or item.folded) if isinstance(item, Table) else item.kind in WIDE


def _html(item: Shown, words: Locale, place: int, level: int) -> Markup:
    return render.html(item, words, f"p{place}", level=level)


def _first(shown: Sequence[Shown], words: Locale) -> Markup:
    """The first screen: objects of the same column share a box, so that two columns stand side by side."""
    boxes: list[tuple[str, list[Markup]]] = []
    for place, item in enumerate(shown):
        name = COLUMN.get(item.text.id if isinstance(item, Note) else item.kind, "across")
        if not boxes or boxes[-1][0] != name or name == "across":
            boxes.append((name, []))
        boxes[-1][1].append(_html(item, words, place, 2))
    drawn = (Markup('<div class="{}">{}</div>').format(name, Markup("\n").join(parts)) for name, parts in boxes)
    return Markup('<div class="first">\n') + Markup("\n").join(drawn) + Markup("\n</div>")


def footer(about: Mapping[str, Any], words: Locale) -> list[Markup]:
    """Contact, accessibility statement, passport."""
    lines = []
    if about["email"]:
        who = f"{about['contact']}, " if about["contact"] else ""
        lines.append(Markup("{} {}{}").format(words.text(Term("page.contact")), who, mail(about["email"])))
    if about["accessibility"]:
        link = Markup('<a href="{}">{}</a>').format(about["accessibility"], words.text(Term("page.accessibility")))
        lines.append(link)
    if about["passport"]:
        lines.append(escape(words.text(Term("page.passport"))) + Markup(" <code>{}</code>").format(about["passport"]))
    return lines
