"""Bands of age and of length of service (``bands.toml``): where each begins and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.reference import load

OLDEST = 200


@dataclass(frozen=True)
class Banding:
    """Bands of completed years: all below the first of ``starts``, then one from each; ``names`` may be empty."""

    id: str
    starts: tuple[int, ...]
    names: tuple[str, ...]

    def span(self, name: str) -> tuple[int, int]:
        """First and last year of a band."""
        place = self.names.index(name)
        return (0, *self.starts)[place], (*(start - 1 for start in self.starts), OLDEST)[place]

    @property
    def spans(self) -> dict[str, tuple[int, int]]:
        """First and last year of every band."""
        return {name: self.span(name) for name in self.names}


@cache
def banding(id: str) -> Banding:
    """The banding ``id``."""
    entry = next(entry for entry in load("bands")["banding"] if entry["id"] == id)
    found = Banding(id, tuple(entry["starts"]), tuple(entry.get("names", ())))
    if found.names and len(found.names) != len(found.starts) + 1:
        raise ValueError(f"bands.toml: {id}: name {len(found.starts) + 1} bands, one below the first start")
    return found
