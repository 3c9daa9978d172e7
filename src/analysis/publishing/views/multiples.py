"""Every department on one scale: a table with small pictures, for the organisation's page and the list of reports.

The pictures are written by hand: each line of the other departments is drawn once and used behind every strip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from analysis.publishing.objects.atoms import Month, Term, Year, composite
from analysis.publishing.objects.rows import Point, Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.publishing.views.grid import put
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import printed
from analysis.tables.protected import REFERENCE, TOTAL, Cell, Department, ProtectedReport, Status

WIDTH, HEIGHT = 160, 34
"""Size of a strip, in units of its picture."""


@composite
@dataclass(frozen=True)
class Strip(Row):
    """A department: leaving on own request since it is counted and now, what must be filled and what stays empty.

    ``why``: why it has no report, in place of figures.
    """

    department: Department
    history: tuple[Point, ...] = ()
    need: Cell | None = None
    empty: Cell | None = None
    own: Cell | None = None
    why: Term | None = None


@shown_as("multiples")
class Multiples(Shown):
    """Departments in the order of the organisation, grouped by their administration."""

    title: Term
    lead: Term
    rows: tuple[Strip, ...]
    month: Month
    notes: tuple[Term, ...] = ()


def strip_of(report: ProtectedReport, department: Department) -> Strip:
    """The figures of one department that the list and the organisation's page share."""
    key, year = department.key, report.about["horizon"][:4]
    months = report.keys("turnover_series", department=key)
    history = tuple(
        Point(Month(month), report.cell("turnover_series", month, "own_request", department=key)) for month in months
    )
    need, empty = (
        report.cell("bridge", part, year, layer=REFERENCE, department=key) for part in ("recruitment_need", "empty")
    )
    return Strip(department, history, need, empty, _last(report, history, key))


def _last(report: ProtectedReport, history: Sequence[Point], key: str) -> Cell | None:
    """Leaving on own request of the last twelve months; where nobody left, that: it leaves nothing to withhold."""
    nobody = report.cell("exits", TOTAL, department=key)
    last = history[-1].cell if history else None
    return nobody if nobody.status is Status.ZERO and (last is None or not last.shown) else last


def report_address(department: Department, language: str) -> str:
    """A department's report as another report links to it."""
    return f"../{department.key}/{department.key}.{language}.html"


def view(shown: Multiples, language: Locale, prefix: str) -> dict[str, Any]:
    """The organisation's page: every name leads to its report."""
    return table_of(shown, language, prefix, lambda each: report_address(each, language.language))


def table_of(shown: Multiples, language: Locale, prefix: str, address: Callable[[Department], str]) -> dict[str, Any]:
    """Groups of rows with their pictures, and the grey lines that all of them share."""
    histories = [_values(row.history) for row in shown.rows if row.why is None]
    top = max((value for values in histories for value in values if value is not None), default=Decimal(1)) or Decimal(
        1
    )
    ends = [end for row in shown.rows for end in _span(row.empty)]
    scale = (min([Decimal(0), *ends]), max([Decimal(1), *ends]))
    grey = Markup("").join(Markup('<path d="{}"/>').format(d) for values in histories for d in _paths(values, top))
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in shown.rows:
        parent = language.name(row.department.parent, row.department.parent_en)
        groups.setdefault(parent, []).append(_row(row, language, address, (top, scale, f"{prefix}-others")))
    years = next((row.history for row in shown.rows if row.history), ())
    span = {"first": Year(years[0].month.key[:4]), "last": Year(years[-1].month.key[:4])} if years else {}
    heads = [Term("column.department"), Term("multiples.need", {"month": shown.month})]
    heads += [Term("multiples.empty", {"month": shown.month})]
    heads += [Term("multiples.leaving", span) if span else Term("column.own_request")]
    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "others": f"{prefix}-others",
        "grey": grey,
        "columns": [language.html(head) for head in heads],
        "groups": [
            {"name": isolated(name) if name else language.html(Term("site.departments")), "rows": rows}
            for name, rows in groups.items()
        ],
        "notes": [language.html(note) for note in shown.notes],
        "filter": language.text(Term("multiples.filter")),
        "left": language.text(Term("multiples.left")),
    }


def _row(
    row: Strip, language: Locale, address: Callable[[Department], str], frame: tuple[Decimal, Any, str]
) -> dict[str, Any]:
    name = _name(row.department, language)
    if row.why is not None:
        return {"name": name, "why": language.html(row.why)}
    top, scale, others = frame
    link = Markup('<a href="{}">{}</a>').format(address(row.department), name)
    return {
        "name": link,
        "why": "",
        "need": "" if row.need is None else language.figure(row.need),
        "empty": "" if row.empty is None else put(row.empty, language),
        "span": _bar(row.empty, scale),
        "own": "" if row.own is None else language.figure(row.own),
        "line": _line(_values(row.history), top, others),
    }


def _name(department: Department, language: Locale) -> Markup:
    """The department's name with the employer's own code of it, where that is another text."""
    name, code = language.department(department), department.code
    if not code or code.casefold() == language.show(department).casefold():
        return name
    return Markup("{} ({})").format(name, isolated(code, always=True))


def _values(history: Sequence[Point]) -> list[Decimal | None]:
    figures = [printed(point.cell) for point in history]
    return [None if figure is None else figure.value for figure in figures]


def _span(cell: Cell | None) -> tuple[Decimal, ...]:
    figure = None if cell is None else printed(cell)
    if figure is None:
        return ()
    return (figure.value,) if figure.low is None or figure.high is None else (figure.value, figure.low, figure.high)


def _paths(values: Sequence[Decimal | None], top: Decimal) -> list[str]:
    """Unbroken runs of a line as SVG paths; a withheld point breaks it, and a lone point is a dot of no length."""
    step = (WIDTH - 8) / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        y = HEIGHT - 3 - (HEIGHT - 6) * float(value) / float(top)
        runs[-1].append(f"{4 + step * place:.1f} {y:.1f}")
    return ["M" + "L".join(run if len(run) > 1 else run * 2) for run in runs if run]


def _line(values: Sequence[Decimal | None], top: Decimal, others: str) -> Markup:
    own = Markup("").join(Markup('<path class="own" d="{}"/>').format(d) for d in _paths(values, top))
    return _svg(Markup('<use href="#{}"/>').format(others) + own) if own else Markup("")


def _bar(cell: Cell | None, scale: tuple[Decimal, Decimal]) -> Markup:
    ends = _span(cell)
    if not ends:
        return Markup("")
    low, high = (float(end) for end in scale)

    def at(value: Decimal) -> float:
        return 4 + (WIDTH - 8) * (float(value) - low) / ((high - low) or 1.0)

    middle = HEIGHT / 2
    drawn = f'<path class="zero" d="M{at(Decimal(0)):.1f} 4V{HEIGHT - 4}"/>'
    if len(ends) == 3:
        drawn += f'<path class="doubt" d="M{at(ends[1]):.1f} {middle}H{at(ends[2]):.1f}"/>'
    drawn += f'<circle cx="{at(ends[0]):.1f}" cy="{middle}" r="4"/>'
    return _svg(Markup(drawn))


def _svg(inside: Markup) -> Markup:
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" focusable="false">{}</svg>'
    ).format(WIDTH, HEIGHT, WIDTH, HEIGHT, inside)
