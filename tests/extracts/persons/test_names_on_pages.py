"""A person of the delivery who is named on a page is found, and no list of names is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.extracts.persons.names_in_texts import digest_of
from analysis.extracts.persons.names_on_pages import NamesOnPages, names_on_pages

KNOWN = frozenset(digest_of(name) for name in ("anna ek", "ek anna", "bo von platen"))


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("<p>Fråga Anna Ek om kursen</p>", True),
        ("<p>Fråga <b>Ek, Anna</b></p>", True),
        ('<svg role="img" aria-label="Anna Eks grupp"></svg>', True),
        ("<td>Bo von&nbsp;Platen</td>", True),
        ('{"owner": "ANNA EK"}', True),
        ("<td>Anna</td><td>Ek</td>", False),
        ("<p>Anna bygger. Ek planteras</p>", False),
        ("<script>var anna = 1; /* Anna Ek */</script>", False),
        ("<p>Annas ek</p>", False),
    ],
)
def test_a_name_is_found_where_a_reader_would_read_it(page: str, named: bool) -> None:
    assert NamesOnPages(KNOWN)(page) is named


def test_a_school_may_bear_the_name_of_somebody(tmp_path: Path) -> None:
    found = NamesOnPages(KNOWN, ["Anna Ek-skolan", "Anna Ek"])
    assert not found("<h1>Anna Ek</h1>")
    assert found("<h1>Ek Anna</h1>")
    assert not names_on_pages(tmp_path)("<p>Anna Ek</p>")  # the raw files are erased: nothing can be looked for
