"""What is missing: the bridge, what measures do, how posts are filled, and the record of those forecasts.

Figures are full-time equivalents of groups of people, with their sign, unless a column says persons or posts.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pandera.pandas as pa

from analysis.contracts.kinds import Contract, Interval, Number, Text, Whole, at_least, one_of, optional, share

YEAR = 1990
GROUP = ["department", "occupation", "year"]


class Percentiles(Contract):
    """A simulated figure: its mean and the tenth, fiftieth and ninetieth percentile; missing where the need is."""

    expected: Number = optional()
    p10: Number = optional()
    p50: Number = optional()
    p90: Number = optional()

    @pa.dataframe_check(error="percentiles that fall")
    @classmethod
    def rise(cls, table: pd.DataFrame) -> pd.Series:
        """Percentiles are in order."""
        return ~((table["p10"] > table["p50"] + 1e-9) | (table["p50"] > table["p90"] + 1e-9))


class StaffingBridge(Percentiles):
    """From the opening gap to the gap of a year, part by part, by scenario (``staffing.bridge``)."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    scenario: Text
    part: Text
    n: Number = at_least()

    class Config:
        unique = [*GROUP, "scenario", "part"]


class RetirementWave(Interval):
    """Persons in post at the cut-off who are expected to retire, by calendar year (``staffing.retirement_wave``)."""

    department: Text
    year: Whole = at_least(YEAR)
    expected: Number = at_least()
    low: Number = at_least()
    high: Number = at_least()
    n: Number = at_least()

    class Config:
        unique = ["department", "year"]


class StaffingBeside(Percentiles):
    """Hourly paid, absence cover and unqualified, now and ahead."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    scenario: Text
    part: Text
    n: Number = at_least()
    persons: Number = at_least()

    class Config:
        unique = [*GROUP, "scenario", "part"]


class StaffingWhatIf(Percentiles):
    """The gap of a department under a choice of measures."""

    department: Text
    year: Whole = at_least(YEAR)
    choice: Text
    n: Number = at_least()

    class Config:
        unique = ["department", "year", "choice"]


class StaffingLevers(Interval):
    """Posts that stand empty less, and recruitments fewer, by the end of a year: a lever alone or within a scenario."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    scenario: Text
    lever: Text
    expected: Number = optional()
    low: Number = optional()
    high: Number = optional()
    recruitments: Number
    recruitments_low: Number
    recruitments_high: Number
    first_year: Number = optional()
    worse_until: Number = optional()
    n: Number = at_least()

    class Config:
        unique = [*GROUP, "scenario", "lever"]


class StaffingClosing(Interval):
    """Mixes of levers that close the gap, what they leave and cost; an ``item`` each.

    ``gap``: posts that stay empty at the present pace (mix 0; ``no_lack`` where no lack is expected and no path
    sought); ``alone``: kronor a year of one lever in full; ``remaining``: posts still empty; ``fewer``: recruitments a
    year fewer; ``cost`` and ``saved``: kronor a year, and what fewer recruitments cost less; ``extent`` of a lever
    (share of full) and the full-time equivalents that it ``closes`` alone at that extent; what stays empty if one
    assumption fails: the ``weakest`` among the levers (``lever`` names it: ``low:…`` or ``late:…``) or one ``outside``
    them (``need`` or ``hires``).
    """

    department: Text
    year: Whole = at_least(YEAR)
    mix: Whole = at_least()
    item: Text = one_of(
        "gap", "no_lack", "alone", "remaining", "fewer", "cost", "saved", "extent", "closes", "weakest", "outside"
    )  # fmt: skip
    lever: Text
    expected: Number
    low: Number = optional()
    high: Number = optional()
    n: Number = at_least()

    class Config:
        unique = ["department", "year", "mix", "item", "lever"]


class StaffingLargest(Interval):
    """The lever that adds most in each group with a gap."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    lever: Text
    gap: Number = at_least()
    expected: Number
    low: Number
    high: Number
    first_year: Number = optional()
    worse_until: Number = optional()
    n: Number = at_least()

    class Config:
        unique = GROUP


class StaffingSensitivity(Contract):
    """The gap with one assumption at a time moved to either end of its range."""

    assumption: Text
    end: Text = one_of("low", "high")
    value: Number
    department: Text
    year: Whole = at_least(YEAR)
    gap: Number
    change: Number

    class Config:
        unique = ["assumption", "end", "department", "year"]


class StaffingOverturned(Contract):
    """Assumptions that would change the order of the largest gaps."""

    assumption: Text
    end: Text = one_of("low", "high")
    department: Text
    overtaken: Text
    gap: Number
    gap_overtaken: Number

    class Config:
        unique = ["assumption", "end", "department", "overtaken"]


class StaffingBacktest(Interval):
    """What a staffing forecast said at an earlier origin, the yardsticks and the outcome; of now, without outcome."""

    origin: Text
    horizon: Whole = at_least(1)
    department: Text
    quantity: Text
    forecast: Number
    low: Number = optional()
    high: Number = optional()
    observed: Number = optional()
    yardstick: Number = optional()
    drift: Number = optional()
    model: Number = optional()
    method: Text
    n: Number = at_least()

    class Config:
        unique = ["origin", "horizon", "department", "quantity"]


class StaffingHitRates(Contract):
    """How often the intervals of staffing held, and errors of the method and the yardsticks."""

    origin: Text
    quantity: Text
    horizon: Whole = at_least(1)
    departments: Whole = at_least(1)
    hit_rate: Number = share()
    forecast_error: Number = at_least(nullable=True)
    model_error: Number = at_least(nullable=True)
    yardstick_error: Number = at_least(nullable=True)
    drift_error: Number = at_least(nullable=True)

    class Config:
        unique = ["origin", "quantity", "horizon"]


class StaffingWorkload(Contract):
    """What the work asks for (WISN) beside those in post."""

    department: Text
    occupation: Text
    required: Number = at_least()
    fte: Number = at_least()
    difference: Number
    ratio: Number = at_least(nullable=True)
    n: Number = at_least()
    year: Whole = at_least(YEAR)

    class Config:
        unique = GROUP


class Recruitment(Contract):
    """What must be filled, what fills it and what stays empty, by scenario (``staffing.posts.recruitment_need``)."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    scenario: Text
    part: Text
    expected: Number = optional()
    p10: Number = optional()
    p90: Number = optional()
    n: Number = at_least()

    class Config:
        unique = [*GROUP, "scenario", "part"]

    @pa.dataframe_check(error="percentiles that fall")
    @classmethod
    def rise(cls, table: pd.DataFrame) -> pd.Series:
        """Percentiles are in order."""
        return ~(table["p10"] > table["p90"] + 1e-9)


class RecruitmentChances(Contract):
    """Probability that at least so many posts stand empty, by scenario."""

    department: Text
    occupation: Text
    year: Whole = at_least(YEAR)
    scenario: Text
    at_least: Whole = pa.Field(ge=1)
    probability: Number = share(nullable=True)
    n: Number = pa.Field(ge=0)

    class Config:
        unique = [*GROUP, "scenario", "at_least"]


class RecruitmentRecord(Interval):
    """What forecasts of empty posts said, beside the last value and the outcome."""

    origin: Text
    horizon: Whole = at_least(1)
    department: Text
    quantity: Text
    forecast: Number
    low: Number = optional()
    high: Number = optional()
    observed: Number = optional()
    last: Number = optional()
    method: Text
    n: Number = at_least()

    class Config:
        unique = ["origin", "horizon", "department", "quantity"]


class RecruitmentRates(Contract):
    """Monthly hazards of an open post to be filled or withdrawn, and the post-months that they rest on."""

    occupation: Text = pa.Field(unique=True)
    fill: Number = share()
    fill_low: Number = share()
    fill_high: Number = share()
    withdraw: Number = share()
    halve_months: Number = at_least(nullable=True)
    exposure: Number = at_least()
    window: Whole = at_least(1)


class EmptyFan(Contract):
    """Posts that stood empty at each year's end or are expected to, with two bands (``staffing.posts.empty_fan``)."""

    department: Text
    year: Whole = at_least(YEAR)
    observed: Number = at_least(nullable=True)
    expected: Number = optional()
    p10: Number = optional()
    p25: Number = optional()
    p75: Number = optional()
    p90: Number = optional()
    method: Text = one_of("", "last", "blend")
    n: Number = at_least()

    class Config:
        unique = ["department", "year"]

    @pa.dataframe_check(error="percentiles that fall")
    @classmethod
    def rise(cls, table: pd.DataFrame) -> pd.Series:
        """Percentiles are in order."""
        order = ["p10", "p25", "p75", "p90"]
        falls = [table[low] > table[high] + 1e-9 for low, high in pairwise(order)]
        return ~pd.concat(falls, axis=1).any(axis=1)


class SkillGap(Interval):
    """Needed, held, unclear and missing by level, now and ahead, in persons (``staffing.skill_gap``)."""

    department: Text
    occupation: Text
    model: Text
    step: Whole = at_least()
    year: Whole = at_least(YEAR)
    needed: Number = at_least()
    held: Number = at_least()
    low: Number = at_least(nullable=True)
    high: Number = at_least(nullable=True)
    unclear: Number = at_least()
    missing: Number = at_least()
    missing_low: Number = at_least(nullable=True)
    missing_high: Number = at_least(nullable=True)
    assessed: Number = at_least()
    staff: Number = at_least()
    n: Number = at_least()

    class Config:
        unique = ["department", "occupation", "model", "step", "year"]
