"""Kolada's values as Kolada holds them, with their vintage; what was worked on is not Kolada's any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.comparators import beside, fetched, held, kolada
from analysis.comparators.client import Client
from analysis.errors import InputError
from tests.comparators.service import Service, status

Make = Callable[..., Client]


def fetch(service: Service, asker: Client, *areas: str, years: range = range(2022, 2025)) -> pd.DataFrame:
    return kolada.values(asker, service.kolada, kpis=["N00216"], areas=areas or ("0580",), years=list(years))


def test_every_page_is_read(service: Service, client: Make) -> None:
    service.page = 1
    table = fetch(service, client(), "0580", "0581")
    everyone = table[table["sex"] == "T"].set_index(["area", "year"])["value"]
    assert everyone.to_dict() == {("0580", 2023): 9.3, ("0580", 2024): 8.7, ("0581", 2024): 10.4}
    assert sum("page=" in path for path in service.asked) == 3  # two further pages of values, one of names


def test_women_men_missing_and_deleted_values(service: Service, client: Make) -> None:
    table = fetch(service, client("2026-03-01")).set_index(["year", "sex"])
    assert table.loc[(2023, "K"), "value"] == 9.6
    assert table.loc[(2023, "M"), "value"] == 8.2
    assert pd.isna(table.loc[(2024, "K"), "value"])
    assert table.loc[(2024, "K"), "status"] == "Missing"
    assert (2024, "M") not in table.index  # deleted by Kolada
    assert set(table["fetched"]) == {"2026-03-01"}
    assert table.loc[(2023, "T"), "title"] == "Avgångna tillsvidareanställda, andel (%)"


def test_at_most_25_ids_of_a_kind_go_into_one_request(service: Service, client: Make) -> None:
    service.page = 1000
    areas = [f"{code:04d}" for code in range(560, 620)]
    fetch(service, client(), *areas, years=range(1990, 2026))
    data = [path.split("/") for path in service.asked if "/data/" in path]
    assert len({tuple(parts) for parts in data}) == 3 * 2
    assert max(len(part.split(",")) for parts in data for part in parts) == 25


def test_a_group_stands_for_its_members(service: Service, client: Make) -> None:
    assert set(fetch(service, client(), "G37449")["area"]) == {"0580", "0581"}


@pytest.mark.parametrize("area", ["580", "Linköping", "0580/../x"])
def test_an_id_that_cannot_be_is_not_asked_for(service: Service, client: Make, area: str) -> None:
    with pytest.raises(InputError, match="is not an id that Kolada uses"):
        fetch(service, client(), area)
    assert service.asked == []


def test_no_value_at_all_is_one_sentence(service: Service, client: Make) -> None:
    with pytest.raises(InputError, match="Kolada holds no values of N00216 for 0580 in 1999–1999"):
        fetch(service, client(), years=range(1999, 2000))


def test_pages_of_another_host_are_not_followed(service: Service, client: Make, monkeypatch) -> None:
    def elsewhere(*args: object) -> dict:
        return {"values": [{"id": "N00216"}], "next_url": "http://example.invalid/v3/kpi"}

    monkeypatch.setattr("tests.comparators.service._kolada", elsewhere)
    with pytest.raises(InputError, match="pages in a way that does not end"):
        fetch(service, client())


def kolada_definition(**changes: object) -> dict:
    return {"id": "kolada_n00216", "unit": "rate", "comparable_with": ["Kolada N00216"]} | changes


def test_an_unchanged_value_is_koladas(service: Service, client: Make, tmp_path: Path) -> None:
    path = tmp_path / "kolada.csv"
    fetched.write(fetch(service, client(), "0580", "0581"), path)
    assert fetched.read(path)["unchanged"].all()
    shown = beside([kolada_definition()], held([path]), period="2025-12")
    assert [(one["who_sv"], one["year"], one["value"], one["kolada"]) for one in shown] == [
        ("Linköping", 2024, 0.087, True),
        ("Norrköping", 2024, 0.104, True),
    ]
    assert shown[0]["source_sv"] == "Kolada, hämtad 2026-03-01"


def test_a_reworked_value_does_not_carry_koladas_name(service: Service, client: Make, tmp_path: Path) -> None:
    path = tmp_path / "kolada.csv"
    table = fetch(service, client())
    table.loc[table["value"] == 8.7, "value"] = 8.9
    fetched.write(table, path)
    (shown,) = beside([kolada_definition()], held([path]), period="2025-12")
    assert shown["kolada"] is False
    assert "Kolada" not in shown["source_sv"] + shown["source_en"]
    assert all("olada" not in one.source_sv for one in held())  # nor do the bundled ones, which are not Kolada's


def run(monkeypatch: pytest.MonkeyPatch, root: Path, service: Service, *words: str) -> int:
    (root / "analysis.toml").write_text(
        f'contact = {{name = "HR", email = "hr@example.org"}}\n[comparators]\nkolada = "{service.kolada}"\n'
        f'pxweb = "{service.pxweb}"\n'
    )
    monkeypatch.chdir(root)
    monkeypatch.setenv("ANALYSIS_CACHE", str(root / "cache"))
    monkeypatch.setattr("sys.argv", ["analysis", "fetch", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def test_the_command_writes_a_file_that_a_build_reads(service, tmp_path, monkeypatch, capsys) -> None:
    words = ("kolada", "--kpi", "N00216", "--kpi", "N00090", "--municipality", "0580", "--year", "2023-2024")
    assert run(monkeypatch, tmp_path, service, *words, "--out", "data/others.csv") == 0
    said = capsys.readouterr().out
    assert "6 values of 2 indicators" in said
    assert "Kolada has no values of N00090" in said
    assert held([tmp_path / "data/others.csv"])[0].measure == "Kolada N00216"


def test_the_command_leaves_an_earlier_file_alone_when_it_fails(service, tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "others.csv").write_text("before")
    monkeypatch.setattr("analysis.comparators.client.LONGEST_WAIT", 0.001)
    service.faults = [status(500)] * 99
    words = ("kolada", "--kpi", "N00216", "--municipality", "0580", "--year", "2024", "--out", "others.csv")
    assert run(monkeypatch, tmp_path, service, *words) == 2
    assert "could not be used (status 500)" in capsys.readouterr().err
    assert (tmp_path / "others.csv").read_text() == "before"
    assert not list(tmp_path.glob(".others*"))
