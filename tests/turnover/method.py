"""The usual method with other candidates: most tests need one kind of model, and time."""

from __future__ import annotations

from dataclasses import replace

from analysis.turnover.models.method import Method, usual


def only(*candidates: str) -> Method:
    """The usual method that chooses among ``candidates``."""
    return replace(usual(), candidates=candidates)
