"""Reference data is whole, in both languages, and refuses what it does not know."""

from __future__ import annotations

import importlib
import json
import re

import pytest

from analysis import reference
from analysis.errors import InputError
from analysis.reference import entries
from analysis.reference.listing import listing, whole_definition
from analysis.reference.phrases import whole
from analysis.reference.strategies import strategies
from analysis.sections import shipped_plan
from analysis.tables.protected import UNITS

REQUIRED = {
    "headcount", "posts", "fte", "fte_hourly", "exits_total", "exits_by_cause", "leaving_own_request",
    "leaving_all", "n00216", "age_structure", "age_55", "full_time", "sick_leave", "sick_leave_long",
    "qualified",
    "staff_per_manager", "pension_3y", "recruitment_need", "empty_posts", "expected_leavers", "vacancies_open",
    "ladder_step",
    "course_completed", "hit_rate",
}  # fmt: skip
SPOKEN = ("formula", "population", "numerator", "period_rule", "min_n")
SLOTS = ["own_request", "qualified", "pension_3y", "sick_leave", "per_manager"]


def test_every_indicator_of_the_first_edition_is_defined():
    assert set(reference.definitions()) >= REQUIRED


@pytest.mark.parametrize("name", sorted(reference.definitions()))
def test_a_definition_says_everything_in_both_languages(name):
    entry = reference.definitions()[name]
    spoken = [f"{field}_{language}" for field in SPOKEN for language in ("sv", "en")]
    for field in ("sv", "en", *spoken, "source"):
        assert entry[field].strip()
    assert entry["sv"] != entry["en"]
    assert entry["formula_sv"] != entry["formula_en"]
    assert entry["unit"] in UNITS


def test_a_share_or_rate_names_its_denominator():
    for name, entry in reference.definitions().items():
        of_differences = name.endswith("_gap")
        if entry["unit"] in ("share", "rate") and name != "course_target" and not of_differences:
            assert entry["denominator_sv"], name
            assert entry["denominator_en"], name


def test_units_are_those_of_the_protected_table():
    assert set(entries.Definition.model_fields["unit"].annotation.__args__) == set(UNITS)


def test_the_five_figures_name_defined_indicators_and_every_fallback_has_its_own_definition():
    assert list(reference.key_figures()) == SLOTS
    for names in reference.key_figures().values():
        assert set(names) <= set(reference.definitions())
        assert len(set(names)) == len(names)


def test_only_health_figures_are_health_and_all_of_them_are():
    entries = reference.definitions()
    health = {key for key, entry in entries.items() if entry["sensitivity"] == "health"}
    of_hours = {
        key for key in entries if key.startswith(("sick_", "statutory_", "n0009", "parental_")) and key != "n00098"
    }
    assert health == of_hours | {"without_absence", "repeated_absence"}  # of persons who were or were not ill


def test_a_full_share_of_licensed_is_no_disclosure_but_a_full_share_of_one_cause_is():
    assert reference.definitions()["qualified"]["homogeneous"] == "open"
    assert reference.definitions()["exits_by_cause"]["homogeneous"] == "sensitive"


def test_what_may_stand_beside_kolada_names_kolada_as_source_of_the_formula():
    for entry in reference.definitions().values():
        for other in entry["comparable_with"]:
            if other == entry["source"]:
                continue
            number = re.fullmatch(r"Kolada ([NU]\d{5})", other)
            assert number
            assert f"Kolada {number[1]}" in entry["source"]


@pytest.mark.parametrize(
    ("ladder", "steps"), [("it_ladder", 6), ("social_ladder", 6), ("childcare_ladder", 5), ("care_levels", 3)]
)
def test_a_ladder_has_its_steps_in_both_languages_and_known_occupations(ladder, steps):
    entry = reference.ladders()[ladder]
    assert len(entry["steps"]) == steps
    assert len({step["sv"] for step in entry["steps"]}) == steps
    assert set(entry["occupations"]) <= set(reference.occupations())
    assert entry["owner"]
    assert entry["source"]


def test_the_ladders_begin_and_end_where_their_sources_do():
    names = {key: [step["sv"] for step in ladder["steps"]] for key, ladder in reference.ladders().items()}
    assert (names["it_ladder"][0], names["it_ladder"][-1]) == ("Studerande", "Mycket erfaren")
    assert (names["social_ladder"][0], names["social_ladder"][-1]) == ("Studerande", "Mycket erfaren")
    assert names["childcare_ladder"] == ["Novis", "Avancerad novis", "Självständig", "Skicklig", "Excellent"]
    assert names["care_levels"] == ["Bas", "Fördjupad", "Expert"]


def test_a_ladder_of_social_services_is_for_all_three_groups_of_its_source_and_no_source_is_said_to_name_its_steps():
    assert reference.ladders()["social_ladder"]["occupations"] == ["social_worker", "needs_assessor", "lss_officer"]
    for key in ("social_ladder", "childcare_ladder"):
        assert "a local default" in reference.ladders()[key]["source"]


def test_the_heading_of_the_examples_stands_with_its_strategy():
    headings = {name["sv"]: key for key, entry in strategies().items() for name in entry["also"]}
    assert headings == {"Skapa karriärvägar": "s2018_careers"}


def test_the_elearning_is_for_everyone_in_the_administration_as_the_plan_says():
    assert reference.courses()["hot_och_vald"]["occupations"] == []
    assert reference.courses()["hot_och_vald"]["participating"] == 0.1


def test_courses_name_known_occupations_and_say_who_is_counted():
    for entry in reference.courses().values():
        assert set(entry["occupations"]) <= set(reference.occupations())
        assert entry["target_occupation"] in {None, *reference.occupations()}
        mentions_hourly = "timavlönade ingår inte" in entry["population_sv"]
        assert not (mentions_hourly and "hourly" in entry["forms"])


def test_the_elearning_aims_at_half_and_the_managers_programme_at_every_manager_in_five_days():
    courses = reference.courses()
    assert courses["hot_och_vald"]["target"] == 0.5
    assert (courses["chefsprogram"]["target"], courses["chefsprogram"]["days"]) == (1.0, 5)
    assert courses["barnskotare_forskollarare"]["target_occupation"] == "preschool_teacher"


def test_assignments_are_numbered_from_one_without_gaps():
    numbers = [entry["number"] for entry in reference.business_plan()["assignment"]]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("model", "loader"),
    [
        (entries.Definition, reference.definitions),
        (entries.Ladder, reference.ladders),
        (entries.Course, reference.courses),
    ],
)
def test_an_unknown_field_is_refused_in_one_sentence_that_says_where(model, loader):
    key, entry = next(iter(loader().items()))
    with pytest.raises(InputError, match=rf"^file\.toml: {key}\.colour: .*; correct the entry$"):
        entries.checked(model, entry | {"colour": "red"}, "file.toml")


@pytest.mark.parametrize(
    "change",
    [
        {"en": ""},
        {"unit": "euro"},
        {"sensitivity": "secret"},
        {"homogeneous": "yes"},
        {"valid_from": "soon"},
        {"id": "Has Blanks"},
        {"level": []},
        {"cell": {"table": "age"}},
    ],
)
def test_a_definition_with_a_wrong_value_is_refused(change):
    with pytest.raises(InputError):
        entries.checked(entries.Definition, reference.definitions()["fte"] | change, "definitions.toml")


def test_a_missing_language_is_refused():
    entry = {key: item for key, item in reference.definitions()["fte"].items() if key != "formula_en"}
    with pytest.raises(InputError, match="formula_en"):
        entries.checked(entries.Definition, entry, "definitions.toml")


def test_an_id_that_occurs_twice_is_refused():
    entry = reference.ladders()["care_levels"]
    with pytest.raises(InputError, match="care_levels occurs twice"):
        entries.by_id(entries.Ladder, [entry, entry], "ladders.toml")


def test_a_pipeline_without_length_is_refused():
    entry = reference.courses()["barnskotare_forskollarare"] | {"months": None}
    with pytest.raises(InputError, match="needs target_occupation, months and work_share"):
        entries.checked(entries.Course, entry, "courses.toml")


def test_entries_can_be_written_to_an_editions_facts_as_they_are():
    entry = reference.definitions()["fte"]
    assert json.loads(json.dumps(entry)) == entry
    assert entry["valid_from"] == "2025-01-01"


def test_an_indicator_points_only_to_tables_that_an_edition_publishes():
    published = set(shipped_plan()) | {"key_figures"}
    shown = {key: entry["cell"]["table"] for key, entry in reference.definitions().items() if entry["cell"]}
    assert set(shown.values()) <= published
    assert {
        entry["cell"]["row"]
        for entry in reference.definitions().values()
        if entry["cell"] and entry["cell"]["table"] == "key_figures"
    } <= set(reference.key_figures())


def test_every_computed_definition_names_a_function_that_exists_and_every_other_says_why():
    for name, entry in reference.definitions().items():
        if entry["status"] == "computed":
            room, function = f"analysis.{entry['function']}".rsplit(".", 1)
            assert callable(getattr(importlib.import_module(room), function)), name
        else:
            assert entry["why_sv"] != entry["why_en"], name


def test_an_indicator_that_is_computed_is_shown_somewhere():
    whole_tables = {"age_structure", "exits_by_cause", "ladder_step", "course_completed", "course_target"}
    whole_tables |= {
        "recruitment_need",
        "empty_posts",
        "empty_chance",
        "posts_miss",
        "withdrawn_adverts",
        "driver_importance",
        "driver_pattern",
        "exit_survey_reasons",
        "wisn",
        "skill_gap",
        "skill_gap_ahead",
    }
    counted = {entry["id"] for entry in reference.load("definitions_practices")["definition"]}
    for name, entry in reference.definitions().items():
        if entry["status"] == "computed" and name not in whole_tables | counted:
            assert entry["cell"] or entry["protected_as"], name


@pytest.mark.parametrize("number", range(200, 217))
def test_the_november_series_of_kolada_is_whole(number):
    assert f"n{number:05d}" in reference.definitions()


NATIONAL = """
N00053 N00071 N00072 N00231 N00230 N00232 N00098 N00112–N00116 N11103–N11105 N00200–N00206 N00233 N00223 N00207–N00216
N00242 N20248 N00245 N00246 N00219 N00247 N00248 N00239 N00217 N00218 N00220 N00949–N00951 N00953 N11205 N11206 N11214
N11218 N15205 N15206 N15214 N15218 N09216 N15215 N15216 N17215 N17216 N00090–N00094 U00200–U00207 U00300–U00308 N00898
N07898 N09898 N11898 N15898 N17998 N21898 N23898 N25898 N30898 U20303 N15813–N15815 N17825–N17827 N11808–N11810
N11041 N11050 N11047 N11811–N11813 N13015 N13037 N18733 N18734 N18716 N18717 N18704 N18928 N21608 N21609 N23588 N23589
N11010 N11102 N15034 N17817
N18735 N18718 U28121 U28122 U28124 U28136 U28137 U28139 N11033 N15009 N17008 N02834 N10025 N10029 N11012 N11015 N15021
N15023 N17018 N17020 N13011 N13012 N10027 N10031 N10026 N10030 N20223 N20226 N20225 N20249 N20030 N20036 N30222 N30223
N20251 N20253 N10042 N10043 N25024 N25025 N00060–N00062 N00073–N00075 N09027 N09031 N09028 N09032
"""
"""National measures of staff that a reader may ask for: each is computed, or listed with the reason that it is not."""


def _spelt_out(text: str) -> set[str]:
    """Ids in a text, ranges included."""
    found = set()
    for kind, first, last in re.findall(r"\b([NU])(\d{5})(?:–[NU](\d{5}))?", text.upper()):
        found |= {f"{kind}{number:05d}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_national_measure_of_staff_is_found_by_its_id():
    said = "\n".join(
        f"{name} {entry['source']} {entry['numerator_sv']} {' '.join(entry['comparable_with'])}"
        for name, entry in reference.definitions().items()
    )
    assert sorted(_spelt_out(NATIONAL) - _spelt_out(said)) == []


def test_nine_inputs_to_each_of_the_two_indices_are_named():
    for name in ("AVI", "JÄMIX"):
        inputs = [key for key, entry in reference.definitions().items() if name in entry["input_to"]]
        assert len(inputs) == 9, inputs


def test_an_unknown_phrase_is_refused_in_one_sentence():
    document = reference.load("definitions")
    entry = document["definition"][0] | {"population": "everybody"}
    with pytest.raises(InputError, match=r"headcount\.population: 'everybody' is no phrase; choose one of"):
        list(whole(document | {"definition": [entry]}))


def test_a_definition_that_is_not_computed_must_say_why():
    with pytest.raises(InputError, match="is not computed says why"):
        entries.checked(
            entries.Definition, reference.definitions()["n00218"] | {"why_sv": "", "why_en": ""}, "definitions.toml"
        )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_list_has_a_line_for_every_definition_and_one_of_them_is_told_in_words(language):
    first_words = [line.split()[0] for line in listing(language).splitlines() if line.startswith("  ")]
    assert set(reference.definitions()) <= set(first_words)
    told = whole_definition("N00216", language)
    assert reference.definitions()["n00216"][f"formula_{language}"] in told
    assert "leaving_own_request" in told


@pytest.mark.parametrize(
    ("national", "ours"),
    [
        ("N15814", "taught_qualified_compulsory"),
        ("n00233", "n00071"),
        ("U00205", "kolada_sectors"),
        ("N00206", "n00206"),
    ],
)
def test_a_definition_is_found_by_the_national_id_it_is_counted_as(national, ours):
    assert whole_definition(national, "en") == whole_definition(ours, "en")


def test_the_longest_column_of_the_list_stands_last_so_that_lines_keep_no_blanks():
    assert all(line == line.rstrip() for line in listing("en").splitlines())
    assert min(map(len, listing("en").splitlines())) < 200


def test_an_unknown_indicator_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match="did you mean n00216"):
        whole_definition("n00216x", "sv")
    with pytest.raises(InputError, match="choose sv or en"):
        listing("de")
