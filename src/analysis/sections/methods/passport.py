"""What the page was made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publishing.objects.atoms import Day, Fact, Month, Name, Term
from analysis.publishing.objects.stock import Line, Passport
from analysis.reference import episode_rules
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "passport",
    places=Place("passport", pages=("methods",)),
)


HASH_DIGITS = 12


@section.show
def show(report: ProtectedReport) -> Passport:
    """What the page was made of. Names of files without their folders, hashes shortened."""
    held = report.about.get("passport", {})
    inputs = []
    for place in range(len(held.get("inputs", []))):
        name, digest = (Fact.of(report, "passport", "inputs", place, side) for side in (0, 1))
        if name is not None:
            told = digest.shortened(HASH_DIGITS) if digest is not None else Term("passport.keyed")
            inputs.append(Line(name.without_folders(), (told,)))
    rows: list[Line] = []

    def add(term: str, *values: Any) -> None:
        if any(value is not None for value in values):
            rows.append(Line(Term(f"passport.{term}"), tuple(value for value in values if value is not None)))

    add("edition", Fact.of(report, "edition"))
    add("delivery", Fact.of(report, "delivery"))
    add("extracted", Day(report.about["extracted"]) if report.about.get("extracted") else None)
    add("period", Month(report.about["period"]))
    add("after", Fact.of(report, "after"))
    add("unchanged", Term("status.unchanged") if report.has_unchanged else None)
    add("policy", Fact.of(report, "passport", "policy_edition"))
    add("rules", _changed_rules(held.get("episodes", {})))
    seed = Fact.of(report, "passport", "seed")
    add("seed", seed and seed.as_text())
    versions = ", ".join(f"{name} {version}" for name, version in sorted(held.get("versions", {}).items()))
    add("versions", Name.same(versions) if versions else None)
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
