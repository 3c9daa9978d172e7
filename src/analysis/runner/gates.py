"""Gates a page passes before it is published: what must never be in it, checked in the finished text."""

from __future__ import annotations

import re
from collections.abc import Set

from analysis.errors import GateError

_DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d|[6-9]\d)"
# ten digits without a separator are left alone: too many amounts and identifiers look like them
PERSONNUMMER = re.compile(rf"(?<![\w.-])(?:(?:19|20){_DATE}[-+]?|{_DATE}[-+])\d{{4}}(?![\w-])")
PSEUDONYM = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
EXTERNAL = re.compile(
    r"""(?:src|srcset)\s*=\s*["'](?!data:)|<link\b[^>]*\bhref\s*=|@import|url\(\s*["']?(?:https?:)?//""", re.I
)
PLACEHOLDER = "No description has been provided"
MAX_BYTES = 3_000_000


def check_page(html: str, *, name: str, persons: Set[str]) -> None:
    """Check one finished page.

    Args:
        html: the page.
        name: its file name, for the message.
        persons: every pseudonym on the near side of the wall.

    Raises:
        GateError: a personal identity number, a pseudonym, an external resource, a placeholder or too much weight.
    """
    problems = []
    if PERSONNUMMER.search(html):
        problems.append("something that looks like a personal identity number")
    if any(found in persons for found in PSEUDONYM.findall(html)):
        problems.append("the pseudonym of a person")
    if EXTERNAL.search(html):
        problems.append("a resource from outside the page")
    if PLACEHOLDER in html:
        problems.append("a picture without a description")
    if len(re.findall(r"<h1[\s>]", html)) != 1:
        problems.append("other than one main heading")
    if len(html.encode()) > MAX_BYTES:
        problems.append(f"more than {MAX_BYTES // 1_000_000} MB")
    if problems:
        raise GateError(f"page {name} holds {' and '.join(problems)}; it is not published")
