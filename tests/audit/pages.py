"""Small pages as the exporter prints them: rows of figures with their keys, and what stands around them."""

from __future__ import annotations

from pathlib import Path

Row = tuple[str, dict[str, str | None]]
"""Label, and printed figures by key; None where one is withheld."""


def figure(rows: list[Row], *, alt: str = "Diagram", words: str = "", drawing: str = "") -> str:
    lines = []
    for label, cells in rows:
        inside = "".join(_cell(key, text) for key, text in cells.items())
        lines.append(f'<tr><th scope="row">{label}</th>{inside}</tr>')
    return (
        f'<figure><div role="img" aria-label="{alt}"><svg>{drawing}</svg></div><p>{words}</p>'
        f"<table><tbody>{''.join(lines)}</tbody></table></figure>"
    )


def _cell(key: str, text: str | None) -> str:
    if text is None:
        return f'<td><span class="silent" data-cell="{key}" data-status="withheld">ej redovisat</span></td>'
    value = text.split()[0].rstrip("%").replace(",", ".")
    return f'<td><data value="{value}" data-cell="{key}">{text}</data></td>'


def write(folder: Path, **pages: str) -> Path:
    """Pages by name; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in pages.items():
        text = f'<!doctype html><html lang="sv"><body><h1>{name}</h1>{body}</body></html>'
        (folder / f"{name}.sv.html").write_text(text, encoding="utf-8")
    return folder


def exits(department: str, counts: dict[str, int | None]) -> list[Row]:
    """Rows of leavers by cause as a department's page shows them."""
    return [
        (row.capitalize(), {f"exits/{department}/{row}/total": None if count is None else str(count)})
        for row, count in counts.items()
    ]
