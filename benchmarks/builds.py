"""A whole build beside that of an earlier version, and what a build that has little to do costs.

* ``python -m benchmarks.builds earlier``: the sample of 6,800 employees built by this version and by commit 8ba445d,
  each with its own environment (``.cache/benchmarks/8ba445d``, made on first use; needs git and a package registry)
  and its own sample. The earlier version neither protected figures against each other nor attacked its pages, so
  what this version takes for disclosure and audit is left out, and told apart.
* ``python -m benchmarks.builds again``: in a project of its own (``--employees``, 6,800), nothing changed against
  ``analysis --help``; and one absence row of one department changed against the build of everything.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.costs import Cost, against, cost
from benchmarks.keeping import keep
from benchmarks.scale import command, environment, measured, project

ROOT = Path(__file__).parents[1]
EARLIER = "8ba445d"
PLACE = ROOT / ".cache/benchmarks" / EARLIER
LEFT_OUT = ("disclosure", "audit")


def earlier_version() -> Path:
    """The earlier version in a folder of its own, ready to build."""
    if not (PLACE / ".venv/.ready").is_file():
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        packed = subprocess.run(["git", "archive", EARLIER], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x", "-C", str(PLACE)], input=packed, check=True)
        subprocess.run(["make", ".venv/.ready"], cwd=PLACE, check=True)
    return PLACE


def earlier(times: int, employees: int) -> None:
    """This version against the earlier one."""
    place = earlier_version()
    theirs_by = place / ".venv/bin/analysis"
    mine: list[Cost] = []
    left_out: list[float] = []
    theirs: list[Cost] = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="builds-") as name:
            found = measured(Path(name), "build", str(project(Path(name), employees)), "--period", "2025-12")
        extra = [found[step] for step in LEFT_OUT]
        left_out.append(sum(each["seconds"] for each in extra))
        whole = found["all"]
        mine.append(Cost(whole["seconds"] - left_out[-1], whole["busy"] - sum(each["busy"] for each in extra)))
        with tempfile.TemporaryDirectory(prefix="builds-") as name:
            folder = Path(name)
            for part in ("analysis.toml", "requirements.lock"):
                shutil.copyfile(place / part, folder / part)
            for part in ("notebooks", "examples"):
                shutil.copytree(place / part, folder / part)
            make = [str(theirs_by), "sample", "data/raw/sample", "--employees", str(employees)]
            subprocess.run(make, cwd=folder, check=True, capture_output=True, env=environment())
            run = [str(theirs_by), "build", "data/raw/sample", "--period", "2025-12"]
            theirs.append(
                cost(lambda: subprocess.run(run, cwd=folder, check=True, capture_output=True, env=environment()))  # noqa: B023
            )
        print(f"  ours {mine[-1].wall:.0f} s (and {left_out[-1]:.0f} s), earlier {theirs[-1].wall:.0f} s", flush=True)
    keep("builds: earlier", {"employees": employees, "left_out": sorted(left_out), **against(mine, theirs)})


def again(times: int, employees: int) -> None:
    """Nothing changed, and one row of absence changed."""
    with tempfile.TemporaryDirectory(prefix="builds-") as name:
        folder = Path(name)
        delivery = project(folder, employees)
        build = command("build", str(delivery), "--period", "2025-12")

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*build, *words] if words != ("--help",) else command("--help"),
                cwd=folder, check=True, capture_output=True, text=True, env=environment(),
            )  # fmt: skip

        everything = cost(run)
        unchanged, helped = [], []
        for _ in range(times):
            unchanged.append(cost(run))
            helped.append(cost(lambda: run("--help")))
        more = [mine.wall - theirs.wall for mine, theirs in zip(unchanged, helped, strict=True)]
        keep("builds: nothing changed", {"employees": employees, "more": sorted(more), **against(unchanged, helped)})
        source = delivery / "franvaro.csv"
        lines = source.read_bytes().splitlines(keepends=True)
        source.write_bytes(b"".join(lines[:-1]))
        said: list[str] = []
        changed = cost(lambda: said.append(run("--explain").stdout))
        told = said[0].splitlines()
        steps = [line.partition(":")[0] for line in told if re.match(r"[a-z]+: ", line)]
        pages = [line for line in told if line.startswith("page ")]
        keep(
            "builds: one row",
            {"employees": employees, "stages": steps, "pages": len(pages), "because": next(iter(pages), ""),
             **against([everything], [changed])},
        )  # fmt: skip
        print(f"  everything {everything}, nothing {unchanged[0]}, one row {changed}: {steps}, {len(pages)} pages")


def main() -> None:
    """Run the comparison that is named."""
    parser = argparse.ArgumentParser(description="Whole builds beside each other.")
    parser.add_argument("what", choices=("earlier", "again"))
    parser.add_argument("--employees", type=int, default=6800)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    os.chdir(ROOT)
    {"earlier": earlier, "again": again}[asked.what](asked.rounds, asked.employees)


if __name__ == "__main__":
    sys.exit(main())
