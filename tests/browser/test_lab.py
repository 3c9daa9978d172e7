"""An object looks in an output of JupyterLab as it does by itself: Lab's own style reaches none of its elements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.publishing.pages.render import standalone
from tests.publishing import fixture
from tests.publishing.showing import show

SHOWN = (
    "masthead", "verdict", "bridge", "fan", "groups", "trust", "key_figures", "activities", "turnover", "leavers",
    "headcount", "ages", "definitions", "assumptions", "passport",
)  # fmt: skip
LOOK = """() => {
  const names = ['float', 'clear', 'display', 'fontWeight', 'fontStyle', 'fontSize', 'lineHeight', 'fontFamily',
    'textAlign', 'verticalAlign', 'color', 'backgroundColor', 'textDecorationLine', 'listStyleType', 'whiteSpace',
    'marginTop', 'marginLeft', 'paddingTop', 'paddingLeft', 'paddingRight', 'borderBottomWidth', 'maxWidth'];
  const found = [];
  for (const at of document.querySelectorAll('div.rapport *')) {
    if (at.closest('svg') || at.closest('style') || at.tagName === 'STYLE') continue;
    const held = getComputedStyle(at);
    found.push([at.tagName.toLowerCase(), ...names.map(name => name + ': ' + held[name])]);
  }
  return found;
}"""


def look(browser: Any, html: str, file: Path) -> list[list[str]]:
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    found: list[list[str]] = page.evaluate(LOOK)
    page.close()
    return found


def in_lab(html: str) -> str:
    """The output as JupyterLab's own template shows it."""
    output = new_output("display_data", data={"text/html": html})
    node = new_notebook(cells=[new_code_cell("report", outputs=[output])])
    nbformat.validate(node)
    return HTMLExporter(template_name="lab").from_notebook_node(node)[0]


@pytest.mark.parametrize("id", SHOWN)
def test_no_element_of_an_object_is_styled_by_jupyterlab(browser: Any, tmp_path: Path, id: str) -> None:
    html = standalone(show(id, fixture.report()), "sv")
    alone = look(browser, f"<!doctype html><html lang='sv'><body>{html}</body></html>", tmp_path / "alone.html")
    lab = look(browser, in_lab(html), tmp_path / "lab.html")
    assert len(alone) == len(lab) > 0
    differs = {
        (one[0], is_, was) for one, two in zip(alone, lab, strict=True) for was, is_ in zip(one, two, strict=True)
        if was != is_
    }  # fmt: skip
    assert differs == set()
