"""One absence row of one department changed: which stages and pages are made again, and their share of a whole build.

``python -m benchmarks.incremental [employees]``: a project of its own is made and removed. Both builds are of one run
on one machine; the share is what counts.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from analysis.runner.build import Built, build
from analysis.runner.request import Request, request
from analysis.sample import write_sample

ROOT = Path(__file__).parents[1]
FILE, ENCODINGS = "franvaro.csv", ("utf-8-sig", "cp1252")
KEY = "ANALYSIS_PSEUDONYM_KEY"


def one_row(delivery: Path) -> str:
    """Add an hour of sick leave to the last row of the last month; returns the row's unit."""
    path = delivery / FILE
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    lines = text.split("\n")
    head = next(at for at, line in enumerate(lines) if "Sjuk" in line or "sjuk" in line)
    mark = ";" if ";" in lines[head] else "\t"
    names = [name.strip().lower() for name in lines[head].split(mark)]
    sick = next(at for at, name in enumerate(names) if name.startswith("sjuk"))
    at = max(place for place, line in enumerate(lines) if line.count(mark) == lines[head].count(mark))
    cells = lines[at].split(mark)
    cells[sick] = f"{float(cells[sick].replace(',', '.') or 0) + 1:.2f}".replace(".", ",")
    lines[at] = mark.join(cells)
    path.write_bytes("\n".join(lines).encode(encoding))
    return mark.join(cells[:3])


def project(root: Path, employees: int) -> Request:
    """A project with the sample municipality."""
    for name in ("analysis.toml", "requirements.lock"):
        shutil.copyfile(ROOT / name, root / name)
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    shutil.copytree(ROOT / "examples/scenarios", root / "examples/scenarios")
    write_sample(root / "data/raw/sample", employees=employees)
    return request(root=root, delivery=root / "data/raw/sample", period="2025-12", jobs=2, languages=("sv",))


def timed(asked: Request, said: list[str]) -> tuple[Built, float]:
    """A build, and its wall seconds."""
    started = time.perf_counter()
    return build(asked, explain=said.append), time.perf_counter() - started


def main(employees: int) -> None:
    """Build, change, build again, and say it."""
    os.environ.setdefault(KEY, "benchmark-key-0001")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        before = Path.cwd()
        os.chdir(root)
        try:
            asked = project(root, employees)
            whole, first = timed(asked, [])
            row = one_row(asked.delivery)
            said: list[str] = []
            again, second = timed(asked, said)
        finally:
            os.chdir(before)
    print(f"{employees} employees, one absence row ({row}): {first:.0f} s whole, {second:.0f} s again, "
          f"{second / first:.0%}")  # fmt: skip
    print(f"made again: {len(again.done)} of {len(whole.done)} stages and pages")
    print("\n".join(f"  {line}" for line in said))
    for name, seconds in again.timings.items():
        print(f"  {name}: {seconds:.1f} s of {whole.timings.get(name, float('nan')):.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 450)
