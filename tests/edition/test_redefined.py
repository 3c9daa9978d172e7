"""A definition that is counted otherwise than in the edition before is found; one that is only reworded is not."""

import json
from pathlib import Path

from analysis.edition.redefined import definition_changes, definitions_before


def entry(key: str, since: str = "2025-01-01", **rest: str) -> dict[str, str]:
    return {"id": key, "valid_from": since, "formula_sv": "antal", **rest}


def test_a_new_first_day_is_a_change() -> None:
    changes = definition_changes([entry("leaving_all")], [entry("leaving_all", "2026-01-01")])
    assert changes == [{"id": "leaving_all", "valid_from": "2026-01-01", "was": "leaving_all 2025-01-01"}]


def test_a_definition_that_replaces_another_is_a_change() -> None:
    (change,) = definition_changes([entry("old")], [entry("new", "2026-01-01", replaces="old")])
    assert (change["id"], change["was"]) == ("new", "old 2025-01-01")


def test_rewording_new_measures_and_vanished_ones_are_no_change() -> None:
    now = [entry("leaving_all", formula_sv="antal personer"), entry("first_of_its_kind")]
    assert definition_changes([entry("leaving_all"), entry("gone")], now) == []


def test_a_replacement_is_told_once() -> None:
    again = entry("new", replaces="old")
    assert definition_changes([entry("new", replaces="old")], [again]) == []


def test_without_an_edition_before_nothing_has_changed(tmp_path: Path) -> None:
    assert definitions_before(tmp_path, "")[1] == []
    assert definitions_before(tmp_path, "gone")[1] == []
    folder = tmp_path / "data/processed/e1/protected"
    folder.mkdir(parents=True)
    (folder / "about.json").write_text(json.dumps({"definitions": [entry("x")]}))
    assert definitions_before(tmp_path, "e1")[1] == [entry("x")]
