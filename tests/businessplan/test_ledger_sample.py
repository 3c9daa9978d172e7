"""The whole sample municipality: verdicts of its ledger against what was planted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import workforce
from analysis.businessplan import ledger
from analysis.businessplan.ledger.judging import kept
from analysis.extracts import read_delivery
from analysis.periods import shift
from analysis.sample import write_sample


@pytest.mark.large
def test_planted_effects_are_found_and_a_department_chosen_because_it_was_worst_is_not(tmp_path: Path) -> None:
    write_sample(tmp_path)
    found = read_delivery(tmp_path, key=b"k" * 32)
    tables = {name: found.tables.read(name) for name in found.tables}
    past = workforce.history(tables, period="2025-12", level=found.manifest.departments.level)
    keys = past.names["key"].tolist()
    below = {"f03": [key for key in keys if key.startswith("d03")]}
    measures = ledger.registered(tables["measures"], departments=keys, below=below)
    first = {"leaving_all": past.observation.month, "leaving_own_request": past.reasons.month}
    first["sick_leave"] = f"{tables['absences']['month'].min():%Y-%m}"
    first |= dict.fromkeys(
        ("vacancies_open", "time_to_fill"), shift(f"{tables['vacancies']['opened'].min():%Y-%m}", 12)
    )
    given = ledger.Past(
        past.rows, past.ends, tables["absences"], tables["vacancies"], past.departments, first,
        dict.fromkeys(first, "2025-12"),
    )  # fmt: skip
    entries, _ = kept(measures, None, period="2025-12", former_period="")
    least = {"medium": 3, "health": 11, "open": 0}
    said = ledger.judged(measures, ledger.estimates(measures, given, least=20), entries, least=least, smallest_group=20)
    said = said.set_index("measure")
    truth = pd.read_csv(tmp_path / "truth" / "measures.csv", keep_default_na=False).set_index("id")
    assert said.loc["A1", "verdict"] == "effect"
    assert said.loc[["A3", "A4"], "verdict"].tolist() == ["against", "against"]
    assert not set(said.index[said["verdict"].isin(["effect", "consistent"])]) & set(truth.index[truth["planted"] == 1])
    # 30 per cent less of a level of 0.135 a year, of which the years and the ages take their part
    assert said.loc["A2", "low"] < -0.3 * 0.135 < said.loc["A2", "high"]
    assert said.loc["A5", "grade"] == "B"
    assert said.loc["A8", "why"] == "early"
