"""PXWeb tables: questions within the service's limits, answers as long tables, nothing lost in between."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path

import pandas as pd
import pytest

from analysis.comparators import pxweb
from analysis.comparators.client import Answer, Client
from analysis.errors import InputError
from tests.comparators.service import POPULATION, Service, persons
from tests.comparators.test_kolada import run

Make = Callable[..., Client]
WANTED = {"Region": ["0580"], "Alder": ["/[0-9]+[+]?/"], "Kon": ["*"], "Tid": ["2023-2024"]}


def fetch(service: Service, asker: Client, **changes: list[str]) -> pd.DataFrame:
    return pxweb.table(asker, service.address + POPULATION, WANTED | changes)


def test_a_large_question_is_split_and_its_answer_is_whole(service: Service, client: Make) -> None:
    table = fetch(service, client())
    assert len(service.bodies) > 1
    sizes = [prod(len(part["selection"]["values"]) for part in body["query"]) for body in service.bodies]
    assert max(sizes) <= service.max_cells
    assert len(table) == sum(sizes) == 101 * 2 * 2
    assert not table.duplicated(["Region", "Alder", "Kon", "Tid"]).any()
    for row in table.dropna(subset="value").itertuples():
        assert row.value == persons(row.Region, row.Alder, row.Kon, row.Tid)


def test_a_limit_that_the_service_does_not_tell_is_found(service: Service, client: Make, monkeypatch) -> None:
    monkeypatch.setattr(pxweb, "_limits", lambda asker, address: (1e6, 10**6))
    assert len(fetch(service, client())) == 404
    assert len(service.bodies) > 2


def test_a_missing_value_is_missing_with_its_mark_and_never_zero(service: Service, client: Make) -> None:
    table = fetch(service, client("2026-03-01"))
    (row,) = table[table["value"].isna()].to_dict("records")
    assert (row["Alder"], row["Kon"], row["Tid"], row["status"]) == ("7", "2", "2023", "..")
    assert (row["updated"], row["fetched"]) == ("2025-02-21", "2026-03-01")


def test_a_variable_that_is_not_named_is_summed_where_the_service_allows_it(service: Service, client: Make) -> None:
    fetch(service, client())
    asked = {part["code"] for part in service.bodies[0]["query"]}
    assert asked == {"Region", "Alder", "Kon", "ContentsCode", "Tid"}  # marital status is left to the service


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Kommun": ["0580"]}, "no variable Kommun; it has Region, Civilstand"),
        ({"Region": ["9999"]}, "Region has no value 9999; it runs from 00 to 0581"),
        ({"Tid": ["1950-1960"]}, "Tid has no value 1950-1960; it runs from 2022 to 2024"),
    ],
)
def test_a_wrong_selection_says_what_there_is(service: Service, client: Make, changes: dict, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        fetch(service, client(), **changes)


def dataset(**changes: object) -> Answer:
    data: dict[str, object] = {
        "id": ["Kon", "Tid"],
        "size": [2, 2],
        "dimension": {
            "Kon": {"category": {"index": {"2": 1, "1": 0}}},
            "Tid": {"category": {"index": ["2023", "2024"]}},
        },
        "value": [1, 2, 3, 4],
    }
    return Answer(data | changes, "2026-03-01")


def test_values_are_read_in_the_order_of_the_index_not_of_the_text() -> None:
    table = pxweb.long(dataset()).set_index(["Kon", "Tid"])["value"]
    assert table.to_dict() == {("1", "2023"): 1, ("1", "2024"): 2, ("2", "2023"): 3, ("2", "2024"): 4}


def test_values_may_be_given_by_their_place() -> None:
    table = pxweb.long(dataset(value={"0": 1, "3": 4})).set_index(["Kon", "Tid"])["value"]
    assert table.dropna().to_dict() == {("1", "2023"): 1, ("2", "2024"): 4}


def test_an_answer_that_is_cut_off_is_refused() -> None:
    with pytest.raises(InputError, match="cut off"):
        pxweb.long(dataset(value=[1, 2, 3]))
    with pytest.raises(InputError, match="not a JSON-stat 2"):
        pxweb.long(dataset(size=None))


def test_the_preset_writes_one_year_ages(service: Service, tmp_path: Path, monkeypatch, capsys) -> None:
    words = ("pxweb", "population", "--municipality", "0580", "--year", "2023-2024", "--out", "population.csv")
    assert run(monkeypatch, tmp_path, service, *words) == 0
    table = pd.read_csv(tmp_path / "population.csv", dtype={"region": "str", "age": "str"})
    assert list(table.columns[:5]) == ["region", "age", "sex", "year", "persons"]
    assert set(table["sex"]) == {"man", "woman"}
    assert (len(table), table["age"].iloc[-1]) == (404, "100+")
    assert "2025-02-21" in capsys.readouterr().out


def test_an_unknown_preset_names_the_known_ones(service: Service, tmp_path: Path, monkeypatch, capsys) -> None:
    assert run(monkeypatch, tmp_path, service, "pxweb", "folkmangd") == 2
    assert "choose population, population_projection or give the address" in capsys.readouterr().err
