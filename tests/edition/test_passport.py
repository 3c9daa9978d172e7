"""The hash of the code changes with every file that can change a page."""

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
