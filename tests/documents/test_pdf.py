"""A PDF is written only with what a screen reader needs: tags, language, title, alt texts, header cells."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from analysis.documents.pdf import find_chromium, finished, printed
from analysis.errors import InputError


def tagged(change: Callable[[pikepdf.Pdf], None] = lambda file: None) -> bytes:
    """The least that can be kept: a figure with an alt text and a table with a header cell."""
    file = pikepdf.new()
    file.add_blank_page()
    file.Root.MarkInfo = Dictionary(Marked=True)
    file.Root.Lang = "sv"
    file.docinfo["/Title"] = "Norr"
    table = Dictionary(S=Name.Table, K=Array([Dictionary(S=Name.TR, K=Array([Dictionary(S=Name.TH)]))]))
    figure = Dictionary(S=Name.Figure, Alt="Staplar")
    file.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.Document, K=Array([figure, table])))
    change(file)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def test_a_file_with_everything_gets_the_identifier_of_pdf_ua() -> None:
    made = finished(tagged(), "norr.sv.html")
    with pikepdf.open(io.BytesIO(made)) as file:
        about = file.open_metadata()
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == "Norr"
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    assert finished(tagged(), "norr.sv.html") == made


def _no_tags(file: pikepdf.Pdf) -> None:
    del file.Root["/MarkInfo"]


def _no_language(file: pikepdf.Pdf) -> None:
    del file.Root["/Lang"]


def _no_title(file: pikepdf.Pdf) -> None:
    del file.docinfo["/Title"]


def _no_alt(file: pikepdf.Pdf) -> None:
    file.Root.StructTreeRoot.K.K[0].Alt = " "


def _no_header(file: pikepdf.Pdf) -> None:
    file.Root.StructTreeRoot.K.K[1].K[0].K[0].S = Name.TD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_no_tags, "tags"), (_no_language, "its language"), (_no_title, "a title"),
        (_no_alt, "the alt text of 1 figures"), (_no_header, "the header cells of 1 tables"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_named_and_nothing_is_written(change: Callable[[pikepdf.Pdf], None], said: str) -> None:
    with pytest.raises(InputError, match=f"the PDF of norr.sv.html lacks {said}; it was not written"):
        finished(tagged(change), "norr.sv.html")


def test_without_a_browser_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError, match=r"no Chromium was found; install one .* or name it with --chromium PATH"):
        find_chromium()
    with pytest.raises(InputError, match="there is no browser /opt/brave"):
        find_chromium("/opt/brave")


def test_a_browser_that_fails_is_said(tmp_path: Path) -> None:
    page = tmp_path / "norr.sv.html"
    page.write_text("<p>", encoding="utf-8")
    false = shutil.which("false")
    assert false is not None
    with pytest.raises(InputError, match=r"norr.sv.html could not be printed: false ended with 1"):
        printed(page, false)
