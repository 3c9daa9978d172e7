"""Clean tables: what ``extracts`` hands over. One contract per table, the same on both sides of the stage.

Rows about persons. They never cross ``disclosure``. ``person`` is a keyed pseudonym; nothing may depend on its
order. Dates are timestamps at midnight, months the first of the month, rates fractions (1.0 = full time).
Every table also carries ``source`` (file) and ``source_row`` (1-based line or sheet row in that file).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.reference import exit_reasons

Kind = Literal["key", "text", "date", "month", "number", "integer", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a clean table.

    ``kind`` decides how raw text is read, ``required`` whether the delivery must map it, ``nullable`` whether a
    row may leave it empty, ``allowed`` the canonical values, ``low``/``high`` the possible range (inclusive),
    ``personal`` whether its raw value is masked in messages and quarantine files, ``sparse`` whether a file may well
    leave it empty in every row: an empty cell says something there (not ended, every year) or few rows have it,
    ``several`` whether a cell may hold several values with ``|`` between them.
    """

    kind: Kind
    required: bool = False
    nullable: bool = True
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    personal: bool = False
    sparse: bool = False
    several: bool = False


KEY = Column("key", required=True, nullable=False)
PERSON = Column("key", required=True, nullable=False, personal=True)
FORMS = ("permanent", "temporary", "hourly")
CAUSE_IDS = ("resignation", "retirement", "contract_end", "employer", "other", "unknown", "transfer")
END_REASONS = ("filled", "withdrawn")  # how an advert ends
DIRECTIONS = ("lower", "higher")  # where a measure is meant to move its indicator
SURVEY_REASONS = tuple(exit_reasons())

TABLES: dict[str, dict[str, Column]] = {
    # one person in one post with constant terms; a change of unit, rate or form is a new row
    "employments": {
        "person": PERSON,
        "employment": Column("key", personal=True),
        "unit": KEY,
        "workplace": Column("key"),  # finer than the unit, such as a cost centre
        "aid": Column("key"),
        "title": Column("text"),
        "occupation": Column("key"),  # derived from aid or title unless mapped
        "form": Column("key", required=True, nullable=False, allowed=FORMS),
        "rate": Column("number", low=0.0, high=1.0),
        "rate_actual": Column("number", low=0.0, high=1.0),  # after partial leave; 0 = on full leave
        "rate_wanted": Column("number", low=0.0, high=1.0),
        "agreement": Column("key"),  # AB, BEA, PAN …
        "responsibility": Column("key", sparse=True),  # AID's ansvarskod; A, B and C lead staff
        "start": Column("date", required=True, nullable=False),
        "end": Column("date", sparse=True),
        "birth": Column("month", personal=True),  # first day of the birth month; the day is dropped
        "sex": Column("key", allowed=("F", "M")),
        "pay": Column("number", low=0.0, personal=True),
    },
    # a yearly or monthly list of everyone employed on a day; spells are derived by linking
    "snapshots": {
        "person": PERSON,
        "name_key": Column("key", personal=True),  # pseudonym of the name alone, to find re-hires
        "given_key": Column("key", personal=True),  # pseudonym of the given name alone, to find name changes
        "snapshot": Column("date", required=True, nullable=False),
        "unit": KEY,
        "unit_name": Column("text"),
        "workplace": Column("key"),
        "aid": Column("key"),
        "title": Column("text"),
        "occupation": Column("key"),
        "form": Column("key", allowed=FORMS),
        "rate": Column("number", low=0.0, high=1.0),
        "hired": Column("date"),
        "birth": Column("month", personal=True),
        "sex": Column("key", allowed=("F", "M")),
        "pay": Column("number", low=0.0, personal=True),
    },
    "hours": {
        "person": PERSON,
        "unit": KEY,
        "aid": Column("key"),
        "occupation": Column("key"),
        "month": Column("month", required=True, nullable=False),
        "hours": Column("number", required=True, nullable=False, low=0.0, high=400.0),
    },
    # one row per person and month with an ordinary working time; hours, not days
    "absences": {
        "person": PERSON,
        "unit": KEY,
        "month": Column("month", required=True, nullable=False),
        "ordinary_hours": Column("number", required=True, nullable=False, low=0.0, high=400.0),
        "sick_hours": Column("number", required=True, nullable=False, low=0.0, high=400.0),
        "sick_hours_long": Column("number", low=0.0, high=400.0),  # in spells of 60 days or more
        "sick_hours_short": Column("number", low=0.0, high=400.0),  # on day 1 to 14 of a spell
        "parental_hours": Column("number", low=0.0, high=400.0),
        "overtime_hours": Column("number", low=0.0, high=400.0),
        "extra_hours": Column("number", low=0.0, high=400.0),  # part-timers' beyond their rate, up to full time
        "sick_spells": Column("integer", low=0, high=31),  # times that somebody fell ill in the month
    },
    "exits": {
        "person": PERSON,
        "date": Column("date", required=True, nullable=False),
        "cause": Column("key", allowed=CAUSE_IDS),  # empty → unknown
        # main reason told in the exit survey, empty: no answer
        "survey_reason": Column("key", allowed=SURVEY_REASONS, sparse=True),
    },
    "organisation": {
        "unit": KEY,
        "parent": Column("key"),
        "level": KEY,  # the word the delivery uses: kommun, förvaltning, avdelning, enhet
        "name": Column("text", required=True, nullable=False),
        "name_en": Column("text", sparse=True),
        "valid_from": Column("date", sparse=True),
        "valid_to": Column("date", sparse=True),
        "successor": Column("key", sparse=True),  # the unit that took over when this one was closed
    },
    "qualifications": {
        "person": PERSON,
        "kind": KEY,  # teacher_licence, preschool_licence, nurse_licence, assistant_nurse_title …
        "valid_from": Column("date"),
        "valid_until": Column("date", sparse=True),  # of a certificate that has to be renewed
    },
    # what a teacher taught in the measuring week (15 October): one row per subject and stage
    "teaching": {
        "person": PERSON,
        "unit": KEY,
        "measured": Column("date", required=True, nullable=False),
        "subject": KEY,
        "stage": Column("key"),
        "hours": Column("number", required=True, nullable=False, low=0.0, high=60.0),  # a week
        "qualified": Column("boolean", required=True, nullable=False),  # for this subject and stage
    },
    # a step of a ladder, or whether somebody has a competence (held; empty = has it)
    "competence": {
        "person": PERSON,
        "model": KEY,  # a ladder's id (ladders.toml) or a competence's (competences.toml)
        "step": Column("integer", low=1, high=9, sparse=True),  # of a ladder
        "held": Column("boolean", sparse=True),  # of a competence; no = assessed and found without it
        "assessed": Column("date", required=True, nullable=False),
    },
    # what the work asks of those who do it, by occupation: a least step of a ladder, a competence, or the occupation's
    # licence ("qualified"); a row holds from its year until a later row of the same requirement
    "requirements": {
        "department": Column("key", sparse=True),  # a key; * or empty for every department without a row of its own
        "occupation": KEY,
        "model": KEY,
        "step": Column("integer", low=1, high=9, sparse=True),  # least of a ladder; empty for a competence or a licence
        "year": Column("integer", low=1990, high=2100, sparse=True),  # first year; empty = always
        "share": Column("number", low=0.0, high=1.0, sparse=True),  # of the occupation's monthly paid, or
        "staff": Column("number", low=0.0, high=100000.0, sparse=True),  # a number of persons in the department
        "basis": Column("text"),  # what it rests on and who owns it
    },
    "training": {
        "person": PERSON,
        "course": KEY,
        "kind": Column("key", allowed=("course", "pipeline")),
        "start": Column("date"),
        "end": Column("date", sparse=True),  # completion, or the planned end while status is enrolled
        "status": Column("key", required=True, nullable=False, allowed=("enrolled", "completed", "dropped")),
        "target_occupation": Column("key", sparse=True),
        "work_share": Column("number", low=0.0, high=1.0, sparse=True),
        "planned": Column("date", sparse=True),  # when the individual plan says it should be done
        "days": Column("number", low=0.0, high=200.0, sparse=True),  # attended
        "followed_up": Column("date", sparse=True),  # the talk with the own manager afterwards
    },
    # a task, role or title that somebody has for a period beside the employment
    "assignments": {
        "person": PERSON,
        "kind": KEY,  # an id of roles.toml
        "unit": Column("key", sparse=True),  # where, if it is elsewhere than the employment
        "start": Column("date", required=True, nullable=False),
        "end": Column("date", sparse=True),
        "supplement": Column("number", low=0.0, sparse=True, personal=True),
    },
    # who has, or has had, a mentor; of a newcomer, a manager, or somebody in the introduction period of the profession
    "mentoring": {
        "person": PERSON,  # who is mentored
        "mentor": Column("key", personal=True),
        "kind": Column("key", required=True, nullable=False, allowed=("newcomer", "introduction", "manager")),
        "start": Column("date", required=True, nullable=False),
        "planned": Column("date", sparse=True),  # last day that was planned
        "end": Column("date", sparse=True),
        "post_match": Column("boolean", sparse=True),  # the post is in the form, years and subjects of the degree
    },
    # counts that units report once a year or term, never of a person: what is done, of how much
    "follow_up": {
        "department": KEY,
        "kind": KEY,  # an id of follow_up.toml
        "year": Column("integer", required=True, nullable=False, low=1990, high=2100),
        "done": Column("number", required=True, nullable=False, low=0.0),
        "base": Column("number", required=True, nullable=False, low=0.0),
    },
    # a person who got another number, such as a personnummer after a coordination number
    "identity_changes": {
        "old": PERSON,
        "new": PERSON,
    },
    # an individual plan for one's development, the day it was written or followed up
    "development_plans": {
        "person": PERSON,
        "made": Column("date", required=True, nullable=False),
    },
    "managers": {
        "person": PERSON,
        "unit": KEY,
        "start": Column("date", required=True, nullable=False),
        "end": Column("date", sparse=True),
    },
    # answers of a unit to one question: never of a person
    "survey": {
        "unit": KEY,
        "survey": KEY,  # hme, managers
        "held": Column("month", required=True, nullable=False),
        "question": KEY,  # hme_1 to hme_9, else the survey's own
        "offered": Column("integer", required=True, nullable=False, low=0),  # persons asked
        "answers": Column("integer", required=True, nullable=False, low=0),
        "mean": Column("number", low=1.0, high=5.0),
    },
    "vacancies": {
        "department": KEY,
        "occupation": KEY,
        "opened": Column("date", required=True, nullable=False),
        "closed": Column("date", sparse=True),  # filled or withdrawn; empty while it is open
        "end_reason": Column("key", sparse=True, allowed=END_REASONS),  # empty = filled, where it is closed
        "start": Column("date", sparse=True),  # first day of who was hired; the post is empty until then
        "posts": Column("number", required=True, nullable=False, low=0.0, high=10000.0),  # full-time equivalents
        "applicants": Column("integer", low=0),
    },
    "volumes": {
        "department": KEY,
        "kind": KEY,  # children, pupils, users
        "year": Column("integer", required=True, nullable=False, low=1990, high=2100),
        "volume": Column("number", required=True, nullable=False, low=0.0),
        "vintage": Column("text", required=True, nullable=False),
    },
    "staffing_ratios": {
        "department": KEY,  # a key, or * for every department
        "kind": KEY,
        "occupation": KEY,
        "fte_per_volume": Column("number", required=True, nullable=False, low=0.0, high=10.0),
        "basis": Column("text"),
    },
    # posts that the budget holds, in full-time equivalents
    "budgeted_posts": {
        "department": KEY,
        "occupation": KEY,
        "year": Column("integer", required=True, nullable=False, low=1990, high=2100),
        "posts": Column("number", required=True, nullable=False, low=0.0, high=100000.0),
    },
    # what the work asks for (WISN): available (hours of a full-time year), service (hours a unit, amount a year),
    # support (share of everyone's time), individual (hours a year in all)
    "workload": {
        "department": KEY,
        "occupation": KEY,
        "component": Column(
            "key", required=True, nullable=False, allowed=("available", "service", "support", "individual")
        ),
        "activity": Column("text", sparse=True),
        "year": Column("integer", low=1990, high=2100, sparse=True),  # empty = every year
        "amount": Column("number", low=0.0, sparse=True),
        "hours": Column("number", low=0.0, sparse=True),
        "share": Column("number", low=0.0, high=1.0, sparse=True),
    },
    # a population forecast of the municipality by one-year ages
    "population": {
        "year": Column("integer", required=True, nullable=False, low=1990, high=2100),
        "age": Column("integer", required=True, nullable=False, low=0, high=130),
        "persons": Column("number", required=True, nullable=False, low=0.0),
        "vintage": Column("text", required=True, nullable=False),
        "variant": Column("text", sparse=True),  # empty = the forecast has one
        "weight": Column("number", low=0.0, high=1.0, sparse=True),  # empty = variants count alike
    },
    # share of the municipality's persons of some ages that a department serves
    "participation": {
        "department": KEY,
        "kind": KEY,
        "age_low": Column("integer", required=True, nullable=False, low=0, high=130),
        "age_high": Column("integer", required=True, nullable=False, low=0, high=130),
        "share": Column("number", required=True, nullable=False, low=0.0, high=1.0),
    },
    "finance": {
        "department": KEY,
        "year": Column("integer", required=True, nullable=False, low=1990, high=2100),
        "premises_cost": Column("number", required=True, nullable=False, low=0.0),
        "total_cost": Column("number", required=True, nullable=False, low=0.0),
        "staff_cost": Column("number", low=0.0),  # pay, contributions and pensions
    },
    "activities": {
        "activity": KEY,
        "area": Column("text", required=True, nullable=False),
        "goal": Column("text", required=True, nullable=False),
        "objective": Column("text"),  # nämndmål
        "assignment": Column("integer", low=1, high=99),
        "text": Column("text", required=True, nullable=False),
        "boards": Column("text", several=True),
        "due": Column("month", required=True, nullable=False),
        "responsible": Column(
            "text", required=True, nullable=False, several=True
        ),  # department keys or staff functions, | between
        "coordinator": Column("text", several=True),
        "indicator": Column("key", sparse=True),  # an indicator id or a course id; empty = saknar indikator
        "status": Column("key", allowed=("planned", "ongoing", "done")),
        "duplicate_of": Column("key", sparse=True),
        "strategy": Column("key", sparse=True),  # ids of strategies.toml, | between
    },
    # what is done to change a figure, registered before it begins: the effect ledger
    "measures": {
        "measure": KEY,
        "name": Column("text", required=True, nullable=False),
        "department": Column("key", sparse=True),  # keys, | between; empty or * = every department
        "occupations": Column("text", sparse=True, several=True),  # ids of occupations, | between; empty = every one
        "start": Column("month", required=True, nullable=False),
        "until": Column("month", sparse=True),  # last month of the follow-up; empty = as effects.toml says
        "indicator": KEY,  # an id of effects.toml
        "direction": Column("key", required=True, nullable=False, allowed=DIRECTIONS),
        # the smallest effect worth having, in the indicator's unit: 0.02 = two percentage points
        "smallest": Column("number", required=True, nullable=False, low=0.0001, high=1000.0),
        "owner": Column("text", required=True, nullable=False),  # a department's key or a staff function
        "registered": Column("date", required=True, nullable=False),
        "belongs": Column("text", sparse=True, several=True),  # ids of strategies, practices and levers, | between
    },
}


def check(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Raise ``ValueError`` if ``table`` breaks the contract of clean table ``name``; else return it."""
    problems = []
    for column, spec in TABLES[name].items():
        if column not in table.columns:
            problems.append(f"column {column} is missing")
        elif not spec.nullable and table[column].isna().any():
            problems.append(f"column {column} has empty values")
        elif spec.allowed and not table[column].dropna().isin(spec.allowed).all():
            problems.append(f"column {column} has values outside {', '.join(spec.allowed)}")
    if problems:
        raise ValueError(f"clean table {name}: " + "; ".join(problems))
    return table
