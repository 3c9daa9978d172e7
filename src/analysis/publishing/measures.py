"""What can be done about the gap, part by part: choices, what each lever does, closing paths, the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.publishing.atoms import Day, Fact, Month, Name, Term
from analysis.publishing.measures_objects import Choice, WhatIf
from analysis.publishing.objects import Line, Note, Several, Table
from analysis.publishing.rounding import printed
from analysis.tables.protected import Cell, ProtectedReport

LIBRARY = "library"
TOGETHER, OVERLAP = "together", "overlap"
REFERENCE = "reference"


def _told(report: ProtectedReport) -> Mapping[str, Any]:
    return report.about.get("measures", {})


def _scenarios(report: ProtectedReport) -> dict[str, Name]:
    return {entry["id"]: Name(entry["sv"], entry["en"]) for entry in _told(report).get("scenarios", ())}


def lever_names(report: ProtectedReport) -> dict[str, Name]:
    """The names of the levers that the edition knows, by id."""
    return {entry["id"]: Name(entry["sv"], entry["en"]) for entry in _told(report).get("levers", ())}


def _months(report: ProtectedReport, years: Iterable[str]) -> tuple[Month, ...]:
    """The months in which forecast years end."""
    return tuple(Month(f"{year}-{report.about['horizon'][5:7]}") for year in years)


def what_if(report: ProtectedReport) -> WhatIf | Note:
    """The gap under every path: nothing changes, the named scenarios, each lever alone that changes anything here."""
    years = sorted(report.keys("what_if", "column"))
    names: dict[str, Any] = {REFERENCE: Term("what_if.reference")} | _scenarios(report) | lever_names(report)
    together = set(_scenarios(report))
    choices: list[Choice] = []
    for key, name in names.items():
        cells = tuple(report.cell("what_if", key, year) for year in years)
        if not cells or not all(cell.shown and cell.has_interval for cell in cells):
            continue
        alone = choices and key not in together
        if not alone or any(printed(one) != printed(other) for one, other in zip(cells, choices[0].cells, strict=True)):
            choices.append(Choice(name, key in together, cells))
    if len(choices) < 2 or choices[0].cells[0].row != REFERENCE:
        return Note(Term("absent.what_if"))
    return WhatIf(_months(report, years), tuple(choices), (Term("what_if.note"),))


def effects(report: ProtectedReport) -> Several | Note:
    """What each lever closes, year by year, and what the levers of each scenario close together."""
    names = lever_names(report)
    tables = []
    for layer, title in {LIBRARY: None, **_scenarios(report)}.items():
        years = sorted(report.keys("lever_effects", "column", layer=layer))
        rows = []
        for key in report.keys("lever_effects", layer=layer):
            head = Term(f"effects.{key}") if key in (TOGETHER, OVERLAP) else names.get(key)
            cells = tuple(report.cell("lever_effects", key, year, layer=layer) for year in years)
            figures = [printed(cell) for cell in cells]
            reaches = any(figure is not None and figure.value != 0 for figure in figures)
            if head is not None and (reaches or key in (TOGETHER, OVERLAP)):
                rows.append(Line(head, cells))
        if not any(cell.shown for row in rows for cell in row.cells):
            continue
        columns = (
            Term("column.lever"),
            *(Term("column.year_end", {"month": month}) for month in _months(report, years)),
        )
        caption = Term("effects.library") if title is None else Term("effects.scenario", {"name": title})
        notes = _study_notes(report, rows) if title is None else (Term("effects.overlap_note"),)
        tables.append(Table(caption, columns, tuple(rows), notes))
    return Several(tuple(tables)) if tables else Note(Term("absent.effects"))


def _study_notes(report: ProtectedReport, rows: list[Line]) -> tuple[Term, ...]:
    """Studies cost time first: said where a year is below zero as printed."""
    figures = [printed(cell) for row in rows for cell in row.cells]
    negative = any(figure is not None and figure.value < 0 for figure in figures)
    return (Term("effects.note"), *([Term("effects.negative")] if negative else []))


def closing(report: ProtectedReport) -> Table | Note:
    """Mixes of levers that close the gap of the last year, wholly or in part, with cost and what breaks them."""
    rows = []
    for number in sorted((key for key in report.keys("closing") if key != "0"), key=int):
        left, cost = report.cell("closing", number, "remaining"), report.cell("closing", number, "cost")
        chosen = tuple(_extent(report, number, key, name) for key, name in lever_names(report).items())
        levers = tuple(term for term in chosen if term is not None)
        if left.shown and cost.shown and levers:
            broken = tuple(_broken(report, number, item) for item in ("weakest", "outside"))
            cells = (Term("closing.levers", {"levers": levers}), left, cost, _all(broken))
            rows.append(Line(Term("closing.path", {"number": Fact("closing.number", int(number))}), cells))
    years = sorted(report.keys("what_if", "column"))
    if not rows or not years:
        figure = printed(report.cell("closing", "0", "gap"))
        closed = figure is not None and figure.value <= 0
        return Note(Term("absent.closing.none" if closed else "absent.closing"))
    month = _months(report, years)[-1]
    columns = tuple(Term(f"column.{name}") for name in ("path", "levers", "still", "cost", "breaks"))
    unchanged = report.cell("what_if", REFERENCE, years[-1])
    caption = Term("closing.caption", {"month": month, "gap": unchanged})
    left_over = [printed(row.cells[1]) for row in rows if isinstance(row.cells[1], Cell)]
    open_ = all(figure is not None and figure.value > 0 for figure in left_over)
    notes = (*([Term("closing.none")] if open_ else []), Term("closing.note"), Term("closing.breaks_note"))
    return Table(caption, columns, tuple(rows), notes)


def _extent(report: ProtectedReport, number: str, key: str, name: Name) -> Term | None:
    extent = report.cell("closing", number, "extent", layer=key)
    figure = printed(extent)
    if figure is None:
        return None
    return Term(f"closing.quarters.{int(figure.value) // 25}", {"lever": name})


def _broken(report: ProtectedReport, number: str, item: str) -> Term | None:
    """The assumption of a mix that leaves the largest gap when it alone fails, and that gap."""
    names = lever_names(report)
    for key in ("need", "hires", *(f"{word}:{lever}" for word in ("low", "late") for lever in names)):
        cell: Cell = report.cell("closing", number, item, layer=key)
        if cell.shown:
            word, _, lever = key.partition(":")
            args: dict[str, Any] = {"gap": cell} | ({"lever": names[lever]} if lever else {})
            return Term(f"closing.fails.{word}", args)
    return None


def _all(terms: Iterable[Term | None]) -> Term | None:
    """Two cases, each by itself; never both at once."""
    said = [term for term in terms if term is not None]
    return Term("closing.either", {"one": said[0], "other": said[1]}) if len(said) == 2 else said[0] if said else None


def register(report: ProtectedReport) -> Table | None:
    """Every number in the forecast that is not data: range, source, owner and date."""
    rows = []
    for entry in report.about.get("assumptions", ()):
        of = Name(entry["of_sv"], entry["of_en"])
        head = of if entry["what"] in ("value", "size") else Term(f"register.{entry['what']}", {"of": of})
        numbers = tuple(_number(entry["unit"], entry[end]) for end in ("low", "mid", "high"))
        source = Name(entry["source"], entry["source_en"])
        owner = Fact("assumption.owner", entry["owner"]) if entry["owner"] else None
        rows.append(Line(head, (*numbers, source, owner, Day(entry["dated"]))))
    if not rows:
        return None
    names = ("assumption", "low", "mid", "high", "source", "owner", "dated")
    return Table(
        Term("register.caption"),
        tuple(Term(f"column.{name}") for name in names),
        tuple(rows),
        (Term("register.note"),),
        folded=True,
    )


def _number(unit: str, value: float | None) -> Term | None:
    """A number of the register; what it counts stands in the row's head."""
    if value is None:
        return None
    known = "share" if unit == "share" else "number"
    return Term(f"register.unit.{known}", {"n": Fact(f"assumption.{known}", value)})
