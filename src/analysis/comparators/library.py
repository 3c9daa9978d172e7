"""The comparators that are held: bundled with the package (``comparators.toml``) and fetched by the user.

A comparator is a figure about others, under a named measure, for one year, with a source. Which of our definitions it
may stand beside is decided in ``beside``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.comparators import fetched
from analysis.reference import entries, load, occupations
from analysis.reference.entries import Text, Unit

HUNDREDTHS = 0.01
"""Per cent, as sources print them, to a fraction, as cells hold them."""


class HoldsFor(BaseModel):
    """The work that a figure is about: ``occupations`` are at least ``least`` of a unit's staff, of those ``among``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    occupations: tuple[str, ...] = Field(min_length=1)
    among: Literal["licence", "all"]
    least: float = Field(gt=0, le=1)

    @model_validator(mode="after")
    def _knows_its_occupations(self) -> HoldsFor:
        known = occupations()
        strange = [key for key in self.occupations if key not in known]
        if strange:
            raise ValueError(f"unknown occupations {', '.join(strange)}; see occupations.toml")
        if self.among == "licence" and not all(known[key].get("licence") for key in self.occupations):
            raise ValueError("among licensed occupations only licensed ones can be counted")
        return self


class Comparator(BaseModel):
    """One figure about others.

    ``value`` is a single figure or the middle of several, ``low`` and ``high`` a range over municipalities; at least
    one of the two is held. Shares are fractions. ``decimals`` are the source's, in the unit that pages print.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Text
    measure: str = Text
    roughly: tuple[str, ...] = ()
    kind: Literal["outcome", "norm"] = "outcome"
    sv: str = Text
    en: str = Text
    who_sv: str = Text
    who_en: str = Text
    year: int = Field(ge=1990, le=2100)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit
    decimals: int = Field(ge=0, le=2)
    source_sv: str = Text
    source_en: str = Text
    terms: str = Text
    first_screen: bool = True
    """False for a figure about one kind of work, which does not belong beside every department's figure."""
    holds_for: HoldsFor | None = None
    """None for a figure about all work; else it stands only beside units whose work it is about (``beside.where``)."""
    kolada: bool = False
    """True for a value exactly as Kolada gave it; nothing else may be attributed to Kolada."""

    @model_validator(mode="after")
    def _has_a_figure(self) -> Comparator:
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("a comparator needs a value or a range")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the range runs from high to low")
        return self


class _Series(BaseModel):
    """Figures of many areas and years in a bundled CSV, from which one comparator a year is made.

    The value is the whole country's: the row of ``whole`` if the file has one, else the mean over areas weighted by
    ``weight``. The range is the middle half of the municipalities. ``columns`` are summed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Text
    file: str = Text
    columns: tuple[str, ...] = Field(min_length=1)
    weight: str = Text
    whole: str = ""
    common: dict[str, Any]


def held(paths: Iterable[Path] = ()) -> list[Comparator]:
    """Every comparator, the fetched ones first.

    Args:
        paths: files that ``analysis fetch kolada`` wrote.

    Raises:
        InputError: a file is missing or has another form, or an entry of the reference data is wrong.
    """
    data = load("comparators")
    bundled = [Comparator(**entry) for entry in _checked(Comparator, data["comparator"])]
    for series in _checked(_Series, data["series"]):
        bundled += _yearly(_Series(**series))
    # a fetched figure of a measure that is about one kind of work is about it whoever wrote the file
    work = {one.measure: one.holds_for for one in bundled if one.holds_for is not None}
    return [*(one for path in paths for one in _from_file(fetched.read(path), work)), *bundled]


def _checked(model: type[BaseModel], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entries.checked(model, entry, "comparators.toml") for entry in found]


def _yearly(series: _Series) -> list[Comparator]:
    path = files("analysis.reference").joinpath("data", "comparators", series.file)
    with path.open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, dtype={"code": "str"})
    table["figure"] = table[list(series.columns)].sum(axis=1, skipna=False) * HUNDREDTHS
    made = []
    for year, rows in table.dropna(subset="figure").groupby("year"):
        each = rows[rows["code"] != series.whole]
        whole = rows.loc[rows["code"] == series.whole, "figure"]
        mean = whole.iloc[0] if len(whole) else (each["figure"] * each[series.weight]).sum() / each[series.weight].sum()
        low, high = each["figure"].quantile([0.25, 0.75])
        own: dict[str, Any] = {"id": f"{series.id}_{year}", "year": int(str(year))}
        own |= {"value": float(mean), "low": float(low), "high": float(high)}
        made.append(Comparator(**own, **series.common))
    return made


def _from_file(table: pd.DataFrame, work: Mapping[str, HoldsFor]) -> list[Comparator]:
    """One comparator per indicator, area and year, both sexes together; the unit is the definition's own."""
    rows = table[(table["sex"] == "T") & table["value"].notna()]
    made = []
    for row in rows.to_dict("records"):
        pure = bool(row["unchanged"]) and row["source"] == "Kolada"
        name = row["area_name"] or row["area"]
        made.append(
            Comparator(
                id=f"{row['measure']}_{row['area']}_{row['year']}".lower(),
                measure=f"Kolada {row['measure']}",
                sv=row["title"] or row["measure"],
                en=row["title"] or row["measure"],
                who_sv=name,
                who_en=name,
                year=row["year"],
                value=row["value"],
                unit="score",
                decimals=_decimals(row["value"]),
                source_sv=f"Kolada, hämtad {row['fetched']}" if pure else "egen bearbetning av öppna data",
                source_en=f"Kolada, fetched {row['fetched']}" if pure else "own calculation on open data",
                terms="fri användning med källan angiven" if pure else "bearbetad uppgift",
                holds_for=work.get(f"Kolada {row['measure']}"),
                kolada=pure,
            )
        )
    return made


def _decimals(value: float) -> int:
    """As many decimals as the source gives, at most one: pages compare, they do not copy tables."""
    return 0 if float(value).is_integer() else 1
