"""Programmes, roles, career edges, reported counts and the practices they count: models and loaders of their files."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.reference import entries, load

Text = Field(min_length=1)
Id = Field(pattern=r"^[a-z][a-z0-9_]*$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measures(_Strict):
    """Steps of a ladder that a programme is a measure of."""

    ladder: str = Id
    steps: list[int] = Field(min_length=1)


class Programme(_Strict):
    """A course with a target group, or studies (``programmes.toml``)."""

    id: str = Id
    sv: str = Text
    en: str = Text
    kind: Literal["manager", "method", "role", "targeted", "introduction", "study", "future"]
    of: list[str] = []
    due: str = Field(default="", pattern=r"^(\d{4}-\d{2})?$")
    yearly: bool = False
    """Only completions of the period's calendar year count."""
    unqualified: bool = False
    work_share: float = Field(default=1.0, ge=0, le=1)
    becomes: list[str] = []
    measures_of: Measures | None = None

    @model_validator(mode="after")
    def _says_what_it_is_counted_by(self) -> Programme:
        if (self.kind == "targeted") != bool(self.due):
            raise ValueError("a targeted programme names the month it is due, and no other does")
        if (self.kind == "future") != bool(self.becomes):
            raise ValueError("a programme for the future names what one becomes, and no other does")
        return self


class Role(_Strict):
    """A title, assignment or group beside the employment (``roles.toml``)."""

    id: str = Id
    sv: str = Text
    en: str = Text
    kind: Literal["title", "assignment", "group", "rotation", "team"]
    of: list[str] = []
    places: bool = False
    new: bool = False
    ladder: str = ""


class End(_Strict):
    """An end of a career edge; both names are empty where the source names none."""

    sv: str = ""
    en: str = ""


class Edge(_Strict):
    """A declared way from one task to another (``careers.toml``)."""

    id: str = Id
    begins: End = Field(alias="from")
    to: End
    kind: Literal["study", "title", "validation", "assignment", "ladder", "manager"]
    source: str = Text
    of: list[str] = []
    role: str = ""
    from_role: str = ""
    study: str = ""
    competence: str = ""
    ladder: str = ""
    step: int = 0
    becomes: list[str] = []
    licence: bool = False
    unqualified: bool = False
    years: int = Field(default=0, ge=0)


class Reported(_Strict):
    """A count that units report (``follow_up.toml``)."""

    id: str = Id
    sv: str = Text
    en: str = Text
    value: Literal["share", "per_100", "mean", "number"]
    persons: bool = False


class Practice(_Strict):
    """What employers do, and the figure that counts it or why there is none (``practices.toml``)."""

    id: str = Field(pattern=r"^p\d{3}-\d{2}$")
    en: str = Text
    figure: str = ""
    why: str = ""
    source: str = Text

    @model_validator(mode="after")
    def _is_counted_or_says_why(self) -> Practice:
        if bool(self.figure) == bool(self.why):
            raise ValueError("a practice has the figure that counts it, or says why there is none")
        return self


class Mix(_Strict):
    """Complementary roles beside a scarce occupation."""

    sv: str = Text
    en: str = Text
    beside: list[str] = Field(min_length=1)
    scarce: list[str] = Field(min_length=1)
    per: int = Field(gt=0)


class Level(_Strict):
    """What everyone in some occupations should at least be or know: an occupation, or a competence on record."""

    sv: str = Text
    en: str = Text
    of: list[str] = Field(min_length=1)
    occupations: list[str] = []
    competence: str = ""


class Certificate(_Strict):
    """A certificate that runs out (``certificates.toml``); its id is the canonical kind of the delivery."""

    id: str = Id
    sv: str = Text
    en: str = Text
    source: str = Text


class Certificates(_Strict):
    """Certificates by the order of pages, and from how many days before its last one is about to run out."""

    edition: str = Text
    soon_days: int = Field(gt=0)
    source: str = Text
    certificate: list[Certificate] = Field(min_length=1)


class Counting(_Strict):
    """Settings of what is counted (``practices.toml``, ``[counting]``)."""

    mentor_days: int = Field(gt=0)
    introduction_days: int = Field(gt=0)
    school_year_days: int = Field(gt=0)
    experienced_years: int = Field(gt=0)
    outcome_years: int = Field(gt=0)
    cohort_years: int = Field(gt=0)
    round_gap_days: int = Field(gt=0)
    follow_up_months: int = Field(gt=0)
    manager_programme: str = Id
    manager_months: int = Field(gt=0)
    managers: list[str] = Field(min_length=1)
    survey: dict[str, list[str]]
    mix: dict[str, Mix]
    level: dict[str, Level]


@cache
def counting() -> Counting:
    """Settings of what is counted."""
    return entries.parsed(Counting, load("practices")["counting"], "practices.toml")


@cache
def certificates() -> Certificates:
    """Certificates that have to be renewed."""
    return entries.parsed(Certificates, load("certificates"), "certificates.toml")


@cache
def programmes() -> dict[str, dict[str, Any]]:
    """Programmes by id."""
    return entries.by_id(Programme, load("programmes")["programme"], "programmes.toml")


@cache
def roles() -> dict[str, dict[str, Any]]:
    """Roles by id."""
    return entries.by_id(Role, load("roles")["role"], "roles.toml")


@cache
def edges() -> dict[str, dict[str, Any]]:
    """Career edges by id, in the order of their sources."""
    return entries.by_id(Edge, load("careers")["edge"], "careers.toml")


@cache
def reported() -> dict[str, dict[str, Any]]:
    """Counts that units report, by id."""
    return entries.by_id(Reported, load("follow_up")["kind"], "follow_up.toml")


@cache
def practices() -> dict[str, dict[str, Any]]:
    """Practices by id."""
    return entries.by_id(Practice, load("practices")["practice"], "practices.toml")


__all__ = [
    "Certificates",
    "Counting",
    "certificates",
    "counting",
    "edges",
    "practices",
    "programmes",
    "reported",
    "roles",
]
