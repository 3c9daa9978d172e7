"""How far a build has come, and how long the rest may take: from what its steps took in the build before."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from analysis.stages.marks import FOLDER, write_json

KEPT = f"{FOLDER}/seconds.json"
"""What the steps of an edition took when they were last done, in its workspace."""
PAGE = "page "
"""Beginning of the names of pages, which are made side by side."""
AFTER = ("once", "audit")
"""Steps after the pages: what an edition has once (lists, downloads), and the attack on it."""
TICK = 0.5


@dataclass
class Progress:
    """The steps of one build.

    Attributes:
        before: seconds of each step when it was last done; empty: nobody knows.
        side_by_side: pages made at the same time.
        clock: seconds, going forward.
    """

    before: dict[str, float] = field(default_factory=dict)
    side_by_side: int = 1
    clock: Callable[[], float] = time.monotonic
    steps: list[str] = field(default_factory=list)
    """Names of the steps that are planned, in their order."""
    ended: dict[str, float] = field(default_factory=dict)
    """Seconds of the steps that have ended; 0 of one that was taken over."""
    _begun: dict[str, float] = field(default_factory=dict)

    def plan(self, names: Sequence[str]) -> None:
        """Say which steps there are; a step that has been said is kept in its place."""
        self.steps = list(dict.fromkeys([*self.steps, *names]))

    def begin(self, name: str) -> None:
        """A step begins."""
        self._begun.setdefault(name, self.clock())

    def end(self, name: str, seconds: float = 0.0) -> None:
        """A step has ended, or was taken over (0 seconds)."""
        self._begun.pop(name, None)
        self.ended[name] = seconds

    @property
    def now(self) -> str:
        """The step that is at work, '' between two."""
        return next(iter(self._begun), "")

    @property
    def left(self) -> float | None:
        """Seconds that the rest took before, at most: what will turn out to hold is counted. None: nobody knows."""
        waiting = [name for name in self.steps if name not in self.ended]
        if not self.before:
            return None
        pages = [name for name in waiting if name.startswith(PAGE)]
        others = [name for name in waiting if not name.startswith(PAGE)]
        if any(name not in self.before for name in others):
            return None
        if not any(name.startswith(PAGE) for name in self.steps):  # which there are is known when cells are protected
            pages = [name for name in self.before if name.startswith(PAGE)]
        known = [self.before[name] for name in pages if name in self.before]
        usual = sum(known) / len(known) if known else 0.0
        page_seconds = sum(self.before.get(name, usual) for name in pages) / max(self.side_by_side, 1)
        return sum(self._rest(name) for name in others) + page_seconds

    def _rest(self, name: str) -> float:
        begun = self._begun.get(name)
        return max(self.before[name] - (self.clock() - begun if begun is not None else 0.0), 0.0)

    @property
    def words(self) -> str:
        """How long it may take yet: "about 2:10 left", '' where nobody knows."""
        left = self.left
        return "" if left is None or left < 1 else f"about {minutes(left)} left"


def minutes(seconds: float) -> str:
    """Minutes and seconds, "2:10"; hours where there are any."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def took(processed: Path, edition: str) -> dict[str, float]:
    """Seconds of each step when it was last done: of the edition, else of the newest edition of the project."""
    others = sorted(processed.glob(f"*/{KEPT}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in (processed / edition / KEPT, *others):
        try:
            return {str(name): float(seconds) for name, seconds in json.loads(path.read_text("utf-8")).items()}
        except (OSError, ValueError, AttributeError, TypeError):
            continue  # it only tells how long the next build may take
    return {}


def keep(workspace: Path, before: Mapping[str, float], seconds: Mapping[str, float]) -> None:
    """Keep what steps took now; of those that were taken over, what they took when they were last done."""
    write_json(workspace / KEPT, {**before, **{name: round(value, 2) for name, value in seconds.items()}})


@contextmanager
def shown(progress: Progress, edition: str, stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Show it while the block runs: on a terminal one line that is drawn anew, elsewhere one line per step.

    Yields:
        What is to be told of each finished step, and of whatever else is said meanwhile.
    """
    out = stream or sys.stderr
    if not out.isatty():

        def line(said: str) -> None:
            print("  " + ", ".join(filter(None, (said, progress.words))), file=out, flush=True)

        yield line
        return
    begun, done, lock = progress.clock(), threading.Event(), threading.Lock()

    def draw() -> None:
        stages = [name for name in progress.steps if not name.startswith(PAGE)]
        pages = [name for name in progress.steps if name.startswith(PAGE)]
        # which page is at work is known to its worker alone
        at_pages = not progress.now and any(name not in progress.ended for name in pages)
        of = pages if at_pages else stages
        count = f"{sum(name in progress.ended for name in of)} of {len(of)}" if of else ""
        what = "pages" if at_pages else progress.now
        parts = (" ".join(filter(None, (what, count))), f"{minutes(progress.clock() - begun)} gone", progress.words)
        text = f"{edition}: {', '.join(filter(None, parts))}"
        width = shutil.get_terminal_size().columns - 1
        out.write(f"\r\x1b[K{text[:width]}")
        out.flush()

    def tick() -> None:
        while not done.wait(TICK):
            with lock:
                draw()

    def tell(said: str) -> None:
        with lock:
            draw()

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield tell
    finally:
        done.set()
        ticker.join()
        out.write("\r\x1b[K")
        out.flush()
