"""What the finished pages say of practices, held against what was planted: read from HTML alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pandas as pd

from analysis.disclosure.plan import PublishingPlan
from analysis.sections.counted import is_claimed

FIGURE = re.compile(r'<data value="([^"/]+)" data-cell="([^"]+)">(.*?)</data>', re.S)
Key = tuple[str, str, str, str]
"""Table, row, column, department, as pages name them."""


@dataclass
class Held:
    """What the pages say of one practice: figures that equal the truth, figures that do not, and those without one."""

    right: list[Key] = field(default_factory=list)
    wrong: list[tuple[Key, str, float]] = field(default_factory=list)
    unknown: list[Key] = field(default_factory=list)


def figures(folder: Path) -> dict[Key, str]:
    """Every figure that a page shows: key → its digits, as a number (per cent as its hundredth part)."""
    found: dict[Key, str] = {}
    for page in sorted(folder.rglob("*.sv.html")):
        for value, name, text in FIGURE.findall(page.read_text(encoding="utf-8")):
            parts = unescape(name).split("/")
            if len(parts) not in (4, 5) or (len(parts) == 5 and parts[4] != "now"):
                continue  # another layer than today's
            table, department, row, column = parts[:4]
            found[table, row, column, department] = f"{value}%" if "%" in text else value
    return found


def truth(delivery: Path, plan: PublishingPlan) -> dict[Key, float]:
    """What was planted, by the names that pages use."""
    table = pd.read_csv(delivery / "truth" / "practices.csv")
    names = {name: entry.released_as for name, entry in plan.items()}
    table["table"] = table["table"].map(names).fillna(table["table"])
    keys = table[["table", "row", "column", "department"]].astype("str").itertuples(index=False, name=None)
    return dict(zip(keys, table["value"], strict=True))


def agrees(said: str, planted: float) -> bool:
    """Is a printed number the planted one, as exactly as its digits tell?"""
    number = said.removesuffix("%")
    scale = 100 if said.endswith("%") else 1
    half = 0.5 * 10.0 ** -len(number.partition(".")[2])
    return abs(float(number) - scale * planted) <= half + 1e-4


def held(claims: dict[str, tuple[str, ...]], shown: dict[Key, str], planted: dict[Key, float]) -> dict[str, Held]:
    """Practice → what the pages say of it.

    Args:
        claims: practice → figures that its sections name (``sections.counted.claimed``).
        shown: result of ``figures``.
        planted: result of ``truth``.
    """
    found = {practice: Held() for practice in claims}
    for practice, names in claims.items():
        for key, said in shown.items():
            if not any(is_claimed(name, *key[:3]) for name in names):
                continue
            if key not in planted:
                found[practice].unknown.append(key)
            elif agrees(said, planted[key]):
                found[practice].right.append(key)
            else:
                found[practice].wrong.append((key, said, planted[key]))
    return found
