"""The second and third screen: the figures behind the claim, the methods, the passport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publishing.atoms import Day, Fact, Month, Name, Term
from analysis.publishing.compared import changed, families
from analysis.publishing.measures import lever_names
from analysis.publishing.objects import (
    Bar,
    Bars,
    Line,
    Methods,
    Note,
    Origin,
    Passport,
    Point,
    Series,
    Several,
    Table,
    TrackRecord,
    Trend,
)
from analysis.publishing.parts import occupation
from analysis.publishing.rounding import beside, printed
from analysis.publishing.wording import place
from analysis.reference import CAUSES, episode_rules, load
from analysis.tables.protected import ORGANISATION, Cell, Department, ProtectedReport

SHOWN_ORIGINS = 6
STAYING = "retention"
"""The lever that stands beside the reference path year by year."""
HASH_DIGITS = 12
SERIES = {"own_request": "leaving_own_request", "all_causes": "leaving_all"}
"""The definition behind each column of the table ``turnover_series``."""


def turnover(report: ProtectedReport) -> Trend | Note:
    """Leaving over time: the department beside the organisation; for the organisation both rates."""
    months = report.keys("turnover_series")

    def line(label: Term | Department | Name, column: str, department: str | None = None) -> Series:
        cells = [report.cell("turnover_series", month, column, department=department) for month in months]
        return Series(label, tuple(Point(Month(m), cell) for m, cell in zip(months, cells, strict=True)))

    own = [report.cell("turnover_series", month, "own_request") for month in months]
    column = "own_request" if any(cell.status not in ("missing", "zero") for cell in own) else "all_causes"
    if not any(report.cell("turnover_series", month, column).shown for month in months):
        return Note(Term("absent.turnover"))
    title, lead = Term(f"turnover.{column}"), Term("turnover.lead")
    if report.department.status != "organisation":
        lines = [line(report.department, column), line(place(report), column, ORGANISATION)]
    elif column == "own_request":
        title = Term("turnover.both")
        lines = [
            line(Term("turnover.line.own_request"), column),
            line(Term("turnover.line.all_causes"), "all_causes"),
        ]
    else:
        lines = [line(Term("turnover.line.all_causes"), column)]
    kept = tuple(line for line in lines if any(point.cell.shown for point in line.points))
    breaks, notes = _breaks(report, column, months)
    return Trend(title, lead, kept, breaks, notes)


def _breaks(report: ProtectedReport, column: str, months: list[str]) -> tuple[tuple[Month, ...], tuple[Term, ...]]:
    """Where a definition that the edition before had otherwise begins in the series, and the sentence that says so."""
    said = changed(report, SERIES[column])
    if said is None:
        return (), ()
    since = said.args["day"].key[:7]
    first = next((month for month in months if month >= since), None)
    inside = first is not None and first != months[0]
    return ((Month(first),) if inside and first else ()), (Term("series.changed", said.args),)


def leavers(report: ProtectedReport) -> Table | Note:
    """Leavers by cause: the last twelve months, and those expected in the next twelve and in three years."""
    rows, silent = [], 0
    for cause in (*CAUSES, "total"):
        past, ahead = report.cell("exits", cause), report.cell("leavers", cause, "12m")
        if past.status == "missing" and ahead.status == "missing":
            continue
        if cause != "total" and not past.shown and not _counts(ahead):
            silent += past.status == "withheld" or ahead.status == "withheld"
            continue
        rows.append(Line(Term(f"cause.{cause}"), (past, ahead, report.cell("leavers", cause, "36m"))))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.leavers"))
    columns = (Term("column.cause"), Term("column.left"), Term("column.leaving"), Term("column.leaving_three"))
    notes = [Term("leavers.note")] if any(row.cells[1].has_interval for row in rows) else []
    notes += _two_counts(report)
    notes += [Term("leavers.silent")] if silent else []
    notes += unknown_reasons(report)
    notes += [Term("note.no_causes")] if "note.no_causes" in report.about.get("notes", ()) else []
    return Table(Term("leavers.caption"), columns, tuple(rows), tuple(notes))


def _two_counts(report: ProtectedReport) -> list[Term]:
    """Why retirement within three years is another figure here than among the key figures, where it is."""
    here, figure = report.cell("leavers", "retirement", "36m"), report.cell("key_figures", "pension_3y", "now")
    same = figure.definition != "pension_3y" or not (here.has_interval and figure.has_interval)
    if same or not (here.shown and figure.shown) or printed(here) == printed(figure):
        return []
    return [Term("leavers.note.pension", {"here": here, "figure": figure})]


def unknown_reasons(report: ProtectedReport) -> list[Term]:
    """How far the figures move if everybody who left for an unknown reason had resigned; empty where nobody did."""
    share, rate, expected = (report.cell("unknown_reasons", row) for row in ("share", "rate", "expected"))
    said = []
    if share.shown and (share.value or 0.0) > 0:
        said.append(Term("leavers.unknown.share", {"share": share}))
    now = report.cell("turnover_series", report.about["period"], "own_request")
    if rate.shown and now.shown and rate.value != now.value:
        said.append(Term("leavers.unknown.rate", {"rate": rate, "now": now}))
    own = report.cell("leavers", "resignation", "12m")
    if expected.shown and expected.has_interval and own.shown and own.has_interval and expected.value != own.value:
        said.append(Term("leavers.unknown.expected", {"expected": expected, "own": own}))
    return said


def said_before(report: ProtectedReport) -> Table | None:
    """What earlier editions said about all leavers, beside today's method for the same year and the outcome."""
    rows = []
    for month, edition in report.rows("said"):
        said = report.cell("said", month, "total", layer=edition)
        if not said.shown or not said.has_interval:
            continue
        again, outcome = (report.cell("track_record", month, column) for column in ("expected", "observed"))
        rows.append(Line(Month(month), (said, again if again.shown else None, outcome if outcome.shown else None)))
    if not rows:
        return None
    columns = tuple(Term(f"column.{name}") for name in ("forecast_made", "said", "recomputed", "observed"))
    return Table(Term("said.caption"), columns, tuple(rows), (Term("said.note"),))


def _counts(cell: Cell) -> bool:
    return cell.shown and round(cell.value or 0.0) != 0


def track_record(report: ProtectedReport) -> TrackRecord | Note:
    """Forecasts against outcomes, one per origin."""
    origins = [
        Origin(
            Month(key),
            *(report.cell("track_record", key, name) for name in ("expected", "observed", "yardstick")),
        )
        for key in report.keys("track_record")
    ]
    shown = [item for item in origins if item.expected.shown and item.expected.has_interval]
    return TrackRecord(tuple(shown[-SHOWN_ORIGINS:])) if shown else Note(Term("absent.track_record"))


def courses(report: ProtectedReport) -> Bars | Note:
    """Completed courses against their targets."""
    found = []
    for key in report.keys("courses"):
        done, target = report.cell("courses", key, "completed"), report.cell("courses", key, "target")
        if done.status != "missing":
            found.append(Bar(_named("courses", "course", key), done, target if target.shown else None))
    if not any(bar.cell.shown for bar in found):
        return Note(Term("absent.silent", {"part": Term("courses.title")}) if found else Term("absent.courses"))
    return Bars(Term("courses.title"), Term("courses.lead"), tuple(found), Term("column.completed"))


def ladders(report: ProtectedReport) -> Several | Note:
    """One distribution over steps per ladder that the department uses."""
    shown, silent = [], False
    for ladder in load("ladders").get("ladder", ()):
        bars = []
        for key, names in enumerate(ladder["steps"], start=1):
            label = Term("ladder.step", {"step": _fact("step", str(key)), "name": Name(names["sv"], names["en"])})
            bars.append(Bar(label, report.cell("ladder", str(key), ladder["id"])))
        silent = silent or any(bar.cell.status == "withheld" for bar in bars)
        if not any(bar.cell.shown for bar in bars):
            continue  # a department that does not use the ladder has none of its steps
        name = {"name": Name(ladder["sv"], ladder["en"])}
        shown.append(Bars(Term("ladder.title", name), Term("ladder.lead"), tuple(bars), Term("column.persons")))
    if not shown:
        return Note(Term("absent.ladders.silent" if silent else "absent.ladders"))
    return Several(tuple(shown))


def ages(report: ProtectedReport) -> Bars | Note:
    """Staff by age."""
    return _bars(report, "age", ("u35", "35_54", "55_plus"), "column.share")


def span(report: ProtectedReport) -> Bars | Note:
    """Managers by the number of their staff."""
    return _bars(report, "span", ("u15", "15_30", "over_30"), "column.managers")


def _bars(report: ProtectedReport, table: str, keys: tuple[str, ...], column: str) -> Bars | Note:
    cells = [report.cell(table, key) for key in keys]
    if not any(cell.shown for cell in cells):
        withheld = any(cell.status == "withheld" for cell in cells)
        return Note(Term("absent.silent", {"part": Term(f"{table}.title")}) if withheld else Term(f"absent.{table}"))
    found = tuple(Bar(Term(f"{table}.{key}"), cell) for key, cell in zip(keys, cells, strict=True))
    return Bars(Term(f"{table}.title"), Term(f"{table}.lead"), found, Term(column))


def sick_leave(report: ProtectedReport) -> Table | Note:
    """Sick leave in the groups of the statutory disclosure."""
    rows = []
    for key in ("total", "women", "men", "u30", "30_49", "50_plus"):
        cells = (report.cell("sick_leave", key, "share"), report.cell("sick_leave", key, "long"))
        if any(cell.status != "missing" for cell in cells):
            rows.append(Line(Term(f"sick_leave.{key}"), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("sick_leave.caption")}) if rows else Term("absent.sick_leave"))
    columns = (Term("column.group"), Term("column.sick_leave"), Term("column.long"))
    return Table(Term("sick_leave.caption"), columns, tuple(rows), (Term("sick_leave.note"),))


def outlook(report: ProtectedReport) -> Table | None:
    """The gap year by year, if nothing changes and with one lever, under its own name and with the figures of its path.

    The lever's column is the row of that name among the paths to choose between (``measures.what_if``).
    """
    years = [year for year in report.keys("bridge", "column", layer="reference") if year.isdigit()]
    lever = lever_names(report).get(STAYING)
    if not any(report.cell("what_if", STAYING, year).shown for year in years):
        lever = None
    rows = []
    for year in sorted(set(years)):
        beside = (report.cell("what_if", STAYING, year),) if lever else ()
        cells = (report.cell("bridge", "gap", year, layer="reference"), *beside)
        if any(cell.status != "missing" for cell in cells):
            month = f"{year}-{report.about['horizon'][5:7]}"
            rows.append(Line(Month(month), cells))
    if len(rows) < 2 or not any(cell.shown for row in rows for cell in row.cells):
        return None
    columns = (Term("column.month_reached"), Term("column.unchanged"))
    if lever is None:
        return Table(Term("outlook.caption"), columns, tuple(rows))
    note = Term("outlook.note", {"lever": lever})
    return Table(Term("outlook.caption"), (*columns, Term("column.one_lever", {"lever": lever})), tuple(rows), (note,))


def headcount(report: ProtectedReport) -> Table | Note:
    """Staff by occupational group."""
    keys = [key for key in report.keys("headcount") if key != "total"]
    if not keys and not report.cell("headcount", "total").shown:
        return Note(Term("absent.headcount"))
    every = [Line(occupation(report, key), (report.cell("headcount", key), report.cell("fte", key))) for key in keys]
    rows = [row for row in every if any(cell.shown for cell in row.cells)]
    total = Line(occupation(report, "total"), (report.cell("headcount", "total"), report.cell("fte", "total")))
    hourly = report.cell("fte", "hourly")
    extra = [Line(occupation(report, "hourly"), (None, hourly))] if hourly.status != "missing" else []
    columns = (Term("column.occupation"), Term("column.persons"), Term("column.fte"))
    silent = (Term("headcount.silent"),) if len(rows) < len(every) else ()
    notes = (Term("headcount.note"), *silent)
    return Table(Term("headcount.caption"), columns, (total, *extra), notes, by_name=tuple(rows))


def departments(report: ProtectedReport) -> Table:
    """Every department in the order of the organisation. Small units are not ranked."""
    year = report.about["horizon"][:4]
    rows = []
    for item in report.departments:
        parent = Name(item.parent, item.parent_en) if item.parent else None
        if item.status == "pooled":
            rows.append(Line(item, (parent, Term("departments.pooled"), None, None)))
            continue
        cells = (
            report.cell("headcount", "total", department=item.key),
            report.cell("bridge", "gap", year, layer="reference", department=item.key),
            report.cell("key_figures", "own_request", "now", department=item.key),
        )
        rows.append(Line(item, (parent, *cells)))
    heads = ("department", "administration", "persons", "gap", "own_request")
    columns = tuple(Term(f"column.{name}", {"month": Month(report.about["horizon"])}) for name in heads)
    return Table(Term("departments.caption"), columns, tuple(rows), (Term("departments.note"),))


def hit_rates(report: ProtectedReport) -> Table | Note:
    """How often the interval held, pooled over departments, per origin."""
    rows = []
    measures = ("departments", "hit_rate", "model_error", "yardstick_error", "interval_score", "yardstick_score")
    keys = report.keys("hit_rate", department=ORGANISATION)
    for key in sorted(keys, key=lambda key: (key == "all", key)):
        head: Any = Term("hit_rate.all") if key == "all" else Month(key)
        cells = (report.cell("hit_rate", key, name, department=ORGANISATION) for name in measures)
        rows.append(Line(head, tuple(cells)))
    if not rows:
        return Note(Term("absent.hit_rates"))
    kept = [place for place, _ in enumerate(measures) if any(row.cells[place].shown for row in rows)]
    rows = [Line(row.head, tuple(row.cells[place] for place in kept)) for row in rows]
    columns = tuple(Term(f"column.{name}") for name in ("forecast_made", *(measures[place] for place in kept)))
    notes = [Term("hit_rate.note"), *pooled(report)]
    return Table(Term("hit_rate.caption"), columns, tuple(rows), tuple(notes))


def pooled(report: ProtectedReport) -> list[Term]:
    """The sentence that says whether the forecasts were better or worse than the yardstick over all departments."""
    own, naive = (
        report.cell("hit_rate", "all", name, department=ORGANISATION) for name in ("model_error", "yardstick_error")
    )
    word = beside(own, naive)
    return [Term(f"hit_rate.{word}", {"own": own, "naive": naive})] if word else []


def methods(report: ProtectedReport) -> Methods:
    """Definitions of the edition."""
    several, alone = families(report)
    notes = [Term(id) for id in report.about.get("notes", ())]
    fallen = [cause for cause in CAUSES if report.about.get("methods", {}).get(cause) == "yardstick"]
    if fallen:
        notes.append(Term("methods.yardstick", {"causes": tuple(Term(f"cause.{cause}") for cause in fallen)}))
    return Methods(alone, tuple(notes), several)


def passport(report: ProtectedReport) -> Passport:
    """What the page was made of. Names of files without their folders, hashes shortened."""
    held = report.about.get("passport", {})
    inputs = []
    for name, digest in held.get("inputs", []):
        plain = str(name).replace("\\", "/").rsplit("/", 1)[-1]
        inputs.append(Line(_fact("passport.file", plain), (_fact("passport.hash", str(digest)[:HASH_DIGITS]),)))
    rows: list[Line] = []

    def add(term: str, *values: Any) -> None:
        if any(value is not None for value in values):
            rows.append(Line(Term(f"passport.{term}"), tuple(value for value in values if value is not None)))

    add("edition", Fact.of(report, "edition"))
    add("delivery", Fact.of(report, "delivery"))
    add("extracted", Day(report.about["extracted"]) if report.about.get("extracted") else None)
    add("period", Month(report.about["period"]))
    add("after", Fact.of(report, "after"))
    add("policy", Fact.of(report, "passport", "policy_edition"))
    add("rules", _changed_rules(held.get("episodes", {})))
    seed = held.get("seed")
    add("seed", _fact("passport.seed", str(seed) if seed is not None else None))
    versions = sorted(held.get("versions", {}).items())
    add("versions", _fact("passport.versions", ", ".join(f"{name} {version}" for name, version in versions)))
    return Passport(tuple(inputs), tuple(rows))


def _changed_rules(stated: Mapping[str, Any]) -> Name | None:
    """Rules of episodes that the delivery states otherwise than the policy, with their values."""
    policy = episode_rules()
    parts = [
        (f"{policy[key]['sv']}: {_word(value, 'ja', 'nej')}", f"{policy[key]['en']}: {_word(value, 'yes', 'no')}")
        for key, value in stated.items()
        if key != "transfers"
    ]
    for each in stated.get("transfers", ()):
        parts.append((f"{policy['transfer']['sv']}: {each['date']}", f"{policy['transfer']['en']}: {each['date']}"))
    return Name("; ".join(sv for sv, _ in parts), "; ".join(en for _, en in parts)) if parts else None


def _word(value: Any, yes: str, no: str) -> str:
    return str(value) if not isinstance(value, bool) else yes if value else no


def _named(file: str, kind: str, key: str) -> Name:
    for entry in load(file).get(kind, ()):
        if entry["id"] == key:
            return Name(entry["sv"], entry["en"])
    return Name(key.replace("_", " "), key.replace("_", " "))


def _fact(path: str, value: Any) -> Fact | None:
    return None if value is None or value == "" else Fact(path, value)
