"""What a piece of work costs: wall seconds, and processor seconds of this process and of all it started."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.keeping import ratios


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and seconds of a processor. The latter hardly change where others use the machine too."""

    wall: float
    processor: float


def cost(work: Callable[[], object]) -> Cost:
    """What one call costs; processes that it starts count once they have been waited for."""
    begun, busy = time.perf_counter(), _processor()
    work()
    return Cost(time.perf_counter() - begun, _processor() - busy)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def rounds(works: Mapping[str, Callable[[], object]], *, times: int) -> dict[str, list[Cost]]:
    """All works in turn, so that whatever else the machine does meets all of them alike."""
    found: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            found[name].append(cost(work))
            print(
                f"  {name}: {found[name][-1].wall:.1f} s, of processors {found[name][-1].processor:.1f} s", flush=True
            )
    return found


def against(ours: list[Cost], theirs: list[Cost]) -> dict[str, Any]:
    """Ratios theirs/ours of both kinds of seconds, as ``keeping.ratios`` gives them."""
    return {
        **ratios([each.wall for each in ours], [each.wall for each in theirs]),
        "processor": ratios([each.processor for each in ours], [each.processor for each in theirs]),
    }
