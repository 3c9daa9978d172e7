"""What a workspace lacks: which stages are stale and why, taken over from an edition or built by their notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from analysis import settings as settings_module
from analysis.errors import InputError
from analysis.stages.inputs import WHOLE, Inputs, delivery_files, listed, stage_inputs
from analysis.stages.marks import FOLDER, Mark, copy_stage, is_sealed

STAGES = {
    "read": "10-read.ipynb",
    "workforce": "20-workforce.ipynb",
    "competence": "30-competence.ipynb",
    "turnover": "40-turnover.ipynb",
    "staffing": "50-staffing.ipynb",
    "disclosure": "60-disclosure.ipynb",
}
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


def inputs_of(place: Place, stage: str, others: Mapping[str, object]) -> Inputs:
    """What a stage would read now, from this workspace.

    Args:
        place: the workspace.
        stage: the stage.
        others: parameters of its notebook beside workspace, delivery, period and seed.
    """
    names = list(STAGES)[: list(STAGES).index(stage)]
    upstream = {}
    for name in names:
        mark = Mark.read(place.folder, name)
        gone = mark is None or mark.inputs is None or mark.missing(place.folder)
        upstream[name] = "missing" if mark is None or gone else mark.result(place.folder)
    return stage_inputs(
        stage,
        root=place.root,
        delivery=place.delivery,
        period=place.period,
        parameters={"seed": place.seed, **others},
        settings=settings_module.load(place.root),
        notebook=place.root / "notebooks" / STAGES[stage],
        upstream=upstream,
    )


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
    return mark.inputs.difference(inputs_of(place, stage, others_of(place, stage)))


def stale_stages(place: Place, names: Sequence[str] = tuple(STAGES)) -> dict[str, str]:
    """Stages that do not hold, with the reason; every stage below one that does not hold is among them."""
    found: dict[str, str] = {}
    for name in names:
        reason = why_stale(place, name)
        if reason or found:
            found[name] = reason or f"upstream changed: {next(reversed(found))}"
    return found


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
                    _bring(place, name, reason, say)
    except Timeout:
        changed = next(iter(stale_stages(place, names).items()), None)
        why = f" ({changed[0]}: {changed[1]})" if changed else ""
        raise InputError(
            f"{place.named()} is being built by another run and does not agree with the files as they are now{why}; "
            "wait for that run, or name another. Were code, settings or the delivery changed meanwhile, start it again"
        ) from None


def _bring(place: Place, name: str, reason: str, say: Callable[[str], None]) -> None:
    from analysis.execution.execute import execute_notebook

    others = others_of(place, name)
    wanted = inputs_of(place, name, others)
    for edition in sorted(path.parents[1] for path in (place.root / "data/processed").glob(f"*/{FOLDER}/{name}.json")):
        held = Mark.read(edition, name)
        agrees = edition != place.folder and is_sealed(edition) and held is not None and held.inputs == wanted
        if agrees and copy_stage(edition, place.folder, name):
            say(f"taking over the stage {name} for {place.period} from {edition.name}: {reason}")
            return
    say(f"building the stage {name} for {place.period} first ({STAGES[name]}): {reason}")
    shared = {"workspace": str(place.folder), "delivery": str(place.delivery), "period": place.period}
    execute_notebook(place.root / "notebooks" / STAGES[name], parameters={**shared, "seed": place.seed, **others})


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
