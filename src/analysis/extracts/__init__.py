"""Extracts: raw files in; clean tables, a quarantine and an account of every row out."""

from analysis.extracts.account.correction_files import write_quarantine
from analysis.extracts.account.notices import Notice
from analysis.extracts.account.report import write_report
from analysis.extracts.account.summary import summary
from analysis.extracts.account.verdict import check_gate, judge
from analysis.extracts.delivery import Delivery, read_delivery
from analysis.extracts.manifest import Manifest, load_manifest
from analysis.extracts.persons.secret_keys import pseudonym_key

__all__ = [
    "Delivery",
    "Manifest",
    "Notice",
    "check_gate",
    "judge",
    "load_manifest",
    "pseudonym_key",
    "read_delivery",
    "summary",
    "write_quarantine",
    "write_report",
]
