"""A project of one's own is made from the installed package, and keeps what was changed in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis import settings
from analysis.errors import InputError
from analysis.runner import project
from tests.conftest import REPOSITORY


def test_a_new_project_can_be_used(tmp_path: Path) -> None:
    made = project.init(tmp_path / "p")
    assert settings.load(tmp_path / "p").languages == ("sv", "en")
    assert settings.find_root(tmp_path / "p/data/raw") == tmp_path / "p"
    shipped = {path.name for path in (REPOSITORY / "notebooks").glob("*.ipynb")}
    assert {Path(name).name for name in made if name.startswith("notebooks/")} == shipped
    assert "data/raw/*" in (tmp_path / "p/.gitignore").read_text("utf-8").splitlines()
    assert (tmp_path / "p/examples/delivery.toml").is_file()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(InputError, match="holds other files"):
        project.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_upgrade_keeps_what_was_changed_and_replaces_what_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, package = tmp_path / "p", tmp_path / "package"
    files = {"analysis.toml": "a", "notebooks/10.ipynb": "1", "notebooks/20.ipynb": "2", "notebooks/30.ipynb": "3"}
    for name, text in files.items():
        (package / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (package / "project" / name).write_text(text, "utf-8")
    monkeypatch.setattr(project.shipped, "__defaults__", (package,))
    project.init(root)
    (root / "notebooks/20.ipynb").write_text("changed here", "utf-8")
    for name in ("10", "20", "40"):
        (package / f"project/notebooks/{name}.ipynb").write_text("new", "utf-8")
    (package / "project/notebooks/30.ipynb").unlink()
    done = project.upgrade(root)
    assert done.replaced == ["notebooks/10.ipynb"]
    assert done.beside == ["notebooks/20.new.ipynb"]
    assert done.added == ["notebooks/40.ipynb"]
    assert done.gone == ["notebooks/30.ipynb"]
    assert (root / "notebooks/20.ipynb").read_text("utf-8") == "changed here"
    assert (root / "notebooks/20.new.ipynb").read_text("utf-8") == "new"
    assert project.upgrade(root) == project.Upgraded()


def test_a_folder_that_was_not_made_by_init_is_not_upgraded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="analysis init"):
        project.upgrade(tmp_path)


@pytest.mark.large
def test_the_wheel_holds_what_a_project_begins_with(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            tmp_path,
            REPOSITORY,
        ],
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    package = tmp_path / "site/analysis"
    assert set(project.shipped(package)) == set(project.shipped())
    shutil.rmtree(package)


def test_a_project_keeps_out_of_git_what_the_repository_does() -> None:
    ours = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    of_work = {line for line in ours if not line.startswith("!") and not line.endswith(("cache/", "-info/"))}
    of_code = {".venv/", "__pycache__/", ".hypothesis/", "build/", "dist/", "wheelhouse/"}
    assert of_work - of_code <= set(project.IGNORED.splitlines())
