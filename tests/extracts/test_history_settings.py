"""What delivery.toml may say about the history: from when on things are recorded, and transfers."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.edition.lookback import look_back
from analysis.errors import InputError
from analysis.extracts import Delivery, summary
from analysis.extracts.manifest import load_manifest
from analysis.reference.episodes import Rules

from .town import FACTS, HEADER, STAFF, read

TRANSFER = '\n[[transfer]]\ndate = 2025-01-01\nwhy = "new pay system"\n'


def stated(folder: Path, toml: str) -> Delivery:
    """Sixty who went over to new numbers with the year, and two who left in each month of two years."""
    rows = [f"{100 + n};1;d0180;402010;Tillsvidare;1.0;2015-08-10;2024-12-31;1979-03-14" for n in range(60)]
    rows += [f"{300 + n};1;d0180;402010;Tillsvidare;1.0;2025-01-01;;1979-03-14" for n in range(60)]
    months = [f"{2023 + n // 24}-{n // 2 % 12 + 1:02d}-15" for n in range(48)]
    rows += [f"{500 + n};1;d0181;402010;Tillsvidare;1.0;2015-08-10;{day};1979-03-14" for n, day in enumerate(months)]
    return read(folder, toml, {"staff.csv": "\n".join([HEADER, *rows]) + "\n"})


def test_check_tells_a_mass_and_how_the_history_is_made(tmp_path: Path) -> None:
    found = stated(tmp_path, FACTS + STAFF)
    back = look_back(found)
    told = {language: summary(found, language, findings=back.doubts, history=back.notices) for language in ("sv", "en")}
    assert "2024-12-31: 60 permanent employments ended on one day" in told["en"]
    assert "2024-12-31: 60 tillsvidareanställningar slutade samma dag" in told["sv"]
    assert "The history\n  – Leaving is counted from 2022-12 on; the first who left did so in 2023-01" in told["en"]
    assert "Historiken\n  – Avgångar räknas från och med 2022-12; den första" in told["sv"]


@pytest.mark.parametrize("date", ["2025-01-01", "2024-12-31", '"2024-12-31"'])
def test_a_declared_transfer_is_a_rule_of_the_history_and_told(tmp_path: Path, date: str) -> None:
    found = stated(tmp_path, FACTS + STAFF + TRANSFER.replace("2025-01-01", date))
    assert look_back(found).doubts == []
    (told,) = [each for each in found.warnings if "pay system" in each]
    assert date.strip('"') in told
    (transfer,) = Rules.of(found.manifest.episodes).transfers
    assert (transfer.direction, transfer.units, transfer.days) == ("both", (), 3)


def test_transfers_of_both_kinds_stand_beside_each_other(tmp_path: Path) -> None:
    older = '\n[[episodes.transfers]]\ndate = "2024-07-01"\nunits = ["d0181"]\ndirection = "out"\n'
    found = stated(tmp_path, FACTS + STAFF + older + TRANSFER + 'units = ["d0180"]\ndays = 7\n')
    rules = Rules.of(found.manifest.episodes)
    assert [(each.direction, each.days) for each in rules.transfers] == [("out", 0), ("both", 7)]
    assert Rules.of(rules.record()) == rules


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("\n[[transfer]]\nunits = []\n", "has no date"),
        ('\n[[transfer]]\ndate = "nyår"\n', "is no day"),
        ("\n[[transfer]]\ndate = 2025-01-01\nday = 3\n", "day is not known"),
        ("\n[[transfer]]\ndate = 2025-01-01\ndays = 90\n", "0 to 31"),
        ("\n[[transfer]]\ndate = 2025-01-01\ndays = true\n", "0 to 31"),
        ("\n[transfer]\ndate = 2025-01-01\n", r"write \[\[transfer\]\]"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_in_a_sentence(tmp_path: Path, more: str, says: str) -> None:
    (tmp_path / "delivery.toml").write_text(FACTS + STAFF + more, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_manifest(tmp_path)


@pytest.mark.parametrize("setting", ["observed_from", "reasons_from"])
def test_a_month_may_be_stated_and_nothing_else(tmp_path: Path, setting: str) -> None:
    facts = FACTS.rstrip() + f'\n{setting} = "{{}}"\n'
    for wrong in ("2015", "2015-13", "2015-01-01", "januari"):
        (tmp_path / "delivery.toml").write_text(facts.format(wrong) + STAFF, encoding="utf-8")
        with pytest.raises(InputError, match=rf"{setting}.*is not a month"):
            load_manifest(tmp_path)
    found = stated(tmp_path, facts.format("2024-01") + STAFF)
    assert getattr(found.manifest.delivery, setting) == "2024-01"
    if setting == "observed_from":
        assert any("as observed_from says (24 earlier" in each for each in look_back(found).notices)
