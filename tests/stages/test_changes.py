"""What a build keeps of why counts changed: from rows that both editions hold, and without those of the earlier one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.stages.changes import CHANGED, keep_changes
from analysis.stages.stage import Stage
from analysis.tables.changes import PARTS
from tests.conftest import Project


@pytest.fixture
def earlier(built: Project, tmp_path: Path) -> Path:
    """The built edition as if it were of four months before, made by other code."""
    folder = tmp_path / "earlier"
    shutil.copytree(built.workspace, folder)
    path = folder / "protected/about.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "period": "2025-08"}), "utf-8")
    (folder / "stages/workforce.json").unlink()
    return folder


def kept(built: Project, folder: Path, after: Path, *, held: str = "") -> pd.DataFrame:
    """What an edition keeps that comes after another."""
    if not folder.is_dir():
        shutil.copytree(built.workspace, folder, ignore=shutil.ignore_patterns("run.json", "sealed.json"))
    stage = Stage("disclosure", built.root, folder, built.delivery, "2025-12", 1)
    keep_changes(stage, after=str(after), kept=held)
    return pd.read_parquet(folder / f"tables/{CHANGED}.parquet")


def test_the_time_since_is_new_and_the_rest_is_what_was_printed_of_another_day(
    built: Project, earlier: Path, tmp_path: Path
) -> None:
    found = kept(built, tmp_path / "own", earlier)
    wide = found.pivot_table(index=["figure", "department"], columns="part", values="value")
    assert (wide[list(PARTS)].sum(axis=1) == wide["total"]).all()
    assert not wide[["organisation", "corrected"]].any(axis=None), "both have the same delivery"
    whole = wide.loc[("headcount", "all")]
    # the copy prints December's figures as August's
    assert whole["total"] == 0
    assert whole["new"] == -whole["definition"] != 0
    assert set(found["before"]) == {"2025-08"}


def test_the_total_alone_is_left_when_the_earlier_rows_are_erased(
    built: Project, earlier: Path, tmp_path: Path
) -> None:  # fmt: skip
    shutil.rmtree(earlier / "tables")
    assert set(kept(built, tmp_path / "own", earlier)["part"]) == {"total"}


def test_an_edition_can_be_made_again_after_the_earlier_rows_are_erased(
    built: Project, earlier: Path, tmp_path: Path
) -> None:  # fmt: skip
    first = kept(built, tmp_path / "own", earlier)
    shutil.rmtree(earlier / "tables")
    again = kept(built, tmp_path / "again", earlier, held=str(tmp_path / "own"))
    pd.testing.assert_frame_equal(first, again)
    # what was kept beside another register stands in for nothing
    cells = earlier / "protected/cells.parquet"
    pd.read_parquet(cells).iloc[:-1].to_parquet(cells, index=False)
    assert set(kept(built, tmp_path / "other", earlier, held=str(tmp_path / "own"))["part"]) == {"total"}


def test_persons_under_another_key_are_not_compared(built: Project, earlier: Path, tmp_path: Path) -> None:
    path = earlier / "tables/delivery.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "pseudonym_key": "other"}), "utf-8")
    assert set(kept(built, tmp_path / "own", earlier)["part"]) == {"total"}


def test_an_edition_of_a_later_month_explains_nothing(built: Project, earlier: Path, tmp_path: Path) -> None:
    path = earlier / "protected/about.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "period": "2026-04"}), "utf-8")
    with pytest.raises(FileNotFoundError):
        kept(built, tmp_path / "own", earlier)
