import multiprocessing
from pathlib import Path

import pytest

from analysis.edition.publish import only_build
from analysis.errors import InputError


def _hold(lock: Path, ready: "multiprocessing.synchronize.Event", release: "multiprocessing.synchronize.Event") -> None:
    with only_build(lock, "e"):
        ready.set()
        release.wait(20)


def test_two_builds_of_one_edition_never_run_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / ".e.lock", ready, release))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(InputError, match="being built by another run"), only_build(tmp_path / ".e.lock", "e"):
            pass
    finally:
        release.set()
        other.join()
    with only_build(tmp_path / ".e.lock", "e"):
        pass
