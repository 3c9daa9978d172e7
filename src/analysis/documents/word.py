"""An edition's documents in Word: a template that the municipality owns, filled from protected figures (docxtpl)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Inches
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from analysis.documents.content import Chapter, Passage, chapter, outlines
from analysis.documents.pictures import WIDTH, bars
from analysis.documents.template import MADE
from analysis.downloads.page_tables import PageTable
from analysis.errors import InputError
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.words.locale import locale
from analysis.sections.report import Report


class _Described(InlineImage):
    """A picture with its alt text."""

    def __init__(self, template: DocxTemplate, picture: bytes, alt: str) -> None:
        super().__init__(template, io.BytesIO(picture), width=Inches(WIDTH))
        self.alt = alt

    def _insert_image(self) -> str:
        placed: str = super()._insert_image()
        return placed.replace("<wp:docPr ", f"<wp:docPr descr={quoteattr(self.alt)} ", 1)

    # docxtpl binds these names to its own function
    __str__ = __html__ = __unicode__ = _insert_image


def filled(name: str, report: Report, template: bytes, language: str, printed: frozenset[str]) -> bytes:
    """One document of an edition.

    Args:
        name: plan, delarsrapport or personalbokslut (``chapters.toml``).
        report: the protected report of a department or of the whole organisation.
        template: a Word file with docxtpl's places (``documents.template``).
        language: sv or en.
        printed: names of the cells that published pages print.

    Raises:
        InputError: the template is no Word file, or asks for what there is not.
    """
    document, words = outlines().document[name], locale(language)
    try:
        word = DocxTemplate(io.BytesIO(template))
        word.init_docx()
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
        raise InputError("the template is no Word file (.docx); save it as one and try again") from None
    chapters = [chapter(id, report, language, printed) for id in document.chapters]
    about = report.protected.about
    lead = Term("page.title", {"who": report.protected.department, "month": Month(about["period"])})
    title = getattr(document, language)
    made = {each.id: _chapter(each, word, words.text(Term("download.row"))) for each in chapters}
    context = {
        "title": title, "lead": words.text(lead), "purpose": words.text(Term("page.purpose")),
        "chapters": list(made.values()), "chapter": made,
    }  # fmt: skip
    try:
        word.render(context, autoescape=True)
    except TemplateError as error:
        raise InputError(f"the template cannot be filled: {error.message}; correct its place and try again") from None
    word.docx.core_properties.title = title
    target = io.BytesIO()
    word.save(target)
    return _same_bytes(target.getvalue())


def _chapter(each: Chapter, word: DocxTemplate, first: str) -> dict[str, Any]:
    passages = [_passage(passage, word, first) for passage in each.passages]
    return {"id": each.id, "title": each.title, "missing": list(each.missing), "passages": passages}


def _passage(passage: Passage, word: DocxTemplate, first: str) -> dict[str, Any]:
    drawn = [(bars(picture.table), picture.alt) for picture in passage.pictures]
    return {
        "title": passage.title,
        "lines": list(passage.lines),
        "pictures": [_Described(word, picture, alt) for picture, alt in drawn if picture is not None],
        "tables": [_table(table, first) for table in passage.tables],
    }


def _table(table: PageTable, unnamed: str) -> dict[str, Any]:
    width = max([len(table.columns) - 1, *(len(row.entries) for row in table.rows)])
    rows = [{"head": row.head, "entries": _padded([entry.text for entry in row.entries], width)} for row in table.rows]
    first, *columns = table.columns or ("",)
    return {"title": table.title, "first": first or unnamed, "columns": _padded(columns, width), "rows": rows}


def _padded(texts: Sequence[str], width: int) -> list[str]:
    return [*texts, *[""] * (width - len(texts))]


def _same_bytes(document: bytes) -> bytes:
    """The same document with fixed dates in its archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, MADE.timetuple()[:6]), old.read(item), zipfile.ZIP_DEFLATED)
    return target.getvalue()
