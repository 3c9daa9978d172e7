"""An edition is built whatever a municipality moves in the policy, within law: every limit has its one home there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import DELIVERY, KEYS, REPOSITORY, make_project

MOVES = {
    "up": {"min_at_risk": 25, "min_headcount": 25, "min_internal": {"low": 4, "medium": 7, "health": 15, "survey": 12},
           "median": 7, "quartiles": 11, "tails": 25},
    "down": {"min_at_risk": 15, "min_headcount": 15, "min_internal": {"low": 2, "medium": 4}},
}  # fmt: skip


def moved(text: str, way: str) -> str:
    """The policy's text with its limits moved; the public profile's by as much as law and order ask."""
    section, lines = "", []
    for line in text.splitlines():
        section = line.strip("[]") if line.startswith("[") else section
        key = line.partition(" = ")[0]
        to = MOVES[way].get(key if key != "min_public" else "min_internal")
        to = to.get(section) if isinstance(to, dict) else to
        if to is not None and (key != "min_public" or int(line.partition(" = ")[2]) < to):
            line = re.sub(r"\d+", str(to), line)
        lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.large
@pytest.mark.parametrize("way", list(MOVES))
def test_an_edition_is_built_with_every_limit_moved(way: str, tmp_path: Path, mini_sample: Path) -> None:
    # kernels of their own read the package, so that the policy is moved in a copy of it
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    policy = tmp_path / "src/analysis/reference/data/policy.toml"
    before = policy.read_text(encoding="utf-8")
    policy.write_text(moved(before, way), encoding="utf-8")
    project = make_project(tmp_path / "project")
    shutil.copytree(mini_sample, project.delivery)
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "src"), "ANALYSIS_PSEUDONYM_KEY": KEYS["first"]}
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "build", DELIVERY]
    command += ["--period", "2025-12", "--jobs", "1"]
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    groups = pd.read_parquet(project.workspace / "results/leavers.parquet")
    assert groups["n"].min() >= MOVES[way]["min_at_risk"]
