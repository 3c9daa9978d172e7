"""Six real yearly lists whose layout drifts, read with the example's delivery.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.extracts import check_gate, load_manifest, read_delivery
from analysis.reference import policy

from .town import KEY

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "baltimore"
LISTS = ROOT.parent / "shared" / "data" / "baltimore_city_salaries"
NAME = "Baltimore_City_Employee_Salaries_FY{}.csv"

realdata = [
    pytest.mark.realdata,
    pytest.mark.skipif(not LISTS.is_dir(), reason="the Baltimore lists are not beside the repository"),
]


def test_the_example_is_a_valid_delivery():
    manifest = load_manifest(EXAMPLE)
    assert manifest.delivery.municipality == "Baltimore"
    used = {rule.occupation for rule in manifest.occupations.rules}
    assert used == set(manifest.occupations.names)


@pytest.fixture(scope="module")
def delivery():
    return read_delivery(EXAMPLE, key=KEY, files=LISTS)


class TestTheRealLists:
    pytestmark = realdata

    def test_every_row_of_the_six_lists_is_read(self, delivery):
        assert delivery.ledger["file"].tolist() == [NAME.format(year) for year in range(2012, 2018)]
        assert delivery.ledger["read"].tolist() == [16049, 19137, 18981, 14017, 13818, 13483]

    def test_summer_youth_is_left_out_by_rule(self, delivery):
        youth = delivery.rules[delivery.rules["rule"] == "summer_youth"]
        assert youth["rows"].tolist() == [1784, 4733, 4817, 0, 0, 0]

    def test_next_to_nothing_is_set_aside(self, delivery):
        check_gate(delivery, policy())
        share = delivery.ledger["quarantined"] / delivery.ledger["read"]
        assert share.max() < 0.01
        # what is, are police officers whose names are withheld and who have no hire date in the lists
        assert set(delivery.quarantine["reason"]) == {"key_incomplete"}

    def test_two_digit_years_of_hire_lie_in_the_right_century(self, delivery):
        hired = delivery.tables["snapshots"]["hired"]
        assert (hired <= delivery.tables["snapshots"]["snapshot"]).all()
        assert 1945 <= hired.min().year < 1970

    def test_agencies_keep_their_key_over_the_years(self, delivery):
        snapshots = delivery.tables["snapshots"]
        years = snapshots.groupby("unit")["snapshot"].nunique()
        large = snapshots["unit"].value_counts() > 300
        assert (years[large[large].index] == 6).mean() > 0.9
        assert snapshots["unit"].str.match(r"[a-z][a-z0-9_]*$").all()

    def test_most_people_are_found_again_next_year(self, delivery):
        snapshots = delivery.tables["snapshots"]
        by_year = {year: set(rows["person"]) for year, rows in snapshots.groupby(snapshots["snapshot"].dt.year)}
        for year in range(2012, 2017):
            assert len(by_year[year] & by_year[year + 1]) / len(by_year[year]) > 0.75

    def test_titles_become_a_few_occupations(self, delivery):
        occupations = delivery.tables["snapshots"]["occupation"].value_counts(normalize=True)
        assert len(occupations) <= 15
        assert occupations["unknown"] < 0.005

    def test_no_name_is_left(self, delivery):
        text = delivery.tables["snapshots"].head(2000).to_csv() + delivery.quarantine.to_csv()
        header, *rows = (LISTS / NAME.format(2012)).read_text(encoding="utf-8-sig").splitlines()[:2001]
        assert "Name" in header
        names = {row.split('"')[1] for row in rows if row.count('"') >= 2 and "," in row.split('"')[1]}
        assert len(names) > 1500
        assert not [name for name in names if name in text or name.split(",")[0] in text]


def test_a_further_year_needs_no_change(tmp_path):
    header = "NAME,JOBTITLE,DEPTID,DESCR,HIRE_DT,ANNUAL_RT,Gross\n"
    row = '"Doe,Jane A",POLICE OFFICER,A99001,Police Department (001),02/05/2018 12:00:00 AM,"$54,000.00",\n'
    (tmp_path / NAME.format(2018)).write_text(header + row, encoding="utf-8-sig")
    table = read_delivery(EXAMPLE, key=KEY, files=tmp_path).tables["snapshots"]
    found = table[["unit", "unit_name", "occupation", "pay"]].iloc[0].to_list()
    assert found == ["police_department", "Police Department", "police", 54000.0]
    assert str(table["snapshot"].iloc[0].date()) == "2018-06-30"
