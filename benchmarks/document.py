"""``docs/performance.md``, written from what benchmarks have kept: ``python -m benchmarks.document``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.keeping import RESULTS, results

TARGET = Path(__file__).parents[1] / "docs/performance.md"
Kept = Mapping[str, Mapping[str, Any]]
NOT = "not measured"
HEAD = """# Performance

Written by `make bench` from `benchmarks/results.json`. Each line has its day, and `python -m benchmarks.NAME` (in the
last column) measures it again. Both sides run in turn in one run, and the median of the rounds' ratios is given with
its range: seconds of a machine that others use mean little, ratios still something. *Of processors* is the same ratio
of processor seconds, which do not grow while others use the machine. Where few reports were made, the start of two
workers weighs as much as the reports: `python -m benchmarks.ways` makes all of them.

## Side by side

| work | against | wanted | found | of processors | how |
|---|---|---|---|---|---|
"""
LINES = (
    ("ways: command lines", "department reports, one language, two at a time",
     "papermill's and nbconvert's command lines, two at a time", "≥ 5 × faster", "times faster", "ways"),
    ("ways: floor", "the same", "the same cells, pages and downloads in two warm processes, no kernel",
     "≤ 2.5 × as long", "times as long", "ways"),
    ("ways: ours, both languages", "the same in two languages", "one language", "≤ 1.12 × as long", "grown", "ways"),
    ("ways: ploomber-engine", "the same", "ploomber-engine and nbconvert's exporter", "faster", "times faster", "ways"),
    ("ways: jupyter-cache", "the same", "jupyter-cache and nbconvert's exporter", "faster", "times faster", "ways"),
    ("builds: earlier", "full build of the sample, without protection and audit", "commit 8ba445d",
     "≥ 2.5 × faster", "times faster", "builds earlier"),
    ("builds: nothing changed", "a build with nothing to do", "`analysis --help`", "≤ 1 s more", "more",
     "builds again"),
    ("builds: one row", "one absence row of one department changed", "the build of everything", "≤ 25 % of the time",
     "share", "builds again"),
    ("ingestion", "a million rows read, checked and pseudonymised", "bare `read_csv`", "≤ 2.5 × as long",
     "grown from", "ingestion"),
    ("survival: lifelines CoxPHFitter", "turnover: fit and predict", "lifelines, Cox", "≥ 10 × faster",
     "times faster", "survival"),
    ("survival: scikit-survival CoxPH", "the same", "scikit-survival, Cox", "≥ 10 × faster", "times faster",
     "survival"),
)  # fmt: skip
"""Name of the result, work, against what, what is wanted, how the ratio peer/ours is said, and what measures it."""


def said(kind: str, found: Mapping[str, Any]) -> str:
    """A ratio peer/ours in words, with its range."""
    ratio, low, high = (float(found[name]) for name in ("ratio", "low", "high"))
    if kind == "times faster":
        return f"{ratio:.1f} × faster [{low:.1f}–{high:.1f}]"
    if kind == "times as long":
        return f"{1 / ratio:.2f} × as long [{1 / high:.2f}–{1 / low:.2f}]"
    if kind == "grown":
        return f"{ratio:.2f} × as long [{low:.2f}–{high:.2f}]"
    if kind == "grown from":
        return f"{1 / ratio:.2f} × as long [{1 / high:.2f}–{1 / low:.2f}]"
    return f"{100 * ratio:.0f} %"


def line(kept: Kept, name: str, work: str, against: str, wanted: str, kind: str, how: str) -> str:
    """One line of the table."""
    found = kept.get(name)
    if found is None:
        return f"| {work} | {against} | {wanted} | {NOT} | | {how} |"
    size = f", {found['reports']} reports" if "reports" in found else ""
    size += f", {found['employees']:,} employees" if "employees" in found else ""
    value = f"{found['more'][len(found['more']) // 2]:.1f} s more" if kind == "more" else said(kind, found)
    processor = said(kind, found["processor"]) if "processor" in found and kind != "more" else ""
    return (
        f"| {work}{size} | {against} | {wanted} | {value} ({found['ours']:.1f} s, {found['peer']:.1f} s) | {processor} "
        f"| {how}, {found['at']} |"
    )


def scale(kept: Kept) -> str:
    """Time and memory by the number of employees."""
    sizes = sorted(
        (found for name, found in kept.items() if name.startswith("scale ")), key=lambda each: each["employees"]
    )
    if not sizes:
        return f"{NOT.capitalize()} on this machine yet: `python -m benchmarks.scale 6800 25000 100000`.\n"
    names = [name for name in sizes[0]["steps"] if name != "all"] + ["all"]
    rows = ["| step | " + " | ".join(f"{each['employees']:,}" for each in sizes) + " |", "|---|" + "---|" * len(sizes)]
    for name in names:
        parts = [each["steps"].get(name) for each in sizes]
        rows.append(
            f"| {name} | "
            + " | ".join(f"{p['busy']:.0f} s, {p['peak'] / 1024:.1f} GB" if p else "" for p in parts)
            + " |"
        )
    days = sorted({str(each["at"]) for each in sizes})
    return (
        "\n".join(rows)
        + f"\n\nProcessor seconds, and the peak of memory of all processes together; {', '.join(days)}.\n"
    )


def profile(kept: Kept) -> str:
    """Where the time of a build goes, as ``make profile`` kept it."""
    found = kept.get("profile")
    if found is None:
        return f"{NOT.capitalize()} on this machine yet: `make profile`.\n"
    rows = [
        f"{found['employees']:,} employees, {found['at']}.",
        "",
        "| step | s of a processor | most in |",
        "|---|---|---|",
    ]
    for step, each in found["steps"].items():
        most = "; ".join(f"`{name}` {seconds:.1f}" for name, seconds in each["most"])
        rows.append(f"| {step} | {each['processor']:.1f} | {most} |")
    return "\n".join(rows) + "\n"


def written(kept: Kept | None = None) -> str:
    """The document."""
    kept = results() if kept is None else kept
    table = "\n".join(line(kept, *each) for each in LINES)
    machines = sorted({str(found["machine"]) for found in kept.values()})
    told = "".join(f"- {machine}\n" for machine in machines) or f"- {NOT}\n"
    prose = (Path(__file__).with_name("performance.md")).read_text(encoding="utf-8")
    return (
        f"{HEAD}{table}\n\nMachines, with what was asked of them meanwhile:\n\n{told}\n"
        f"## By the number of employees\n\n{scale(kept)}\n## Where a build's time goes\n\n{profile(kept)}\n{prose}"
    )


if __name__ == "__main__":
    TARGET.write_text(written(json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}), encoding="utf-8")
