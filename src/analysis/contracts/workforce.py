"""Who works here: rows of employment, risk cells, flows and what staffing forecasts rest on."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.contracts.kinds import Contract, Day, Flag, Number, Text, Whole, at_least, one_of, optional, share
from analysis.reference import CAUSES
from analysis.tables.clean import FORMS

MONTHLY = FORMS[:2]
UNKNOWN = -1
"""Age or tenure that the delivery does not hold, spell of the hourly paid."""


class Rows(Contract):
    """Employments up to the cut-off with department and spell (``workforce.employment_rows``); rows about persons."""

    person: Text
    employment: Text = optional()
    unit: Text
    workplace: Text = optional()
    aid: Text = optional()
    title: Text = optional()
    occupation: Text = optional()
    form: Text = one_of(*FORMS)
    rate: Number = share(nullable=True)
    rate_actual: Number = share(nullable=True)
    rate_wanted: Number | None = share(nullable=True)
    agreement: Text | None = optional()
    responsibility: Text | None = optional()
    start: Day
    end: Day = optional()
    birth: Day = optional()
    sex: Text = optional(isin=["F", "M"])
    pay: Number = at_least(nullable=True)
    source: Text
    source_row: Whole
    department: Text
    spell: Whole = at_least(UNKNOWN)
    until: Day = optional()
    spell_start: Day = optional()
    spell_end: Day = optional()
    since: Day = optional()
    on_leave: Flag
    taken_over: Flag
    # of employments that were derived from lists
    name_key: Text | None = optional()
    given_key: Text | None = optional()
    snapshot: Day | None = optional()
    unit_name: Text | None = optional()
    hired: Day | None = optional()


class Ends(Contract):
    """How each spell of monthly paid employment ended (``workforce.spell_ends``); rows about persons."""

    spell: Whole = pa.Field(unique=True, ge=0)
    person: Text
    end: Day
    cause: Text = one_of(*CAUSES, "transfer")
    stated: Text
    recorded: Flag


class Departments(Contract):
    """Departments as pages name them, in the order of the organisation; ``code`` is the employer's own."""

    key: Text = pa.Field(unique=True)
    name: Text
    name_en: Text
    parent: Text
    parent_en: Text
    code: Text


class Covariates(Contract):
    """What is known of a person at risk when a window or period opens; '' or -1 is not known."""

    origin: Text
    department: Text
    occupation: Text
    form: Text = one_of(*MONTHLY)
    rate_band: Text
    age: Whole = at_least(UNKNOWN)
    tenure: Whole = at_least(UNKNOWN)
    title: Text
    workplace: Text
    pay_position: Number = optional()
    manager_span: Text
    manager_change: Text
    unit_growth: Text
    ladder_step: Text
    training: Text


CELL = list(Covariates.to_schema().columns)


class RiskCells(Covariates):
    """Persons at risk and exits by covariate cell and yearly window; more rules in ``turnover.check_risk_cells``."""

    open: Flag
    at_risk: Whole = at_least(1)
    fte: Number = at_least()
    resignation: Whole = at_least(nullable=True)
    retirement: Whole = at_least(nullable=True)
    contract_end: Whole = at_least(nullable=True)
    employer: Whole = at_least(nullable=True)
    other: Whole = at_least(nullable=True)
    unknown: Whole = at_least(nullable=True)

    class Config:
        unique = [*CELL, "open"]


class Exits(Contract):
    """Persons at risk and those of them that left, by cause."""

    at_risk: Whole = at_least(1)
    resignation: Whole = at_least()
    retirement: Whole = at_least()
    contract_end: Whole = at_least()
    employer: Whole = at_least()
    other: Whole = at_least()
    unknown: Whole = at_least()

    @pa.dataframe_check(error="more exits than persons at risk")
    @classmethod
    def left_at_most_once(cls, table: pd.DataFrame) -> pd.Series:
        """Nobody leaves twice."""
        return table[list(CAUSES)].sum(axis=1) <= table["at_risk"]


class RiskPeriods(Covariates, Exits):
    """Person-periods of the closed windows, shorter than a year; a season sums its periods of ``step`` months."""

    season: Text
    step: Whole = at_least(1)

    class Config:
        unique = ["season", *CELL]


class BySex(Covariates, Exits):
    """Risk cells of the closed windows by sex, for the calibration by group only."""

    sex: Text = optional()

    class Config:
        unique = [*CELL, "sex"]


class PersonCells(Contract):
    """Which open risk cell a person is in; never leaves the near side."""

    person: Text = pa.Field(unique=True)
    cell: Whole = at_least()


class Cohorts(Exits):
    """Exits within three years of everyone in post at an origin, by department then."""

    origin: Text
    department: Text

    class Config:
        unique = ["origin", "department"]


class Flows(Contract):
    """Opening stock, what came and went, and closing stock of a department and occupation in a window."""

    origin: Text
    department: Text
    occupation: Text
    part: Text
    persons: Whole
    fte: Number

    class Config:
        unique = ["origin", "department", "occupation", "part"]


class Groups(Contract):
    """The forecast group that a department and occupation belongs to, and persons at risk now."""

    department: Text
    occupation: Text
    group_department: Text
    group_occupation: Text
    at_risk: Whole = at_least()

    class Config:
        unique = ["department", "occupation"]


class HireProfile(Contract):
    """What newcomers of an occupation are like; shares of one occupation sum to one."""

    occupation: Text
    form: Text = one_of(*MONTHLY)
    rate_band: Text
    age: Whole = at_least(UNKNOWN)
    tenure: Whole = at_least(UNKNOWN)
    share: Number = share()
    fte_per_person: Number = at_least()

    class Config:
        unique = ["occupation", "form", "rate_band", "age", "tenure"]


class MadePermanent(Contract):
    """Share of the temporary of an occupation that are made permanent in a year."""

    occupation: Text = pa.Field(unique=True)
    share: Number = share()


class PermanentAt(Contract):
    """``MadePermanent`` as it was known at each origin."""

    origin: Text
    occupation: Text
    share: Number = share()

    class Config:
        unique = ["origin", "occupation"]


class Durations(Contract):
    """Spells of employment in months with late entry; ``cause`` is '' where the spell goes on. No person key."""

    department: Text
    form: Text = one_of(*MONTHLY)
    entry: Number = at_least()
    exit: Number = at_least()
    cause: Text = one_of(*CAUSES, "")

    @pa.dataframe_check(error="spells that end before they are seen")
    @classmethod
    def seen_before_it_ends(cls, table: pd.DataFrame) -> pd.Series:
        """Observation begins before it ends."""
        return table["exit"] > table["entry"]


class Compartments(Contract):
    """Stock and flows of hourly paid, absence cover and unqualified, who are within those in post or beside them."""

    compartment: Text
    origin: Text
    department: Text
    occupation: Text
    part: Text
    persons: Number
    fte: Number

    class Config:
        unique = ["compartment", "origin", "department", "occupation", "part"]
