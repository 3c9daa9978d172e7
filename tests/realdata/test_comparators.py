"""The bundled comparators are what their sources say."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.realdata
FOLDER = files("analysis.reference").joinpath("data", "comparators")


def bundled(name: str) -> pd.DataFrame:
    with FOLDER.joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype={"code": "str"})


@pytest.mark.parametrize("year", range(2020, 2024))
def test_licence_shares_are_skolverkets(shared_data: Path, year: int) -> None:
    (path,) = (shared_data / "skolverket_larare").glob(f"*Personalstatistik*{year} Kommun.csv")
    lines = path.read_text("utf-8-sig").splitlines()
    top = next(place for place, line in enumerate(lines) if line.startswith("Kommun;"))
    source = pd.read_csv(path, sep=";", skiprows=top, dtype="str", encoding="utf-8-sig")
    source = source[source["Typ av huvudman"] == "Kommunal"].set_index("Kommun-kod")
    share = source["Andel med lärarlegitimation och behörighet"].str.replace(",", ".").astype("float64")
    ours = bundled("teachers_qualified.csv").query("year == @year").set_index("code")["share"]
    pd.testing.assert_series_equal(ours.sort_index(), share.sort_index(), check_names=False)


@pytest.mark.parametrize("year", [2008, 2011, 2014])
def test_age_bands_are_skls(shared_data: Path, year: int) -> None:
    path = shared_data / "skl_personal_2008_2014" / f"Tabell10 {year}.xlsx"
    source = pd.read_excel(path, sheet_name=0, header=None, engine="calamine")
    source.index = source[0].astype("str").str.strip()
    ours = bundled("ages.csv").query("year == @year").set_index("area")
    for area in ("Alla kommuner", "Linköping", "Borås", "Gotland"):
        row = source.loc[area] if isinstance(source.loc[area], pd.Series) else source.loc[area].iloc[-1]
        assert ours.loc[area, "persons"] == int(row.iloc[1])
        assert ours.loc[area, "u30":"60_plus"].astype("float64").tolist() == row.iloc[2:8].astype("float64").tolist()
