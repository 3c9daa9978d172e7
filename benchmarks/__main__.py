"""Speed, side by side with a peer in one run, quoted as a ratio: ``make bench``.

* ingestion: a million rows read, checked and pseudonymised, against bare ``pandas.read_csv`` with the same options;
* ways: department reports by our workers, the command lines that they replace, other engines, and the floor;
* again: a build of an edition that stands, against ``analysis --help``, and with one row changed;
* earlier: the whole build by an earlier version;
* survival: fit and predict against lifelines and scikit-survival on the same rows, and late entry against lifelines;
* staffing: ten years × a thousand futures at 6,800 and 1,200,000 employees, against a numpy microsimulation of every
  person (time and memory);
* pollock: files of the Pollock survey sample read right, against plain ``pandas.read_csv`` (a count, not a time);
* suppression: figures withheld to guard others by optimisation, against greedy (a count, not a time);
* openings: empty posts of U.S. industries one to three years ahead against the last value (an error, not a time);
* recruitment: the same of simulated municipalities, with intervals and fill rates (twenty of each kind by
  ``python -m benchmarks.recruitment 20``).

Needs the sample edition (``make edition``), or another project's with one (``ANALYSIS_ROOT``). Rounds are interleaved;
the median ratio is printed with its range, kept in ``results.json`` and written to ``docs/performance.md``. One or more
names run these alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import (
    builds,
    document,
    ingestion,
    openings,
    pollock,
    recruitment,
    staffing,
    suppression,
    survival,
    ways,
)

ROOT = Path(__file__).parents[1]


def earlier() -> None:
    """Whole builds beside those of the earlier version."""
    builds.earlier(3, 6800)


def again() -> None:
    """Builds that have little to do."""
    builds.again(3, 6800)


if __name__ == "__main__":
    every = {
        "ingestion": ingestion.main, "ways": ways.main, "again": again, "earlier": earlier, "survival": survival.main,
        "staffing": staffing.main, "pollock": pollock.report, "suppression": suppression.kept,
        "openings": openings.report, "recruitment": recruitment.main,
    }  # fmt: skip
    if strange := [name for name in sys.argv[1:] if name not in every]:
        sys.exit(f"benchmarks: {strange[0]} is none; choose among {', '.join(every)}")
    if not ways.WORKSPACE.is_dir():
        sys.exit("benchmarks need the sample edition: make edition")
    for name in sys.argv[1:] or every:
        every[name]()
    document.TARGET.write_text(document.written(), encoding="utf-8")
    subprocess.run(["git", "diff", "--stat", "--", "docs/performance.md"], cwd=ROOT, check=False)
