import multiprocessing
from pathlib import Path

import pytest

from analysis.edition import publish
from analysis.edition.publish import only_build, put_in_place
from analysis.errors import InputError


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "index.html").write_text(text)
    return path


def test_a_first_edition_appears_whole(tmp_path: Path) -> None:
    put_in_place(folder(tmp_path / "new", "1"), tmp_path / "reports" / "edition")
    assert (tmp_path / "reports" / "edition" / "index.html").read_text() == "1"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_next_build_takes_the_place_of_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(publish, "_exchange", lambda first, second: False)
    final = folder(tmp_path / "edition", "old")
    (final / "gone.html").write_text("only in the old one")
    put_in_place(folder(tmp_path / "new", "new"), final)
    assert sorted(path.name for path in final.iterdir()) == ["index.html"]
    assert (final / "index.html").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edition"]


def test_a_failed_move_leaves_the_old_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_exchange", lambda first, second: False)
    final = folder(tmp_path / "edition", "old")
    with pytest.raises(OSError, match="missing"):
        put_in_place(tmp_path / "missing", final)
    assert (final / "index.html").read_text() == "old"


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
