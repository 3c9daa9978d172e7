"""What to look for in the pictures of stage notebooks, in the first of the ``languages`` of ``analysis.toml``.

The texts are a table per language beside this file. The language changes no figure that a stage keeps; it is therefore
read here and not through the stage's settings, and changing it makes no stage stale.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import settings
from analysis.errors import InputError

if TYPE_CHECKING:
    from IPython.display import Markdown

FALLBACK = "en"
"""Language of a picture's words where the installation's first language has none of its own."""


class Words:
    """Words of pictures in one language.

    ``words("read.records")`` shows what to look for; ``words.axis("records")`` is what stands on a picture.
    """

    def __init__(self, language: str) -> None:
        tables = table()
        self.language = language if language in tables else FALLBACK
        self._texts = tables[self.language]

    def __call__(self, id: str) -> Markdown:
        """What to look for in a picture, to be the last line of a cell.

        Raises:
            InputError: there is no such text.
        """
        from IPython.display import Markdown

        return Markdown(self.text(id))

    def text(self, id: str) -> str:
        """The text behind an id.

        Raises:
            InputError: there is none.
        """
        if id not in self._texts:
            raise InputError(f"looking.toml has no text {id!r} in [{self.language}]; add it in every language")
        return self._texts[id]

    def axis(self, id: str) -> str:
        """The words of an axis or a legend; an id without words of its own stands for itself."""
        return self._texts.get(f"axis.{id}", id)


@cache
def table() -> dict[str, dict[str, str]]:
    """Texts by language and id (``looking.toml``)."""
    return tomllib.loads(files("analysis.stages").joinpath("looking.toml").read_text(encoding="utf-8"))


def look_for(root: Path) -> Words:
    """The words of an installation's first language.

    Args:
        root: the project's folder.
    """
    return Words(settings.load(root).languages[0])
