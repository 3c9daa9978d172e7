"""The sample municipality: the same bytes every time, a known truth, and errors where the list says."""

from __future__ import annotations

import csv
import hashlib
import inspect
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from sklearn.linear_model import PoissonRegressor

from analysis import workforce
from analysis.errors import InputError
from analysis.extracts import read_delivery
from analysis.reference import occupations, policy
from analysis.sample import town, write_sample
from analysis.sample.mess import EXPECTED
from analysis.workforce.indicators.qualification import taught_time
from analysis.workforce.indicators.survey import hme

EMPLOYEES = 1200
CUT_OFF = pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, employees=EMPLOYEES)
    return folder


@pytest.fixture(scope="module")
def planted(sample: Path) -> dict:
    return tomllib.loads((sample / "truth" / "hazards.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hazards(sample: Path) -> pd.DataFrame:
    return pd.read_csv(sample / "truth" / "hazards.csv")


@pytest.fixture(scope="module")
def errors(sample: Path) -> pd.DataFrame:
    return pd.read_csv(sample / "truth" / "errors.csv")


@pytest.fixture(scope="module")
def lines(sample: Path) -> dict[str, list[list[str]]]:
    """Every file as cells, blank lines kept: element 0 is line (or sheet row) 1."""
    return {path.name: _cells(path) for path in sorted(sample.iterdir()) if path.suffix in (".csv", ".txt", ".xlsx")}


@pytest.fixture(scope="module")
def employments(lines: dict[str, list[list[str]]], errors: pd.DataFrame) -> pd.DataFrame:
    """Employments as listed, without the planted wrong rows."""
    table = _table(lines, "anstallningar.csv", header=5)
    mine = errors[(errors["file"] == "anstallningar.csv") & ~errors["expected"].isin(["corrected", "warning"])]
    table = table.drop(index=[*mine["row"], len(lines["anstallningar.csv"])])
    for column in ("Fr o m", "T o m"):
        table[column] = pd.to_datetime(table[column].replace("9999-12-31", ""), format="%Y-%m-%d")
    return table


def _cells(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        return [[str(cell) for cell in row] for row in sheet]
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return list(csv.reader(text.splitlines(), delimiter="\t" if path.suffix == ".txt" else ";"))


def _table(lines: dict[str, list[list[str]]], file: str, *, header: int) -> pd.DataFrame:
    rows = lines[file][header:]
    return pd.DataFrame(rows, columns=lines[file][header - 1], index=range(header + 1, header + 1 + len(rows)))


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _log_ratio_allowed(events: float) -> float:
    """Four standard errors of the logarithm of a count."""
    return 4 / np.sqrt(events)


# ---- what it is made of ----


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, employees=250, years=2, seed=seed)
    first, again, other = (_hashes(tmp_path / name) for name in "abc")
    assert first == again
    assert first.keys() == other.keys()
    assert first["anstallningar.csv"] != other["anstallningar.csv"]
    assert first["utbildning.xlsx"] != other["utbildning.xlsx"]


def test_by_default_there_is_history_enough_to_look_back_on_eight_years() -> None:
    defaults = inspect.signature(write_sample).parameters
    assert defaults["years"].default >= 8
    assert defaults["employees"].default == 6800


def test_years_move_the_start_of_the_history(sample: Path, hazards: pd.DataFrame) -> None:
    assert sorted(hazards["year"].unique()) == list(range(2017, 2026))


@pytest.mark.parametrize(("employees", "years"), [(50, 9), (1000, 1)])
def test_a_sample_too_small_to_mean_anything_is_refused(tmp_path: Path, employees: int, years: int) -> None:
    with pytest.raises(InputError, match="too small"):
        write_sample(tmp_path, employees=employees, years=years)


def test_at_the_default_size_most_departments_get_reports_and_some_are_too_small() -> None:
    place = town.build(6800, np.random.default_rng(1))
    managers = np.zeros(len(place.departments))
    for unit in place.units:
        managers[unit.department] += unit.managers
    staff = place.posts.sum(axis=1) + managers
    limit = policy().department.min_headcount
    assert (staff >= 40).sum() >= 22
    assert 1 <= (staff < limit).sum() <= 2


def test_the_delivery_holds_every_table_and_the_number_employed_that_was_asked_for(
    sample: Path, employments: pd.DataFrame
) -> None:
    manifest = tomllib.loads((sample / "delivery.toml").read_text(encoding="utf-8"))
    tables = {file["table"] for file in manifest["file"]}
    assert tables >= {
        "employments", "exits", "hours", "absences", "organisation", "qualifications", "competence",
        "training", "managers", "vacancies", "volumes", "staffing_ratios", "activities", "survey", "teaching",
        "development_plans", "finance", "requirements",
    }  # fmt: skip
    for file in manifest["file"]:
        header = _cells(sample / file["path"])[file.get("header_row", 1) - 1]
        for raw in file["columns"].values():
            names = [raw] if isinstance(raw, str) else raw
            assert set(names) & set(header), (file["path"], names)
    now = employments[(employments["Fr o m"] <= CUT_OFF) & ~(employments["T o m"] <= CUT_OFF)]
    monthly = now[now["Anställningsform"] != "Timavlönad"]["Anställningsnr"].nunique()
    assert now["Anställningsnr"].nunique() == pytest.approx(EMPLOYEES, rel=0.05)
    assert monthly / now["Anställningsnr"].nunique() == pytest.approx(0.88, abs=0.03)


def test_no_file_holds_anything_that_looks_like_a_personal_identity_number(
    sample: Path, lines: dict[str, list[list[str]]]
) -> None:
    number = re.compile(r"(?<!\d)(\d{6}|\d{8})[-+ ]?\d{4}(?!\d)")
    cells = [cell for rows in lines.values() for row in rows for cell in row]
    cells += (sample / "delivery.toml").read_text(encoding="utf-8").split()
    assert [cell for cell in cells if number.search(cell)] == []
    assert number.search("19121212-1212")  # the test can fail
    assert any(cell.startswith("0") for cell in cells if re.fullmatch(r"\d{6}", cell))  # leading zeros are kept


def test_every_unit_that_was_closed_for_reorganisation_leads_to_one_that_lives(
    lines: dict[str, list[list[str]]], employments: pd.DataFrame
) -> None:
    units = _table(lines, "organisation.csv", header=1).set_index("Kod")
    closed = units[units["Giltig till"] == "2021-06-30"]
    assert set(closed.loc[closed["Nivå"] == "avdelning", "Ersätts av"]) == {"d0401"}
    assert (units.loc[closed["Ersätts av"], "Giltig till"] == "").all()
    moved = units.loc["e0402x"]
    assert moved["Överordnad"] == "d0402"
    assert units.loc[moved["Ersätts av"], "Överordnad"] == "d0403"
    code = employments["Enhetskod"].str.strip()
    assert code.isin(units.index).all()
    until = units["Giltig till"].replace("", "2100-01-01").pipe(pd.to_datetime)
    assert (employments["Fr o m"].to_numpy() <= until.loc[code].to_numpy()).all()


# ---- the truth ----


@pytest.mark.parametrize("cause", ["resignation", "retirement", "contract_end", "employer", "other"])
def test_as_many_leave_for_each_cause_as_the_planted_hazards_say(hazards: pd.DataFrame, cause: str) -> None:
    mine = hazards[hazards["cause"] == cause]
    expected, events = mine["expected"].sum(), mine["events"].sum()
    assert expected > 10
    assert abs(events - expected) < 4 * np.sqrt(expected)


def test_the_planted_age_and_tenure_effects_are_recovered_from_events_and_exposure(
    hazards: pd.DataFrame, planted: dict
) -> None:
    mine = hazards[(hazards["cause"] == "resignation") & (hazards["form"] == "permanent") & (hazards["exposure"] > 0)]
    design = pd.get_dummies(mine[["age", "tenure", "occupation", "year"]].astype("str"), dtype=float)
    model = PoissonRegressor(alpha=1e-6, max_iter=500)
    model.fit(design, mine["events"] / mine["exposure"], sample_weight=mine["exposure"])
    effect = dict(zip(design.columns, model.coef_, strict=True))
    events = mine.groupby("age")["events"].sum()
    for band, other in (("u30", "40_49"), ("30_39", "40_49")):
        truth = np.log(planted["resignation"]["age"][band] / planted["resignation"]["age"][other])
        assert effect[f"age_{band}"] - effect[f"age_{other}"] == pytest.approx(
            truth, abs=_log_ratio_allowed(min(events[band], events[other]))
        )
    truth = np.log(planted["resignation"]["tenure"]["u2"] / planted["resignation"]["tenure"]["5_10"])
    assert effect["tenure_u2"] - effect["tenure_5_10"] == pytest.approx(truth, abs=0.45)


def test_the_department_with_the_doubled_hazard_loses_twice_as_many_as_it_otherwise_would(
    sample: Path, planted: dict
) -> None:
    effects = tomllib.loads((sample / "truth" / "effects.toml").read_text(encoding="utf-8"))["effect"]
    doubled = next(entry for entry in effects if entry["id"] == "doubled_department")
    assert planted["drawn"]["departments"][doubled["department"]] == doubled["factor"] == 2.0
    table = pd.read_csv(sample / "truth" / "departments.csv")
    mine = table[(table["cause"] == "resignation") & (table["department"] == doubled["department"])]
    events, otherwise = mine["events"].sum(), mine["expected"].sum() / 2
    assert np.log(events / otherwise) == pytest.approx(np.log(2), abs=_log_ratio_allowed(events))
    assert np.log(events / otherwise) > 0.35


def test_everyone_who_left_is_in_the_exits_file_once_and_seven_per_cent_lack_a_reason(
    lines: dict[str, list[list[str]]], errors: pd.DataFrame, hazards: pd.DataFrame
) -> None:
    table = _table(lines, "avgangar.csv", header=1)
    wrong = errors[(errors["file"] == "avgangar.csv") & (errors["kind"] != "missing_reason")]
    table = table.drop(index=wrong["row"])
    monthly = table[table["Avgångsorsak"] != "Timanställning avslutad"]
    assert len(monthly) == hazards["events"].sum()
    assert (monthly["Avgångsorsak"] == "").mean() == pytest.approx(0.07, abs=0.01)
    pensions = monthly["Avgångsorsak"].isin(["Pension", "Ålderspension"]).sum()
    truth = hazards.loc[hazards["cause"] == "retirement", "events"].sum()
    assert pensions / truth == pytest.approx(0.93, abs=0.08)


def test_part_time_makes_no_difference_to_leaving_at_own_request(
    lines: dict[str, list[list[str]]], employments: pd.DataFrame
) -> None:
    rows = employments[employments["Anställningsform"] == "Tillsvidare"].copy()
    rows = rows[rows["Anställnings-ID"].str.endswith("-1")]
    exits = _table(lines, "avgangar.csv", header=1)
    own = exits[exits["Avgångsorsak"].isin(["Egen uppsägning", "Egen begäran"])]
    own = set(zip(own["Anst.nr"], pd.to_datetime(own["Sista anställningsdag"], errors="coerce"), strict=True))
    begin = rows["Fr o m"].clip(lower=pd.Timestamp("2017-01-01"))
    years = (rows["T o m"].fillna(CUT_OFF).clip(upper=CUT_OFF) - begin).dt.days / 365.25
    left = [pair in own for pair in zip(rows["Anställningsnr"], rows["T o m"], strict=True)]
    full = rows["Sysselsättningsgrad %"] == "100,00"
    table = pd.DataFrame({"left": left, "years": years.clip(lower=0)}).groupby(full).sum()
    rate = table["left"] / table["years"]
    assert np.log(rate[True] / rate[False]) == pytest.approx(0.0, abs=_log_ratio_allowed(table["left"].min()))
    assert 0.05 < rate[True] < 0.12


def test_the_licensed_occupations_have_both_licensed_and_unlicensed_staff(
    lines: dict[str, list[list[str]]], employments: pd.DataFrame
) -> None:
    now = employments[(employments["Fr o m"] <= CUT_OFF) & ~(employments["T o m"] <= CUT_OFF)]
    teachers = now[now["AID"].isin(occupations()["teacher_lower"]["aid"])].query("Anställningsform != 'Timavlönad'")
    licensed = _table(lines, "legitimationer.txt", header=1).query("Behörighet == 'Lärarlegitimation'")
    has = teachers["Anställningsnr"].isin(licensed["Anställningsnr"])
    assert 0.7 < has.mean() < 0.97
    assert not (teachers.loc[~has, "Anställningsform"] == "Tillsvidare").any()  # the school act: a year at a time


# ---- the errors ----


def test_every_error_stands_in_the_file_at_its_row(lines: dict[str, list[list[str]]], errors: pd.DataFrame) -> None:
    marks = {
        "impossible_date": r"2023-?02-?31|2026-02-30", "birth_in_future": "2031-05-14", "unknown_form": "Kod 77",
        "unknown_unit": "e9999", "rate_per_mille": "750,00", "open_end_9999": "9999-12-31",
        "unknown_status": "Kod 5", "trailing_blanks": r"e\w+ {3}", "holiday_worker": "Feriearbetare",
        "unknown_reason": "Kod 99",
        "unknown_person": "000000", "hours_above_400": r"1\d{3},\d+", "impossible_month": "202513",
        "more_sick_than_ordinary": r"399,0", "step_zero": r"0(\.0)?",
        "unknown_department": "Parkförvaltningen",
        "negative_posts": r"-1(\.0)?", "missing_reason": "",
        "mean_above_five": r"47,00", "unreadable_answer": "kanske|delvis",
        "unknown_competence": "Kompetens 99", "step_outside_ladder": "8", "share_in_per_cent": "80,00",
    }  # fmt: skip
    assert set(errors["expected"]) <= set(EXPECTED)
    for error in errors.itertuples():
        cells = lines[error.file][error.row - 1]
        if error.kind == "exact_duplicate":
            assert cells == lines[error.file][error.row - 2]
        elif error.kind == "end_before_start":
            assert cells[10] < cells[9]
        elif error.kind == "overlap":
            before = lines[error.file][error.row - 2]
            assert cells[:3] == before[:3]
            assert before[9] < cells[9] < cells[10] < (before[10] or "9999")
        else:
            assert any(re.fullmatch(marks[error.kind], cell) for cell in cells), (
                error.file,
                error.row,
                error.kind,
            )


def test_what_is_not_listed_as_an_error_is_none(employments: pd.DataFrame) -> None:
    assert not employments.duplicated().any()
    assert not (employments["T o m"] < employments["Fr o m"]).any()
    assert (
        employments["Anställningsform"]
        .isin(
            [
                "Tillsvidare",
                "Vikariat",
                "Allmän visstid",
                "Särskild visstid",
                "Tidsbegr. skollagen",
                "Timavlönad",
            ]
        )
        .all()
    )
    rate = employments["Sysselsättningsgrad %"].replace("", "0").str.replace(",", ".").astype(float)
    assert rate.between(0, 100).all()
    # no two rows of one post overlap
    ordered = employments.sort_values(["Anställnings-ID", "Fr o m"])
    same = ordered["Anställnings-ID"] == ordered["Anställnings-ID"].shift()
    assert (ordered["Fr o m"] > ordered["T o m"].shift())[same].all()


def test_so_little_is_wrong_that_the_delivery_passes_the_gate(sample: Path, errors: pd.DataFrame) -> None:
    files = pd.read_csv(sample / "truth" / "files.csv").set_index("file")
    bad = errors[errors["expected"] == "quarantined"].groupby("file").size()
    share = bad / (files["read"] - files["structural"]).reindex(bad.index)
    assert (share < policy().quarantine.max_share / 2).all()


def test_reading_the_delivery_sets_aside_exactly_the_rows_planted_for_it(sample: Path, errors: pd.DataFrame) -> None:
    from analysis.extracts import check_gate, read_delivery

    delivery = read_delivery(sample, key=b"0" * 32)
    check_gate(delivery, policy())
    found = set(zip(delivery.quarantine["file"], delivery.quarantine["source_row"], strict=True))
    wanted = errors[errors["expected"] == "quarantined"]
    assert found == set(zip(wanted["file"], wanted["row"], strict=True))
    ledger = delivery.ledger.set_index("file")
    for name, counted in (("merged", "merged"), ("excluded", "excluded")):
        number = errors[errors["expected"] == name].groupby("file").size()
        assert ledger[counted].to_dict() == number.reindex(ledger.index, fill_value=0).to_dict()
    files = pd.read_csv(sample / "truth" / "files.csv").set_index("file")
    assert ledger["read"].to_dict() == files["read"].to_dict()
    assert ledger["structural"].to_dict() == files["structural"].to_dict()
    assert (delivery.tables["employments"]["occupation"] != "unknown").all()


# ---- planted figures against the indicators computed from the delivery ----


@pytest.fixture(scope="module")
def measured(sample: Path) -> tuple[dict[str, pd.DataFrame], workforce.History]:
    """The clean tables of the delivery and their history."""
    delivery = read_delivery(sample, key=b"key of the sample")
    past = workforce.history(
        delivery.tables,
        period="2025-12",
        level=delivery.manifest.departments.level,
        rate=1.0,
        episodes=delivery.manifest.episodes,
    )
    return delivery.tables, past


def test_engagement_computed_from_the_survey_is_what_was_planted(
    measured: tuple[dict[str, pd.DataFrame], workforce.History],
) -> None:
    plan = town.data("planted")["measured"]
    tables, past = measured
    found = hme(tables["survey"], past.departments, at=CUT_OFF)
    found = found[found["department"] == "all"].set_index("row")
    held = tables["survey"].query("held == held.max() and question == 'hme_1'")
    share = held["answers"].astype("float64") / held["answers"].sum()
    # levels of the units, and of the answers within them (standard deviation 0.9), in points of the index
    of_units, of_answers = (
        25 * plan["hme_unit_sd"] * np.sqrt((share**2).sum()),
        25 * 0.9 / np.sqrt(held["answers"].sum()),
    )
    statements = [(mean - 1) * 25 for mean in plan["hme_means"]]
    for number, wanted in enumerate(statements):
        allowed = 4 * np.hypot(of_units, of_answers)
        assert found.loc[f"u0030{number}", "value"] == pytest.approx(wanted, abs=allowed)
    for name, part in {
        "u00200": statements,
        "u00201": statements[:3],
        "u00202": statements[3:6],
        "u00203": statements[6:],
    }.items():
        allowed = 4 * np.hypot(of_units, of_answers / np.sqrt(len(part)))
        assert found.loc[name, "value"] == pytest.approx(np.mean(part), abs=allowed), name
    offered = float(held["offered"].sum())
    allowed = 4 * np.sqrt(plan["hme_response"] * (1 - plan["hme_response"]) / offered)
    assert found.loc["n00898", "value"] == pytest.approx(plan["hme_response"], abs=allowed)


def test_time_taught_by_the_qualified_is_what_was_planted_in_every_measured_october(
    measured: tuple[dict[str, pd.DataFrame], workforce.History],
) -> None:
    within = town.data("planted")["measured"]["qualified_in_subject"]
    tables, past = measured
    teaching, licences = tables["teaching"], tables["qualifications"].query("kind == 'teacher_licence'")
    for year in (2024, 2025):
        found = taught_time(teaching, past.rows, past.departments, at=pd.Timestamp(year, 12, 31))
        value = found.query("department == 'all' and row == 'taught_qualified'")["value"].item()
        lessons = teaching[teaching["measured"] == f"{year}-10-15"]
        licensed = lessons["person"].isin(licences["person"])
        # an unlicensed teacher is qualified for nothing, a licensed one for so much of the lessons
        wanted = within * lessons.loc[licensed, "hours"].sum() / lessons["hours"].sum()
        size = lessons["hours"].sum() ** 2 / (lessons["hours"] ** 2).sum()
        assert value == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / size)), year
        assert wanted < within < 1
