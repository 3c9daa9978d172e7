"""A sample smaller than the shared one: proposing looks at every file several times over."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.sample import write_sample


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw") / "sample"
    write_sample(folder, employees=250, years=3, seed=7)
    return folder
