"""What an entry of the reference data must say; an unknown or missing field is refused, not ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analysis.errors import InputError

Text = Field(min_length=1)
Id = Field(pattern=r"^[a-z][a-z0-9_]*$")
Unit = Literal["persons", "fte", "share", "rate", "ratio", "posts", "score", "index", "kronor", "days"]
Form = Literal["permanent", "temporary", "hourly"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """The protected cell that shows an indicator; ``{period}`` in a key stands for the cut-off month."""

    table: str = Text
    row: str = Text
    column: str = Text


class Definition(_Strict):
    """A named indicator (``definitions.toml``, phrases written out by ``definitions.whole``)."""

    id: str = Id
    sv: str = Text
    en: str = Text
    measure: str = Id
    """Definitions of one measure are variants of each other; the first in the file is the local one."""
    formula_sv: str = Text
    formula_en: str = Text
    population: str = Id
    population_sv: str = Text
    population_en: str = Text
    level: list[Literal["department", "organisation"]] = Field(min_length=1)
    numerator_sv: str = Text
    numerator_en: str = Text
    denominator_sv: str = ""
    denominator_en: str = ""
    period_rule: str = Id
    period_rule_sv: str = Text
    period_rule_en: str = Text
    min_n: str = Id
    min_n_sv: str = Text
    min_n_en: str = Text
    source: str = Text
    comparable_with: list[str] = []
    input_to: list[Literal["AVI", "JÄMIX"]] = []
    sensitivity: Literal["low", "medium", "health", "survey", "pay", "forecast", "open"]
    unit: Unit
    decimals: int | None = Field(default=None, ge=0, le=3)
    """Decimals of a printed ratio, share or full-time post; None = by its unit and size.

    More digits may give away more of the counts behind it.
    """
    homogeneous: Literal["sensitive", "open"]
    valid_from: date
    replaces: str = ""
    """The definition (or its earlier ``valid_from``) whose series this one continues under another formula."""
    status: Literal["computed", "not_computed"] = "computed"
    why_sv: str = ""
    why_en: str = ""
    function: str = ""
    """What computes it, as a path below the package ``analysis``."""
    protected_as: str = ""
    """Table of the publishing plan that protects its figure in the table ``definitions``; '' if ``cell`` does."""
    cell: Place | None = None
    empty: Literal["", "no_licensed_work"] = ""
    """Why a department has no figure where the organisation has one: nobody there is in the definition's population."""

    @model_validator(mode="after")
    def _computed_or_says_why(self) -> Definition:
        if (self.status == "computed") != bool(self.function):
            raise ValueError("a computed definition names its function and no other does")
        if (self.status == "not_computed") != bool(self.why_sv and self.why_en):
            raise ValueError("a definition that is not computed says why in why_sv and why_en, and no other does")
        if self.decimals is not None and self.unit not in ("ratio", "fte", "share"):
            raise ValueError("decimals are named for ratios, shares and full-time posts; other units have their own")
        if bool(self.denominator_sv) != bool(self.denominator_en):
            raise ValueError("the denominator is given in one language only")
        return self


class Named(_Strict):
    """A name in both languages: a step of a ladder, a board."""

    sv: str = Text
    en: str = Text


class Ladder(_Strict):
    """An ordered competence model (``ladders.toml``); step 1 is the first in ``steps``."""

    id: str = Id
    sv: str = Text
    en: str = Text
    owner: str = Text
    source: str = Text
    valid_from: date
    occupations: list[str] = Field(min_length=1)
    steps: list[Named] = Field(min_length=2, max_length=9)


class Competence(_Strict):
    """A competence that somebody has or has not (``competences.toml``); one with levels is a ladder.

    ``complete``: whoever the delivery's records do not name has not got it (a register of certificates or of those
    appointed); else whoever is not named has not been assessed. ``course``: a completed course that gives it, an id of
    ``courses.toml``.
    """

    id: str = Id
    sv: str = Text
    en: str = Text
    owner: str = Text
    source: str = Text
    valid_from: date
    complete: bool
    course: str | None = None


class ExitReason(_Strict):
    """A main reason that leavers may state in an exit survey (``exit_reasons.toml``).

    ``causes``: recorded causes that the answer agrees with; empty where it contradicts none.
    """

    id: str = Id
    sv: str = Text
    en: str = Text
    causes: list[str] = []


class Course(_Strict):
    """A course with a target group, or a pipeline to another occupation (``courses.toml``).

    ``occupations`` empty means every occupation; ``forms`` is the population rule of the denominator.
    ``months``, ``work_share``, ``completion_prior`` and ``completion_weight`` belong to pipelines: length,
    share of the post worked while studying, assumed completion share and its weight in records.
    """

    id: str = Id
    sv: str = Text
    en: str = Text
    kind: Literal["course", "pipeline"]
    population_sv: str = Text
    population_en: str = Text
    occupations: list[str] = []
    forms: list[Form] = Field(min_length=1)
    participating: float | None = Field(default=None, gt=0, le=1)
    """Share of a department's target group with a record from which the department takes part: of a course that one
    administration gives to all its staff, the others are no target group. None: every department does."""
    target: float | None = Field(default=None, gt=0, le=1)
    days: float | None = Field(default=None, gt=0)
    target_occupation: str | None = None
    months: int | None = Field(default=None, gt=0)
    work_share: float | None = Field(default=None, ge=0, le=1)
    completion_prior: float = Field(default=0.8, ge=0, le=1)
    completion_weight: float = Field(default=10.0, gt=0)
    source: str = Text
    valid_from: date

    @model_validator(mode="after")
    def _pipeline_is_whole(self) -> Course:
        if self.kind == "pipeline" and None in (self.target_occupation, self.months, self.work_share):
            raise ValueError("a pipeline needs target_occupation, months and work_share")
        return self


class Assignment(_Strict):
    """A numbered strategic assignment and the boards it is addressed to."""

    number: int = Field(ge=1, le=99)
    sv: str = Text
    en: str = Text
    boards: list[str] = Field(min_length=1)


class BusinessPlan(_Strict):
    """The frame of the business plan (``business_plan.toml``): its years, boards, areas and assignments."""

    edition: str = Text
    source: str = Text
    first_year: int
    last_year: int
    boards: dict[str, Named]
    areas: list[str] = Field(min_length=1)
    functions: list[str] = []
    """Staff functions that may answer for an activity; any other word could be a person's name and is not shown."""
    assignment: list[Assignment] = []


class EpisodeRule(_Strict):
    """A rule that makes employments one history (``policy.toml``, ``[episodes]``).

    ``value`` is the default: days, yes or no, or one of ``choices``; a delivery may not change a ``fixed`` rule.
    """

    id: str = Id
    sv: str = Text
    en: str = Text
    value: bool | int | str
    fixed: bool = False
    low: int | None = None
    high: int | None = None
    choices: list[str] = []
    meaning_sv: str = Text
    meaning_en: str = Text
    source: str = Text


Model = TypeVar("Model", bound=BaseModel)


def parsed(model: type[Model], entry: Mapping[str, Any], file: str) -> Model:
    """Return ``entry`` as a model.

    Raises:
        InputError: a field is unknown, missing or ill-typed; names file, entry and field.
    """
    try:
        return model.model_validate(dict(entry))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (entry.get("id", ""), *first["loc"]) if part != "")
        said = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix(VALUE)
        raise InputError(f"{file}: {where}: {said}; correct the entry") from None


VALUE = "Value error, "
"""What pydantic puts before a sentence of ours."""


def checked(model: type[BaseModel], entry: dict[str, Any], file: str) -> dict[str, Any]:
    """Return ``entry`` with defaults filled in, as JSON-ready values (dates as ISO text).

    Raises:
        InputError: a field is unknown, missing or ill-typed.
    """
    return parsed(model, entry, file).model_dump(mode="json")


def by_id(model: type[BaseModel], entries: Iterable[dict[str, Any]], file: str) -> dict[str, dict[str, Any]]:
    """Check every entry and index them by id, in the file's order.

    Raises:
        InputError: an entry is wrong, or an id occurs twice.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        valid = checked(model, entry, file)
        if valid["id"] in found:
            raise InputError(f"{file}: the id {valid['id']} occurs twice; give each entry an id of its own")
        found[valid["id"]] = valid
    return found
