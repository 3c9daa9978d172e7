"""The model card and its edition for samverkan: what must stand on them, and that no figure is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.edition.about import model_card
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.pages.exporter import render_page
from analysis.publishing.pages.names import ALWAYS, TOPICS
from analysis.publishing.pages.render import standalone
from analysis.publishing.words.locale import locale
from analysis.reference import load
from analysis.sections.people.hit_rates import pooled
from analysis.tables.protected import check_cells
from analysis.turnover import features
from tests.publishing import fixture, notebooks
from tests.publishing.showing import show

CARDS = ("model-card", "samverkan")
"""Pages about the forecasts, among those that an edition has once."""
BOTH = [(name, language) for name in CARDS for language in ("sv", "en")]


@pytest.fixture(scope="module")
def shown() -> Callable[[str, str], str]:
    report = fixture.report("all")
    nodes = {name: notebooks.run(name, report) for name in CARDS}
    made = {(name, language): render_page(nodes[name], language) for name, language in BOTH}
    return lambda name, language: made[name, language]


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", html)))


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_purpose_and_what_may_not_be_decided_stand_on_the_card(shown, name, language):
    words = {
        "sv": ("Får inte avgöras", "beslut om enskilda"),
        "en": ("Must not be decided", "decisions about individual"),
    }
    assert all(word in text(shown(name, language)) for word in words[language])


def test_every_feature_of_the_forecasts_has_its_words_in_both_languages():
    columns = list(dict.fromkeys(feature.column for feature in features()))
    for entry in model_card(columns)["features"]:
        assert entry["sv"].strip()
        assert entry["en"].strip()
        assert entry["sv"] != entry["en"]
    with pytest.raises(KeyError):
        model_card(["shoe_size"])


def test_only_features_that_the_edition_uses_are_named(shown):
    report = fixture.report("all")
    report.about = {**report.about, "model_card": model_card(["age", "form"])}
    assert [name.en.split(":")[0] for name in show("card_used", report).items] == ["age", "form of employment"]


@pytest.mark.parametrize("name", CARDS)
def test_resignation_and_retirement_are_apart_and_first(shown, name):
    rows = re.findall(r'<th scope="row">([^<]+)', shown(name, "en"))
    assert rows[:2] == ["On own request", "Retirement"]
    assert rows[-1] == "All causes"


def test_scores_carry_the_method_that_is_shown_and_a_loss_is_a_loss():
    table = show("card_performance", fixture.report("all"))
    assert isinstance(table, Table)
    rows = {row.head.id: row.cells for row in table.rows}
    assert rows["cause.unknown"][-1].args["method"].id == "card.method.yardstick"
    assert rows["cause.unknown"][2].value < 0
    assert rows["cause.total"][-1].id == "card.method.mixed"


class TestHardlyBetterThanChance:
    def methods(self, **scores: float) -> dict[str, str]:
        """Words of the method column with the scores of resignation replaced."""
        frame = fixture.cells()
        for name, value in scores.items():
            at = (frame["table"] == "scores") & (frame["row"] == "resignation") & (frame["column"] == name)
            frame.loc[at, "value"] = value
        return {
            row.head.id: row.cells[-1].id for row in show("card_performance", fixture.report("all", frame=frame)).rows
        }

    def test_it_is_said_of_the_cause_alone(self):
        found = self.methods(auc=0.54, brier_gain=0.0)
        assert found["cause.resignation"] == "card.method.hardly"
        assert found["cause.retirement"] == "card.method.model"

    def test_one_score_above_its_limit_is_enough(self):
        limits = load("model_card")["chance"]
        assert self.methods(auc=limits["auc"], brier_gain=0.0)["cause.resignation"] == "card.method.model"
        assert self.methods(auc=0.54, brier_gain=0.02)["cause.resignation"] == "card.method.model"

    def test_the_limits_are_those_of_the_edition(self):
        facts = {"model_card": {**fixture.about()["model_card"], "chance": {"auc": 0.99, "brier_gain": 0.9}}}
        found = show("card_performance", fixture.report("all", facts=facts))
        assert {row.cells[-1].id for row in found.rows} == {"card.method.hardly"}
        said = standalone(found, "sv")
        assert "AUC under 0,99 och vinst (Brier) under 90\u00a0%" in said
        assert "modell, knappt bättre än slumpen" in said

    def test_a_score_that_is_not_shown_is_no_verdict(self):
        frame = fixture.cells()
        frame = frame[~((frame["table"] == "scores") & (frame["column"] == "brier_gain"))]
        rows = show("card_performance", fixture.report("all", frame=frame)).rows
        assert "card.method.hardly" not in {row.cells[-1].id for row in rows}


class TestErrorsInGroups:
    @pytest.mark.parametrize("name", CARDS)
    def test_the_organisation_s_rows_stand_on_the_card_with_their_conclusion(self, shown, name):
        said = text(shown(name, "sv"))
        assert 'data-cell="calibration/all/men/total' in shown(name, "sv")
        assert "Slutsats, samtliga orsaker: felen är inte lika stora; män skiljer sig från alla" in said

    def test_groups_within_chance_are_said_to_be_alike(self):
        frame = fixture.cells()
        frame.loc[(frame["table"] == "calibration") & (frame["row"] == "men"), ["value", "low", "high"]] = 1.0, 0.9, 1.1
        assert show("card_groups", fixture.report("all", frame=frame)).notes[0].id == "card.groups.alike"

    def test_a_cause_apart_is_named_for_that_cause_only(self):
        frame = fixture.cells()
        mine = (frame["table"] == "calibration") & (frame["row"] == "men")
        frame.loc[mine & (frame["column"] == "total"), ["value", "low", "high"]] = 1.0, 0.9, 1.1
        apart = [
            note for note in show("card_groups", fixture.report("all", frame=frame)).notes if note.id.endswith("apart")
        ]
        assert [note.args["cause"].id for note in apart] == ["cause.resignation"]

    def test_without_the_whole_to_compare_with_nothing_is_concluded(self):
        frame = fixture.cells()
        whole = (frame["table"] == "calibration") & (frame["row"] == "total") & (frame["layer"] == "")
        found = show("card_groups", fixture.report("all", frame=frame[~whole]))
        assert [note.id for note in found.notes] == ["card.groups.note"]

    def test_withheld_groups_and_no_history_are_told_apart(self):
        frame = fixture.cells()
        silent = frame.copy()
        mine = (silent["table"] == "calibration") & (silent["row"] != "total")
        silent.loc[mine, ["value", "low", "high", "n"]] = None
        silent.loc[mine, ["status", "reason"]] = "withheld", "few_persons"
        notes = {
            "absent.silent": show("card_groups", fixture.report("all", frame=silent)),
            "absent.calibration": show(
                "card_groups", fixture.report("all", frame=frame[frame["table"] != "calibration"])
            ),
        }
        assert {key: note.text.id for key, note in notes.items()} == {key: key for key in notes}


class TestWhatIsDecided:
    def test_what_the_employer_states_is_printed_and_what_is_not_says_so(self, shown):
        said = text(shown("samverkan", "sv"))
        assert "Personuppgiftsansvarig: Kommunstyrelsen." in said
        assert "Bevarande och gallring: två år." in said
        assert "Rättslig grund: ej angivet." in said
        assert "Konsekvensbedömning: ej angivet." in said
        assert "Impact assessment: not stated." in text(shown("samverkan", "en"))

    def test_an_edition_that_says_nothing_states_nothing(self):
        found = show("card_decided", fixture.report("all", facts={"data_protection": {}}))
        assert {item.args["what"].id for item in found.items} == {"card.decided.none"}

    def test_markup_in_a_setting_stays_text(self):
        found = show("card_decided", fixture.report("all", facts={"data_protection": {"controller": "<b>Nämnd</b>"}}))
        assert "&lt;b&gt;Nämnd&lt;/b&gt;" in standalone(found, "sv")


@pytest.mark.parametrize("name", CARDS)
def test_age_is_named_as_a_ground_of_discrimination_where_it_is_used(shown, name):
    assert "ålder är en diskrimineringsgrund" in text(shown(name, "sv")).lower()
    assert model_card(["age"])["grounds"]
    assert model_card(["form"])["grounds"] == []


@pytest.mark.parametrize("name", CARDS)
def test_what_the_card_does_not_cover_names_the_parts_where_it_stands(shown, name):
    words = {
        key: locale("sv").text(Term(key))
        for key in ("staffing_record.caption", "posts_record.caption", "heading.levers")
    }
    said = text(shown(name, "sv"))
    assert all(f"”{part}”" in said for part in words.values())


def test_without_history_the_card_says_so():
    frame = fixture.cells()
    report = fixture.report("all", frame=frame[frame["table"] != "scores"])
    assert isinstance(show("card_performance", report), Note)


def test_the_pages_lead_to_both_cards(shown):
    page = render_page(notebooks.run("department", fixture.report()), "sv")
    assert {f"../{name}.sv.html" for name in ALWAYS} <= set(re.findall(r'href="([^"]+)"', page))
    report = fixture.report()
    report.about["topics"] = list(TOPICS)  # pages about one matter, where the whole has a figure for them
    page = render_page(notebooks.run("department", report), "sv")
    assert {f"../{name}.sv.html" for name in (*ALWAYS, *TOPICS)} <= set(re.findall(r'href="([^"]+)"', page))
    assert 'href="model-card.sv.html"' not in shown("model-card", "sv")
    assert 'href="model-card.en.html"' in shown("model-card", "sv"), "the other language"


class TestUnknownReasons:
    def test_the_share_and_how_far_figures_move_by_hand(self):
        report = fixture.report("all")
        resigned, unknown, total = (report.cell("exits", cause).value for cause in ("resignation", "unknown", "total"))
        exact = fixture.cells().set_index(["table", "department", "row", "column"])["value"]
        assert exact[("unknown_reasons", "all", "share", "total")] == pytest.approx(unknown / total)
        now = exact[("turnover_series", "all", "2025-12", "own_request")]
        assert exact[("unknown_reasons", "all", "rate", "total")] == pytest.approx(
            now * (resigned + unknown) / resigned
        )
        moved = report.cell("unknown_reasons", "expected")
        parts = [report.cell("leavers", cause, "12m") for cause in ("resignation", "unknown")]
        assert moved.value == pytest.approx(sum(part.value for part in parts))
        assert (moved.low, moved.high) == (sum(p.low for p in parts), sum(p.high for p in parts))

    def test_it_is_said_on_the_pages_of_departments_and_of_the_whole(self):
        for key in ("d0101", "all"):
            notes = [term.id for term in show("leavers", fixture.report(key)).notes]
            assert {"leavers.unknown.share", "leavers.unknown.rate", "leavers.unknown.expected"} <= set(notes)

    def test_a_withheld_count_is_not_given_away(self):
        from analysis.disclosure.derived import unknown_reasons

        frame = fixture.cells()
        frame = frame[frame["table"] != "unknown_reasons"]
        frame = fixture.silence(frame, "exits", "unknown")
        found = unknown_reasons(frame, period="2025-12", departments=["d0101"]).set_index(["department", "row"])
        assert set(found.loc[[("d0101", "share"), ("d0101", "rate")], "status"]) == {"withheld"}
        assert found.loc[[("d0101", "share"), ("d0101", "rate")], "value"].isna().all()


class TestWhatWasSaid:
    def said(self, **columns: object) -> pd.DataFrame:
        line = fixture.cell("said", "2023-12", "total", 80.0, low=66.0, high=95.0, sensitivity="forecast", n=900)
        return pd.DataFrame([line | {"layer": "sample-2023-12"} | columns])

    def test_earlier_editions_stand_beside_the_method_of_today_and_the_outcome(self):
        frame = check_cells(pd.concat([fixture.cells(), self.said()], ignore_index=True))
        table = show("said", fixture.report(frame=frame))
        assert [row.head.key for row in table.rows] == ["2023-12"]
        said, again, outcome = table.rows[0].cells
        assert said.value == 80.0
        assert again.table == outcome.table == "track_record"

    def test_nothing_is_shown_without_an_earlier_edition(self):
        assert show("said", fixture.report()) is None

    def test_worse_than_the_yardstick_is_said_over_all_departments(self):
        frame = fixture.cells()
        at = (frame["table"] == "hit_rate") & (frame["row"] == "all") & (frame["column"] == "yardstick_error")
        assert pooled(fixture.report("all"))[0].id == "hit_rate.better"
        frame.loc[at, "value"] = 6.0
        assert pooled(fixture.report("all", frame=frame))[0].id == "hit_rate.worse"
