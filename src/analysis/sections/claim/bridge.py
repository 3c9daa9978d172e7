"""The need part by part, adding up to what must be filled; then what fills it, and what stays empty."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.need import filled_steps, horizon, method, need, needed_steps
from analysis.publishing.objects.stock import Bridge, Note, Step
from analysis.publishing.words.naming import part_label
from analysis.reference import policy
from analysis.reference.parts import FILLED, NEEDED, OTHER_CAUSES
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts, forecast_facts
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL, ProtectedReport

section = Section(
    "bridge",
    places=Place("claim", after="verdict"),
    publishes=(
        PlannedTable(
            id="bridge",
            sensitivity="forecast",
            rule="forecast",
            lines=(),
            sums=(("recruitment_need", *NEEDED, OTHER_CAUSES), ("empty", "recruitment_need", *FILLED)),
            zeros="shown",
        ),
        PlannedTable(id="chances", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
    ),
    reads=("posts_record",),
    needs=("recruitment", "recruitment_chances"),
    awaits=("bridge.title", "turnover"),
)

DEFINED = {"empty": "empty_posts"}
"""Definitions of parts that have one of their own; every other belongs to the recruitment need."""


def bridge_facts(recruitment: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Facts ``bridge``: parts of the recruitment need per department, what fills it and what stays empty.

    Of the other paths pages show what stays empty alone (``what_if``): their parts stay on the near side.

    Args:
        recruitment: result of ``staffing.posts.recruitment_need``; the interval is P10 to P90.
        limits: the policy's thresholds, below which a part is shown inside a larger one.
    """
    parts = reference(recruitment)
    whole = joined_causes(folded(parts[parts["occupation"] == TOTAL], limits))
    definition = whole["part"].map(DEFINED).fillna("recruitment_need")
    return facts(whole.assign(table="bridge", row=whole["part"], definition=definition))


def chance_facts(chances: pd.DataFrame) -> pd.DataFrame:
    """Facts ``chances``: probability that at least so many posts (row) are empty at the end of a year (column).

    Args:
        chances: result ``recruitment_chances``.
    """
    own = _reference(chances)
    own = own[own["occupation"] == TOTAL].rename(columns={"probability": "value"})
    table = own.assign(row=own["at_least"].astype("str"), column=own["year"].astype("str"))
    return forecast_facts(table, table="chances", layer=REFERENCE, unit="share", definition="empty_chance")


def reference(recruitment: pd.DataFrame) -> pd.DataFrame:
    """The rows of the present pace, as facts name their columns."""
    table = _reference(recruitment).rename(columns={"expected": "value", "p10": "low", "p90": "high"})
    return table.assign(
        column=table["year"].astype("str"), layer=REFERENCE, unit="fte", numerator=table["n"], denominator=table["n"]
    )


def _reference(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["scenario"] == REFERENCE] if "scenario" in table else table


JOINED = ("employer", "other", "unknown")
"""Causes that may be joined: the others are each acted on in their own way."""
SAID = ("opening", "need_change")
"""Parts with a sentence of their own where they are missing."""


def folds(limits: Thresholds) -> tuple[tuple[str, str, float], ...]:
    """Part, the part it is shown inside when small, and the least yearly number to stand alone.

    Conversions are a mean of the latest years, of a single one where history is short, which must be a count of low
    sensitivity by itself; who qualifies or changes occupation is of medium sensitivity. A part is folded on its own
    side of the recruitment need.
    """
    moved = float(limits.medium)
    return (
        ("conversions", "hires", float(limits.low)), ("ladder_moves", "moves", moved),
        ("newly_qualified", "hires", moved),
    )  # fmt: skip


def folded(whole: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Add parts that rest on few persons to a larger one, so that the parts still add up.

    A folded part is nought here: it has no bar of its own.
    """
    table = whole.copy()
    keys = ["department", "year"]
    first = table["year"].min() - 1
    for small, into, least in folds(limits):
        part = table["part"] == small
        yearly = table["value"].abs() / (table["year"] - first)
        few = part & (table["department"] != ORGANISATION) & (yearly > 0) & (yearly < least)
        moved = table[few].set_index(keys)["value"]
        at = table["part"] == into
        extra = pd.MultiIndex.from_frame(table.loc[at, keys]).map(moved.to_dict())
        added = pd.Series(extra, index=table.index[at], dtype="float64")
        changed = added.dropna().index
        table.loc[changed, "value"] += added[changed]
        table.loc[changed, ["low", "high"]] = float("nan")
        table.loc[few, "value"], table.loc[few, ["low", "high"]] = 0.0, float("nan")
    return table


def joined_causes(whole: pd.DataFrame) -> pd.DataFrame:
    """Join such causes as are a small part of the recruitment need into the part ``other_causes``, where several are.

    The least share is the policy's. A joined cause is nought here; where none is joined, ``other_causes`` is.
    """
    keys = ["department", "year"]
    need = whole[whole["part"] == "recruitment_need"].set_index(keys)["value"]
    causes = whole[whole["part"].isin(JOINED)]
    base = pd.MultiIndex.from_frame(causes[keys]).map(need.to_dict()).to_numpy(dtype=float)
    limit = policy().headline.small_cause * pd.Series(base, causes.index)
    small = causes[(causes["value"] > 0) & (causes["value"] < limit)]
    several = small.groupby(keys)["value"].transform("size") > 1
    small = small[several]
    table = whole.copy()
    table.loc[small.index, "value"], table.loc[small.index, ["low", "high"]] = 0.0, float("nan")
    rows = whole[whole["part"] == "recruitment_need"].copy()
    joined = pd.MultiIndex.from_frame(rows[keys]).map(small.groupby(keys)["value"].sum().to_dict())
    value = pd.Series(joined, rows.index, dtype="float64").fillna(0.0).where(rows["value"].notna())
    rows = rows.assign(part=OTHER_CAUSES, value=value, low=float("nan"), high=float("nan"))
    return pd.concat([table, rows], ignore_index=True)


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(
        ("recruitment", lambda table: bridge_facts(table, results.limits)), ("recruitment_chances", chance_facts)
    )


@section.show
def show(report: ProtectedReport) -> Bridge | Note:
    """The need part by part, what fills it at the present pace, and what stays empty where that is known."""
    gross, empty = need(report, "recruitment_need"), need(report, "empty")
    found, month = needed_steps(report), horizon(report)
    if not gross.shown or not any(step.cell.shown for step in found):
        return Note(Term("absent.bridge"))
    lacking = [part for part in SAID if need(report, part).status == "missing"]
    silent = [Term(f"bridge.lacks.{part}") for part in lacking]
    held = set(report.keys("bridge", layer=REFERENCE)) - set(SAID)  # what has no cell is no part
    without = [part for part in (*NEEDED, *FILLED) if part in held and need(report, part).status == "missing"]
    if without:
        silent.append(Term("bridge.lacks.parts", {"parts": tuple(part_label(part) for part in without)}))
    shown = method(report)
    if empty.shown and shown != "blend":
        silent.append(Term(f"bridge.method.{shown}", {"month": month}))
    return Bridge(
        month,
        found,
        Step(Term("bridge.recruitment_need"), gross),
        filled_steps(report),
        Step(Term("bridge.empty", {"month": month}), empty) if empty.status != "missing" else None,
        tuple(silent),
    )
