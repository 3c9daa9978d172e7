"""The list of an edition's reports: every department in the order of the organisation, without a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from analysis.publishing.objects.atoms import Day, Fact, Month, Name, Tally, Term
from analysis.publishing.objects.rows import Point
from analysis.publishing.pages import render
from analysis.publishing.pages.names import index_name, page_name
from analysis.publishing.pages.page import download_links, footer, frame, policy, preview_text
from analysis.publishing.views.grid import has_interval
from analysis.publishing.views.multiples import Multiples, Strip, table_of
from analysis.publishing.words.locale import Locale, locale
from analysis.tables.protected import ORGANISATION, Cell, Department

State = Literal["published", "failed", "too_small", "not_requested"]


@dataclass(frozen=True)
class Entry:
    """A department in the list, and what became of its report."""

    key: str
    name: str
    name_en: str
    parent: str
    parent_en: str
    status: State
    need: Cell | None = None
    empty: Cell | None = None
    history: tuple[Point, ...] = ()
    own: Cell | None = None
    code: str = ""


def render_index(*, about: Mapping[str, Any], entries: Sequence[Entry], language: str, languages: Sequence[str]) -> str:
    """The list of reports as a page.

    Args:
        about: facts of the edition (``about.json``).
        entries: departments in the order of the organisation; the entry with key ``all`` is the whole
            organisation.
        language: language of the page.
        languages: every language of the edition, the first is that of ``index.html``.
    """
    words = locale(language)
    month, ahead = Month(about["period"]), Month(about["horizon"])
    place = Name(about["municipality"], about.get("municipality_en") or about["municipality"])
    below = [entry for entry in entries if entry.key != ORGANISATION]
    counts = {state: Tally(state, sum(entry.status == state for entry in below)) for state in ("published", "failed")}
    lead = [words.text(Term("site.lead", {"n": counts["published"], "month": month}))]
    if counts["failed"].n:
        lead.append(words.text(Term("site.failed", {"n": counts["failed"]})))
    shown = Multiples(
        Term("departments.caption"), Term("departments.lead"), tuple(_strip(entry) for entry in below), ahead,
        (Term("site.order"),),
    )  # fmt: skip
    rows = table_of(shown, words, "site", lambda each: page_name(each.key, language, languages))
    listed = render.environment().get_template("parts/multiples.html.j2").render(
        **rows, prefix="site", h="h2", sub="h3"
    )  # fmt: skip
    view = {
        "title": words.text(Term("site.title", {"where": place, "month": month})),
        "lead": Markup(" ").join([*_verdict(entries, words, ahead), *(escape(line) for line in lead)]),
        "whole": _whole(entries, words, languages),
        "departments": Markup(listed),
        "trust_title": words.text(Term("trust.title")),
        "trust": _trust(about, words),
    }
    script = render.source("filter.js") or ""
    content = render.environment().get_template("parts/site.html.j2").render(**view)
    page = frame(words, languages, "index", topics=about.get("topics", ())) | {
        "script": Markup(script),
        "policy": policy(script),
        "title": view["title"],
        "name": words.show(place),
        "parent": "",
        "edition": words.text(Term("page.edition", {"month": month})),
        "index": f"../{index_name(language, languages)}",
        "index_text": words.text(Term("editions.link")),
        "preview": preview_text(bool(about.get("preview")), about.get("tried", ""), words),
        "body": Markup(content),
        "footer": [
            *download_links("index", words, about.get("edition", "")),
            *footer(_contact(about), words, page_name("methods", language, languages)),
        ],
    }
    return render.environment().get_template("_page.html.j2").render(page=page)


def _strip(entry: Entry) -> Strip:
    """A row of the list; a report that is not there says why."""
    status = "pooled" if entry.status == "too_small" else "reported"
    where = Department(
        entry.key, entry.name, entry.name_en, entry.parent, entry.parent_en, status, entry.code
    )  # fmt: skip
    if entry.status != "published":
        return Strip(where, why=Term(f"site.{entry.status}.why"))
    return Strip(where, entry.history, entry.need, entry.empty, entry.own)


def _verdict(entries: Sequence[Entry], words: Locale, month: Month) -> list[Markup]:
    """What the whole organisation has to fill, where it may be said."""
    for entry in entries:
        need, empty = entry.need, entry.empty
        if entry.key == ORGANISATION and need is not None and need.shown and empty is not None and empty.shown:
            if not has_interval(empty):
                return []
            return [words.html(Term("site.verdict", {"need": need, "empty": empty, "month": month}))]
    return []


def _whole(entries: Sequence[Entry], words: Locale, languages: Sequence[str]) -> Markup:
    found = [entry for entry in entries if entry.key == ORGANISATION]
    if not found or found[0].status != "published":
        return escape(words.text(Term("site.no_whole")))
    href = page_name("organisation", words.language, languages)
    return Markup('<a href="{}">{}</a>').format(href, words.text(Term("site.whole")))


def _trust(about: Mapping[str, Any], words: Locale) -> list[tuple[str, Markup]]:
    records = about.get("records", {})
    rows: list[tuple[str, Term]] = []
    if about.get("extracted") and records:
        facts = {name: Fact.of(about, "records", key) for name, key in (("rejected", "quarantined"), ("read", "read"))}
        found = Fact.of(about, "quality", "found")
        if found is not None and found.value:
            facts["found"] = found
        text = "trust.data.checked" if "found" in facts else "trust.data.text"
        rows.append(("data", Term(text, {"day": Day(about["extracted"]), **facts})))
    for name, path in (("unknown", "unknown_cause_share"), ("withheld", "withheld_share")):
        share = Fact.of(about, path)
        if share is not None:
            rows.append((name, Term(f"trust.{name}.text", {"share": share})))
    said = [(words.text(Term(f"trust.{name}")), words.html(term)) for name, term in rows]
    if about.get("next_edition"):
        said.append((words.text(Term("trust.next")), escape(words.show(Month(about["next_edition"])))))
    return said


def _contact(about: Mapping[str, Any]) -> dict[str, Any]:
    contact = about.get("contact", {})
    return {
        "email": contact.get("email"),
        "contact": contact.get("name"),
        "accessibility": contact.get("accessibility_statement"),
        "passport": about.get("edition"),
    }
