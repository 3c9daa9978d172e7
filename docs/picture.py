"""Take the picture of README: the first sheet of a department of the sample edition (``make picture``).

Needs the sample edition (``make edition``) and Debian's chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "reports" / "sample-2025-12" / "d0101" / "d0101.sv.html"
PICTURE = ROOT / "docs" / "first-screen.png"
WIDTH, HEIGHT = 1280, 1280


def main() -> str:
    """Take it; returns what is missing, '' where nothing is."""
    browser = shutil.which("chromium")
    if browser is None:
        return "chromium is not installed; on Debian: apt-get install chromium"
    if not PAGE.is_file():
        return f"{PAGE.relative_to(ROOT)} is not there; run make edition"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(PAGE.as_uri())
        page.screenshot(path=PICTURE)
        chromium.close()
    return ""


if __name__ == "__main__":
    sys.exit(main() or None)
