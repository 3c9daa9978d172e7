"""The documents of a built edition pass the gate, and one that says more than the pages does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import GateError, InputError
from analysis.runner import documents
from tests.conftest import EDITION, Project


def test_the_documents_of_an_edition(built: Project, tmp_path: Path) -> None:
    files = documents.write_word(built.root, EDITION, tmp_path)
    assert [path.name for path in files] == [
        f"{name}-organisation.sv.docx" for name in ("plan", "delarsrapport", "personalbokslut")
    ]


def test_a_number_that_no_page_shows_is_not_written(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.documents import word

    real = word.chapter

    def leaky(*given: object) -> object:
        made = real(*given)  # type: ignore[arg-type]
        return type(made)(made.id, made.title, made.passages, (*made.missing, "Varav 987654 hemliga."))

    monkeypatch.setattr(word, "chapter", leaky)
    with pytest.raises(GateError, match="holds 1 numbers that no published page shows"):
        documents.write_word(built.root, EDITION, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_named(built: Project, tmp_path: Path) -> None:
    for given, said in (
        ({"edition": "none-2025-12"}, "no edition none-2025-12"),
        ({"edition": EDITION, "department": "d9999"}, "d9999"),
        ({"edition": EDITION, "language": "de"}, "language 'de'"),
        ({"edition": EDITION, "template": tmp_path / "no.docx"}, "name the template's file"),
    ):
        with pytest.raises(InputError, match=said):
            documents.write_word(built.root, target=tmp_path, **given)  # type: ignore[arg-type]
