"""``analysis verify`` and ``analysis run``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    edition: Annotated[str, typer.Argument(help="Name of an edition, or of a build that was replaced (NAME~1).")],
    delivery: Annotated[
        Optional[Path], typer.Option(help="Folder of its delivery, where it has been moved.")  # noqa: UP045
    ] = None,
    jobs: Annotated[int, typer.Option(help="Reports rendered at the same time.")] = os.cpu_count() or 2,
) -> None:
    """Make an edition again from its delivery, settings, lock and register, and compare bytes. Exit 1 if any differ."""
    from analysis.runner.verify import verify as verify_edition
    from analysis.settings import find_root

    found = verify_edition(
        find_root(), edition, delivery=delivery, jobs=jobs, tell=lambda line: typer.echo(f"  {line}", err=True)
    )
    for line in found.otherwise:
        typer.echo(f"made otherwise than now: {line}")
    for line in (*found.altered, *found.differs):
        typer.echo(line)
    if found.purged:
        whole = "what is published is as it was released" if found.holds else "what is published has been changed"
        typer.echo(f"{edition}: {found.purged}; it cannot be made again, and {whole}")
    else:
        result = "every byte is the same" if found.holds else f"{len(found.differs)} files differ"
        typer.echo(f"{edition}: {found.compared} files made again and compared; {result}")
    raise typer.Exit(0 if found.holds else 1)


@app.command()
def run(
    schedule: Annotated[Path, typer.Argument(help="Schedule (.toml): what to build, for whom, and what to keep.")],
    today: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="Day that periods are counted from, YYYY-MM-DD. Default: today."),
    ] = None,
    scheduler: Annotated[
        str, typer.Option(help="Dask scheduler whose workers build, one delivery each: tls://HOST:PORT.")
    ] = "",
) -> None:
    """Build what a schedule names, unattended: one log per run, a status file, an outbox, commands when it is done."""
    from datetime import UTC, date, datetime

    from analysis.errors import InputError
    from analysis.runner.schedule import load_schedule
    from analysis.runner.unattended import run_schedule
    from analysis.settings import find_root

    try:
        day = date.fromisoformat(today) if today else datetime.now(UTC).astimezone().date()
    except ValueError:
        raise InputError(f"{today!r} is no day; write it YYYY-MM-DD") from None
    status = run_schedule(find_root(), load_schedule(schedule), name=schedule.stem, today=day, scheduler=scheduler)
    typer.echo(status.sentence)
    raise typer.Exit(status.exit_code)


@app.command()
def worker(
    scheduler: Annotated[str, typer.Argument(help="Its address: tls://HOST:PORT, or tcp://127.0.0.1:PORT.")],
) -> None:
    """Work for a Dask scheduler until it is told to stop: one task at a time, in a folder that is emptied."""
    from analysis.runner.worker import serve

    serve(scheduler)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to make the project.", show_default=False)],
) -> None:
    """Make a project of your own: settings, notebooks, examples, and folders for deliveries and editions."""
    from analysis.runner.project import init as make

    made = make(folder)
    typer.echo(f"{len(made)} files written to {folder}. Next: put the extracts in {folder}/data/raw/<name>/ and run")
    typer.echo(f"  analysis --root {folder} check data/raw/<name> --propose")


@app.command()
def upgrade() -> None:
    """Bring new notebooks and examples to the project; what you have changed stays, the new one is laid beside it."""
    from analysis.runner.project import upgrade as bring
    from analysis.settings import find_root

    done = bring(find_root())
    said = {
        "replaced": done.replaced, "added": done.added,
        "changed here; the new one lies beside it": done.beside, "shipped no longer, and left": done.gone,
    }  # fmt: skip
    for what, names in said.items():
        for name in names:
            typer.echo(f"{name}: {what}")
    if not any(said.values()):
        typer.echo("Everything is as it is shipped.")
