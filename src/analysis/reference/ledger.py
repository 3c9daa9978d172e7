"""The effect ledger as data: which indicators measures are followed by, and how sure one has to be."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.errors import InputError
from analysis.reference import definitions, load
from analysis.reference.entries import parsed

FILE = "effects.toml"
Text = Field(min_length=1)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sureness(_Strict):
    """How sure one has to be (``effects.toml``, ``[test]``)."""

    alpha: float = Field(gt=0, lt=0.5)
    power: float = Field(ge=0.5, lt=1)
    years: int = Field(ge=1, le=10)
    years_before: int = Field(ge=1, le=15)
    enough_groups: int = Field(ge=2)
    least_groups: int = Field(ge=2)
    least_years: int = Field(ge=3)
    most_years: int = Field(ge=1, le=30)
    source: str = Text
    owner: str = Text

    @model_validator(mode="after")
    def _in_order(self) -> Sureness:
        if self.least_groups > self.enough_groups:
            raise ValueError("least_groups is above enough_groups")
        return self


class Followed(_Strict):
    """An indicator that a measure may be followed by; its name, unit and sensitivity are its definition's.

    ``counts``: events per person-year, hours of hours, posts of posts, or days per advert. ``needs``: the table of a
    delivery that it is counted from; '' for employments and exits.
    """

    id: str = Text
    counts: Literal["events", "hours", "posts", "days"]
    needs: Literal["", "absences", "vacancies"] = ""
    counted_sv: str = Text
    counted_en: str = Text

    @property
    def definition(self) -> dict[str, Any]:
        """The indicator's definition."""
        return definitions()[self.id]

    @property
    def unit(self) -> str:
        """Unit of its figures and of the difference a measure makes: an event per person-year is a rate."""
        return {"events": "rate", "hours": "share", "posts": "share", "days": "days"}[self.counts]


@cache
def sureness() -> Sureness:
    """How sure one has to be."""
    return parsed(Sureness, load("effects")["test"], FILE)


@cache
def followed() -> dict[str, Followed]:
    """Indicators by id.

    Raises:
        InputError: a field is wrong, or an indicator has no definition.
    """
    found = [parsed(Followed, entry, FILE) for entry in load("effects")["indicator"]]
    for entry in found:
        if entry.id not in definitions():
            raise InputError(f"{FILE}: {entry.id} has no definition in definitions.toml")
    return {entry.id: entry for entry in found}
