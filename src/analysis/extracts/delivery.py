"""A delivery: every file of a folder read, checked, pseudonymised and accounted for, row by row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.corrections import (
    BY_HAND,
    Applied,
    Corrections,
    check_places,
    corrected_blocks,
    effects,
    names,
    read_corrections,
    settle,
)
from analysis.extracts.account.notices import Notice, changed_rules, identity_rules, orphans, strangers
from analysis.extracts.files.reading import read_blocks, sha256
from analysis.extracts.manifest import FILE, Manifest, load_manifest
from analysis.extracts.persons.contradictions import Contradictions, contradictions
from analysis.extracts.persons.linking import Links, link
from analysis.extracts.persons.names_in_texts import remove_names
from analysis.extracts.places import corrections_of, raw_folder
from analysis.extracts.records import Job, Part, convert_file
from analysis.extracts.rows.competence_rules import unknown_models
from analysis.extracts.rows.merging import merge
from analysis.extracts.rows.reversals import net, told, unmatched_rows
from analysis.extracts.rows.staging import CleanTables, Shelf, StagedTable
from analysis.extracts.sources import Source, file_name, find_sources, told_of_files, with_newest_list
from analysis.extracts.units import Units, known_codes, units_of
from analysis.extracts.values.coded import stack
from analysis.extracts.values.occupation import strange_occupations
from analysis.reference.episodes import Rules
from analysis.tables.clean import TABLES
from analysis.tables.keys import Codes

COUNTS = ("read", "accepted", "quarantined", "merged", "excluded", "structural")


@dataclass(frozen=True)
class Delivery:
    """Clean tables and the account of every row. Holds pseudonyms, never raw personal values.

    ``tables`` has every table of ``tables.clean.TABLES`` that the delivery maps. ``quarantine`` has one line
    per row set aside (the first reason found). In ``ledger``, per file and table, read = accepted +
    quarantined + merged + excluded + structural; ``read`` counts every record but the header. ``rules`` has, per file
    and table, the rows and persons of each named rule: of ``kind`` excluded (left out) or identity (kept, as whom the
    rule says).
    """

    manifest: Manifest
    tables: CleanTables
    quarantine: pd.DataFrame
    ledger: pd.DataFrame
    rules: pd.DataFrame
    warnings: list[str] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    corrections: pd.DataFrame = field(default_factory=lambda: effects([]))
    """What corrections by hand did, one line per file and table that has some (``corrections.EFFECT``)."""
    corrected_from: list[str] = field(default_factory=list)
    """Names of the files of corrections."""
    units: Units = field(default_factory=Units)
    """Keys of units, and the employer's own code of each."""
    contradictions: Contradictions = field(default_factory=Contradictions)
    """Persons of whom rows say different things."""

    @property
    def records(self) -> dict[str, int]:
        """Counts over all files: read, accepted, quarantined, merged, excluded, structural."""
        return {name: int(self.ledger[name].sum()) for name in COUNTS}


def read_delivery(folder: Path, *, key: bytes, files: Path | None = None, corrections: Path | None = None) -> Delivery:
    """Read the delivery described by ``folder/delivery.toml``.

    Args:
        folder: Holds ``delivery.toml``.
        key: Key of the pseudonyms (``pseudonym_key``).
        files: Where the raw files lie; default what ``delivery.toml`` says, else ``folder``.
        corrections: File or folder of corrections by hand; default what ``delivery.toml`` says, else none.

    Returns:
        Clean tables (``tables.clean``), quarantine, ledger, and what was noticed on the way.

    Raises:
        InputError: ``delivery.toml`` or a file cannot be read at all.
    """
    manifest = load_manifest(folder)
    if files is None:
        files = raw_folder(manifest, folder)
    if not files.is_dir():
        raise InputError(f"the folder of raw files '{files.name}' does not exist; correct files in {FILE}")
    sources = find_sources(manifest, files)
    manifest, moved = with_newest_list(manifest, sources)
    corrections = corrections or corrections_of(manifest, folder)
    by_hand = read_corrections(corrections) if corrections else Corrections()
    check_places(by_hand, [(source.label, source.spec.table) for source in sources])
    corrected: list[dict[str, object]] = []
    applied: dict[int, list[Applied]] = {}
    # the organisation comes first, since the other tables' units are looked up in it
    parts: dict[int, Part] = {}
    shelf = Shelf()
    hasher = ThreadPoolExecutor(max_workers=1)
    hashes = hasher.submit(_hashes, sources, files)  # takes no time of its own beside the reading
    hasher.shutdown(wait=False)
    units: Codes | None = None
    for place in sorted(range(len(sources)), key=lambda each: sources[each].spec.table != "organisation"):
        source = sources[place]
        if source.spec.table != "organisation" and units is None:
            listed = [part.staged for each, part in parts.items() if sources[each].spec.table == "organisation"]
            units = known_codes(["organisation"] * len(listed), listed)
        job = Job(
            source.spec,
            source.label,
            extracted=manifest.delivery.extracted,
            key=key,
            groups=source.groups,
            units=units or None,
            occupations=manifest.occupations,
        )
        blocks = read_blocks(source.path, source.spec)
        if wanted := by_hand.of(source.label, source.spec.table):
            applied[place] = []
            blocks = corrected_blocks(blocks, wanted, job, applied[place])
        parts[place] = convert_file(blocks, job, shelf)
    ordered = [parts[place] for place in range(len(sources))]
    links, linked = link([source.spec.table for source in sources], ordered, [source.label for source in sources])
    if links:
        ordered = [_linked(part, source.spec.table, links) for source, part in zip(sources, ordered, strict=True)]
    for place, effect in sorted(applied.items()):
        source = sources[place]
        wanted = by_hand.of(source.label, source.spec.table)
        ordered[place], line = settle(ordered[place], effect, wanted, file=source.label, table=source.spec.table)
        corrected.append(line)
    found = units_of([source.spec.table for source in sources], [part.staged for part in ordered])
    tables, merged, differing, together = _tables(sources, ordered, links, found)
    notices = told_of_files(manifest, sources, files, corrections=corrections)
    notices += [notice for part in ordered for notice in part.notices] + linked + together + list(found.notices)
    notices += strange_occupations(tables, manifest.occupations)
    notices += strangers(tables) + orphans(tables) + unknown_models(tables)
    notices += remove_names(tables, sources)
    notices += moved + changed_rules(Rules.of(manifest.episodes))
    return Delivery(
        manifest=manifest,
        tables=tables,
        quarantine=stack([part.quarantine for part in ordered]),
        ledger=_ledger(sources, ordered, merged),
        rules=_rules(sources, ordered),
        warnings=list(notices),
        inputs=[(FILE, sha256(folder / FILE)), *hashes.result(), *by_hand.inputs],
        encodings={source.label: part.encoding for source, part in zip(sources, ordered, strict=True)},
        corrections=effects(corrected),
        corrected_from=[name for name, _ in by_hand.inputs],
        units=found,
        contradictions=differing,
    )


def _linked(part: Part, table: str, links: Links) -> Part:
    return replace(part, rules=part.rules | links.count(part)) if "person" in TABLES[table] else part


def _tables(
    sources: list[Source], parts: list[Part], links: Links | None, units: Units
) -> tuple[CleanTables, list[int], Contradictions, list[Notice]]:
    """Put the parts of each table under each other in file order and merge what says the same thing twice.

    Reversals that reverse nothing are added to the quarantine of their part.

    Returns:
        The tables, the rows merged away of each part, what rows of one person said against each other before that, and
        what was noticed.
    """
    merged = [0] * len(parts)
    tables: dict[str, StagedTable] = {}
    places, notices = {}, []
    for name in TABLES:
        mine = [place for place, source in enumerate(sources) if source.spec.table == name]
        if not mine:
            continue
        table = tables[name] = StagedTable([parts[place].staged for place in mine])
        table.renamed = units.renamed.get(name, {})
        if links and "person" in TABLES[name]:
            table.change, table.changed = links.change, frozenset({"person", "birth", "sex"} & TABLES[name].keys())
        places[name] = mine
    differing = contradictions(CleanTables(tables))
    for name, mine in places.items():
        table = tables[name]
        netted, lost, unpaid = net(name, table)
        if len(lost):
            rows = table.take(lost)
            owner = np.searchsorted(np.cumsum([parts[place].staged.size for place in mine]), lost, side="right")
            for at, place in enumerate(mine):
                if (owner == at).any():
                    aside = [parts[place].quarantine, unmatched_rows(rows[owner == at], name)]
                    parts[place] = replace(parts[place], quarantine=stack(aside))
        notices += told(name, sum(netted), table.take(lost) if len(lost) else pd.DataFrame(), unpaid)
        counts, more = merge(name, table, splits=[sources[place].spec.split for place in mine])
        notices += more
        for place, before, count in zip(mine, netted, counts, strict=True):
            merged[place] = before + count
    return CleanTables(tables), merged, differing, notices


def _ledger(sources: list[Source], parts: list[Part], merged: list[int]) -> pd.DataFrame:
    lines = []
    for source, part, dropped in zip(sources, parts, merged, strict=True):
        counts: dict[str, Any] = {"file": source.label, "table": source.spec.table, "read": part.read}
        counts |= {
            "accepted": part.staged.rows,
            "quarantined": len(part.quarantine),
            "merged": dropped,
            "excluded": sum(rows for rows, _ in part.excluded.values()),
            "structural": part.structural,
        }
        lines.append(counts)
    ledger = pd.DataFrame(lines, columns=["file", "table", *COUNTS])
    ledger = ledger.astype({"file": "str", "table": "str"} | dict.fromkeys(COUNTS, "int64"))
    balance = ledger["read"] - ledger[list(COUNTS[1:])].sum(axis=1)
    if balance.any():
        raise AssertionError(f"records lost or invented: {ledger[balance != 0].to_dict('records')}")
    return ledger


def _rules(sources: list[Source], parts: list[Part]) -> pd.DataFrame:
    """Rows and persons that each named rule left out, or made one person of."""
    lines: list[tuple[str, str, str, str, int, int, str]] = []
    for source, part in zip(sources, parts, strict=True):
        place = source.label, source.spec.table
        why = {rule.rule: rule.why for rule in reversed(source.spec.exclude)}
        why[BY_HAND] = names("rule")[BY_HAND]["sv"]
        lines += [(*place, rule, "excluded", *counts, why[rule]) for rule, counts in part.excluded.items()]
        lines += [
            (*place, rule, "identity", *counts, identity_rules()[rule]["sv"]) for rule, counts in part.rules.items()
        ]
    table = pd.DataFrame(lines, columns=["file", "table", "rule", "kind", "rows", "persons", "why"])
    words = dict.fromkeys(("file", "table", "rule", "kind", "why"), "str")
    return table.astype(words | {"rows": "int64", "persons": "int64"})


def _hashes(sources: list[Source], files: Path) -> list[tuple[str, str]]:
    return [(file_name(path, files), sha256(path)) for path in dict.fromkeys(source.path for source in sources)]
