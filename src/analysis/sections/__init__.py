"""The parts of a page, one section each: ``section`` says what one declares, ``README.md`` how to add one."""

from analysis.disclosure.plan import PlannedTable
from analysis.sections.gather import all_facts, derived
from analysis.sections.indicator import Indicator
from analysis.sections.registry import all_sections, plan, shipped_plan
from analysis.sections.report import Report, Scope
from analysis.sections.results import Derivation, Results
from analysis.sections.section import Place, Section

__all__ = [
    "Derivation",
    "Indicator",
    "Place",
    "PlannedTable",
    "Report",
    "Results",
    "Scope",
    "Section",
    "all_facts",
    "all_sections",
    "derived",
    "plan",
    "shipped_plan",
]
