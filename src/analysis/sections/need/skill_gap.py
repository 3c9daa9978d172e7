"""The skill gap beside the head gap: what the work asks for, who can do it, and what is lacking, now and ahead."""

from __future__ import annotations

from collections.abc import Container, Mapping

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.stock import Line, Note, Several, Table
from analysis.publishing.words.naming import occupation
from analysis.reference import competences, ladders
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.competence_rows import ASSESSED, HELD, KEYS, KNOWN, MISSING, NEEDED, NOW, SHARE, STEPS, UNCLEAR
from analysis.tables.facts import facts
from analysis.tables.joins import join
from analysis.tables.protected import Cell, ProtectedReport

section = Section(
    "skill_gap",
    places=Place("figures", after="within"),
    publishes=(
        PlannedTable(
            id="skill_needed",
            published_as="skills",
            sensitivity="low",
            rule="group",
            group_at_least="forecast",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="skill_assessed",
            published_as="skills",
            sensitivity="low",
            rule="share",
            group_at_least="forecast",
            lines=("departments",),
            zeros="withheld",
            full="shown",
        ),
        PlannedTable(
            id="skill_steps",
            published_as="skills",
            sensitivity="medium",
            rule="share",
            group_at_least="forecast",
            lines=("departments",),
            zeros="shown",
        ),
        PlannedTable(
            id="skill_known",
            published_as="skills",
            sensitivity="medium",
            rule="share",
            group_at_least="forecast",
            lines=("departments",),
            zeros="shown",
            full="shown",
        ),
    ),
    needs=("skill_now", "skill_gap"),
    counts={
        "p000-09": ("skills/specialist_usk*/held", "skills/silviasyster*/held", "skills/handledare*/held"),
        "p000-18": ("skills/mi:*/held", "skills/lagaffektivt*/held"),
        "p002-01": ("skills/*/assessed",),
        "p002-02": ("skills/*/held", "skills/*/needed"),
    },
)


def row_key(model: str, step: int, occupation: str) -> str:
    """The row of a requirement: model, least step (0: none) and occupation."""
    return f"{model}:{step}:{occupation}"


def now_facts(now: pd.DataFrame, ladders: Container[str]) -> pd.DataFrame:
    """Facts of the skill gap at the cut-off; small departments included, since they are part of every sum.

    Args:
        now: result of ``competence.skill_now``.
        ladders: ids of ladders.
    """
    return _facts(now.assign(n=now["staff"], low=None, high=None), ladders, NOW)


def ahead_facts(gap: pd.DataFrame, now: pd.DataFrame, ladders: Container[str], *, year: int) -> pd.DataFrame:
    """Facts of the skill gap at the horizon, registered with the counts of today that they follow from.

    Args:
        gap: result of ``staffing.skill_gap``.
        now: result of ``competence.skill_now``.
        ladders: ids of ladders.
        year: the horizon.
    """
    ahead = gap[gap["year"] == year].drop(columns=["assessed", "staff"]).rename(columns={HELD: "expected"})
    table, _ = join(ahead, now[[*KEYS, HELD, "assessed", "staff"]], KEYS, how="inner", name="skill gap now and ahead")
    return _facts(table, ladders, str(year))


def _facts(table: pd.DataFrame, ladders: Container[str], layer: str) -> pd.DataFrame:
    kind = [STEPS if model in ladders else KNOWN for model in table["model"]]
    row = [row_key(*each) for each in zip(table["model"], table["step"], table["occupation"], strict=True)]
    base = pd.DataFrame(
        {
            "table": kind, "department": table["department"], "row": row, "layer": layer, "n": table["n"],
            "numerator": table[HELD], "denominator": table["assessed"], "unit": "persons",
            "definition": "skill_gap" if layer == NOW else "skill_gap_ahead",
        }
    )  # fmt: skip
    ends = {
        name: (table.get(f"{prefix}low"), table.get(f"{prefix}high"))
        for name, prefix in ((HELD, ""), (MISSING, "missing_"))
    }
    held = table["expected"] if "expected" in table else table[HELD]
    values = {HELD: held, UNCLEAR: table[UNCLEAR], MISSING: table[MISSING]}
    parts = [
        base.assign(column=name, value=value, low=ends.get(name, (None, None))[0], high=ends.get(name, (None, None))[1])
        for name, value in values.items()
    ]
    staff = {"numerator": table["n"], "denominator": table["n"]}
    parts.append(base.assign(table=NEEDED, column="needed", value=table["needed"], **staff))
    if layer == NOW:
        share = table["assessed"] / table["staff"]
        counts = {"numerator": table["assessed"], "denominator": table["staff"]}
        parts.append(base.assign(table=ASSESSED, column=SHARE, value=share, unit="share", **counts))
    return facts(pd.concat(parts, ignore_index=True))


TABLE = "skills"


COLUMNS = ("missing", "needed", "held", "unclear")
"""The answer stands first, where a phone shows it without scrolling."""


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """The skill gap now and at the horizon; nothing where the delivery requires nothing."""
    now, ahead = results.table("skill_now"), results.table("skill_gap")
    if now is None:
        return facts([])
    found = [now_facts(now, ladders())]
    if ahead is not None and len(ahead):
        found.append(ahead_facts(ahead, now, ladders(), year=int(results.period[:4]) + results.years))
    return pd.concat(found, ignore_index=True)


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """Requirement by requirement: now, and at the horizon with its interval."""
    layers = list(dict.fromkeys(layer for _, layer in report.rows(TABLE)))
    if not layers:
        asked = report.about.get("has", {}).get("requirements", False)
        return Note(Term("absent.skills.none" if asked else "absent.skills"))
    tables = [table for table in (_table(report, layer) for layer in sorted(layers, key=_order)) if table is not None]
    return Several(tuple(tables)) if tables else Note(Term("absent.silent", {"part": Term("skills.title")}))


def _order(layer: str) -> tuple[bool, str]:
    return layer != NOW, layer


def _table(report: ProtectedReport, layer: str) -> Table | None:
    names = (*COLUMNS, "assessed") if layer == NOW else COLUMNS
    every = [
        Line(_requirement(report, key), tuple(report.cell(TABLE, key, name, layer=layer) for name in names))
        for key in report.keys(TABLE, layer=layer)
    ]
    rows = [row for row in every if _says(dict(zip(names, row.cells, strict=True)))]
    if not rows:
        return None
    period = report.about["period"]
    month = Month(period if layer == NOW else f"{layer}-{period[5:7]}")
    kind = NOW if layer == NOW else "ahead"
    whole = report.department.status == "organisation"
    heads = {"missing": "missing.whole"} if whole else {}
    columns = (Term("column.requirement"), *(Term(f"column.skills_{heads.get(name, name)}") for name in names))
    notes = [Term(f"skills.note.{kind}"), *([Term("skills.note.whole")] if whole else [])]
    notes += [Term("skills.silent")] if len(rows) < len(every) else []
    return Table(Term(f"skills.caption.{kind}", {"month": month}), columns, tuple(rows), tuple(notes))


def _says(cells: Mapping[str, Cell]) -> bool:
    """A row is worth its place where it says how many can, or that the delivery does not tell."""
    return cells["held"].shown or (cells["needed"].shown and cells["held"].status == "missing")


def _requirement(report: ProtectedReport, key: str) -> Term:
    """A requirement in words: who, and what of them."""
    model, step, group = key.split(":")
    who = occupation(report, group)
    if model in ladders():
        ladder = ladders()[model]
        names = ladder["steps"][int(step) - 1]
        what = {"ladder": Name(ladder["sv"], ladder["en"]), "name": Name(names["sv"], names["en"])}
        return Term("skills.step", {"occupation": who, "step": Name.same(step), **what})
    if model in competences():
        entry = competences()[model]
        return Term("skills.competence", {"occupation": who, "name": Name(entry["sv"], entry["en"])})
    return Term("skills.licence", {"occupation": who})
