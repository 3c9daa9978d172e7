"""A published page as a tagged PDF: Chromium prints it, and what a screen reader needs is looked for first.

The identifier of PDF/UA (ISO 14289-1) is set only on a file that has all that is looked into; that is no full
validation (veraPDF is one).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from analysis.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
TIMEOUT = 120
"""Seconds after which a page is given up."""
DATED = "D:19800101000000Z"
"""The date in a PDF's properties: the same page gives the same file."""
FIGURES = ("/Figure", "/Formula")
"""Kinds of structure elements that need an alt text."""


def find_chromium(named: str | None = None) -> str:
    """The browser that prints.

    Args:
        named: its name or path; None: the first that is found.

    Raises:
        InputError: there is none.
    """
    found = [path for name in ((named,) if named else BROWSERS) if (path := shutil.which(name)) is not None]
    if not found:
        what = f"there is no browser {named}" if named else "no Chromium was found"
        raise InputError(f"{what}; install one (on Debian: apt-get install chromium) or name it with --chromium PATH")
    return found[0]


def printed(page: Path, chromium: str) -> bytes:
    """A page as tagged PDF, checked, with the identifier of PDF/UA.

    Args:
        page: the published page.
        chromium: the browser (``find_chromium``).

    Raises:
        InputError: the browser fails, or what it made lacks what a screen reader needs.
    """
    with tempfile.TemporaryDirectory(prefix="analysis-pdf-") as folder:
        target = Path(folder) / "page.pdf"
        command = [
            chromium, "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", "--export-tagged-pdf", "--generate-pdf-document-outline",
            "--no-pdf-header-footer", f"--print-to-pdf={target}", page.resolve().as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium has no sandbox for root
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(f"{page.name} could not be printed ({type(error).__name__}); try again") from None
        if done.returncode or not target.is_file():
            raise InputError(f"{page.name} could not be printed: {Path(chromium).name} ended with {done.returncode}")
        return finished(target.read_bytes(), page.name)


def finished(pdf: bytes, name: str) -> bytes:
    """The PDF with its title shown, fixed dates and the identifier of PDF/UA.

    Args:
        pdf: what the browser made.
        name: the page's name, for messages.

    Raises:
        InputError: it lacks tags, language, title, an alt text or a table's header cells.
    """
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for sheet in file.pages:
            sheet.obj.Tabs = pikepdf.Name("/S")
        for date in ("/CreationDate", "/ModDate"):
            file.docinfo[date] = DATED
        lacks = lacking(file)
        if lacks:
            raise InputError(f"the PDF of {name} lacks {', '.join(lacks)}; it was not written")
        with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
            about["dc:title"] = str(file.docinfo["/Title"])
            about["dc:language"] = {str(file.Root.Lang)}
            about["pdfuaid:part"] = "1"
        target = io.BytesIO()
        file.save(target, deterministic_id=True, linearize=False)
        return target.getvalue()


def lacking(file: pikepdf.Pdf) -> list[str]:
    """What a reader with a screen reader would miss; empty where everything that is looked into is there.

    Tags, language, title, an alt text of every figure, and header cells of every table (ISO 14289-1, 7.1 to 7.5).
    """
    root, lacks = file.Root, []
    if "/MarkInfo" not in root or not root.MarkInfo.get("/Marked", False) or "/StructTreeRoot" not in root:
        return ["tags"]
    if not str(root.get("/Lang", "")):
        lacks.append("its language")
    if not str(file.docinfo.get("/Title", "")):
        lacks.append("a title")
    elements = list(structure(root.StructTreeRoot))
    silent = sum(1 for each in elements if each.get("/S") in FIGURES and not str(each.get("/Alt", "")).strip())
    if silent:
        lacks.append(f"the alt text of {silent} figures")
    tables = [each for each in elements if each.get("/S") == "/Table"]
    bare = sum(1 for each in tables if not any(cell.get("/S") == "/TH" for cell in structure(each)))
    if bare:
        lacks.append(f"the header cells of {bare} tables")
    return lacks


def structure(element: Any) -> Iterator[Any]:
    """Every structure element below one."""
    stack = [element]
    while stack:
        kids = stack.pop().get("/K")
        below = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        inner = [kid for kid in below if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        yield from inner
        stack += reversed(inner)
