"""What a file's description may clean before reading: texts replaced, rows left out."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"'{pattern}' is not a regular expression ({error})") from None
    return pattern


Regex = Annotated[str, AfterValidator(_regex)]
"""A regular expression, checked when the description is read."""


class Strict(BaseModel):
    """A record in which every key is known and none may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Substitution(Strict):
    """One regex substitution on trimmed raw text."""

    pattern: Regex
    replace: str = ""


class Exclusion(Strict):
    """A named rule that leaves rows out: where ``column`` matches, or lies after another date column."""

    rule: str
    column: str
    matches: Regex = ""
    after: str = ""
    why: str
    why_en: str = ""

    @model_validator(mode="after")
    def _one_condition(self) -> Exclusion:
        if bool(self.matches) == bool(self.after):
            raise ValueError(f"exclusion rule '{self.rule}' needs either matches or after")
        return self
