"""``analysis check --propose`` as a person meets it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.errors import InputError
from analysis.extracts.proposing import propose, write_proposal

from .test_columns import employees, write


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of the command line."""
    monkeypatch.setattr("sys.argv", ["analysis", "check", *arguments])
    try:
        main()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_it_says_the_role_of_each_file_what_is_open_what_was_written_and_what_to_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    assert run(monkeypatch, str(tmp_path / "d"), "--propose") == 0
    said = capsys.readouterr().out
    assert "personal.csv → employments" in said
    assert "vilken kommun gäller leveransen" in said
    assert said.rstrip().endswith(f"läs igenom den och kör: analysis check {tmp_path / 'd'}")
    assert (tmp_path / "d" / "delivery.toml").is_file()


def test_checking_what_was_left_open_says_in_one_sentence_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    run(monkeypatch, str(tmp_path / "d"), "--propose")
    assert run(monkeypatch, str(tmp_path / "d")) == 2
    assert capsys.readouterr().err == "analysis: delivery.toml: delivery.municipality: is missing; add it\n"


def test_with_a_delivery_toml_only_new_files_are_proposed_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    header, rows = employees()
    write(folder, "personal.csv", header, rows)
    text = write_proposal(folder, propose(folder)).read_text(encoding="utf-8")
    text = text.replace("[delivery]\n", '[delivery]\nmunicipality = "Provkommun"\nextracted = 2025-01-10\n', 1)
    (folder / "delivery.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"covers every table file in d, so there is nothing to propose"):
        propose(folder)
    leavers = [[row[0], "2024-12-31", "Egen begäran"] for row in rows[:30]]
    write(folder, "avgangar.csv", ["Anst.nr", "Sista anställningsdag", "Avgångsorsak"], leavers)
    written = write_proposal(folder, propose(folder))
    assert written.name == "delivery.proposed.toml"
    assert (folder / "delivery.toml").read_text(encoding="utf-8") == text
    proposed = tomllib.loads(written.read_text(encoding="utf-8"))
    assert list(proposed) == ["file"]
    assert [each["table"] for each in proposed["file"]] == ["exits"]
    with pytest.raises(InputError, match=r"delivery.proposed.toml is there already"):
        propose(folder)


@pytest.mark.parametrize("content", [None, "nothing"])
def test_a_folder_with_nothing_to_look_at_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    folder = tmp_path / "d"
    if content:
        folder.mkdir()
    assert run(monkeypatch, str(folder), "--propose") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("analysis: ")
    assert not (folder / "delivery.toml").exists()


def test_files_that_are_no_table_of_a_delivery_still_give_a_skeleton_to_fill_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "lager.csv").write_text("Artikel;Saldo\n" + "A1;3\n" * 9, encoding="utf-8")
    (folder / "bild.csv").write_bytes(b"\x00\xff\x00")
    assert run(monkeypatch, str(folder), "--propose") == 0
    assert "bild.csv: kunde inte läsas som tabell" in capsys.readouterr().out
    text = (folder / "delivery.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"delivery": {"name": "d"}}
    assert '# path = "lager.csv"' in text
    assert '"Artikel"' in text
    assert '"Saldo"' in text


def test_a_file_written_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    proposal = propose(tmp_path / "d")
    (tmp_path / "d" / "delivery.toml").write_text("# by hand\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"delivery.toml is there already"):
        write_proposal(tmp_path / "d", proposal)
    assert (tmp_path / "d" / "delivery.toml").read_text(encoding="utf-8") == "# by hand\n"


def test_the_same_folder_gives_the_same_file(tmp_path: Path) -> None:
    write(tmp_path / "d", "personal.csv", *employees())
    assert propose(tmp_path / "d").text == propose(tmp_path / "d").text
