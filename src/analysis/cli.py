"""What a person types.

Exit codes: 0 everything published, 1 some departments failed (or a notebook stopped), 2 wrong use or unreadable
input, 3 refused by a gate.
"""

from __future__ import annotations

import codecs
import io
import locale
import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from analysis.access.commands import app as access
from analysis.errors import MACHINE, AnalysisError, InputError, Stopped
from analysis.papers.commands import app as papers
from analysis.retention.commands import app as retention
from analysis.runner.commands import app as unattended
from analysis.runner.diff_command import app as diff
from analysis.runner.document_commands import app as documents
from analysis.runner.preview_command import app as preview

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Competence supply: from a municipality's HR extracts to published reports.",
)

fetch = typer.Typer(no_args_is_help=True, help="Fetch open figures about others. A build never does.")
app.add_typer(fetch, name="fetch")
app.add_typer(retention)
app.add_typer(papers)
app.add_typer(documents)
app.add_typer(access)
app.add_typer(preview)
app.add_typer(unattended)
app.add_typer(diff)

ROOT = "ANALYSIS_ROOT"
"""Variable that names the project's folder, for whoever does not stand in it."""


@app.callback()
def stand_in(
    root: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(
            help="The project's folder; other paths are then read from there.", envvar=ROOT, show_default=False
        ),
    ] = None,
) -> None:
    """Competence supply: from a municipality's HR extracts to published reports."""
    if root is not None:
        if not (root / "analysis.toml").is_file():
            raise InputError(f"{root} has no analysis.toml; name the project's folder with --root or {ROOT}")
        os.chdir(root)


DELIVERY = Annotated[Path, typer.Argument(help="Folder with delivery.toml.", show_default=False)]


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the delivery.", show_default=False)],
    employees: Annotated[int, typer.Option(help="Persons employed at the cut-off.", min=200)] = 6800,
    years: Annotated[int, typer.Option(help="Years of history.", min=3, max=20)] = 9,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 20251231,
    plant_leak: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="Overwrite the rows of those who left (title or workplace): a build must then refuse."),
    ] = None,
) -> None:
    """Write the delivery of a fictitious municipality whose truth is known."""
    from analysis.sample import write_sample

    if folder.is_file():
        raise InputError(f"{folder} is a file; choose a folder for the sample")
    if folder.exists() and any(folder.iterdir()) and not (folder / "truth").is_dir():
        raise InputError(f"{folder} holds other files; choose an empty folder for the sample")
    write_sample(folder, employees=employees, years=years, seed=seed, leak=plant_leak)
    typer.echo(f"Sample municipality written to {folder}")


@app.command()
def check(
    delivery: DELIVERY,
    language: Annotated[str, typer.Option(help="Language of the summary: sv or en.")] = "sv",
    propose: Annotated[
        bool, typer.Option("--propose", help="Look at files nobody has described and write a delivery.toml for them.")
    ] = False,
    quarantine: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder to write the rows set aside to, one CSV per file, ready to be corrected."),
    ] = None,
    corrections: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Corrected CSV, or a folder of them. Default: as delivery.toml says."),
    ] = None,
    after: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Delivery or edition to compare with: its folder, or the name of an edition."),
    ] = None,
    report: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Workbook (.xlsx) to write for the payroll office: what to correct, file by file, masked."),
    ] = None,
) -> None:
    """Read a delivery and say what was read, what was set aside and why. Publishes nothing."""
    from analysis.edition.lookback import look_back
    from analysis.edition.register import earlier, findings
    from analysis.extracts import check_gate, pseudonym_key, read_delivery, summary, write_quarantine, write_report
    from analysis.extracts.persons.secret_keys import passing_key
    from analysis.reference import policy
    from analysis.reference.phrases import LANGUAGES
    from analysis.retention.standing import standing, written

    if language not in LANGUAGES:
        raise InputError(f"language {language!r} is not known; choose {' or '.join(LANGUAGES)}")
    if propose:
        from analysis.extracts.proposing import next_step, write_proposal
        from analysis.extracts.proposing import propose as look_at

        proposal = look_at(delivery, language=language)
        typer.echo(proposal.screen(language))
        typer.echo(f"\n{next_step(delivery, write_proposal(delivery, proposal), language)}")
        return
    # rows set aside are recognised by the key when they come back: only one that is kept will do
    key = passing_key(delivery) if quarantine is None else pseudonym_key(delivery, create=False)
    found = read_delivery(delivery, key=key, corrections=corrections)
    before = earlier(after, key=key) if after else None
    back = look_back(found)
    notices = [*findings(found, before), *back.doubts]
    after_name = before.name if before else ""
    typer.echo(
        summary(
            found,
            language,
            findings=notices,
            after=after_name,
            history=back.notices,
            awaits=back.awaits,
            stops=back.stops,
        )
    )
    if report is not None:
        typer.echo(write_report(found, report, language=language, findings=notices, stops=back.stops))
        written(delivery, [report])
    if quarantine is not None:
        files = write_quarantine(found, delivery, quarantine, key=key, language=language)
        written(delivery, files)
        for path in files:
            typer.echo(path)
    for line in standing(delivery, key=key, municipality=found.manifest.delivery.municipality, language=language):
        typer.echo(line, err=True)
    check_gate(found, policy(), back.stops)


@app.command()
def plan() -> None:
    """Print the publishing plan: every table that an edition publishes, and how it is protected."""
    from analysis import settings
    from analysis.sections import all_sections
    from analysis.sections.printed import printed

    typer.echo(printed(all_sections(settings.find_root())), nl=False)


@app.command()
def practices() -> None:
    """Print what employers do to keep their staff, the figure that counts it and the section that shows it."""
    from analysis import settings
    from analysis.sections import all_sections
    from analysis.sections.counted import printed

    typer.echo(printed(all_sections(settings.find_root())), nl=False)


@app.command()
def tables() -> None:
    """Print every table and column a delivery may hold, and what is lost without each."""
    from analysis.tables.printed import printed

    typer.echo(printed(), nl=False)


@app.command()
def indicators(
    name: Annotated[Optional[str], typer.Argument(metavar="[ID]", help="One indicator, in words.")] = None,  # noqa: UP045
    search: Annotated[
        str, typer.Option(help="Only those that people call so: a name, a word, a national id, in Swedish or English.")
    ] = "",
    language: Annotated[str, typer.Option(help="Language of the list: sv or en.")] = "sv",
) -> None:
    """List every indicator by group, or those that are searched for; with an ID, the whole definition in words."""
    from analysis.reference.listing import listing, whole_definition

    typer.echo(listing(language, search_for=search) if name is None else whole_definition(name, language))


@app.command()
def build(
    delivery: DELIVERY,
    period: Annotated[str, typer.Option(help="Cut-off month, YYYY-MM.", show_default=False)],
    department: Annotated[
        Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option(help="Render only this department, as a preview; may be repeated."),
    ] = None,
    language: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="sv or en; may be repeated. Default: as in analysis.toml."),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Reports rendered at the same time.")] = os.cpu_count() or 2,
    edition: Annotated[
        Optional[str], typer.Option(help="Name of the edition. Default: delivery and period.")  # noqa: UP045
    ] = None,
    after: Annotated[Optional[str], typer.Option(help="The edition published before this one.")] = None,  # noqa: UP045
    workspace: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Workspace of your own: preview what you changed in it, beside the edition."),
    ] = None,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Replace a whole edition even if departments could not be rendered.")
    ] = False,
    because: Annotated[str, typer.Option(help="Why an edition is made anew; said in the list of editions.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say why each stage and page is made.")] = False,
    scheduler: Annotated[
        str, typer.Option(help="Dask scheduler whose workers make the pages: tls://HOST:PORT, or tcp on this machine.")
    ] = "",
) -> None:
    """Build and publish an edition: one report per department and one for the whole organisation.

    What would come out the same is not made again; where nothing has changed, nothing is written.
    """
    from analysis.runner.current import is_current
    from analysis.runner.request import request
    from analysis.settings import find_root

    asked = request(
        root=find_root(),
        delivery=delivery,
        period=period,
        edition=edition,
        departments=tuple(department or ()),
        languages=tuple(language or ()),
        jobs=jobs,
        after=after,
        workspace=workspace,
        incomplete=incomplete,
        because=because,
        scheduler=scheduler,
    )
    if is_current(asked):
        typer.echo(f"Nothing has changed. Open {asked.root / 'reports' / asked.name / 'index.html'}")
        return
    from analysis.runner.build import build as build_edition
    from analysis.runner.making import never
    from analysis.runner.progress import Progress, shown

    if edition is None and asked.edition != f"{delivery.resolve().name}-{period}":
        typer.echo(f"The edition is called {asked.edition}; choose another name with --edition.", err=True)
    with shown(progress := Progress(), asked.name) as tell:
        result = build_edition(asked, tell=tell, explain=typer.echo if explain else never, progress=progress)
    for key, problem in result.failed.items():
        typer.echo(f"{key} was not published: {problem}", err=True)
    for notice in result.told:
        typer.echo(f"  – {notice}", err=True)
    for notice in result.notices:
        typer.echo(notice, err=True)
    if not result.done:
        typer.echo(f"Nothing has changed. Open {result.index}")
    elif result.kept:
        typer.echo(f"analysis: {result.kept}", err=True)
    else:
        typer.echo(f"{len(result.published)} reports in {' and '.join(asked.languages)}. Open {result.index}")
    raise typer.Exit(result.exit_code)


@app.command()
def audit(
    edition: Annotated[str, typer.Argument(help="Name of a published edition.", show_default=False)],
) -> None:
    """Attack the pages of an edition as a reader could, and say what they give away. Exit 3 if anything."""
    from analysis.runner.audit import audit as audit_edition
    from analysis.settings import find_root

    root = find_root()
    found = audit_edition(root, edition)
    typer.echo(
        f"{edition}: {found.attacked} withheld counts tried, none is held more tightly than the policy allows; "
        f"{found.by_base} are limited by a published total. See data/processed/{edition}/protected/audit.sv.html"
    )


REFRESH = Annotated[bool, typer.Option(help="Ask again, even if a fresh answer is kept.")]


@fetch.command("kolada")
def fetch_kolada(
    kpi: Annotated[list[str], typer.Option(help="Indicator id, N00216; may be repeated.", show_default=False)],
    municipality: Annotated[
        list[str], typer.Option(help="Code, 0580 (0000 the country), or group, G37449; may be repeated.")
    ],
    year: Annotated[str, typer.Option(help="2024 or 2015-2024.")],
    out: Annotated[Path, typer.Option(help="CSV to write.")] = Path("data/raw/kolada.csv"),
    refresh: REFRESH = False,
) -> None:
    """Fetch values of Kolada's indicators."""
    from analysis.comparators import fetching as ask
    from analysis.settings import find_root, load

    settings = load(find_root()).comparators
    typer.echo(ask.from_kolada(ask.client(refresh=refresh), settings, kpis=kpi, areas=municipality, year=year, out=out))


@fetch.command("pxweb")
def fetch_pxweb(
    table: Annotated[str, typer.Argument(help="Address of a table, or a preset: population.", show_default=False)],
    select: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="VARIABLE=VALUES: codes with commas, * for all, 0-19; may be repeated."),
    ] = None,
    municipality: Annotated[Optional[list[str]], typer.Option(help="Code, for a preset.")] = None,  # noqa: UP045
    year: Annotated[str, typer.Option(help="2024 or 2015-2024, for a preset; default all.")] = "",
    out: Annotated[Path, typer.Option(help="CSV to write.")] = Path("data/raw/pxweb.csv"),
    refresh: REFRESH = False,
) -> None:
    """Fetch a table of SCB's or another PXWeb service."""
    from analysis.comparators import fetching as ask
    from analysis.settings import find_root, load

    settings = load(find_root()).comparators
    told = ask.from_pxweb(
        ask.client(refresh=refresh), settings, table=table, selections=select or (), region=municipality or (),
        year=year, out=out,
    )  # fmt: skip
    typer.echo(told)


def main() -> None:
    """Run the command line; a person's error is one sentence, a traceback is for bugs only."""
    _in_utf8()
    try:
        app()
    except (AnalysisError, Stopped) as error:
        typer.echo(f"analysis: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in MACHINE:
            name = f" {Path(str(error.filename)).name}" if error.filename else ""
            typer.echo(f"analysis: the machine refused{name}: {error.strerror}; see to its rights and room", err=True)
            sys.exit(InputError.exit_code)
        from analysis.execution.scrubbing import where

        # a message may repeat a value about a person, so that only the places are said
        typer.echo("\n".join(["analysis: stopped by a fault of its own:", *where(error)]), err=True)
        sys.exit(1)


def _in_utf8() -> None:
    """Begin again in UTF-8 where the locale knows only ASCII: names of files and every text hold å, ä and ö."""
    if not sys.flags.utf8_mode and codecs.lookup(locale.getpreferredencoding(False)).name == "ascii":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another code page shows a question mark


if __name__ == "__main__":
    main()
