"""The pipeline: every step in the order they run, what each needs, what it makes, and who may see that.

``person``: rows about persons, or figures that nobody has protected yet; for those who build, below ``tables``.
``group``: results of groups large enough for a forecast; for those who build, below ``results``.
``public``: what disclosure control has let through; for whoever the edition's profile names, below ``protected`` and
in the pages.

What a step really reads is noted while it runs (``tables.reads``), entry by entry of small records; a test holds that
and what it writes against this list.
"""

from __future__ import annotations

from dataclasses import dataclass

DELIVERY = "delivery"
"""The raw files, and nothing that a step has made."""


@dataclass(frozen=True)
class Step:
    """One step: its notebook, the steps it builds on, the settings it may read, and what it makes by who may see it."""

    name: str
    notebook: str
    needs: tuple[str, ...]
    settings: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """What it may write, by path in the workspace and without ending."""
        folders = {"tables": self.person, "results": self.group, "protected": self.public}
        return frozenset(f"{folder}/{name}" for folder, names in folders.items() for name in names)


PIPELINE = (
    Step(
        "read", "10-read.ipynb",
        needs=(DELIVERY,),
        person=(
            "employments", "snapshots", "hours", "absences", "exits", "organisation", "qualifications", "competence",
            "requirements", "development_plans", "training", "mentoring", "assignments", "managers", "follow_up",
            "survey", "vacancies", "volumes", "population", "participation", "workload", "staffing_ratios",
            "budgeted_posts", "finance", "activities", "measures", "teaching", "identity_changes", "units", "ledger",
            "quarantine", "rules", "delivery",
        ),
        group=("delivery_profile",),
    ),
    Step(
        "workforce", "20-workforce.ipynb",
        needs=("read",),
        settings=("hours_per_month",),
        person=(
            "rows", "ends", "departments", "waterfall", "restated", "unmatched", "risk_cells", "risk_periods", "by_sex",
            "person_cells", "cohorts", "durations", "flows", "groups", "hire_profile", "made_permanent", "permanent_at",
            "compartments", "facts_workforce", "workforce", "effect_estimates",
        ),
    ),
    Step(
        "competence", "30-competence.ipynb",
        needs=("read", "workforce"),
        settings=("years",),
        person=(
            "facts_competence", "pipelines", "plan", "skill_now", "skill_states", "skill_moves", "skill_newcomers",
            "unmatched_competence",
        ),
    ),
    Step(
        "turnover", "40-turnover.ipynb",
        needs=("read", "workforce"),
        settings=("draws",),
        person=("drivers", "driver_patterns", "observed_expected", "calibration", "unmatched_turnover", "turnover"),
        group=(
            "leavers", "track_record", "hit_rates", "turnover_metrics", "turnover_scoreboard", "turnover_calibration",
            "cumulative_incidence", "drivers", "driver_patterns", "observed_expected", "calibration",
        ),
    ),
    Step(
        "staffing", "50-staffing.ipynb",
        needs=("read", "workforce", "competence", "turnover"),
        settings=("years", "draws", "scenarios"),
        person=("facts_retirements", "unmatched_staffing", "staffing"),
        group=(
            "staffing_bridge", "staffing_beside", "staffing_levers", "staffing_what_if", "staffing_closing",
            "staffing_largest", "staffing_sensitivity", "staffing_overturned", "staffing_backtest", "staffing_outlook",
            "staffing_hit_rates", "staffing_workload", "skill_gap", "retirement_wave", "recruitment",
            "recruitment_chances", "recruitment_record", "recruitment_rates", "recruitment_fan",
        ),
    ),
    Step(
        "disclosure", "60-disclosure.ipynb",
        needs=("read", "workforce", "competence", "turnover", "staffing"),
        settings=("profile", "years", "draws", "contact", "data_protection", "comparators"),
        person=("changed",),
        group=("said", "effects"),
        public=("cells", "plan", "departments", "unchanged", "about"),
    ),
)  # fmt: skip
"""The steps that make tables, in the order they run."""
REPORTS = {"department": "70-department.ipynb", "organisation": "80-organisation.ipynb"}
"""Reports, of protected tables alone: one per department, and one of the whole."""
CARDS = {
    "methods": "92-methods.ipynb",
    "model-card": "90-model-card.ipynb",
    "samverkan": "91-samverkan.ipynb",
    "plan": "93-plan.ipynb",
    "careers": "94-careers.ipynb",
    "managers": "95-managers.ipynb",
}
"""Pages that an edition has once at most, by the name of the page."""
REGISTER = ("protected/cells.parquet", "protected/about.json", "results/delivery_profile.parquet")
"""What the edition before released, as its register: it outlives its rows."""
COUNTED = ("employments", "snapshots", "exits", "hours", "organisation")
"""Clean tables that persons are counted from."""
ROWS_BEFORE = (
    *(f"tables/{name}.parquet" for name in ("rows", *COUNTED)), "tables/delivery.json", "tables/workforce.json",
    "stages/workforce.json", "protected/unchanged.parquet",
)  # fmt: skip
"""What is read of the edition before while it has it, to count its persons again (``stages.changes``)."""
KEPT = ("tables/changed.parquet", "tables/changed.json")
"""What an edition keeps of that, so that it can be made again when the earlier rows have been erased."""
