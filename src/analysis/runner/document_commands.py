"""``analysis word`` and ``analysis pdf`` as a person types them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True)

EDITION = Annotated[str, typer.Argument(help="Name of the edition.", show_default=False)]


@app.command()
def word(
    edition: Annotated[Optional[str], typer.Argument(help="Name of the edition.", show_default=False)] = None,  # noqa: UP045 (typer reads the annotation at run time)
    template: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Your own Word template. Default: the one that --write-template writes."),
    ] = None,
    department: Annotated[str, typer.Option(help="A department; default: the whole organisation.")] = "all",
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    out: Annotated[Optional[Path], typer.Option(help="Folder to write to. Default: word/<edition>.")] = None,  # noqa: UP045
    write_template: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write the template to this file, to change in Word, and do nothing else."),
    ] = None,
) -> None:
    """Fill a Word template: plan for competence supply, part of the interim report, annual staff accounts."""
    from analysis.errors import InputError
    from analysis.runner import documents
    from analysis.settings import find_root

    if write_template is not None:
        typer.echo(documents.write_template(write_template, language))
        return
    if edition is None:
        raise InputError("name the edition whose figures fill the documents; see analysis editions")
    root = find_root()
    target = out or root / "word" / edition
    for path in documents.write_word(
        root, edition, target, template=template, department=department, language=language
    ):  # fmt: skip
        typer.echo(path)


@app.command()
def pdf(
    edition: EDITION,
    department: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Only this department; may be repeated. Default: every page of the edition."),
    ] = None,
    out: Annotated[Optional[Path], typer.Option(help="Folder to write to. Default: pdf/<edition>.")] = None,  # noqa: UP045
    chromium: Annotated[Optional[str], typer.Option(help="The browser that prints, by name or path.")] = None,  # noqa: UP045
) -> None:
    """Print the pages of an edition as tagged PDF (by Chromium)."""
    from analysis.runner.documents import write_pdf
    from analysis.settings import find_root

    root = find_root()
    write_pdf(
        root, edition, out or root / "pdf" / edition, departments=department or (), chromium=chromium, tell=typer.echo
    )  # fmt: skip
