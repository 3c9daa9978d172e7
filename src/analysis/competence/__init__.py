"""What people can: ladders, courses and pipelines, as counts of groups; no row about a person leaves."""

from analysis.competence.coverage import course_coverage
from analysis.competence.figures import course_facts, ladder_facts
from analysis.competence.ladders import ladder_counts
from analysis.competence.levels import Catalogue, Records, levels
from analysis.competence.pipelines import pipeline
from analysis.competence.requirements import asked, demands, in_force, needed, placed
from analysis.competence.skill_counts import level_counts, skill_changes, skill_now, skill_states, told_models

__all__ = [
    "Catalogue",
    "Records",
    "asked",
    "course_coverage",
    "course_facts",
    "demands",
    "in_force",
    "ladder_counts",
    "ladder_facts",
    "level_counts",
    "levels",
    "needed",
    "pipeline",
    "placed",
    "skill_changes",
    "skill_now",
    "skill_states",
    "told_models",
]
