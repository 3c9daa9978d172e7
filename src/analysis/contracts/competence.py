"""What people can, counted in groups, and what was decided."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.contracts.kinds import Contract, Flag, Interval, Number, Text, Whole, at_least, one_of, optional


class Pipelines(Contract):
    """Studies that lead to another occupation, by year: who is expected to finish, and the time that studying costs."""

    department: Text
    from_occupation: Text
    target_occupation: Text
    year: Text
    planned_completions: Number = at_least()
    in_study_fte_loss: Number = at_least()

    class Config:
        unique = ["department", "from_occupation", "target_occupation", "year"]


class SkillStates(Contract):
    """Persons of an open risk cell by level of a model; level 0 is not assessed or not held."""

    cell: Whole = at_least()
    model: Text
    level: Whole = at_least()
    persons: Whole = at_least(1)

    class Config:
        unique = ["cell", "model", "level"]


class SkillMoves(Contract):
    """Person-years by level before and after."""

    model: Text
    occupation: Text
    before: Whole = at_least()
    after: Whole = at_least()
    persons: Number = at_least()

    class Config:
        unique = ["model", "occupation", "before", "after"]


class SkillNewcomers(Contract):
    """Newcomers by level."""

    model: Text
    occupation: Text
    level: Whole = at_least()
    persons: Number = at_least()

    class Config:
        unique = ["model", "occupation", "level"]


class SkillNow(Contract):
    """Needed, held, unclear and missing at the cut-off, in persons; small groups too."""

    department: Text
    occupation: Text
    model: Text
    step: Whole = at_least()
    needed: Number = at_least()
    held: Whole = at_least()
    unclear: Number = at_least()
    missing: Number = at_least()
    assessed: Whole = at_least()
    staff: Whole = at_least()

    class Config:
        unique = ["department", "occupation", "model", "step"]

    @pa.dataframe_check(error="more assessed than there are")
    @classmethod
    def assessed_are_staff(cls, table: pd.DataFrame) -> pd.Series:
        """Only staff is assessed."""
        return table["assessed"] <= table["staff"]


class Plan(Contract):
    """Activities of the business plan, with the indicator that follows each; not about persons."""

    activity: Text = pa.Field(unique=True)
    text: Text
    area: Text
    goal: Text
    objective: Text
    assignment: Whole = optional()
    due: Text
    responsible: Text
    departments: Text
    coordinator: Text
    indicator: Text
    indicator_name_sv: Text
    indicator_name_en: Text
    status: Text
    late: Flag
    indicator_table: Text
    indicator_row: Text
    indicator_column: Text
    duplicate_of: Text
    boards: Text
    strategies: Text
    practices: Text
    hangs_by: Text = one_of("", "stated", "words")


class EffectEstimates(Contract):
    """What a measure of the effect ledger seems to have done, in its indicator's unit; small groups too.

    ``why`` says why nothing can be estimated; then the numbers are missing. ``fixed`` and ``yearly`` are the parts of
    the variance that more years do not and do take away, ``least`` the fewest persons that a figure behind it tells of.
    """

    measure: Text = pa.Field(unique=True)
    why: Text = one_of("", "unplaced", "not_counted", "early", "small", "history")
    design: Text = one_of("", "groups", "past")
    seen: Number = at_least(nullable=True)
    value: Number = optional()
    error: Number = at_least(nullable=True)
    freedom: Number = at_least(nullable=True)
    fixed: Number = at_least(nullable=True)
    yearly: Number = at_least(nullable=True)
    chance: Number = at_least(nullable=True)
    years: Number = at_least(nullable=True)
    groups: Number = at_least(nullable=True)
    few_groups: Flag
    persons: Number = at_least(nullable=True)
    least: Number = at_least(nullable=True)


class Effects(Interval):
    """What is said of a measure: the verdict, the grade of its design, and the difference where one may be shown."""

    measure: Text = pa.Field(unique=True)
    indicator: Text
    departments: Text
    verdict: Text = one_of("effect", "consistent", "against", "open")
    grade: Text = one_of("", "A", "B", "C", "D")
    why: Text = one_of("", "unplaced", "not_counted", "early", "small", "history", "few")
    value: Number = optional()
    low: Number = optional()
    high: Number = optional()
    n: Number = at_least(nullable=True)
    least: Number = at_least(nullable=True)
    groups: Number = at_least(nullable=True)
    seen: Number = at_least()
    planned: Number = at_least(1)
    more_months: Number = at_least(nullable=True)
    more_persons: Number = at_least(nullable=True)
