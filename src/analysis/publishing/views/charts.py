"""Views of drawings with their data tables: series, forecasts beside outcomes, bars."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup, escape

from analysis.publishing.drawings import charts
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Bars, TrackRecord, Trend
from analysis.publishing.views import alt
from analysis.publishing.views.grid import Grid, View, capital, has_interval, put
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import Printed, printed
from analysis.tables.digits import PER_CENT


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
        isolated(capital(language.show(line.label))) for line in shown.lines
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
        ends = (figure.low, figure.high) if figure is not None else (None, None)
        drawn.append(charts.BarDrawing(label, _length(figure), _length(target), text, *ends))
        rows.append((isolated(label), [put(bar.cell, language)] + ([put(bar.target, language)] if aims else [])))
    columns = [Markup(""), language.html(shown.column)] + (
        [escape(capital(language.text(Term("column.target"))))] if aims else []
    )

    # shares have one scale on every page: a bar is as long as its share of a whole
    whole = Decimal(100) if any(bar.cell.unit in PER_CENT for bar in shown.bars) else None

    def draw(width: int) -> charts.Canvas:
        return charts.bars(drawn, width, target=language.text(Term("column.target")), most=whole)

    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "drawing": charts.both(draw, prefix),
        "alt": alt.bars(shown, language),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", language.html(shown.title), columns, rows),
    }
