"""How often the leak alarm is wrong: never on honest careers of five kinds, and what it misses of planted leaks.

The small part runs with every test; ``large`` measures the rates that ``leaks.toml`` quotes.
"""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.turnover import current_only, find_leaks

from .careers import KINDS, LEAKS, careers, cells_of, with_leak

SIZES = (400, 800, 1700, 3400, 6800)
SEEDS = 200
WINDOWS = (2, 4, 6, 8, 1)
COLUMN = {"pay": "pay_position", "last_pay": "pay_position", "growth": "unit_growth", "retired_title": "title"}


def honest(seed: int, people: int) -> pd.DataFrame:
    kind, years = KINDS[seed % len(KINDS)], WINDOWS[seed // len(KINDS) % len(WINDOWS)]
    return careers(seed=seed, people=people, years=years, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_honest_careers_raise_no_alarm(kind: str) -> None:
    # pensions by age or service, probation, reasons recorded late or never, small units that close
    assert find_leaks(cells_of(careers(seed=1, people=500, years=4, kind=kind))) == []


def test_a_unit_that_closes_is_no_leak_where_no_reason_is_recorded() -> None:
    # one closed window, everybody of a workplace gone: 16 % of the leavers; a title written when people left takes most
    rows = careers(seed=1049, people=1700, years=1, kind="personallista")
    assert find_leaks(cells_of(rows)) == []
    assert {each.column for each in find_leaks(cells_of(with_leak(rows, "title")))} == {"title"}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found_by_its_column(leak: str) -> None:
    rows = careers(seed=1, people=1200, years=6, kind="municipality" if leak == "retired_title" else "police")
    found = find_leaks(cells_of(with_leak(rows, leak)))
    assert {each.column for each in found} == {COLUMN.get(leak, leak)}


@pytest.mark.parametrize(("people", "years", "seed"), [(800, 8, 1), (800, 8, 2), (400, 8, 5000)])
def test_a_title_written_at_retirement_is_found_where_few_retire(people: int, years: int, seed: int) -> None:
    # it fades towards the extract, of whose last window it holds fewer than ten
    rows = careers(seed=seed, people=people, years=years)
    assert find_leaks(cells_of(rows), ["title"]) == []
    found = find_leaks(cells_of(with_leak(rows, "retired_title")), ["title"])
    assert {(each.trace, each.cause) for each in found} >= {("spent", "retirement")}


def test_a_unit_that_takes_half_of_the_only_window_with_it_is_no_leak() -> None:
    # nor is what belongs to that unit alone, as its growth or its manager
    assert find_leaks(cells_of(careers(seed=1020, people=400, years=1, kind="personallista"))) == []


def test_the_message_names_the_cause() -> None:
    rows = careers(seed=1, people=1200, years=6, kind="municipality")
    found = find_leaks(cells_of(with_leak(rows, "retired_title")))
    assert "retirement" in {each.cause for each in found}
    assert any("retirement" in str(each) for each in found)


@pytest.mark.large
@pytest.mark.parametrize("people", SIZES)
def test_fewer_than_one_in_a_hundred_honest_careers_raises_an_alarm(people: int) -> None:
    wrong = {seed: found for seed in range(SEEDS) if (found := find_leaks(cells_of(honest(seed, people))))}
    print(people, len(wrong), {seed: [str(each) for each in found] for seed, found in wrong.items()})  # noqa: T201
    assert len(wrong) < SEEDS / 100


class TestCurrentValues:
    """Employments of ten people observed for long: with or without changes."""

    AT = pd.Timestamp("2021-12-31")

    def rows(self, *, people: int = 200, moved: int = 0) -> pd.DataFrame:
        start = pd.Timestamp("2012-01-01")
        table = pd.DataFrame(
            {"spell": range(people), "unit": [f"u{i % 7}" for i in range(people)], "workplace": None, "start": start}
        )
        table = table.assign(title=[f"t{i % 9}" for i in range(people)], occupation="nurse")
        changed = table.head(moved).assign(unit="u9", start=pd.Timestamp("2015-01-01"))
        return pd.concat([table, changed]).assign(spell_start=start, spell_end=pd.NaT)

    def test_nobody_has_ever_moved(self) -> None:
        assert current_only(self.rows(), at=self.AT) == ("department", "title", "workplace")

    def test_some_have_moved(self) -> None:
        # two thousand person-years without a new title are nothing strange where units are a history
        assert current_only(self.rows(moved=12), at=self.AT) == ()

    def test_titles_of_a_large_employer_tell_by_themselves(self) -> None:
        rows = self.rows(people=2000, moved=800)
        assert current_only(rows, at=self.AT) == ("title",)
        retitled = rows.assign(title=rows["title"].mask((rows["unit"] == "u9") & (rows["spell"] % 10 == 0), "leader"))
        assert current_only(retitled, at=self.AT) == ()

    def test_years_before_observation_do_not_count(self) -> None:
        rows = self.rows()
        assert current_only(rows, at=self.AT, since=pd.Timestamp("2021-06-30")) == ()
        assert current_only(rows, at=self.AT, since=pd.Timestamp("2016-12-31"))[0] == "department"

    def test_too_few_people_to_tell(self) -> None:
        assert current_only(self.rows(people=20), at=self.AT) == ()
