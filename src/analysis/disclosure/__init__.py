"""What may be shown: the wall between persons and pages.

Names are looked up when they are asked for: a report's kernel needs the plan alone, and no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.disclosure.derived import unknown_reasons, workload
    from analysis.disclosure.key_figures import key_figures
    from analysis.disclosure.protect import protect
    from analysis.disclosure.thresholds import Thresholds

__all__ = ["Thresholds", "key_figures", "protect", "unknown_reasons", "workload"]
HOMES = {
    "Thresholds": "thresholds",
    "key_figures": "key_figures",
    "protect": "protect",
    "unknown_reasons": "derived",
    "workload": "derived",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
