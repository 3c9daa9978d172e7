"""From headers chosen to the sections of an entry: columns, date formats, scales, values, constants, keys."""

from __future__ import annotations

from analysis.extracts.account.notices import Notice, born_in_a_year, in_a_year
from analysis.extracts.files.reading import fold
from analysis.extracts.manifest import PERSONNUMMER_GIVES
from analysis.extracts.proposing.accounting import unused
from analysis.extracts.proposing.content import Traits
from analysis.extracts.proposing.draft import SURE, Entry, Line
from analysis.extracts.proposing.matching import ASSUMED, LEAST, RATES, Pick, personnummer, scores, stamped
from analysis.extracts.proposing.words import column_words, header_likeness
from analysis.extracts.values.converting import BY_YEAR, YEAR_ONLY
from analysis.extracts.values.date_formats import DEFAULT, MONTHS
from analysis.tables.clean import TABLES

SCALES = (
    (1.0, None, "andel", "a fraction"),
    (100.0, 0.01, "procent", "per cent"),
    (1000.0, 0.001, "promille", "per mille"),
)
"""Largest rate, the factor that makes it a fraction, and what it is called."""


MOST_FRACTIONS = 0.01
"""Share of cells of at most one among rates in per cent or per mille."""
KINDS = {
    "date": ("datum", "dates"), "month": ("månader", "months"), "number": ("tal", "numbers"),
    "integer": ("heltal", "whole numbers"), "boolean": ("ja eller nej", "yes or no"), "key": ("koder", "codes"),
    "text": ("text", "text"),
}  # fmt: skip
DAYS = (15_000, 60_000)
"""Day numbers of 1941 and 2064 in a spreadsheet."""
CALLED = 0.95
"""Likeness from which a header has the very name of a column."""


def fill(entry: Entry) -> None:
    """Fill the sections of an entry from the matches of its members, and say what could not be decided."""
    if entry.members[0].profile:
        return
    numbered = _has_personnummer(entry)
    picked = _columns(entry, numbered=numbered)
    for name in picked:
        kind = TABLES[entry.table][name].kind
        if name == "snapshot" and _yearly(entry):
            _last_day(entry)
        elif kind in ("date", "month"):
            _formats(entry, name, month=kind == "month")
        elif name in RATES:
            _scale(entry, name)
    if numbered:
        worst = min(_traits(entry, "person"), key=lambda each: each.valid_personal)
        entry.settings.append(Line("personnummer", True, round(worst.valid_personal, 2)))
    _constants(entry, picked)
    unused(entry)
    _missing(entry, picked, numbered=numbered)
    _called_so(entry, picked)


def _traits(entry: Entry, name: str) -> list[Traits]:
    found = []
    for member in entry.members:
        pick = member.match.picks.get(name) if member.match else None
        if pick is not None:
            found.append(member.sheet.traits[pick.position])
    return found


def _has_personnummer(entry: Entry) -> bool:
    traits = _traits(entry, "person")
    return bool(traits) and all(personnummer(each) for each in traits)


def _columns(entry: Entry, *, numbered: bool) -> list[str]:
    """``[file.columns]``: one header each, or the headers of the members as alternatives."""
    given = set(PERSONNUMMER_GIVES) if numbered else set()
    if any(traits.zeroless for traits in _traits(entry, "person")):
        given.discard("birth")  # the date that proves which numbers have lost leading zeros
    names = [
        name
        for name in TABLES[entry.table]
        if any(member.match and name in member.match.picks for member in entry.members) and name not in given
    ]
    for name in names:
        headers: dict[str, str] = {}
        confidences: list[float] = []
        for member in entry.members:
            pick = member.match.picks.get(name) if member.match else None
            if pick is None:
                continue
            header = member.sheet.headers[pick.position]
            headers.setdefault(fold(header), header)
            confidences.append(pick.confidence)
            _rival(entry, name, pick, member.sheet.headers)
        value = list(headers.values())
        confidence = min(confidences)
        entry.add("columns", Line(name, value[0] if len(value) == 1 else value, confidence))
        if confidence < SURE:
            entry.doubts.append(_unsure(entry, name, value[0], confidence))
    return names


def _rival(entry: Entry, name: str, pick: Pick, headers: list[str]) -> None:
    if pick.rival is None:
        return
    chosen, other = headers[pick.position], headers[pick.rival]
    notice = Notice(
        sv=f"{entry.label}: både '{chosen}' och '{other}' kan vara {name}; '{chosen}' valdes.",
        en=f"{entry.label}: both '{chosen}' and '{other}' may be {name}; '{chosen}' was chosen.",
    )
    if notice not in entry.doubts:
        entry.doubts.append(notice)


def _unsure(entry: Entry, name: str, header: str, confidence: float) -> Notice:
    return Notice(
        sv=f"{entry.label}: kolumnen '{header}' liknar {name}, men säkerheten är bara {confidence:.0%}; kontrollera.",
        en=f"{entry.label}: the column '{header}' looks like {name}, but only to {confidence:.0%}; check it.",
    )


def _formats(entry: Entry, name: str, *, month: bool) -> None:
    """``[file.formats]``, only where the formats read without being named do not do."""
    known = set(DEFAULT) | (set(MONTHS) if month else set())
    formats: dict[str, None] = {}
    rivals: set[str] = set()
    read = 1.0
    for traits in _traits(entry, name):
        if name in BY_YEAR and traits.years > max(traits.months, traits.dates):
            formats |= {YEAR_ONLY: None}
        elif month and traits.months >= traits.dates:
            formats |= dict.fromkeys(MONTHS)
        else:
            formats |= dict.fromkeys(traits.formats)
            rivals |= set(traits.rivals)
            read = min(read, traits.dates)
    if not set(formats) - known:
        return
    if YEAR_ONLY in formats:
        birth = name == "birth"
        entry.doubts.append(born_in_a_year(entry.label) if birth else in_a_year(entry.label, name, table=entry.table))
    # a member whose days settle the order of day and month settles it for the family
    decided = any(not traits.rivals and set(traits.formats) - known for traits in _traits(entry, name))
    unclear = bool(rivals) and not decided
    if decided and rivals:
        settled = {each for traits in _traits(entry, name) if not traits.rivals for each in traits.formats}
        formats = {each: None for each in formats if each in settled or each in known} or formats
    note = None
    if unclear:
        other = sorted(rivals)[0]
        note = Notice(sv=f"eller {other}", en=f"or {other}")
        entry.doubts.append(
            Notice(
                sv=f"{entry.label}: datumen i {name} kan läsas både som {next(iter(formats))} och som {other}; "
                f"avgör och ta bort # framför {name} i [file.formats].",
                en=f"{entry.label}: the dates of {name} can be read both as {next(iter(formats))} and as {other}; "
                f"decide and remove the # before {name} in [file.formats].",
            )
        )
    entry.add("formats", Line(name, list(formats), round(0.5 if unclear else read, 2), note, off=unclear))


def _yearly(entry: Entry) -> bool:
    """True if the day of a list is only said as a year."""
    return any(each.years > each.dates for each in _traits(entry, "snapshot"))


def _last_day(entry: Entry) -> None:
    """Make the last of December of a year, and ask."""
    rule = [{"pattern": r"^(\d{4}).*$", "replace": r"\1-12-31"}]
    entry.add("clean", Line("snapshot", rule, 0.5, _which_day()))
    entry.doubts.append(
        Notice(
            sv=f"{entry.label}: listorna har ett år men ingen dag; 31 december antogs. Rätta -12-31 i [file.clean] om "
            "de avser en annan dag.",
            en=f"{entry.label}: the lists have a year but no day; 31 December was assumed. Correct -12-31 in "
            "[file.clean] if they are of another day.",
        )
    )


def _scale(entry: Entry, name: str) -> None:
    """``[file.scale]`` of a rate: the smallest of 1, 100 and 1000 that holds nineteen cells of twenty.

    Where it is 100 or 1000, cells of at most one are fractions on another scale than the others: posts of a hundredth
    of full time are next to none.
    """
    sizes = []
    for traits in _traits(entry, name):
        size = next((place for place, (top, *_) in enumerate(SCALES) if traits.ninety_five <= 1.005 * top), None)
        sizes.append(None if size and traits.fractions > MOST_FRACTIONS else size)
    if None in sizes or len(set(sizes)) != 1:
        entry.doubts.append(
            Notice(
                sv=f"{entry.label}: {name} är varken andel, procent eller promille rakt igenom; "
                "rätta filen eller ange [file.scale].",
                en=f"{entry.label}: {name} is neither fraction, per cent nor per mille throughout; "
                "correct the file or name [file.scale].",
            )
        )
        entry.add("scale", Line(name, 0.01, None, None, off=True))
        return
    _, factor, sv, en = SCALES[sizes[0] or 0]
    widest = max(_traits(entry, name), key=lambda each: each.ninety_five)
    # per cent that never reach a tenth of the scale could as well be per mille of small posts
    sure = 0.95 if widest.ninety_five > 0.5 * SCALES[sizes[0] or 0][0] else 0.7
    if factor is not None:
        entry.add("scale", Line(name, factor, sure, Notice(sv=sv, en=en)))


def _constants(entry: Entry, picked: list[str]) -> None:
    """``[file.constants]`` from the date in the files' names."""
    stamp = entry.members[0].stamp
    for name, (template, confidence, whole) in stamped(entry.table, stamp).items():
        if name in picked:
            continue
        many = len(entry.members) > 1
        value = template if many else template.format(**stamp)
        if not whole:
            entry.add("constants", Line(name, value, None, _which_day(), off=True))
            entry.doubts.append(
                Notice(
                    sv=f"{entry.label}: filnamnet ger året men inte dagen; skriv listans dag i {name} "
                    "under [file.constants].",
                    en=f"{entry.label}: the name gives the year but not the day; write the list's day in {name} "
                    "under [file.constants].",
                )
            )
        else:
            entry.add("constants", Line(name, value, confidence, Notice(sv="ur filnamnet", en="from the file's name")))


def _which_day() -> Notice:
    return Notice(sv="vilken dag avser listan?", en="which day is the list of?")


def _missing(entry: Entry, picked: list[str], *, numbered: bool) -> None:
    """Required columns that nothing gives: a commented line each, and a sentence."""
    given = {*picked, *(PERSONNUMMER_GIVES if numbered else ())}
    given |= {line.key for line in entry.sections.get("constants", [])}
    for name, column in TABLES[entry.table].items():
        if not column.required or name in given:
            continue
        if _assumed(entry, name, picked):
            continue
        closest = _closest(entry, name)
        if name == "person" and "name_key" in picked:
            parts = ["name_key", *[each for each in ("hired", "birth") if each in picked][:1]]
            entry.add("keys", Line(name, parts, None, None, off=True))
            joined = " + ".join(parts)
            entry.doubts.append(
                Notice(
                    sv=f"{entry.label}: ingen kolumn håller isär personer; ska {joined} vara nyckeln "
                    "(två personer kan dela den) eller finns ett nummer att ta med i uttaget?",
                    en=f"{entry.label}: no column tells persons apart; is {joined} to be the key "
                    "(two persons may share it), or is there a number to add to the extract?",
                )
            )
            continue
        entry.add("columns", Line(name, closest or "", None, _required(), off=True))
        if closest and (called := _called(entry, closest, name)):
            entry.doubts.append(called)
            continue
        looks = Notice(
            sv=f" ('{closest}' liknar mest)" if closest else "",
            en=f" ('{closest}' looks most like it)" if closest else "",
        )
        entry.doubts.append(
            Notice(
                sv=f"{entry.label}: ingen kolumn för {name}, som {entry.table} måste ha{looks.sv}.",
                en=f"{entry.label}: no column for {name}, which {entry.table} must have{looks}.",
            )
        )


def _assumed(entry: Entry, name: str, picked: list[str]) -> bool:
    """Give what one word can say of a whole file (``matching.ASSUMED``), and say that it was assumed.

    A list without a day is left open: no day is more likely than another. So is the unit where the file has forms of
    employment: then it is an employer's own extract in which the unit was forgotten, and reports rest on it.
    """
    if name not in ASSUMED.get(entry.table, {}) or (name == "unit" and "form" in picked):
        return False
    if name == "snapshot":
        entry.add("constants", Line(name, "YYYY-MM-DD", None, _which_day(), off=True))
        sv = f"{entry.label}: ingen kolumn säger vilken dag listan avser; skriv dagen i snapshot under [file.constants]"
        en = f"{entry.label}: no column says which day the list is of; write the day in snapshot under [file.constants]"
    elif name == "form":
        entry.add("constants", Line(name, "permanent", 0.5, Notice(sv="antaget", en="assumed")))
        sv = f"{entry.label}: ingen kolumn säger anställningsform; alla antogs vara tillsvidareanställda (permanent)"
        en = f"{entry.label}: no column says the form of employment; all were assumed to be permanent"
    else:
        entry.add("constants", Line(name, "alla", 0.5, Notice(sv="antaget", en="assumed")))
        sv = f"{entry.label}: ingen kolumn säger enhet; alla antogs höra till en enda, alla"
        en = f"{entry.label}: no column says the unit; all were assumed to belong to one, alla"
    settle = "" if name == "snapshot" else "; rätta i [file.constants] eller ta med kolumnen i uttaget"
    put = "" if name == "snapshot" else "; correct it in [file.constants] or add the column to the extract"
    entry.doubts.append(Notice(sv=f"{sv}{settle}.", en=f"{en}{put}."))
    return True


def _called(entry: Entry, header: str, name: str) -> Notice | None:
    """A header that is called as a column but whose cells are something else."""
    if header_likeness(header, column_words(entry.table)[name]) < CALLED:
        return None
    kind = TABLES[entry.table][name].kind
    if kind == "date" and _day_numbers(entry, header):
        return Notice(
            sv=f"{entry.label}: kolumnen '{header}' heter som {name} men cellerna är kalkylarkets dagnummer; "
            "formatera den som datum i kalkylarket och spara igen.",
            en=f"{entry.label}: the column '{header}' is called as {name} but its cells are a spreadsheet's day "
            "numbers; format it as dates in the spreadsheet and save again.",
        )
    return Notice(
        sv=f"{entry.label}: kolumnen '{header}' heter som {name} men cellerna är inte {KINDS[kind][0]}.",
        en=f"{entry.label}: the column '{header}' is called as {name} but its cells are not {KINDS[kind][1]}.",
    )


def _day_numbers(entry: Entry, header: str) -> bool:
    """True if a column holds whole numbers as spreadsheets count days: of the years that records may be from."""
    sheet = entry.members[0].sheet
    traits = sheet.traits[[each.strip() for each in sheet.headers].index(header.strip())]
    return traits.whole >= 0.9 and DAYS[0] <= traits.lowest <= DAYS[1]


def _called_so(entry: Entry, picked: list[str]) -> None:
    """Say where a header left unused has the very name of a column that nothing fills."""
    for name, column in TABLES[entry.table].items():
        if (
            name not in picked
            and not column.required
            and column.kind in KINDS
            and not (column.personal and column.kind == "key")
        ):
            for header in entry.unused:
                called = _called(entry, header, name)
                if called and called not in entry.doubts:
                    entry.doubts.append(called)


def _required() -> Notice:
    return Notice(sv="måste anges", en="must be named")


def _closest(entry: Entry, name: str) -> str:
    """The unused header most like a column, where any is."""
    sheet = entry.members[0].sheet
    match = entry.members[0].match
    used = {pick.position for pick in match.picks.values()} if match else set()
    grid = scores(entry.table, sheet)[name].drop(index=list(used), errors="ignore")
    return sheet.headers[int(grid.index[int(grid.argmax())])] if len(grid) and grid.max() >= LEAST / 2 else ""
