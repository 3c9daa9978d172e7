"""What the attacker makes of the parts of a change."""

from __future__ import annotations

from analysis.audit.figures import Figure, Key
from analysis.audit.knowledge import knowledge
from analysis.audit.parts import parts_told

THRESHOLDS = {"low": 3}
(KNOWS,) = knowledge().change


def shown(department: str, **rows: float) -> dict[Key, Figure]:
    found = {}
    for row, value in rows.items():
        key = ("changes", department, row, "headcount", "2024-12")
        found[key] = Figure(key, low=value - 0.5, high=value + 0.5, shown=["page"])
    return found


def told(figures: dict[Key, Figure]) -> list[str]:
    return [words for *_, words in parts_told(figures, KNOWS, THRESHOLDS)[0]]


def test_a_correction_of_two_persons_is_named() -> None:
    said = told(shown("d1", before=20, organisation=0, corrected=2, new=5, definition=0, now=27))
    assert said == [
        "changes/d1/corrected/headcount/2024-12 says that 2 persons' data were changed; the policy asks for 3"
    ]


def test_one_withheld_part_is_what_the_others_leave() -> None:
    said = told(shown("d1", before=20, organisation=0, new=5, definition=0, now=24))
    assert said == ["changes/d1/corrected/headcount/2024-12 is -1"]


def test_two_withheld_parts_hide_each_other() -> None:
    assert not told(shown("d1", before=20, organisation=0, definition=0, other=4, now=24))


def test_departments_that_add_up_to_a_whole_give_nothing_away_beside_those_without_a_report() -> None:
    whole = shown("all", before=100, organisation=0, corrected=5, new=2, definition=0, now=107)
    one = shown("d1", before=20, organisation=0, corrected=4, new=3, definition=0, now=27)
    other = shown("d2", before=80, organisation=0, definition=0, other=0, now=80)
    assert not told({**whole, **one, **other})


def test_large_parts_are_no_secret() -> None:
    figures = shown("d1", before=20, organisation=-4, corrected=3, new=5, definition=0, now=24)
    assert parts_told(figures, KNOWS, THRESHOLDS) == ([], 0)
