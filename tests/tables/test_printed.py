"""The list of tables and columns: whole, about what exists, and as committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.reference import load
from analysis.tables.clean import TABLES
from analysis.tables.printed import description, headers, lost, printed

ROOT = Path(__file__).parents[2]


def test_the_committed_list_is_what_the_contracts_say() -> None:
    """Changed on purpose? Write it again with ``analysis tables > docs/tables.md`` and read the difference."""
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == printed()


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_and_nothing_else_is(table) -> None:
    reference = load("tables")
    assert reference[table]["sv"]
    assert set(reference[table].get("columns", {})) <= set(TABLES[table])
    for column in TABLES[table]:
        assert description(table, column)["en"]


def test_words_of_all_tables_are_about_columns_that_exist() -> None:
    columns = {column for table in TABLES.values() for column in table}
    assert set(load("tables")["common"]) <= columns
    assert set(load("tables")) - {"edition", "source", "common"} == set(TABLES)


def test_each_row_says_kind_need_headers_and_loss() -> None:
    text = printed()
    for table, columns in TABLES.items():
        part = text.split(f"\n## {table} (")[1].split("\n## ")[0]
        rows = [line for line in part.splitlines() if line.startswith("| ") and not line.startswith("| column")]
        assert [row.split(" | ")[0].removeprefix("| ") for row in rows if "---" not in row] == list(columns)
    assert "| rate | Agreed rate of employment | number; share of full time; 0 to 1 | no | sysselsättningsgrad" in text
    assert lost("employments", "end") == "nobody leaves, so no turnover and no forecasts"
    assert lost("employments", "aid").endswith("(unless title or occupation is there)")
    assert lost("exits").startswith("leaving is shown without cause")
    assert headers("exits", "cause")[0] == "avgångsorsak"
