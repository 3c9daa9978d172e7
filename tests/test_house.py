"""House rules that a machine can see."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_lock_carries_no_address_and_covers_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = {line.split("==")[0].lower() for line in lock.splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[<>=!~ \[]", line)[0].lower() for line in wanted}
    assert names <= pinned, names - pinned


def test_no_file_is_large_or_holds_a_path_of_a_machine(tracked: list[Path]) -> None:
    for path in tracked:
        assert path.stat().st_size < 1_000_000, path.name
        if path.suffix in (".py", ".toml", ".md", ".ipynb", ".lock", ".yml", ".po", ".j2", ".css", ".csv", ""):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/(?:home|root|Users|work|farm)/[\w.-]", text), path.name


def test_no_source_file_has_two_purposes(tracked: list[Path]) -> None:
    long = [path.name for path in tracked if path.suffix == ".py" and len(path.read_text("utf-8").splitlines()) > 500]
    assert long == []


def test_notebooks_name_the_common_kernel(tracked: list[Path]) -> None:
    for path in tracked:
        if path.suffix == ".ipynb":
            assert json.loads(path.read_text("utf-8"))["metadata"]["kernelspec"]["name"] == "python3", path.name


def test_two_tables_are_joined_by_the_helper_that_counts_what_found_no_partner() -> None:
    package = ROOT / "src" / "analysis"
    allowed = {"tables/joins.py"}
    bare = [
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "merge"
    ]
    assert set(bare) <= allowed, "use analysis.tables.joins.join"
