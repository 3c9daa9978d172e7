"""The effect ledger: what was registered beforehand, what happened beside comparable groups, and what may be said."""

from analysis.businessplan.ledger.estimates import Past, estimates
from analysis.businessplan.ledger.judging import judged
from analysis.businessplan.ledger.registered import Measure, registered

__all__ = ["Measure", "Past", "estimates", "judged", "registered"]
