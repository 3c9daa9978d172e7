"""Numbers, dates and sentences in Swedish and English."""

import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Day, Month, Name, Tally, Term
from analysis.publishing.words.catalog import catalog, section_words
from analysis.publishing.words.locale import Locale, locale
from analysis.reference import CAUSES
from analysis.reference.phrases import LANGUAGES
from analysis.tables.protected import Cell
from tests.publishing.fixture import report

SV, EN = locale("sv"), locale("en")
NBSP = "\u00a0"


def cell(value: float | None = None, *, unit: str = "fte", **rest: object) -> Cell:
    status = rest.pop("status", "published" if value is not None else "withheld")
    ends = {name: rest.pop(name, None) for name in ("low", "high")}
    reason = rest.pop("reason", "")
    return Cell("t", "d01", "r", "c", "", value, ends["low"], ends["high"], None, unit, status, reason, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "decimals", "swedish", "english"),
    [
        (1234567, 0, f"1{NBSP}234{NBSP}567", "1,234,567"),
        (0.5, 1, "0,5", "0.5"),
        (-3, 0, "−3", "−3"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_follow_the_language(number: float, decimals: int, swedish: str, english: str) -> None:
    assert SV.number(number, decimals) == swedish
    assert EN.number(number, decimals) == english


def test_per_cent_has_a_space_in_swedish_only() -> None:
    share = cell(0.098, unit="rate", low=0.086, high=0.111)
    assert SV.cell(share) == f"9,8{NBSP}%"
    assert EN.cell(share) == "9.8%"
    assert SV.cell(share, "range") == f"8,6–11,1{NBSP}%"
    assert EN.cell(share, "both") == "9.8% (8.6–11.1)"


def test_a_range_below_zero_is_written_in_words() -> None:
    gap = cell(1.0, low=-4.0, high=12.0)
    assert SV.cell(gap, "range") == "−4 till 12"
    assert EN.cell(gap, "range") == "−4 to 12"
    assert SV.cell(cell(-6.0, low=-9.0, high=-3.0), "lower") == "3,0–9,0"


@pytest.mark.parametrize(("value", "shown"), [(47.4, "47"), (9.94, "9,9"), (9.96, "10"), (0.04, "0,0")])
def test_full_time_posts_lose_their_decimal_from_ten(value: float, shown: str) -> None:
    assert SV.cell(cell(value)) == shown


def test_value_and_interval_share_their_decimals() -> None:
    assert SV.cell(cell(9.2, low=4.4, high=14.6), "both") == "9 (4–15)"


def test_months_and_days_are_in_the_language() -> None:
    assert (SV.show(Month("2026-12")), EN.show(Month("2026-12"))) == ("december 2026", "December 2026")
    assert (SV.show(Day("2026-01-07")), EN.show(Day("2026-01-07"))) == ("7 januari 2026", "7 January 2026")


def test_a_name_held_in_one_language_is_used_in_both() -> None:
    assert EN.show(Name("Förskola", "")) == "Förskola"


def test_plurals_follow_the_number() -> None:
    assert SV.text(Term("plan.late", {"n": Tally("late", 1)})) == f"1{NBSP}aktivitet är försenad."
    several = SV.text(Term("plan.late", {"n": Tally("late", 3)}))
    assert several == f"3{NBSP}aktiviteter är försenade."


@pytest.mark.parametrize(
    ("figure", "swedish", "english"),
    [
        (cell(), "ej redovisat", "withheld"),
        (cell(status="missing", reason="no_data"), "saknas i leveransen", "missing in the delivery"),
        (cell(status="missing", reason="no_history"), "historik saknas", "no history"),
    ],
)
def test_a_figure_that_is_not_shown_says_so(figure: Cell, swedish: str, english: str) -> None:
    assert (SV.cell(figure), EN.cell(figure, "both")) == (swedish, english)


def test_a_missing_message_is_an_error() -> None:
    with pytest.raises(InputError, match="lack the message"):
        SV.text(Term("verdict.unheard_of"))


def test_a_missing_placeholder_is_an_error() -> None:
    with pytest.raises(InputError, match="when"):
        SV.text(Term("verdict.nothing", {"who": Name("A", "A")}))


def test_a_sentence_that_asks_for_an_interval_gets_one_or_fails() -> None:
    term = Term("verdict.leavers", {"who": Name("A", "A"), "month": Month("2026-12"), "leavers": cell(47.0)})
    with pytest.raises(InputError, match="no interval"):
        SV.text(term)


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(InputError, match="choose one of sv, en"):
        Locale("de")


def test_catalogs_hold_the_same_messages_and_placeholders() -> None:
    swedish, english = (catalog(language).messages for language in LANGUAGES)
    assert set(swedish) == set(english)
    differing = [id for id in swedish if swedish[id].placeholders != english[id].placeholders]
    # a plural's only-one form may leave its number out, so placeholders are compared over all forms
    assert differing == []
    assert [id for id in swedish if len(swedish[id].forms) != len(english[id].forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_fuzzy_or_repeated(language: str) -> None:
    from importlib.resources import files

    path = files("analysis.reference").joinpath(f"messages/{language}/LC_MESSAGES/analysis.po")
    text = path.read_text(encoding="utf-8")
    with path.open("rb") as stream:
        entries = [entry for entry in read_po(stream, locale=language) if entry.id]
    assert not any(entry.fuzzy for entry in entries)
    assert text.count("\nmsgid ") == len(entries) + 1  # a repeated id would be merged by the reader
    ids = [str(entry.id if isinstance(entry.id, str) else entry.id[0]) for entry in entries]
    ids += [id for _, tables in section_words() for id in tables.get(language, {})]
    assert sorted(id for id in set(ids) if ids.count(id) > 1) == []  # each message has one home


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_name_their_placeholders(language: str) -> None:
    for id, message in catalog(language).messages.items():
        for form in message.forms:
            assert all(name != "" for _, name, _, _ in Formatter().parse(form)), id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_claims_a_cause(language: str) -> None:
    words = {
        "sv": ("beror på", "orsakas", "leder till", "driver", "påverkar", "uppsägning"),
        "en": ("because of", "caused by", "leads to", "drives", "due to", "affects"),
    }[language]
    for id, message in catalog(language).messages.items():
        assert not any(word in form.casefold() for form in message.forms for word in words), id


def test_a_per_cent_sign_never_stands_alone_on_a_line() -> None:
    for language, wrong in (("sv", r"[^\u00a0]%"), ("en", r"\s%")):
        texts = {id: form for id, message in catalog(language).messages.items() for form in message.forms}
        signs = {id: form for id, form in texts.items() if "%" in form}
        assert len(signs) > 8  # there is something to look at
        assert {id: form for id, form in signs.items() if re.search(wrong, form)} == {}


def test_a_forecast_s_interval_has_one_name_in_swedish_and_quotes_are_swedish() -> None:
    texts = " ".join(form for message in catalog("sv").messages.values() for form in message.forms)
    others = ("framtider", "av 100 möjliga", "80 procents utfall")
    assert [phrase for phrase in (*others, "«", "»", "“") if phrase in texts] == []
    assert texts.count("8 gånger av 10") + texts.count("åtta gånger av tio") >= 9
    happened = {id for id, message in catalog("sv").messages.items() if f"80{NBSP}% av utfallen" in message.forms[0]}
    assert happened <= {"hit_rate.note", "card.performance.note"}, "an outcome is what has happened"


def test_every_cause_has_a_name() -> None:
    assert all(f"cause.{cause}" in SV.catalog.messages for cause in CAUSES)


def test_figures_in_html_hold_no_more_digits_than_the_text() -> None:
    gap = report().cell("bridge", "empty", "2026", layer="reference")
    html = SV.figure(gap, "both")
    assert 'value="51"' in html
    assert "51.3" not in html
    assert 'data-cell="bridge/d0101/empty/2026/reference"' in html


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("sv", ["arkivarie", "Elevassistent", "élite", "elva", "vård", "wellness", "Åkare", "ämneslärare", "övriga"]),
        ("en", ["Åkare", "ämneslärare", "arkivarie", "Elevassistent", "élite", "elva", "övriga", "vård", "wellness"]),
        ("sv", ["Enhet 2", "Enhet 10", "en-het 3x", "Zebra", "Ängen", "Øster", "Östra"][:2]),
        ("sv", ["IT tekniker", "IT-tekniker", "itsäkerhet"]),
        ("sv", ["mull", "Müller", "myra"]),
        ("en", ["Ærø", "aft", "Zoë"]),
    ],
)
def test_names_stand_in_the_alphabet_of_the_language(language: str, ordered: list[str]) -> None:
    mixed = ordered[::-1]
    assert sorted(mixed, key=locale(language).collate) == ordered


def test_composed_and_decomposed_letters_are_one() -> None:
    assert SV.collate("a\u0308mne")[0] == SV.collate("ämne")[0] > SV.collate("zon")[0]
    assert EN.collate("Å")[0] == EN.collate("a")[0]
