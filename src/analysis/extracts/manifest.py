"""``delivery.toml``: which file is which table, and how its columns are to be read."""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from analysis.errors import InputError
from analysis.extracts.values.bounded_patterns import matches
from analysis.extracts.values.cleaning import Exclusion, Regex, Strict, Substitution
from analysis.periods import parse_period
from analysis.reference import CAUSES, load, occupations
from analysis.reference.episodes import Rules, declared
from analysis.tables.about import BothLanguages
from analysis.tables.clean import TABLES
from analysis.tables.protected import TOTAL

FILE = "delivery.toml"


FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".tab": "csv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".xlsb": "xlsx", ".ods": "xlsx",
    ".parquet": "parquet",
}  # fmt: skip


PERSONS = {"person", "old", "new", "mentor"}
"""Columns that may hold a personnummer; all give the same pseudonym."""


PERSONNUMMER_GIVES = ("birth", "sex")
"""Columns that a personnummer yields; a file with one need not map them."""


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_as_list)]


def _month(text: str) -> str:
    try:
        return str(parse_period(text))
    except InputError:
        raise ValueError(f"'{text}' is not a month; write it as YYYY-MM, for example 2015-01") from None


Month = Annotated[str, AfterValidator(lambda text: _month(text) if text else "")]


class _Strict(Strict, BaseModel):
    """So that a linter that knows pydantic by the name of its class sees that defaults are copied."""


class DeliveryFacts(_Strict):
    """``[delivery]``: names shown on pages, the day of extraction, and from when on what is recorded."""

    name: str
    municipality: str
    municipality_en: str = ""
    extracted: date
    files: str = ""
    """Where the raw files lie, relative to the folder of ``delivery.toml``; empty = beside it."""
    corrections: str = ""
    """File or folder of corrections by hand, relative to the folder of ``delivery.toml``."""
    observed_from: Month = ""
    """First month from which everybody who left is in the delivery; empty = found from the exits."""
    reasons_from: Month = ""
    """First month from which reasons for leaving are recorded; empty = found from the exit records."""


class Departments(_Strict):
    """``[departments]``: the level of the organisation that gets reports."""

    level: str = ""


class TitleRule(_Strict):
    """A regular expression on the title and the occupation it means."""

    matches: Regex
    occupation: str


class Occupations(_Strict):
    """``[occupations]``: title rules where AID is missing, and names of occupations of one's own."""

    rules: list[TitleRule] = []
    names: dict[str, BothLanguages] = {}


class AcceptedLeak(_Strict):
    """``[[accept_leak]]``: a covariate that tells much about a cause and was known in time, with the reason."""

    column: str
    cause: str
    reason: Annotated[str, Field(min_length=10)]
    """One sentence, printed on the model card."""

    @model_validator(mode="after")
    def _known(self) -> AcceptedLeak:
        columns = dict.fromkeys(entry["column"] for entry in load("features")["feature"])
        for name, value, allowed in (("column", self.column, columns), ("cause", self.cause, (*CAUSES, TOTAL))):
            if value not in allowed:
                raise ValueError(f"[[accept_leak]] has the unknown {name} '{value}'; use one of {', '.join(allowed)}")
        return self


class FileSpec(_Strict):
    """``[[file]]``: one file, or every file whose name matches ``pattern``."""

    table: str
    path: str = ""
    pattern: Regex = ""
    format: Literal["csv", "fixed", "xlsx", "parquet"] | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(max_length=1)] = '"'
    """What quotes a cell; empty = quotation marks are text."""
    escape: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """What makes the next character plain text; None = a quotation mark is doubled."""
    decimal: Literal[".", ","] = "."
    split: Literal["sum", "share"] | None = None
    """What rates of rows that stand at the same time for one employment mean: parts to be added up, or the whole of it
    on every row, to be shared between them; None = each row counts, and such rows are told."""
    thousands: Literal[" ", "\u00a0", "\u202f", ".", ",", "'"] | None = None
    """Mark taken out of numbers wherever it stands between digits; None = only where it makes groups of three."""
    missing: Names = []
    """Cells of any column that mean nothing is there."""
    header_row: Annotated[int, Field(ge=0)] = 1
    """1-based line of the (first) header row; 0 = none, and columns are mapped by position: "1", "2", …"""
    header_rows: Annotated[int, Field(ge=1, le=9)] = 1
    """Header rows under each other; their names are joined with " – ", groups carried over the columns they span."""
    first_row: Annotated[int, Field(ge=1)] | None = None
    """1-based line of the first record, where it does not follow the header at once."""
    footer: Annotated[int, Field(ge=0)] = 0
    """Lines at the end of the file that are no records."""
    widths: list[Annotated[int, Field(ge=1)]] = []
    """Widths in characters of the columns of ``format = "fixed"``; the last column goes on to the end of the line."""
    sheet: str | None = None
    personnummer: bool = False
    interim: Literal["quarantine", "keep"] = "quarantine"
    """What becomes of interim numbers; ``keep`` makes them keys without birth and sex."""
    person_prefix: str = ""
    """Put before every person's number of the file, so that two systems may use the same numbers for different persons.
    Every file of a system needs the same one."""
    columns: dict[str, Names] = {}
    formats: dict[str, Names] = {}
    values: dict[str, dict[str, str]] = {}
    constants: dict[str, Annotated[str, BeforeValidator(str)]] = {}
    scale: dict[str, float] = {}
    keys: dict[str, Names] = {}
    clean: dict[str, list[Substitution]] = {}
    exclude: list[Exclusion] = []

    @field_validator("table")
    @classmethod
    def _known_table(cls, value: str) -> str:
        if value not in TABLES:
            raise ValueError(f"unknown table '{value}'; use one of {', '.join(TABLES)}")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                codecs.lookup(value)
            except LookupError:
                raise ValueError(f"unknown encoding '{value}'; use utf-8 or cp1252") from None
        return value

    @model_validator(mode="after")
    def _consistent(self) -> FileSpec:
        if bool(self.path) == bool(self.pattern):
            raise ValueError("give either path or pattern")
        label = f"file {self.label}, table {self.table}"
        if (self.format == "fixed") != bool(self.widths):
            raise ValueError(f'{label}: format = "fixed" and widths go together; give both or none')
        if self.thousands == self.decimal:
            raise ValueError(f"{label}: '{self.decimal}' cannot be both decimal and thousands; correct one of them")
        if self.delimiter and self.delimiter in (self.quote, self.escape):
            raise ValueError(f"{label}: '{self.delimiter}' cannot be both delimiter and quote or escape")
        canonical = TABLES[self.table]
        # names that are no columns of the table may be mapped only to build a key or to exclude by
        used = {part for parts in self.keys.values() for part in parts} | {rule.column for rule in self.exclude}
        for section, names in (
            ("columns", set(self.columns) - used),
            ("keys", set(self.keys)),
            ("constants", set(self.constants)),
            ("values", set(self.values)),
            ("scale", set(self.scale)),
            ("formats", set(self.formats)),
        ):
            unknown = sorted(names - canonical.keys())
            if unknown:
                raise ValueError(
                    f"{label}: [file.{section}] names the unknown column '{unknown[0]}'; "
                    f"the table has {', '.join(canonical)}"
                )
        settled = {*self.values, *self.scale, *self.formats, *self.clean}
        unmapped = sorted((used | settled) - self.given - self.columns.keys())
        if unmapped:
            raise ValueError(f"{label}: '{unmapped[0]}' is used but not mapped in [file.columns]")
        for rule in self.exclude:
            if rule.after and not {rule.column, rule.after} <= self._dated:
                raise ValueError(f"{label}: rule '{rule.rule}' needs two mapped date columns in column and after")
        for name, mapping in self.values.items():
            allowed = canonical[name].allowed
            known = (*allowed, "") if canonical[name].nullable else allowed  # "" = the value says nothing
            wrong = [value for value in mapping.values() if allowed and value not in known]
            if wrong:
                raise ValueError(f"{label}: [file.values.{name}] gives '{wrong[0]}'; use one of {', '.join(allowed)}")
        groups = re.compile(self.pattern).groupindex
        for name, constant in self.constants.items():
            blank = [each for each in re.findall(r"\{(\w+)\}", constant) if each not in groups]
            if blank:
                raise ValueError(f"{label}: constant '{name}' uses {{{blank[0]}}}, which the pattern does not name")
        twice = sorted(
            (set(self.columns) & set(self.constants)) | (set(self.keys) & (set(self.columns) | set(self.constants)))
        )
        if twice:
            raise ValueError(f"{label}: column '{twice[0]}' is given twice; keep one of columns, constants and keys")
        if self.personnummer and not PERSONS & self.columns.keys():
            raise ValueError(f"{label}: personnummer = true needs person in [file.columns]")
        if self.person_prefix and self.personnummer:
            raise ValueError(f"{label}: a personnummer is the same in every system; remove person_prefix")
        if self.person_prefix and not PERSONS & canonical.keys():
            raise ValueError(f"{label}: the table has no persons; remove person_prefix")
        given = self.given
        missing = [name for name, column in canonical.items() if column.required and name not in given]
        if missing:
            raise ValueError(f"{label}: the required column '{missing[0]}' is not mapped; add it to [file.columns]")
        return self

    @property
    def label(self) -> str:
        """What the file is called in messages."""
        return self.path or self.pattern

    @property
    def given(self) -> set[str]:
        """Canonical columns that this file fills."""
        given = (self.columns.keys() | self.constants.keys() | self.keys.keys()) & TABLES[self.table].keys()
        if self.personnummer:
            given |= {name for name in PERSONNUMMER_GIVES if name in TABLES[self.table]}
        return set(given)

    @property
    def _dated(self) -> set[str]:
        dates = {name for name, column in TABLES[self.table].items() if column.kind in ("date", "month")}
        return dates & self.given

    def covers(self, label: str) -> bool:
        """True if the file called ``label`` in a ledger is read by this entry."""
        if self.pattern:
            return matches(self.pattern, [label], how="fullmatch")[0]
        return label in (self.path, f"{self.path} [{self.sheet}]")

    def kind(self, name: str) -> str:
        """The format of the file ``name``."""
        return self.format or FORMATS.get(Path(name).suffix.lower(), "csv")


class Manifest(_Strict):
    """The whole of ``delivery.toml``."""

    delivery: DeliveryFacts
    departments: Departments = Departments()
    occupations: Occupations = Occupations()
    assumptions: dict[str, float | str] = {}
    episodes: dict[str, Any] = {}
    """Rules that make employments one history, where they differ from the policy (``reference.episodes``)."""
    accept_leak: list[AcceptedLeak] = []
    file: Annotated[list[FileSpec], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _transfers(cls, content: Any) -> Any:
        """Each ``[[transfer]]`` becomes a rule of episodes, so that there is one place where transfers are kept."""
        if not isinstance(content, dict) or "transfer" not in content:
            return content
        found, rules = content["transfer"], content.get("episodes", {})
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise ValueError("transfer is no list of records; write [[transfer]] for each")
        if not isinstance(rules, dict) or not isinstance(rules.get("transfers", []), list):
            raise ValueError("[episodes] transfers is no list of records; write [[episodes.transfers]] for each")
        try:
            named = [*rules.get("transfers", []), *map(declared, found)]
        except InputError as error:
            raise ValueError(str(error)) from None
        others = {name: value for name, value in content.items() if name != "transfer"}
        return others | {"episodes": rules | {"transfers": named}}

    @field_validator("episodes")
    @classmethod
    def _known_rules(cls, value: dict[str, Any]) -> dict[str, Any]:
        try:
            return Rules.of(value).record()
        except InputError as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _named_occupations(self) -> Manifest:
        known = occupations().keys() | self.occupations.names.keys() | {"unknown"}
        for rule in self.occupations.rules:
            if rule.occupation not in known:
                raise ValueError(
                    f"[occupations] rule '{rule.matches}' gives the unknown occupation '{rule.occupation}'; "
                    "name it in [occupations.names]"
                )
        return self


def load_manifest(folder: Path) -> Manifest:
    """Read and check ``folder/delivery.toml``.

    Raises:
        InputError: there is none, it is not TOML, or it says something the contract does not know.
    """
    path = folder / FILE
    if not path.is_file():
        raise InputError(f"no {FILE} in the folder {folder.name}; copy one from examples/ and say which file is which")
    try:
        content = tomllib.loads(unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise InputError(f"{FILE} is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{FILE} is not valid TOML: {error}; correct that line") from None
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        raise InputError(_sentence(content, error)) from None


def _sentence(content: dict[str, Any], error: ValidationError) -> str:
    """One sentence out of pydantic's first complaint."""
    first = error.errors()[0]
    location = list(first["loc"])
    where = []
    if location[:1] == ["file"] and len(location) > 1 and isinstance(location[1], int):
        entry = content["file"][location[1]]
        name = (entry.get("path") or entry.get("pattern")) if isinstance(entry, dict) else None
        where.append(f"[[file]] {name or location[1] + 1}")
        location = location[2:]
    if location:
        where.append(".".join(str(part) for part in location))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "is not a setting of delivery.toml; check the spelling or remove it"
    elif first["type"] == "missing":
        message = "is missing; add it"
    elif first["type"].startswith("date"):
        message = "is not a date; write YYYY-MM-DD without quotation marks"
    return f"{FILE}: {': '.join([*where, message])}"
