"""The page's claim and what supports it: which sentence the published cells allow.

The headline says how many posts have to be filled, by when and mostly because of what; how it is put follows the
probability that at least one post is empty at the horizon at the present pace (limits in the policy). The next sentence
says what that pace gives. Every figure is a published cell, in the digits of the bridge. Where nothing may be shown the
page says that.
"""

from __future__ import annotations

from typing import Any

from analysis.publishing.objects.atoms import Limit, Month, Name, Term, Year
from analysis.publishing.objects.need import (
    ROWS,
    bridge_digits_of,
    chances,
    filled,
    filled_steps,
    horizon,
    method,
    need,
    needed_steps,
)
from analysis.publishing.objects.stock import Bridge, Step, Verdict
from analysis.publishing.words.naming import place
from analysis.publishing.words.rounding import printed
from analysis.reference import policy
from analysis.reference.parts import OTHER_CAUSES
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell, Department, ProtectedReport

section = Section(
    "verdict",
    places=Place("claim", after="masthead"),
    reads=("bridge", "chances", "posts_record", "leavers", "key_figures", "headcount", "definitions"),
)


LONGEST_NAME = 4
"""A department with more words in its name than this is "the department" in the headline."""
LIKELY = 0.8
"""Probability from which a number of empty posts is named."""
SURE = 0.995
"""Probability that would be printed as 100 per cent, which no forecast is."""


@section.show
def show(report: ProtectedReport) -> Verdict:
    """The headline (at most 20 words in every language) and up to four supporting sentences."""
    gross = need(report, "recruitment_need")
    support: list[Term] = []
    if not gross.shown:
        return Verdict(_without_need(report), (*_why_no_gap(report), *support))
    empty = need(report, "empty")
    told = _pace(report, empty) if empty.shown else _why_no_gap(report)
    month = {"month": horizon(report)}
    bridge = Bridge(
        horizon(report),
        needed_steps(report),
        Step(Term("bridge.recruitment_need"), gross),
        filled_steps(report),
        Step(Term("bridge.empty", month), empty) if empty.status != "missing" else None,
    )
    return Verdict(_headline(report, gross, empty), (*told, *support), bridge)


def _headline(report: ProtectedReport, gross: Cell, empty: Cell) -> Term:
    """How many to fill, put as the probability of an empty post allows; a surplus is called one."""
    args = {"who": who(report), "n": gross, "when": when(report), "month": horizon(report)}
    figure = printed(gross)
    if figure is None or figure.value < 0:
        return Term("verdict.surplus", args)
    if figure.value == 0:
        return Term("verdict.nothing", args)
    word = wording(chances(report).get(1), empty)
    if word in ("usual", "fewer"):
        return Term(f"verdict.{word}", args)
    most = _mostly(report)
    return Term(f"verdict.{word}.because", args | {"most": most}) if most else Term(f"verdict.{word}", args)


def wording(chance: Cell | None, empty: Cell) -> str:
    """How the headline is put: ``must``, ``probably``, ``usual`` or ``fewer``.

    Args:
        chance: probability that at least one post is empty at the horizon; None where it is not known: then what stays
            empty decides, and where that is not known either all losses have to be made good.
        empty: what stays empty at the present pace.
    """
    limits = policy().headline
    if chance is None or chance.value is None:
        figure = printed(empty)
        return "must" if figure is None or figure.value > 0 else "fewer"
    if chance.value >= limits.sure:
        return "must"
    if chance.value >= limits.likely:
        return "probably"
    return "usual" if chance.value >= limits.even else "fewer"


def _mostly(report: ProtectedReport) -> Term | None:
    """The largest part of the recruitment need as printed, in words; None where no part may be shown."""
    digits = bridge_digits_of(report)
    found = []
    for part in ROWS:
        cell = need(report, part)
        figure = printed(cell, digits)
        if figure is not None and figure.value > 0 and part != OTHER_CAUSES:
            found.append((figure.value, cell))
    if not found:
        return None
    _, cell = max(found, key=lambda pair: pair[0])
    return Term(f"verdict.mostly.{cell.row}", {"n": cell})


def _pace(report: ProtectedReport, empty: Cell) -> list[Term]:
    """What the present pace gives: how many are filled and stay empty, and how probable that is."""
    figure, done = printed(empty), filled(report)
    if figure is None or done is None:
        return []
    word = "empty" if figure.value > 0 else "none" if figure.value == 0 else "over"
    args: dict[str, Any] = {"n": empty, "filled": done, "month": horizon(report)}
    said = [Term(f"verdict.pace.{word}", args)]
    if method(report) != "blend":
        said.append(Term(f"verdict.method.{method(report)}"))
    found = chances(report)
    least = max((least for least, cell in found.items() if (cell.value or 0.0) >= LIKELY), default=1)
    chance = found.get(least)
    if chance is not None:
        sure = ".sure" if (chance.value or 0.0) >= SURE else ""
        one = "one" if least == 1 else "more"
        said.append(Term(f"verdict.chance.{one}{sure}", {"least": Limit(float(least)), "chance": chance}))
    return said


def when(report: ProtectedReport) -> Term:
    """The year of the forecast, or the month it reaches where that is not a calendar year."""
    month = horizon(report)
    if month.key[5:] == "12":
        return Term("verdict.when.year", {"year": Year(month.key[:4])})
    return Term("verdict.when.month", {"month": month})


def _without_need(report: ProtectedReport) -> Term:
    args = {"who": who(report), "month": horizon(report)}
    leavers = report.cell("leavers", TOTAL, "12m")
    if leavers.shown and leavers.has_interval:
        own = report.cell("leavers", "resignation", "12m")
        if own.shown and own.has_interval and printed(own).value > 0:  # type: ignore[union-attr]
            return Term("verdict.leavers.own_request", args | {"leavers": leavers, "own": own})
        return Term("verdict.leavers", args | {"leavers": leavers})
    rate = report.cell("key_figures", "own_request", "now")
    if rate.shown:
        known = "leaving_all" if rate.definition == "leaving_all" else "own_request"
        return Term(
            f"verdict.rate.{known}",
            {"who": who(report), "rate": rate, "month": Month(report.about["period"])},
        )
    return _of_structure(report) or Term("verdict.silent", args)


def _of_structure(report: ProtectedReport) -> Term | None:
    """Who is in post, and how many of them reach pension age: what needs no history; None where it is not shown."""
    staff = report.cell("headcount", "total")
    if not staff.shown:
        return None
    now = report.about["period"]
    args = {"who": who(report), "staff": staff, "month": Month(now)}
    reach = report.cell("definitions", "reach_riktalder_3y", "now")
    if not reach.shown:
        return Term("verdict.staff", args)
    return Term("verdict.staff.reach", args | {"reach": reach, "until": Month(f"{int(now[:4]) + 3}{now[4:]}")})


def _why_no_gap(report: ProtectedReport) -> list[Term]:
    if need(report, "recruitment_need").status == "withheld":
        return [Term("verdict.gap_withheld")]
    month = report.about.get("history", {}).get("awaited", {}).get("turnover")
    if month:
        return [Term("verdict.awaits", {"month": Month(month)})]
    if "note.no_forecast" in report.about.get("notes", ()):
        return [Term("note.no_forecast")]
    has = report.about.get("has", {})
    return [Term("verdict.no_gap" if has.get("vacancies") else "verdict.no_vacancies")]


def who(report: ProtectedReport) -> Department | Name | Term:
    """Whom the headline is about; a long name leaves no room for it, all the less beside a month."""
    department = report.department
    if department.status == "organisation":
        return place(report)
    longest = max(len(department.name.split()), len(department.name_en.split()))
    room = LONGEST_NAME - (horizon(report).key[5:] != "12")
    return Term("verdict.department") if longest > room else department
