"""Tasks in the order that their needs give, run by doit: what holds is left alone, what does not is done.

Whether a task holds is asked when everything it needs is done, so that a change which ends upstream (the table that
came out is the same) runs nothing below. doit keeps no state of its own here: an edition is made in a new folder and
exchanged with the old one, so that what doit remembers of files and targets would be true of neither. The marks of
stages and the records of pages are the state, and notebooks in JupyterLab read the same ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Task:
    """Something to be made.

    Attributes:
        name: what it is called.
        needs: names of the tasks it builds on.
        why: says why it has to be done, '' where it holds; asked once, when what it needs is done.
        act: does it.
    """

    name: str
    needs: tuple[str, ...]
    why: Callable[[], str]
    act: Callable[[], None]


def run(tasks: Sequence[Task], *, explain: Callable[[str], None] = lambda line: None) -> dict[str, str]:
    """Do the tasks that do not hold, each after those that it needs.

    Args:
        tasks: the tasks.
        explain: receives one line per task that is done, with the reason.

    Returns:
        What was done: reason by name, in the order it was done.

    Raises:
        Exception: whatever the first task that failed raised; nothing is done after it.
    """
    from doit.control import TaskControl
    from doit.dependency import Dependency, JsonDB
    from doit.runner import Runner
    from doit.task import dict_to_task

    done: dict[str, str] = {}
    failed: list[Exception] = []

    def holds(task: Task) -> Callable[[], bool]:
        def asked() -> bool:
            try:
                reason = task.why()
            except Exception as error:  # doit would print it; whoever called us says it in one sentence
                failed.append(error)
                return False
            if reason:
                done[task.name] = reason
                explain(f"{task.name}: {reason}")
            return not reason

        return asked

    def act(task: Task) -> Callable[[], bool]:
        def done_now() -> bool:
            if not failed:
                try:
                    task.act()
                except Exception as error:
                    failed.append(error)
            return not failed

        return done_now

    told = [
        dict_to_task(
            {
                "name": task.name, "actions": [act(task)], "task_dep": list(task.needs), "uptodate": [holds(task)],
                "io": {"capture": False}, "verbosity": 2,
            }
        )
        for task in tasks
    ]  # fmt: skip
    control = TaskControl(told)
    control.process([task.name for task in tasks])
    with tempfile.TemporaryDirectory(prefix="analysis-doit-") as folder:
        runner = Runner(Dependency(JsonDB, str(Path(folder) / "state.json")), _Silent())
        runner.run_all(control.task_dispatcher())
    if failed:
        raise failed[0]
    return done


class _Silent:
    """A reporter that says nothing: lines of a build are its own."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None
