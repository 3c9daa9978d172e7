"""``analysis papers``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True)


@app.command()
def papers(
    edition: Annotated[str, typer.Argument(help="Name of the edition.", show_default=False)],
    out: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="Folder to write to. Default: papers/<edition>."),
    ] = None,
) -> None:
    """Draft an edition's data-protection papers, in Swedish, and export its model card; earlier drafts are replaced."""
    from analysis.papers.writing import write_papers
    from analysis.settings import find_root

    root = find_root()
    for path in write_papers(root, edition, out or root / "papers" / edition):
        typer.echo(path)
