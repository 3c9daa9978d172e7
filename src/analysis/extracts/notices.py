"""Sentences to a person about a delivery, in Swedish and English; and the reasons rows are set aside for."""

from __future__ import annotations

from functools import cache

from analysis.reference import load


class Notice(str):
    """A warning as text. It reads as English; ``sv`` holds the same sentence in Swedish."""

    sv: str

    def __new__(cls, *, sv: str, en: str) -> Notice:
        """Make a notice from the same sentence in two languages."""
        notice = super().__new__(cls, en)
        notice.sv = sv
        return notice

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, str]]:
        return (), {"sv": self.sv, "en": str(self)}

    def text(self, language: str) -> str:
        """The sentence in ``sv`` or ``en``."""
        return self.sv if language == "sv" else str(self)


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Reasons for setting a row aside by id, with ``sv`` and ``en`` (``reference/data/reasons.toml``)."""
    return {entry["id"]: entry for entry in load("reasons")["reason"]}
