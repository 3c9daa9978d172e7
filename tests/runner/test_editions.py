"""The list of editions, which is part of none of them."""

import json
from pathlib import Path

from analysis.runner.editions import published, write_list


def edition(reports: Path, name: str, period: str, **more: object) -> None:
    folder = reports / name
    folder.mkdir(parents=True)
    pages = {"index.html": "0", "d0101/d0101.sv.html": "0", "d0101/underlag.sv.html": "0", "methods.sv.html": "0"}
    record = {
        "preview": False, "municipality": "Exempelkommun", "municipality_en": "Example", "period": period,
        "finished": "2026-01-15T09:00:00+00:00", "parameters": {"languages": ["sv", "en"]}, "pages": pages,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record | more), encoding="utf-8")


def test_the_latest_edition_stands_first_and_previews_and_half_made_ones_do_not_stand_there(tmp_path: Path) -> None:
    edition(tmp_path, "a-2025-04", "2025-04")
    edition(tmp_path, "a-2025-12", "2025-12")
    edition(tmp_path, "a-2025-12-preview", "2025-12", preview=True)
    edition(tmp_path, ".building-a-2026-04", "2026-04")
    (tmp_path / "a-2025-08").mkdir()
    (tmp_path / "a-2025-08/run.json").write_text("{", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("run.json")}
    write_list(tmp_path, ("sv", "en"))
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert html.index('href="a-2025-12/index.html"') < html.index('href="a-2025-04/index.html"')
    assert html.count("/index.html") == 2
    assert "1 rapport" in html.replace("\u00a0", " ")
    assert 'href="a-2025-12/index.en.html"' in (tmp_path / "index.en.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in tmp_path.rglob("run.json")} == before


def test_no_list_is_written_where_nothing_is_published(tmp_path: Path) -> None:
    write_list(tmp_path, ("sv",))
    assert published(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
