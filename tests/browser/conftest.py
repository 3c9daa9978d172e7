"""A headless Chromium for the page tests: Debian's, without any network.

Without Chromium the tests are skipped loudly; where ``CI`` is set, that is a failure: it is installed there.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.publishing.pages.exporter import render_page
from analysis.publishing.pages.names import CARDS, FILES, SHEETS, page_name
from tests.publishing import fixture, notebooks
from tests.publishing.test_pages import index

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WHY = "no chromium: the page tests (accessibility, phone, print) were NOT run; apt-get install chromium"


def chromium() -> str:
    """Path of Chromium; skips, or fails where it must be there."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(WHY)
        warnings.warn(WHY, stacklevel=2)
        pytest.skip(WHY)
    return path


def address(folder: Path, name: str) -> str:
    """Where a page lies: ``d0101.sv`` its sheets, ``d0101/underlag.sv`` the tables behind, else at the top."""
    stem = name.split(".")[0]
    path = folder / f"{name}.html"
    return (path if path.is_file() else folder / stem / f"{name}.html").as_uri()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small edition: every kind of page in both languages, and one with much withheld or missing."""
    folder = tmp_path_factory.mktemp("site")
    frame = fixture.silence(fixture.cells(), "bridge", "employer")
    frame = fixture.silence(fixture.silence(frame, "bridge", "other"), "turnover_series", "2023-12")
    frame = fixture.without(fixture.silence(frame, "key_figures", "qualified"), "courses", "sick_leave")
    runs = {
        "d0101": notebooks.run("department", fixture.report()),
        "d0201": notebooks.run("department", fixture.report("d0201", frame=frame)),
        "organisation": notebooks.run("organisation", fixture.report("all")),
        "methods": notebooks.run("methods", fixture.report("all")),
        "model-card": notebooks.run("model-card", fixture.report("all")),
        "samverkan": notebooks.run("samverkan", fixture.report("all")),
    }
    for language in ("sv", "en"):
        for stem, run in runs.items():
            for file in FILES if stem not in CARDS else (SHEETS,):
                page = folder / page_name(stem, language, ("sv", "en"), file)
                page.parent.mkdir(exist_ok=True)
                page.write_text(render_page(run, language, file=file), encoding="utf-8")
        name = "index.html" if language == "sv" else "index.en.html"
        (folder / name).write_text(index(language), encoding="utf-8")
    return folder
