"""What the page was made of."""

from __future__ import annotations

from analysis.publishing.atoms import Day
from analysis.publishing.atoms import Fact
from analysis.publishing.atoms import Month
from analysis.publishing.atoms import Name
from analysis.publishing.atoms import Term
from analysis.publishing.objects import Line
from analysis.publishing.objects import Passport
from analysis.reference import episode_rules
from analysis.tables.protected import ProtectedReport
from collections.abc import Mapping
from typing import Any



HASH_DIGITS = 12


def passport(report: ProtectedReport) -> Passport:
    """What the page was made of. Names of files without their folders, hashes shortened."""
    held = report.about.get("passport", {})
    inputs = []
    for name, digest in held.get("inputs", []):
        plain = str(name).replace("\\", "/").rsplit("/", 1)[-1]
        inputs.append(Line(_fact("passport.file", plain), (_fact("passport.hash", str(digest)[:HASH_DIGITS]),)))
    rows: list[Line] = []

    def add(term: str, *values: Any) -> None:
        if any(value is not None for value in values):
            rows.append(Line(Term(f"passport.{term}"), tuple(value for value in values if value is not None)))

    add("edition", Fact.of(report, "edition"))
    add("delivery", Fact.of(report, "delivery"))
    add("extracted", Day(report.about["extracted"]) if report.about.get("extracted") else None)
    add("period", Month(report.about["period"]))
    add("after", Fact.of(report, "after"))
    add("policy", Fact.of(report, "passport", "policy_edition"))
    add("rules", _changed_rules(held.get("episodes", {})))
    seed = held.get("seed")
    add("seed", _fact("passport.seed", str(seed) if seed is not None else None))
    versions = sorted(held.get("versions", {}).items())
    add("versions", _fact("passport.versions", ", ".join(f"{name} {version}" for name, version in versions)))
    return Passport(tuple(inputs), tuple(rows))


def _changed_rules(stated: Mapping[str, Any]) -> Name | None:
    """Rules of episodes that the delivery states otherwise than the policy, with their values."""
    policy = episode_rules()
    parts = [
        (f"{policy[key]['sv']}: {_word(value, 'ja', 'nej')}", f"{policy[key]['en']}: {_word(value, 'yes', 'no')}")
        for key, value in stated.items()
        if key != "transfers"
    ]
    for each in stated.get("transfers", ()):
        parts.append((f"{policy['transfer']['sv']}: {each['date']}", f"{policy['transfer']['en']}: {each['date']}"))
    return Name("; ".join(sv for sv, _ in parts), "; ".join(en for _, en in parts)) if parts else None


def _word(value: Any, yes: str, no: str) -> str:
    return str(value) if not isinstance(value, bool) else yes if value else no
