"""Thresholds of the disclosure policy for one profile (``reference/data/policy.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
    def of(cls, policy: dict[str, Any], profile: str) -> Thresholds:
        """Read the thresholds of ``profile`` (internal or public)."""
        name = f"min_{profile}"
        return cls(
            low=policy["low"][name],
            medium=policy["medium"][name],
            health=policy["health"][name],
            survey=policy["survey"][name],
            pay_medians=policy["pay"]["median"],
            pay_quartiles=policy["pay"]["quartiles"],
            pay_tails=policy["pay"]["tails"],
            forecast=policy["forecast"]["min_at_risk"],
        )

    def least(self, sensitivity: str) -> int:
        """The threshold of a sensitivity; 0 for open figures."""
        return 0 if sensitivity == "open" else int(getattr(self, sensitivity))
