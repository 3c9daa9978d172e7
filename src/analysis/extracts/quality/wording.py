"""What a finding is called in words, and the limits beyond which it is told (``reference/data/quality.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.numbers import format_decimal, format_percent

from analysis.extracts.account.notices import Notice
from analysis.extracts.manifest import Manifest
from analysis.reference import load
from analysis.reference.phrases import LANGUAGES

PERCENT = {"sv": "#,##0.0\u00a0%", "en": "#,##0.0%"}


@dataclass(frozen=True)
class Share:
    """A number shown in per cent."""

    value: float


def limits() -> dict[str, Any]:
    """Limits by name."""
    return load("quality")["limits"]


@cache
def _findings() -> dict[str, dict[str, str]]:
    return {entry["id"]: entry for entry in load("quality")["finding"]}


def said(finding: str, **values: str | float | Share) -> Notice:
    """The sentence of a finding with its numbers as each language writes them.

    Raises:
        KeyError: there is no such finding, or it names a value that is not given.
    """
    texts = {}
    for language in LANGUAGES:
        shown = {name: _number(value, language) for name, value in values.items()}
        texts[language] = _findings()[finding][language].format(**shown)
    return Notice(sv=texts["sv"], en=texts["en"], kind=finding)


def _number(value: str | float | Share, language: str) -> str:
    if isinstance(value, Share):
        return format_percent(value.value, PERCENT[language], locale=language)
    return value if isinstance(value, str) else format_decimal(value, "#,##0.###", locale=language)


def heading(manifest: Manifest, table: str, column: str) -> str:
    """A column as the owner of the files knows it: its header where one is mapped."""
    for spec in manifest.file:
        if spec.table == table and column in spec.columns:
            return spec.columns[column][0]
    return column
