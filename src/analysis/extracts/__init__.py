"""Extracts: raw files in; clean tables, a quarantine and an account of every row out."""

from analysis.extracts.correction_files import write_quarantine
from analysis.extracts.delivery import Delivery, check_gate, read_delivery
from analysis.extracts.identity import pseudonym_key
from analysis.extracts.manifest import Manifest, load_manifest
from analysis.extracts.notices import Notice
from analysis.extracts.summary import summary

__all__ = [
    "Delivery",
    "Manifest",
    "Notice",
    "check_gate",
    "load_manifest",
    "pseudonym_key",
    "read_delivery",
    "summary",
    "write_quarantine",
]
