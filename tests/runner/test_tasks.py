"""Tasks run in the order of their needs, and what holds is left alone."""

from __future__ import annotations

import pytest

from analysis.errors import InputError
from analysis.runner.tasks import Task, run


def chain(holds: set[str], log: list[str]) -> list[Task]:
    """clean → model → page, of which those in ``holds`` need nothing."""

    def task(name: str, *needs: str) -> Task:
        return Task(name, needs, lambda: "" if name in holds else f"{name} changed", lambda: log.append(name))

    return [task("page", "model"), task("model", "clean"), task("clean")]


def test_each_runs_after_what_it_needs_whatever_the_order_they_are_named_in() -> None:
    log: list[str] = []
    said: list[str] = []
    done = run(chain(set(), log), explain=said.append)
    assert log == ["clean", "model", "page"]
    assert done == {"clean": "clean changed", "model": "model changed", "page": "page changed"}
    assert said[0] == "clean: clean changed"


def test_a_change_that_ends_upstream_runs_nothing_below() -> None:
    log: list[str] = []
    run(chain({"model", "page"}, log))
    assert log == ["clean"]
    log.clear()
    assert run(chain({"clean", "model", "page"}, log)) == {}
    assert log == []


def test_whether_a_task_holds_is_asked_when_what_it_needs_is_done() -> None:
    table = {"value": 1}
    asked = Task("model", ("clean",), lambda: "table changed" if table["value"] == 2 else "", lambda: None)
    clean = Task("clean", (), lambda: "file changed", lambda: table.update(value=2))
    assert list(run([asked, clean])) == ["clean", "model"]


@pytest.mark.parametrize("fails", ["why", "act"])
def test_what_stops_a_task_reaches_whoever_asked_and_nothing_runs_after_it(
    fails: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log: list[str] = []

    def stop() -> str:
        raise InputError("the file is gone")

    broken = Task("clean", (), stop if fails == "why" else lambda: "new", stop if fails == "act" else log.clear)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the file is gone"):
        run([broken, *chain(set(), log)[:2]])
    assert log == []
    assert capsys.readouterr() == ("", "")
