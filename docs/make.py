"""Write what of these documents is made from the code: ``python docs/make.py`` (``make docs``); a test compares them.

``definitions.md`` from the definitions, ``rooms.svg`` and the list of rooms in ``architecture.md`` from the layers of
import-linter (``pyproject.toml``) and from what each room says of itself.
"""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

from analysis.reference import definitions

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BANDS = {
    "Who runs it": ("cli", "runner", "stages", "execution", "edition", "retention", "papers", "access"),
    "Rows about persons: they stay here": (
        "sample", "extracts", "workforce", "competence", "businessplan", "turnover", "staffing",
    ),
    "The wall": ("disclosure",),
    "Protected cells: what may be shown": ("sections", "comparators", "publishing", "downloads", "documents", "audit"),
    "What all of them know": ("contracts", "tables", "reference", "settings", "walls", "periods", "private", "errors"),
}  # fmt: skip
"""Where a room stands in the picture; a room that is new needs a place here as it does among the layers."""
BEGIN, END = "<!-- rooms: written by docs/make.py -->", "<!-- end of rooms -->"
WIDTH, BOX, GAP, LINE = 960, 180, 10, 15


def layers() -> list[str]:
    """Every room, from the one that knows all others down to the one that knows none.

    Raises:
        KeyError: a layer has no place in the picture.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rooms = next(contract for contract in contracts["contracts"] if contract["id"] == "rooms")["layers"]
    found = [name.strip() for layer in rooms for name in layer.split("|")]
    if strange := set(found) ^ {name for names in BANDS.values() for name in names}:
        raise KeyError(f"docs/make.py, BANDS: {', '.join(sorted(strange))} is in one of the two lists only")
    return found


def said(room: str) -> str:
    """What a room says of itself: the first line of its docstring."""
    return inspect.getdoc(importlib.import_module(f"analysis.{room}")).splitlines()[0]  # type: ignore[union-attr]


def within(room: str) -> list[str]:
    """The rooms within a room, by name; a folder counts that says what it makes."""
    folder = ROOT / "src" / "analysis" / room
    found = sorted(path.parent.name for path in folder.glob("*/__init__.py"))
    return [name for name in found if inspect.getdoc(importlib.import_module(f"analysis.{room}.{name}"))]


def rooms_list() -> str:
    """The rooms as Markdown, top layer first, each with those within it."""
    where = {name: band for band, names in BANDS.items() for name in names}
    lines = ["| room | what it makes | side |", "|---|---|---|"]
    for name in layers():
        lines.append(f"| `{name}` | {said(name)} | {where[name].split(':')[0].lower()} |")
        lines += [f"| `{name}/{inner}` | {said(f'{name}.{inner}')} | |" for inner in within(name)]
    return "\n".join(lines)


def rooms_picture() -> str:
    """The rooms as SVG: a band each for persons, the wall and pages."""
    parts, top = [], GAP
    columns = (WIDTH - GAP) // (BOX + GAP)
    for band, names in BANDS.items():
        texts = [wrap(said(name).replace("``", "").rstrip("."), 30) for name in names]
        rows = [texts[at : at + columns] for at in range(0, len(texts), columns)]
        heights = [LINE * (max(map(len, row)) + 1) + 14 for row in rows]
        height = 26 + sum(heights) + GAP * len(heights)
        wall = ' class="wall"' if band == "The wall" else ""
        parts.append(f'<rect{wall} x="0" y="{top}" width="{WIDTH}" height="{height}"/>')
        parts.append(f'<text class="band" x="{GAP}" y="{top + 18}">{escape(band)}</text>')
        place, y = 0, top + 26
        for row, tall in zip(rows, heights, strict=True):
            for column, lines in enumerate(row):
                x = GAP + column * (BOX + GAP)
                parts.append(f'<rect class="room" x="{x}" y="{y}" width="{BOX}" height="{tall}"/>')
                parts.append(f'<text class="name" x="{x + 8}" y="{y + 18}">{names[place]}</text>')
                parts += [
                    f'<text x="{x + 8}" y="{y + 18 + LINE * (number + 1)}">{escape(line)}</text>'
                    for number, line in enumerate(lines)
                ]
                place += 1
            y += tall + GAP
        top += height + GAP
    style = (
        "text{font:11px sans-serif;fill:#222}.name{font-weight:bold;font-size:13px}.band{font-size:13px;fill:#555}"
        "rect{fill:#f2f2f2}.wall{fill:#e0c9b8}.room{fill:#fff;stroke:#888}"
    )
    title = "Rooms of src/analysis: who runs it, rows about persons, the wall, protected cells, what all know"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" aria-label="{title}">'
    return "\n".join([head, f"<title>{title}</title>", f"<style>{style}</style>", *parts, "</svg>", ""])


def _code(entry: dict[str, Any]) -> str:
    if not entry["function"]:
        return ""
    place, _, name = f"analysis.{entry['function']}".rpartition(".")
    found = inspect.unwrap(getattr(importlib.import_module(place), name))
    file = Path(inspect.getsourcefile(found) or "").relative_to(ROOT / "src/analysis").as_posix()
    return f"`{file}`"


def definitions_page() -> str:
    """Every definition as Markdown, the variants of one measure together."""
    parts = [
        "# Definitions",
        "",
        "Written by `python docs/make.py` from `src/analysis/reference/data/definitions.toml`. Every figure has one of",
        "these definitions; those of one measure are variants of each other, the first is the local one. `analysis",
        "indicators ID` says one in full, in Swedish or English. Code: the file below `src/analysis` that computes it.",
    ]
    every = sorted(definitions().items(), key=lambda item: item[1]["measure"])  # stable: variants keep their order
    for measure, group in groupby(every, key=lambda item: item[1]["measure"]):
        parts += ["", f"## {measure}", "", "| id | name | formula | population | period | least | source | code |"]
        parts.append("|---|---|---|---|---|---|---|---|")
        for key, entry in group:
            computed = entry["status"] == "computed"
            formula = entry["formula_en"] or " / ".join(filter(None, [entry["numerator_en"], entry["denominator_en"]]))
            cells = (
                f"`{key}`", f"{entry['en']}<br>{entry['sv']}", formula, entry["population_en"], entry["period_rule_en"],
                entry["min_n_en"], entry["source"], _code(entry) if computed else f"not computed: {entry['why_en']}",
            )  # fmt: skip
            parts.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*parts, ""])


def architecture() -> str:
    """``architecture.md`` with its list of rooms written anew."""
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    block = f"{BEGIN}\n\n{rooms_list()}\n\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: block, text, flags=re.DOTALL)


WRITTEN = {"definitions.md": definitions_page, "rooms.svg": rooms_picture, "architecture.md": architecture}

if __name__ == "__main__":
    for name, write in WRITTEN.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
