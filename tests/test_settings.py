"""What analysis.toml may say about the personal data behind the reports; a slip is refused, not ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import settings
from analysis.errors import InputError

CONTACT = '[contact]\nname = "HR"\nemail = "hr@exempel.example"\n'


def load(folder: Path, lines: str) -> settings.DataProtection:
    (folder / settings.FILE).write_text(f"{CONTACT}\n[data_protection]\n{lines}\n", encoding="utf-8")
    return settings.load(folder).data_protection


def test_what_is_stated_is_kept_and_the_rest_is_empty(tmp_path: Path) -> None:
    found = load(tmp_path, 'controller = "  Kommunstyrelsen "\nretention = "två år"')
    assert found.model_dump() == {
        "controller": "Kommunstyrelsen", "legal_basis": "", "retention": "två år", "dpia": "",
    }  # fmt: skip


def test_a_file_without_the_table_states_nothing(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text(CONTACT, encoding="utf-8")
    assert set(settings.load(tmp_path).data_protection.model_dump().values()) == {""}


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ('controler = "Kommunstyrelsen"', r"data_protection\.controler"),
        ("retention = 2", r"data_protection\.retention"),
        ('dpia = """KS 2025/1\nKS 2025/2"""', r"data_protection\.dpia"),
        (f'legal_basis = "{"x" * 121}"', r"data_protection\.legal_basis"),
    ],
)
def test_an_unknown_name_a_number_two_lines_and_a_long_text_are_refused(tmp_path: Path, lines: str, where: str) -> None:
    with pytest.raises(InputError, match=where):
        load(tmp_path, lines)


def test_draws_too_few_to_tell_a_tenth_are_refused(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text(f"draws = 99\n{CONTACT}", encoding="utf-8")
    with pytest.raises(InputError, match="draws"):
        settings.load(tmp_path)
