"""The sample municipality's plan is whole, and holds what real plans hold."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pandas as pd
import pytest

from analysis.businessplan import plan_findings, plan_table
from analysis.businessplan.fields import KEY, parts
from analysis.reference import business_plan, courses, definitions
from analysis.tables.clean import TABLES, check

HEADER = (
    "activity;area;goal;objective;assignment;text;boards;due;responsible;coordinator;indicator;status;duplicate_of;"
    "strategy"
)
PRACTICES = [
    # retaining and developing
    "fritidsledare", "teamledare", "rektor", "bristämnen", "speciallärare",
    "barnskötare läsa till förskollärare", "förstelärare", "förste förskollärare",
    "validering och utbildning till undersköterska", "specialistundersköterskor", "stödpedagog",
    "vårdare validering till stödassistent", "behandlingsassistenter", "handledarutbildning", "språkombud",
    "silviasystrar", "kompetenstrappan för socialsekreterare", "biståndsbedömare",
    "it-avdelningens kompetenstrappa", "chefsintroduktion", "nya medarbetare en digital introduktion",
    "framtida chefer", "arbetsrätt", "konflikthantering", "kompetensbaserad rekrytering",
    "medarbetarsamtal", "administratörsakademi", "mångfald", "hälsoinspiratörer", "idéinspiratörer",
    "pedagogisk utvecklingstid", "motiverande samtal", "lågaffektivt bemötande", "socialrätt",
    "chefsenkäten", "chefers förutsättningar", "chefens dag", "medarbetarundersökning",
    "sjuksköterskornas villkor", "mentor i tre till tolv månader", "introduktionsperiod", "samverkansavtal",
    "arbetstidsavtal", "omställning", "önskad högre sysselsättningsgrad", "avgångsenkät",
    "personalomsättning", "sjukfrånvaron", "e-utbildningen", "utan legitimation", "yrkeslärare",
    # examples to learn from
    "lärarassistenter och elevkoordinatorer", "karriärvägar i förskolan", "bas, fördjupad och expert",
    "digital tillsyn på natten",
    # competence development
    "kartlägga den kompetens", "individuell kompetensutvecklingsplan", "eu-medel", "gemensamt verktyg",
    "team över avdelningsgränser", "arbetsrotation", "kompetens tas i bruk",
    # managers
    "chefsprogrammet om fem dagar", "uppföljningssamtal", "medarbetare per chef",
    # staffing
    "schemaläggning", "bemanning", "personalprognos", "digitala verktyg",
]  # fmt: skip


@pytest.fixture(scope="module")
def raw() -> str:
    return files("analysis.sample").joinpath("plan.csv").read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def activities() -> pd.DataFrame:
    path = files("analysis.sample").joinpath("plan.csv")
    table = pd.read_csv(str(path), sep=";", encoding="utf-8", dtype="str")
    table["assignment"] = pd.to_numeric(table["assignment"]).astype("Int64")
    table["due"] = pd.to_datetime(table["due"], format="%Y-%m")
    return table


@pytest.fixture(scope="module")
def departments() -> pd.DataFrame:
    text = files("analysis.sample").joinpath("organisation.toml").read_text(encoding="utf-8")
    nodes = tomllib.loads(text)["department"]
    return pd.DataFrame({"key": [node["key"] for node in nodes], "name": [node["name"] for node in nodes]})


def test_the_file_has_the_agreed_header_and_as_many_fields_in_every_row(raw):
    lines = raw.splitlines()
    assert lines[0] == HEADER
    assert HEADER.split(";") == list(TABLES["activities"])
    assert {line.count(";") for line in lines} == {HEADER.count(";")}


def test_the_plan_keeps_the_contract_of_clean_activities(activities):
    check("activities", activities)
    assert activities["activity"].is_unique
    assert activities["due"].notna().all()
    assert activities["due"].dt.year.between(2025, 2026).all()


def test_every_owner_that_looks_like_a_department_is_one(activities, departments):
    owners = {part for cell in activities["responsible"] for part in parts(cell)}
    assert {owner for owner in owners if KEY.fullmatch(owner)} <= set(departments["key"])
    assert {owner for owner in owners if not KEY.fullmatch(owner)}, "no staff function owns anything"


def test_repetitions_say_the_same_as_their_original(activities):
    text = activities.set_index("activity")["text"]
    repeated = activities[activities["duplicate_of"].notna()]
    assert len(repeated) >= 5
    assert (repeated["text"].to_numpy() == text[repeated["duplicate_of"]].to_numpy()).all()
    assert activities.loc[activities["duplicate_of"].isna(), "text"].is_unique


def test_the_plan_looks_like_a_real_one(activities):
    distinct = activities[activities["duplicate_of"].isna()]
    assert 75 <= len(activities) <= 90
    assert set(activities["area"]) == set(business_plan()["areas"])
    assert (activities["area"] == "Medarbetare").mean() > 0.5
    assert (activities["due"].dt.month == 12).mean() > 0.5
    assert 0.35 <= distinct["indicator"].isna().mean() <= 0.45
    assert (activities["responsible"].str.contains("|", regex=False)).mean() > 0.4
    assert set(activities["status"]) == {"planned", "ongoing", "done"}


def test_the_only_findings_are_the_planted_gaps(activities, departments):
    found = plan_findings(
        activities,
        departments=departments,
        definitions=definitions(),
        courses=courses(),
        plan=business_plan(),
    )
    assert set(found["finding"]) == {"assignment_without_activity"}
    assert found["detail"].tolist() == ["14", "15", "17", "21", "22"]


def test_some_activities_are_late_some_done_and_every_reference_is_known(activities, departments):
    table = plan_table(
        activities,
        period="2025-12",
        departments=departments,
        definitions=definitions(),
        courses=courses(),
        functions=business_plan()["functions"],
    )
    assert len(table) == activities["duplicate_of"].isna().sum()
    assert not table["responsible"].str.contains("annan funktion").any()
    assert not table["coordinator"].str.contains("annan funktion").any()
    assert 5 <= table["late"].sum() <= 25
    assert (table["status"] == "done").sum() >= 10
    named = table[table["indicator"] != ""]
    assert (named["indicator_name_sv"] != "").all()
    assert (named["indicator_table"] != "").mean() > 0.5


def test_most_departments_have_something_to_do(activities, departments):
    owners = {part for cell in activities["responsible"] for part in parts(cell)}
    assert set(departments["key"]) <= owners


@pytest.mark.parametrize("practice", PRACTICES)
def test_every_practice_has_an_activity(activities, practice):
    assert activities["text"].str.lower().str.contains(re.escape(practice)).any()
