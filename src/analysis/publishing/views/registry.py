"""What each template is given: figures in printed digits, words, drawings and their data tables.

A view is a plain dictionary. ``VIEWS`` maps the kind of an object to the function that makes its view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.publishing.objects.atoms import Tally, Term
from analysis.publishing.objects.stock import Definition, Heading, Masthead, Methods, Note, Passport, Points, Table
from analysis.publishing.views import career_graph, fan, funnel, multiples, what_if
from analysis.publishing.views import sheets as sheet_views
from analysis.publishing.views.charts import bars, series, track_record
from analysis.publishing.views.claim import activities, bridge, figures, groups, trust, value, verdict
from analysis.publishing.views.grid import Grid, View, capital, pairs, put, sentence
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import common
from analysis.tables.protected import Cell

NUMBERS = (Cell, Tally)
"""What stands in a column of figures."""


def table(shown: Table, language: Locale, prefix: str) -> View:
    """A table of cells; full-time posts in one column have the same decimals."""
    named = sorted(shown.by_name, key=lambda row: language.collate(language.show(row.head)))
    lines = (*named, *shown.rows)
    columns = [language.html(column) for column in shown.columns]
    places = range(max((len(row.cells) for row in lines), default=0))
    figures_ = {place for place in places for row in lines if isinstance(row.cells[place], NUMBERS)}
    wordy = {place + 1 for place in places if place not in figures_}
    digits = [common(c for row in lines if isinstance(c := row.cells[place], Cell)) for place in places]
    rows = []
    for row in lines:
        cells = list(row.cells)
        last = next((place for place in reversed(range(len(cells))) if cells[place] is not None), -1)
        if last < 0 or not isinstance(cells[last], NUMBERS):  # a remark in place of figures takes the rest of its row
            cells = cells[: last + 1]
        rows.append(
            (
                isolated(capital(language.show(row.head))),
                [put(item, language, "", digits[place]) for place, item in enumerate(cells)],
            )
        )
    grid = Grid(
        f"{prefix}-table",
        language.html(shown.caption),
        columns,
        rows,
        scrolls=shown.wide,
        words=frozenset(wordy),
    )
    together = common(c for row in lines for c in row.cells if isinstance(c, Cell))
    return {"grid": grid, "folded": shown.folded, "notes": [language.html(note, together) for note in shown.notes]}


def methods(shown: Methods, language: Locale, prefix: str) -> View:
    """Definitions as a list of terms."""
    definitions = [_definition(item, language) for item in shown.definitions]
    families = [
        {
            "title": language.html(Term("methods.family", {"name": family.name, "n": family.n})),
            "items": [_definition(item, language) for item in family.definitions],
        }
        for family in shown.families
    ]
    notes = [language.html(item) for item in shown.notes]
    count = language.html(Term("methods.alone", {"n": Tally.total(shown.definitions)}))
    return {
        "definitions": definitions,
        "alone": count,
        "families": families,
        "notes": notes,
    }


def _definition(item: Definition, language: Locale) -> View:
    """One definition: name, own figure, formula, rules, source, and what others have."""
    facts = [("methods.source", item.source), ("methods.comparable", item.comparable)]
    rows = [language.html(rule) for rule in item.rules]
    rows += [language.html(Term(id, {"what": fact})) for id, fact in facts if fact is not None]
    if item.sensitivity is not None:
        rows.append(language.html(item.sensitivity))
    return {
        "name": capital(language.show(item.name)),
        "value": None if item.now is None else value(item.now, language),
        "formula": sentence(language.show(item.formula)),
        "facts": rows,
        "outside": [language.html(said) for said in item.outside],
        "compared": item.now is not None,
    }


def passport(shown: Passport, language: Locale, prefix: str) -> View:
    """Hashes, versions and seed."""
    columns = [language.html(Term("column.file")), language.html(Term("column.hash"))]
    caption = language.html(Term("passport.inputs"))
    grid = Grid(f"{prefix}-table", caption, columns, pairs(shown.inputs, language), words=frozenset({1}))
    return {"facts": pairs(shown.facts, language), "grid": grid if shown.inputs else None}


def points(shown: Points, language: Locale, prefix: str) -> View:
    """A list of sentences."""
    return {"title": language.html(shown.title), "items": [_ended(put(item, language)) for item in shown.items]}


def _ended(text: str) -> str:
    """A sentence; a question keeps its mark."""
    return capital(text) if text.endswith("?") else sentence(text)


def note(shown: Note, language: Locale, prefix: str) -> View:
    """A quiet sentence."""
    return {"text": language.html(shown.text)}


def heading(shown: Heading, language: Locale, prefix: str) -> View:
    """A heading and, if given, what the part is about."""
    return {"text": language.html(shown.text), "lead": shown.lead and language.html(shown.lead)}


def masthead(shown: Masthead, language: Locale, prefix: str) -> View:
    """Header and footer of the page; the exporter places them."""
    name = language.show(shown.department)
    return {
        "name": name,
        "parent": language.name(shown.department.parent, shown.department.parent_en),
        "municipality": language.show(shown.municipality),
        "organisation": shown.department.status == "organisation",
        "period": shown.period,
        "page": shown.page and language.show(shown.page),
        "key": language.show(shown.page)
        if shown.page
        else "organisation"
        if shown.department.status == "organisation"
        else shown.department.key,
        "contact": shown.contact and language.show(shown.contact),
        "email": shown.email and language.show(shown.email),
        "accessibility": shown.accessibility and language.show(shown.accessibility),
        "passport": shown.passport and language.show(shown.passport),
        "preview": shown.preview,
        "tried": language.show(shown.tried) if shown.tried else "",
        "topics": [language.show(name) for name in shown.topics],
    }


VIEWS: dict[str, Callable[[Any, Locale, str], View]] = {
    "verdict": verdict,
    "bridge": bridge,
    "groups": groups,
    "figures": figures,
    "activities": activities,
    "trust": trust,
    "series": series,
    "track_record": track_record,
    "table": table,
    "fan": fan.view,
    "funnel": funnel.view,
    "what_if": what_if.view,
    "columns": sheet_views.columns,
    "pairs": sheet_views.pairs,
    "requirements": sheet_views.requirements,
    "measures": sheet_views.measures,
    "calendar": sheet_views.calendar,
    "multiples": multiples.view,
    "career_graph": career_graph.view,
    "bars": bars,
    "methods": methods,
    "passport": passport,
    "points": points,
    "note": note,
    "heading": heading,
    "masthead": masthead,
}
