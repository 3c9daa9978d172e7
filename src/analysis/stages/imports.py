"""Which source a notebook runs: the modules that its cells import, and what these import in turn.

Read from the text, nothing is executed. An import inside a function counts like one at the top, and a text that is the
name of one of our modules counts as an import of it: rather one module too many than one missing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from analysis.execution.cells import code_of

PACKAGE = Path(__file__).resolve().parents[1]
BESIDE = ("sample", "execution.forked", "execution.forkserver")
"""Code that is left out: what the sample writes is a delivery, and deliveries are digested by their content; and a
forked kernel, which names modules to import early, gives what a kernel started anew gives."""


def reached(notebook: Path, package: Path = PACKAGE, more: Iterable[str] = ()) -> list[Path]:
    """Source files that a notebook's code cells (and the modules ``more``) reach by imports, in order of their names.

    Args:
        notebook: the notebook; modules beside it are followed too.
        package: folder of our package.
        more: modules that count as imported by the notebook.

    Returns:
        Paths of ``*.py``: of the package, and of modules that lie beside the notebook.
    """
    places = (package.parent, notebook.parent)
    found: set[Path] = set()
    waiting = [name for cell in code_of(notebook) for name in _names(_without_magics(cell), "", package.name)]
    waiting += more
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or any(_below(name, f"{package.name}.{room}") for room in BESIDE):
            continue
        seen.add(name)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        path = _file(name, package.name, places)
        if path is not None and path not in found:
            found.add(path)
            here = name if path.name == "__init__.py" else name.rpartition(".")[0]
            waiting += _of_file(path, path.stat().st_mtime_ns, here, package.name)
    return sorted(found)


def remember(package: Path = PACKAGE) -> None:
    """Read every source of ours, so that processes forked from this one need not (``stages.preloaded``)."""
    for path in sorted(package.rglob("*.py")):
        here = ".".join(path.relative_to(package.parent).parent.parts)
        _of_file(path, path.stat().st_mtime_ns, here, package.name)


@lru_cache(maxsize=2000)
def _of_file(path: Path, changed: int, here: str, package: str) -> tuple[str, ...]:
    return _names(path.read_text(encoding="utf-8"), here, package)


def _names(source: str, here: str, package: str) -> tuple[str, ...]:
    """Dotted names that a source may import, standing in the package ``here``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here.split(".")[: len(here.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _below(node.value, package):
            found.add(node.value)
    return tuple(sorted(found - {""}))


def _below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _without_magics(source: str) -> str:
    """A cell without IPython's own lines, which are no Python."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())


def _file(name: str, package: str, places: Iterable[Path]) -> Path | None:
    ours, beside = places
    parts = name.split(".")
    start = (ours if parts[0] == package else beside).joinpath(*parts)
    for path in (start / "__init__.py", start.with_suffix(".py") if start.name else start):
        if path.is_file():
            return path
    return None
