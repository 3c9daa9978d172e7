"""A delivery in which a feature knows the future is refused before anything is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.edition.build import build, request
from analysis.errors import GateError
from tests.conftest import EDITION, KEYS, make_project, working_in


def test_a_build_of_the_sample_with_a_planted_leak_stops_with_its_name(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    options = ["--employees", "250", "--years", "4", "--plant-leak", "title"]
    done = CliRunner().invoke(app, ["sample", str(project.delivery), *options])
    assert done.exit_code == 0, done.output
    with working_in(project.root, KEYS["first"]):
        asked = request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION)
        with pytest.raises(GateError, match=r"leak alarm: .*\(title\).*avslutad anställning"):
            build(asked)
    assert not project.reports.exists()
    assert not project.workspace.exists()


def test_a_leak_that_cannot_be_planted_is_refused(tmp_path: Path) -> None:
    from analysis.errors import InputError
    from analysis.sample import write_sample

    with pytest.raises(InputError, match="title or workplace"):
        write_sample(tmp_path, employees=250, years=3, leak="health")
