"""Parts that add up as printed."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Step
from analysis.publishing.words.arithmetic import adds_up, bridge_digits, digits_of
from analysis.publishing.words.rounding import add_up, key, printed
from analysis.tables.digits import quantize
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


@pytest.mark.parametrize(
    ("definition", "unit", "value", "shown"),
    [
        ("empty_posts", "fte", 3.4, "3"),  # no tenth of a post that nobody has forecast so finely
        ("recruitment_need", "fte", 51.5, "52"),
        ("empty_chance", "share", 0.8937, "89"),
        ("", "fte", 3.4, "3.4"),
    ],
)
def test_posts_and_chances_have_the_decimals_of_their_definitions(
    definition: str, unit: str, value: float, shown: str
) -> None:
    cell = Cell("t", "all", "r", "c", "", value, None, None, 40.0, unit, "published", "", definition)
    assert str(printed(cell).value) == shown


def test_the_bridge_adds_up_as_printed_to_the_need_and_down_to_what_stays_empty() -> None:
    shown = show("bridge", report())
    digits = digits_of(shown)
    parts, filled = ([printed(step.cell, digits).value for step in steps] for steps in (shown.steps, shown.filled))
    need, empty = (printed(step.cell, digits).value for step in (shown.total, shown.empty))
    assert (sum(parts), need + sum(filled)) == (need, empty) == (114, 51)


VALUES = st.floats(-300, 300, allow_nan=False)


@given(st.lists(VALUES, min_size=2, max_size=8), st.lists(VALUES, min_size=1, max_size=3))
def test_a_reader_who_adds_and_subtracts_finds_both_totals(needed: list[float], filled: list[float]) -> None:
    def step(row: str, value: float) -> Step:
        fields = ("bridge", "d1", row, "2026", "reference", value, None, None, 40.0, "fte", "published", "")
        return Step(Term("bridge.hires"), Cell(*fields, "recruitment_need"))

    parts = [step("opening", needed[0]), *(step(f"n{place}", value) for place, value in enumerate(needed[1:]))]
    less = [step(f"f{place}", value) for place, value in enumerate(filled)]
    total, empty = step("recruitment_need", sum(needed)), step("empty", sum(needed) + sum(filled))
    digits = bridge_digits(parts, total, less, empty)

    def told(steps: list[Step]) -> Decimal:
        return sum((printed(item.cell, digits).value for item in steps), Decimal(0))

    assert told(parts) == told([total]) == quantize(sum(needed), 0)
    assert told([total]) + told(less) == told([empty]) == quantize(sum(needed) + sum(filled), 0)
    assert told(parts[:1]) == quantize(needed[0], 0)  # what stands empty today is said elsewhere, too


def test_a_bridge_with_a_withheld_part_claims_no_sum() -> None:
    shown = show("bridge", report(frame=silence(cells(), "bridge", "employer")))
    assert not adds_up(shown.steps, shown.total)
    digits = digits_of(shown)
    assert all(value == quantize(step.cell.value, 0) for step in shown.steps if step.cell.shown
               for value in [digits.values[key(step.cell)]])  # fmt: skip
