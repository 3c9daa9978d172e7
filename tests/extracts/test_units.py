"""Units of a delivery: every spelling meets the unit it means, and each has one key."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.extracts import Delivery, check_gate, summary
from analysis.reference import policy
from analysis.reference.episodes import with_keys
from analysis.tables.keys import named

from .town import FACTS, HEADER, ORGANISATION, STAFF, read


def town(folder: Path, codes: list[str], *, written: list[str] | None = None, organised: bool = True) -> Delivery:
    """A delivery with a unit per code and somebody in each."""
    units = "Enhet;Överordnad;Nivå;Namn\nrot;;kommun;Hela\n"
    units += "".join(f"{code};rot;avdelning;Enhet {place}\n" for place, code in enumerate(codes))
    rows = [
        f"1{place:05};1;{code};402010;Tillsvidare;1.0;2015-08-10;;1979-03-14"
        for place, code in enumerate(written or codes)
    ]
    files: dict[str, str | bytes] = {"staff.csv": "\n".join([HEADER, *rows]) + "\n"}
    return read(
        folder, FACTS + STAFF + (ORGANISATION if organised else ""), files | ({"units.csv": units} if organised else {})
    )


@pytest.mark.parametrize("organised", [True, False])
@pytest.mark.parametrize(
    "codes",
    [
        ["BUN", "Bun", "hr.1", "CON"],
        ["12.1", "12-1", "12 1", "121"],
        ["all", "total", "index", "*1", "0180", "180"],
        ["Väg", "VÄG", "vag", "väg."],
    ],
)
def test_codes_that_differ_are_different_units(tmp_path: Path, codes: list[str], organised: bool) -> None:
    found = town(tmp_path, codes, organised=organised)
    check_gate(found, policy())
    units = found.tables["employments"]["unit"]
    assert units.nunique() == len(codes)
    assert [found.units.code(key) for key in units] == codes
    assert len(set(units.str.casefold())) == len(codes)
    if organised:
        assert set(units) == set(found.tables["organisation"]["unit"]) - {"rot"}
        assert set(found.tables["organisation"]["parent"].dropna()) == {"rot"}


def test_codes_that_look_alike_are_told_with_their_spellings(tmp_path: Path) -> None:
    found = town(tmp_path, ["12.1", "12-1", "13"])
    assert "Koder som liknar varandra räknas som skilda enheter: 12-1, 12.1." in summary(found, "sv")
    assert "12-1 → d12_1_" in summary(found, "en")
    assert "look alike" not in summary(town(tmp_path / "other", ["d12", "d13"]), "en")


@pytest.mark.parametrize(
    ("code", "written"), [("BUN", "bun"), ("12", "12.0"), ("0180", "180"), ("hr 1", "HR-1"), ("Väg", "Va\u0308g")]
)
def test_another_spelling_in_another_file_is_the_same_unit_and_told(tmp_path: Path, code: str, written: str) -> None:
    found = town(tmp_path, [code, "X9"], written=[written, "X9"])
    assert found.records["quarantined"] == 0
    assert [found.units.code(key) for key in found.tables["employments"]["unit"]] == [code, "X9"]
    told = summary(found, "en")
    assert ("spelt otherwise than in the organisation" in told) == (written != "Va\u0308g")


def test_a_spelling_that_may_be_two_units_is_set_aside(tmp_path: Path) -> None:
    found = town(tmp_path, ["12.1", "12-1"], written=["12 1", "12-1"])
    assert found.quarantine["reason"].tolist() == ["unknown_unit"]


def test_keys_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    codes = ["BUN", "Bun", "hr.1", "hr 1", "CON"]
    one, other = town(tmp_path / "a", codes).units, town(tmp_path / "b", codes[::-1]).units
    pd.testing.assert_frame_equal(one.table(), other.table())


def test_plans_successors_and_transfers_meet_the_units_they_name(tmp_path: Path) -> None:
    organisation = ORGANISATION + 'successor = "Efter"\nvalid_to = "Till"\n'
    plan = '[[file]]\ntable = "activities"\npath = "plan.csv"\n[file.columns]\nactivity = "Nr"\ntext = "Text"\n'
    plan += 'area = "Område"\ngoal = "Mål"\ndue = "Klar"\nresponsible = "Ansvarig"\n'
    toml = FACTS + STAFF + organisation + plan
    files = {
        "staff.csv": HEADER + "\n100231;1;BUN;402010;Tillsvidare;1.0;2015-08-10;;1979-03-14\n",
        "units.csv": "Enhet;Överordnad;Nivå;Namn;Efter;Till\nBUN;;avdelning;Barn;;\nhr.1;;avdelning;HR;;\n"
        "GAMMAL;;avdelning;Gammal;BUN|hr.1;2020-01-01\n",
        "plan.csv": "Nr;Text;Område;Mål;Klar;Ansvarig\n1;Gör;x;y;2026-06;BUN|HR-avdelningen\n",
    }
    found = read(tmp_path, toml, files)
    assert found.tables["organisation"]["successor"].dropna().tolist() == ["bun|hr_1"]
    assert found.tables["activities"]["responsible"].tolist() == ["bun|HR-avdelningen"]
    transfers = {"transfers": [{"date": "2024-07-01", "units": ["BUN", "hr.1"], "direction": "in"}]}
    assert with_keys(transfers, found.units.find)["transfers"][0]["units"] == ["bun", "hr_1"]
    assert named("hr.1", found.units.codes) == "hr_1"
