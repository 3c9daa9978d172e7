"""What was decided: goal, assignment, activity, owner, month, and the indicator that shows it."""

from analysis.businessplan.chain import chain_facts
from analysis.businessplan.findings import FINDINGS, plan_findings
from analysis.businessplan.plan import plan_table

__all__ = ["FINDINGS", "chain_facts", "plan_findings", "plan_table"]
