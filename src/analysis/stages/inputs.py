"""Everything a stage reads, as one digest with a breakdown: when it differs, the stage is stale, and why can be said.

``stage_inputs`` is the one place that knows. Whoever runs stages (a notebook, a build, a task runner) asks it and
compares; nothing here runs anything.

Left out on purpose: where the delivery lies (its content counts), how the workspace is called, prose and outputs of
notebooks. The pseudonym key counts, by its fingerprint, for the stage that reads the delivery alone: whoever builds
again with another key gets other pseudonyms, and the stages below see them as the content of their tables.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.edition import passport
from analysis.execution.cells import code_of
from analysis.settings import Settings
from analysis.stages.imports import PACKAGE, reached
from analysis.stages.pipeline import KEPT, PIPELINE, REGISTER, ROWS_BEFORE
from analysis.tables.reads import digest_of, read_digest

SETTINGS = {step.name: step.settings for step in PIPELINE}
"""Settings that a stage may read; ``SettingsOf`` refuses every other, so that none is read unseen."""
FIRST = PIPELINE[0].name
"""The stage that reads the delivery; every other reads what stages before it have made."""
WHOLE = PIPELINE[-1].name
"""The stage whose record names the code of the whole edition (``passport.code_hash``), pages included."""
WORDS, WORDS_READ_BY = "reference/messages", "publishing/words/catalog.py"
"""Texts of pages, and the only module that reads them."""
UPSTREAM = "upstream: "
"""Kind of the parts that stages before have made."""
RENDERING = "runner.pages"
"""Module of the package that makes a report's files of its notebook. Its whole name would count as an import here."""
NAMED = 4
"""How many names a reason lists before it counts the rest."""


@dataclass(frozen=True)
class Inputs:
    """What a stage read: digests by part. A part is named ``kind: name`` (``settings: profile``)."""

    parts: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all parts, whatever their order."""
        lines = "".join(f"{part}\0{self.parts[part]}\n" for part in sorted(self.parts))
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def reads(self) -> list[str]:
        """Names of what was read of the stages before: a file of the workspace, or ``file#entry`` of a record."""
        return [part.removeprefix(UPSTREAM) for part in self.parts if part.startswith(UPSTREAM)]

    def reading(self, workspace: Path, names: Iterable[str]) -> Inputs:
        """These inputs, and what lies in a workspace now under the names that a stage reads."""
        return Inputs({**self.parts, **{f"{UPSTREAM}{name}": read_digest(workspace, name) for name in names}})

    def changes(self, now: Inputs) -> dict[str, list[str]]:
        """Names of the parts that differ in ``now`` (other, new or gone), by kind, in the order of the kinds."""
        found: dict[str, list[str]] = {}
        for part in sorted(self.parts.keys() | now.parts.keys()):
            if self.parts.get(part) != now.parts.get(part):
                kind, _, name = part.partition(": ")
                found.setdefault(kind, []).append(name)
        return found

    def difference(self, now: Inputs) -> str:
        """Why what was made of these inputs is not what ``now`` would give: ``settings changed: profile``; '' if equal.

        What lies upstream is named only where nothing else has changed: it is the reason of a stage's own line.
        """
        found = self.changes(now)
        own = {kind: names for kind, names in found.items() if kind != "upstream"} or found
        return "; ".join(f"{kind} changed: {listed(names)}" for kind, names in own.items())


def stage_inputs(
    stage: str,
    *,
    root: Path,
    delivery: Path,
    period: str,
    parameters: Mapping[str, object],
    settings: Settings,
    notebook: Path,
    package: Path = PACKAGE,
) -> Inputs:
    """Digest everything that a stage reads, but for what stages before it have made (``Inputs.reading``).

    Args:
        stage: its name.
        root: the project's folder.
        delivery: folder with ``delivery.toml``.
        period: cut-off month.
        parameters: the notebook's other parameters by name (seed, scenario, after, …).
        settings: the installation's settings.
        notebook: the stage's notebook.
        package: folder of our package.

    Raises:
        InputError: the delivery is not described, or the notebook is missing.
    """
    parts = {"parameters: period": period} | {
        f"parameters: {name}": _as_text(value, name) for name, value in parameters.items()
    }
    parts |= {f"settings: {name}": _as_text(getattr(settings, name)) for name in SETTINGS[stage]}
    if stage == FIRST:
        parts |= {f"delivery: {name}": digest for name, digest in delivery_files(delivery)}
        parts["pseudonyms: key"] = _fingerprint(delivery)
    parts |= _code(notebook, package)
    parts[f"notebook: {notebook.name}"] = _text_digest("\0".join(code_of(notebook)))
    parts |= _libraries(root)
    parts |= {
        f"files: {_name(path, root)}": digest_of(path) for path in _named_files(stage, root, parameters, settings)
    }
    if after := str(parameters.get("after") or ""):
        parts |= {f"earlier edition: {name}": digest for name, digest in _register(root / after)}
        if stage == WHOLE:
            parts |= {f"earlier edition: {name}": digest_of(root / after / name) for name in ROWS_BEFORE}
    if kept := str(parameters.get("kept") or ""):
        parts |= {f"kept of the edition before: {name}": digest_of(root / kept / name) for name in KEPT}
    if former := str(parameters.get("former") or ""):
        parts |= {f"build before: {name}": digest for name, digest in _released(root / former)}
    if stage == WHOLE:
        parts["edition: code and settings"] = passport.code_hash(root, package)
    return Inputs(parts)


def _fingerprint(delivery: Path) -> str:
    """By which digits the key of the pseudonyms is recognised; '' while there is none."""
    from analysis.extracts.persons.secret_keys import NoKeyError, fingerprint_of, pseudonym_key

    try:
        return fingerprint_of(pseudonym_key(delivery, create=False))
    except NoKeyError:
        return ""


def page_inputs(*, root: Path, notebook: Path, languages: Sequence[str], package: Path = PACKAGE) -> Inputs:
    """Digest everything that a page is made of, but for its parameters and what it reads of the protected tables.

    Args:
        root: the project's folder.
        notebook: the page's notebook.
        languages: languages that it is written in, each of which links to the others.
        package: folder of our package.
    """
    parts = {"settings: languages": repr(tuple(languages))}
    parts |= _code(notebook, package, [f"{package.name}.{RENDERING}"]) | _libraries(root)
    parts[f"notebook: {notebook.name}"] = _text_digest("\0".join(code_of(notebook)))
    return Inputs(parts | {f"own: {name}": digest for name, digest in passport.own_hashes(root)})


def delivery_files(delivery: Path) -> list[tuple[str, str]]:
    """Name and SHA-256 of every file that reading the delivery opens.

    Raises:
        InputError: there is no ``delivery.toml``, or it cannot be understood.
    """
    return [(name, digest_of(path)) for name, path in delivery_paths(delivery)]


def delivery_paths(delivery: Path) -> list[tuple[str, Path]]:
    """Name and place of every file that reading the delivery opens: description, sources, corrections.

    Raises:
        InputError: there is no ``delivery.toml``, or it cannot be understood.
    """
    from analysis.extracts.manifest import FILE, load_manifest
    from analysis.extracts.places import corrections_of, raw_folder
    from analysis.extracts.sources import file_name, find_sources

    manifest = load_manifest(delivery)
    raw = raw_folder(manifest, delivery)
    found = [(FILE, delivery / FILE)]
    if raw.is_dir():
        paths = sorted({source.path for source in find_sources(manifest, raw)})
        found += [(file_name(path, raw), path) for path in paths]
    if by_hand := corrections_of(manifest, delivery):
        found += [(path.name, path) for path in (sorted(by_hand.iterdir()) if by_hand.is_dir() else [by_hand])]
    return found


class SettingsOf:
    """The settings a stage has declared in ``SETTINGS``, to be read like ``Settings``; any other is refused."""

    def __init__(self, stage: str, settings: Settings) -> None:
        """Keep the settings of a stage."""
        self._stage, self._settings = stage, settings

    def __getattr__(self, name: str) -> Any:
        """Give one setting.

        Raises:
            AttributeError: the stage has not declared it.
        """
        if name.startswith("_") or name not in SETTINGS.get(self._stage, ()):
            raise AttributeError(
                f"the stage {self._stage} reads the setting {name!r} without declaring it; "
                "add it to SETTINGS in analysis/stages/inputs.py, so that a changed setting runs the stage again"
            )
        return getattr(self._settings, name)


def listed(names: list[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _as_text(value: object, name: str = "") -> str:
    if name in ("former", "kept"):  # what it holds is a part of its own, and how its folder is called does not matter
        return "given" if value else ""
    if name == "after":
        return Path(str(value)).name
    return str(value.model_dump(mode="json")) if hasattr(value, "model_dump") else repr(value)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code(notebook: Path, package: Path, more: Sequence[str] = ()) -> dict[str, str]:
    """Source that the notebook reaches (and ``more``), and every data file of a room of which it reaches anything."""
    modules = reached(notebook, package, more)
    found = {f"code: {_name(path, package.parent)}": digest_of(path) for path in modules}
    rooms = {path.parent for path in modules if path.is_relative_to(package)}
    words_read = package / WORDS_READ_BY in modules
    for path, room in _data_files(package):
        kind = "reference" if path.is_relative_to(package / "reference") else "code"
        if room in rooms and (words_read or not path.is_relative_to(package / WORDS)):
            found[f"{kind}: {_name(path, package / 'reference/data' if kind == 'reference' else package.parent)}"] = (
                digest_of(path)
            )
    return found


def _data_files(package: Path) -> list[tuple[Path, Path]]:
    """Files of the package that are no Python, each with the nearest folder above it that can be imported."""
    found = []
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            room = next(folder for folder in path.parents if folder == package or (folder / "__init__.py").is_file())
            found.append((path, room))
    return found


@cache
def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _libraries(root: Path) -> dict[str, str]:
    """Installed versions of everything the lock names (without a lock, of what decides a page), and of Python."""
    lock = root / "requirements.lock"
    names = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)\s*==", lock.read_text(encoding="utf-8")) if lock.is_file() else []
    named = {name.lower(): _installed(name) for name in (names or passport.PACKAGES)}
    found = {f"library: {name}": held for name, held in named.items()}
    return found | {"library: python": platform.python_version()}


def _named_files(stage: str, root: Path, parameters: Mapping[str, object], settings: Settings) -> list[Path]:
    """Files below the root that settings or a parameter name: scenarios, figures about others."""
    if stage == "disclosure":
        return [root / name for name in settings.comparators.files]
    if stage != "staffing":
        return []
    return scenario_files(root, str(parameters.get("scenario") or ""), settings.scenarios)


def scenario_files(root: Path, scenario: str, scenarios: Sequence[str]) -> list[Path]:
    """The scenario files of a run: those named by the notebook's parameter, else those of ``analysis.toml``.

    Args:
        root: the project's root.
        scenario: files or folders below it, separated by commas; '' for those of the settings, ``none`` for none.
        scenarios: files or folders that the settings name.
    """
    if scenario.strip() == "none":
        return []
    found: list[Path] = []
    for path in (root / name for name in [part.strip() for part in scenario.split(",") if part.strip()] or scenarios):
        found += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return found


def _released(former: Path) -> list[tuple[str, str]]:
    """What is read of an earlier build of the same edition: released cells, departments, and its record."""
    folder = former if former.name == "former" else former / "protected"
    return [(name, digest_of(folder / name)) for name in ("cells.parquet", "departments.parquet", "about.json")]


def _register(after: Path) -> list[tuple[str, str]]:
    """What is read of the edition before: released cells, its record, and the description of its delivery."""
    if (after / "delivery.toml").is_file():
        return delivery_files(after)
    return [(name, digest_of(after / name)) for name in REGISTER]
