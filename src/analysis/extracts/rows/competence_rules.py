"""What a row about competence, or about the competence that is needed, must fulfil: models, steps, amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from analysis.extracts.account.notices import Notice, named, of_rows
from analysis.extracts.rows.staging import CleanTables
from analysis.reference import competences, ladders, occupations
from analysis.tables.competence_rows import QUALIFIED
from analysis.tables.keys import EVERY

WORDS = ("model", "held", "occupation", "department")
"""Columns of text that the rules below read."""

Breach = tuple[str, str, pd.Series]


def competence_breaches(table: pd.DataFrame) -> Iterator[Breach]:
    """Rules of the table ``competence``: a ladder has steps, a competence is there or not.

    Yields:
        Reason id, column, boolean Series on the table's index.
    """
    model, step = table["model"], table["step"]
    is_ladder, is_competence = model.isin(list(ladders())), model.isin(list(competences()))
    yield "ladder_needs_step", "step", ~is_competence & step.isna()
    yield "step_without_ladder", "step", is_competence & step.notna()
    yield "held_on_ladder", "held", is_ladder & table["held"].notna()
    yield "step_outside_ladder", "step", is_ladder & (step > model.map(_lengths()))


def requirement_breaches(table: pd.DataFrame, *, named_occupations: frozenset[str]) -> Iterator[Breach]:
    """Rules of the table ``requirements``.

    Args:
        table: rows with canonical columns and types.
        named_occupations: occupations that ``delivery.toml`` names beside those of the reference data.

    Yields:
        Reason id, column, boolean Series on the table's index.
    """
    model, step, occupation = table["model"], table["step"], table["occupation"]
    is_ladder = model.isin(list(ladders()))
    known = is_ladder | model.isin([*competences(), QUALIFIED])
    yield "unknown_model", "model", model.notna() & ~known
    yield (
        "unknown_occupation",
        "occupation",
        occupation.notna() & ~occupation.isin([*occupations(), *named_occupations]),
    )
    yield "ladder_needs_step", "step", is_ladder & step.isna()
    yield "step_without_ladder", "step", known & ~is_ladder & step.notna()
    yield "step_outside_ladder", "step", is_ladder & (step > model.map(_lengths()))
    pairs = {(key, each) for key, ladder in ladders().items() for each in ladder["occupations"]}
    fits = pd.Series([pair in pairs for pair in zip(model, occupation, strict=True)], index=table.index, dtype="bool")
    yield "ladder_not_for_occupation", "occupation", is_ladder & occupation.notna() & ~fits
    licensed = [key for key, entry in occupations().items() if "licence" in entry]
    yield "no_licence", "occupation", (model == QUALIFIED) & occupation.notna() & ~occupation.isin(licensed)
    share, staff = table["share"], table["staff"]
    yield "share_or_staff", "share", share.notna() == staff.notna()
    everywhere = table["department"].isna() | (table["department"] == EVERY)
    yield "staff_everywhere", "department", staff.notna() & share.isna() & everywhere


def unknown_models(tables: CleanTables) -> list[Notice]:
    """Assessments on ladders and competences that the reference data does not hold: read, but counted nowhere."""
    if "competence" not in tables:
        return []
    known = [*ladders(), *competences()]
    strange: Counter[str] = Counter()
    for frame in tables.frames("competence", ["model"]):
        strange += Counter(frame.loc[~frame["model"].isin(known), "model"].to_list())
    if not strange:
        return []
    rows, common = of_rows(sum(strange.values())), named(strange)
    return [
        Notice(
            sv=f"competence: {rows['sv']} om okända trappor eller kompetenser räknas inte: {common}. "
            "Lägg till dem i ladders.toml eller competences.toml.",
            en=f"competence: {rows['en']} about unknown ladders or competences are not counted: {common}. "
            "Add them to ladders.toml or competences.toml.",
        )
    ]


def _lengths() -> dict[str, float]:
    return {key: float(len(ladder["steps"])) for key, ladder in ladders().items()}
