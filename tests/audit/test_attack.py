"""Weaknesses planted in finished pages: the attacker finds each of them and names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.audit.attack import Found, attack
from analysis.audit.report import page, sentence
from tests.audit.pages import exits, figure, write

THRESHOLDS = {"low": 3, "medium": 5, "health": 11, "survey": 10}
SAFE: dict[str, int | None] = {"total": 60, "resignation": 30, "retirement": None, "employer": None, "other": 20}


def tried(folder: Path, **more: object) -> Found:
    return attack(folder, THRESHOLDS, period="2025-12", **more)  # type: ignore[arg-type]


def test_two_causes_that_hold_ten_together_are_wide_enough(tmp_path: Path) -> None:
    found = tried(write(tmp_path, d1=figure(exits("d1", SAFE))))
    assert found.sentences == []
    assert (found.withheld, found.attacked) == (2, 2)
    assert {(low, high) for _, low, high in found.narrowest} == {(0.0, 10.0)}


def test_a_forgotten_margin(tmp_path: Path) -> None:
    found = tried(write(tmp_path, d1=figure(exits("d1", SAFE | {"retirement": 7}))))
    assert found.sentences == ["exits/d1/employer/total is 3; the policy leaves 0 to 4 open"]
    assert sentence(found, "e").startswith(
        "edition e gives away what its policy withholds, nothing was published: exits"
    )


def test_a_margin_on_the_page_of_the_whole(tmp_path: Path) -> None:
    whole = exits("all", {"total": 100, "resignation": 50, "retirement": 12, "employer": 8, "other": 30})
    other = exits("d2", {"total": 40, "resignation": 20, "retirement": 5, "employer": 5, "other": 10})
    folder = write(tmp_path, organisation=figure(whole), d1=figure(exits("d1", SAFE)), d2=figure(other))
    # the first department's causes are the whole's less the second's
    assert [each.sentence for each in tried(folder).narrow] == [
        "exits/d1/employer/total is 3; the policy leaves 0 to 4 open"
    ]


def test_a_complement(tmp_path: Path) -> None:
    ages = {"u35": "30,0 %", "35_54": "61,0 %", "55_plus": None}
    rows = [(row, {f"age/d1/{row}/total": text}) for row, text in ages.items()]
    heads = [("Samtliga", {"headcount/d1/total/total": "100"})]
    bands = [("age_all", {"age/all/u35/total": "50,0 %"})]
    found = tried(write(tmp_path, d1=figure([*rows, *heads, *bands])))
    assert any("age/d1/55_plus" in each for each in found.sentences) is False  # nine are no few
    few = tried(write(tmp_path, d1=figure([*rows[:1], ("35_54", {"age/d1/35_54/total": "67,0 %"}), rows[2], *heads])))
    assert few.sentences == ["age/d1/55_plus/total is 3; the policy leaves 0 to 4 open"]


def test_a_figure_withheld_in_a_table_and_said_in_a_sentence(tmp_path: Path) -> None:
    said = '<data value="3" data-cell="exits/d1/employer/total">3</data> sades upp'
    found = tried(write(tmp_path, d1=figure(exits("d1", SAFE)) + f"<p>{said}</p>"))
    assert "exits/d1/employer/total is shown in d1.sv.html and withheld in d1.sv.html" in found.sentences


def test_the_file_of_all_tables_and_what_an_edition_says_once_are_read_with_the_sheets(tmp_path: Path) -> None:
    write(tmp_path / "d1", d1=figure(exits("d1", SAFE)))
    said = '<data value="3" data-cell="exits/d1/employer/total">3</data>'
    write(tmp_path / "d1", underlag=f"<p>{said}</p>")
    sentence = "exits/d1/employer/total is shown in d1/underlag.sv.html and withheld in d1/d1.sv.html"
    assert sentence in tried(tmp_path).sentences
    write(tmp_path / "d1", underlag="")
    write(tmp_path, methods=f"<p>{said}</p>")
    assert any("is shown in methods.sv.html" in each for each in tried(tmp_path).sentences)


@pytest.mark.parametrize("where", ["alt", "words"])
def test_a_number_beside_the_name_of_a_withheld_row(tmp_path: Path, where: str) -> None:
    found = tried(write(tmp_path, d1=figure(exits("d1", SAFE), **{where: "Resignation: 30; employer: 3."})))
    assert found.sentences == ["d1.sv.html: the number 3 stands beside «Employer», which is withheld"]


def test_a_coordinate_of_a_withheld_figure(tmp_path: Path) -> None:
    drawing = '<rect data-cell="exits/d1/employer/total" x="0" width="9"/>'
    found = tried(write(tmp_path, d1=figure(exits("d1", SAFE), drawing=drawing)))
    assert found.sentences == ["d1.sv.html: exits/d1/employer/total is withheld and is drawn as <rect>"]


def test_names_numbers_and_dates_of_persons(tmp_path: Path) -> None:
    words = {"the name of a person": frozenset({"Anna Nyberg-Testsson"}), "a date of birth": frozenset({"1984-03-17"})}
    clean = tried(write(tmp_path, d1="<li>Anna leder kursen 2026-03-17</li>"), secrets=words)
    assert clean.sentences == []
    held = tried(
        write(tmp_path, d1="<li>Fråga Anna Nyberg-Testsson, född 1984-03-17, 19840317-2385</li>"), secrets=words
    )
    assert held.sentences == [
        "d1.sv.html holds something that looks like a personal identity number",
        "d1.sv.html holds the name of a person",
        "d1.sv.html holds a date of birth",
    ]


def test_a_format_that_he_cannot_read_is_not_published(tmp_path: Path) -> None:
    folder = write(tmp_path, d1=figure(exits("d1", SAFE)))
    (folder / "d1.xlsx").write_bytes(b"PK")
    assert tried(folder).sentences == ["d1.xlsx: the attacker cannot read a file of this kind"]


def test_counts_are_read_back_from_a_ratio_and_its_interval(tmp_path: Path) -> None:
    # 26 and 24 leavers by their mid-P intervals: two left for other causes
    rows = [
        (
            "Alla",
            {"calibration/d1/total/total": "1,30 (0,87–1,88)", "calibration/d1/total/resignation": "1,20 (0,79–1,75)"},
        )
    ]
    found = tried(write(tmp_path, d1=figure(rows)))
    assert len(found.narrow) == 1
    assert found.narrow[0].sentence.startswith(
        "other causes of a group total in d1 is between 1 and 2, from calibration/d1/total/total"
    )


def test_hired_and_gone_within_the_year(tmp_path: Path) -> None:
    rows = [("Samtliga", {"exits/d1/total/total": "24"}), ("2024", {"track_record/d1/2024-12/observed": "22"})]
    found = tried(write(tmp_path, d1=figure(rows)))
    assert [each.sentence for each in found.narrow] == [
        "hired and gone within the year in d1 is 2, from exits/d1/total/total, track_record/d1/2024-12/observed"
    ]


def test_a_figure_that_guards_another_may_be_known_better(tmp_path: Path) -> None:
    counts = SAFE | {"retirement": None, "employer": None, "other": 20, "resignation": 31}
    folder = write(tmp_path, d1=figure(exits("d1", counts)))
    why = {("exits", "d1", row, "total", ""): "secondary" for row in ("retirement", "employer")}
    assert tried(folder, reasons=why).sentences == []


def test_the_page_says_what_was_tried_and_what_was_not(tmp_path: Path) -> None:
    rows = [*exits("d1", SAFE), ("Sjuk", {"sick_leave/d1/total/total": None})]
    found = tried(write(tmp_path, d1=figure(rows)))
    for language, words in (("sv", "Ej prövade som antal"), ("en", "Not tried as counts")):
        text = page(found, edition="e", language=language)
        assert words in text
        assert "sick_leave</th><td>1</td>" in text
        assert "exits/d1/employer/total</th><td>0–10</td>" in text


def test_somebody_in_a_withheld_count_cannot_tell_another_more_closely(tmp_path: Path) -> None:
    # four in two causes: whoever is one of them knows that the other cause is at most three
    found = tried(write(tmp_path / "four", d1=figure(exits("d1", SAFE | {"resignation": 36}))))
    assert set(found.sentences) == {
        "exits/d1/retirement/total is between 0 and 3 to whoever is one of exits/d1/employer/total",
        "exits/d1/employer/total is between 0 and 3 to whoever is one of exits/d1/retirement/total",
    }
    assert tried(write(tmp_path / "five", d1=figure(exits("d1", SAFE | {"resignation": 35})))).sentences == []


def test_what_guards_another_figure_is_no_secret_to_somebody_in_it(tmp_path: Path) -> None:
    why = {("exits", "d1", row, "total", ""): "secondary" for row in ("retirement", "employer")}
    folder = write(tmp_path, d1=figure(exits("d1", SAFE | {"resignation": 36})))
    assert tried(folder, reasons=why).sentences == []
