"""The graph of declared careers: tasks as boxes in columns, edges between them with how many moved, and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.drawings.charts import both
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.careers import CareerGraph
from analysis.publishing.views.grid import Grid, capital, put
from analysis.publishing.words.locale import Locale, isolated

WIDE = 776
"""Width in px of the graph: a tablet shows it as it is."""
WIDEST, GAP, PITCH = 196.0, 96.0, 54.0
"""Width of a box at most, room between two columns at least, and from one row to the next, in px."""
SMALL, STEP = 12.0, 14.0
"""Size of a small text, and from one line of it to the next, in px."""
APART = "\u200b"
"""What keeps two tasks of one name apart; it is not drawn."""
LETTER = 6.1
"""Width in px of a letter of a small text, on average."""


@dataclass(frozen=True)
class Way:
    """An edge as it is drawn."""

    begins: str
    ends: str
    words: tuple[str, ...]
    travelled: bool
    """Whether anyone is known to be on it or to have moved."""

    def lines(self, room: float) -> list[str]:
        """What is written beside it: in one line where there is room for it, else a line for each number."""
        text = ", ".join(self.words)
        return [text] if text and len(text) * LETTER <= room else list(self.words)


def levels(ways: Sequence[Way]) -> dict[str, int]:
    """Task → its column: one more than that of the furthest task that leads to it; a circle is cut where it closes."""
    before: dict[str, list[str]] = {}
    for way in ways:
        before.setdefault(way.begins, [])
        before.setdefault(way.ends, []).append(way.begins)

    def level(task: str, seen: frozenset[str]) -> int:
        return max((1 + level(each, seen | {task}) for each in before[task] if each not in seen), default=0)

    return {task: level(task, frozenset({task})) for task in before}


def families(ways: Sequence[Way]) -> list[list[Way]]:
    """Edges that hang together, each family in the order of its first edge."""
    found: list[tuple[set[str], list[Way]]] = []
    for way in ways:
        touching = [each for each in found if each[0] & {way.begins, way.ends}]
        tasks, members = {way.begins, way.ends}, list[Way]()
        for each in touching:
            tasks |= each[0]
            members += each[1]
            found.remove(each)
        found.append((tasks, [*members, way]))
    return [members for _, members in found]


def draw(ways: Sequence[Way], width: int) -> Canvas:
    """Families below each other, tasks in columns; on a phone one edge below the other."""
    return _columns(ways, width) if width >= WIDE else _list(ways, width)


def _columns(ways: Sequence[Way], width: int) -> Canvas:
    top, drawn = 6.0, list[_Family]()
    for group in families(ways):
        drawn.append(_placed(group, top, width))
        top = drawn[-1].bottom
    canvas = Canvas(width, top)
    for family in drawn:
        for way in family.ways:
            (x, y), (to, end) = family.places[way.begins], family.places[way.ends]
            colour = "bar" if way.travelled else "rule"
            canvas.line(
                [x + family.box, to], [y + 19, end + 19], colour, width=2.2 if way.travelled else 1.2,
                dashed=not way.travelled,
            )  # fmt: skip
            canvas.mark(to - 3, end + 19, colour, shape=">", size=8)
        _write(canvas, family)
        for task, (x, y) in family.places.items():
            canvas.bar(x, y, family.box, 38, "band")
            _label(canvas, task, x + 8, y, int(family.box / LETTER) - 2)
    return canvas


@dataclass(frozen=True)
class _Family:
    """Edges that hang together: where each of their tasks stands, the width of its box and of the room for numbers."""

    ways: list[Way]
    places: dict[str, tuple[float, float]]
    box: float
    room: float
    bottom: float


def _placed(group: list[Way], top: float, width: int) -> _Family:
    at = levels(group)
    deepest = max(at.values())
    box = min(WIDEST, (width - GAP * deepest) / (deepest + 1))
    room = (width - box * (deepest + 1)) / max(1, deepest) - 20
    extra = STEP * (max(len(way.lines(room)) for way in group) - 1)
    held, places, pitch = dict[int, int](), {}, PITCH + max(extra, 0.0)
    for task, column in at.items():
        places[task] = ((width - box) * column / max(1, deepest), top + extra + pitch * held.get(column, 0))
        held[column] = held.get(column, 0) + 1
    return _Family(group, places, box, room, top + extra + pitch * (max(held.values()) - 1) + PITCH + 8)


def _write(canvas: Canvas, family: _Family) -> None:
    """The numbers of every edge: beside its head, or where several meet beside its tail, on the side no edge is on."""
    into, out = (Counter(getattr(way, end) for way in family.ways) for end in ("ends", "begins"))
    written: Counter[str] = Counter()
    for way in family.ways:
        (x, y), (to, end) = family.places[way.begins], family.places[way.ends]
        lines = way.lines(family.room)
        at_tail = into[way.ends] > 1 and out[way.begins] == 1 and y != end
        here, there = (y, end) if at_tail else (end, y)
        below = here > there
        first = here + (31 + STEP * written[way.ends] if below else 9 - STEP * (len(lines) - 1))
        for place, line in enumerate(lines):
            across = x + family.box + 10 if at_tail else to - 10
            anchor = "start" if at_tail else "end"
            canvas.text(across, first + STEP * place, line, anchor=anchor, colour="muted", size=SMALL, clear=True)
        if not at_tail and below:
            written[way.ends] += len(lines)


def _label(canvas: Canvas, task: str, x: float, y: float, letters: int) -> None:
    lines = wrap(task.rstrip(APART), letters)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: letters - 1]}…"]
    for place, line in enumerate(lines):
        canvas.text(x, y + (19 if len(lines) == 1 else 11 + 16 * place), line, size=SMALL)


def _list(ways: Sequence[Way], width: int) -> Canvas:
    letters, top, texts = int(width / LETTER) - 4, 6.0, list[tuple[float, float, str, str]]()
    marks = []
    for way in ways:
        lines = [*wrap(way.begins, letters), *wrap(way.ends.rstrip(APART), letters)]
        split = len(wrap(way.begins, letters))
        for place, line in enumerate(lines):
            texts.append((18, top + 8 + 17 * place, line, "ink"))
        marks.append((top + 8, top + 8 + 17 * split, way.travelled))
        top += 17 * len(lines)
        if way.words:
            texts.append((18, top + 8, ", ".join(way.words), "muted"))
            top += 17
        top += 12
    canvas = Canvas(width, top)
    for begin, end, travelled in marks:
        colour = "bar" if travelled else "rule"
        canvas.line([7, 7], [begin, end], colour, width=2.2 if travelled else 1.2, dashed=not travelled)
        canvas.mark(7, end, colour, shape="v", size=7)
    for x, y, text, colour in texts:
        canvas.text(x, y, text, colour=colour, size=SMALL)
    return canvas


def view(shown: CareerGraph, language: Locale, prefix: str) -> dict[str, Any]:
    """The graph, what it says in words, and its table."""
    ways: list[Way] = []
    rows, said = [], []
    for edge in shown.edges:
        begins, ends = (capital(language.show(each)) for each in (edge.begins, edge.ends))
        numbers = {"could": edge.could, "on_the_way": edge.on_the_way, "moved": edge.moved}
        known = {name: cell for name, cell in numbers.items() if cell.shown}
        words = [language.text(Term(f"career_graph.{name}", {"n": cell})) for name, cell in known.items()]
        apart = APART * len(ways) if isinstance(edge.ends, Term) else ""  # two ends without a name are not one task
        ways.append(Way(begins, ends + apart, tuple(words), bool({"on_the_way", "moved"} & set(known))))
        cells = [isolated(ends), *(put(None if c.status == "missing" else c, language) for c in numbers.values())]
        rows.append((isolated(begins), cells))
        said.append(f"{begins} → {ends}: {', '.join(words) or language.text(Term('status.withheld'))}.")
    title = language.html(shown.title)
    return {
        "title": title,
        "lead": language.html(shown.lead),
        "drawing": both(lambda width: draw(ways, width), prefix, WIDE),
        "alt": " ".join([f"{language.text(shown.title)}.", *said]),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", title, [language.html(c) for c in shown.columns], rows, scrolls=True),
    }
