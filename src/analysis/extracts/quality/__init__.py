"""Quality: what a delivery that could be read may still have wrong, as warnings with their size."""

from analysis.extracts.quality.comparing import compare
from analysis.extracts.quality.looking import look_over
from analysis.extracts.quality.profile import COLUMNS, profile
from analysis.extracts.quality.wording import said

__all__ = ["COLUMNS", "compare", "look_over", "profile", "said"]
