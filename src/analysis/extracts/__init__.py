"""Extracts: raw files in; clean tables, a quarantine and an account of every row out."""

from analysis.extracts.correction_files import write_quarantine
from analysis.extracts.delivery import Delivery, read_delivery
from analysis.extracts.manifest import Manifest, load_manifest
from analysis.extracts.notices import Notice
from analysis.extracts.report import write_report
from analysis.extracts.secret_keys import pseudonym_key
from analysis.extracts.summary import summary
from analysis.extracts.verdict import check_gate, judge

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
