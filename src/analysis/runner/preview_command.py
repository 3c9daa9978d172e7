"""``analysis preview``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.stages.preview import Change

app = typer.Typer(no_args_is_help=True)
HEADS = {
    "newly_withheld": "newly withheld", "newly_shown": "newly shown", "gone": "gone", "new_shown": "new, shown",
    "new_withheld": "new, withheld",
}  # fmt: skip


@app.command()
def preview(
    edition: Annotated[
        str, typer.Argument(help="Name of a built edition, or folder of a workspace.", show_default=False)
    ],
    threshold: Annotated[
        Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="SENSITIVITY=PERSONS, such as medium=7; may be repeated."),
    ] = None,
    profile: Annotated[Optional[str], typer.Option(help="internal or public.")] = None,  # noqa: UP045
    join: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="TABLE=ROW+ROW, or department=KEY+KEY, made one; may be repeated."),
    ] = None,
    cells: Annotated[bool, typer.Option("--cells", help="Name every cell whose fate changes, too.")] = False,
) -> None:
    """Say what another threshold or coarser groups would hide and reveal. Makes no page and prints no figure."""
    from analysis.settings import find_root
    from analysis.stages.preview import preview as compute
    from analysis.stages.preview import workspace_of

    root = find_root()
    change = _change(threshold or (), profile, join or ())
    found = compute(root, workspace_of(root, edition), change)
    if found.cells.empty:
        typer.echo("Nothing would be hidden and nothing revealed.")
        return
    typer.echo("Cells by section")
    for line in found.by_section.to_dict("records"):
        said = [f"{line[side]} {words}" for side, words in HEADS.items() if line[side]]
        typer.echo(f"  {line['section']}: {', '.join(said)}")
    typer.echo("Share withheld by department")
    for line in found.shares.to_dict("records"):
        typer.echo(f"  {line['department']}: {_per_cent(line['before'])} -> {_per_cent(line['after'])}")
    if cells:
        for line in found.cells.to_dict("records"):
            named = "/".join(line[key] for key in ("table", "department", "row", "column", "layer") if line[key])
            typer.echo(f"  {HEADS[line['side']]}: {named}")
    typer.echo("What earlier editions have shown is not weighed in here; the build does that.")


def _change(thresholds: Sequence[str], profile: str | None, joins: Sequence[str]) -> Change:
    from analysis.disclosure.regrouping import Join
    from analysis.stages.preview import Change

    if profile not in (None, "internal", "public"):
        raise InputError(f"profile {profile!r} is not known; choose internal or public")
    least: dict[str, int] = {}
    for text in thresholds:
        name, _, number = text.partition("=")
        if not number.isdecimal():
            raise InputError(f"{text!r} is no threshold; write for instance medium=7")
        least[name] = int(number)
    made = []
    for text in joins:
        table, _, parts = text.partition("=")
        names = tuple(dict.fromkeys(part for part in parts.split("+") if part))
        if not table or len(names) < 2:
            raise InputError(f"{text!r} joins nothing; write for instance exits=employer+other")
        made.append(Join(table, names))
    if not least and profile is None and not made:
        raise InputError("nothing is changed; name a --threshold, a --profile or a --join")
    return Change(least, profile, tuple(made))  # type: ignore[arg-type]


def _per_cent(share: float) -> str:
    return "no report" if share != share else f"{100 * share:.1f} %"
