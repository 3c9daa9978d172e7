"""The list of editions: the newest first, and below each the builds that it has replaced."""

from __future__ import annotations

import re

import pytest

from analysis.publishing.objects.atoms import Name
from analysis.publishing.pages.editions import Edition, render_editions


def edition(name: str, period: str = "2025-12", built: str = "2026-01-10") -> Edition:
    return Edition(name, Name("Ort", "Town"), period, built, 3, ("sv", "en"))


@pytest.mark.parametrize(("language", "word"), [("sv", "ersatt"), ("en", "replaced")])
def test_a_build_that_was_replaced_stands_below_the_edition_and_says_so(language: str, word: str) -> None:
    given = [
        edition("a-2025-12~1", built="2026-01-02"), edition("a-2025-12~10"), edition("a-2025-12~2"),
        edition("a-2025-12"), edition("b-2025-08", "2025-08"),
    ]  # fmt: skip
    page = render_editions(given, language, ("sv", "en"))
    rows = re.findall(r"[ab]-2025-\d\d(?:~\d+)?(?:, \w+)?(?=<)", page)
    replaced = [f"a-2025-12~{number}, {word}" for number in (10, 2, 1)]
    assert rows == ["a-2025-12", *replaced, "b-2025-08"]
