"""Keys of units: any codes give keys that are valid everywhere and never meet."""

import re
import string
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.execution.parameters import check_values
from analysis.tables.keys import DEVICES, LONGEST, OURS, Codes, alike, code_of, code_of_words, make_keys, named

PARTS = [
    "BUN",
    "Bun",
    "bun",
    "hr",
    "12",
    "0",
    "1",
    ".",
    "-",
    " ",
    "_",
    "å",
    "Å",
    "ä",
    "é",
    "con",
    "NUL",
    "d",
    "東",
    "/",
]
CODES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join),
    st.text(alphabet="aåB", min_size=90, max_size=110),
)
SETS = st.lists(CODES.map(code_of).filter(lambda code: code not in ("", "*")), min_size=1, max_size=30, unique=True)


@given(SETS)
@example(["BUN", "Bun", "bun", "hr.1", "hr 1", "CON", "con", "d_con"])
@example(["12.1", "12-1", "12 1", "121", "0121", "d121", "12.0", "12"])
@example(["all", "index", "total", "organisation", "COM1", "lpt9.txt", "aux.", "nul"])
def test_any_codes_give_distinct_keys_that_are_valid_everywhere(codes: list[str]) -> None:
    keys = make_keys(codes)
    assert list(dict.fromkeys(codes)) == sorted(keys, key=codes.index)
    found = list(keys.values())
    assert len({key.casefold() for key in found}) == len(found) == len(codes)
    for key in found:
        assert re.fullmatch("[a-z][a-z0-9_]*", key)
        assert key.isascii()
        assert len(key) <= LONGEST + 20
        assert key not in DEVICES | OURS
        check_values(workspace="w", delivery="d", period="2025-12", seed=1, department=key)


@given(SETS, st.randoms())
def test_keys_do_not_depend_on_the_order_of_codes(codes: list[str], random) -> None:
    shuffled = codes[:]
    random.shuffle(shuffled)
    assert make_keys(shuffled) == make_keys(codes)


@given(SETS)
def test_a_department_is_found_by_its_key_and_by_its_code(codes: list[str]) -> None:
    by_key = {key: code for code, key in make_keys(codes).items()}
    for key, code in by_key.items():
        assert named(key, by_key) == key
        if code not in by_key:
            assert named(code, by_key) == key


@given(SETS, CODES.map(code_of).filter(lambda code: code not in ("", "*")))
def test_a_further_code_changes_only_the_keys_of_codes_that_look_like_it(codes: list[str], further: str) -> None:
    before, after = make_keys(codes), make_keys([*codes, further])
    changed = [code for code in codes if before[code] != after[code]]
    fresh = make_keys([further])[further]
    assert all(make_keys([code])[code] in (fresh, after[further]) for code in changed)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("d0101", "d0101"),  # the sample's stay what they are
        ("0180", "d0180"),
        ("BUN", "bun"),
        ("hr.1", "hr_1"),
        ("Ängens förskola", "angens_forskola"),
        ("CON", "d_con"),
        ("all", "d_all"),
        ("aux.", "d_aux"),
        ("12.0", "d12_0"),
        ("§/", "d_3157d3"),
    ],
)
def test_a_code_alone_keeps_its_words(code: str, key: str) -> None:
    assert make_keys([code]) == {code: key}


def test_composed_and_decomposed_letters_and_stray_blanks_are_one_code() -> None:
    assert code_of(unicodedata.normalize("NFD", " Väg\u00a0 1\u200b")) == "Väg 1"
    assert code_of_words("Dept. of  Public Works") == code_of_words("DEPT OF PUBLIC WORKS") == "dept of public works"
    assert code_of_words("Väg") != code_of_words("Vag")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12", "12"), ("12.0", "12"), ("BUN", "BUN"), ("bun", "BUN"), ("180", "0180"), ("a 1", None), ("Å", None)],
)
def test_another_spelling_finds_a_code_where_only_one_is_spelt_so(written: str, meant: str | None) -> None:
    assert Codes(["12", "BUN", "0180", "A-1", "a.1", "A"]).find(written) == meant


def test_codes_that_look_alike_are_named() -> None:
    assert alike(["12.1", "12-1", "12 1", "121", "13"]) == [("12 1", "12-1", "12.1", "121")]


def test_a_department_that_may_be_several_is_refused_with_their_keys() -> None:
    codes = {key: code for code, key in make_keys(["BUN", "Bun", "0180"]).items()}
    with pytest.raises(InputError, match=r"may be several.*bun_\w+ \(BUN\), bun_\w+ \(Bun\)"):
        named("bUN", codes)
    with pytest.raises(InputError, match=r"department KSF is not in this delivery; it has .*d0180 \(0180\)"):
        named("KSF", codes)


def test_the_alphabet_of_keys_is_that_of_windows_and_papermill() -> None:
    assert set("".join(make_keys(list(string.printable[:94])).values())) <= set(string.ascii_lowercase + "_0123456789")
