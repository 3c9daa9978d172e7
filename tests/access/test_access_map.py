"""The access map as somebody writes it, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.access.access_map import AccessMap, read_map
from analysis.access.doors import doors
from analysis.access.nginx import configuration, rotation
from analysis.access.writing import write_access
from analysis.errors import InputError
from tests.conftest import REPOSITORY


def page(*departments: str) -> str:
    cells = "".join(f'<data value="1" data-cell="headcount/{key}/total/total">1</data>' for key in departments)
    return f"<!doctype html><html><body><h1>Sida</h1>{cells}</body></html>"


FLAT = {
    "index.html": page("d0101", "d0102"), "index.en.html": page("d0101"), "organisation.sv.html": page("all", "d0101"),
    "everyone.sv.html": page("all"), "everyone.en.html": page("all"), "model-card.sv.html": page("all"),
    "samverkan.sv.html": page("all"), "d0101.sv.html": page("d0101", "all"), "d0101.en.html": page("d0101"),
    "d0102.sv.html": page("d0102"),
}  # fmt: skip
FOLDERS = {
    "index.html": page("d0101", "d0102"), "organisation/organisation.sv.html": page("all", "d0101"),
    "everyone/everyone.sv.html": page("all"), "everyone/everyone.xlsx": "PK", "d0101/d0101.sv.html": page("d0101"),
    "d0101/underlag.sv.html": page("d0101"), "d0101/d0101.xlsx": "PK", "d0102/d0102.sv.html": page("d0102"),
}  # fmt: skip


def edition(root: Path, name: str, files: dict[str, str], *, preview: bool = False) -> Path:
    folder = root / "reports" / name
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    record = {"preview": preview, "codes": {"d0101": "0101"}, "parameters": {"languages": ["sv", "en"]}}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def written(folder: Path, text: str) -> Path:
    path = folder / "access.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_reads_and_opens_what_it_says() -> None:
    example = read_map(REPOSITORY / "examples" / "access.toml")
    assert example.users("all") == ("hr.chef@exempelkommun.example",)
    assert example.users("d0101") == ("anna.chef@exempelkommun.example",)
    assert (example.log.days, example.login.variable) == (90, "$http_x_remote_user")


@pytest.mark.parametrize("files", [FLAT, FOLDERS])
def test_every_file_lies_behind_the_door_of_the_page_it_belongs_to(tmp_path: Path, files: dict[str, str]) -> None:
    found = doors(edition(tmp_path, "e-2025-12", files))
    for name, door in found.files.items():
        stem = name.split("/")[0].split(".")[0]
        expected = "all" if stem in ("index", "organisation", "run") or name.endswith("everyone.xlsx") else stem
        assert door == ("everyone" if expected in ("model-card", "samverkan") else expected), name
    assert found.departments == ("d0101", "d0102")


def test_a_page_for_everyone_with_a_departments_figure_is_closed_and_named(tmp_path: Path) -> None:
    found = doors(edition(tmp_path, "e-2025-12", FLAT | {"everyone.sv.html": page("all", "d0101")}))
    assert (found.files["everyone.sv.html"], found.closed) == ("all", ("everyone.sv.html",))


def test_a_preview_is_for_readers_of_the_whole(tmp_path: Path) -> None:
    assert set(doors(edition(tmp_path, "e-preview", FLAT, preview=True)).files.values()) == {"all"}


def test_a_department_is_named_by_key_or_code_and_one_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    edition(tmp_path, "e-2025-12", FLAT)
    known = AccessMap.model_validate({"reader": [{"users": ["anna"], "opens": ["0101"]}]})
    files, _ = write_access(tmp_path, [], known, tmp_path / "access")
    assert "anna" in files[0].read_text(encoding="utf-8")
    assert [path.stat().st_mode & 0o777 for path in (files[0].parent, *files)] == [0o700, 0o600, 0o600]
    other = AccessMap.model_validate({"reader": [{"users": ["anna"], "opens": ["d0109"]}]})
    with pytest.raises(InputError, match="d0109"):
        write_access(tmp_path, [], other, tmp_path / "access")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[login]\nlisten = "0.0.0.0:80"', "past the login proxy"),
        ('[login]\nlisten = "intranet.kommun:80"', "past the login proxy"),
        ('[[reader]]\nusers = ["anna;} location / {"]\nopens = ["all"]', "no user's name"),
        ('[[reader]]\nusers = ["~.*"]\nopens = ["all"]', "no user's name"),
        ('[login]\nheader = "X User"', "login.header"),
        ("[[readers]]\nusers = []", "readers"),
        ('[log]\nfile = "/var/log/x log; root /;"', "log.file"),
        ("[login", "not valid TOML"),
    ],
)
def test_a_map_that_would_open_more_than_it_says_is_refused_in_one_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_map(written(tmp_path, text))


def test_an_address_that_is_not_loopback_answers_the_named_proxies_alone(tmp_path: Path) -> None:
    access = read_map(written(tmp_path, '[login]\nlisten = "0.0.0.0:8085"\nproxies = ["10.0.0.5"]'))
    text = configuration(access, [doors(edition(tmp_path, "e-2025-12", FLAT))], tmp_path / "reports")
    assert "    10.0.0.5/32 1;" in text
    assert "if ($reports_proxy = 0) { return 403; }" in text


def test_the_log_is_gone_after_its_days() -> None:
    assert "    rotate 29\n    maxage 30\n" in rotation(AccessMap.model_validate({"log": {"days": 30}}))
