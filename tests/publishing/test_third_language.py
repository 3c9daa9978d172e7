"""A language is added by adding tables: no Python is touched, and nothing on a page speaks another."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.publishing.pages.exporter import render_page
from analysis.publishing.words.catalog import catalog, languages
from tests.publishing import fixture, notebooks, pseudo

ROOT = Path(__file__).parents[2]
LANGUAGES = ("sv", pseudo.LANGUAGE)
UNDRESSED = re.compile(r"\b[a-zåäö]*[aeiouyåäö][a-zåäö]*\b", re.IGNORECASE)
FIGURE = re.compile(r'<data value="([^"]+)"([^>]*)>([^<a-zåäö]*)', re.IGNORECASE)
"""Value, cells and the written figure up to the first word."""


class Texts(HTMLParser):
    """Visible texts and alt texts of a page, those of foreign data left out."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.skip = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.skip += tag in ("style", "script")
        self.found += [value or "" for name, value in attrs if name in ("aria-label", "alt")]

    def handle_endtag(self, tag):
        self.skip -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.skip and data.strip():
            self.found.append(data.strip())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = (ROOT / "analysis.toml").read_text(encoding="utf-8")
    (tmp_path / "analysis.toml").write_text(f'words = ["words"]\n{settings}', encoding="utf-8")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    pseudo.write(tmp_path / "words", ())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_in_an_added_language_speaks_that_language(project: Path) -> None:
    node = notebooks.run("department", fixture.report())
    plain = set(Texts(render_page(node, "en", LANGUAGES)).found)
    names = {name for text in plain for name in (text, text[:1].lower() + text[1:])}
    pseudo.write(project / "words", sorted(names))
    page = render_page(node, pseudo.LANGUAGE, LANGUAGES)
    assert f'<html lang="{pseudo.LANGUAGE}">' in page
    words = catalog(pseudo.LANGUAGE).messages
    assert pseudo.dressed("reschool teachers") in page  # a name of reference data
    assert "kompetensförsörjning" not in page
    assert words["page.purpose"].forms[0] in page
    swedish = {form for message in catalog("sv").messages.values() for form in message.forms if len(form) > 20}
    assert [text for text in Texts(page).found if text in swedish] == []
    assert 'href="d0101.sv.html"' in page


def test_an_added_language_is_known_and_its_numbers_have_the_marks_of_its_locale(project: Path) -> None:
    assert languages() == ("sv", "en", pseudo.LANGUAGE)
    node = notebooks.run("department", fixture.report())
    figures = {language: sorted(FIGURE.findall(render_page(node, language, LANGUAGES))) for language in LANGUAGES}
    assert len(figures["sv"]) > 100
    # every value, its cells and its marks; rows stand in the order of their names in the page's own language
    assert figures["sv"] == figures[pseudo.LANGUAGE]


def test_a_language_without_a_locale_says_what_to_add(project: Path) -> None:
    path = project / "words" / f"{pseudo.LANGUAGE}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('locale = "sv_SE"', ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"\[language\] locale"):
        catalog(pseudo.LANGUAGE)


def test_an_unknown_language_names_those_there_are(project: Path) -> None:
    with pytest.raises(InputError, match="choose one of sv, en, qps"):
        catalog("de")
