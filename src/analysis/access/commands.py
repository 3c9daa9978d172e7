"""``analysis access``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True)


@app.command()
def access(
    edition: Annotated[
        Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Argument(help="Names of editions. Default: every edition in reports.", show_default=False),
    ] = None,
    map_file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--map", help="Who may open what. Default: access.toml of the project."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder to write to. Default: access."),
    ] = None,
) -> None:
    """Write the configuration of nginx that opens each report to those whom access.toml names."""
    from analysis.access.access_map import FILE, read_map
    from analysis.access.doors import unnamed
    from analysis.access.writing import write_access
    from analysis.settings import find_root

    root = find_root()
    written, editions = write_access(root, edition or (), read_map(map_file or root / FILE), out or root / "access")
    for page in unnamed(editions):
        typer.echo(f"{page} shows figures of departments: only readers of the whole open it", err=True)
    for path in written:
        typer.echo(path)
