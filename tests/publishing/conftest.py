"""Executed report notebooks and their pages, made once for all tests of the room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from analysis.publishing.pages.exporter import render_page
from tests.publishing import fixture, notebooks


@pytest.fixture(scope="session")
def department() -> NotebookNode:
    return notebooks.run("department", fixture.report())


@pytest.fixture(scope="session")
def organisation() -> NotebookNode:
    return notebooks.run("organisation", fixture.report("all"))


@pytest.fixture(scope="session")
def page(department: NotebookNode, organisation: NotebookNode) -> Callable[[str, str], str]:
    made: dict[tuple[str, str], str] = {}
    nodes = {"department": (department, "sheets"), "organisation": (organisation, "sheets")}
    nodes |= {"underlag": (department, "underlag"), "organisation.underlag": (organisation, "underlag")}

    def get(name: str, language: str) -> str:
        if (name, language) not in made:
            made[name, language] = render_page(nodes[name][0], language, file=nodes[name][1])
        return made[name, language]

    return get
