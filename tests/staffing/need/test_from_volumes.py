"""What the volumes ask for, and the posts open at the cut-off."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.staffing.need.from_volumes import need_change, opening_gap
from analysis.tables import joins
from tests.workforce.example import CUT, table


def volumes(*rows: tuple[str, str, int, float], vintage: str = "2025") -> pd.DataFrame:
    columns = ["department", "kind", "year", "volume"]
    found = table("volumes", [dict(zip(columns, row, strict=True)) | {"vintage": vintage} for row in rows])
    return found.astype({"year": "int64"})


def ratios(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    columns = ["department", "kind", "occupation", "fte_per_volume"]
    return table("staffing_ratios", [dict(zip(columns, row, strict=True)) for row in rows])


CHILDREN = [("d1", "children", 2025, 100.0), ("d1", "children", 2026, 110.0), ("d1", "children", 2027, 90.0)]


def changes(found: pd.DataFrame, column: str = "fte") -> dict[tuple[str, str, int], float]:
    return {(row.department, row.occupation, row.year): getattr(row, column) for row in found.itertuples()}


def test_change_in_need_is_change_in_volume_times_the_ratio() -> None:
    found, notes = need_change(
        volumes(*CHILDREN), ratios(("d1", "children", "teacher", 0.1)), period="2025-12", years=2
    )
    assert changes(found) == pytest.approx({("d1", "teacher", 1): 1.0, ("d1", "teacher", 2): -1.0})
    assert changes(found, "level") == pytest.approx({("d1", "teacher", 1): 10.0, ("d1", "teacher", 2): 10.0})
    assert notes == []


def test_the_star_holds_where_a_department_has_no_ratio_of_its_own() -> None:
    rows = [*CHILDREN[:2], ("d2", "children", 2025, 200.0), ("d2", "children", 2026, 220.0)]
    given = ratios(
        ("*", "children", "teacher", 0.1), ("*", "children", "aide", 0.05), ("d1", "children", "teacher", 0.2)
    )
    found, _ = need_change(volumes(*rows), given, period="2025-12", years=1)
    assert changes(found) == pytest.approx(
        {("d1", "teacher", 1): 2.0, ("d1", "aide", 1): 0.5, ("d2", "teacher", 1): 2.0, ("d2", "aide", 1): 1.0}
    )


def test_a_kind_without_a_common_ratio_is_reported_only_where_it_has_none_at_all() -> None:
    rows = [*CHILDREN[:2], ("d2", "users", 2025, 9.0), ("d2", "users", 2026, 9.0)]
    with joins.collected() as found:
        need_change(volumes(*rows), ratios(("d1", "children", "teacher", 0.1)), period="2025-12", years=1)
    assert {each.name: each.examples for each in found if each.left_unmatched} == {
        "volumes → staffing ratios": ("d2 users",),
        "staffing ratios": ("d2 users",),
    }


def test_several_kinds_are_summed() -> None:
    rows = [*CHILDREN[:2], ("d1", "pupils", 2025, 50.0), ("d1", "pupils", 2026, 60.0)]
    given = ratios(("d1", "children", "teacher", 0.1), ("d1", "pupils", "teacher", 0.3))
    found, _ = need_change(volumes(*rows), given, period="2025-12", years=1)
    assert changes(found) == pytest.approx({("d1", "teacher", 1): 1.0 + 3.0})


def test_volumes_that_end_early_keep_their_last_year_and_say_so() -> None:
    found, notes = need_change(volumes(*CHILDREN), ratios(("*", "children", "teacher", 0.1)), period="2025-12", years=5)
    assert [value for _, value in sorted(changes(found).items())] == pytest.approx([1.0, -1.0, -1.0, -1.0, -1.0])
    assert len(notes) == 1
    assert "2027" in notes[0]


def test_the_newest_vintage_of_each_department_counts() -> None:
    both = pd.concat(
        [
            volumes(("d1", "children", 2025, 100.0), ("d1", "children", 2026, 500.0), vintage="2022"),
            volumes(("d2", "children", 2025, 100.0), ("d2", "children", 2026, 120.0), vintage="2022"),
            volumes(*CHILDREN[:2], vintage="2025"),
        ]
    )
    found, _ = need_change(both, ratios(("*", "children", "teacher", 0.1)), period="2025-12", years=1)
    assert changes(found) == pytest.approx({("d1", "teacher", 1): 1.0, ("d2", "teacher", 1): 2.0})


def test_volumes_without_the_cut_offs_year_say_nothing_of_the_need() -> None:
    given = ratios(("*", "children", "teacher", 0.1))
    found, notes = need_change(volumes(("d1", "children", 2026, 110.0)), given, period="2025-12", years=1)
    assert found.empty
    assert len(notes) == 1
    found, notes = need_change(volumes(*CHILDREN[:2], ("d2", "children", 2026, 9.0)), given, period="2025-12", years=1)
    assert set(found["department"]) == {"d1"}
    assert any("d2" in note for note in notes)


def test_posts_open_when_the_cut_off_is_over_count() -> None:
    rows = [("2025-12-31", None, 1.0), ("2025-01-01", "2026-01-01", 0.5), ("2025-01-01", "2025-12-31", 4.0)]
    rows += [("2026-01-01", None, 8.0)]
    columns = ["opened", "closed", "posts"]
    more = {"department": "d1", "occupation": "teacher"}
    given = table("vacancies", [dict(zip(columns, row, strict=True)) | more for row in rows])
    assert opening_gap(given, at=CUT).to_numpy().tolist() == [["d1", "teacher", 1.5]]
