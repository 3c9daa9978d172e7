"""The mix of roles beside the scarce occupation, and competence that the work asks of everyone in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import Figures, Workforce, number_fact, share_facts, together
from analysis.reference.practices import Level, Mix
from analysis.tables.protected import ORGANISATION


def mix_facts(staff: Workforce, mixes: Mapping[str, Mix]) -> Figures:
    """Facts ``role_mix``: full-time equivalents of complementary roles per ``per`` of the scarce occupation.

    Row = mix, column ``ratio``, by department and in the whole organisation; the group is everyone in either.

    Args:
        staff: who is in post.
        mixes: id → ``beside`` and ``scarce`` (occupations) and ``per`` (a number).
    """
    found = []
    for key, mix in mixes.items():
        beside, scarce = staff.of(mix.beside), staff.of(mix.scarce)
        for department in [ORGANISATION, *sorted(scarce["department"].dropna().unique())]:
            here, there = (
                group if department == ORGANISATION else group[group["department"] == department]
                for group in (beside, scarce)
            )
            posts = float(there["fte"].sum())
            if posts > 0:
                found.append(
                    number_fact(
                        mix.per * float(here["fte"].sum()) / posts, min(len(here), len(there)), table="role_mix",
                        row=key, column="ratio", definition="role_mix", unit="ratio", department=department,
                    )
                )  # fmt: skip
    return together(found)


def least_facts(staff: Workforce, levels: Mapping[str, Level], competence: pd.DataFrame | None) -> Figures:
    """Facts ``least_level``: share of some occupations with at least a level: row = level, column ``share``.

    A level is an occupation of its own (``occupations``), or a competence on record (``competence``).
    """
    found = []
    for key, level in levels.items():
        group = staff.of(level.of)
        if level.occupations:
            reached = group["occupation"].isin(level.occupations)
        else:
            if competence is None or (competence["model"] != level.competence).all():
                continue
            held = competence[(competence["model"] == level.competence) & (competence["assessed"] <= staff.at)]
            held = held.sort_values("assessed").drop_duplicates("person", keep="last")
            reached = group["person"].isin(held.loc[held["held"].fillna(True).astype("bool"), "person"])
        found.append(
            share_facts(group, reached, table="least_level", row=key, column="share", definition="least_level")
        )
    return together(found)


def model_facts(staff: Workforce, ladders: Mapping[str, Mapping[str, Any]], competence: pd.DataFrame | None) -> Figures:
    """Facts ``models``: number of occupations with a competence model that somebody is placed in."""
    if competence is None:
        return together([])
    used = set(competence.loc[competence["step"].notna(), "model"])
    covered = {name for key, ladder in ladders.items() if key in used for name in ladder["occupations"]}
    present = covered & set(staff.people["occupation"])
    return [
            {
                "table": "models", "department": ORGANISATION, "row": "occupations", "column": "number",
                "value": float(len(present)), "n": len(present), "unit": "posts", "definition": "models",
            }
    ]  # fmt: skip


def reported_facts(
    follow_up: pd.DataFrame, kinds: Mapping[str, Mapping[str, Any]], departments: pd.Series, at: pd.Timestamp
) -> Figures:
    """What units report, for the whole organisation: row = kind, columns ``now`` and ``before``.

    The latest year up to the cut-off's and the one before: done over base, times a hundred where the kind counts per
    hundred, or done alone. Facts ``reported``; of a kind that counts persons ``reported_persons``, of a share of
    persons ``reported_shares``.

    Args:
        follow_up: clean table.
        kinds: counts that units report, by id (``reference.practices``).
        departments: keys known to the organisation; rows of others are left out.
        at: the cut-off.
    """
    found = []
    rows = follow_up[(follow_up["year"] <= at.year) & follow_up["department"].isin(list(departments))]
    for key, kind in kinds.items():
        mine = rows[rows["kind"] == key]
        if mine.empty:
            continue
        last = int(mine["year"].max())
        for column, year in (("now", last), ("before", last - 1)):
            sums = mine.loc[mine["year"] == year, ["done", "base"]].sum()
            if not (mine["year"] == year).any() or (sums["base"] <= 0 and kind["value"] != "number"):
                continue
            found.append(_reported(key, kind, column, float(sums["done"]), float(sums["base"])))
    return together(found)


def reported_table(kind: Mapping[str, Any]) -> str:
    """The table of facts of a kind of report: a share of persons is protected by those outside it, too."""
    if not kind["persons"]:
        return "reported"
    return "reported_shares" if kind["value"] == "share" else "reported_persons"


def _reported(key: str, kind: Mapping[str, Any], column: str, done: float, base: float) -> Figures:
    value = {"share": lambda: done / base, "mean": lambda: done / base, "per_100": lambda: 100.0 * done / base}
    unit = {"share": "share", "mean": "ratio", "per_100": "ratio", "number": "persons" if kind["persons"] else "posts"}
    return [
            {
                "table": reported_table(kind), "department": ORGANISATION, "row": key,
                "column": column, "value": value.get(kind["value"], lambda: done)(), "n": base or done,
                "numerator": done, "denominator": max(base, done), "unit": unit[kind["value"]],
                "definition": "reported_persons" if kind["persons"] else "reported",
            }
    ]  # fmt: skip
