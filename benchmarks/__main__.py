"""Speed, side by side with a peer in one run, quoted as a ratio: ``make bench``.

* ingestion: a million rows read, checked and pseudonymised, against bare ``pandas.read_csv`` with the same options;
* pages: department reports by our runner (two languages each) against the two command lines it replaces, ``papermill``
  and ``jupyter nbconvert`` (one run per language);
* unchanged: a build of an edition that stands, against ``analysis --help``;
* survival: fit and predict against lifelines and scikit-survival on the same rows, and late entry against lifelines;
* staffing: ten years × a thousand futures at 6,800 and 1,200,000 employees, against a numpy microsimulation of every
  person (time and memory);
* pollock: files of the Pollock survey sample read right, against plain ``pandas.read_csv`` (a count, not a time);
* suppression: figures withheld to guard others by optimisation, against greedy (a count, not a time);
* openings: empty posts of U.S. industries one to three years ahead against the last value (an error, not a time);
* recruitment: the same of simulated municipalities, with intervals and fill rates (twenty of each kind by
  ``python -m benchmarks.recruitment 20``).

Needs the sample edition (``make edition``). Rounds are interleaved; the median ratio is printed with its range.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import ingestion, openings, pollock, recruitment, staffing, suppression, survival

ROUNDS = 3
DEPARTMENTS = ("d0101", "d0102", "d0103", "d0111")
ROOT = Path(__file__).parents[1]
DELIVERY = ROOT / "data/raw/sample"
WORKSPACE = ROOT / "data/processed/sample-2025-12"


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(name: str, ours: Callable[[], object], peer: Callable[[], object]) -> None:
    """Print the median ratio peer / ours over interleaved rounds."""
    pairs = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS)]
    ratios = sorted(theirs / mine for mine, theirs in pairs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{name}: ours {mine:.1f} s, peer {theirs:.1f} s, peer/ours {statistics.median(ratios):.2f} "
        f"[{ratios[0]:.2f}-{ratios[-1]:.2f}]"
    )


def pages() -> None:
    """Four department reports in two languages, against papermill's and nbconvert's command lines."""
    from analysis.runner.pages import Job, render_all

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        shared = {"workspace": str(WORKSPACE), "delivery": str(DELIVERY), "period": "2025-12", "seed": 20251231}
        notebook = ROOT / "notebooks/70-department.ipynb"
        jobs = [
            Job(key, notebook, {**shared, "department": key}, key, ("sv", "en"), target, target, WORKSPACE / "tables")
            for key in DEPARTMENTS
        ]

        def naive() -> None:
            for key in DEPARTMENTS:
                words = [item for name, value in shared.items() if name != "seed" for item in ("-r", name, str(value))]
                run = [sys.executable, "-m", "papermill", str(notebook), str(target / f"{key}.ipynb"), *words]
                subprocess.run([*run, "-p", "department", key], check=True, capture_output=True, cwd=notebook.parent)
                for language in ("sv", "en"):
                    convert = ["-m", "nbconvert", "--to", "rapport", f"--RapportExporter.language={language}"]
                    output = ["--output", f"{key}.naive.{language}", str(target / f"{key}.ipynb")]
                    subprocess.run([sys.executable, *convert, *output], check=True, capture_output=True)

        compare(
            f"{len(DEPARTMENTS)} reports in two languages (peer: papermill and nbconvert command lines in turn)",
            lambda: render_all(jobs, workers=2, tell=lambda outcome: None),
            naive,
        )


def unchanged() -> None:
    """A build of the edition that stands, against ``analysis --help``."""

    def command(*words: str) -> Callable[[], object]:
        run = [sys.executable, "-c", "from analysis.cli import main; main()", *words]
        return lambda: subprocess.run(run, check=True, capture_output=True, cwd=ROOT)

    build = command("build", str(DELIVERY), "--period", "2025-12")
    build()
    compare("nothing changed (peer: analysis --help; wanted: at most one second more)", build, command("--help"))


if __name__ == "__main__":
    alone = {
        "openings": openings.report, "pollock": pollock.report, "ingestion": ingestion.main,
        "recruitment": recruitment.main, "staffing": staffing.main, "suppression": suppression.kept,
        "survival": survival.main, "unchanged": unchanged,
    }  # fmt: skip
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            alone[name]()
        sys.exit()
    if not WORKSPACE.is_dir():
        sys.exit("benchmarks need the sample edition: make edition")
    ingestion.main()
    pages()
    unchanged()
    survival.main()
    staffing.main()
    pollock.report()
    suppression.kept()
    openings.report()
    recruitment.main()
