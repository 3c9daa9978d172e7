"""Strategies beside what was decided and what happened: in short on the organisation's sheet, whole in Underlag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.publishing.objects.atoms import Month, Name, PlanRow, Tally, Term, Year
from analysis.publishing.objects.stock import Line, Several, Table
from analysis.publishing.words.naming import lever_names
from analysis.reference.hanging import Family, families, family_of
from analysis.reference.strategies import editions, lever_entries, practices, strategies
from analysis.sections.claim.activities import late
from analysis.sections.levers.ledger import OPEN, verdicts_shown
from analysis.sections.section import EVERY, Place, Section
from analysis.tables.keys import JOIN
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

section = Section(
    "strategies", places=Place("action", after="activities", pages=("organisation",)), reads=EVERY
)  # fmt: skip
whole = Section("strategies_whole", places=Place("levers", after="ledger", pages=("organisation",)), reads=EVERY)

LIBRARY = "library"
VERDICTS = ("effect", "consistent", "against", OPEN)
NONE = ""
"""Family of what hangs on no strategy."""


@dataclass(frozen=True)
class Hung:
    """What hangs on one family of strategies.

    Attributes:
        activities: of the plan.
        lever: the lever that closes most at the end of the forecast, and how much; None where none is shown.
        measures: entries of the effect ledger.
    """

    activities: tuple[PlanRow, ...]
    lever: tuple[Name, Cell] | None
    measures: tuple[dict[str, Any], ...]
    """With the verdict that the page shows of each."""

    @property
    def empty(self) -> bool:
        """True where nothing was decided that carries it out."""
        return not self.activities and not self.measures


def hung(report: ProtectedReport) -> dict[str, Hung]:
    """Family (``NONE``: none) → what hangs on it, in the order of the strategies; an activity may hang on several."""
    of = family_of()
    plan = report.plan.drop_duplicates("activity").set_index("activity")
    activities: dict[str, list[PlanRow]] = {}
    for row in PlanRow.all(report):
        named = [key for key in str(plan.loc[row.activity].get("strategies") or "").split(JOIN) if key in of]
        for family in dict.fromkeys(of[key] for key in named) or (NONE,):
            activities.setdefault(family, []).append(row)
    measures: dict[str, list[dict[str, Any]]] = {}
    said = verdicts_shown(report)
    for entry in report.about.get("effects", {}).get("measures", ()):
        for family in _families_of(entry["belongs"]) or (NONE,):
            measures.setdefault(family, []).append({**entry, "verdict": said[entry["id"]]})
    return {
        key: Hung(tuple(activities.get(key, ())), _lever(report, key), tuple(measures.get(key, ())))
        for key in [*(family.id for family in families()), NONE]
    }


def _families_of(belongs: Iterable[str]) -> tuple[str, ...]:
    """Families of strategies, of practices and of levers by their ids; what is none of them belongs to none."""
    named = list[str]()
    for key in belongs:
        if key in strategies():
            named.append(key)
        elif key in practices():
            named += practices()[key]["strategies"]
        elif key in lever_entries():
            named += lever_entries()[key]["strategies"]
    return tuple(dict.fromkeys(family_of()[key] for key in named))


def _lever(report: ProtectedReport, family: str) -> tuple[Name, Cell] | None:
    years = sorted(report.keys("lever_effects", "column", layer=LIBRARY, department=ORGANISATION))
    if not years:
        return None
    names = lever_names(report)
    found = []
    for key, entry in lever_entries().items():
        if key in names and family in {family_of()[name] for name in entry["strategies"]}:
            cell = report.cell("lever_effects", key, years[-1], layer=LIBRARY, department=ORGANISATION)
            if cell.shown and cell.value:
                found.append((names[key], cell))
    return max(found, key=lambda pair: pair[1].value or 0.0, default=None)


@section.show
def show(report: ProtectedReport) -> Table | None:
    """Each family of strategies with what was decided, what it is followed by, what a lever may give, what happened."""
    if not report.about.get("has", {}).get("activities", True) and not report.about.get("effects"):
        return None
    held, behind = hung(report), late(report)
    rows = [_row(names(family), held[family.id], behind) for family in families() if not held[family.id].empty]
    if held[NONE].activities or held[NONE].measures:
        rows.append(_row(Term("strategies.none"), held[NONE], behind))
    if not rows:
        return None
    without = tuple(names(family) for family in families() if held[family.id].empty)
    notes = [Term("strategies.note")]
    if without:
        notes.append(Term("strategies.without", {"names": without}))
    unknown = [(key, entry["unknown"]) for key, entry in editions().items() if entry["unknown"]]
    notes += [Term("strategies.unknown", {"year": Year(key), "n": Tally("unknown", number)}) for key, number in unknown]
    columns = ("strategy", "activities", "lever", "measures")
    return Table(
        Term("strategies.caption"),
        tuple(Term(f"column.strategies.{name}") for name in columns),
        tuple(rows),
        tuple(notes),
    )


def _row(head: Term, held: Hung, behind: frozenset[str]) -> Line:
    rows = held.activities
    counts = {
        "n": Tally.total(rows),
        "done": Tally.total([row for row in rows if row.status == "done"]),
        "late": Tally.total([row for row in rows if row.activity in behind]),
        "measured": Tally.total([row for row in rows if row.indicator]),
    }
    told = Term("strategies.counts", counts) if rows else Term("strategies.no_activity")
    lever = None
    if held.lever is not None:
        lever = Term("strategies.lever", {"lever": held.lever[0], "effect": held.lever[1]})
    return Line(head, (told, lever, _verdicts(held.measures)))


def _verdicts(entries: Sequence[dict[str, Any]]) -> Term:
    if not entries:
        return Term("strategies.no_measure")
    said = Counter(entry["verdict"] for entry in entries)
    parts = tuple(
        Term(f"strategies.verdict.{verdict}", {"n": Tally("measures", said[verdict])})
        for verdict in VERDICTS
        if said[verdict]
    )
    return Term("strategies.verdicts", {"parts": parts})


def names(family: Family) -> Term:
    """The names of a family, each with the years of the editions that use it."""
    years: dict[tuple[str, str], list[Year]] = {}
    for key in family.members:
        entry = strategies()[key]
        years.setdefault((entry["sv"], entry["en"]), []).append(Year(entry["edition"]))
    named = tuple(
        Term("strategies.name", {"name": Name(*name), "years": tuple(of)}) for name, of in years.items()
    )  # fmt: skip
    return Term("strategies.names", {"names": named})


@whole.show
def show_whole(report: ProtectedReport) -> Several | None:
    """For each family its activities, levers and measures; last what employers do, and what the plan has of it."""
    if not report.about.get("has", {}).get("activities", True) and not report.about.get("effects"):
        return None
    held, behind = hung(report), late(report)
    found = [_activities(report, names(family), held[family.id], behind) for family in families()]
    found.append(_activities(report, Term("strategies.none"), held[NONE], behind))
    tables = tuple(table for table in (*found, _levers(report), _practices(report)) if table is not None)
    return Several(tables) if tables else None


def _activities(report: ProtectedReport, head: Term, held: Hung, behind: frozenset[str]) -> Table | None:
    if held.empty:
        return None
    plan = report.plan.drop_duplicates("activity").set_index("activity")
    rows = []
    for row in held.activities:
        table, line, column = (
            str(plan.loc[row.activity, f"indicator_{axis}"] or "") for axis in ("table", "row", "column")
        )
        cell = report.cell(table, line, column) if table and line else None
        state = "late" if row.activity in behind else row.status
        rows.append(
            Line(
                Name.same(row.text),
                (
                    Month(row.due) if row.due else None, Term(f"strategies.state.{state}"),
                    row.indicator_name or Term("strategies.no_indicator"),
                    cell if cell is not None and cell.shown else None,
                    Term(f"strategies.by.{plan.loc[row.activity].get('hangs_by') or 'none'}"),
                ),
            )
        )  # fmt: skip
    for entry in held.measures:
        said = Term(f"ledger.verdict.{entry['verdict']}") if entry["verdict"] != OPEN else Term("strategies.open")
        rows.append(
            Line(Name.same(entry["name"]), (Month(entry["start"]), Term("strategies.registered"), said, None, None))
        )
    columns = tuple(
        Term(f"column.strategies.{name}") for name in ("activity", "due", "state", "indicator", "now", "by")
    )
    return Table(Term("strategies.of", {"names": head}), columns, tuple(rows), folded=True)


def _levers(report: ProtectedReport) -> Table | None:
    years = sorted(report.keys("lever_effects", "column", layer=LIBRARY, department=ORGANISATION))
    named, rows = lever_names(report), []
    by_id = {family.id: family for family in families()}
    for key, entry in lever_entries().items():
        if key in named and years:
            cell = report.cell("lever_effects", key, years[-1], layer=LIBRARY, department=ORGANISATION)
            mine = dict.fromkeys(family_of()[name] for name in entry["strategies"])
            hangs = Term("strategies.names", {"names": tuple(names(by_id[each]) for each in mine)})
            rows.append(Line(named[key], (hangs, cell if cell.shown else None)))
    columns = tuple(Term(f"column.strategies.{name}") for name in ("one_lever", "strategy", "effect"))
    return Table(Term("strategies.levers"), columns, tuple(rows), folded=True) if rows else None


def _practices(report: ProtectedReport) -> Table | None:
    """What employers do, by whom, and how many activities of the plan are instances of it."""
    plan = report.plan.drop_duplicates("activity")
    plan = plan[plan["duplicate_of"].fillna("") == ""] if "duplicate_of" in plan else plan
    if "practices" not in plan or plan.empty:
        return None
    counted = Counter(key for text in plan["practices"].fillna("") for key in str(text).split(JOIN) if key)
    by_id = {family.id: family for family in families()}
    rows = []
    for key, entry in practices().items():
        mine = dict.fromkeys(family_of()[name] for name in entry["strategies"])
        hangs = Term("strategies.names", {"names": tuple(names(by_id[each]) for each in mine)})
        where = Name.same(entry["where"])
        rows.append(Line(Name(entry["sv"], entry["en"]), (where, hangs, Tally("practice", counted[key]))))
    columns = tuple(Term(f"column.strategies.{name}") for name in ("practice", "where", "strategy", "activities"))
    return Table(Term("strategies.practices"), columns, tuple(rows), (Term("strategies.practices.note"),), folded=True)
