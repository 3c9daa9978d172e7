"""Pay percentiles with their least groups, and span of control as a distribution, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.workforce import indicators
from analysis.workforce.spells import stock
from tests.workforce.example import CUT, employed, post, table
from tests.workforce.indicators.worked import UNITS, line, value


def paid(pays: list[float], **more: object) -> pd.DataFrame:
    posts = [post(f"p{place:02d}", "2020-01-01", pay=pay, **more) for place, pay in enumerate(pays)]
    return stock(employed(posts)[0], CUT)


def test_percentiles_lie_between_ordered_values() -> None:
    # eleven values from 20 000 to 40 000: P10 is the second, P25 between the third and fourth
    facts = indicators.pay_dispersion(paid([20_000 + 2_000 * step for step in range(11)]))
    assert value(facts, "pay_p90_p10") == pytest.approx(38 / 22)
    assert value(facts, "pay_p90_p50") == pytest.approx(38 / 30)
    assert value(facts, "pay_p50_p10") == pytest.approx(30 / 22)
    assert value(facts, "pay_p75_p25") == pytest.approx(35 / 25)
    assert value(facts, "pay_relative_spread") == pytest.approx(16 / 30)
    assert value(facts, "pay_median") == 30_000


def test_women_and_men_are_compared_at_ages_18_to_66_and_the_smaller_group_decides() -> None:
    posts = [post(f"w{n}", "2020-01-01", pay=pay, sex="F") for n, pay in enumerate((30_000, 32_000, 40_000))]
    posts += [post(f"m{n}", "2020-01-01", pay=pay, sex="M") for n, pay in enumerate((35_000, 45_000))]
    posts.append(post("old", "2020-01-01", pay=90_000, sex="M", birth="1958-12-01"))
    facts = indicators.equal_pay(stock(employed(posts)[0], CUT))
    assert value(facts, "pay_median_women") == 32_000
    assert value(facts, "pay_median_men") == 40_000
    assert value(facts, "pay_gap") == -8_000
    assert value(facts, "pay_ratio") == pytest.approx(0.8)
    assert line(facts, "pay_ratio")["n"] == 2


@pytest.mark.parametrize(
    ("persons", "shown"),
    [
        (4, set()),
        (5, {"pay_median"}),
        (8, {"pay_median"}),
        (9, {"pay_median", "pay_p75_p25"}),
        (20, {"pay_median", "pay_p75_p25"}),
        (21, {"pay_median", "pay_p75_p25", "pay_p90_p10", "pay_p90_p50", "pay_p50_p10", "pay_relative_spread"}),
    ],
)
def test_the_rule_of_five_nine_and_twenty_one(persons: int, shown: set[str]) -> None:
    facts = indicators.pay_dispersion(paid([30_000 + 100.0 * n for n in range(persons)]))
    cells = protect(
        facts, plan=shipped_plan(), thresholds=Thresholds.of(policy(), "internal"), reported=["d1"], period="2025-12"
    )
    whole = cells[(cells["department"] == "all") & (cells["status"] == "published")]
    assert set(whole["row"]) == shown


def test_pay_by_occupation_is_a_table_of_its_own() -> None:
    facts = indicators.pay_by_occupation(paid([30_000.0, 40_000.0], occupation="nurse"))
    assert set(facts["row"]) == {"nurse"}
    assert set(facts["department"]) == {"all"}
    assert set(facts["table"]) == {"pay_tails", "pay_quartiles", "pay_medians"}


def test_span_is_a_distribution_of_persons_and_of_full_time_equivalents() -> None:
    posts = [post(f"s{n}", "2020-01-01", rate=0.5) for n in range(32)]
    posts += [post(f"t{n}", "2020-01-01", unit="u2") for n in range(10)]
    posts += [post(f"h{n}", "2020-01-01", unit="u2", form="hourly") for n in range(6)]
    posts += [post("boss", "2020-01-01"), post("chief", "2020-01-01", unit="u2")]
    rows, _ = employed(posts)
    managers = table(
        "managers", [{"person": p, "unit": u, "start": "2020-01-01"} for p, u in (("boss", "u1"), ("chief", "u2"))]
    )
    facts = indicators.span_of_control(stock(rows, CUT), stock(rows, CUT, hourly=True), managers, UNITS, at=CUT)
    assert value(facts, "span_fte") == pytest.approx((16 + 10) / 2)
    assert value(facts, "span_mean") == pytest.approx((32 + 10) / 2)
    assert value(facts, "span_with_hourly") == pytest.approx((32 + 16) / 2)
    assert value(facts, "span_over_30") == pytest.approx(1 / 2)
    assert line(facts, "span_mean")["n"] == 2
