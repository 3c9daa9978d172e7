"""Walls between the rooms, read from the source."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "analysis"
ORDER = [
    "extracts",
    "workforce",
    "competence",
    "businessplan",
    "turnover",
    "staffing",
    "disclosure",
    "comparators",
    "publishing",
    "edition",
]
SHARED = {"errors", "periods", "reference", "settings", "tables"}


def imports(path: Path) -> set[str]:
    """Names below ``analysis`` that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "analysis":
            below = node.module.split(".")[1:]
            found |= {".".join(below)} if below else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("analysis.") for alias in node.names if alias.name.startswith("analysis.")
            }
    return found


@pytest.mark.parametrize("path", sorted((PACKAGE / "publishing").rglob("*.py")), ids=lambda path: path.name)
def test_publishing_reads_nothing_but_protected_tables(path: Path) -> None:
    allowed = ("publishing", "tables.protected", "reference", "errors")
    assert [name for name in imports(path) if not name.startswith(allowed)] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "publishing").rglob("*.py")), ids=lambda path: path.name)
def test_publishing_opens_no_table_itself(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not any(word in source for word in ("read_parquet", "read_csv", "read_excel", "data/processed", "data/raw"))


def test_rooms_know_only_the_rooms_before_them() -> None:
    wrong = []
    for place, room in enumerate(ORDER[:-1]):
        later = set(ORDER[place + 1 :])
        for path in (PACKAGE / room).rglob("*.py"):
            wrong += [f"{room}/{path.name} imports {name}" for name in imports(path) if name.split(".")[0] in later]
    assert wrong == []


def test_report_notebooks_read_only_the_protected_report() -> None:
    import nbformat

    for name in ("70-department.ipynb", "80-organisation.ipynb", "90-model-card.ipynb", "91-samverkan.ipynb"):
        notebook = nbformat.read(PACKAGE.parents[1] / "notebooks" / name, as_version=4)
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        modules = {
            node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module
        }
        assert all(module.startswith(("analysis.publishing", "analysis.edition")) for module in modules), modules
        assert "open_stage" not in source
        assert "read_parquet" not in source


def test_notebooks_are_committed_without_outputs() -> None:
    import nbformat

    notebooks = sorted((PACKAGE.parents[1] / "notebooks").glob("*.ipynb"))
    assert len(notebooks) == 10
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert not cell.outputs, path.name
                assert cell.execution_count is None, path.name
                assert not any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(cell.source))), (
                    path.name
                )
