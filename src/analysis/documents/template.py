"""The template that is shipped, made anew each time: a municipality writes it out, changes it in Word and owns it.

Its places are those of docxtpl: ``title``, ``lead``, ``purpose``, and ``chapters``, each with ``title``, ``missing``
and ``passages`` (``title``, ``lines``, ``pictures``, ``tables``). ``chapter.need`` is one chapter by its id.
"""

from __future__ import annotations

import io
from datetime import datetime

from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

TABLE = "Table Grid"
MADE = datetime(1980, 1, 1)
"""When the template was made: equal templates are equal bytes."""


def default_template(language: str) -> bytes:
    """A plain template: title, lead, then chapter after chapter.

    Args:
        language: language of the document, for screen readers and spelling (sv or en).
    """
    word = Document()
    word.core_properties.created = word.core_properties.modified = MADE
    word.core_properties.author = word.core_properties.last_modified_by = ""
    _speaks(word, {"sv": "sv-SE", "en": "en-GB"}.get(language, language))
    word.add_paragraph("{{ title }}", style="Title")
    word.add_paragraph("{{ lead }}")
    word.add_paragraph("{{ purpose }}").runs[0].italic = True
    _open(word, "for chapter in chapters")
    word.add_paragraph("{{ chapter.title }}", style="Heading 1")
    _each(word, "line", "chapter.missing", "Normal")
    _open(word, "for passage in chapter.passages")
    word.add_paragraph("{{ passage.title }}", style="Heading 2")
    _each(word, "line", "passage.lines", "Normal")
    _each(word, "picture", "passage.pictures", "Normal")
    _open(word, "for table in passage.tables")
    word.add_paragraph("{{ table.title }}", style="Caption").paragraph_format.keep_with_next = True
    _table(word)
    for _ in range(3):
        _open(word, "endfor")
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _open(word: Word, tag: str) -> None:
    word.add_paragraph(f"{{%p {tag} %}}")


def _each(word: Word, name: str, of: str, style: str) -> None:
    _open(word, f"for {name} in {of}")
    word.add_paragraph(f"{{{{ {name} }}}}", style=style)
    _open(word, "endfor")


def _table(word: Word) -> None:
    """A table with as many columns and rows as there are; its first row is repeated on each page as its header."""
    table = word.add_table(rows=4, cols=4, style=TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    rows = (
        ("{{ table.first }}", "{%tc for column in table.columns %}", "{{ column }}", "{%tc endfor %}"),
        ("{%tr for row in table.rows %}", "", "", ""),
        ("{{ row.head }}", "{%tc for entry in row.entries %}", "{{ entry }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(8)
            run.bold = row is table.rows[0] or None
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _speaks(word: Word, language: str) -> None:
    for tag in word.styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), language)
    word.core_properties.language = language
