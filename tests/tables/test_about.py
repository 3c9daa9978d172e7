"""What an edition says of itself is read strictly: nothing unknown, nothing missing, nothing of another kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from analysis.tables.about import check_about
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture


def test_a_record_is_returned_as_it_is() -> None:
    assert check_about(fixture.about()) == fixture.about()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"profil": "public"}, "about.json: profil: there is no such key"),
        ({"profile": "open"}, "about.json: profile"),
        ({"period": "2025-13"}, "about.json: period"),
        ({"withheld_share": 1.2}, "about.json: withheld_share"),
        ({"records": {"read": 1}}, "about.json: records.accepted"),
        ({"preview": "perhaps"}, "about.json: preview"),
        ({"has": {"exits": "some"}}, "about.json: has.exits"),
        ({"breaks": [{"definition": "fte"}]}, "about.json: breaks.0.since"),
        ({"passport": {"inputs": []}}, "about.json: passport.parameters"),
    ],
)
def test_a_record_that_says_something_unknown_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_about(fixture.about() | change)


def test_a_report_is_not_read_beside_a_record_that_is_not_whole(tmp_path: Path) -> None:
    fixture.write(tmp_path)
    record = json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))
    assert ProtectedReport.read(tmp_path, "all").about == record
    del record["period"]
    (tmp_path / "about.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match=r"about\.json: period"):
        ProtectedReport.read(tmp_path, "all")
