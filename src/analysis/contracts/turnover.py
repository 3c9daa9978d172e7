"""Who leaves: forecasts, their record, and what they rest on. Groups of people, never a person."""

from __future__ import annotations

from analysis.contracts.kinds import (
    CAUSES_AND_TOTAL,
    Contract,
    Flag,
    Interval,
    Number,
    Text,
    Whole,
    at_least,
    one_of,
    optional,
    share,
)

CAUSES = CAUSES_AND_TOTAL


class Leavers(Interval):
    """Expected leavers within twelve months by forecast group and cause, P10 to P90."""

    department: Text
    occupation: Text
    cause: Text = one_of(*CAUSES)
    n: Whole = at_least()
    fte: Number = at_least()
    expected: Number = at_least()
    low: Number = at_least()
    high: Number = at_least()
    expected_fte: Number = at_least()
    method: Text

    class Config:
        unique = ["department", "occupation", "cause"]


class TrackRecord(Interval):
    """What the method would have said at earlier origins, and what happened."""

    origin: Text
    horizon_months: Whole = at_least(1)
    department: Text
    cause: Text = one_of(*CAUSES)
    expected: Number = at_least()
    low: Number = at_least()
    high: Number = at_least()
    observed: Number = at_least()
    yardstick: Number = at_least()
    n: Number = at_least()

    class Config:
        unique = ["origin", "horizon_months", "department", "cause"]


class HitRates(Contract):
    """How often the intervals held, by origin."""

    origin: Text
    cause: Text = one_of(*CAUSES)
    departments: Whole = at_least(1)
    hit_rate: Number = share()
    interval_score: Number = at_least()
    yardstick_score: Number = at_least(nullable=True)
    yardstick_error: Number = at_least(nullable=True)
    model_error: Number = at_least(nullable=True)

    class Config:
        unique = ["origin", "cause"]


class TurnoverMetrics(Contract):
    """Scores of every candidate at every origin; NaN where they cannot be computed."""

    origin: Text
    horizon_months: Whole = at_least(1)
    cause: Text = one_of(*CAUSES)
    model: Text
    n: Number = at_least()
    events: Number = at_least()
    auc: Number = share(nullable=True)
    brier: Number = share(nullable=True)
    brier_constant: Number = share(nullable=True)
    log_loss: Number = at_least(nullable=True)

    class Config:
        unique = ["origin", "horizon_months", "cause", "model"]


class TurnoverScoreboard(Contract):
    """Scores of what was chosen, all origins together."""

    cause: Text = one_of(*CAUSES, unique=True)
    origins: Whole = at_least()
    events: Number = at_least()
    auc: Number = share(nullable=True)
    brier_gain: Number = optional()
    log_loss_gain: Number = optional()
    forecasts: Whole = at_least()
    hit_rate: Number = share(nullable=True)


class TurnoverCalibration(Contract):
    """Slope of each cause's calibration at each origin, and whether it was corrected for."""

    origin: Text
    cause: Text = one_of(*CAUSES)
    candidate: Text
    slope: Number = optional()
    error: Number = at_least(nullable=True)
    origins: Whole = at_least()
    corrected: Flag


class CumulativeIncidence(Interval):
    """Expected leavers within so many months of those in post."""

    department: Text
    months: Whole = at_least(1)
    cause: Text = one_of(*CAUSES)
    n: Number = at_least()
    expected: Number = at_least()
    low: Number = at_least()
    high: Number = at_least()

    class Config:
        unique = ["department", "months", "cause"]


class Drivers(Interval):
    """How much worse the forecast becomes without a covariate; small groups on the near side only."""

    origin: Text
    department: Text
    cause: Text = one_of(*CAUSES)
    covariate: Text
    n: Whole = at_least()
    events: Number = at_least()
    increase: Number = optional()
    low: Number = optional()
    high: Number = optional()

    class Config:
        unique = ["origin", "department", "cause", "covariate"]


class DriverPatterns(Interval):
    """Yearly rate of leaving by value of a covariate."""

    cause: Text = one_of(*CAUSES)
    covariate: Text
    value: Text
    first: Number = optional()
    last: Number = optional()
    n: Whole = at_least()
    events: Number = at_least()
    rate: Number = share()
    low: Number = share()
    high: Number = share()

    class Config:
        unique = ["cause", "covariate", "value"]


class ObservedExpected(Interval):
    """Those who left on own request against those expected by age and tenure, or by occupation."""

    department: Text
    by: Text
    first: Text
    last: Text
    n: Number = at_least()
    observed: Number = at_least()
    expected: Number = at_least()
    ratio: Number = at_least(nullable=True)
    low: Number = at_least()
    high: Number = at_least()
    low95: Number = at_least()
    high95: Number = at_least()
    low998: Number = at_least()
    high998: Number = at_least()

    class Config:
        unique = ["department", "by"]


class Calibration(Interval):
    """Observed against expected leavers by sex, age and form: is the forecast as right for every group?"""

    department: Text
    dimension: Text
    group: Text
    cause: Text = one_of(*CAUSES)
    origins: Whole = at_least()
    n: Number = at_least()
    observed: Number = at_least()
    expected: Number = at_least()
    ratio: Number = at_least(nullable=True)
    low: Number = at_least(nullable=True)
    high: Number = at_least(nullable=True)
    error: Number = at_least(nullable=True)
    chance: Number = at_least(nullable=True)

    class Config:
        unique = ["department", "dimension", "group", "cause"]


class Said(Interval):
    """What earlier editions published, beside what the method says now and the outcome where it is known."""

    edition: Text
    origin: Text
    horizon_months: Whole = at_least(1)
    department: Text
    cause: Text = one_of(*CAUSES)
    expected: Number = at_least()
    low: Number = at_least(nullable=True)
    high: Number = at_least(nullable=True)
    n: Number = at_least()
    recomputed: Number = optional()
    recomputed_low: Number = optional()
    recomputed_high: Number = optional()
    observed: Number = optional()

    class Config:
        unique = ["origin", "department", "cause"]
