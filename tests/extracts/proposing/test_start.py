"""The first hour: what is shown of unknown files, what is asked, what is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, InputError
from analysis.extracts import read_delivery
from analysis.extracts.manifest import load_manifest
from analysis.extracts.proposing.departments import departments
from analysis.extracts.proposing.settling import settle
from analysis.extracts.proposing.start import command, look, mask
from analysis.reference import load
from analysis.sample.first import write_first_extracts

from ..town import KEY
from .strangers import EXTRACTS, write

QUESTIONS = [entry["id"] for entry in load("start_questions")["question"]]


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first") / "uttag"
    write_first_extracts(folder, employees=250, years=3, seed=3)
    return folder


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", "a key of tests that nobody uses elsewhere")


def decided(folder: Path, **answers: str):
    start = look(folder, language="en")
    said = [start.ask(question, answers.get(question, "")) for question in QUESTIONS]
    return start, said


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_question_says_why_it_is_asked_and_what_happens_if_it_is_left_open(extracts, language) -> None:
    start = look(extracts, language=language)
    for question in QUESTIONS:
        lines = start.ask(question).splitlines()
        assert len(lines) == 4
        assert [line.split(":")[0].strip() for line in lines[1:]] == (
            ["Varför", "Om den lämnas öppen", "Beslut"] if language == "sv" else ["Why", "If left open", "Decision"]
        )


def test_the_proposals_alone_give_a_delivery_that_is_read_with_the_reports_on_a_middle_level(extracts) -> None:
    start, _ = decided(extracts)
    assert "Wrote delivery.toml" in start.write()
    manifest = load_manifest(extracts)
    assert (manifest.delivery.municipality, str(manifest.delivery.extracted)) == ("Exempelkommun", "2026-01-07")
    assert manifest.departments.level == "avdelning"
    assert next(spec for spec in manifest.file if spec.table == "organisation").columns["level"] == ["Nivå"]
    found = departments(extracts)
    assert found["department"].is_unique
    start.propose_department(found)
    assert start.build_options() == ["--period", "2025-12", "--department", found["department"][0], "--language", "en"]
    delivery = read_delivery(extracts, key=KEY)
    level = delivery.tables["organisation"].set_index("unit")["level"].astype("str")
    assert set(level.loc[list(found["department"])]) == {"avdelning"}


def test_answers_of_a_person_win_and_a_file_changed_by_hand_is_kept(extracts) -> None:
    start, said = decided(extracts, municipality="Provkommun", level="förvaltning", period="2025-06")
    assert "Decision: Provkommun (your answer)" in said[0]
    start.write()
    manifest = load_manifest(extracts)
    assert (manifest.delivery.municipality, manifest.departments.level) == ("Provkommun", "förvaltning")
    assert start.build_options()[:2] == ["--period", "2025-06"]
    path = extracts / "delivery.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    start, _ = decided(extracts, municipality="En annan")
    assert "changed by hand, so it is kept" in start.write()
    assert load_manifest(extracts).delivery.municipality == "Provkommun"
    path.unlink()


@pytest.mark.parametrize("name", [name for name in EXTRACTS if name not in ("stock", "leavers")])
def test_extracts_of_strangers_are_settled_and_read_by_the_defaults(tmp_path, name) -> None:
    write(tmp_path / "d", name)
    start, _ = decided(tmp_path / "d")
    start.write()
    found = read_delivery(tmp_path / "d", key=KEY)
    assert found.records["quarantined"] == 0
    assert len(departments(tmp_path / "d")) > 0


def test_a_name_with_a_date_becomes_the_key_only_where_no_number_is(tmp_path) -> None:
    header, rows = EXTRACTS["payroll"]()
    lines = ["Name,Hire Date," + ",".join(header[2:])]
    lines += [
        f'"Prov, Testsson{row[1]}",2001-02-{1 + int(row[1]) % 28:02d},"' + '","'.join(row[2:]) + '"' for row in rows
    ]
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "Salaries_2024.csv").write_text("\n".join(lines[:60]) + "\n", encoding="utf-8")
    start, _ = decided(tmp_path / "d", snapshot="2024-06-30", rate="1")
    start.write()
    content = tomllib.loads((tmp_path / "d" / "delivery.toml").read_text(encoding="utf-8"))
    entry = content["file"][0]
    assert entry["keys"]["person"] == ["name_key", "hired"]
    assert entry["constants"]["snapshot"] == "2024-06-30"
    assert "assumptions" not in content  # a column says the rate
    assert read_delivery(tmp_path / "d", key=KEY).records["quarantined"] == 0


def test_a_rate_for_all_is_an_assumption(tmp_path) -> None:
    write(tmp_path / "d", "careers")
    start, _ = decided(tmp_path / "d", rate="1,0")
    start.write()
    assert load_manifest(tmp_path / "d").assumptions == {"rate": 1.0}


@pytest.mark.parametrize("name", ["hr_set", "staff_list", "careers"])
def test_nothing_of_a_person_is_shown(tmp_path, name) -> None:
    write(tmp_path / "d", name)
    start, said = decided(tmp_path / "d")
    shown = [start.files().to_string(), *said, *start.undecided()]
    shown += [start.columns(label).to_string() for label in start.labels()]
    text = "\n".join(shown)
    header, rows = EXTRACTS[name]()
    open_words = {"M", "F", "MA", "1", "2", "3", "4", ""}
    named = [
        place for place, each in enumerate(header) if each not in ("Position", "Befattning", "TermReason", "Reason")
    ]
    # titles are named where no occupation is known for them; a department may be called like a part of one
    for title in sorted(
        {row[place].strip() for row in rows for place in set(range(len(header))) - set(named)}, key=len
    ):
        text = text.replace(f"'{title}'", "") if title else text
    # the day of the extract is the end of a month, on which many may have left
    leaked = {row[place].strip() for row in rows for place in named} - open_words - {start.answers["extracted"]}
    assert not [each for each in leaked if len(each) > 3 and each in text]


def test_shapes_keep_nothing_but_kinds_of_characters() -> None:
    assert mask("Åsa Öberg-Lind 1980") == "Aaa Aaaa-Aaaa 9999"
    assert mask("anna@prov.se") == "aaa@aaa.aa"


def test_a_command_that_fails_says_its_sentence_and_an_unknown_file_is_named(tmp_path, extracts) -> None:
    with pytest.raises(AnalysisError, match=r"no delivery\.toml in the folder"):
        command("check", str(tmp_path))
    with pytest.raises(InputError, match=r"no table is called other\.csv; the files are "):
        look(extracts).columns("other.csv")
    with pytest.raises(InputError, match="there is no question 'colour'"):
        look(extracts).ask("colour")


def test_settling_changes_the_head_and_no_column_of_a_file() -> None:
    text = '[delivery]\n# municipality = ""  # must\n\n[[file]]\ntable = "x"\n[file.columns]\nlevel = "Nivå"\n'
    done = settle(text, {"municipality": "Prov", "level": "enhet"})
    assert tomllib.loads(done)["file"][0]["columns"]["level"] == "Nivå"
    assert tomllib.loads(done)["delivery"]["municipality"] == "Prov"


def test_the_day_proposed_for_an_extract_is_no_persons_day(tmp_path) -> None:
    (tmp_path / "d").mkdir()
    lines = ["Anst.nr;Enhet;Anställningsform;Fr o m;T o m"]
    lines += [f"{1000 + row};e{row % 3};Tillsvidare;2015-03-{1 + row % 28:02d};" for row in range(40)]
    lines[5] = lines[5] + "2024-05-13"
    (tmp_path / "d" / "personal.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    start, said = decided(tmp_path / "d")
    assert start.answers["extracted"] == "2024-05-31"
    assert start.answers["period"] == "2024-04"
    assert "2024-05-13" not in "\n".join(said)


def test_yearly_lists_are_each_of_their_own_year_unless_somebody_says_otherwise(tmp_path) -> None:
    for year in (2021, 2022, 2023):
        rows = [f"Person {n};E{n % 3};Lärare;20{10 + n % 10}-03-01;{30000 + 100 * n}" for n in range(40)]
        header = "Namn;Enhet;Befattning;Anställd från;Månadslön"
        (tmp_path / f"Personal_{year}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    start = look(tmp_path, language="sv")
    start.ask("extracted", "2024-01-15")
    assert "{year}-12-31" in start.ask("snapshot", "")


def test_lists_by_year_in_which_nobody_ends_are_lists_and_not_employments(tmp_path) -> None:
    header = "Anställningsnr;Enhet;Befattning;Anställningsform;Sysselsättningsgrad;Anställd från;Födelsemånad;Kön"
    for year in (2021, 2022, 2023):
        rows = [
            f"{10000 + n};E{n % 3};Lärare;Tillsvidare;100;20{10 + n % 10}-03-01;19{60 + n % 40}-0{1 + n % 9};K"
            for n in range(40)
        ]
        (tmp_path / f"lista_{year}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert [entry.table for entry in look(tmp_path, language="sv").proposal.entries] == ["snapshots"]
