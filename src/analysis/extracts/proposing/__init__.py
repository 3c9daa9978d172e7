"""Proposing: what unknown files look like, written as a ``delivery.toml`` that a person reads before it is used."""

from analysis.extracts.proposing.proposal import Proposal, next_step, propose, write_proposal

__all__ = ["Proposal", "next_step", "propose", "write_proposal"]
