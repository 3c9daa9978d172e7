"""The attacker on a document: every number of it is printed on a published page, or stood in the template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from html import unescape

from analysis.audit.scan import scan

MARKUP = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.S)
NUMBER = re.compile(r"\d{1,3}(?:[\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)*")
PARAGRAPH = re.compile(
    r"</(?:w:p|p|td|th|li|dd|dt|h[1-6]|text|figcaption|summary|caption|div|(?:dc|cp|dcterms):\w+)>"
    r"|<(?:br|w:br|w:tab)\b[^>]*>"
)
"""What ends a line; runs within a paragraph do not."""
WORDS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|docProps/(?:core|app)\.xml")
"""Parts of a Word file that hold words."""
SAID = re.compile(r'\b(?:descr|aria-label|alt|title)="([^"]*)"')
PICTURES = re.compile(r"word/media/[^/]+\.png")


def check_document(
    document: bytes, template: bytes, pages: Sequence[str], secrets: Mapping[str, frozenset[str]], *, name: str
) -> list[str]:  # fmt: skip
    """What keeps a filled document from being written.

    Args:
        document: the filled Word file.
        template: what it was filled into.
        pages: the published pages that its figures come from.
        secrets: words that must stand nowhere, by what they are.
        name: its name, for messages.

    Returns:
        Sentences; none where nothing is wrong. They say no number.
    """
    before, after = _parts(template), _parts(document)
    strange = [
        part
        for part, content in after.items()
        if before.get(part) != content and not (WORDS.fullmatch(part) or PICTURES.fullmatch(part) or _plain(part))
    ]
    found = [f"{name}: the attacker cannot read its part {part}" for part in strange]
    text = _text(after)
    found += scan({name: text}, secrets)
    known = numbers(_text(before)) | {number for page in pages for number in numbers(_said(HIDDEN.sub(" ", page)))}
    # where a label ends in a number, the figure after it may be read as its thousands
    unknown = [each for each in numbers(text) if each not in known and not set(each.split()) <= known]
    if unknown:
        found.append(f"{name} holds {len(unknown)} numbers that no published page shows")
    return found


def numbers(text: str) -> set[str]:
    """Numbers as they are written, blanks within them made alike."""
    return {re.sub(r"[\u00a0\u202f ]", " ", number) for number in NUMBER.findall(text)}


def _plain(part: str) -> bool:
    """Parts that name other parts, styles and pictures, and no words of a document."""
    return part.endswith(".rels") or part == "[Content_Types].xml" or part.startswith(("word/theme/", "word/styles"))


def _parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _text(parts: Mapping[str, bytes]) -> str:
    return "\n".join(_said(content.decode("utf-8")) for part, content in parts.items() if WORDS.fullmatch(part))


def _said(markup: str) -> str:
    """Words and alt texts, a line for each paragraph."""
    spoken = [unescape(text) for text in SAID.findall(markup)]
    return unescape(MARKUP.sub("", PARAGRAPH.sub("\n", markup))) + "\n" + "\n".join(spoken)
