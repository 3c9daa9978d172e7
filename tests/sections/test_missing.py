"""What a delivery lacks is missing, never nought: facts by column, and what pages say of it."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from analysis.extracts import read_delivery
from analysis.publishing.pages.exporter import render_page
from analysis.reference import load
from analysis.sample import write_sample
from analysis.sections.missing import blanked
from analysis.tables.clean import TABLES
from analysis.tables.facts import facts
from analysis.workforce import all_facts, history
from tests.publishing import fixture, notebooks
from tests.publishing.showing import show

PERIOD, HOURS = "2025-12", 165
Tables = dict[str, pd.DataFrame | None]
LACKING = [
    ("employments", ("birth",)), ("employments", ("sex",)), ("employments", ("rate",)), ("employments", ("pay",)),
    ("employments", ("aid", "title", "occupation")), ("employments", ("rate_actual",)),
    ("employments", ("rate_wanted",)), ("exits", ("cause",)), ("exits", ("survey_reason",)),
    ("absences", ("sick_hours_long",)), ("absences", ("sick_hours_short",)), ("absences", ("overtime_hours",)),
]  # fmt: skip
"""Every column whose lack ``missing.toml`` knows and that figures of the workforce rest on."""


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, str]:
    folder = tmp_path_factory.mktemp("small")
    write_sample(folder, employees=240, years=3, seed=5)
    found = read_delivery(folder, key=b"k" * 32)
    return {name: found.tables.read(name) if name in found.tables else None for name in TABLES}, (
        found.manifest.departments.level
    )


def computed(tables: Tables, level: str) -> tuple[pd.DataFrame, list[str]]:
    past = history(tables, period=PERIOD, level=level)
    found = all_facts(past, tables, period=PERIOD, hours_per_month=HOURS)
    return found, past.unknown


@pytest.fixture(scope="module")
def whole(delivered: tuple[Tables, str]) -> pd.DataFrame:
    return computed(*delivered)[0]


def emptied(tables: Tables, name: str, columns: tuple[str, ...]) -> Tables:
    table = tables[name]
    assert table is not None
    table = table.copy()
    for column in columns:
        table[column] = "unknown" if column in ("occupation", "cause") else pd.Series(np.nan, table.index).astype(
            table[column].dtype
        )  # fmt: skip
    return {**tables, name: table}


@pytest.mark.parametrize(("name", "columns"), LACKING, ids=lambda value: value if isinstance(value, str) else value[0])
def test_no_figure_becomes_nought_because_a_column_is_empty(
    delivered: tuple[Tables, str], whole: pd.DataFrame, name: str, columns: tuple[str, ...]
) -> None:
    tables, level = delivered
    found, unknown = computed(emptied(tables, name, columns), level)
    lost = [*(f"{name}.{column}" for column in columns), *unknown]
    keys = ["table", "department", "row", "column", "layer"]
    now = blanked(found, lost).set_index(keys)["value"]
    before = whole.set_index(keys)["value"].reindex(now.index)
    nought = now[(now == 0) & before.notna() & (before != 0)]
    assert nought.empty, sorted({f"{key[0]}/{key[2]}" for key in nought.index})


def test_without_ends_leaving_is_missing(delivered: tuple[Tables, str]) -> None:
    tables, level = delivered
    found, _ = computed({**emptied(tables, "employments", ("end",)), "exits": None}, level)
    assert not {"exits", "turnover_series"} & set(found["table"])


def test_a_figure_of_a_hundredth_of_the_staff_is_none(delivered: tuple[Tables, str]) -> None:
    """Births of a few, or of those who left alone, are as good as none."""
    tables, level = delivered
    table = tables["employments"]
    assert table is not None
    few = table.assign(birth=table["birth"].where(np.arange(len(table)) % 50 == 0))
    assert computed({**tables, "employments": few}, level)[1] == ["employments.birth"]
    assert computed(tables, level)[1] == []


def test_every_figure_that_is_hidden_is_a_figure_that_there_is(whole: pd.DataFrame) -> None:
    """A pattern that matches nothing would hide nothing: names are those of facts or of forecasts."""
    forecasts = ("bridge/", "leavers/", "sensitivity/", "pension_3y", "fte/h")  # no occupation of the sample has an h
    places = set(whole["table"] + "/" + whole["row"]) | set(whole["table"])
    from fnmatch import fnmatchcase

    for entry in [*load("missing")["table"], *load("missing")["column"]]:
        for pattern in [*entry.get("hides", ()), *entry.get("zeros", ())]:
            if not pattern.startswith(forecasts):
                assert any(fnmatchcase(place, pattern) for place in places), pattern


def test_a_part_that_can_be_foreseen_otherwise_is_missing_only_where_it_is_nought() -> None:
    table = facts(
        {"table": "bridge", "department": "all", "row": row, "value": value, "low": value, "high": value}
        for row, value in (("retirement", 0.0), ("retirement", 4.0), ("resignation", 0.0))
    )
    found = blanked(table, ["employments.birth"])
    assert found["value"].isna().tolist() == [True, False, False]
    assert found["low"].isna().tolist() == [True, False, False]
    assert blanked(table, []).equals(table)


def test_what_is_lost_reaches_the_facts_of_every_section() -> None:
    from analysis.disclosure.thresholds import Thresholds
    from analysis.reference import policy
    from analysis.sections import all_facts as of_sections
    from analysis.sections import all_sections

    ages = facts([{"table": "age", "department": "all", "row": "u35", "value": 0.0, "n": 50}])

    class Store:
        def read(self, name: str) -> pd.DataFrame | None:
            return ages if name == "facts_workforce" else None

        table = result = read

    limits = Thresholds.of(policy(), "internal")
    found = of_sections(
        all_sections(), Store(), period=PERIOD, years=5, limits=limits, lost=["snapshots.birth"]
    )  # fmt: skip
    assert found["value"].isna().all()
    assert of_sections(all_sections(), Store(), period=PERIOD, years=5, limits=limits)["value"].eq(0).all()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_page_without_births_says_so_and_draws_no_nought(language: str) -> None:
    frame = fixture.cells()
    for table, row in (("bridge", "retirement"), ("leavers", "retirement"), ("key_figures", "pension_3y")):
        frame = fixture.silence(frame, table, row, status="missing")
    frame = fixture.without(frame, "age", "pension_3y")
    page = render_page(notebooks.run("department", fixture.report(frame=frame)), language)
    plain = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.S)
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", plain)))
    lacks, name = {
        "sv": ("Saknas i leveransen och visas inte för sig", "Pension"),
        "en": ("Missing in the delivery and not shown apart", "Retirement"),
    }[language]
    assert lacks in text
    assert not re.search(rf"{name}\s*[±+−]?0\b", text), text
    for drawn in re.findall(r'(?:alt|aria-label)="([^"]*)"', page):
        assert not re.search(rf"{name.lower()}[^,;]*\b0\b", unescape(drawn).lower()), drawn


def test_where_nobody_left_no_cause_is_withheld() -> None:
    frame = fixture.cells()
    mine = (frame["department"] == "d0101") & (frame["table"] == "exits")
    frame.loc[mine, ["value", "low", "high"]] = np.nan
    total = mine & (frame["row"] == "total")
    frame.loc[mine & ~total, ["status", "reason"]] = ["withheld", "homogeneous"]
    frame.loc[mine, "n"] = np.nan
    frame.loc[total, ["value", "status", "reason"]] = [0.0, "zero", ""]
    packed = json.dumps(show("leavers", fixture.report(frame=frame)).bundle())
    assert '"leavers.nobody"' in packed
    assert '"leavers.silent"' not in packed
    assert "homogeneous" not in packed
    assert '"leavers.nobody"' not in json.dumps(show("leavers", fixture.report()).bundle())
