"""Why people leave, as far as figures show it: comparison, associations, the exit survey, and how the forecast fares.

Associations of groups, said as such. What cannot be told from chance is named among what cannot be told.
"""

from __future__ import annotations

from functools import cache
from math import exp
from typing import Any

from analysis.publishing.atoms import Fact, Month, Name, Tally, Term
from analysis.publishing.insight_objects import Funnel, FunnelPoint, Limits
from analysis.publishing.objects import Bar, Bars, Line, Note, Several, Table
from analysis.publishing.parts import occupation
from analysis.publishing.rounding import printed
from analysis.reference import CAUSES, exit_reasons, ladders, load
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

OWN = "resignation"
OTHERS = ("retirement", "contract_end")
"""Causes that are frequent enough for a chart of their own on the organisation's page."""
SHOWN_PATTERNS = 3
LIMITS = ("expected", "low95", "high95", "low998", "high998")
GROUPS = ("women", "men", "u30", "30_49", "50_plus", "permanent", "temporary")


def funnel(report: ProtectedReport) -> Funnel | Note:
    """Own-request leaving against what ages and tenures lead one to expect; a department's own place on its page."""
    mine = report.department
    own = mine.status != "organisation"
    wanted = [mine] if own else [item for item in report.departments[1:] if item.status == "reported"]
    points, silent = [], 0
    for item in wanted:
        cells = {name: report.cell("funnel", "age_tenure", name, department=item.key) for name in ("ratio", *LIMITS)}
        if all(cell.shown for cell in cells.values()):
            limits = Limits(*(cells[name] for name in LIMITS))
            also = report.cell("funnel", "occupation", "ratio", department=item.key)
            points.append(FunnelPoint(item, cells["ratio"], limits, also))
        else:
            silent += cells["ratio"].status == "withheld"
    if not points:
        return Note(Term("absent.silent", {"part": Term("funnel.title")}) if silent else Term("absent.funnel"))
    curve = []
    for row in report.keys("funnel_limits", department=ORGANISATION):
        cells = {name: report.cell("funnel_limits", row, name, department=ORGANISATION) for name in LIMITS}
        curve.append(Limits(*(cells[name] for name in LIMITS)))
    lead = Term("funnel.lead", {"month": Month(report.about["period"])})
    notes = [Term("funnel.silent", {"n": Tally("silent", silent)})] if silent else []
    notes.append(Term("funnel.note.own" if own else "funnel.note"))
    return Funnel(Term("funnel.title"), lead, tuple(points), tuple(curve), own, tuple(notes))


def drivers(report: ProtectedReport) -> Several | Note:
    """What goes together with leaving at own request in the whole organisation, and what cannot be told from chance."""
    keys = report.keys("drivers", department=ORGANISATION)
    cells = {key: report.cell("drivers", key, OWN, department=ORGANISATION) for key in keys}
    held = {key: cell for key, cell in cells.items() if cell.shown}
    if not held:
        return Note(Term("absent.drivers"))
    told = sorted((key for key in held if _clear(held[key])), key=lambda key: -(held[key].value or 0.0))
    notes = []
    unclear = tuple(covariate(key) for key in held if key not in told)
    if unclear:
        notes.append(Term("drivers.unclear", {"names": unclear}))
    if report.department.status != "organisation":
        notes.append(_here(report, told))
    shown: list[Any] = []
    if told:
        bars = tuple(Bar(covariate(key), held[key]) for key in told)
        shown.append(Bars(Term("drivers.title"), Term("drivers.lead"), bars, Term("column.worse"), tuple(notes)))
    else:
        shown += [Note(Term("drivers.none")), *(Note(note) for note in notes)]
    if report.department.status == "organisation":
        table = _by_cause(report, keys)
        shown += [table] if table is not None else []
    return Several(tuple(shown))


def _clear(cell: Cell) -> bool:
    """Does the printed interval lie above zero?"""
    figure = printed(cell)
    return figure is not None and figure.low is not None and figure.low > 0


def _here(report: ProtectedReport, told: list[str]) -> Term:
    here = [key for key in told if _clear(report.cell("drivers", key, OWN))]
    return Term("drivers.here", {"names": tuple(covariate(key) for key in here)}) if here else Term("drivers.here.none")


def _by_cause(report: ProtectedReport, keys: list[str]) -> Table | None:
    """The causes whose forecasts use anything, side by side; what is not clear says so."""
    every = {(key, cause): report.cell("drivers", key, cause) for key in keys for cause in CAUSES}
    causes = [cause for cause in CAUSES if any(_clear(every[key, cause]) for key in keys)]
    rows = []
    for key in keys:
        cells = [every[key, cause] for cause in causes]
        if any(cell.shown for cell in cells):
            put = (c if not c.shown or _clear(c) else Term("drivers.not_clear") for c in cells)
            rows.append(Line(covariate(key), tuple(Term("drivers.unused") if _unused(c) else c for c in put)))
    if not causes or not rows:
        return None
    columns = (Term("column.information"), *(Term(f"cause.{cause}") for cause in causes))
    return Table(Term("drivers.by_cause"), columns, tuple(rows), (Term("drivers.by_cause.note"),))


def _unused(item: Any) -> bool:
    return isinstance(item, Cell) and item.status == "missing"


def patterns(report: ProtectedReport) -> Several | Note:
    """Expected rates by value: own request by what tells most; on the organisation's page also the other causes."""
    chosen = [(OWN, key) for key in _strongest(report, OWN)[:SHOWN_PATTERNS]]
    if report.department.status == "organisation":
        chosen += [(cause, key) for cause in OTHERS for key in _strongest(report, cause)[:1]]
    shown = []
    for cause, key in chosen:
        rows = report.keys("driver_patterns", department=ORGANISATION, layer=key)
        cells = {row: report.cell("driver_patterns", row, cause, layer=key, department=ORGANISATION) for row in rows}
        held = {row: cell for row, cell in cells.items() if cell.shown}
        bars = tuple(Bar(_value(report, key, row), cell) for row, cell in held.items() if _some(cell))
        if bars and len(held) > 1:
            title = Term("patterns.title", {"cause": Term(f"cause.{cause}"), "name": covariate(key)})
            notes = (Term("patterns.nearly_none"),) if len(bars) < len(held) else ()
            shown.append(Bars(title, Term("patterns.lead"), bars, Term("column.expected_share"), notes))
    return Several(tuple(shown)) if shown else Note(Term("absent.patterns"))


def _some(cell: Cell) -> bool:
    """Is the rate more than nought as printed?"""
    figure = printed(cell)
    return figure is not None and figure.value > 0


def _strongest(report: ProtectedReport, cause: str) -> list[str]:
    """Covariates with rates by value for the cause, the strongest association first."""
    cells = {key: report.cell("drivers", key, cause, department=ORGANISATION) for key in _entries()}
    told = [key for key, cell in cells.items() if _clear(cell)]
    told.sort(key=lambda key: -(cells[key].value or 0.0))
    return [key for key in told if report.keys("driver_patterns", department=ORGANISATION, layer=key)]


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in load("covariates")["covariate"]}


def covariate(key: str) -> Name:
    """The name of a covariate (``covariates.toml``)."""
    entry = _entries().get(key, {"sv": key.replace("_", " "), "en": key.replace("_", " ")})
    return Name(entry["sv"], entry["en"])


def _value(report: ProtectedReport, key: str, row: str) -> Name | Term:
    """A value of a covariate in words: a level's name, or a band of numbers."""
    if key == "occupation":
        return occupation(report, row)
    entry = _entries().get(key, {})
    first, sep, last = row.partition(":")
    if key == "ladder_step" and first in ladders():
        ladder = ladders()[first]
        step = {"step": Fact("step", last), "name": Name(ladder["sv"], ladder["en"])}
        return Term("ladder.step", step)
    if not sep or entry.get("kind", "levels") == "levels":
        name = entry.get("levels", {}).get(row, {"sv": row, "en": row})
        return Name(name["sv"], name["en"])
    ends = [float(first), float(last)]
    kind = entry["kind"]
    if kind == "pay":
        ends = [round(100 * (exp(end) - 1)) for end in ends]
    args = {"first": Fact(f"{key}.first", ends[0]), "last": Fact(f"{key}.last", ends[1])}
    return Term(f"band.{kind}.one" if ends[0] == ends[1] else f"band.{kind}", args)


def exit_reasons_told(report: ProtectedReport) -> Bars | Note:
    """Main reasons of the exit survey, with response rate and disagreement with the recorded cause."""
    cells = {key: report.cell("exit_reasons", key) for key in exit_reasons()}
    if all(cell.status == "missing" for cell in cells.values()):
        return Note(Term("absent.exit_survey"))
    shown = sorted((key for key in cells if cells[key].shown), key=lambda key: -(cells[key].value or 0.0))
    if not shown:
        return Note(Term("exit_survey.few"))
    response = report.cell("exit_response", "response")
    lead = Term("exit_survey.lead", {"share": response}) if response.shown else Term("exit_survey.lead.silent")
    names = exit_reasons()
    bars = tuple(Bar(Name(names[key]["sv"], names[key]["en"]), cells[key]) for key in shown)
    notes = [Term("exit_survey.silent")] if len(shown) < len(cells) else []
    apart = report.cell("exit_disagreement", "disagreement")
    if apart.status != "missing":
        word = "exit_survey.apart" if apart.shown else "exit_survey.apart.silent"
        notes.append(Term(word, {"share": apart} if apart.shown else {}))
    return Bars(Term("exit_survey.title"), lead, bars, Term("column.share_of_answers"), tuple(notes))


def calibration(report: ProtectedReport) -> Table | Note:
    """Leavers of groups against the forecast made before the year began; for the whole also how far it missed."""
    whole = report.department.status == "organisation"
    measures = [(OWN, ""), ("total", "")] + ([("total", "error"), ("total", "chance")] if whole else [])
    every = {row: [report.cell("calibration", row, column, layer=layer) for column, layer in measures]
             for row in ("total", *GROUPS)}  # fmt: skip
    used = [
        place for place in range(len(measures)) if any(cells[place].status != "missing" for cells in every.values())
    ]
    rows = [
        Line(Term(f"group.{row}"), tuple(cells[place] for place in used))
        for row, cells in every.items()
        if any(cells[place].shown for place in used)
    ]
    if not rows:
        held = any(cell.status == "withheld" for cells in every.values() for cell in cells)
        return Note(
            Term("absent.silent", {"part": Term("calibration.caption")}) if held else Term("absent.calibration")
        )
    heads = ("own_request_ratio", "all_ratio", "error", "error_by_chance")
    columns = (Term("column.group"), *(Term(f"column.{heads[place]}") for place in used))
    apart = tuple(Term(f"group.{row}") for row in GROUPS if apart_from(every[row][1], every["total"][1]))
    verdict = Term("calibration.apart", {"names": apart}) if apart else Term("calibration.alike")
    notes = [verdict] if every["total"][1].shown else []
    notes.append(Term("calibration.note.error" if whole else "calibration.note"))
    return Table(Term("calibration.caption"), columns, tuple(rows), tuple(notes))


def apart_from(group: Cell, whole: Cell) -> bool:
    """Does the group's printed interval leave the ratio of the whole outside?"""
    mine, all_ = printed(group), printed(whole)
    if mine is None or all_ is None or mine.low is None or mine.high is None:
        return False
    return not mine.low <= all_.value <= mine.high
