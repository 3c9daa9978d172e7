"""``analysis purge``, ``analysis editions`` and ``analysis key``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from analysis.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.retention.holdings import Holding

app = typer.Typer(no_args_is_help=True)

LANGUAGE = Annotated[str, typer.Option(help="sv or en.")]


@app.command()
def purge(
    edition: Annotated[
        Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="Erase the rows behind this edition, or this workspace; may be repeated."),
    ] = None,
    older_than: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Erase every place whose rows are older than so many months.", min=0),
    ] = None,
    decision: Annotated[str, typer.Option(help="Reference of the decision to erase (gallringsbeslut).")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased, and erase nothing.")] = False,
    language: LANGUAGE = "sv",
) -> None:
    """List every place that holds rows about persons; with --edition or --older-than erase them. Pages stay."""
    from analysis.retention.holdings import holdings
    from analysis.retention.purge import erase, plan_of
    from analysis.retention.standing import overdue
    from analysis.retention.wording import say

    root = _root(language)
    if not edition and older_than is None:
        places = holdings(root)
        _list(places, root, language, heading=say("heading" if places else "empty", language))
        if late := overdue(root, language=language):
            typer.echo(late, err=True)
        return
    plan = plan_of(root, editions=edition or (), months=older_than)
    _list(plan.chosen, root, language, heading=say("chosen" if plan.chosen else "none_chosen", language))
    for held, by in plan.kept:
        typer.echo(say("kept", language, path=_shown(held.path, root), by=", ".join(by)))
    if dry_run or not plan.chosen:
        typer.echo(say("dry", language))
        return
    if not decision.strip() and sys.stdin.isatty():
        decision = typer.prompt(say("ask", language))
    if not decision.strip():
        raise InputError("nothing was erased: name the decision to erase with --decision (its file number)")
    done = erase(root, plan, decision=decision.strip())
    typer.echo(say("done", language, decision=decision.strip(), places=done.places, files=done.files))
    for name, paths in (("elsewhere", done.elsewhere), ("still", done.still)):
        if paths:
            typer.echo(say(name, language, paths=", ".join(_shown(path, root) for path in paths)), err=name == "still")
    raise typer.Exit(1 if done.still else 0)


@app.command()
def editions(language: LANGUAGE = "sv") -> None:
    """List every edition, and whether the rows behind it are still there."""
    from analysis.retention.editions import editions as listed
    from analysis.retention.wording import say

    lines = [each.line(language) for each in listed(_root(language))]
    typer.echo("\n".join(lines) or say("no_editions", language))


@app.command()
def key(
    create: Annotated[bool, typer.Option("--create", help="Make one where there is none.")] = False,
) -> None:
    """Say whether the installation has a key for pseudonyms, and by which digits it is recognised."""
    from analysis.extracts.persons.secret_keys import fingerprint_of, installation_key
    from analysis.settings import find_root

    try:
        root: Path | None = find_root()
    except InputError:
        root = None
    typer.echo(f"The key of this installation is {fingerprint_of(installation_key(create=create, root=root))}")


def _root(language: str) -> Path:
    from analysis.reference.phrases import LANGUAGES
    from analysis.settings import find_root

    if language not in LANGUAGES:
        raise InputError(f"language {language!r} is not known; choose {' or '.join(LANGUAGES)}")
    return find_root()


def _list(places: list[Holding], root: Path, language: str, *, heading: str) -> None:
    from analysis.retention.wording import say

    typer.echo(heading)
    for each in places:
        size = f"{each.size / 1e6:.1f} MB"
        opened = f"; {say('open', language)}" if each.is_open else ""
        typer.echo(
            f"  {say(f'kind.{each.kind}', language)}: {_shown(each.path, root)}  {each.day}  "
            f"{len(each.files)}  {size}{opened}"
        )


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
