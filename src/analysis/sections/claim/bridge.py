"""The need part by part, adding up to the gap."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.atoms import Term
from analysis.publishing.naming import part_label
from analysis.publishing.need import horizon, need, steps
from analysis.publishing.objects import Bridge, Note, Step
from analysis.reference.parts import CAUSES, SHOWN
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL, ProtectedReport

section = Section(
    "bridge",
    places=Place("claim", after="verdict"),
    publishes=(PlannedTable(id="bridge", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    needs=("staffing_bridge",),
    awaits=("bridge.title", "turnover"),
)


def bridge_facts(bridge: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Facts ``bridge``: parts of the need per department, on the reference path.

    Of the other paths pages show the gap alone (``what_if``): their parts stay on the near side.

    Args:
        bridge: result of ``staffing.bridge``; the interval is P10 to P90.
        limits: the policy's thresholds, below which a part is shown inside a larger one.
    """
    parts = reference(bridge)
    whole = folded(parts[parts["occupation"] == TOTAL], limits)
    return facts(whole.assign(table="bridge", row=whole["part"], definition="need_gap"))


def reference(bridge: pd.DataFrame) -> pd.DataFrame:
    """The bridge's rows on the reference path, as facts name their columns."""
    table = bridge[bridge["scenario"] == REFERENCE].rename(
        columns={"scenario": "layer", "expected": "value", "p10": "low", "p90": "high"}
    )
    return table.assign(column=table["year"].astype("str"), unit="fte", numerator=table["n"], denominator=table["n"])


SAID = ("opening", "need_change")
"""Parts with a sentence of their own where they are missing."""
MEAN_OF = 3
"""Years that conversions are a mean of."""


def folds(limits: Thresholds) -> tuple[tuple[str, str, float], ...]:
    """Part, the part it is shown inside when small, and the least yearly number to stand alone.

    Conversions are a mean of three years, whose sum must be a count of low sensitivity; who qualifies or changes
    occupation is counted per year, and of medium sensitivity.
    """
    moved = float(limits.medium)
    return (
        ("conversions", "hires", limits.low / MEAN_OF), ("ladder_moves", "moves", moved),
        ("newly_qualified", "moves", moved),
    )  # fmt: skip


def folded(whole: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Add parts that rest on few persons to a larger one, so that the parts still add up to the gap.

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


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    bridge = results.table("staffing_bridge")
    return facts([]) if bridge is None else bridge_facts(bridge, results.limits)


@section.show
def show(report: ProtectedReport) -> Bridge | Note:
    """The need part by part; where the gap is not shown, what makes up the gross need of recruitment."""
    gap, gross = need(report, "gap"), need(report, "recruitment")
    found = steps(report)
    lacking = [part for part in SAID if need(report, part).status == "missing"]
    silent = tuple(Term(f"bridge.lacks.{part}") for part in lacking)
    held = set(report.keys("bridge", layer=REFERENCE)) - set(SAID)  # what has no cell is no part
    without = [part for part in SHOWN if part in held and need(report, part).status == "missing"]
    if without and found:
        silent = (*silent, Term("bridge.lacks.parts", {"parts": tuple(part_label(part) for part in without)}))
    if gap.shown:
        recruitment = Step(Term("bridge.recruitment"), gross) if gross.shown else None
        return Bridge(
            horizon(report),
            found,
            Step(Term("bridge.gap", {"month": horizon(report)}), gap),
            recruitment,
            silent,
        )
    inner = tuple(step for step in found if step.cell.row in ("need_change", *CAUSES))
    if gross.shown and any(step.cell.shown for step in inner):
        return Bridge(horizon(report), inner, Step(Term("bridge.recruitment"), gross), None, silent)
    return Note(Term("absent.bridge"))
