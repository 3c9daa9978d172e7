"""What the competence stage reads and keeps (notebook 30): ladders, courses, the plan, what is required and held."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import businessplan, competence
from analysis.competence import Catalogue, Records
from analysis.periods import cutoff
from analysis.reference import business_plan, competences, courses, definitions, ladders, occupations
from analysis.stages.practices import practice_facts
from analysis.stages.stage import Stage
from analysis.stages.tried import number
from analysis.tables.clean import TABLES
from analysis.tables.facts import facts
from analysis.tables.joins import join
from analysis.workforce import completed
from analysis.workforce.spells import stock


def people_in_post(stage: Stage) -> pd.DataFrame:
    """Everyone in post at the cut-off, hourly paid included, one row per person (stays in memory)."""
    return stock(stage.need("rows"), stage.at, hourly=True)


def competence_facts(stage: Stage, people: pd.DataFrame) -> pd.DataFrame:
    """Facts of ladders, courses and practices; empty where the delivery holds none of their tables."""
    found = []
    steps, training = stage.table("competence"), stage.table("training")
    if steps is not None:
        counts = competence.ladder_counts(steps, people, ladders(), cutoff=stage.at)
        # where nobody holds the ladder's occupations there is no ladder, not an empty one
        counts = counts[counts["of"] > 0]
        found.append(competence.ladder_facts(counts))
    if training is not None:
        coverage = competence.course_coverage(training, people, courses(), cutoff=stage.at)
        found.append(competence.course_facts(coverage))
    found.append(practice_facts(stage))
    activities = stage.table("activities")
    if activities is not None:
        found.append(businessplan.chain_facts(activities, business_plan()))
    return facts(pd.concat(found, ignore_index=True) if found else [])


def plan_of(stage: Stage) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The business plan as reports show it, and what a validator asks about it."""
    activities = stage.table("activities")
    departments = stage.need("departments")
    if activities is None:
        activities = pd.DataFrame(columns=[*TABLES["activities"]])
    plan = businessplan.plan_table(
        activities,
        period=stage.period,
        departments=departments,
        definitions=definitions(),
        courses=courses(),
        functions=business_plan()["functions"],
    )
    findings = businessplan.plan_findings(
        activities, departments=departments, definitions=definitions(), courses=courses(), plan=business_plan()
    )
    return plan, findings


def catalogue() -> Catalogue:
    """Ladders, competences and licences of the reference data."""
    licences = {key: entry["licence"] for key, entry in occupations().items() if "licence" in entry}
    return Catalogue(ladders(), competences(), licences)


def records(stage: Stage) -> Records:
    """The delivery's tables about what people can."""
    return Records(stage.table("competence"), stage.table("training"), stage.table("qualifications"))


def required(stage: Stage) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Requirements by department, and the rows that are about none; None where the delivery asks for nothing."""
    requirements = stage.table("requirements")
    if requirements is None or requirements.empty:
        return None
    departments = stage.need("departments")["key"].tolist()
    organisation = stage.table("organisation")
    above: dict[str, list[str]] = {}
    if organisation is not None:
        now = organisation[organisation["valid_to"].isna() | (organisation["valid_to"] >= stage.at)]
        parent = now.drop_duplicates("unit").set_index("unit")["parent"].dropna().to_dict()
        for key in departments:
            above[key] = []
            while (upper := parent.get(above[key][-1] if above[key] else key)) and upper not in (key, *above[key]):
                above[key].append(upper)
    return competence.placed(requirements, departments, above)


@dataclass(frozen=True)
class Skills:
    """Counts of the competence stage: the gap now, levels by risk cell, and how levels change.

    ``unplaced``: requirements about no department, which are counted nowhere.
    """

    now: pd.DataFrame
    states: pd.DataFrame
    moves: pd.DataFrame
    newcomers: pd.DataFrame
    unplaced: pd.DataFrame


def keep_skills(stage: Stage) -> Skills | None:
    """Compute and keep what the competence stage knows of requirements; None where the delivery asks for nothing."""
    found = required(stage)
    if found is None:
        return None
    requirements, unplaced = found
    rows, known, all_of_them = stage.need("rows"), records(stage), catalogue()
    cells = stage.need("risk_cells")
    cells = cells[cells["open"]].reset_index(drop=True)
    people, _ = join(
        stage.need("person_cells"), stock(rows, stage.at)[["person", "occupation"]], "person", how="inner",
        validate="one_to_one", name="risk cells by person",
    )  # fmt: skip
    states = competence.skill_states(people, requirements, known, all_of_them, at=stage.at)
    windows = int(number(stage, "skill_windows"))
    days = [cutoff(origin) for origin in stage.facts("workforce")["origins"][-(windows + 1) :]]
    moves, newcomers = competence.skill_changes(
        {day: stock(rows, day) for day in days}, requirements, known, all_of_them, studied=completed(known.training)
    )
    years = [stage.at.year + ahead for ahead in range(1, stage.settings.years + 1)]
    now = competence.skill_now(states, cells, requirements, all_of_them, year=stage.at.year, until=years)
    kept = Skills(now, states, moves, newcomers, unplaced)
    for name in ("now", "states", "moves", "newcomers"):
        stage.write_table(f"skill_{name}", getattr(kept, name))
    return kept
