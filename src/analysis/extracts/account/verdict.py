"""Whether a delivery can be published: yes, after somebody has looked at something, or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.errors import GateError
from analysis.extracts.account.notices import Notice, count, reasons
from analysis.extracts.delivery import Delivery
from analysis.extracts.manifest import FILE
from analysis.reference.policies import Policy

WORDS = {
    "publish": ("Kan publiceras.", "Can be published."),
    "look": ("Titta på det här först", "Look at this first"),
    "stop": ("Kan inte publiceras", "Cannot be published"),
}


@dataclass(frozen=True)
class Verdict:
    """``because`` are the sentences behind it, each with its size; none where the delivery can be published."""

    step: Literal["publish", "look", "stop"]
    because: tuple[Notice, ...] = ()

    def lines(self, language: str) -> list[str]:
        """The verdict as text, the size in persons behind every sentence that knows it."""
        head = WORDS[self.step][language != "sv"]
        if not self.because:
            return [head]
        return [f"{head}:", *(f"  – {sized(each, language)}" for each in self.because)]


def sized(notice: Notice, language: str) -> str:
    """A sentence and how many persons it is about, unless it says so itself."""
    text = notice.text(language)
    words = ("person", "personer") if language == "sv" else ("person", "persons")
    if not notice.persons or re.search(
        rf"\b{notice.persons}\b[^.;:]* {words[1]}\b|\b{notice.persons} {words[0]}\b", text
    ):
        return text
    return f"{text} ({count(notice.persons, *words)})"


def judge(
    delivery: Delivery, policy: Policy, *, findings: Sequence[Notice] = (), stops: Sequence[Notice] = ()
) -> Verdict:
    """Judge a delivery.

    Args:
        delivery: What was read.
        policy: ``reference.policy()``.
        findings: What looked wrong (``quality``).
        stops: Why no edition can be made of its history (``edition.lookback``).
    """
    stops = [*obstacles(delivery, policy), *stops]
    looks = [each for each in delivery.warnings if isinstance(each, Notice) and each.doubt] + list(findings)
    if stops:
        said = {each.kind for each in stops if each.kind}  # what stops a delivery need not be looked at as well
        return Verdict("stop", (*stops, *(each for each in looks if each.kind not in said)))
    return Verdict("look", tuple(looks)) if looks else Verdict("publish")


def obstacles(delivery: Delivery, policy: Policy) -> list[Notice]:
    """What a delivery cannot be published with.

    Args:
        delivery: What was read.
        policy: ``policy.quarantine.max_share`` is the largest share of a file's records (structural rows left
            out) that may be set aside.
    """
    limit = policy.quarantine.max_share
    found = []
    for line in delivery.ledger.to_dict("records"):
        records = line["read"] - line["structural"]
        share = line["quarantined"] / records if records else 0.0
        if share <= limit:
            continue
        mine = delivery.quarantine
        mine = mine[(mine["file"] == line["file"]) & (mine["table"] == line["table"])]
        column, reason = mine.groupby(["column", "reason"], sort=False).size().idxmax()
        named = header_of(delivery, line["file"], line["table"], str(column)) if column else ""
        sv, en = (f"{named or word}: {reasons()[reason][each]}" for word, each in (("raden", "sv"), ("the row", "en")))
        if reason == "in_future":
            day = delivery.manifest.delivery.extracted
            sv += f" (extracted är {day} i {FILE}: är filen nyare, flytta den)"
            en += f" (extracted is {day} in {FILE}: is the file newer, move it)"
        found.append(
            Notice(
                sv=f"{line['file']}: {line['quarantined']} av {records} rader ({_percent(share)}) är "
                f"satta åt sidan, mer "
                f"än de {_percent(limit)} som är tillåtna, oftast {sv}; rätta filen eller delivery.toml",
                en=f"{line['file']}: {line['quarantined']} of {records} rows ({share:.1%}) are set aside, more "
                f"than the {limit:.1%} allowed, most often {en}; correct the file or delivery.toml",
            )
        )
    differing = delivery.contradictions
    least, most = policy.contradictions.min_persons, policy.contradictions.max_share
    if differing.persons >= least and differing.share > most:
        files = ", ".join(differing.files)
        found.append(
            Notice(
                sv=f"{differing.persons} av {differing.everyone} personer ({_percent(differing.share)}) har ett annat "
                f"födelsedatum eller kön i en rad än i en annan ({files}), mer än de {_percent(most)} som är tillåtna: "
                "samma nummer står för olika personer; ge filerna från varje system ett eget person_prefix i "
                "delivery.toml, eller rätta filerna",
                en=f"{differing.persons} of {differing.everyone} persons ({differing.share:.1%}) have another birth or "
                f"sex in one row than in another ({files}), more than the {most:.1%} allowed: the same number stands "
                "for different persons; give the files of each system a person_prefix of its own in delivery.toml, or "
                "correct the files",
                persons=differing.persons,
                kind="persons_differ",
            )
        )
    if not any(delivery.tables.rows(name) for name in ("employments", "snapshots")):
        found.append(
            Notice(
                sv="leveransen har ingen godkänd rad om en anställning; lägg till en fil med "
                "anställningar eller listor",
                en="the delivery has no accepted row about an employment; add a file of employments or snapshots",
            )
        )
    return found


def header_of(delivery: Delivery, file: str, table: str, column: str) -> str:
    """The column as the file's owner knows it: its header, or those a key is built from."""
    for spec in delivery.manifest.file:
        if spec.table == table and spec.covers(file):
            parts = [part for part in spec.keys.get(column, [column]) if part in spec.columns]
            return " + ".join(spec.columns[part][0] for part in parts) or column
    return column


def check_gate(delivery: Delivery, policy: Policy, stops: Sequence[Notice] = ()) -> None:
    """Stop a delivery that is too bad to publish from.

    Args:
        delivery: What was read.
        policy: ``reference.policy()``.
        stops: Why no edition can be made of its history, where somebody has looked.

    Raises:
        GateError: a file has more wrong than the policy allows, nobody is employed, or ``stops`` says why.
    """
    for each in (*obstacles(delivery, policy), *stops):
        raise GateError(str(each))


def _percent(share: float) -> str:
    return f"{share * 100:.1f}\u00a0%".replace(".", ",")
