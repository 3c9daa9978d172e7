"""Views of the first screen: headline, bridge, groups, key figures, activities, trust."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from analysis.publishing.drawings import charts
from analysis.publishing.drawings.bridge import BridgeBlock, BridgeDrawing, BridgeRow
from analysis.publishing.drawings.bridge import bridge as bridge_chart
from analysis.publishing.objects.atoms import Month, Tally, Term
from analysis.publishing.objects.stock import Activities, Bridge, Card, Groups, KeyFigures, Step, Trust, Verdict
from analysis.publishing.views import alt
from analysis.publishing.views.grid import Grid, View, capital, has_interval, pairs, put
from analysis.publishing.views.sheets import foreign, sparked
from analysis.publishing.words.arithmetic import digits_of, printed_step
from analysis.publishing.words.locale import Locale
from analysis.publishing.words.rounding import Digits, common, printed
from analysis.tables.protected import ORGANISATION, Cell


def verdict(shown: Verdict, language: Locale, prefix: str) -> View:
    """Headline and supporting sentences, in the bridge's digits."""
    digits = digits_of(shown.bridge) if shown.bridge is not None else None
    support = [language.html(term, digits) for term in shown.support]
    return {"headline": language.html(shown.headline, digits), "support": support}


def bridge(shown: Bridge, language: Locale, prefix: str) -> View:
    """The waterfall, its alt text and its data table."""
    digits = digits_of(shown)
    blocks = [_block(shown.steps, shown.total, Decimal(0), language, digits)]
    figure, interval, last = printed(shown.total.cell, digits), "", shown.total
    if shown.empty is not None:
        start = figure.value if figure is not None else Decimal(0)
        blocks.append(_block(shown.filled, shown.empty, start, language, digits))
        figure, last = printed(shown.empty.cell, digits), shown.empty
    if figure is not None and figure.has_interval:
        interval = language.text(Term("bridge.interval", {"gap": last.cell}), digits)
    ends = (figure.low, figure.high) if figure is not None and interval else (None, None)
    drawing = BridgeDrawing(tuple(blocks), *ends, interval)
    lines = [
        (escape(capital(language.text(step.label))), [language.figure(step.cell, spec, digits)])
        for step, spec in (
            *((step, "signed") for step in shown.steps),
            (shown.total, "both"),
            *((step, "signed") for step in shown.filled),
            *([(shown.empty, "both")] if shown.empty is not None else []),
        )
    ]
    caption = language.html(Term("bridge.caption", {"month": shown.month}))
    return {
        "drawing": charts.both(lambda width: bridge_chart(drawing, width), prefix, charts.WIDE),
        "alt": alt.bridge(shown, language, digits),
        "month": shown.month,
        "silent": [language.html(term) for term in shown.silent],
        "grid": Grid(f"{prefix}-table", caption, [Markup(""), put(Term("column.fte"), language)], lines),
    }


def _block(steps: Sequence[Step], total: Step, running: Decimal, language: Locale, digits: Digits) -> BridgeBlock:
    """Parts from a running sum, those of nought left out and withheld ones last, and the total they lead to."""
    rows, silent = [], []
    for step in steps:
        value = printed_step(step, digits)
        label = capital(language.text(step.label))
        if value is None:
            if step.cell.status == "withheld":
                silent.append(BridgeRow(label, language.silence(step.cell), None, None))
            continue
        if value != 0:
            rows.append(BridgeRow(label, language.cell(step.cell, "signed", digits), running, running + value))
            running += value
    figure = printed(total.cell, digits)
    label = capital(language.text(total.label))
    if figure is None:
        return BridgeBlock((*rows, *silent), BridgeRow(label, language.silence(total.cell), None, None))
    text = language.number(figure.value, figure.decimals)
    return BridgeBlock((*rows, *silent), BridgeRow(label, text, Decimal(0), figure.value))


def groups(shown: Groups, language: Locale, prefix: str) -> View:
    """Up to three groups, each a sentence with its figure and the lever's."""
    rows = []
    # where no group has a lever for one and the same reason, it is said once
    reasons = [row.without for row in shown.rows]
    alike = len(reasons) > 1 and all(reason is not None and reason == reasons[0] for reason in reasons)
    levers = any(row.lever is not None for row in shown.rows)
    digits = common(cell for row in shown.rows for cell in (row.gap, row.ahead, row.closes) if cell is not None)
    for row in shown.rows:
        lever = None
        if row.closes is not None and row.closes.shown and has_interval(row.closes):
            whole = row.ahead is not None and row.ahead.shown
            args = {"lever": row.lever, "closes": row.closes, "month": row.month}
            args |= {"ahead": row.ahead} if whole else {}
            lever = language.html(Term("groups.lever.of" if whole else "groups.lever", args), digits)
            if row.start is not None:
                lever += language.html(Term("groups.lever.start", {"month": row.start}))
            if row.decides is not None:
                lever += language.html(Term("groups.lever.decides", {"who": row.decides}))
        elif row.without is not None and not alike and not levers:
            lever = language.html(row.without)
        gap = language.html(Term("groups.lack", {"gap": row.gap}), digits)
        if row.unsure:
            gap += ", " + language.html(Term("groups.unsure"))
        rows.append({"name": capital(language.show(row.name)), "gap": gap, "lever": lever})
    lead = Term("groups.lead.levers" if levers else "groups.lead", {"month": shown.month})
    said = [lead, *(reason for reason in reasons[:1] if alike and reason is not None)]
    return {"rows": rows, "lead": Markup(" ").join(language.html(term) for term in said)}


def figures(shown: KeyFigures, language: Locale, prefix: str) -> View:
    """The five cards."""
    return {"cards": [card(item, language, f"{prefix}-{place}") for place, item in enumerate(shown.cards)]}


def card(item: Card, language: Locale, prefix: str = "card") -> View:
    """One key figure: value, interval, change in words, its picture, comparisons that are held."""
    interval: Markup | None = None
    if has_interval(item.now):
        interval = language.figure(item.now, "range")
    elif item.now.status == "withheld":
        interval = language.html(Term("figures.too_few"))
    peers = "departments" if item.now.department == ORGANISATION else "peers"
    banded = item.band is not None and has_interval(item.band)  # says more than the median, which lies within
    compared = [*([] if banded else [(peers, item.peers)]), ("organisation", item.organisation)]
    if item.now.unit in ("persons", "posts", "fte"):
        compared = []  # counts of departments of different size are no comparison
    rows = [(language.text(Term(f"figures.{name}")), language.figure(cell)) for name, cell in compared if cell.shown]
    if compared and banded and item.band is not None:
        rows.append((language.text(Term("figures.band")), language.figure(item.band, "range")))
    if item.external is not None:
        rows += [(language.text(item.external.head), put(said, language)) for said in item.external.cells]
    return {
        "label": capital(language.text(item.label))
        if item.definition is None
        else capital(language.show(item.definition)),
        "value": value(item.now, language),
        "silent": not item.now.shown,
        "interval": interval,
        "change": change(item, language),
        "spark": sparked(item, language, f"{prefix}s"),
        "rows": rows,
    }


def value(cell: Cell, language: Locale) -> Markup:
    """A card's figure; a number of people, days or a sum of money says so."""
    if cell.shown and cell.unit in ("persons", "kronor", "days"):
        return language.html(Term(f"unit.{cell.unit}", {"n": cell}))
    return language.figure(cell)


def change(item: Card, language: Locale) -> Markup | None:
    """The twelve months' change in words, with its interval where one is held; None where it may not be said."""
    figure = printed(item.change)
    if figure is None:
        return None
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
                "text": foreign(item.row.text, language),
                "due": due,
                "late": item.row.late,
                "responsible": language.text(item.responsible)
                if item.responsible
                else foreign(item.row.responsible, language),
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
    names = [line.head.id.replace(".", "-") if isinstance(line.head, Term) else "trust" for line in shown.rows]
    return {"rows": [(name, *pair) for name, pair in zip(names, pairs(shown.rows, language), strict=True)]}
