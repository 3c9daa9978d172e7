"""What a report is given of a figure is what is printed of it, and printing it again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from analysis.publishing.words.rounding import printed
from analysis.reference import definitions
from analysis.tables.digits import ALONE, as_printed
from analysis.tables.protected import UNITS, Cell, Reason, Status

NUMBER = st.one_of(
    st.just(float("nan")), st.floats(-200, 200), st.sampled_from([0.0705, 9.95, 9.949999, 0.00049999, 12])
)
LINES = st.fixed_dictionaries(
    {
        "sensitivity": st.sampled_from(["low", "health", "forecast"]),
        "unit": st.sampled_from(UNITS),
        "definition": st.sampled_from(["", *sorted(definitions())]),
    }
    | dict.fromkeys(("value", "low", "high"), NUMBER)
)


def cell(line: dict[str, Any]) -> Cell:
    """A cell with the numbers of a line."""
    numbers = [None if number != number else number for number in (line["value"], line["low"], line["high"])]
    made = Cell("t", "all", "r", "c", "", *numbers, 100.0, line["unit"], Status.PUBLISHED, Reason.NONE, "")
    return replace(made, definition=line["definition"])


@given(LINES)
def test_a_figure_is_printed_alike_before_and_after(line: dict[str, Any]) -> None:
    assert printed(cell(as_printed(line))) == printed(cell(line))


@given(LINES)
def test_nothing_is_left_of_what_is_rounded_off(line: dict[str, Any]) -> None:
    found = cell(as_printed(line))
    figure = printed(found)
    assert figure is not None
    if found.unit in ALONE and line["sensitivity"] != "forecast":
        scale = 100 if found.unit in ("share", "rate") else 1
        assert abs(float(figure.value) - scale * (found.value or 0.0)) < 1e-9
    else:
        assert found == cell(line)


def test_known_digits() -> None:
    known = {
        "sensitivity": "low",
        "unit": "share",
        "definition": "",
        "value": 0.07049,
        "low": float("nan"),
        "high": 0.0716,
    }
    found = as_printed(known)
    assert (found["value"], found["high"]) == (0.07, 0.072)
    assert found["low"] != found["low"]
    assert as_printed(known | {"unit": "ratio", "value": 12.34, "high": 9.96})["value"] == 12.0
