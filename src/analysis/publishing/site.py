"""The list of an edition's reports: every department in the order of the organisation, without a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from analysis.publishing import render
from analysis.publishing.atoms import Day, Fact, Month, Name, Tally, Term
from analysis.publishing.grid import put
from analysis.publishing.locale import Locale, isolated, locale
from analysis.publishing.names_of_pages import page_name
from analysis.publishing.page import download_links, footer, frame, preview_text
from analysis.tables.protected import ORGANISATION, Cell

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
    own_request: Cell | None = None
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
    groups: dict[str, list[Entry]] = {}
    for entry in below:
        groups.setdefault(words.name(entry.parent, entry.parent_en), []).append(entry)
    counts = {state: Tally(state, sum(entry.status == state for entry in below)) for state in ("published", "failed")}
    lead = [words.text(Term("site.lead", {"n": counts["published"], "month": month}))]
    if counts["failed"].n:
        lead.append(words.text(Term("site.failed", {"n": counts["failed"]})))
    departments = words.text(Term("site.departments"))
    heads = (Term(f"column.{name}", {"month": ahead}) for name in ("department", "to_fill", "empty", "own_request"))
    view = {
        "title": words.text(Term("site.title", {"where": place, "month": month})),
        "lead": " ".join(lead),
        "whole": _whole(entries, words, languages),
        "groups": [
            {"name": name or departments, "rows": [_row(entry, words, languages) for entry in rows]}
            for name, rows in groups.items()
        ],
        "columns": [words.text(head) for head in heads],
        "order": words.text(Term("site.order")),
        "trust_title": words.text(Term("trust.title")),
        "trust": _trust(about, words),
    }
    content = render.environment().get_template("parts/site.html.j2").render(**view)
    page = frame(words, languages, "index") | {
        "title": view["title"],
        "name": words.show(place),
        "parent": "",
        "edition": words.text(Term("page.edition", {"month": month})),
        "index": "",
        "index_text": "",
        "preview": preview_text(bool(about.get("preview")), about.get("tried", ""), words),
        "body": Markup(content),
        "footer": [*download_links("index", words, about.get("edition", "")), *footer(_contact(about), words)],
    }
    return render.environment().get_template("_page.html.j2").render(page=page)


def _row(entry: Entry, words: Locale, languages: Sequence[str]) -> dict[str, Any]:
    name = _with_code(words.name(entry.name, entry.name_en), entry.code)
    if entry.status == "published":
        link = Markup('<a href="{}">{}</a>').format(page_name(entry.key, words.language, languages), name)
        return {
            "name": link,
            "why": "",
            "need": "" if entry.need is None else words.figure(entry.need),
            "empty": put(entry.empty, words),
            "own": "" if entry.own_request is None else words.figure(entry.own_request),
        }
    return {"name": name, "why": words.text(Term(f"site.{entry.status}.why"))}


def _with_code(name: str, code: str) -> Markup:
    """The department's name with the employer's own code of it, where that is another text."""
    if not code or code.casefold() == name.casefold():
        return isolated(name, always=True)
    return Markup("{} ({})").format(isolated(name, always=True), isolated(code, always=True))


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
