import pytest

from analysis.errors import GateError
from analysis.runner.gates import check_page

PAGE = '<html lang="sv"><head><style>p{color:#000}</style></head><body><h1>Rubrik</h1><p>%s</p></body></html>'
PERSON = "0123456789abcdef01234567"


def test_an_ordinary_page_passes() -> None:
    check_page(
        PAGE % 'Skriv till <a href="mailto:hr@example.org">HR</a>, 2025-12-31, 12 345 personer.',
        name="a",
        persons={PERSON},
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("19850709-9805", "personal identity number"),
        ("850709-9805", "personal identity number"),
        ("198507699802", "personal identity number"),
        ("850769-9802", "personal identity number"),
        (f"rad {PERSON}", "pseudonym"),
        ('<img src="https://example.org/a.png">', "outside the page"),
        ('<link rel="stylesheet" href="x.css">', "outside the page"),
        ('<script src="a.js"></script>', "outside the page"),
        ("<style>@import url(x.css)</style>", "outside the page"),
        ('<img alt="No description has been provided for this image" src="data:x">', "without a description"),
        ("<h1>En till</h1>", "main heading"),
        ("x" * 3_100_000, "MB"),
    ],
)
def test_a_page_that_holds_what_it_must_not_is_refused(content: str, said: str) -> None:
    with pytest.raises(GateError, match=said):
        check_page(PAGE % content, name="a", persons={PERSON})
