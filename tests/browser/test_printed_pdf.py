"""Pages of every kind as Chromium prints them to PDF: what a screen reader needs is there."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from analysis.documents.pdf import lacking, printed, structure
from tests.browser.conftest import chromium

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", ["d0101", "organisation"])
def test_a_printed_page_is_tagged_and_speaks(site: Path, name: str, language: str) -> None:
    (page,) = site.rglob(f"{name}.{language}.html")
    with pikepdf.open(io.BytesIO(printed(page, chromium()))) as file:
        assert lacking(file) == []
        assert str(file.Root.Lang) == language
        assert file.open_metadata()["pdfuaid:part"] == "1"
        kinds = [str(each.S) for each in structure(file.Root.StructTreeRoot)]
    assert kinds.count("/H1") == 1
    assert {"/Figure", "/Table", "/TH", "/H2"} <= set(kinds)
