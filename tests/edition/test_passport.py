"""The hash of the code changes with every file that can change a page."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.edition.passport import PACKAGE, code_hash

FILES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    shutil.copytree(PACKAGE, folder / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_file_of_the_package_is_hashed_by_name_and_content(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.edition import passport

    hashed: list[str] = []
    file_hash = passport.file_hash

    def noted(path: Path) -> str:
        hashed.append(path.relative_to(copy / "analysis").as_posix())
        return file_hash(path)

    monkeypatch.setattr(passport, "file_hash", noted)
    code_hash(copy, copy / "analysis")
    assert sorted(hashed) == FILES
    assert {"report.js", "conf.json"} <= {Path(name).name for name in hashed}


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith((".py", ".toml"))])
def test_a_file_that_is_no_python_changes_the_hash(copy: Path, name: str) -> None:
    before, path = code_hash(copy, copy / "analysis"), copy / "analysis" / name
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    assert code_hash(copy, copy / "analysis") != before
    path.write_bytes(content)
    assert code_hash(copy, copy / "analysis") == before


def test_what_tools_leave_behind_does_not(copy: Path) -> None:
    before = code_hash(copy, copy / "analysis")
    for left in ("__pycache__/x.cpython-311.pyc", ".ipynb_checkpoints/x.ipynb", ".DS_Store"):
        path = copy / "analysis" / left
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert code_hash(copy, copy / "analysis") == before


@pytest.mark.parametrize(("name", "counts"), [("00-start.ipynb", False), ("20-workforce.ipynb", True)])
def test_the_notebook_that_describes_a_delivery_is_no_part_of_what_made_a_page(
    copy: Path, name: str, counts: bool
) -> None:
    before = code_hash(copy, copy / "analysis")
    path = copy / "notebooks" / name
    path.parent.mkdir(exist_ok=True)
    cell = {"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), encoding="utf-8")
    assert (code_hash(copy, copy / "analysis") != before) == counts
