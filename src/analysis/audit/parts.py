"""What the parts of a change give away: by how much each withheld part can have changed a figure.

A change may go either way, so that its unknowns have a sign. Whoever reads a page knows what both editions print and
that the parts add up to the difference; whoever reads all pages knows that departments add up to the whole. A withheld
part must not be known to be a few persons'.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.audit.bounds import ranges
from analysis.audit.figures import Figure, Key
from analysis.audit.knowledge import Parts
from analysis.audit.reading import keys_named
from analysis.audit.system import LARGE, WHOLE, System, Unknown

CLOSE = 1e-6


def parts_told(
    figures: Mapping[Key, Figure], knows: Parts, thresholds: Mapping[str, int]
) -> tuple[list[tuple[Key, float, float, str]], int]:  # fmt: skip
    """Work out every withheld part of a change.

    Args:
        figures: what the pages show and withhold.
        knows: how the parts add up.
        thresholds: the policy's thresholds by sensitivity.

    Returns:
        Key, ends and words of each part that is known to be a few persons'; how many parts were tried.
    """
    least = thresholds[knows.sensitivity]
    mine = {key: figure for key, figure in figures.items() if key[0] == knows.table and figure.shown}
    blocks = sorted({(key[1], key[3], key[4]) for key in mine})
    system, found = System(), []
    for block in blocks:
        _block(system, block, mine, knows, least)
    for figure, layer in sorted({block[1:] for block in blocks}):
        for part in knows.parts:
            _departments(system, [_key(knows, (block[0], figure, layer), part) for block in blocks
                                  if block[1:] == (figure, layer)])  # fmt: skip
    for key, printed in sorted(mine.items()):
        size = abs(_value(printed)[0])
        if key[2] in knows.never_few and CLOSE < size < least - 0.5:
            words = f"{keys_named([key])} says that {size:g} persons' data were changed; the policy asks for {least}"
            found.append((key, printed.low, printed.high, words))
    wanted = [place for place, each in enumerate(system.unknowns) if each.withheld]
    for each in ranges(system, wanted):
        unknown = system.unknowns[each.at]
        few = max(abs(each.low), abs(each.high)) < least - CLOSE and each.low * each.high > CLOSE
        if each.status != "contradiction" and few and unknown.key[2] in knows.guarded:
            ends = f"{each.low:+g}" if each.high - each.low < CLOSE else f"between {each.low:+g} and {each.high:+g}"
            found.append((unknown.key, each.low, each.high, f"{keys_named([unknown.key])} is {ends}"))
    return found, len(wanted)


def _key(knows: Parts, block: tuple[str, str, str], row: str) -> Key:
    department, figure, layer = block
    return (knows.table, department, row, figure, layer)


def _block(
    system: System, block: tuple[str, str, str], mine: Mapping[Key, Figure], knows: Parts, least: int
) -> None:  # fmt: skip
    """The parts of one change: those shown are known, and together they are what the two figures differ by."""
    for part in knows.parts:
        key = _key(knows, block, part)
        low, high = _value(mine[key]) if key in mine else (-LARGE, LARGE)
        system.add(Unknown(key, low, high, least, zeros=True, withheld=key not in mine))
    then, now = (mine.get(_key(knows, block, row)) for row in (knows.before, knows.now))
    places = [system.place[_key(knows, block, part)] for part in knows.parts]
    if then is not None and now is not None:
        change = _value(now)[0] - _value(then)[0]
        at = system.add(Unknown(_key(knows, block, "change"), change, change, printed=False))
        system.equations.append([*((place, 1) for place in places), (at, -1)])
    other = mine.get(_key(knows, block, knows.other))
    silent = [place for place in places if system.unknowns[place].withheld]
    if other is not None and silent:
        low, high = _value(other)
        at = system.add(Unknown(_key(knows, block, knows.other), low, high, printed=False))
        system.equations.append([*((place, 1) for place in silent), (at, -1)])


def _departments(system: System, keys: list[Key]) -> None:
    """The whole is the sum of its departments and of those without a report."""
    whole = [system.place[key] for key in keys if key[1] == WHOLE]
    rest = [system.place[key] for key in keys if key[1] != WHOLE]
    if not whole or not rest:
        return
    key = system.unknowns[whole[0]].key
    at = system.add(Unknown((key[0], "", *key[2:]), -LARGE, LARGE, printed=False))
    system.equations.append([*((place, 1) for place in rest), (at, 1), (whole[0], -1)])


def _value(figure: Figure) -> tuple[float, float]:
    """The whole number that is printed."""
    count = float(round((figure.low + figure.high) / 2))
    return count, count
