"""What a workspace lacks: which stages are stale and why, taken over from an edition or built by their notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from analysis import settings as settings_module
from analysis.errors import InputError
from analysis.stages.inputs import WHOLE, Inputs, delivery_files, listed, stage_inputs
from analysis.stages.marks import FOLDER, Mark, copy_stage, is_sealed
from analysis.stages.pipeline import PIPELINE

STAGES = {step.name: step.notebook for step in PIPELINE}
"""The stages in the order they run, with their notebooks."""
SAMPLE = "data/raw/sample"
_PLACES = frozenset({"workspace", "delivery", "period", "seed"})
ROOMS = frozenset({"tables", "results", "protected", "logs", FOLDER})
"""What a workspace consists of."""


@dataclass(frozen=True)
class Place:
    """A workspace, and what it is to be made from."""

    root: Path
    folder: Path
    delivery: Path
    period: str
    seed: int

    @property
    def delivery_name(self) -> str:
        """The delivery as marks and sentences name it: below the root by its path, elsewhere by its folder's name."""
        inside = self.delivery.is_relative_to(self.root)
        return self.delivery.relative_to(self.root).as_posix() if inside else self.delivery.name

    def named(self) -> str:
        """The workspace as sentences name it."""
        inside = self.folder.is_relative_to(self.root)
        return self.folder.relative_to(self.root).as_posix() if inside else self.folder.name


def check_workspace(place: Place) -> None:
    """Refuse a folder that is no workspace, or one made from another delivery or period.

    Raises:
        InputError: in one sentence, with what to do.
    """
    if not place.folder.is_dir() or not any(place.folder.iterdir()):
        return
    marks = [mark for name in STAGES if (mark := Mark.read(place.folder, name)) is not None]
    if not marks:
        strange = sorted(path.name for path in place.folder.iterdir() if path.name not in ROOMS)
        if strange or is_sealed(place.folder):
            raise InputError(
                f"{place.named()} holds other files than a workspace ({', '.join(strange[:3])}); "
                "name a folder of your own below data/processed"
            )
        return
    for mark in marks:
        other = mark.period != place.period or (mark.delivery != place.delivery_name and not _same_content(place))
        if other:
            raise InputError(
                f"{place.named()} was made from {mark.delivery} for {mark.period}, not from {place.delivery_name} for "
                f"{place.period}; name that delivery and period, or another workspace (-p workspace data/processed/…)"
            )


def _same_content(place: Place) -> bool:
    """True if the delivery, though it lies elsewhere, holds what the workspace was made from."""
    mark = Mark.read(place.folder, "read")
    if mark is None or mark.inputs is None or not (place.delivery / "delivery.toml").is_file():
        return False
    held = {part: digest for part, digest in mark.inputs.parts.items() if part.startswith("delivery: ")}
    return held == {f"delivery: {name}": digest for name, digest in delivery_files(place.delivery)}


def inputs_of(place: Place, stage: str, others: Mapping[str, object], reads: Iterable[str] = ()) -> Inputs:
    """What a stage would read now, from this workspace.

    Args:
        place: the workspace.
        stage: the stage.
        others: parameters of its notebook beside workspace, delivery, period and seed.
        reads: what it reads of the stages before (``Inputs.reads`` of its last run).
    """
    found = stage_inputs(
        stage,
        root=place.root,
        delivery=place.delivery,
        period=place.period,
        parameters={"seed": place.seed, **others},
        settings=settings_module.load(place.root),
        notebook=place.root / "notebooks" / STAGES[stage],
    )
    return found.reading(place.folder, reads)


def others_of(place: Place, stage: str) -> dict[str, object]:
    """Parameters of a stage beside those all share: as it was last run here, else its notebook's defaults."""
    from analysis.execution.parameters import defaults

    own = defaults(place.root / "notebooks" / STAGES[stage])
    mark = Mark.read(place.folder, stage)
    chosen = mark.parameters if mark else {}
    return {name: chosen.get(name, value) for name, value in own.items() if name not in _PLACES}


def why_stale(place: Place, stage: str) -> str:
    """Why a stage has to run (again), given the stages before it as they are; '' if it holds."""
    mark = Mark.read(place.folder, stage)
    if mark is None:
        return "it has not run here"
    if mark.inputs is None:
        return "it stopped half-way"
    if gone := mark.missing(place.folder):
        return f"{gone[0]} is gone"
    return mark.inputs.difference(inputs_of(place, stage, others_of(place, stage), mark.inputs.reads))


def stale_stages(place: Place, names: Sequence[str] = tuple(STAGES)) -> dict[str, str]:
    """Stages that do not hold, with the reason, and those that read what one of these makes: they wait for it."""
    found: dict[str, str] = {}
    for name in names:
        mark = Mark.read(place.folder, name)
        awaited = [each for each in found if mark and mark.inputs and _reads_from(place, each, mark.inputs.reads)]
        if reason := why_stale(place, name) or (f"it reads what {awaited[-1]} makes" if awaited else ""):
            found[name] = reason
    return found


def _reads_from(place: Place, stage: str, reads: Iterable[str]) -> bool:
    mark = Mark.read(place.folder, stage)
    made = set(mark.outputs) if mark else set()
    return any(name.partition("#")[0] in made for name in reads)


def build_missing(place: Place, *, before: str | None, say: Callable[[str], None] = print) -> None:
    """See to it that every stage before ``before`` holds: taken over from an edition that agrees, else built.

    Args:
        place: the workspace.
        before: the stage that is about to work; None for a report, which needs every stage.
        say: receives one line per stage that is taken over or built, with the reason.

    Raises:
        InputError: another run is building this workspace, or a stage refused its input.
    """
    names = list(STAGES) if before is None else list(STAGES)[: list(STAGES).index(before)]
    if not place.delivery.exists() and place.delivery == (place.root / SAMPLE).resolve():
        from analysis.sample import write_sample

        say(f"no delivery in {SAMPLE} yet: writing the sample municipality there")
        write_sample(place.delivery)
    if not stale_stages(place, names):
        return
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place.folder.with_name(f".{place.folder.name}.lock"), timeout=0):
            for name in names:
                if reason := why_stale(place, name):
                    bring(place, name, reason, say)
    except Timeout:
        changed = next(iter(stale_stages(place, names).items()), None)
        why = f" ({changed[0]}: {changed[1]})" if changed else ""
        raise InputError(
            f"{place.named()} is being built by another run and does not agree with the files as they are now{why}; "
            "wait for that run, or name another. Were code, settings or the delivery changed meanwhile, start it again"
        ) from None


def bring(place: Place, name: str, reason: str, say: Callable[[str], None]) -> None:
    """Take a stage over from an edition that agrees, else run its notebook.

    Args:
        place: the workspace; what the stage reads of it holds.
        name: the stage.
        reason: why it does not hold.
        say: receives one line.
    """
    from analysis.execution.execute import execute_notebook

    others = others_of(place, name)
    if edition := taken_over(place, name, others):
        say(f"taking over the stage {name} for {place.period} from {edition.name}: {reason}")
        return
    say(f"building the stage {name} for {place.period} first ({STAGES[name]}): {reason}")
    shared = {"workspace": str(place.folder), "delivery": str(place.delivery), "period": place.period}
    execute_notebook(
        place.root / "notebooks" / STAGES[name], parameters={**shared, "seed": place.seed, **others}, seen=False
    )


def taken_over(place: Place, name: str, others: Mapping[str, object]) -> Path | None:
    """Take a stage over from a published edition in which it read the same; None if there is no such edition.

    An edition whose files are damaged or gone is passed over.

    Args:
        place: the workspace to take it to.
        name: the stage.
        others: parameters of its notebook beside workspace, delivery, period and seed.

    Returns:
        The edition's folder.
    """
    wanted = inputs_of(place, name, others)
    for edition in sorted(path.parents[1] for path in (place.root / "data/processed").glob(f"*/{FOLDER}/{name}.json")):
        held = Mark.read(edition, name)
        if edition == place.folder or not is_sealed(edition) or held is None or held.inputs is None:
            continue
        agrees = held.inputs == wanted.reading(place.folder, held.inputs.reads)
        if agrees and copy_stage(edition, place.folder, name):
            return edition
    return None


def tried_in(workspace: Path, edition: Path, place: Place) -> list[str]:
    """What a workspace tries: how its stages differ from the published edition's, and what was changed by hand.

    Args:
        workspace: the workspace.
        edition: tables of the published edition; may be absent, then the notebooks' defaults are what is compared with.
        place: what the workspace is made from.

    Returns:
        One text per stage that differs: "staffing: parameters changed: scenario".
    """
    from analysis.execution.parameters import defaults

    found = []
    for name in STAGES:
        mark, published = Mark.read(workspace, name), Mark.read(edition, name)
        if mark is None or mark.inputs is None or name == WHOLE:
            continue
        said = []
        if published is not None and published.inputs is not None:
            own = {kind: names for kind, names in published.inputs.changes(mark.inputs).items() if kind != "upstream"}
            said = [f"{kind} changed: {listed(names)}" for kind, names in own.items()]
        else:
            usual = defaults(place.root / "notebooks" / STAGES[name])
            other = [key for key, value in mark.parameters.items() if key != "seed" and usual.get(key) != value]
            said = [f"parameters changed: {listed(other)}"] if other else []
        if hand := mark.by_hand(workspace):
            said.append(f"changed by hand: {listed([Path(each).stem for each in hand])}")
        if said:
            found.append(f"{name}: {', '.join(said)}")
    return found
