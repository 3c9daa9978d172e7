"""What the reading stage keeps of a delivery, and what the next edition compares with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.edition.register import PROFILE, earlier
from analysis.errors import InputError
from analysis.extracts import pseudonym_key, read_delivery, write_quarantine
from analysis.stages.reading import check_quality, keep_delivery
from analysis.stages.stage import Stage

from ..conftest import KEYS, make_project, working_in


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, mini_sample: Path) -> Stage:
    """The reading stage of a first edition."""
    project = make_project(tmp_path_factory.mktemp("register"))
    shutil.copytree(mini_sample, project.delivery)
    stage = Stage("read", project.root, project.root / "data/processed/first", project.delivery, "2025-12", 1)
    with working_in(project.root, KEYS["first"]):
        keep_delivery(stage, read_delivery(stage.delivery, key=pseudonym_key(stage.delivery, create=False)))
    return stage


@pytest.fixture(autouse=True)
def _inside(kept: Stage):
    with working_in(kept.root, KEYS["first"]):
        yield


def test_an_edition_keeps_a_description_without_small_groups(kept):
    described = kept.result(PROFILE)
    counted = described["measure"].isin(["category", "department", "hires", "exits"])
    assert counted.sum() > 100
    assert not described.loc[counted, "value"].between(0, kept.policy.medium.min_internal, "neither").any()


def test_the_next_edition_is_compared_without_the_old_delivery_and_says_what_it_read(kept, tmp_path):
    delivery = tmp_path / "next"
    shutil.copytree(kept.delivery, delivery)
    staff = (delivery / "anstallningar.csv").read_bytes()
    (delivery / "anstallningar.csv").write_bytes(staff.replace(b"403010", b"403999"))
    after = Stage("read", kept.root, tmp_path / "second", delivery, "2025-12", 1)
    found = read_delivery(delivery, key=pseudonym_key(delivery, create=False))
    before, notices = check_quality(after, found, str(kept.folder))
    assert any("'403999'" in notice and "was never seen in first" in notice for notice in notices)
    keep_delivery(after, found, before=before, notices=notices)
    facts = after.facts("delivery")
    assert facts["quality"]["after"] == "first"
    assert facts["quality"]["found"] == len(notices) > 0
    assert facts["compared"] == [[f"register first {PROFILE}", before.sha256]]


def test_the_same_delivery_again_gives_no_warning(kept):
    found = read_delivery(kept.delivery, key=pseudonym_key(kept.delivery, create=False))
    for after in ("first", str(kept.folder), str(kept.delivery)):
        assert check_quality(kept, found, after)[1] == []


def test_an_edition_without_a_description_is_said_not_to_be_compared(kept, tmp_path):
    (tmp_path / "old" / "results").mkdir(parents=True)
    found = read_delivery(kept.delivery, key=pseudonym_key(kept.delivery, create=False))
    _, notices = check_quality(kept, found, str(tmp_path / "old"))
    assert notices == ["old has kept no description of its delivery; nothing is compared."]


def test_a_name_that_is_neither_is_refused(kept):
    with pytest.raises(InputError, match="neither a delivery nor an edition"):
        earlier("never", key=b"x" * 16)


def test_the_account_names_the_corrections_and_their_effect(kept, tmp_path):
    key = pseudonym_key(kept.delivery, create=False)
    delivery = tmp_path / "corrected"
    shutil.copytree(kept.delivery, delivery)
    write_quarantine(read_delivery(delivery, key=key), delivery, delivery / "rattelser", key=key)
    file = delivery / "rattelser" / "anstallningar.csv.csv"
    lines = pd.read_csv(file, sep=";", dtype="str", keep_default_na=False)
    lines.loc[0, "åtgärd"] = "stryk"
    lines.to_csv(file, sep=";", index=False)
    toml = (delivery / "delivery.toml").read_text(encoding="utf-8")
    toml = toml.replace("[delivery]\n", '[delivery]\ncorrections = "rattelser"\n', 1)
    (delivery / "delivery.toml").write_text(toml, encoding="utf-8")
    stage = Stage("read", kept.root, tmp_path / "third", delivery, "2025-12", 1)
    keep_delivery(stage, read_delivery(delivery, key=key))
    facts = json.loads((tmp_path / "third/tables/delivery.json").read_text(encoding="utf-8"))
    assert facts["corrections"]["files"] == ["anstallningar.csv.csv"]
    assert facts["corrections"]["dropped"] == 1
    assert "anstallningar.csv.csv" in [name for name, _ in facts["inputs"]]
