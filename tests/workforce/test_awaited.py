"""Which parts of an edition wait for history: one rule for ``check`` and for a build."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import GateError
from analysis.extracts.account.notices import Notice
from analysis.periods import origins
from analysis.reference import policy
from analysis.turnover import Verdict, judge
from analysis.workforce import awaited, check_size, history, too_small
from tests.workforce.example import post, table


@pytest.mark.parametrize(
    ("since", "closed", "months"),
    [
        (None, 0, {"turnover": "2026-12", "judged": "2027-12"}),
        ("2025-12-31", 0, {"turnover": "2026-12", "judged": "2027-12"}),
        ("2025-06-15", 0, {"turnover": "2026-06", "judged": "2027-06"}),
        ("2025-07-01", 0, {"turnover": "2026-06", "judged": "2027-06"}),
        ("2025-01-01", 1, {"judged": "2026-12"}),
        ("2024-03-01", 1, {"judged": "2026-02"}),
        ("2024-01-01", 2, {}),
        ("2015-01-01", 11, {}),
    ],
)
def test_a_part_is_there_in_the_month_in_which_its_last_window_closes(
    since: str | None, closed: int, months: dict[str, str]
) -> None:
    day = None if since is None else pd.Timestamp(since)
    windows = ["2025-12"] if day is None else origins("2025-12", day)
    found = awaited(windows, day, period="2025-12")
    assert (found.closed, found.months) == (closed, months)
    for part, month in months.items():
        if day is None:
            continue
        needed = {"turnover": 1, "judged": 2}[part]
        assert len(origins(month, day)) - 1 == needed
        assert len(origins(str(pd.Period(month) - 1), day)) - 1 < needed
    for part in ("turnover", "judged"):
        assert (found.why(part) is None) == (part not in months)


def test_what_a_part_waits_for_is_said_with_its_month_in_both_languages() -> None:
    none, some = awaited(["2025-12"], None, period="2025-12"), awaited(
        ["2024-12", "2025-12"], pd.Timestamp("2025-01-01"), period="2025-12"
    )  # fmt: skip
    why = none.why("turnover")
    assert isinstance(why, Notice)
    assert "tidigast i 2026-12" in why.sv
    assert "at the earliest" in why
    assert "1 finns; finns från 2026-12" in some.why("judged").sv  # type: ignore[union-attr]


def staff(number: int, **more: object) -> list[dict[str, object]]:
    return [post(f"p{each}", "2015-01-01", **more) for each in range(number)]


def past(posts: list[dict[str, object]], **more: pd.DataFrame):  # type: ignore[no-untyped-def]
    return history({"employments": table("employments", posts), **more}, period="2025-12", level="department")


def test_where_nobody_has_left_or_all_changed_numbers_on_a_day_there_is_no_history() -> None:
    assert past(staff(30)).awaits.months["turnover"] == "2026-12"
    old = [post(f"a{each}", "2015-01-01", "2025-03-31") for each in range(30)]
    new = [post(f"b{each}", "2025-04-01") for each in range(30)]
    assert past([*old, *new]).awaits.months["turnover"] == "2026-12"


def test_the_first_list_alone_waits_for_a_year() -> None:
    rows = [
        {"person": f"p{each}", "snapshot": "2025-12-31", "unit": "u1", "form": "permanent", "rate": 1.0}
        for each in range(30)
    ]
    found = history({"snapshots": table("snapshots", rows)}, period="2025-12", level="department")
    assert found.awaits.months == {"turnover": "2026-12", "judged": "2027-12"}


def test_a_build_forecasts_where_check_says_so_and_nowhere_else() -> None:
    from analysis.workforce import person_years, risk_cells

    gone = [post(f"g{each}", "2015-01-01", f"{2022 + each % 4}-0{1 + each % 9}-15") for each in range(40)]
    for posts, there in ((staff(40), False), (staff(40) + gone, True)):
        found = past(posts)
        cells = risk_cells(person_years(found.rows, found.ends, origins=found.origins, tables={}))
        assert judge(cells).history is there
        assert ("turnover" not in found.awaits.months) is there


def test_no_history_means_no_forecast() -> None:
    assert not Verdict(history=False).forecasts
    assert Verdict().forecasts


def test_an_employer_below_the_least_headcount_gets_no_edition() -> None:
    least = policy().department.min_headcount
    assert too_small(least, policy()) is None
    small = past(staff(1))
    assert small.in_post == 1
    with pytest.raises(GateError, match=f"fewer than {least}"):
        check_size(small.in_post, policy())
    said = too_small(least - 1, policy())
    assert said is not None
    assert str(least - 1) not in said
