"""The attacker as a gate: an edition whose pages give away too much is refused, with table and cells named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import GateError, InputError
from analysis.runner.audit import audit
from analysis.runner.former import former_build
from analysis.stages.inputs import Inputs
from analysis.stages.marks import Mark
from analysis.tables.protected import COLUMNS
from tests.audit.pages import exits, figure, write
from tests.extracts.town import FACTS, STAFF

ROOT = Path(__file__).parents[2]
COUNTS: dict[str, int | None] = {"total": 60, "resignation": 30, "retirement": None, "employer": None, "other": 20}


def edition(root: Path, counts: dict[str, int | None], more: str = "") -> None:
    """A folder with one page and the protected cells it was made of."""
    shutil.copyfile(ROOT / "analysis.toml", root / "analysis.toml")
    folder = write(root / "reports/e1", d1=figure(exits("d1", counts)) + more)
    (folder / "run.json").write_text("{}", encoding="utf-8")
    work = root / "data/processed/e1"
    for name in ("protected", "tables"):
        (work / name).mkdir(parents=True)
    (work / "protected/about.json").write_text(json.dumps({"period": "2025-12"}), encoding="utf-8")
    rows = [
        {"table": "exits", "department": "d1", "row": row, "column": "total", "status": "withheld",
         "reason": "few_persons"}
        for row, count in counts.items() if count is None
    ]  # fmt: skip
    cells = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    cells["layer"] = ""
    cells.to_parquet(work / "protected/cells.parquet")
    people = {"person": ["a1b2c3d4e5f6a7b8c9d0e1f2"], "birth": [pd.Timestamp("1984-03-17")]}
    pd.DataFrame(people).to_parquet(work / "tables/employments.parquet")


def test_a_safe_edition_passes_and_the_officer_gets_a_page(tmp_path: Path) -> None:
    edition(tmp_path, COUNTS)
    assert audit(tmp_path, "e1").attacked == 2
    page = (tmp_path / "data/processed/e1/protected/audit.sv.html").read_text(encoding="utf-8")
    assert "Inget antal kan läsas snävare än policyn tillåter." in page


def test_a_forgotten_margin_stops_it_and_is_named(tmp_path: Path) -> None:
    edition(tmp_path, COUNTS | {"retirement": 7})
    with pytest.raises(GateError, match="exits/d1/employer/total can be worked out more closely") as refused:
        audit(tmp_path, "e1")
    assert "is 3" not in str(refused.value)  # it ends in a log: the count itself stands on the officer's page
    assert refused.value.exit_code == 3
    page = (tmp_path / "data/processed/e1/protected/audit.en.html").read_text(encoding="utf-8")
    assert "exits/d1/employer/total is 3" in page


@pytest.mark.parametrize(
    ("more", "what"),
    [("<p>a1b2c3d4e5f6a7b8c9d0e1f2</p>", "the pseudonym of a person"), ("<p>född 1984-03-17</p>", "a date of birth")],
)
def test_what_the_near_side_knows_stands_on_no_page(tmp_path: Path, more: str, what: str) -> None:
    edition(tmp_path, COUNTS, more)
    with pytest.raises(GateError, match=f"d1.sv.html holds {what}"):
        audit(tmp_path, "e1")


def test_an_edition_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no edition e1"):
        audit(tmp_path, "e1")


def read_from(folder: Path, digest: str) -> Path:
    """A workspace whose delivery had this digest."""
    (folder / "stages").mkdir(parents=True)
    Mark("delivery", "2025-12", {}, Inputs({"delivery: exits.csv": digest}), {}).write(folder, "read")
    return folder


def test_the_build_before_counts_where_the_delivery_changed_and_goes_on_counting(tmp_path: Path) -> None:
    published, work = read_from(tmp_path / "e1", "old"), read_from(tmp_path / "work", "new")
    assert former_build(published, work) == ""
    (published / "protected").mkdir()
    for name in ("cells", "departments", "plan"):
        pd.DataFrame({"key": ["d1"]}).to_parquet(published / f"protected/{name}.parquet")
    (published / "protected/about.json").write_text("{}", encoding="utf-8")
    assert former_build(published, work) == str(published)
    same = read_from(tmp_path / "again", "old")
    assert former_build(published, same) == ""  # from equal inputs a rebuild leaves itself out
    (published / "protected/former").mkdir()
    assert former_build(published, same) == str(published / "protected/former")


def test_logs_are_scanned_too(tmp_path: Path) -> None:
    edition(tmp_path, COUNTS)
    logs = tmp_path / "data/processed/e1/logs"
    logs.mkdir()
    (logs / "10-read.ipynb").write_text('{"text": "row of a1b2c3d4e5f6a7b8c9d0e1f2"}', encoding="utf-8")
    with pytest.raises(GateError, match=r"log 10-read.ipynb holds the pseudonym of a person"):
        audit(tmp_path, "e1")


def test_the_edition_before_is_laid_beside_this_one(tmp_path: Path) -> None:
    edition(tmp_path, COUNTS | {"resignation": 31, "other": 19})
    record = {"parameters": {"after": "e0"}, "period": "2025-12"}
    (tmp_path / "reports/e1/run.json").write_text(json.dumps(record), encoding="utf-8")
    assert audit(tmp_path, "e1").beside == {}  # its pages are not here
    before = write(tmp_path / "reports/e0", d1=figure(exits("d1", COUNTS)))
    (before / "run.json").write_text(json.dumps({"period": "2025-12"}), encoding="utf-8")
    with pytest.raises(GateError, match=r"exits/d1/other/total can be worked out more closely") as refused:
        audit(tmp_path, "e1")
    assert "+1" not in str(refused.value)


def test_a_person_of_the_delivery_is_named_on_no_page(tmp_path: Path) -> None:
    edition(tmp_path, COUNTS, "<p>Fråga Anna Ek</p>")
    Mark("data/raw/d", "2025-12", {}, Inputs({}), {}).write(tmp_path / "data/processed/e1", "read")
    delivery = tmp_path / "data/raw/d"
    delivery.mkdir(parents=True)
    (delivery / "delivery.toml").write_text(FACTS + STAFF, encoding="utf-8")
    head = "Anställningsnr;Anst;Enhet;AID;Form;Grad;Från;Till;Född;Namn\n"
    (delivery / "staff.csv").write_text(head + "1;1;u1;;Tillsvidare;100;2020-01-01;;1980-01;Anna Ek\n", "utf-8")
    with pytest.raises(GateError, match=r"d1.sv.html names a person of the delivery") as refused:
        audit(tmp_path, "e1")
    assert "Anna" not in str(refused.value)
