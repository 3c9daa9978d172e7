"""The register of assumptions: every number in the forecast that is not data."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Day, Fact, Name, Term
from analysis.publishing.objects.stock import Line, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "assumptions",
    places=Place("assumptions", pages=("methods",)),
)


ENDS = ("low", "mid", "high")


@section.show
def show(report: ProtectedReport) -> Table | None:
    """Every number in the forecast that is not data: range, source, owner and date."""
    rows = []
    for place, entry in enumerate(report.about.get("assumptions", ())):
        of = Name(entry["of_sv"], entry["of_en"])
        head = of if entry["what"] in ("value", "size") else Term(f"register.{entry['what']}", {"of": of})
        numbers = tuple(_number(entry["unit"], Fact.of(report, "assumptions", place, end)) for end in ENDS)
        source = Name(entry["source"], entry["source_en"])
        owner = Fact.of(report, "assumptions", place, "owner")
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


def _number(unit: str, number: Fact | None) -> Term | None:
    """A number of the register; what it counts stands in the row's head."""
    if number is None:
        return None
    return Term(f"register.unit.{'share' if unit == 'share' else 'number'}", {"n": number})
