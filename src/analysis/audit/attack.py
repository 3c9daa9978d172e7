"""One attack on a folder of rendered pages: what is narrower than the policy allows, and what should not be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.audit.between import between
from analysis.audit.bounds import Range, ranges
from analysis.audit.figures import Key, Read
from analysis.audit.knowledge import Knowledge, knowledge
from analysis.audit.own_row import Open
from analysis.audit.parts import parts_told
from analysis.audit.reading import keys_named, read
from analysis.audit.scan import scan
from analysis.audit.system import LARGE, System, Unknown, system_of

CLOSE = 1e-6
OWN = ("few_persons", "complement", "homogeneous")


@dataclass(frozen=True)
class Narrow:
    """A count that the pages hold more tightly than the policy allows."""

    key: Key
    low: float
    high: float
    sentence: str


@dataclass(frozen=True)
class Former:
    """An earlier edition: the folder of its pages, and its cut-off month."""

    folder: Path
    period: str


@dataclass
class Found:
    """What the attack found, and how far it reached."""

    narrow: list[Narrow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    withheld: int = 0
    shown: int = 0
    attacked: int = 0
    by_base: int = 0
    """Withheld counts whose range is cut by the published base."""
    narrowest: list[tuple[Key, float, float]] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    not_covered: Counter[str] = field(default_factory=Counter)
    """Withheld figures by table that stand for no whole count the attacker knows of."""
    reasons: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    beside: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """By earlier edition: figures that it is about too, their changes that were tried as counts, figures it shows that
    are withheld now."""

    @property
    def sentences(self) -> list[str]:
        """Everything that keeps the edition from being published."""
        return [*(each.sentence for each in self.narrow), *self.problems]


def attack(
    folder: Path, thresholds: Mapping[str, int], *, period: str, secrets: Mapping[str, frozenset[str]] | None = None,
    reasons: Mapping[Key, str] | None = None, knows: Knowledge | None = None, more: tuple[Path, ...] = (),
    editions: tuple[Former, ...] = (), named: Callable[[str], bool] | None = None,
) -> Found:  # fmt: skip
    """Read the pages of a folder and attack them.

    Args:
        folder: where the rendered pages lie.
        thresholds: the policy's thresholds by sensitivity.
        period: cut-off month.
        secrets: words that must stand nowhere, by what they are (pseudonyms, birth dates, names).
        reasons: why each withheld figure is withheld, where that is known: one withheld only to guard another may be
            held more tightly. Without it every withheld count is taken for a small one.
        knows: what the attacker knows; None: as shipped.
        more: further folders whose texts are scanned (logs).
        editions: earlier editions whose pages a reader may lay beside these.
        named: whether a text names a person of the delivery.
    """
    pages = read(folder)
    found = Found(unread=pages.unread)
    found.problems += [f"{name}: the attacker cannot read a file of this kind" for name in pages.unread]
    found.problems += sorted(set(pages.problems))
    found.problems += scan(pages.texts, secrets or {})
    for other in more:
        found.problems += scan(read(other).texts, secrets or {}, pages=False)
    if named is not None:
        found.problems += [
            f"{name} names a person of the delivery" for name, text in pages.texts.items() if named(text)
        ]
    _two_answers(pages, found)
    system = system_of(pages.figures, knows or knowledge(), thresholds, period=period)
    _judge(system, pages, found, reasons)
    for change in (knows or knowledge()).change:
        told, tried = parts_told(pages.figures, change, thresholds)
        found.narrow += [Narrow(*each) for each in told]
        found.attacked += tried
    for each in editions:
        _beside(pages, each, knows or knowledge(), thresholds, period, found)
    return found


def _beside(
    pages: Read, former: Former, knows: Knowledge, thresholds: Mapping[str, int], period: str, found: Found
) -> None:  # fmt: skip
    told = between(
        pages.figures, read(former.folder).figures, knows, thresholds, period=period, before=former.period,
        former=former.folder.name,
    )  # fmt: skip
    found.beside[former.folder.name] = (told.same, told.tried, told.gone)
    found.narrow += [Narrow(*each) for each in told.sentences]


def _two_answers(pages: Read, found: Found) -> None:
    for key, figure in pages.figures.items():
        if figure.withheld and figure.shown:
            places = f"shown in {figure.shown[0]} and withheld in {figure.withheld[0]}"
            found.narrow.append(Narrow(key, figure.low, figure.high, f"{keys_named([key])} is {places}"))
        found.withheld += bool(figure.withheld and not figure.shown)
        found.shown += bool(figure.shown)


def _judge(system: System, pages: Read, found: Found, reasons: Mapping[Key, str] | None) -> None:
    wanted = [at for at, each in enumerate(system.unknowns) if (each.withheld and each.printed) or each.secret]
    counted = {system.unknowns[at].key for at in wanted}
    for key, figure in pages.figures.items():
        if figure.withheld and not figure.shown:
            found.reasons[(reasons or {}).get(key, "not said")] += 1
            if key not in counted:
                found.not_covered[key[0]] += 1
    secret = {
        at: _left_open(unknown)
        for at in wanted
        if not (unknown := system.unknowns[at]).secret
        and ("few_persons" if reasons is None else reasons.get(unknown.key, "")) == "few_persons"
    }
    for each in ranges(system, wanted, secret):
        found.statuses[each.status] += 1
        if each.status == "contradiction":
            continue
        unknown = system.unknowns[each.at]
        if unknown.secret:
            _left(system, each, found)
            continue
        found.attacked += 1
        why = "not said" if reasons is None else reasons.get(unknown.key, "")
        sentence = _narrower(system, each, found, why)
        found.narrowest.append((unknown.key, each.low, each.high))
        if sentence:
            found.narrow.append(Narrow(unknown.key, each.low, each.high, sentence))
        elif each.insiders:
            first = each.insiders[0]
            one, other = keys_named([unknown.key]), keys_named([system.unknowns[first.inside].key])
            said = f"{one} is {_held(replace(each, high=first.high))} to whoever is one of {other}"
            found.narrow.append(Narrow(unknown.key, each.low, first.high, said))
    found.narrowest.sort(key=lambda item: (item[2] - item[1], item[0]))


def _narrower(system: System, each: Range, found: Found, why: str) -> str:
    """Why a withheld count is held too tightly; '' where it is not."""
    unknown = system.unknowns[each.at]
    if why and why not in (*OWN, "not said"):
        return ""
    most = min(unknown.threshold - 1, unknown.base)
    found.by_base += unknown.base < unknown.threshold - 1
    name, held = keys_named([unknown.key]), _held(each)
    small = each.high < most - CLOSE
    fine = 0.0 if unknown.zeros else 1.0
    certain = each.low > fine + CLOSE and each.low < unknown.threshold - CLOSE
    if why == "few_persons" and (small or certain):
        return f"{name} is {held}; the policy leaves {fine:g} to {most:g} open"
    if why == "not said" and (small or (certain and each.high < unknown.threshold)):
        return f"{name} is {held}; the policy leaves {fine:g} to {most:g} open"
    if unknown.share_of and why in ("complement", "not said"):
        rest = (unknown.share_of - each.high, unknown.share_of - each.low)
        if rest[1] < min(unknown.threshold - 1, unknown.share_of) - CLOSE:
            return f"{name}: those without it are between {rest[0]:g} and {rest[1]:g} of {unknown.share_of:g}"
    if why == "homogeneous" and each.high - each.low < CLOSE:
        return f"{name} is {held}"
    return ""


def _left_open(unknown: Unknown) -> Open:
    """What the policy leaves open of a few, to somebody who is counted in what holds them."""
    return Open(min(unknown.threshold - 1, max(unknown.base - 1, 0.0)))


def _left(system: System, each: Range, found: Found) -> None:
    """A number that nobody publishes and the figures leave: it must not be known to be a few."""
    unknown = system.unknowns[each.at]
    most = min(unknown.threshold - 1, unknown.base)
    if 0 < each.high < most - CLOSE or (CLOSE < each.low < unknown.threshold and each.high < unknown.threshold):
        terms = next(line for line in system.equations if line[-1][0] == each.at)
        cells = keys_named([system.unknowns[place].key for place, _ in terms[:-1]])
        sentence = f"{unknown.secret} in {unknown.key[1]} is {_held(each)}, from {cells}"
        found.narrow.append(Narrow(unknown.key, each.low, each.high, sentence))


def _held(each: Range) -> str:
    if each.high >= LARGE:
        return f"at least {each.low:g}"
    return f"{each.low:g}" if each.high - each.low < CLOSE else f"between {each.low:g} and {each.high:g}"
