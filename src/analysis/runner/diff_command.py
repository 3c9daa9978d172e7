"""``analysis diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="Name of the earlier edition, or of a replaced build (NAME~1).")],
    after: Annotated[str, typer.Argument(help="Name of the later edition.")],
    department: Annotated[str, typer.Option(help="Only this department, by key; all: the whole organisation.")] = "",
    table: Annotated[str, typer.Option(help="Only this table of the publishing plan.")] = "",
    rows: Annotated[int, typer.Option(help="Lines on the screen; files hold every line.", min=1)] = 30,
    csv: Annotated[Optional[Path], typer.Option(help="File to write every changed figure to, as CSV.")] = None,  # noqa: UP045
    json: Annotated[Optional[Path], typer.Option(help="The same, as JSON.")] = None,  # noqa: UP045
) -> None:
    """Lay two editions side by side: every changed figure with its causes, in a fixed order, which is a convention.

    The result is for those who build: it is not protected beside all that is published, and files are their owner's.
    """
    from analysis.runner.diff import diff as lay_side_by_side
    from analysis.runner.diff_told import only, screen, write_csv, write_json
    from analysis.settings import find_root

    found = lay_side_by_side(find_root(), before, after, tell=lambda line: typer.echo(f"  {line}", err=True))
    found.figures = only(found.figures, department=department, table=table)
    typer.echo(screen(found, before, after, most=rows))
    for path, write in ((csv, write_csv), (json, write_json)):
        if path is not None:
            typer.echo(write(found, path, before, after))
