"""Real files as they were published, read without a word about any of them."""

from __future__ import annotations

import pytest

from analysis.extracts.files.as_text import read_table
from analysis.extracts.files.layout import detect, sheets

pytestmark = pytest.mark.realdata

STAFF = "Grundskola - Personalstatistik med lärarlegitimation och behörighet {} Kommun.csv"
PUPILS = "Grundskola - Antal elever per årskurs {} Kommun.csv"
COSTS = "Gymnasieskola - Kostnader per kommun {} Kommun.csv"
QUALIFIED = "#Heltidstjänster – Andel med lärarlegitimation och behörighet"
AGES = "Antal – därav i olika åldersgrupper, % – "


def numbers(column):
    plain = column.str.replace(" ", "").str.replace(",", ".")
    return plain.mask(plain.isin([".", "..", ""])).astype(float)


def look(path, **how):
    layout = detect(path, **how)
    return layout, read_table(path, layout)


@pytest.mark.parametrize(("year", "share"), [(2020, 70.0), (2021, 69.6), (2022, 69.3), (2023, 69.7)])
def test_teachers_with_two_header_rows_preamble_and_glossary(shared_data, year, share):
    layout, table = look(shared_data / "skolverket_larare" / STAFF.format(year))
    assert (layout.encoding, layout.delimiter, layout.decimal, layout.thousands) == ("utf-8-sig", ";", ",", " ")
    assert (layout.header_row, layout.header_rows, layout.missing[0]) == (9, 2, ".")
    assert table.shape[1] == 13
    assert list(table)[:5] == ["Kommun", "Kommun-kod", "Län", "Läns-kod", "Typ av huvudman"]
    assert table["Kommun-kod"].str.fullmatch(r"\d{4}").all()
    municipal = table[table["Typ av huvudman"] == "Kommunal"]
    assert len(municipal) == 290
    assert numbers(municipal[QUALIFIED]).mean() == pytest.approx(share, abs=0.06)
    assert numbers(municipal[QUALIFIED]).max() < 96


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
def test_pupils_with_blank_thousands_in_some_columns(shared_data, year):
    layout, table = look(shared_data / "skolverket_larare" / PUPILS.format(year))
    assert table.shape[1] == 18
    assert table["Kommun-kod"].nunique() == 290
    assert set(layout.missing) == {".", ".."}
    assert table["Kommun-kod"].str.fullmatch(r"\d{4}").all()
    assert numbers(table["Elever, årskurs 1-9"]).max() > 90_000


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
def test_costs_with_and_without_blanks_in_the_same_file(shared_data, year):
    layout, table = look(shared_data / "skolverket_larare" / COSTS.format(year))
    assert table.shape[1] == 15
    assert table["Kommun-kod"].str.fullmatch(r"(\d{4})?").all()
    assert table["Kommun-kod"].nunique() >= 288
    assert layout.thousands == " "
    assert table["Totalt per elev"].str.contains(" ").any()
    assert not table["Totalt"].str.contains(" ").any()


@pytest.mark.parametrize("year", range(2008, 2015))
def test_ages_in_workbooks_whose_sheets_and_headers_change(shared_data, year):
    path = shared_data / "skl_personal_2008_2014" / f"Tabell10 {year}.xlsx"
    layout, table = look(path)
    assert list(table) == [
        "Län – Kommun",
        "Antal",
        *(AGES + group for group in ("-29", "30-39", "40-49", "50-54", "55-59", "60-")),
        *(f"Medelålder – {who}" for who in ("Totalt", "Kvinnor", "Män")),
    ]
    assert 323 <= len(table) <= 325
    assert layout.first_row == 7
    shares = table[table["Antal"] != ""].iloc[:, 2:8].astype(float).sum(axis=1)
    assert len(shares) >= 323
    assert shares.between(99.5, 100.5).all()
    if year == 2008:
        assert sheets(path) == ["Tabell 10_08", "data1", "data2"]
        boras = table[table["Län – Kommun"] == "Borås"].iloc[0]
        assert boras["Antal"] == "9251"
        assert float(boras[AGES + "60-"]) == pytest.approx(12.1, abs=0.05)


def test_the_working_sheets_of_2008_can_be_named(shared_data):
    _, table = look(shared_data / "skl_personal_2008_2014" / "Tabell10 2008.xlsx", sheet="data1")
    assert list(table)[:3] == ["KKOD", "KOMMUN", "ANTAL"]
    assert len(table) == 314


def test_a_half_quoted_header_in_cp1252(shared_data):
    layout, table = look(shared_data / "skl_personal_2008_2014" / "kommuner.csv")
    assert (layout.encoding, layout.delimiter, layout.quote) == ("cp1252", ",", '"')
    assert table.shape == (17_400, 5)
    assert list(table)[:4] == ["region", "år", "arbetsställets sektortillhörighet", "ålder"]
    assert table.iloc[0].tolist() == ["0114 Upplands Väsby", "2008", "primärkommunal förvaltning", "55-59 år", "351"]


def test_population_by_municipality(shared_data):
    layout, table = look(shared_data / "skl_personal_2008_2014" / "bef_k_tot.csv")
    assert layout.delimiter == ";"
    assert table.shape == (3190, 4)
    assert table.iloc[0].tolist() == ["0114 Upplands Väsby", "totalt ålder", "2008", "38248"]


def test_position_codes(shared_data):
    _, table = look(shared_data / "aid_befattningskoder" / "befattningskoder-default.csv")
    assert list(table) == ["Befattningskod", "Klartext", "Beskrivning"]
    assert len(table) == 210
    assert table.iloc[[0, -1], 0].tolist() == ["101010", "659090"]
    assert table.iloc[0, 1] == "Ledning, administration"


@pytest.mark.parametrize(
    ("year", "rows"), [(2012, 16049), (2013, 19137), (2014, 18981), (2015, 14017), (2016, 13818), (2017, 13483)]
)
def test_six_years_of_one_city(shared_data, year, rows):
    layout, table = look(shared_data / "baltimore_city_salaries" / f"Baltimore_City_Employee_Salaries_FY{year}.csv")
    assert (layout.delimiter, layout.quote, layout.decimal) == (",", '"', ".")
    assert table.shape == (rows, 7 if year == 2017 else 8)
    assert table.attrs["odd"] == {}
    assert layout.encoding == ("utf-8-sig" if year == 2017 else "utf-8")


def test_a_year_transcoded_to_cp1252_with_semicolons_and_decimal_commas(shared_data, tmp_path):
    # made from the first year: its numbers with decimal comma and blank thousands, cells joined by semicolons
    _, table = look(shared_data / "baltimore_city_salaries" / "Baltimore_City_Employee_Salaries_FY2012.csv")
    for name in ("AnnualSalary", "GrossPay"):
        table[name] = table[name].str.lstrip("$").str.replace(",", " ").str.replace(".", ",")
    table = table.rename(columns={"AnnualSalary": "Årslön", "GrossPay": "Bruttolön"})
    path = tmp_path / "transcoded.csv"
    table.to_csv(path, sep=";", index=False, encoding="cp1252", lineterminator="\r\n")
    layout, again = look(path)
    assert (layout.encoding, layout.delimiter, layout.decimal, layout.thousands) == ("cp1252", ";", ",", " ")
    assert list(again) == list(table)
    assert (again.to_numpy() == table.to_numpy()).all()


@pytest.mark.large
def test_as_published_files_are_read_right_at_least_twice_as_often_as_by_plain_pandas(shared_data):
    from benchmarks.pollock import measure

    right = measure(shared_data / "pollock" / "survey_sample.tar.gz")
    assert len(right) == 97
    assert right["ours"].sum() >= max(2 * right["pandas"].sum(), 75)
    assert right["pandas"].sum() >= 23  # the comparison is not harder on the peer than the source's own
