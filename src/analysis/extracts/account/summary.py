"""What ``analysis check`` prints: a delivery as a payroll officer needs to hear it, in Swedish or English."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from analysis.errors import InputError
from analysis.extracts.account.corrections import BY_HAND, EFFECT, names
from analysis.extracts.account.missing import Awaits
from analysis.extracts.account.missing import lines as missing_lines
from analysis.extracts.account.notices import Notice, identity_rules, reasons
from analysis.extracts.account.verdict import header_of, judge, sized
from analysis.extracts.delivery import COUNTS, Delivery
from analysis.reference import policy
from analysis.reference.phrases import LANGUAGES

FIRST_ROWS = 5
"""Line numbers named for each reason."""
WORDS = {
    "title": ("Leverans: {name} (uttagen {date})", "Delivery: {name} (extracted {date})"),
    "read": ("lästa", "read"),
    "accepted": ("godkända", "accepted"),
    "quarantined": ("satta åt sidan", "set aside"),
    "merged": ("sammanslagna", "merged"),
    "excluded": ("undantagna enligt regel", "left out by rule"),
    "structural": (
        "rader som inte är poster (inledning, tomma rader, summor)",
        "rows that are no records (preamble, blank rows, totals)",
    ),
    "encoding": ("{encoding}", "{encoding}"),
    "rows": ("rad {rows}", "row {rows}"),
    "more": (" m.fl.", " and more"),
    "shown": (", t.ex. {shown}", ", e.g. {shown}"),
    "row": ("raden", "the row"),
    "total": ("Alla filer", "All files"),
    "warnings": ("Att veta", "Worth knowing"),
    "findings": ("Att kontrollera", "To be checked"),
    "findings_after": ("Att kontrollera (jämfört med {after})", "To be checked (against {after})"),
    "no_findings": ("Inget som avviker.", "Nothing out of the ordinary."),
    "history": ("Historiken", "The history"),
    "missing": ("Saknas i leveransen", "Missing from the delivery"),
    "nothing_missing": (
        "Inget; alla tabeller och kolumner finns.",
        "Nothing; every table and column is there.",
    ),
    "aside": (
        "Inget mer än raderna som är satta åt sidan ovan ({rows}).",
        "Nothing but the rows set aside above ({rows}).",
    ),
    "parts": ("Delar i en utgåva", "Parts of an edition"),
    "corrected": (
        "{cells} rättade celler i {rows} rader: {accepted} godkända nu, {wrong} fortfarande fel",
        "{cells} cells corrected in {rows} rows: {accepted} accepted now, {wrong} still wrong",
    ),
    "left_out": (", {rows} utelämnade av annat skäl", ", {rows} left out for another reason"),
    "dropped": (", {rows} strukna för hand", ", {rows} dropped by hand"),
    "refused": (", {rows} rättelser gäller inte längre", ", {rows} corrections no longer hold"),
    "corrections": ("Rättelser: {files}", "Corrections: {files}"),
    "balance": (
        "Lästa rader = godkända + satta åt sidan + sammanslagna + undantagna + övriga rader, för varje fil.",
        "Rows read = accepted + set aside + merged + left out + other rows, for every file.",
    ),
}


def summary(
    delivery: Delivery,
    language: str = "sv",
    *,
    findings: Sequence[Notice] | None = None,
    after: str = "",
    history: Sequence[Notice] = (),
    awaits: Awaits | None = None,
    stops: Sequence[Notice] = (),
) -> str:
    """The account of a delivery as text, one block per file.

    Args:
        delivery: What was read.
        language: ``sv`` or ``en``.
        findings: What looked wrong (``quality``); None where nobody has looked.
        after: What the delivery was compared with.
        history: How the history of who worked here is made (``edition.lookback``).
        awaits: What the parts of an edition that rest on history wait for; None where nobody has looked.
        stops: Why no edition can be made of it.

    Raises:
        InputError: another language.
    """
    if language not in LANGUAGES:
        raise InputError(f"no texts in the language '{language}'; use sv or en")
    facts = delivery.manifest.delivery
    lines = [
        _word("title", language).format(name=facts.name, date=format_date(facts.extracted, "long", locale=language)),
        "",
    ]
    for line in delivery.ledger.to_dict("records"):
        encoding = delivery.encodings.get(line["file"], "")
        lines.append(f"{line['file']} → {line['table']}" + (f" ({encoding})" if encoding else ""))
        lines += _counts({name: int(line[name]) for name in COUNTS}, language)
        lines += _reasons(delivery, line["file"], line["table"], language)
        lines += _excluded(delivery, line["file"], line["table"], language)
        lines += _corrected(delivery, line["file"], line["table"], language)
        lines.append("")
    lines.append(_word("total", language))
    lines += [*_counts(delivery.records, language), "  " + _word("balance", language)]
    if delivery.corrected_from:
        lines += ["", _word("corrections", language).format(files=", ".join(delivery.corrected_from))]
    notices = [each for each in delivery.warnings if isinstance(each, Notice)]
    if plain := [each for each in notices if not each.doubt]:
        lines += ["", _word("warnings", language), *(f"  – {each.text(language)}" for each in plain)]
    doubts = [*(each for each in notices if each.doubt), *(findings or ())]
    if findings is not None or doubts:
        head = _word("findings_after" if after else "findings", language).format(after=after)
        lines += ["", head, *(f"  – {sized(each, language)}" for each in doubts)]
        if not doubts:
            aside = delivery.records["quarantined"]
            lines.append("  " + _word("aside" if aside else "no_findings", language).format(rows=aside))
    if history:
        lines += ["", _word("history", language), *(f"  – {each.text(language)}" for each in history)]
    lost, shown = missing_lines(delivery, language, awaits)
    lines += ["", _word("missing", language), *(lost or ["  " + _word("nothing_missing", language)])]
    lines += ["", _word("parts", language), *shown]
    lines += ["", *judge(delivery, policy(), findings=findings or (), stops=stops).lines(language)]
    return "\n".join(lines)


def _word(name: str, language: str) -> str:
    return WORDS[name][LANGUAGES.index(language)]


def _counts(counts: dict[str, int], language: str) -> list[str]:
    """The first two counts always, the others where they are not zero."""
    shown = [name for name in COUNTS if counts[name] or name in ("read", "accepted", "quarantined")]
    width = max(len(_number(counts[name], language)) for name in shown)
    lines = []
    records = counts["read"] - counts["structural"]
    for name in shown:
        share = ""
        if name == "quarantined" and counts[name] and records:
            pattern = "#,##0.0\u00a0%" if language == "sv" else "#,##0.0%"
            share = f" ({format_percent(counts[name] / records, pattern, locale=language)})"
        lines.append(f"  {_number(counts[name], language):>{width}} {_word(name, language)}{share}")
    return lines


def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=language)


def _reasons(delivery: Delivery, file: str, table: str, language: str) -> list[str]:
    mine = delivery.quarantine
    mine = mine[(mine["file"] == file) & (mine["table"] == table)]
    lines = []
    groups = mine.groupby(["column", "reason"], sort=False)
    for (column, reason), rows in sorted(groups, key=lambda group: -len(group[1])):
        numbers = ", ".join(str(number) for number in rows["source_row"].head(FIRST_ROWS))
        where = _word("rows", language).format(rows=numbers)
        where += _word("more", language) if len(rows) > FIRST_ROWS else ""
        example = next((text for text in rows["shown"] if text), "")
        where += _word("shown", language).format(shown=example) if example else ""
        sentence = reasons()[str(reason)][language]
        named = header_of(delivery, file, table, str(column)) or _word("row", language)
        lines.append(f"      {_number(len(rows), language)} × {named}: {sentence} ({where})")
    return lines


def _excluded(delivery: Delivery, file: str, table: str, language: str) -> list[str]:
    mine = delivery.rules[delivery.rules["rows"] > 0]
    mine = mine[(mine["file"] == file) & (mine["table"] == table)]
    specs = [spec for spec in delivery.manifest.file if spec.table == table and spec.covers(file)]
    english = {rule.rule: rule.why_en for spec in specs for rule in spec.exclude if rule.why_en}
    english[BY_HAND] = names("rule")[BY_HAND]["en"]
    english |= {rule: texts["en"] for rule, texts in identity_rules().items()}
    lines = []
    for line in mine.to_dict("records"):
        why = english.get(line["rule"], line["why"]) if language == "en" else line["why"]
        # rules about whom a number names are ours, and their ids say nothing to a reader; the others the delivery named
        named = "" if line["rule"] in identity_rules() else f"{line['rule']}: "
        lines.append(f"      {_number(int(line['rows']), language)} × {named}{why}")
    return lines


def _corrected(delivery: Delivery, file: str, table: str, language: str) -> list[str]:
    mine = delivery.corrections
    mine = mine[(mine["file"] == file) & (mine["table"] == table)]
    lines = []
    for line in mine.to_dict("records"):
        numbers = {name: _number(int(line[name]), language) for name in EFFECT[2:]}
        text = _word("corrected", language).format(**numbers)
        for name in ("left_out", "dropped", "refused"):
            text += _word(name, language).format(rows=numbers[name]) if line[name] else ""
        lines.append(f"      {text}")
    return lines
