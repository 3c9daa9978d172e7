"""The pages of a built edition: the table of strategies counts what the plan holds, the ledger says what is true."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import lxml.html
import pandas as pd

from analysis.publishing.words.locale import Locale
from analysis.reference.hanging import families, family_of
from analysis.sections.levers.strategies import names
from tests.conftest import Project


def tables(path: Path, caption: str) -> list[dict[str, list[str]]]:
    """Rows by their header of the tables whose caption begins so, on one page."""
    found = []
    page = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    for table in page.iter("table"):
        # a wide table is named by the heading above it
        above = page.get_element_by_id(table.get("aria-labelledby"), None) if table.get("aria-labelledby") else None
        head = table.find("caption") if above is None else above
        if head is not None and " ".join(head.text_content().split()).startswith(caption):
            found.append(
                {
                    " ".join(row.find("th").text_content().split()): [
                        " ".join(cell.text_content().split()) for cell in row.findall("td")
                    ]
                    for row in table.iterfind(".//tbody/tr")
                }
            )
    return found


def counts(text: str) -> tuple[int, int, int]:
    """Activities, those done and those with an indicator, as the page says them."""
    if text == "ingen":
        return 0, 0, 0
    found = [int(number) for number in re.findall(r"\d+", text)]
    return found[0], found[1], found[3]


def test_the_organisations_page_counts_the_activities_of_each_strategy_as_the_plan_has_them(built: Project) -> None:
    plan = pd.read_parquet(built.workspace / "protected" / "plan.parquet")
    assert len(plan) == plan["activity"].nunique() > 70
    wanted: dict[str, Counter[str]] = {}
    for row in plan.to_dict("records"):
        hung = {family_of()[key] for key in row["strategies"].split("|") if key} or {""}
        for family in hung:
            counted = wanted.setdefault(family, Counter())
            counted["all"] += 1
            counted["done"] += row["status"] == "done"
            counted["measured"] += row["indicator"] != ""
    (shown,) = tables(built.reports / "organisation" / "organisation.sv.html", "Strategier: vad som är beslutat")
    assert counts(shown.pop("Ingen strategi")[0]) == (wanted[""]["all"], wanted[""]["done"], wanted[""]["measured"])
    heads = {Locale("sv").show(names(family)).replace("\u00a0", " "): family.id for family in families()}
    assert {heads[head] for head in shown} >= set(wanted) - {""}
    for head, cells in shown.items():
        counted = wanted.get(heads[head], Counter())
        assert counts(cells[0]) == (counted["all"], counted["done"], counted["measured"]), head
    # every activity stands in Underlag under what it hangs on
    listed = tables(built.reports / "organisation" / "underlag.sv.html", "Aktiviteter och anmälda åtgärder")
    texts = {head for table in listed for head in table}
    assert set(plan["text"]) <= texts


def test_the_ledger_of_a_built_edition_stands_in_underlag_and_claims_no_effect_where_none_was_planted(
    built: Project,
) -> None:
    truth = pd.read_csv(built.delivery / "truth" / "measures.csv", keep_default_na=False).set_index("id")
    about = json.loads((built.workspace / "protected" / "about.json").read_text(encoding="utf-8"))
    told = {entry["id"]: entry for entry in about["effects"]["measures"]}
    assert list(told) == truth.index.tolist()
    nothing = truth.index[truth["planted"] == 1.0]
    assert len(nothing) >= 5
    assert not [key for key in nothing if told[key]["verdict"] == "effect"]
    assert told["A5"]["late"]
    assert told["A5"]["grade"] in ("", "B", "D")
    assert told["A8"]["why"] == "early"
    (shown,) = tables(built.reports / "organisation" / "underlag.sv.html", "Anmälda åtgärder: gav de effekt?")
    assert list(shown) == truth["name"].tolist()
    # a department's own measures and no others
    (own,) = tables(built.reports / "d0101" / "underlag.sv.html", "Anmälda åtgärder: gav de effekt?")
    assert list(own) == truth.loc[truth["department"].str.contains("d0101"), "name"].tolist()
