"""Documents that are made from the code are as the code would make them now."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_make", DOCS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["definitions.md", "rooms.svg", "architecture.md"])
def test_a_document_is_as_the_code_makes_it(make: ModuleType, name: str) -> None:
    """Changed on purpose? ``make docs``, and read the difference."""
    assert (DOCS / name).read_text(encoding="utf-8") == make.WRITTEN[name]()


def test_a_room_without_a_place_in_the_picture_is_named(make: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(make.BANDS, "The wall", ())
    with pytest.raises(KeyError, match="disclosure"):
        make.layers()


def pages() -> list[Path]:
    return sorted(path for path in [*REPOSITORY.glob("*.md"), *DOCS.rglob("*.md")] if path.is_file())


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_what_a_document_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []
