"""Parts that add up as printed."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.publishing.arithmetic import adds_up, digits_of
from analysis.publishing.rounding import add_up, key, printed, quantize
from analysis.tables.protected import Cell
from tests.publishing.fixture import cells, report, silence
from tests.publishing.showing import show

PARTS = st.lists(st.floats(-500, 500, allow_nan=False), min_size=1, max_size=12)


@given(PARTS, st.integers(0, 2))
def test_printed_parts_make_the_printed_total(parts: list[float], places: int) -> None:
    total = quantize(sum(parts), places)
    assert sum(add_up(parts, total, places)) == total


@given(PARTS)
def test_no_part_moves_by_more_than_one_unit(parts: list[float]) -> None:
    total = quantize(sum(parts), 0)
    assume(abs(sum(parts) - float(total)) < 0.5)
    rounded = add_up(parts, total, 0)
    assert all(abs(float(shown) - part) <= 1.0001 for shown, part in zip(rounded, parts, strict=True))


def test_the_largest_remainders_get_what_is_missing() -> None:
    assert add_up([1.4, 2.4, 3.2], Decimal(7), 0) == [Decimal(2), Decimal(2), Decimal(3)]


def test_rounding_is_away_from_zero_and_knows_no_negative_zero() -> None:
    assert (quantize(2.5, 0), quantize(-2.5, 0)) == (Decimal(3), Decimal(-3))
    assert str(quantize(-0.2, 0)) == "0"


@pytest.mark.parametrize(
    ("definition", "value", "shown"),
    [("pay_p90_p10", 1.8449, "1.84"), ("staff_per_manager", 4.349, "4.3"), ("staff_per_manager", 27.31, "27")],
)
def test_a_ratio_has_the_decimals_of_its_definition_else_of_its_size(definition: str, value: float, shown: str) -> None:
    cell = Cell("t", "all", "r", "c", "", value, None, None, 40.0, "ratio", "published", "", definition)
    assert str(printed(cell).value) == shown


def test_the_bridge_adds_up_as_printed() -> None:
    shown = show("bridge", report())
    digits = digits_of(shown)
    parts = [printed(step.cell, digits).value for step in shown.steps]
    assert sum(parts) == printed(shown.total.cell, digits).value == 47


def test_what_makes_up_the_gross_need_adds_up_to_it_as_printed() -> None:
    shown = show("bridge", report())
    digits = digits_of(shown)
    gross = {"need_change", "resignation", "retirement", "contract_end", "employer", "other", "unknown"}
    parts = [printed(step.cell, digits).value for step in shown.steps if step.cell.row in gross]
    assert sum(parts) == digits.values[key(shown.recruitment.cell)]


def test_a_bridge_with_a_withheld_part_claims_no_sum() -> None:
    shown = show("bridge", report(frame=silence(cells(), "bridge", "employer")))
    assert not adds_up(shown.steps, shown.total)
    digits = digits_of(shown)
    assert all(value == quantize(step.cell.value, 0) for step in shown.steps if step.cell.shown
               for value in [digits.values[key(step.cell)]])  # fmt: skip
