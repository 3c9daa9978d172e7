"""Pictures of stage notebooks: drawn from small tables, axes labelled, small groups left out, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.staffing.posts.law import Posts
from analysis.stages.figures import competence, disclosure, reading, staffing, turnover, workforce
from analysis.stages.looking import Words, table

mpl.use("Agg")
FLOWS = pd.DataFrame(
    [
        (origin, part, persons, persons * 0.9)
        for origin in ("2023-12", "2024-12")
        for part, persons in (("opening", 100.0), ("closing", 104.0), ("hires", 12.0), ("resignation", -8.0))
    ],
    columns=["origin", "part", "persons", "fte"],
).assign(department="d1", occupation="nurse")
NEED = pd.DataFrame(
    [
        ("all", "total", 2026, "reference", part, value)
        for part, value in (
            ("opening", 3.0), ("need_change", 1.0), ("resignation", 9.0), ("recruitment_need", 13.0), ("hires", -8.0),
            ("empty", 5.0),
        )
    ],
    columns=["department", "occupation", "year", "scenario", "part", "expected"],
)  # fmt: skip
SPELLS = pd.DataFrame(
    {"form": ["permanent"] * 30, "entry": 0.0, "exit": [float(m) for m in range(1, 31)],
     "cause": ["resignation", "retirement", ""] * 10}
)  # fmt: skip
LADDER = pd.DataFrame(
    [("ladder", "all", str(step), name, 10.0 * step, of, of)
     for name, of in (("care", 60.0), ("it", 5.0)) for step in (1, 2, 3)],
    columns=["table", "department", "row", "column", "value", "denominator", "n"],
)  # fmt: skip
COURSES = pd.DataFrame(
    [("courses", "all", name, column, value, n, n)
     for name, n in (("first_aid", 50.0), ("rare", 4.0)) for column, value in (("completed", 0.4), ("target", 0.6))],
    columns=["table", "department", "row", "column", "value", "denominator", "n"],
)  # fmt: skip
SKILLS = pd.DataFrame(
    {"occupation": ["nurse", "cook"], "model": "licence", "step": 1, "needed": [30.0, 2.0], "held": [25, 1],
     "unclear": [2.0, 0.0], "staff": [40, 3]}
)  # fmt: skip
RATES = pd.DataFrame(
    {"cause": "resignation", "band": [0, 30, 60], "n": [40.0, 50.0, 4.0], "observed": [0.1, 0.08, 0.5],
     "model": [0.11, 0.09, 0.4], "yardstick": 0.09}
)  # fmt: skip
GROUPS = pd.DataFrame(
    {"department": "all", "dimension": "age", "group": ["u30", "50_plus"], "cause": "total", "n": [100, 4],
     "ratio": [1.1, 0.5], "low": [0.9, 0.1], "high": [1.3, 2.0]}
)  # fmt: skip
TRACK = pd.DataFrame(
    {"origin": ["2022-12", "2023-12"], "horizon_months": 12, "department": "all", "cause": "total",
     "expected": [30.0, 31.0], "low": 20.0, "high": 40.0, "observed": [28.0, 45.0], "yardstick": 29.0, "n": 300}
)  # fmt: skip
CELLS = pd.DataFrame(
    {"table": ["age", "age", "exits"], "status": ["published", "withheld", "withheld"],
     "reason": ["", "few_persons", "secondary"], "value": [10.0, None, None], "low": [8.0, None, None],
     "high": [13.0, None, None]}
)  # fmt: skip
LEDGER = pd.DataFrame(
    {"file": ["a.csv"], "accepted": [90], "quarantined": [6], "merged": 1, "excluded": 2, "structural": 1}
)
WATERFALL = pd.DataFrame(
    {
        "sv": ["Överlapp"],
        "en": ["Overlap"],
        "exits_before": [9],
        "exits_after": [5],
        "hires_before": [9],
        "hires_after": [4],
    }
)
PEOPLE = pd.DataFrame(
    {"age": [23, 44, 61, -1], "form": ["temporary", "permanent", "permanent", "permanent"], "at_risk": [5, 9, 7, 2]}
)
MONTHS = pd.DataFrame({"table": "exits", "month": pd.PeriodIndex(["2025-01", "2025-03"], freq="M"), "rows": [4, 6]})
FAN = pd.DataFrame(
    {"department": "all", "year": [2024, 2025, 2026, 2027], "observed": [5.0, 4.0, None, None],
     "expected": [None, None, 3.0, 4.0], "p10": [None, None, 1.0, 1.0], "p25": [None, None, 2.0, 2.0],
     "p75": [None, None, 4.0, 5.0], "p90": [None, None, 6.0, 8.0], "method": ["", "", "blend", "last"], "n": 40.0}
)  # fmt: skip
MONTHLY = np.ones((24, 2))
POSTS = Posts(
    pd.date_range("2024-01-01", periods=24, freq="MS"), pd.MultiIndex.from_tuples([("d1", "nurse"), ("d1", "cook")]),
    np.ones((25, 2)), MONTHLY, MONTHLY * 0.8, MONTHLY * 0.1,
)  # fmt: skip
FILLED = pd.DataFrame({"occupation": ["nurse", "cook"], "halve_months": [4.0, 1.0]})
MOVED = pd.DataFrame(
    {"assumption": ["hires", "hires"], "end": ["low", "high"], "department": "all", "change": [4.0, -4.0], "gap": 1.0}
)
WAVE = pd.DataFrame(
    {"department": ["all", "d1"], "year": [2026, 2026], "expected": [5.0, 1.0], "low": [2.0, 0.0], "high": [9.0, 2.0]}
)
POINTS = pd.DataFrame({"expected": [5.0, 20.0], "ratio": [1.2, 0.8], "n": [40, 90]})
DRAWN: dict[str, Callable[[Words], Figure]] = {
    "records": lambda words: reading.records(LEDGER, words),
    "reasons": lambda words: reading.reasons(
        pd.DataFrame({"file": ["a", "a"], "reason": ["bad_date", "bad_date"]}), words
    ),
    "months": lambda words: reading.months(MONTHS, words, first="2025-01", last="2025-04"),
    "rules": lambda words: workforce.rules(WATERFALL, words),
    "stock": lambda words: workforce.stock(FLOWS, words),
    "ages": lambda words: workforce.ages(PEOPLE, words),
    "flows": lambda words: workforce.flows(FLOWS, words),
    "spells": lambda words: workforce.spells(SPELLS, words, least=20),
    "ladders": lambda words: competence.ladders(LADDER, words, least=20),
    "courses": lambda words: competence.courses(COURSES, words, least=20),
    "required": lambda words: competence.required(SKILLS, words, least=20),
    "rates": lambda words: turnover.rates(RATES, words, least=20),
    "calibration": lambda words: turnover.calibration(GROUPS, words, least=20),
    "record": lambda words: turnover.record(TRACK, words),
    "left": lambda words: turnover.left(SPELLS, words),
    "departments": lambda words: turnover.departments(POINTS, words),
    "openings": lambda words: staffing.openings(POSTS, words),
    "futures": lambda words: staffing.futures(POSTS, np.ones((40, 3, 2)), words),
    "waterfall": lambda words: staffing.waterfall(NEED, words),
    "empty": lambda words: staffing.empty_posts(FAN, words),
    "fill": lambda words: staffing.fill_rates(FILLED, words),
    "tornado": lambda words: staffing.tornado(MOVED, words),
    "wave": lambda words: staffing.wave(WAVE, words),
    "withheld": lambda words: disclosure.reasons(CELLS, words),
    "tables": lambda words: disclosure.tables(CELLS, words),
    "ranges": lambda words: disclosure.ranges(CELLS, words),
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    mpl.pyplot.close("all")


def texts(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    found = [label.get_text() for axes in figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    return [text for text in found if text]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_every_picture_is_drawn_and_its_axes_are_labelled(name: str, language: str) -> None:
    figure = DRAWN[name](Words(language))
    figure.draw_without_rendering()
    assert figure.axes
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.has_data()


@pytest.mark.parametrize(
    ("name", "shown", "small"),
    [
        ("ladders", "care", "it"),
        ("courses", "first_aid", "rare"),
        ("required", "nurse", "cook"),
        ("calibration", "u30", "50"),
    ],
)
def test_groups_below_the_least_are_not_drawn(name: str, shown: str, small: str) -> None:
    said = " ".join(texts(DRAWN[name](Words("en"))))
    assert shown in said
    assert small not in said


def test_the_waterfall_goes_up_to_the_need_and_down_to_what_stays_empty() -> None:
    (axes,) = staffing.waterfall(NEED, Words("en")).axes
    ends = [round(bar.get_x() + bar.get_width(), 6) for bar in axes.patches]
    assert ends == [3.0, 4.0, 13.0, 13.0, 5.0, 5.0]


def test_the_stock_ends_a_year_after_the_last_window_opened() -> None:
    (axes,) = workforce.stock(FLOWS, Words("en")).axes
    persons = axes.lines[0].get_ydata()
    assert list(persons) == [100.0, 100.0, 104.0]


def test_months_without_rows_are_drawn_as_nought() -> None:
    (axes,) = reading.months(MONTHS, Words("en"), first="2025-01", last="2025-04").axes
    assert list(axes.lines[0].get_ydata()) == [4, 0, 6, 0]


def test_rows_per_month_never_count_births() -> None:
    people = pd.DataFrame({"birth": pd.to_datetime(["1980-02-01"]), "end": pd.to_datetime(["2025-02-01"])})
    only_birth = pd.DataFrame({"birth": pd.to_datetime(["1980-02-01"])})
    made = reading.months_of({"rows": iter([people, people]), "none": iter([only_birth])})
    assert made["month"].astype("str").tolist() == ["2025-02"]
    assert made["rows"].tolist() == [2]


@pytest.mark.parametrize("name", ["flows", "spells", "empty", "ranges"])
def test_without_anything_to_draw_it_says_so(name: str) -> None:
    empty: dict[str, Callable[[], Any]] = {
        "flows": lambda: workforce.flows(FLOWS.head(0), Words("sv")),
        "spells": lambda: workforce.spells(SPELLS.head(0), Words("sv"), least=20),
        "empty": lambda: staffing.empty_posts(FAN.head(0), Words("sv")),
        "ranges": lambda: disclosure.ranges(CELLS[CELLS["status"] == "withheld"], Words("sv")),
    }
    with pytest.raises(ValueError, match="nothing to draw"):
        empty[name]()


def test_both_languages_have_the_same_texts_and_another_language_gets_english() -> None:
    held = table()
    assert set(held["sv"]) == set(held["en"])
    assert Words("fi").text("read.records") == held["en"]["read.records"]
    assert Words("sv")("read.records").data == held["sv"]["read.records"]
