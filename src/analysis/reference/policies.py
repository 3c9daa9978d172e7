"""The policy as a model (``policy.toml``): every threshold has its one home there, and law has the last word."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from analysis.reference.entries import EpisodeRule

HEALTH, SURVEY, MEDIAN, QUARTILES, TAILS = 11, 10, 5, 9, 21


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _at_least(least: int, rule: str) -> AfterValidator:
    def check(value: int) -> int:
        if value < least:
            raise ValueError(f"{value} is below {least}, {rule}; it may be raised, never lowered")
        return value

    return AfterValidator(check)


Persons = Annotated[int, Field(ge=1)]
Source = Annotated[str, Field(min_length=1)]
Health = Annotated[int, _at_least(HEALTH, "which the law asks for figures about health (1997:614, 4 kap. 1 a §)")]
Candidate = Literal["additive", "periods", "average", "boosting"]
"""Kinds of models that the forecast of a cause is chosen from."""
Answers = Annotated[int, _at_least(SURVEY, "below which answers to a survey are not shown (Kolada)")]


class Quarantine(_Strict):
    """Where a delivery with too many bad rows stops."""

    max_share: float = Field(ge=0, le=1)
    source: Source


class Contradictions(_Strict):
    """Where a delivery stops whose rows say different things about the same persons."""

    min_persons: Persons
    max_share: float = Field(ge=0, le=1)
    source: Source


class Doubts(_Strict):
    """From what size on pages name what ``check`` doubts."""

    min_persons: Persons
    min_share: float = Field(ge=0, le=1)
    source: Source


class YearOfExit(_Strict):
    """When exit records tell the year of leaving only: ``days`` as month and day, "MM-DD"."""

    days: tuple[Annotated[str, Field(pattern=r"\d{2}-\d{2}")], ...] = Field(min_length=1)
    min_records: int = Field(ge=2)
    min_years: int = Field(ge=1)
    source: Source


class Extraction(_Strict):
    """How far a newer list may move the day of extraction."""

    max_days: int = Field(ge=0)
    source: Source


class Forecast(_Strict):
    """Persons at risk without whom no forecast is made, shown or kept."""

    min_at_risk: Persons
    source: Source


class Headline(_Strict):
    """Probabilities of an empty post that choose the wording of the headline, and what is joined around it."""

    sure: float = Field(gt=0, le=1)
    likely: float = Field(gt=0, le=1)
    even: float = Field(gt=0, le=1)
    small_cause: float = Field(ge=0, lt=1)
    nearly_all: float = Field(gt=0.5, le=1)
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Headline:
        if not self.even < self.likely < self.sure:
            raise ValueError(f"even ({self.even}), likely ({self.likely}) and sure ({self.sure}) are not in order")
        return self


class Turnover(_Strict):
    """Bounds of the models of who leaves, and what they are chosen from."""

    age_causes: tuple[str, ...]
    person_periods: int = Field(ge=1)
    candidates: tuple[Candidate, ...] = Field(min_length=1)
    penalties: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1)
    windows: int = Field(ge=0)
    margin: float = Field(ge=0)
    source: Source
    owner: Source

    @staticmethod
    def known() -> tuple[str, ...]:
        """Every kind of model that there is."""
        return get_args(Candidate)


class Recruitment(_Strict):
    """How the law of empty posts is fitted, and when what it says is shown instead of the last value."""

    windows: tuple[Annotated[int, Field(ge=12)], ...] = Field(min_length=1)
    season_weight: float = Field(gt=0)
    least_months: int = Field(ge=24)
    longest_years: int = Field(ge=3)
    enough: int = Field(ge=2)
    least_last: float = Field(ge=0, le=1)
    recent: int = Field(ge=2)
    margin: float = Field(ge=1)
    outside_months: int = Field(ge=1, le=12)
    most_hires: float = Field(ge=1)
    least_level: float = Field(ge=0)
    source: Source
    owner: Source


class Unreliable(_Strict):
    """From what width on an interval makes its figure uncertain: as a multiple of the printed value."""

    max_width: float = Field(gt=0)
    source: Source


class Department(_Strict):
    """Persons without whom a department has no report of its own."""

    min_headcount: Persons
    min_peers: int = Field(ge=2)
    source: Source


class Adverts(_Strict):
    """Adverts without which figures about them are not stated."""

    min_filled: int = Field(ge=1)
    source: Source


class Editions(_Strict):
    """How far apart editions are published."""

    months_between: int = Field(ge=3, le=12)
    source: Source


class Assumption(_Strict):
    """A number that is not data: its range, where it comes from, who answers for it and since when."""

    id: str
    sv: Source
    en: Source
    low: float
    mid: float
    high: float
    unit: Source
    source: Source
    source_en: Source
    owner: Source
    dated: date

    @model_validator(mode="after")
    def _in_order(self) -> Assumption:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"low, mid and high of {self.id} ({self.low}, {self.mid}, {self.high}) are not in order")
        return self


class _Profiles(_Strict):
    @model_validator(mode="after")
    def _public_is_no_laxer(self) -> _Profiles:
        internal, public = (getattr(self, name) for name in ("min_internal", "min_public"))
        if public < internal:
            raise ValueError(f"min_public ({public}) is below min_internal ({internal}); the public sees no more")
        return self


class Counts(_Profiles):
    """Persons a count must hold, by profile."""

    min_internal: Persons
    min_public: Persons
    source: Source


class HealthCounts(_Profiles):
    """Persons a figure about health must be about, by profile."""

    min_internal: Health
    min_public: Health
    source: Source


class SurveyAnswers(_Profiles):
    """Answers a figure of a survey must rest on, by profile."""

    min_internal: Answers
    min_public: Answers
    source: Source


class Pay(_Strict):
    """Persons a median, quartiles and the tails of pay must be about."""

    median: Annotated[int, _at_least(MEDIAN, "the practice of pay statistics for a median")]
    quartiles: Annotated[int, _at_least(QUARTILES, "the practice of pay statistics for quartiles")]
    tails: Annotated[int, _at_least(TAILS, "the practice of pay statistics for the 10th and 90th percentile")]
    source: Source


class Suppression(_Strict):
    """What is lost by a withheld figure beside one row of one department, and which blocks are solved exactly."""

    organisation: float = Field(ge=1)
    total: float = Field(ge=1)
    exact: int = Field(ge=0)
    rounds: int = Field(ge=1)
    source: Source


class Policy(_Strict):
    """What may be shown, what a delivery must hold, and how employments become one history."""

    edition: Source
    quarantine: Quarantine
    contradictions: Contradictions
    doubts: Doubts
    year_of_exit: YearOfExit
    extraction: Extraction
    forecast: Forecast
    headline: Headline
    turnover: Turnover
    recruitment: Recruitment
    unreliable: Unreliable
    department: Department
    adverts: Adverts
    editions: Editions
    low: Counts
    medium: Counts
    health: HealthCounts
    survey: SurveyAnswers
    pay: Pay
    suppression: Suppression
    episodes: dict[str, EpisodeRule]
    """Rules by id, in the order they are applied."""

    @model_validator(mode="before")
    @classmethod
    def _named_rules(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("episodes"), dict):
            rules = {key: {"id": key} | rule for key, rule in given["episodes"].items()}
            return given | {"episodes": rules}
        return given

    @model_validator(mode="after")
    def _more_sensitive_is_no_laxer(self) -> Policy:
        for name in ("min_internal", "min_public"):
            low, medium = getattr(self.low, name), getattr(self.medium, name)
            if medium < low:
                raise ValueError(
                    f"medium.{name} ({medium}) is below low.{name} ({low}); what is more sensitive needs more"
                )
        return self
