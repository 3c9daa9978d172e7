"""What the competence stage counts of practices: programmes, studies, introduction, assignments, careers, managers."""

from __future__ import annotations

import pandas as pd

from analysis.competence import assignments, careers, certificates, introduction, managers, programmes, roles, studies
from analysis.competence.counting import Figures, Workforce, together
from analysis.periods import cutoff
from analysis.reference import courses, ladders, occupations
from analysis.reference import practices as reference
from analysis.stages.stage import Stage
from analysis.tables.clean import TABLES
from analysis.tables.facts import facts
from analysis.workforce.spells import stock


def workforce_of(stage: Stage) -> Workforce:
    """Who is in post and was a year before, with the tables that practices are counted in."""
    rows = stage.need("rows")
    licences = {key: entry["licence"] for key, entry in occupations().items() if "licence" in entry}
    training = _table(stage, "training")
    return Workforce(
        people=_placed(stock(rows, stage.at)),
        earlier=_placed(stock(rows, stage.at - pd.DateOffset(years=1))),
        at=stage.at,
        licences=licences,
        qualifications=stage.table("qualifications"),
        training=training[training["person"].isin(rows["person"])],
        assignments=_table(stage, "assignments"),
        mentoring=_table(stage, "mentoring"),
        rules=reference.counting(),
    )


def practice_facts(stage: Stage) -> pd.DataFrame:
    """Facts of every practice that the delivery can tell of; empty where it holds none of their tables."""
    staff, rows = workforce_of(stage), stage.need("rows")
    competence, survey, follow_up = (stage.table(name) for name in ("competence", "survey", "follow_up"))
    offered, known, dated = reference.programmes(), ladders(), reference.certificates()
    found = [
        programmes.programme_facts(staff, offered),
        programmes.outcome_facts(staff, offered, rows),
        programmes.step_measure_facts(staff, offered, competence, known),
        programmes.plan_facts(staff),
        introduction.introduction_facts(staff, offered),
        assignments.assignment_facts(staff, reference.roles()),
        assignments.moving_facts(staff, reference.roles()),
        assignments.group_facts(staff, reference.roles(), competence, known),
        roles.mix_facts(staff, staff.rules.mix),
        roles.least_facts(staff, staff.rules.level, competence),
        roles.model_facts(staff, known, competence),
        certificates.certificate_facts(staff, [each.id for each in dated.certificate], dated.soon_days),
    ]
    if len(staff.assignments) or len(staff.training):
        found.append(careers.career_facts(staff, reference.edges(), competence, known))
    found.append(careers.step_facts(staff, competence, known))
    if len(staff.training):
        found += _of_studies(stage, staff, rows)
        least = max(stage.policy.medium.min_internal, stage.policy.medium.min_public)
        length = courses().get(staff.rules.manager_programme, {}).get("days")
        found.append(managers.programme_facts(staff, length, _administrations(stage), least=least))
    if survey is not None:
        found.append(managers.survey_facts(survey, stage.at, staff.rules.survey))
    if follow_up is not None:
        keys = stage.need("departments")["key"]
        found.append(roles.reported_facts(follow_up, reference.reported(), keys, stage.at))
    return facts(together(found))


def _of_studies(stage: Stage, staff: Workforce, rows: pd.DataFrame) -> list[Figures]:
    origins = stage.facts("workforce").get("origins", [])
    in_post = {int(origin[:4]): set(stock(rows, cutoff(origin))["person"]) for origin in origins}
    in_post[stage.at.year] = set(staff.people["person"])
    counts = studies.study_facts(staff, reference.programmes(), in_post)
    years = stage.settings.years
    studying, done, planned = studies.unlicensed_studies(staff, reference.programmes(), years)
    return [counts, planned, studies.licensed_facts(staff, studying, done, stage.at.year + years)]


def _administrations(stage: Stage) -> dict[str, str]:
    table = stage.need("departments")
    return dict(zip(table["key"], table["parent"], strict=True))


def _placed(people: pd.DataFrame) -> pd.DataFrame:
    return people[people["department"].notna()].reset_index(drop=True)


def _table(stage: Stage, name: str) -> pd.DataFrame:
    found = stage.table(name)
    columns = [*TABLES[name], "source", "source_row"]
    return pd.DataFrame(columns=columns) if found is None else found.reindex(columns=columns)
