"""Occupations of titles where a list has no AID: those that are called like one are proposed, the others asked for."""

from __future__ import annotations

import re
from collections import Counter

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.valuemaps import writable
from analysis.extracts.proposing.writing import block
from analysis.reference import occupations

TABLES_WITH_TITLES = ("employments", "snapshots")
ENDINGS = re.compile(r"(?<=\w{3})(arna|are|or|ar|er|a|e)$")
"""Endings of number that a name in the plural and a title in the singular differ by."""
LEADS = re.compile(r"chef|ledare|samordnare|controller|vikarie|elev|student")
"""Words beside which the name of an occupation no longer says what somebody does."""
FEWEST = 3
"""Rows of a title before it is named; a title of one or two is nearly a person."""
LISTED = 12
PLAIN = re.compile(r"\\ ")
"""A blank as ``re.escape`` writes it; a rule is easier to read without."""
EXACT, WITHIN = 0.9, 0.7
"""How sure a title is that is the occupation's name, and one that holds it."""


def title_rules(entries: list[Entry], language: str) -> tuple[list[str], list[Notice]]:
    """``[[occupations.rules]]`` as lines of TOML, those to be decided as comments, and what is asked.

    Args:
        entries: proposed entries; only lists of staff with titles and neither AID nor occupation are looked at.
        language: of the comments.
    """
    titles = _titles(entries)
    found = {title: _occupation(title) for title in titles}
    lines, asked = [], []
    for title, rows in titles.items():
        occupation, sure = found[title]
        note = Notice(sv=count(rows, "rad", "rader"), en=count(rows, "row", "rows"))
        rule = [
            Line("matches", f"^{PLAIN.sub(chr(32), re.escape(title))}$", None, note, off=not occupation),
            Line("occupation", occupation, sure or None, off=not occupation),
        ]
        if not occupation:
            asked.append(title)
        if occupation or len(asked) <= LISTED:
            lines += [f"{'' if occupation else '# '}[[occupations.rules]]", *block(rule, language)]
    if not asked:
        return lines, []
    listed = ", ".join(f"'{each}' ({titles[each]})" for each in asked[:LISTED]) + (" …" if len(asked) > LISTED else "")
    notice = Notice(
        sv=f"Titlar utan AID som inte heter som någon yrkesgrupp: {listed}. Ange deras yrkesgrupp under "
        "[[occupations.rules]] (grupperna står i definitionerna; en egen namnges under [occupations.names]), annars "
        "räknas de som okänd yrkesgrupp och redovisas inte för sig.",
        en=f"Titles without AID that are called like no occupation: {listed}. Name their occupation under "
        "[[occupations.rules]] (the groups stand among the definitions; one of your own is named under "
        "[occupations.names]), or they count as an unknown occupation and are not shown apart.",
    )
    return lines, [notice]


def _titles(entries: list[Entry]) -> dict[str, int]:
    """Titles with their rows, the most frequent first; of lists that say the occupation in no other way."""
    counts: Counter[str] = Counter()
    for entry in entries:
        if entry.table not in TABLES_WITH_TITLES or entry.members[0].profile:
            continue
        for member in entry.members:
            picks = member.match.picks if member.match else {}
            if "title" in picks and not {"aid", "occupation"} & picks.keys():
                values = member.sheet.frame.iloc[:, picks["title"].position].astype("str").str.split().str.join(" ")
                counts.update(values[values != ""].tolist())
    folded: dict[str, tuple[str, int]] = {}
    for title, rows in counts.most_common():
        name, before = folded.get(title.casefold(), (title, 0))
        folded[title.casefold()] = (name, before + rows)
    kept = {title: rows for title, rows in folded.values() if rows >= FEWEST and writable(title)}
    return dict(sorted(kept.items(), key=lambda each: (-each[1], each[0])))


def _occupation(title: str) -> tuple[str, float]:
    """The occupation that a title names, and how sure that is; '' where it names none, or more than one."""
    stems = _stems(title)
    exact = {key for key, names in _names() if stems in names}
    if len(exact) == 1:
        return exact.pop(), EXACT
    within = {key for key, names in _names() for name in names if len(name) == 1 and name[0] in stems}
    if len(within) == 1 and not LEADS.search(title.casefold()):
        return within.pop(), WITHIN
    return "", 0.0


def _names() -> list[tuple[str, list[tuple[str, ...]]]]:
    """Each occupation with the names it goes by in either language, as stems of their words."""
    found = []
    for key, entry in occupations().items():
        parts = [part for text in (entry["sv"], entry["en"]) for part in re.split(r" och | and |, ", text)]
        found.append((key, [_stems(part) for part in parts if part and not part.endswith("-")]))
    return found


def _stems(text: str) -> tuple[str, ...]:
    words = re.findall(r"[\w-]+", text.casefold())
    return tuple(ENDINGS.sub("", word.removesuffix("s")) if len(word) > 4 else word for word in words)
