"""The headline: put as the probability of an empty post allows, and what can be subtracted agrees as printed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.publishing.views.claim import verdict as view
from analysis.publishing.words.arithmetic import digits_of, printed_step
from analysis.publishing.words.locale import locale
from analysis.reference import policy
from analysis.reference.parts import NEEDED
from analysis.reference.phrases import LANGUAGES
from analysis.reference.policies import Headline
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture
from tests.publishing.showing import show

CELLS = fixture.cells()
LIMITS = policy().headline


def changed(chance: float | None = None, **parts: float | tuple[float, float, float]) -> pd.DataFrame:
    """Cells of the first year with another probability of an empty post, and other parts of the bridge."""
    frame = CELLS.copy()
    first = (frame["column"] == "2026") & (frame["layer"] == "reference")
    if chance is not None:
        frame.loc[first & (frame["table"] == "chances") & (frame["row"] == "1"), "value"] = chance
        more = first & (frame["table"] == "chances") & (frame["row"] != "1")
        frame.loc[more, "value"] = frame.loc[more, "value"].clip(upper=chance / 2)
    for part, value in parts.items():
        at = first & (frame["table"] == "bridge") & (frame["row"] == part)
        if isinstance(value, tuple):
            frame.loc[at, ["low", "value", "high"]] = value
        else:
            frame.loc[at, "value"] = value
    return frame


def only(part: str) -> pd.DataFrame:
    """Cells in which one part alone makes the need."""
    return changed(**(dict.fromkeys((*NEEDED, "other_causes"), 0.0) | {part: 30.0}), recruitment_need=30.0)


def last_value(frame: pd.DataFrame = CELLS) -> pd.DataFrame:
    """Cells of an edition that shows the last value of empty posts."""
    frame = frame.copy()
    frame.loc[(frame["table"] == "posts_record") & (frame["column"] == "shown"), "value"] = 0.0
    return frame


NO_GAP = fixture.silence(
    fixture.silence(CELLS, "bridge", "empty", status="missing"), "bridge", "opening", status="missing"
)

VARIANTS: dict[str, pd.DataFrame] = {
    "verdict.must.because": CELLS,
    "verdict.probably.because": changed(0.7),
    "verdict.usual": changed(0.5),
    "verdict.fewer": changed(0.2),
    "verdict.nothing": changed(recruitment_need=0.3),
    "verdict.surplus": changed(recruitment_need=-12.0),
    "verdict.leavers.own_request": fixture.without(CELLS, "bridge"),
    "verdict.leavers": fixture.silence(fixture.without(CELLS, "bridge"), "leavers", "resignation", status="missing"),
    "verdict.rate.own_request": fixture.without(CELLS, "bridge", "leavers"),
    "verdict.staff": fixture.without(CELLS, "bridge", "leavers", "key_figures"),
    "verdict.silent": fixture.without(CELLS, "bridge", "leavers", "key_figures", "headcount"),
}


def said(report: ProtectedReport, language: str = "sv") -> tuple[str, list[str]]:
    shown = view(show("verdict", report), locale(language), "x")
    plain = [str(text.striptags()).replace("\u00a0", " ") for text in (shown["headline"], *shown["support"])]
    return plain[0], plain[1:]


def renamed(frame: pd.DataFrame, name: str, horizon: str = "2026-12") -> ProtectedReport:
    departments = pd.DataFrame(fixture.departments())
    departments.loc[departments["key"] == "d0101", ["name", "name_en"]] = name
    return ProtectedReport(frame, fixture.plan(), departments, fixture.about() | {"horizon": horizon}, "d0101")


@pytest.mark.parametrize("id", VARIANTS)
def test_the_headline_is_the_sentence_that_the_cells_allow(id: str) -> None:
    assert show("verdict", fixture.report(frame=VARIANTS[id])).headline.id == id


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (LIMITS.sure, "must.because"),
        (LIMITS.sure - 0.001, "probably.because"),
        (LIMITS.likely, "probably.because"),
        (LIMITS.likely - 0.001, "usual"),
        (LIMITS.even, "usual"),
        (LIMITS.even - 0.001, "fewer"),
    ],
)
def test_each_limit_of_the_policy_changes_the_wording(chance: float, word: str) -> None:
    assert show("verdict", fixture.report(frame=changed(chance))).headline.id == f"verdict.{word}"


def test_where_no_probability_is_known_what_stays_empty_decides() -> None:
    bare = fixture.without(CELLS, "chances")
    assert show("verdict", fixture.report(frame=bare)).headline.id == "verdict.must.because"
    full = changed(empty=(-3.0, -2.0, -1.0))
    assert show("verdict", fixture.report(frame=fixture.without(full, "chances"))).headline.id == "verdict.fewer"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("horizon", ["2026-12", "2026-09"])
@pytest.mark.parametrize("id", VARIANTS)
@pytest.mark.parametrize("name", ["Förskola", "Förskola och grundskola norr", "Plan, bygg, miljö och hälsa i stad"])
def test_a_headline_has_at_most_20_words(id: str, name: str, horizon: str, language: str) -> None:
    if id.startswith(("verdict.must", "verdict.probably", "verdict.usual", "verdict.fewer", "verdict.surplus")):
        headline, _ = said(renamed(VARIANTS[id], name, horizon), language)
        assert len(headline.split()) <= 20, headline


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", NEEDED)
def test_each_part_may_be_what_it_is_mostly_because_of_in_at_most_20_words(part: str, language: str) -> None:
    headline, _ = said(renamed(only(part), "Förskola och grundskola norr"), language)
    assert headline.count("30") == 2
    assert len(headline.split()) <= 20, headline


def test_the_headline_in_swedish_and_english() -> None:
    headline, support = said(fixture.report())
    assert headline == (
        "Förskola behöver besätta omkring 114 heltidstjänster under 2026, mest för att 42 lämnas på egen begäran."
    )
    assert support[0] == "I dagens takt blir 63 besatta; omkring 51 står tomma i december 2026."
    assert support[1] == "Sannolikheten att minst 20 står tomma då är 94 %."
    headline, support = said(fixture.report(), "en")
    assert headline == "Preschool needs to fill about 114 full-time equivalents in 2026, mostly after 42 resignations."
    assert support[0] == "At the present pace 63 are filled; about 51 are empty in December 2026."


@pytest.mark.parametrize("department", ["d0101", "d0102", "d0201", "all"])
def test_what_a_reader_can_subtract_agrees_as_printed_and_with_the_chart(department: str) -> None:
    report = fixture.report(department)
    found = show("verdict", report)
    digits = digits_of(found.bridge)
    need, empty = (printed_step(step, digits) for step in (found.bridge.total, found.bridge.empty))
    filled = found.support[0].args["filled"].value
    assert float(need) - filled == float(empty)
    assert digits == digits_of(show("bridge", report))


def test_a_part_of_a_year_names_the_month() -> None:
    assert "heltidstjänster till september 2026, mest" in said(renamed(CELLS, "Förskola", "2026-09"))[0]


def test_one_is_singular() -> None:
    frame = only("retirement").copy()
    first = (
        (frame["table"] == "bridge")
        & (frame["column"] == "2026")
        & frame["row"].isin(["recruitment_need", "retirement"])
    )
    frame.loc[first, "value"] = 1.0
    assert (
        "omkring 1 heltidstjänst under 2026, mest för att 1 lämnas för pension." in said(fixture.report(frame=frame))[0]
    )


def test_a_surplus_is_called_one() -> None:
    headline, _ = said(fixture.report(frame=changed(recruitment_need=-12.0)))
    assert (
        headline
        == "Förskola väntas ha omkring 12 heltidstjänster fler än behovet i december 2026, utan någon rekrytering."
    )
    _, support = said(fixture.report(frame=changed(0.1, empty=(-6.0, -4.0, -1.0))))
    assert "4 fler än behovet i december 2026." in support[0]


def test_where_the_last_value_is_shown_the_headline_says_so() -> None:
    assert "verdict.method.last" in {term.id for term in show("verdict", fixture.report(frame=last_value())).support}
    assert "det senaste värdet: ingen prognos har träffat bättre" in " ".join(
        said(fixture.report(frame=last_value()))[1]
    )
    assert "verdict.method.last" not in {term.id for term in show("verdict", fixture.report()).support}
    unjudged = fixture.without(CELLS, "posts_record")
    assert "verdict.method.unjudged" in {term.id for term in show("verdict", fixture.report(frame=unjudged)).support}


def test_a_number_is_named_as_far_as_it_is_likely_and_never_as_certain() -> None:
    frame = CELLS.copy()
    frame.loc[frame["table"] == "chances", "value"] = 0.998
    _, support = said(fixture.report(frame=frame))
    assert support[1] == "Det är så gott som säkert att minst 50 står tomma då."
    assert said(fixture.report(frame=changed(0.97)))[1][1] == "Sannolikheten att minst en tjänst står tom då är 97 %."


@pytest.mark.parametrize(
    ("facts", "status", "expected"),
    [
        ({"has": {"vacancies": False}}, "missing", "inte innehåller lediga tjänster"),
        ({"has": {"vacancies": True}}, "missing", "kan inte räknas ur den här leveransen"),
    ],
)
def test_without_a_gap_the_page_says_what_must_be_filled_and_why_no_more(
    facts: dict[str, Any], status: str, expected: str
) -> None:
    headline, support = said(fixture.report(frame=NO_GAP, facts=facts))
    assert headline.startswith("Förskola behöver besätta omkring 114 heltidstjänster")
    assert expected in support[0]


def test_a_withheld_need_says_that_the_group_is_too_small() -> None:
    _, support = said(fixture.report(frame=fixture.silence(CELLS, "bridge", "recruitment_need")))
    assert "för liten för en prognos" in support[0]


def test_the_organisation_is_called_by_the_name_of_the_municipality() -> None:
    assert said(fixture.report("all"), "en")[0].startswith("Sample municipality needs to fill about")


def test_limits_out_of_order_are_refused() -> None:
    given = LIMITS.model_dump()
    with pytest.raises(ValueError, match="not in order"):
        Headline(**(given | {"likely": given["sure"]}))
