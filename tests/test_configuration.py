"""How tests run: seeds that stay, seeds that are drawn and told, and warnings of our own code that fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from tests.conftest import FIXED, REPOSITORY

TEST = """
import warnings
from types import ModuleType

import pytest
from hypothesis import given, settings, strategies as st

def test_numpy(seed):
    print("numpy", seed)

@settings(max_examples=5)
@given(st.integers())
def test_drawn(number):
    print("drawn", number)

def warn(name, kind):
    module = ModuleType(name)
    module.__dict__["kind"] = kind
    exec("import warnings\\nwarnings.warn('goes away', kind)", module.__dict__)

@pytest.mark.parametrize("kind", [DeprecationWarning, FutureWarning, PendingDeprecationWarning])
def test_warnings(kind):
    warn("pandas.core", kind)
    warn("analysist", kind)
    with pytest.raises(kind):
        warn("analysis.tables.facts", kind)
"""


def run(folder: Path, *options: str) -> str:
    file = folder / "test_inner.py"
    file.write_text(TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "-c", str(REPOSITORY / "pyproject.toml")]
    command += ["--rootdir", str(folder), "-p", "tests.conftest", *options, str(file)]
    plain = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY, env=plain).stdout


def drawn(said: str) -> list[str]:
    return [line for line in said.splitlines() if "drawn" in line or "numpy" in line]


def test_the_suite_runs_with_the_profile_that_the_command_line_names(pytestconfig: pytest.Config) -> None:
    assert hypothesis.settings.get_current_profile_name() == (pytestconfig.getoption("--hypothesis-profile") or FIXED)


def test_fixed_seeds_draw_the_same_and_fresh_ones_are_told_and_can_be_had_again(tmp_path: Path) -> None:
    assert drawn(run(tmp_path)) == drawn(run(tmp_path))
    fresh = run(tmp_path, "--hypothesis-profile=fresh")
    (line,) = [line for line in fresh.splitlines() if line.startswith("seeds: fresh")]
    assert line.split("=")[-1].isdigit()
    again = run(tmp_path, *line.partition("again with ")[2].split())
    assert drawn(again) == drawn(fresh)
    assert drawn(run(tmp_path, "--hypothesis-profile=fresh")) != drawn(fresh)
