"""What a page may be made of."""

import ast
import json
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Derived, Fact, Month, Name, PlanRow, Tally, Term, pack, unpack
from analysis.publishing.objects.stock import MIME, Bars, Group, Line, Note, Step, Table, Verdict, restore
from analysis.publishing.views import registry as views
from analysis.publishing.words.locale import locale
from analysis.sections import all_sections
from tests.publishing.fixture import plan, report
from tests.publishing.showing import show


@pytest.mark.parametrize("bare", [47, 47.0, "47 saknas", {"gap": 47}, object()])
def test_a_bare_value_cannot_be_put_on_a_page(bare: object) -> None:
    with pytest.raises(TypeError, match="bare"):
        Note(bare)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Verdict(Term("verdict.lack", {"gap": bare}))
    with pytest.raises(TypeError):
        Table(Term("x"), (), (Line(Name("a", "a"), (bare,)),))


def test_rows_check_their_atoms_as_well() -> None:
    with pytest.raises(TypeError):
        Step(Term("bridge.gap"), 47.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Group("förskollärare", report().cell("groups", "x"))  # type: ignore[arg-type]


def test_a_month_is_a_month() -> None:
    with pytest.raises(ValueError, match="month"):
        Month("2026-13")


SHOWN = [section.id for section in all_sections() if section.place_on("department")]


@pytest.mark.parametrize("id", SHOWN)
def test_an_object_survives_the_notebook(id: str) -> None:
    shown = show(id, report())
    if shown is None:  # nothing to say of this department
        return
    stored = json.loads(json.dumps(shown.bundle()))
    assert stored["version"] == 1
    assert restore(stored) == shown


def test_a_withheld_cell_carries_no_number_into_the_notebook() -> None:
    shown = show("ladders", report())
    bars = [bar for item in shown.items if isinstance(item, Bars) for bar in item.bars]
    silent = [bar for bar in bars if bar.cell.status == "withheld"]
    assert silent
    assert all(pack(bar)["cell"]["value"] is None for bar in silent)


def test_jupyterlab_gets_html_unless_a_build_says_not(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show("bridge", report())
    monkeypatch.delenv("ANALYSIS_RENDER", raising=False)
    both = shown._repr_mimebundle_()
    assert set(both) == {MIME, "text/html"}
    assert "Behovet post för post" in both["text/html"]
    monkeypatch.setenv("ANALYSIS_LANGUAGE", "en")
    assert "The need, part by part" in shown._repr_mimebundle_()["text/html"]
    monkeypatch.setenv("ANALYSIS_RENDER", "data")
    assert set(shown._repr_mimebundle_()) == {MIME}


def test_an_object_of_another_version_is_refused() -> None:
    with pytest.raises(InputError, match="unknown page object"):
        unpack({"is": "Gauge", "value": 3})


def test_activities_of_other_departments_are_not_on_the_page() -> None:
    rows = PlanRow.all(report("d0201"))
    assert [row.activity for row in rows] == ["A021", "A031"]
    assert len(PlanRow.all(report("all"))) == len(plan())
    assert Tally.unmeasured(rows).n == 1


def test_a_plan_without_values_in_some_columns_is_read() -> None:
    frame = plan()
    frame.loc[0, "indicator_name_sv"] = None
    row = PlanRow.read(frame.iloc[0].to_dict())
    assert row.indicator_name == Name("Share with licence", "Share with licence")


@pytest.mark.parametrize(("found", "said"), [(0, "trust.data.text"), (3, "trust.data.checked")])
def test_the_box_of_trust_counts_what_was_found_when_the_delivery_was_checked(found: int, said: str) -> None:
    packed = json.dumps(show("trust", report(facts={"quality": {"after": "", "found": found}})).bundle())
    assert [name for name in ("trust.data.text", "trust.data.checked") if f'"{name}"' in packed] == [said]
    assert ("quality.found" in packed) == bool(found)


def test_staff_stands_in_the_alphabet_of_each_language_with_the_total_below() -> None:
    shown = show("headcount", report())
    assert isinstance(shown, Table)
    assert len(shown.by_name) > 2
    for language in ("sv", "en"):
        words = locale(language)
        heads = [str(head) for head, _ in views.table(shown, words, "x")["grid"].rows]
        count = len(shown.by_name)
        assert heads[:count] == sorted(heads[:count], key=words.collate)
        assert heads[count].casefold() == words.show(shown.rows[0].head).casefold()


def test_the_english_page_has_the_order_of_its_own_names() -> None:
    names = [Name("äldreomsorg", "care"), Name("bibliotek", "library"), Name("åkeri", "haulage")]
    shown = Table(Term("headcount.caption"), (), (), by_name=tuple(Line(name, ()) for name in names))
    heads = {
        language: [str(head) for head, _ in views.table(shown, locale(language), "x")["grid"].rows]
        for language in ("sv", "en")
    }
    assert heads == {"sv": ["Bibliotek", "Åkeri", "Äldreomsorg"], "en": ["Care", "Haulage", "Library"]}


def test_a_fact_is_read_from_the_record_and_never_written_by_hand() -> None:
    """A number that somebody types into a page has no cell and no path: nobody could say where it came from."""
    package = Path(__file__).parents[3] / "src" / "analysis"
    made = [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact"
    ]
    assert made == []


def test_a_fact_carries_the_path_it_was_read_from() -> None:
    about = {"records": {"read": 5}, "passport": {"inputs": [["a/b.csv", "0123456789abcdef"]]}}
    assert Fact.of(about, "records", "read") == Fact("records.read", 5)
    name, digest = (Fact.of(about, "passport", "inputs", 0, place) for place in (0, 1))
    assert name is not None
    assert name.without_folders().value == "b.csv"
    assert digest is not None
    assert digest.shortened(4) == Fact("passport.inputs.0.1", "0123")
    assert Fact.of(about, "passport", "inputs", 1, 0) is None
    assert Fact.of(about, "records") is None


def test_a_derived_figure_rests_on_cells_that_are_shown_and_names_them() -> None:
    whole = report()
    cells = tuple(whole.cell("bridge", cause, "2026", layer="reference") for cause in ("resignation", "retirement"))
    derived = Derived(60.7, cells)
    assert restore_atom(derived) == derived
    said = locale("sv").html(Term("unit.kronor", {"n": derived}))
    assert 'data-cells="bridge/d0101/{resignation,retirement}/2026/reference"' in said
    with pytest.raises(ValueError, match="shown"):
        Derived(1.0, (whole.cell("bridge", "nobody", "2026"),))


def restore_atom(atom: object) -> object:
    return unpack(json.loads(json.dumps(pack(atom))))


def test_whose_page_it_is_stands_in_an_output_of_jupyterlab_too() -> None:
    html = show("masthead", report())._repr_mimebundle_()["text/html"]
    assert "Förskola" in html
    assert ".rapport.rapport.rapport" in html  # above JupyterLab's own rules for tables
