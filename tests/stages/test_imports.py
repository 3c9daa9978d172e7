from __future__ import annotations

from analysis.stages import imports
from analysis.stages.imports import reached
from tests.conftest import REPOSITORY

NOTEBOOK = REPOSITORY / "notebooks" / "60-disclosure.ipynb"


def test_sources_read_beforehand_are_not_read_again() -> None:
    """What a forked kernel finds remembered is what it would have read itself."""
    reached(NOTEBOOK)
    imports._of_file.cache_clear()
    imports.remember()
    before = imports._of_file.cache_info().misses
    found = reached(NOTEBOOK)
    assert imports._of_file.cache_info().misses == before
    imports._of_file.cache_clear()
    assert reached(NOTEBOOK) == found
