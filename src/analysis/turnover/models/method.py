"""What decides how leaving is forecast: candidates, history, margin and priors, in one place an analyst can change.

Nothing else in this room chooses them. The usual ones are reference data: ``policy.toml`` names the candidates and
their penalties, ``assumptions.toml`` the priors of the intervals, each with its source and owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.reference import assumption, policy
from analysis.turnover.forecasts.intervals import Prior
from analysis.turnover.models.candidates import BOOSTING


@dataclass(frozen=True)
class Method:
    """How leaving is forecast.

    Args:
        candidates: what a cause's forecast is chosen from, simplest first: of equals the first is taken.
        windows: latest closed windows that are learnt from at every origin; 0 for all of them.
        margin: standard errors by which hazards must beat the yardstick; in doubt the simpler is shown.
        prior: where the spread of levels and of departments starts from.
    """

    candidates: tuple[str, ...]
    windows: int
    margin: float
    prior: Prior


def candidate_names(kinds: Iterable[str], penalties: Iterable[float]) -> tuple[str, ...]:
    """Every kind with every penalty, in that order: ``additive/8``; trees have no penalty."""
    grid = tuple(penalties)
    return tuple(
        name for kind in kinds for name in ([kind] if kind == BOOSTING else [f"{kind}/{penalty:g}" for penalty in grid])
    )


def usual() -> Method:
    """The method of the reference data."""
    held = policy().turnover
    prior = Prior(*(assumption(name) for name in ("level_sd", "level_years", "department_cv", "department_weight")))
    return Method(candidate_names(held.candidates, held.penalties), held.windows, held.margin, prior)
