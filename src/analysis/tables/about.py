"""What an edition says about itself (``about.json``), as a model: checked when it is written and when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.errors import InputError

Month = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
Day = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
Share = Field(ge=0, le=1)
Count = Field(ge=0)
Records = list[dict[str, Any]]
"""Entries whose fields belong to the room that makes them: definitions, comparators, assumptions."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(_Strict):
    """Who answers questions about a report."""

    name: str
    email: str
    accessibility_statement: str = ""


class DataProtection(_Strict):
    """What the employer has decided about the personal data behind the reports; '' if it does not say."""

    controller: str = ""
    legal_basis: str = ""
    retention: str = ""
    dpia: str = ""


class RecordCounts(_Strict):
    """Records of the delivery's files, and what became of them."""

    read: int = Count
    accepted: int = Count
    quarantined: int = Count
    merged: int = Count
    excluded: int = Count
    structural: int = Count


class BothLanguages(_Strict):
    """A name in both languages."""

    sv: str
    en: str


class Break(_Strict):
    """A definition that has changed since the edition before."""

    definition: str
    since: str
    before: str


class Overturned(_Strict):
    """An assumption that would change which department lacks most."""

    assumption: str
    end: str
    department: str
    overtaken: str


class NeedSource(_Strict):
    """What the need of a department rests on."""

    department: str
    source: str
    vintage: str
    until: int


class Passport(_Strict):
    """What the edition was made of: files and their hashes, parameters, versions, code, seed, policy."""

    inputs: list[tuple[str, str]]
    parameters: dict[str, str | int]
    episodes: dict[str, Any] = {}
    versions: dict[str, str]
    code: str = ""
    seed: int
    policy_edition: str


class About(_Strict):
    """The record that every report of an edition reads."""

    municipality: str
    municipality_en: str
    delivery: str
    extracted: str = Day
    period: str = Month
    edition: str
    horizon: str = Month
    next_edition: str = Month
    after: str | None
    topics: list[str] = []
    """Pages about one matter that the edition has."""
    preview: bool
    profile: Literal["internal", "public"]
    contact: Contact
    data_protection: DataProtection
    records: RecordCounts
    cells: int = Count
    withheld_cells: int = Count
    withheld_share: float = Share
    unknown_cause_share: float | None = Field(ge=0, le=1)
    has: dict[str, bool]
    methods: dict[str, str]
    model_card: dict[str, Any]
    occupations: dict[str, BothLanguages]
    definitions: Records
    passport: Passport
    files: Records = []
    """Records of each file of the delivery, and what became of them."""
    quality: dict[str, Any] = {}
    corrections: dict[str, Any] = {}
    notes: list[Any] = []
    breaks: list[Break] = []
    comparators: Records = []
    assumptions: Records = []
    need_sources: list[NeedSource] = []
    overturned: list[Overturned] = []
    measures: dict[str, Any] = {}
    effects: dict[str, Any] = {}
    """The effect ledger as it is kept from edition to edition: what was registered, and what is said of it in words."""
    history: dict[str, Any] = {}
    """Since when leavers and their reasons are counted, and until when tables reach: months only."""
    joined: dict[str, Any] = {}
    tried: str = ""
    """What a preview tries otherwise than the edition."""


def check_about(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as it is, once the model has found nothing wrong with it.

    Raises:
        InputError: a key is unknown or missing, or its value is of another kind.
    """
    try:
        About.model_validate(dict(record))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"]
        raise InputError(f"about.json: {where}: {said}; build the edition again with this version") from None
    return dict(record)
