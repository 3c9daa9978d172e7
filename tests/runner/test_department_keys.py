"""Departments are named by their key or by the employer's own code, and pages show what a key stands for."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.publishing.pages.site import Entry, render_index
from analysis.runner.making import named_departments as _named_departments
from analysis.runner.request import Request
from analysis.settings import load
from analysis.tables.keys import make_keys
from tests.publishing import fixture

ROOT = Path(__file__).parents[2]


def asked(folder: Path, *departments: str, codes: list[str]) -> tuple[str, ...]:
    """What a build takes the names of departments for."""
    (folder / "tables").mkdir(exist_ok=True)
    pairs = [(key, code) for code, key in make_keys(codes).items()]
    pd.DataFrame(pairs, columns=["key", "code"]).to_parquet(folder / "tables" / "departments.parquet")
    request = Request(folder, folder, "2025-12", "x", departments, ("sv",), 1, None, load(ROOT))
    return _named_departments(request, folder)


E03 = ["BUN", "Bun", "hr.1", "CON"]


def test_a_code_that_stands_for_one_department_finds_it(tmp_path: Path) -> None:
    keys = make_keys(E03)
    assert asked(tmp_path, "BUN", "hr.1", "HR 1", "CON", keys["Bun"], codes=E03) == (
        keys["BUN"],
        "hr_1",
        "d_con",
        keys["Bun"],
    )


@pytest.mark.parametrize(("name", "said"), [("bun", "may be several"), ("KSF", "is not in this delivery")])
def test_another_code_is_refused_with_the_keys_there_are(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=rf"{said}.*bun_\w+ \(BUN\), bun_\w+ \(Bun\)"):
        asked(tmp_path, name, codes=E03)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("BUN", "<bdi>Barn</bdi> (<bdi>BUN</bdi>)"),
        ("<b>", "<bdi>Barn</bdi> (<bdi>&lt;b&gt;</bdi>)"),
        ("barn", "<bdi>Barn</bdi><"),
        ("", "<bdi>Barn</bdi><"),
    ],
)
def test_the_index_shows_the_employers_own_code_where_it_is_not_the_name(code: str, shown: str) -> None:
    entries = [Entry("bun", "Barn", "Children", "", "", "published", code=code)]
    html = render_index(about=fixture.about(), entries=entries, language="sv", languages=("sv",))
    assert shown in html
    assert 'href="bun/bun.sv.html"' in html
