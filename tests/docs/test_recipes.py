"""The recipes of CONTRIBUTING.md, followed in a copy of the repository: files made, changed, and commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

BLOCK = re.compile(r"^```(\w+)(?: (\w+) (\S+)(?: before \"([^\n]*)\")?)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = dict(
    part.split("\n", 1) for part in (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## ")[1:]
)


def follow(root: Path, way: str, name: str, before: str, text: str) -> None:
    """Do to a file what a block of a recipe says."""
    path = root / name
    if way == "create":
        assert not path.exists(), name
        path.write_text(text, encoding="utf-8")
        return
    old = path.read_text(encoding="utf-8")
    mark = before.replace('\\"', '"')
    assert way == "append" or old.count(mark) == 1, f"{name} has not one {mark!r}"
    path.write_text(old + text if way == "append" else old.replace(mark, text + mark), encoding="utf-8")


def run(root: Path, command: str) -> str:
    """What a command says, typed in the copy."""
    environment = os.environ | {
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
        "PATH": f"{root / 'bin'}:/usr/bin:/bin",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(command, shell=True, cwd=root, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("recipe", list(RECIPES))
def test_a_recipe_can_be_followed(recipe: str, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    for name in ("src", "tests", "examples", "notebooks", "docs"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.parquet"))
    for name in ("analysis.toml", "pyproject.toml", "requirements.lock"):
        shutil.copyfile(REPOSITORY / name, root / name)
    (root / "bin").mkdir()
    for name, code in (("python", '"$@"'), ("analysis", '-c "from analysis.cli import main; main()" "$@"')):
        (root / "bin" / name).write_text(f"#!/bin/sh\nexec {sys.executable} {code}\n", encoding="utf-8")
        (root / "bin" / name).chmod(0o755)
    blocks = BLOCK.findall(RECIPES[recipe])
    assert any(kind == "console" for kind, *_ in blocks)
    for kind, way, name, before, text in blocks:
        if kind == "console":
            for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                assert expected.strip() in run(root, command)
        else:
            follow(root, way, name, before, text)
