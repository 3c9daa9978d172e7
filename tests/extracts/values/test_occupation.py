"""The occupation of a row: as mapped, else by AID, else by title, else unknown and said so once."""

from __future__ import annotations

import pandas as pd

from analysis.extracts.manifest import TitleRule
from analysis.extracts.values.occupation import derive_occupation
from tests.extracts.contract import empty_table
from tests.extracts.town import ANNA, BO, FACTS, STAFF, staff

RULES = [TitleRule(matches="police", occupation="police"), TitleRule(matches="officer", occupation="officer")]


def people(**columns):
    table = empty_table("employments").reindex(range(len(next(iter(columns.values())))))
    return table.assign(**columns).astype(dict.fromkeys(columns, "str"))


def test_mapped_then_aid_then_the_first_matching_title():
    table = people(
        occupation=["nurse", "402010", None, None, None, None],
        aid=["402010", None, "402010", "999999", None, "999999"],
        title=["Police", "Police", "Police", "POLICE Officer", "Fire officer", "Astronaut"],
    )
    found = derive_occupation(table, rules=RULES)
    assert found["occupation"].tolist() == [
        "nurse", "preschool_teacher", "preschool_teacher", "police", "officer", "unknown"
    ]  # fmt: skip


def test_unknown_is_no_occupation_that_stands_in_the_way_of_a_code():
    table = people(occupation=["unknown", "unknown"], aid=["402010", None])
    assert derive_occupation(table, rules=[])["occupation"].tolist() == ["preschool_teacher", "unknown"]


def test_a_table_without_titles_or_codes_is_unknown():
    table = pd.DataFrame({"occupation": pd.Series([None], dtype="str")})
    found = derive_occupation(table, rules=RULES)
    assert found["occupation"].tolist() == ["unknown"]


def test_one_warning_counts_all_and_names_the_most_frequent(tmp_path):
    rows = [ANNA.replace("402010", code) for code in ("888888", "888888", "777777")]
    rows = [row.replace("100231", str(index)) for index, row in enumerate(rows, start=500001)]
    told = [each for each in staff(tmp_path, BO, *rows).warnings if "occupation" in each]
    assert told == [
        "3 rows without a known occupation; most frequent: 888888 (2), 777777 (1). Add them to delivery.toml."
    ]


def test_occupations_of_ones_own_are_named_in_the_delivery(tmp_path):
    toml = (
        FACTS
        + '[occupations.names]\nlots = {sv = "lotsar", en = "pilots"}\n'
        + STAFF.replace('aid = "AID"', 'occupation = "AID"')
    )
    delivery = staff(tmp_path, ANNA.replace("402010", "lots"), BO.replace("403010", "kock"), toml=toml)
    assert delivery.tables["employments"]["occupation"].tolist() == ["lots", "kock"]
    assert any("kock (1)" in each for each in delivery.warnings)
    assert not any("lots" in each for each in delivery.warnings)
