"""Alt texts and derived sentences, written from the same printed figures as the drawings."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from analysis.publishing.objects.atoms import Derived, Tally, Term
from analysis.publishing.objects.stock import Bars, Bridge, Step, TrackRecord, Trend
from analysis.publishing.words.arithmetic import printed_step
from analysis.publishing.words.locale import Locale
from analysis.publishing.words.rounding import Digits, printed
from analysis.tables.protected import Cell


def bridge(shown: Bridge, language: Locale, digits: Digits) -> str:
    """What a person who cannot see the waterfall needs: every part with its sign, then each total."""

    def block(steps: tuple[Step, ...], total: Step) -> str:
        parts = [
            f"{language.text(step.label)}: {language.cell(step.cell, 'signed', digits)}"
            for step in steps
            if step.cell.status == "withheld" or (step.cell.shown and printed_step(step, digits) != 0)
        ]
        ended = f"{_capital('; '.join(parts))}. " if parts else ""
        return f"{ended}{_capital(language.text(total.label))}: {language.cell(total.cell, 'both', digits)}."

    said = [language.text(Term("bridge.alt", {"month": shown.month})), block(shown.steps, shown.total)]
    if shown.empty is not None:
        said.append(block(shown.filled, shown.empty))
    return " ".join(said)


def series(shown: Trend, language: Locale) -> str:
    """First, highest and last value of each line; where figures are withheld, that."""
    said = [language.text(shown.title) + "."]
    for line in shown.lines:
        known = [point for point in line.points if point.cell.shown]
        name = _capital(language.show(line.label))
        if not known:
            said.append(f"{name}: {language.text(Term('status.withheld'))}.")
            continue
        ends = [Term("alt.point", {"month": point.month, "value": point.cell}) for point in (known[0], known[-1])]
        text = language.text(Term("alt.from_to", {"first": ends[0], "last": ends[1]}))
        silent = sum(not point.cell.shown for point in line.points)
        gap = " " + language.text(Term("alt.silent", {"n": Tally("silent", silent)})) if silent else ""
        said.append(f"{name}: {text}{gap}")
    return " ".join(said)


def bars(shown: Bars, language: Locale) -> str:
    """Every bar with its value and target."""
    parts = []
    for bar in shown.bars:
        text = f"{language.show(bar.label)}: {language.cell(bar.cell)}"
        if bar.target is not None and bar.target.shown:
            text += f" ({language.text(Term('column.target'))} {language.cell(bar.target)})"
        parts.append(text)
    return f"{language.text(shown.title)}. {_capital('; '.join(parts))}."


def track(shown: TrackRecord, language: Locale) -> str:
    """Every forecast with its interval and its outcome."""
    parts = []
    for origin in shown.origins:
        window = language.text(Term("track.window", {"month": origin.month}))
        expected = language.cell(origin.expected, "both")
        words = language.text(Term("track.expected")), language.text(Term("track.observed"))
        parts.append(f"{window}: {words[0]} {expected}, {words[1]} {language.cell(origin.observed)}")
    return f"{language.text(Term('track.caption'))}. {'; '.join(parts)}."


def track_sentences(shown: TrackRecord, language: Locale) -> list[Markup]:
    """How often the interval held, and whether the method beat the yardstick, in printed digits."""
    hits, judged, own, naive, compared = 0, 0, Decimal(0), Decimal(0), 0
    cells: list[Cell] = []
    for origin in shown.origins:
        expected, observed, yardstick = (printed(cell) for cell in (origin.expected, origin.observed, origin.yardstick))
        if expected is None or observed is None:
            continue
        if expected.low is not None and expected.high is not None:
            judged += 1
            hits += expected.low <= observed.value <= expected.high
        if yardstick is not None:
            compared += 1
            own += abs(expected.value - observed.value)
            naive += abs(yardstick.value - observed.value)
            cells += [origin.expected, origin.observed, origin.yardstick]
    said = []
    if judged:
        args = {"hits": Tally("hits", hits), "n": Tally("judged", judged)}
        said.append(language.html(Term("track.hits", args)))
    if compared:
        word = "track.better" if own < naive else "track.worse" if own > naive else "track.equal"
        misses = {
            "own": Derived(float(round(own / compared, 1)), tuple(cells)),
            "naive": Derived(float(round(naive / compared, 1)), tuple(cells)),
        }
        said.append(language.html(Term(word, misses)))
    return said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
