"""Thresholds of the disclosure policy for one profile (``reference/data/policy.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.reference.policies import Policy
from analysis.tables.protected import Sensitivity

Profile = Literal["internal", "public"]


@dataclass(frozen=True)
class Thresholds:
    """Least number of persons by sensitivity, and least number at risk for a forecast."""

    low: int
    medium: int
    health: int
    survey: int
    pay_medians: int
    pay_quartiles: int
    pay_tails: int
    forecast: int

    @classmethod
    def of(cls, policy: Policy, profile: Profile) -> Thresholds:
        """Read the thresholds of ``profile`` (internal or public)."""
        name = f"min_{profile}"
        low, medium, health, survey = (
            int(getattr(kind, name)) for kind in (policy.low, policy.medium, policy.health, policy.survey)
        )
        return cls(
            low=low,
            medium=medium,
            health=health,
            survey=survey,
            pay_medians=policy.pay.median,
            pay_quartiles=policy.pay.quartiles,
            pay_tails=policy.pay.tails,
            forecast=policy.forecast.min_at_risk,
        )

    def least(self, sensitivity: Sensitivity) -> int:
        """The threshold of a sensitivity; 0 for open figures."""
        return 0 if sensitivity is Sensitivity.OPEN else int(getattr(self, sensitivity.value))
