"""What a person may set: ``analysis.toml`` at the project's root.

The root is the nearest folder at or above the working directory that holds ``analysis.toml``; notebooks and
commands therefore find the same data wherever they are started.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from analysis.errors import InputError
from analysis.reference.phrases import LANGUAGES
from analysis.reference.stated import stated

FILE = "analysis.toml"
PICTURES = "ANALYSIS_PICTURES"
"""Variable by which a build tells its stages that nobody will look at their pictures: ``off``."""
Line = Field(default="", max_length=120, pattern=r"^[^\r\n]*$")
"""One line of a page."""


KEY_VARIABLE = "ANALYSIS_PSEUDONYM_KEY"
KEY_FILE_VARIABLE = "ANALYSIS_PSEUDONYM_KEY_FILE"
KEY_FILE = "pseudonyms.key"
"""The installation's own key of the pseudonyms in ``~/.config/analysis``, where none is named."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _link(address: str) -> str:
    """An address that a page may link to; a browser would run ``javascript:`` and the like."""
    plain = "".join(letter for letter in address if letter.isprintable()).strip()
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", plain)
    if plain != address.strip() or (scheme and scheme[1].lower() not in ("http", "https")) or plain.startswith("//"):
        raise ValueError(f"'{plain[:60]}' is no address for a link; write http(s)://… or a relative address")
    return plain


class Contact(_Strict):
    """Who answers questions about a report. A function, not a person."""

    name: str
    email: str
    accessibility_statement: Annotated[str, AfterValidator(_link)] = ""
    """Address of the accessibility statement: http(s), or relative to the page."""


class DataProtection(_Strict):
    """What the employer has decided about the personal data behind the reports; '' is printed as not stated.

    Printed as it is written, in every language, on the page for samverkan: one short line each.
    """

    model_config = ConfigDict(str_strip_whitespace=True)

    controller: str = Line
    """Personuppgiftsansvarig: a board or company, not a person."""
    legal_basis: str = Line
    """The ground in GDPR article 6 and, where it rests on law, the law."""
    retention: str = Line
    """How long the extracts and tables are kept, and by what decision they are erased."""
    dpia: str = Line
    """Reference of the data protection impact assessment (a file number), or the decision that none is needed."""


class Pseudonyms(_Strict):
    """Where the key of the pseudonyms lies, if not in ``~/.config/analysis/pseudonyms.key``."""

    key_file: str = ""
    """A file outside the project, such as ``/etc/analysis/kommunen.key``; ``~`` is the home folder."""


class Retention(_Strict):
    """How long rows about persons are kept; what is older is told as overdue."""

    months: int = Field(default=0, ge=0, le=1200)
    """Months from the extract of a delivery to its erasure; 0 = nothing is stated."""


class Comparators(_Strict):
    """Where figures about others come from. ``files`` (below the root) were written by ``analysis fetch``."""

    files: tuple[str, ...] = ()
    kolada: str = "https://api.kolada.se/v3"
    pxweb: str = "https://api.scb.se/OV0104/v1/doris/sv/ssd"


CELL_SECONDS = 1800
"""Seconds that one cell of a notebook may take, where nothing else is set."""
FEWEST_DRAWS = 100
"""Draws below which the ends of an interval are chance."""


class Settings(_Strict):
    """The settings of one installation; unknown names are refused."""

    profile: Literal["internal", "public"] = "internal"
    languages: tuple[str, ...] = Field(default=LANGUAGES, min_length=1)
    seed: int = 20251231
    draws: int = Field(default=1000, ge=FEWEST_DRAWS)
    years: int = Field(default=5, ge=1, le=10)
    """Forecast years of the staffing stage, at most ten."""
    hours_per_month: float = 165.0
    """Hours of a full-time month, the divisor that turns hourly paid into full-time equivalents (AB)."""
    scenarios: tuple[str, ...] = ()
    """Scenario files or folders (below the root) beside the reference path: at most three files."""
    sections: tuple[str, ...] = ()
    """Folders (below the root) with sections of the municipality's own."""
    words: tuple[str, ...] = ()
    """Folders (below the root) with words of the municipality's own: ``<language>.toml`` adds a language."""
    cell_seconds: int = Field(default=CELL_SECONDS, ge=10, le=604_800)
    """Seconds that one cell of a notebook may take before the run is stopped."""
    contact: Contact
    data_protection: DataProtection = DataProtection()
    comparators: Comparators = Comparators()
    pseudonyms: Pseudonyms = Pseudonyms()
    retention: Retention = Retention()
    delivery_folders: tuple[str, ...] = ()
    """Folders outside a delivery (below the root, or absolute) that its ``delivery.toml`` may read files from."""


def find_root(start: Path | None = None) -> Path:
    """Return the project's root.

    Raises:
        InputError: no ``analysis.toml`` at or above ``start``.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise InputError(f"no {FILE} in {start} or above it; run the command inside the project's folder")


def root_of(folder: Path) -> Path | None:
    """The project that a folder lies in, else the one stood in; None where neither lies in one."""
    for start in (folder, Path.cwd()):
        try:
            return find_root(start)
        except InputError:
            continue
    return None


def load(root: Path) -> Settings:
    """Read and check ``analysis.toml``.

    Raises:
        InputError: the file is not TOML or holds an unknown or ill-typed setting.
    """
    return stated(root / FILE, Settings, absent=f"{root / FILE} cannot be read; a project has one")


def key_place(root: Path | None) -> tuple[Path, str]:
    """The file of the pseudonyms' key, where the key is not itself in ``ANALYSIS_PSEUDONYM_KEY``, and who named it.

    Raises:
        InputError: nobody named one, and the person has no home folder.
    """
    if named := os.environ.get(KEY_FILE_VARIABLE):
        return Path(named), KEY_FILE_VARIABLE
    if root is not None and (stated := load(root).pseudonyms.key_file):
        return root / Path(stated).expanduser(), FILE
    return _configuration() / "analysis" / KEY_FILE, "~/.config/analysis"


def _configuration() -> Path:
    """Where a person's settings lie.

    Raises:
        InputError: the person has no home folder.
    """
    if named := os.environ.get("XDG_CONFIG_HOME"):
        return Path(named)
    try:
        return Path.home() / ".config"
    except RuntimeError:
        raise InputError(
            f"there is no home folder to keep a key in: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}"
        ) from None
