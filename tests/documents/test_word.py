"""A Word document is the municipality's template, filled from what pages show: headings, tables, alt texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn

from analysis.documents.content import outlines, read_passage
from analysis.documents.pictures import bars
from analysis.documents.template import default_template
from analysis.documents.word import filled
from analysis.downloads.page_tables import PageTable
from analysis.errors import InputError
from analysis.sections import all_sections
from tests.publishing import fixture
from tests.publishing.showing import open_page

PRINTED = frozenset({"definitions/d0101/n00206/now"})


def made(name: str = "plan", *, template: bytes | None = None, language: str = "sv", without: str = "") -> bytes:
    frame = fixture.without(fixture.cells(), *without.split()) if without else None
    report = open_page(fixture.report("all", frame=frame))
    return filled(name, report, template or default_template(language), language, PRINTED)


@pytest.fixture(scope="module")
def plan() -> Word:
    return docx.Document(io.BytesIO(made()))


def headings(word: Word, level: int) -> list[str]:
    return [each.text for each in word.paragraphs if each.style is not None and each.style.name == f"Heading {level}"]


def chapter(word: Word, title: str) -> list[str]:
    """Lines of a chapter."""
    texts = [(each.text, each.style.name if each.style is not None else "") for each in word.paragraphs]
    start = texts.index((title, "Heading 1"))
    end = next((at for at in range(start + 1, len(texts)) if texts[at][1] == "Heading 1"), len(texts))
    return [text for text, _ in texts[start + 1 : end]]


def template_of(*lines: str) -> bytes:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def alts(word: Word) -> Iterator[str]:
    for each in word.element.body.iter(qn("wp:docPr")):
        yield each.get("descr", "")


def test_the_plan_has_the_chapters_of_its_outline(plan: Word) -> None:
    assert headings(plan, 1) == [outlines().chapter[id].sv for id in outlines().document["plan"].chapters]
    assert headings(plan, 1)[1:5] == ["Avvikelse mot ram", "Pensionsavgångar", "Personalomsättning", "Sjukfrånvaro"]


def test_every_section_and_definition_that_an_outline_names_exists() -> None:
    from analysis.reference import definitions

    known = {section.id for section in all_sections()}
    for each in outlines().chapter.values():
        assert set(each.sections) <= known
        assert set(each.measures) <= set(definitions())
    for document in outlines().document.values():
        assert set(document.chapters) <= set(outlines().chapter)


def test_tables_are_tables_whose_first_row_is_their_header(plan: Word) -> None:
    assert plan.tables
    for table in plan.tables:
        assert table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert all(table.rows[0].cells[0].text for _ in "x")
        assert len(table.rows) > 1


def test_every_picture_says_what_it_shows(plan: Word) -> None:
    texts = list(alts(plan))
    assert texts
    assert all(len(text) > 20 for text in texts)


def test_a_chapter_without_data_says_in_one_line_what_is_missing() -> None:
    word = docx.Document(io.BytesIO(made(without="retirement_wave age")))
    assert chapter(word, "Pensionsavgångar") == [outlines().chapter["pensions"].missing["sv"]]


def test_measures_that_no_page_prints_are_said_to_be_missing(plan: Word) -> None:
    assert "Upprepad korttidsfrånvaro redovisas inte: utgåvan har inget sådant mått." in chapter(plan, "Sjukfrånvaro")


def test_nothing_of_the_templates_places_is_left(plan: Word) -> None:
    assert not re.search(r"[{}]{2}|\{%", "\n".join(each.text for each in plan.paragraphs))


def test_a_document_has_a_title_and_its_language() -> None:
    word = docx.Document(io.BytesIO(made("personalbokslut", language="en")))
    assert word.core_properties.title == "Annual staff accounts"
    assert {each.get(qn("w:val")) for each in word.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_a_template_of_ones_own_says_where_each_chapter_stands() -> None:
    own = template_of("Nämndens plan", "{%p for passage in chapter.turnover.passages %}", "{{ passage.title }}",
                      "{%p endfor %}")  # fmt: skip
    word = docx.Document(io.BytesIO(made(template=own)))
    assert [each.text for each in word.paragraphs][:2] == ["Nämndens plan", "Avgångar"]


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}


@pytest.mark.parametrize(
    "template", [b"no Word file", template_of("{{ title"), template_of("{{ chapter.no.title.x }}")]
)
def test_a_template_that_cannot_be_filled_is_said(template: bytes) -> None:
    with pytest.raises(InputError, match="template"):
        made(template=template)


def test_texts_of_a_page_are_no_markup() -> None:
    passage = read_passage("<figure><h3>A &lt; B &amp; C</h3><p>Text</p></figure>")
    assert (passage.title, passage.lines) == ("A < B & C", ("Text",))


def test_a_withheld_figure_has_no_bar_and_two_bars_are_the_least() -> None:
    def row(name: str, value: str) -> str:
        shown = f'<data value="{value}" data-cell="age/d1/{name}/total">{value}</data>'
        silent = f'<span data-cell="age/d1/{name}/total" data-status="withheld">ej redovisat</span>'
        return f'<tr><th scope="row">{name}</th><td>{shown if value else silent}</td></tr>'

    def table(*rows: str) -> PageTable:
        body = f"<table><thead><tr><td></td><th>Andel</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return read_passage(f"<figure><h3>Ålder</h3>{body}</figure>").tables[0]

    assert bars(table(row("u35", "3"), row("55_plus", ""))) is None
    picture = bars(table(row("u35", "3"), row("35_54", "5"), row("55_plus", "")))
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
