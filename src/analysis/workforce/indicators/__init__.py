"""Indicators of who works here, each under a named definition in ``reference/data/definitions.toml``.

``basic`` fills the tables of the report; the other modules fill the table ``definitions``, one row per definition, and
``compute.definition_facts`` calls them with what a delivery holds.
"""

from analysis.workforce.indicators.annual import sick_pay, staff_cost, time_by_kind, year_of_absence
from analysis.workforce.indicators.basic import (
    LEVEL,
    by_department,
    headcount_and_fte,
    hourly_fte,
    qualified,
    rate_interval,
    share_interval,
    shares,
    sick_leave,
)
from analysis.workforce.indicators.compute import definition_facts
from analysis.workforce.indicators.equality import equal_terms
from analysis.workforce.indicators.exit_survey import exit_survey
from analysis.workforce.indicators.leaving import exits, exposure, leavers, leaving_rates
from analysis.workforce.indicators.managers import reports_per_manager, staff_per_manager
from analysis.workforce.indicators.november import (
    actual_rates,
    ages,
    agreed_rates,
    annual_workers,
    form_shares,
    november,
    november_staff,
    occupation_series,
    permanent_flows,
    staff_counts,
    women,
    worked_time,
)
from analysis.workforce.indicators.pay import equal_pay, pay_by_occupation, pay_dispersion
from analysis.workforce.indicators.pension import reaching
from analysis.workforce.indicators.qualification import (
    current_plans,
    licensed_in_preschool,
    taught_time,
    wanted_rate,
)
from analysis.workforce.indicators.resources import posts, premises, vacancies, volume_per_fte
from analysis.workforce.indicators.sickness import (
    equal_absence,
    overtime,
    sick_leave_by_day,
    statutory_sick_leave,
)
from analysis.workforce.indicators.span import span_of_control
from analysis.workforce.indicators.survey import hme
from analysis.workforce.indicators.turnover import starters, turnover_variants

__all__ = [
    "LEVEL",
    "actual_rates",
    "ages",
    "agreed_rates",
    "annual_workers",
    "by_department",
    "current_plans",
    "definition_facts",
    "equal_absence",
    "equal_pay",
    "equal_terms",
    "exit_survey",
    "exits",
    "exposure",
    "form_shares",
    "headcount_and_fte",
    "hme",
    "hourly_fte",
    "leavers",
    "leaving_rates",
    "licensed_in_preschool",
    "november",
    "november_staff",
    "occupation_series",
    "overtime",
    "pay_by_occupation",
    "pay_dispersion",
    "permanent_flows",
    "posts",
    "premises",
    "qualified",
    "rate_interval",
    "reaching",
    "reports_per_manager",
    "share_interval",
    "shares",
    "sick_leave",
    "sick_leave_by_day",
    "sick_pay",
    "span_of_control",
    "staff_cost",
    "staff_counts",
    "staff_per_manager",
    "starters",
    "statutory_sick_leave",
    "taught_time",
    "time_by_kind",
    "turnover_variants",
    "vacancies",
    "volume_per_fte",
    "wanted_rate",
    "women",
    "worked_time",
    "year_of_absence",
]
