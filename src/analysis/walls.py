"""What code on the far side of the disclosure wall may import, touch and read: an allow-list, read from the source.

The order of the rooms is stated in ``pyproject.toml`` (import-linter). These rules are finer: pages, and the notebooks
that show them, get protected cells and nothing else, so every module, attribute and way of reading a file that they
use is named here. They are no sandbox: they catch what is written by mistake or in haste, before it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

READERS = frozenset(
    [
        "open",
        "read_parquet",
        "read_csv",
        "read_table",
        "read_excel",
        "read_feather",
        "read_orc",
        "read_json",
        "read_pickle",
        "read_sql",
        "read_text",
        "read_bytes",
        "ParquetFile",
        "ParquetDataset",
        "memory_map",
        "fromfile",
        "loadtxt",
        "genfromtxt",
        "glob",
        "rglob",
        "iterdir",
        "scandir",
        "listdir",
        "walk",
    ]
)
"""Names by which files are read or found."""
EVASIONS = frozenset({"__import__", "eval", "exec", "compile", "globals", "locals", "vars", "getattr", "import_module"})
"""Names by which code reaches what its source does not say."""


@dataclass(frozen=True)
class Rule:
    """An allow-list.

    Attributes:
        imports: modules; what lies below one is allowed too.
        reads: names of ``READERS`` that are allowed.
        evasions: names of ``EVASIONS`` that are allowed.
        attributes: None where attributes are free; else the names of each imported module that may be used. Nothing
            else has attributes then, but for ``methods``.
        methods: attributes of any object that may be used.
    """

    imports: frozenset[str]
    reads: frozenset[str] = frozenset()
    evasions: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] | None = None
    methods: frozenset[str] = frozenset()


STANDARD = frozenset(
    [
        "__future__",
        "base64",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "gettext",
        "hashlib",
        "io",
        "itertools",
        "json",
        "math",
        "re",
        "string",
        "textwrap",
        "typing",
        "unicodedata",
    ]
)
"""Modules of Python that read no files by themselves."""
PAGES = STANDARD | frozenset(
    [
        "analysis.errors",
        "analysis.publishing",
        "analysis.reference",
        "analysis.tables.digits",
        "analysis.tables.keys",
        "analysis.tables.protected",
        "babel",
        "importlib.resources",
        "jinja2",
        "markupsafe",
        "matplotlib",
        "nbconvert",
        "nbformat",
        "traitlets",
    ]
)


SECTIONS = PAGES | frozenset(
    [
        "analysis.disclosure.derived",
        "analysis.disclosure.key_figures",
        "analysis.disclosure.plan",
        "analysis.disclosure.thresholds",
        "analysis.periods",
        "analysis.sections",
        "analysis.tables.changes",
        "analysis.tables.facts",
        "analysis.tables.joins",
        "analysis.tables.competence_rows",
        "analysis.turnover.drivers.funnel",
        "analysis.workforce.indicators.filling",
        "numpy",
        "pandas",
    ]
)
"""A section's file stands on both sides of the wall, so it opens nothing: it is given results, and protected cells."""


DOWNLOADS = frozenset(
    [
        "analysis.downloads",
        "analysis.publishing.objects.atoms",
        "analysis.publishing.words.locale",
        "analysis.publishing.pages.names",
        "analysis.reference",
        "csv",
        "lxml",
        "xlsxwriter",
    ]
)


@dataclass(frozen=True)
class Room:
    """The files of a room, from the package's folder, and its rule; the first room that a file belongs to counts."""

    files: str
    rule: Rule


FIELDS = frozenset({"getattr"})
"""Objects of a page are looked through by the names of their fields."""
ROOMS = (
    # templates and catalogs of the package, and nothing else
    Room(
        "publishing/words/catalog.py",
        Rule(PAGES | {"analysis.settings", "pathlib", "tomllib"}, frozenset({"open", "read_text", "glob", "iterdir"})),
    ),
    Room("publishing/pages/render.py", Rule(PAGES, reads=frozenset({"read_text"}), evasions=FIELDS)),
    Room("publishing/pages/exporter.py", Rule(PAGES | {"pathlib"}, evasions=FIELDS)),  # the folder of its templates
    Room("publishing/objects/stock.py", Rule(PAGES | {"os"}, evasions=FIELDS)),  # drawn or data: a variable
    Room("publishing/**/*.py", Rule(PAGES, evasions=FIELDS)),
    Room("sections/*/**/*.py", Rule(SECTIONS)),
    # given the text of finished pages; opens nothing
    Room("downloads/*.py", Rule(STANDARD | DOWNLOADS)),
)
"""A part of ``publishing`` with other needs gets a line of its own here, before the last."""
REPORT_NOTEBOOKS = (
    "70-department.ipynb",
    "80-organisation.ipynb",
    "90-model-card.ipynb",
    "91-samverkan.ipynb",
    "92-methods.ipynb",
    "93-plan.ipynb",
    "94-careers.ipynb",
    "95-managers.ipynb",
)


def package_breaches(package: Path) -> list[str]:
    """Every breach of ``ROOMS`` in a copy of the package, as ``file:line: what``."""
    found, seen = [], set()
    for room in ROOMS:
        for path in sorted(package.glob(room.files)):
            if path not in seen:
                seen.add(path)
                name = path.relative_to(package).as_posix()
                found += [f"{name}:{line}: {what}" for line, what in breaches(path.read_text("utf-8"), room.rule)]
    return found


NOTEBOOK = Rule(
    frozenset({"analysis.stages.report.open_report"}),
    attributes={},
    methods=frozenset({"show", "part", "contents", "cells"}),
)
"""What a report notebook may use: the report it opens, by its sections."""


def notebook_breaches(path: Path) -> list[str]:
    """Every breach in the code cells of a report notebook, as ``name, code cell n: what``."""
    import json

    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    found: list[str] = []
    imported: dict[str, str] = {}
    for number, cell in enumerate(cells, 1):
        tree = ast.parse("".join(cell["source"]))
        imported |= _bound(tree)
        found += [f"{path.name}, code cell {number}: {what}" for _, what in _breaches(tree, NOTEBOOK, imported)]
    return found


def breaches(source: str, rule: Rule) -> list[tuple[int, str]]:
    """Line and words of every breach of a rule in a piece of Python."""
    tree = ast.parse(source)
    return list(_breaches(tree, rule, _bound(tree)))


def _breaches(tree: ast.AST, rule: Rule, imported: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for module in _modules(node):
            if not any(module == allowed or module.startswith(f"{allowed}.") for allowed in rule.imports):
                yield node.lineno, f"imports {module}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in READERS - rule.reads:
                yield node.lineno, f"reads files by {name}"
            if name in EVASIONS - rule.evasions and not _is_method(node):
                yield node.lineno, f"uses {name}"
        if isinstance(node, ast.Attribute) and rule.attributes is not None:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            allowed = rule.attributes.get(imported.get(owner, ""), frozenset()) | rule.methods
            if node.attr.startswith("_") or node.attr not in allowed:
                yield node.lineno, f"touches {owner or '…'}.{node.attr}"


def _is_method(node: ast.AST) -> bool:
    """True for ``re.compile`` and its kin: a name of an object, not the builtin."""
    return isinstance(node, ast.Attribute) and node.attr == "compile"


def _modules(node: ast.AST) -> list[str]:
    """The modules or names that a statement imports; what is imported from a package counts with its whole name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return ["." * node.level + (node.module or "")]
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _bound(tree: ast.AST) -> dict[str, str]:
    """The module that each imported name stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names
