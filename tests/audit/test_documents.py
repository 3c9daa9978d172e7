"""Leaks planted in Word documents: numbers, persons, hidden parts."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from analysis.audit.documents import check_document, numbers

PAGE = (
    '<p>Slutade 1\u00a0234 av 30,5&nbsp;% </p><th scope="row">till dag 14</th><td>3,8 %</td>'
    "<style>b{width:77px}</style>"
)


def word(*lines: str, author: str = "") -> bytes:
    made = docx.Document()
    made.core_properties.author = author
    for line in lines:
        made.add_paragraph(line)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def said(document: bytes, **secrets: str) -> list[str]:
    held = {name.replace("_", " "): frozenset({word}) for name, word in secrets.items()}
    return check_document(document, word("Mall från 2024"), [PAGE], held, name="plan.docx")


def test_what_pages_and_template_say() -> None:
    assert said(word("Mall från 2024", "1\u00a0234 slutade, 30,5 %", "Till dag 14: 3,8 %")) == []


@pytest.mark.parametrize("number", ["7", "1 235", "30,4 %", "77"])
def test_a_number_that_no_page_shows(number: str) -> None:
    assert said(word(f"Varav {number}")) == ["plan.docx holds 1 numbers that no published page shows"]


def test_a_person_in_the_documents_properties() -> None:
    assert said(word("Mall", author="Anna Nyberg-Testsson"), the_name_of_a_person="Anna Nyberg-Testsson") == [
        "plan.docx holds the name of a person"
    ]


def test_a_part_that_cannot_be_read() -> None:
    target = io.BytesIO(word("Mall"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/embeddings/oleObject1.bin", b"rows")
    assert said(target.getvalue()) == ["plan.docx: the attacker cannot read its part word/embeddings/oleObject1.bin"]


def test_numbers_with_thousands_and_labels_that_end_in_one() -> None:
    assert numbers("1\u00a0234 och 30,5") == {"1 234", "30,5"}
    assert numbers("dag 14 3,8") == {"14", "3,8"}
