"""How far a build has come: from what its steps took in the build before."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from analysis.runner.progress import KEPT, Progress, keep, minutes, shown, took

BEFORE = {"read": 10.0, "models": 60.0, "page a": 8.0, "page b": 4.0, "page old": 6.0, "audit": 5.0}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    begun = Progress(dict(BEFORE), side_by_side=2, clock=clock)
    begun.plan(["read", "models"])
    return begun


def test_what_is_left_is_what_the_rest_took_before(progress: Progress, clock: Clock) -> None:
    pages = (8 + 4 + 6) / 2
    assert progress.left == 10 + 60 + pages, "which pages there are is not known yet: those of the build before"
    progress.begin("read")
    clock.now = 4
    assert progress.left == 6 + 60 + pages, "a step that is at work has part of it behind it"
    clock.now = 25
    assert progress.left == 60 + pages, "one that takes longer than before takes nothing from the others"
    progress.end("read", 25)
    progress.end("models")
    assert progress.left == pages, "a step that is taken over takes no time"
    progress.plan(["page a", "page b", "page new", "audit"])
    assert progress.left == (8 + 4 + 6) / 2 + 5, "a page that is new takes what pages take"
    for name in ("page a", "page b", "page new", "audit"):
        progress.end(name, 1.0)
    assert progress.left == 0
    assert progress.words == ""


def test_where_nobody_knows_nothing_is_said(clock: Clock) -> None:
    first = Progress(clock=clock)
    first.plan(["read"])
    assert first.left is None
    other = Progress({"read": 1.0}, clock=clock)
    other.plan(["read", "a step that is new"])
    assert other.left is None
    assert other.words == ""


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0:00"), (69.6, "1:10"), (3599, "59:59"), (7325, "2:02:05")])
def test_time_is_said_in_minutes(seconds: float, said: str) -> None:
    assert minutes(seconds) == said


def test_what_was_taken_over_keeps_what_it_took_when_it_was_done(tmp_path: Path) -> None:
    assert took(tmp_path, "hr-2025-12") == {}
    keep(tmp_path / "hr-2025-12", {"read": 3.0, "models": 60.0}, {"read": 4.126})
    assert took(tmp_path, "hr-2025-12") == {"read": 4.13, "models": 60.0}
    assert (tmp_path / "hr-2025-12" / KEPT).stat().st_mode & 0o777 == 0o600


def test_an_edition_that_is_new_goes_by_the_newest_of_the_project(tmp_path: Path) -> None:
    for age, name in enumerate(("hr-2025-08", "hr-2025-04")):
        keep(tmp_path / name, {}, {"read": float(age)})
        os.utime(tmp_path / name / KEPT, (1_000_000 - age, 1_000_000 - age))
    assert took(tmp_path, "hr-2025-12") == {"read": 0.0}
    (tmp_path / "hr-2025-08" / KEPT).write_text("[1, 2", "utf-8")
    assert took(tmp_path, "hr-2025-12") == {"read": 1.0}, "a damaged record is passed over"


def test_elsewhere_than_on_a_terminal_each_step_is_one_plain_line(progress: Progress) -> None:
    out = io.StringIO()
    with shown(progress, "hr-2025-12", out) as tell:
        progress.end("read", 10.0)
        tell("read 10.0 s")
    assert out.getvalue() == "  read 10.0 s, about 1:09 left\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_drawn_anew_and_taken_away(progress: Progress, clock: Clock) -> None:
    out = Terminal()
    with shown(progress, "hr-2025-12", out) as tell:
        progress.end("read", 10.0)
        progress.begin("models")
        clock.now = 70.0
        tell("read 10.0 s")
        progress.end("models", 60.0)
        progress.plan(["page a", "page b", "audit"])
        progress.end("page a", 8.0)
        tell("a 8.0 s")
    drawn = [line for line in out.getvalue().split("\r\x1b[K") if line]
    assert "hr-2025-12: models 1 of 2, 1:10 gone, about 0:09 left" in drawn
    assert drawn[-1] == "hr-2025-12: pages 1 of 2, 1:10 gone, about 0:07 left"
    assert out.getvalue().endswith("\r\x1b[K")
    assert "\n" not in out.getvalue()
