"""The page exporter: an executed report notebook in, one self-contained page out.

It is nbconvert's HTML exporter with our own template. Only the data outputs of page objects are rendered:
no code, no prose for analysts, no plain text, no metadata of the notebook or its kernel. ``jupyter
nbconvert --to rapport`` and ``render_page`` give the same bytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool, List, Unicode, default

from analysis.errors import InputError
from analysis.publishing.objects.stock import MIME, VERSION
from analysis.publishing.pages.names import SHEETS
from analysis.publishing.pages.page import Page, compose
from analysis.reference.phrases import LANGUAGES

TEMPLATES = Path(__file__).parents[1] / "templates"


class OnlyObjects(Preprocessor):
    """Takes everything off a notebook that is not the output of a code cell, before any template sees it."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Drop prose, code and metadata."""
        nb.cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell in nb.cells:
            cell.source, cell.metadata = "", NotebookNode()
        nb.metadata = NotebookNode()
        return nb, resources


class RapportExporter(HTMLExporter):
    """Exports a report notebook as a published page."""

    export_from_notebook = "Rapport"

    language = Unicode("sv", help="Language of the page: sv or en.").tag(config=True)
    languages = List(Unicode(), list(LANGUAGES), help="Languages of the edition, the first is the index's.").tag(
        config=True
    )
    file = Unicode(SHEETS, help="Which file of a report: sheets or underlag.").tag(config=True)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "rapport"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True  # nothing of the notebook but its data outputs is used, and those are checked by ``restore``

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[Any]:
        return [OnlyObjects]

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.filters["rapport"] = self.page
        return environment

    def page(self, notebook: NotebookNode) -> Page:
        """What the page template is given."""
        return compose(outputs(notebook), self.language, self.languages, self.file)

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render the page without ``HTMLExporter``'s second parse of it: our pages bring their alt texts."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def outputs(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The data outputs of a notebook, in order.

    Raises:
        InputError: a cell failed, or the notebook was run with another version of the package.
    """
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise InputError(
                    "a cell of the report notebook failed, so there is no page; run the notebook to see why"
                )
            bundle = output.get("data", {}).get(MIME)
            if bundle is None:
                continue
            if bundle["version"] != VERSION:
                raise InputError("the notebook was run with another version of the package; run it again")
            found.append(bundle)
    return found


@cache
def exporter(language: str, languages: tuple[str, ...], file: str = SHEETS) -> RapportExporter:
    """The exporter of a language and a file, made once: compiling its template costs more than a page."""
    return RapportExporter(language=language, languages=list(languages), file=file)


def render_page(
    notebook: NotebookNode, language: str, languages: tuple[str, ...] = LANGUAGES, file: str = SHEETS
) -> str:
    """The finished page of an executed report notebook in one language.

    Args:
        notebook: the executed notebook.
        language: language of the page.
        languages: languages of the edition, the first is the index's.
        file: which of a report's two files (``pages.names``).

    Raises:
        InputError: the notebook is no whole report, or a message is missing.
    """
    page, _ = exporter(language, languages, file).from_notebook_node(notebook)
    return page
