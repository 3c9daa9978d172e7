"""Extracts: raw files in; clean tables, a quarantine and an account of every row out."""

from analysis.extracts.correction_files import write_quarantine
from analysis.extracts.delivery import Delivery, check_gate, empty_table, read_delivery
from analysis.extracts.identity import pseudonym_key
from analysis.extracts.manifest import Manifest, load_manifest
from analysis.extracts.notices import Notice
from analysis.extracts.schema import schema
from analysis.extracts.summary import summary

__all__ = [
    "Delivery",
    "Manifest",
    "Notice",
    "check_gate",
    "empty_table",
    "load_manifest",
    "pseudonym_key",
    "read_delivery",
    "schema",
    "summary",
    "write_quarantine",
]
