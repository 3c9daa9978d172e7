"""The register of assumptions: every number in the forecast that is not data."""

from __future__ import annotations

from analysis.publishing.atoms import Day
from analysis.publishing.atoms import Fact
from analysis.publishing.atoms import Name
from analysis.publishing.atoms import Term
from analysis.publishing.objects import Line
from analysis.publishing.objects import Table
from analysis.tables.protected import ProtectedReport



def register(report: ProtectedReport) -> Table | None:
    """Every number in the forecast that is not data: range, source, owner and date."""
    rows = []
    for entry in report.about.get("assumptions", ()):
        of = Name(entry["of_sv"], entry["of_en"])
        head = of if entry["what"] in ("value", "size") else Term(f"register.{entry['what']}", {"of": of})
        numbers = tuple(_number(entry["unit"], entry[end]) for end in ("low", "mid", "high"))
        source = Name(entry["source"], entry["source_en"])
        owner = Fact("assumption.owner", entry["owner"]) if entry["owner"] else None
        rows.append(Line(head, (*numbers, source, owner, Day(entry["dated"]))))
    if not rows:
        return None
    names = ("assumption", "low", "mid", "high", "source", "owner", "dated")
    return Table(
        Term("register.caption"),
        tuple(Term(f"column.{name}") for name in names),
        tuple(rows),
        (Term("register.note"),),
        folded=True,
    )


def _number(unit: str, value: float | None) -> Term | None:
    """A number of the register; what it counts stands in the row's head."""
    if value is None:
        return None
    known = "share" if unit == "share" else "number"
    return Term(f"register.unit.{known}", {"n": Fact(f"assumption.{known}", value)})
