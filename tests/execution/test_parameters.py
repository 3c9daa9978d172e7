from pathlib import Path

import nbformat
import pytest

from analysis.errors import InputError
from analysis.execution.parameters import check, check_values, declared

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
GOOD = {
    "workspace": "data/processed/x",
    "delivery": "data/raw/x",
    "period": "2025-12",
    "seed": 1,
    "department": "d0101",
}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[1-9]*.ipynb")), ids=lambda path: path.name)
def test_every_notebook_declares_typed_parameters(path: Path) -> None:
    names = declared(nbformat.read(path, as_version=4))
    assert {"workspace": "str", "delivery": "str", "period": "str", "seed": "int"}.items() <= names.items()


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(InputError, match="no parameter 'departement'"):
        check(NOTEBOOKS / "70-department.ipynb", {"departement": "d0101"})


def test_a_key_that_became_a_number_is_refused() -> None:
    with pytest.raises(InputError, match=r"department of 70-department\.ipynb must be str, not int"):
        check(NOTEBOOKS / "70-department.ipynb", {"department": 180})


def test_true_is_not_a_seed() -> None:
    with pytest.raises(InputError, match="seed"):
        check(NOTEBOOKS / "20-workforce.ipynb", {"seed": True})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("period", "2025-13", "not a month"),
        ("period", "202512", "not a month"),
        ("period", 2025, "must be text"),
        ("department", "0180", "not a key"),
        ("department", 180, "must be text"),
        ("seed", "1", "whole number"),
        ("seed", 1.0, "whole number"),
        ("workspace", None, "must be text"),
    ],
)
def test_the_first_call_of_a_notebook_checks_its_parameters(name: str, value: object, said: str) -> None:
    check_values(**GOOD)
    with pytest.raises(InputError, match=said):
        check_values(**(GOOD | {name: value}))


def test_a_parameters_cell_without_annotations_is_refused() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("period = '2025-12'", metadata={"tags": ["parameters"]})]
    )
    with pytest.raises(InputError, match="name: type = default"):
        declared(notebook)
