"""What each template is given: figures in printed digits, words, drawings and their data tables.

A view is a plain dictionary. ``VIEWS`` maps the kind of an object to the function that makes its view.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from analysis.publishing import alt, charts, funnel, what_if
from analysis.publishing.arithmetic import bridge_digits, digits_of, printed_step
from analysis.publishing.atoms import Month, Name, Order, Tally, Term
from analysis.publishing.grid import Grid, capital, has_interval, pairs, put, sentence
from analysis.publishing.locale import Locale
from analysis.publishing.objects import (
    Activities,
    Bars,
    Bridge,
    Card,
    Definition,
    Groups,
    Heading,
    KeyFigures,
    Line,
    Masthead,
    Methods,
    Note,
    Passport,
    Points,
    Table,
    TrackRecord,
    Trend,
    Trust,
    Verdict,
)
from analysis.publishing.rounding import Printed, common, direction, printed
from analysis.tables.protected import ORGANISATION, Cell

View = dict[str, Any]


def verdict(shown: Verdict, language: Locale, prefix: str) -> View:
    """Headline and supporting sentences, in the bridge's digits."""
    digits = None
    gross = next((step for step in shown.steps if step.cell.row == "recruitment"), None)
    if shown.steps:
        parts = [step for step in shown.steps[:-1] if step is not gross]
        digits = bridge_digits(parts, shown.steps[-1], gross)
    support = [language.html(term, digits) for term in shown.support]
    return {"headline": language.html(shown.headline, digits), "support": support}


def bridge(shown: Bridge, language: Locale, prefix: str) -> View:
    """The waterfall, its alt text and its data table."""
    digits = digits_of(shown)
    rows, running = [], Decimal(0)
    silent = []
    for step in shown.steps:
        value = printed_step(step, digits)
        label = capital(language.text(step.label))
        if value is None:
            if step.cell.status == "withheld":
                silent.append(charts.BridgeRow(label, language.silence(step.cell), None, None))
            continue
        if value != 0:
            text = language.cell(step.cell, "signed", digits)
            rows.append(charts.BridgeRow(label, text, running, running + value))
            running += value
    figure = printed(shown.total.cell, digits)
    total_label = capital(language.text(shown.total.label))
    if figure is None:
        total = charts.BridgeRow(total_label, language.silence(shown.total.cell), None, None)
        drawing = charts.BridgeDrawing((*rows, *silent), total, None, None, "")
    else:
        interval = language.text(Term("bridge.interval", {"gap": shown.total.cell})) if figure.has_interval else ""
        total = charts.BridgeRow(total_label, language.number(figure.value, figure.decimals), Decimal(0), figure.value)
        drawing = charts.BridgeDrawing((*rows, *silent), total, figure.low, figure.high, interval)
    lines = [
        (escape(capital(language.text(step.label))), [language.figure(step.cell, "signed", digits)])
        for step in shown.steps
    ]
    lines.append((escape(total_label), [put(shown.total.cell, language)]))
    caption = language.html(Term("bridge.caption", {"month": shown.month}))
    return {
        "drawing": charts.both(lambda width: charts.bridge(drawing, width), prefix, charts.WIDE),
        "alt": alt.bridge(shown, language, digits),
        "month": shown.month,
        "silent": [language.html(term) for term in shown.silent],
        "grid": Grid(f"{prefix}-table", caption, [Markup(""), put(Term("column.fte"), language)], lines),
    }


def groups(shown: Groups, language: Locale, prefix: str) -> View:
    """Up to three groups, each a sentence with its figure and the lever's."""
    rows = []
    chosen = list(shown.rows)
    if shown.order == Order.ALPHABET:
        chosen.sort(key=lambda row: language.collate(language.show(row.name)))
    digits = common(cell for row in chosen for cell in (row.gap, row.closes) if cell is not None)
    for row in chosen:
        lever = None
        if row.closes is not None and row.closes.shown and has_interval(row.closes):
            args = {"lever": row.lever, "closes": row.closes, "month": row.month}
            lever = language.html(Term("groups.lever", args), digits)
        elif row.without is not None:
            lever = language.html(row.without)
        gap = language.html(Term(f"groups.{direction(row.gap)}", {"gap": row.gap}), digits)
        rows.append({"name": capital(language.show(row.name)), "gap": gap, "lever": lever})
    ahead = next((row.month for row in chosen if row.lever is not None), None)
    lead = Term("groups.lead.levers" if ahead else "groups.lead", {"month": shown.month, "ahead": ahead})
    order = "groups.by_gap" if shown.order == Order.GAP else "groups.by_alphabet"
    return {
        "rows": rows,
        "order": language.html(Term(order)) if len(rows) > 1 else "",
        "lead": language.html(lead),
        "ranked": shown.order == Order.GAP,
    }


def figures(shown: KeyFigures, language: Locale, prefix: str) -> View:
    """The five cards."""
    return {"cards": [card(item, language) for item in shown.cards]}


def card(item: Card, language: Locale) -> View:
    """One key figure: value, interval, change in words, comparisons."""
    interval: Markup | None = None
    if has_interval(item.now):
        interval = language.figure(item.now, "range")
    elif item.now.status == "withheld":
        interval = language.html(Term("figures.too_few"))
    peers = "departments" if item.now.department == ORGANISATION else "peers"
    compared = [(peers, item.peers), ("organisation", item.organisation)]
    if item.now.unit in ("persons", "posts", "fte"):
        compared = []  # counts of departments of different size are no comparison
    rows = [(language.text(Term(f"figures.{name}")), language.figure(cell)) for name, cell in compared if cell.shown]
    outside = item.external or Line(Term("figures.external"), (Term("figures.no_comparison"),))
    rows += [(language.text(outside.head), put(said, language)) for said in outside.cells]
    return {
        "label": capital(language.text(item.label))
        if item.definition is None
        else capital(language.show(item.definition)),
        "value": value(item.now, language),
        "silent": not item.now.shown,
        "interval": interval,
        "change": change(item, language),
        "rows": rows,
    }


def value(cell: Cell, language: Locale) -> Markup:
    """A card's figure; a number of people, days or a sum of money says so."""
    if cell.shown and cell.unit in ("persons", "kronor", "days"):
        return language.html(Term(f"unit.{cell.unit}", {"n": cell}))
    return language.figure(cell)


def change(item: Card, language: Locale) -> Markup:
    """The twelve months' change in words, with its interval where one is held."""
    figure = printed(item.change)
    if figure is None:
        return language.html(Term("change.silent"))
    spec = "points" if item.change.unit in ("share", "rate") else "plain"
    args = {"change": item.change}
    if figure.low is not None and figure.high is not None:
        unsure = figure.low <= 0 <= figure.high
        word = "unsure" if unsure else "up" if figure.value > 0 else "down"
        return language.html(Term(f"change.{word}.{spec}.interval", args))
    word = "same" if figure.value == 0 else "up" if figure.value > 0 else "down"
    return language.html(Term("change.same" if word == "same" else f"change.{word}.{spec}", args))


def activities(shown: Activities, language: Locale, prefix: str) -> View:
    """The plan's rows that need somebody's eye."""
    rows = []
    for item in shown.rows:
        due = (
            escape(language.show(Month(item.row.due), "short"))
            if item.row.due
            else language.html(Term("plan.no_month"))
        )
        rows.append(
            {
                "text": item.row.text,
                "due": due,
                "late": item.row.late,
                "responsible": language.text(item.responsible) if item.responsible else item.row.responsible,
                "unmeasured": not item.row.indicator,
                "indicator": capital(language.show(item.row.indicator_name)) if item.row.indicator_name else "",
                "figure": language.figure(item.figure) if item.figure is not None and item.figure.shown else None,
            }
        )
    tallies = {"late": shown.late, "unmeasured": shown.unmeasured, "total": shown.total}
    summary = [
        language.html(Term(f"plan.{name}", {"n": tally}) if tally.n else Term(f"plan.{name}.none"))
        for name, tally in tallies.items()
        if name != "total"
    ]
    left = Tally("left", shown.total.n - len(rows))
    more = language.html(Term("plan.more", {"n": left})) if left.n > 0 else None
    title = Term("plan.whole" if shown.whole else "plan.title")
    return {"title": language.html(title), "rows": rows, "summary": summary, "more": more}


def trust(shown: Trust, language: Locale, prefix: str) -> View:
    """Facts and sentences as a list of terms."""
    return {"rows": pairs(shown.rows, language)}


def series(shown: Trend, language: Locale, prefix: str) -> View:
    """Rates over time with their data table."""
    months = [point.month for point in shown.lines[0].points]
    drawn = []
    for line in shown.lines:
        figures_ = [printed(point.cell) for point in line.points]
        values = tuple(None if figure is None else figure.value for figure in figures_)
        last = next((point.cell for point in reversed(line.points) if point.cell.shown), None)
        text = "" if last is None else language.cell(last)
        drawn.append(charts.LineDrawing(capital(language.show(line.label)), values, text))
    silent = language.text(Term("status.withheld"))
    rows = [
        (escape(language.show(month)), [language.figure(line.points[index].cell) for line in shown.lines])
        for index, month in enumerate(months)
    ]
    columns = [put(Term("column.month"), language)] + [
        escape(capital(language.show(line.label))) for line in shown.lines
    ]
    keys = [month.key for month in months]
    word = language.text(Term("series.break"))
    breaks = {keys.index(month.key): word for month in shown.breaks}

    def draw(width: int) -> charts.Canvas:
        return charts.lines(
            drawn, width, months=keys, silent=silent, number=axis(language, per_cent=True), breaks=breaks
        )

    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "drawing": charts.both(draw, prefix),
        "notes": [language.html(note) for note in shown.notes],
        "alt": alt.series(shown, language),
        "grid": Grid(f"{prefix}-table", language.html(shown.title), columns, rows),
    }


def axis(language: Locale, *, per_cent: bool = False) -> charts.Number:
    """Formatter of an axis: as few decimals as the tick needs."""

    def number(tick: float) -> str:
        places = 0 if float(tick).is_integer() else 1
        text = language.number(tick, places)
        return language.percent(text) if per_cent and tick else text

    return number


def track_record(shown: TrackRecord, language: Locale, prefix: str) -> View:
    """Forecasts against outcomes, and in words how they did beside the yardstick."""
    drawn, rows = [], []
    for origin in shown.origins:
        expected, observed, naive = (
            printed(origin.expected),
            printed(origin.observed),
            printed(origin.yardstick),
        )
        label = language.text(Term("track.window", {"month": origin.month}))
        inside = ""
        if expected and observed and expected.low is not None and expected.high is not None:
            inside = "inside" if expected.low <= observed.value <= expected.high else "outside"
        text = language.text(Term(f"track.{inside}", {"observed": origin.observed})) if inside else ""
        drawn.append(
            charts.OriginDrawing(
                label,
                None if expected is None else expected.value,
                None if expected is None else expected.low,
                None if expected is None else expected.high,
                None if observed is None else observed.value,
                None if naive is None else naive.value,
                text,
            )
        )
        cells = [
            put(origin.expected, language),
            language.figure(origin.observed),
            language.figure(origin.yardstick),
        ]
        rows.append((escape(capital(language.show(origin.month))), cells))
    words = [language.text(Term(f"track.{word}")) for word in ("expected", "interval", "observed", "yardstick")]
    heads = ("column.forecast_made", "column.expected", "column.observed", "column.yardstick")
    columns = [put(Term(head), language) for head in heads]

    def draw(width: int) -> charts.Canvas:
        return charts.track(drawn, width, words=words, number=axis(language))

    return {
        "sentences": alt.track_sentences(shown, language),
        "drawing": charts.both(draw, prefix),
        "alt": alt.track(shown, language),
        "grid": Grid(f"{prefix}-table", language.html(Term("track.caption")), columns, rows),
    }


def _length(figure: Printed | None) -> Decimal | None:
    return None if figure is None else figure.value


def bars(shown: Bars, language: Locale, prefix: str) -> View:
    """A distribution with its data table."""
    drawn, rows = [], []
    aims = any(bar.target is not None for bar in shown.bars)
    for bar in shown.bars:
        figure, target = printed(bar.cell), printed(bar.target) if bar.target is not None else None
        label = capital(language.show(bar.label))
        text = language.cell(bar.cell, "both" if has_interval(bar.cell) else "")
        if target is not None and bar.target is not None:
            text = language.text(Term("bars.target", {"value": bar.cell, "target": bar.target}))
        drawn.append(charts.BarDrawing(label, _length(figure), _length(target), text))
        rows.append((escape(label), [put(bar.cell, language)] + ([put(bar.target, language)] if aims else [])))
    columns = [Markup(""), language.html(shown.column)] + (
        [escape(capital(language.text(Term("column.target"))))] if aims else []
    )

    def draw(width: int) -> charts.Canvas:
        return charts.bars(drawn, width, target=language.text(Term("column.target")))

    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "drawing": charts.both(draw, prefix),
        "alt": alt.bars(shown, language),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", language.html(shown.title), columns, rows),
    }


def table(shown: Table, language: Locale, prefix: str) -> View:
    """A table of cells; full-time posts in one column have the same decimals."""
    columns = [language.html(column) for column in shown.columns]
    places = range(max((len(row.cells) for row in shown.rows), default=0))
    figures_ = {place for place in places for row in shown.rows if isinstance(row.cells[place], Cell)}
    wordy = {place + 1 for place in places if place not in figures_}
    digits = [common(c for row in shown.rows if isinstance(c := row.cells[place], Cell)) for place in places]
    rows = []
    for row in shown.rows:
        cells = list(row.cells)
        while cells and cells[-1] is None:  # a remark in place of figures takes the rest of its row
            cells.pop()
        rows.append(
            (
                escape(capital(language.show(row.head))),
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
    together = common(c for row in shown.rows for c in row.cells if isinstance(c, Cell))
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
    "funnel": funnel.view,
    "what_if": what_if.view,
    "bars": bars,
    "methods": methods,
    "passport": passport,
    "points": points,
    "note": note,
    "heading": heading,
    "masthead": masthead,
}

__all__ = ["VIEWS", "Grid", "Name", "View", "put"]
