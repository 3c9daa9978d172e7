"""From the outputs of a report notebook to the parts of a page: header, first screen, sections, footer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Heading, Masthead, Note, Part, Several, Shown, Table, Verdict, restore
from analysis.publishing.pages import render
from analysis.publishing.pages.names import (
    ALWAYS,
    CARDS,
    SHEETS,
    TOPICS,
    UNDERLAG,
    downloads,
    link,
    page_name,
)
from analysis.publishing.views import registry as views
from analysis.publishing.views.grid import mail
from analysis.publishing.words.locale import Locale, isolated, locale

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


SCRIPTS = {"what_if": "report.js", "multiples": "filter.js"}
"""The script of a kind of object that has one."""
SHEET_PARTS = ("departments", "people", "action")
"""Parts of a report that are printed: each begins a sheet of paper, after the claim."""
WIDE = frozenset(
    {"what_if", "methods", "passport", "activities", "points", "note", "figures", "measures", "calendar", "multiples"}
)
"""Kinds that take both columns of a section; of tables the wide and the folded ones do."""


def compose(bundles: Sequence[Mapping[str, Any]], language: str, languages: Sequence[str], file: str = SHEETS) -> Page:
    """What ``_page.html.j2`` is given for a report.

    Args:
        bundles: the notebook's data outputs, in order.
        language: language of the page.
        languages: every language that the edition has; the first is that of ``index.html``.
        file: which of a report's two files (``pages.names``); a page that the edition has once is one file.

    Raises:
        InputError: the notebook holds no masthead or no verdict (it stopped half-way, or is not a report), or nothing
            that stands in the asked file.
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
    kind = UNDERLAG if file == UNDERLAG else about["page"] or "page"
    title = words.text(Term(f"{kind}.title", {"who": mastheads[0].department, "month": about["period"]}))
    said = _of_file([item for item in shown if not isinstance(item, Masthead)], file)
    if file == UNDERLAG:
        if not said:
            raise InputError("the notebook shows nothing that stands in Underlag; render its sheets alone")
        said.insert(0, Verdict(Term("underlag.headline", {"who": mastheads[0].department}), (Term("underlag.lead"),)))
    kinds = {item.kind for item in _each(said)}
    script = "".join(render.source(name) or "" for kind, name in SCRIPTS.items() if kind in kinds)
    own = page_name(stem, language, languages, file)
    other = UNDERLAG if file == SHEETS else SHEETS
    paired = stem not in CARDS and any(isinstance(item, Heading) and item.underlag for item in shown)
    return frame(words, languages, stem, file, about["topics"]) | {
        "script": Markup(script),
        "policy": policy(script),
        "title": title,
        "name": isolated(about["name"], always=True),
        "parent": isolated(above, always=True) if above else "",
        "edition": words.html(edition),
        "index": link(page_name("index", language, languages), own),
        "index_text": words.text(Term("page.index")),
        "other": link(page_name(stem, language, languages, other), own) if paired else "",
        "other_text": words.text(Term(f"page.to_{other}")) if paired else "",
        "preview": preview_text(about["preview"], about["tried"], words),
        "body": body(said, words, isolated(about["name"], always=True)),
        "footer": [
            *download_links(stem, words),
            *footer(about, words, link(page_name("methods", language, languages), own)),
        ],
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


def _of_file(shown: Sequence[Shown], file: str) -> list[Shown]:
    """The objects that stand in one file: each part goes where its heading says, what begins the page on the sheets."""
    found, here = [], SHEETS
    for item in shown:
        if isinstance(item, Heading):
            here = UNDERLAG if item.underlag else SHEETS
        if here == file:
            found.append(item)
    return found


def frame(words: Locale, languages: Sequence[str], stem: str, file: str = SHEETS, topics: Sequence[str] = ()) -> Page:
    """What every page has: style, skip link, switch of language, purpose, and the pages that the edition has once.

    Args:
        words: the formatter of the page's language.
        languages: every language of the edition.
        stem: the page's name.
        file: which of a report's two files.
        topics: the pages about one matter that the edition has.
    """
    others = [other for other in languages if other != words.language]
    own = page_name(stem, words.language, languages, file)
    names = {other: locale(other).text(Term("page.in_language")) for other in others}
    return {
        "language": words.language,
        "css": Markup(render.source("report.css") or ""),
        "script": "",
        "other": "",
        "other_text": "",
        "policy": policy(""),
        "skip": words.text(Term("page.skip")),
        "switch": [
            {"language": other, "text": names[other], "href": link(page_name(stem, other, languages, file), own)}
            for other in others
        ],
        "purpose": words.text(Term("page.purpose")),
        "cards": [
            {"text": words.text(Term(f"{name}.link")), "href": link(page_name(name, words.language, languages), own)}
            for name in (*ALWAYS, *(topic for topic in TOPICS if topic in topics))
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


def body(shown: Sequence[Shown], words: Locale, running: Markup | str = "") -> Markup:
    """The first screen, then one section per heading.

    ``running``: whose page it is, which each sheet of paper after the first says at its top.
    """
    starts = [place for place, item in enumerate(shown) if isinstance(item, Heading)]
    parts = []
    first = shown[: starts[0]] if starts else shown
    parts.append(_first(first, words))
    headings = {place: item for place, item in enumerate(shown) if isinstance(item, Heading)}
    if headings:
        links = [
            Markup('<li><a href="#{}">{}</a></li>').format(_anchor(item, place, words), words.text(item.text))
            for place, item in headings.items()
        ]
        parts.append(
            Markup('<nav class="onward" id="contents" aria-label="{}"><ul>{}</ul></nav>').format(
                words.text(Term("page.onward")), Markup("").join(links)
            )
        )
    back = Markup('<p class="back"><a href="#contents">{}</a></p>').format(words.text(Term("page.back")))
    for start, end in pairwise([*starts, len(shown)]):
        inner = [_html(shown[start], words, start, 2)]
        places = sorted(range(start + 1, end), key=lambda place: isinstance(shown[place], Note))
        blocks = [block for place in places for block in _blocks(shown[place], f"p{place}")]
        inner += [render.html(item, words, prefix, level=3) for item, prefix in _paired(blocks)]
        name = _anchor(headings[start], start, words)
        kind = "screen sheet" if name in SHEET_PARTS else "screen"
        opened = Markup('<section class="{}" id="{}" aria-labelledby="p{}-title">\n').format(kind, name, start)
        if running and name in SHEET_PARTS:
            opened += Markup('<p class="running" aria-hidden="true">{}</p>\n').format(running)
        parts.append(opened + Markup("\n").join([*inner, back]) + Markup("\n</section>"))
    return Markup("\n").join(parts)


def _anchor(heading: Heading, place: int, words: Locale) -> str:
    """Where a part of the page begins, as an address: the same in every language."""
    return f"p{place}-part" if heading.id is None else words.show(heading.id)


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


def footer(about: Mapping[str, Any], words: Locale, methods: str = "methods.html") -> list[Markup]:
    """Contact, accessibility statement, name of the edition.

    ``methods``: address of the edition's page about itself, where the accessibility statement stands or is linked.
    """
    lines = []
    if about["email"]:
        who = f"{about['contact']}, " if about["contact"] else ""
        lines.append(Markup("{} {}{}").format(words.text(Term("page.contact")), who, mail(about["email"])))
    statement = f"{methods}#accessibility"
    lines.append(Markup('<a href="{}">{}</a>').format(statement, words.text(Term("page.accessibility"))))
    if about["passport"]:
        lines.append(escape(words.text(Term("page.passport"))) + Markup(" <code>{}</code>").format(about["passport"]))
    return lines
