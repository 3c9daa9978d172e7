"""The edition as its readers and its operator meet it."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.access.doors import departments_on
from analysis.reference.parts import FILLED, NEEDED, OTHER_CAUSES
from analysis.stages.pipeline import CARDS
from analysis.tables.protected import EVERYONE, ORGANISATION
from tests.conftest import Project
from tests.publishing.showing import show

TIMES = ("started", "finished", "seconds")


def pages(project: Project) -> dict[str, str]:
    found = sorted(project.reports.rglob("*.html"))
    return {path.relative_to(project.reports).as_posix(): path.read_text(encoding="utf-8") for path in found}


def reported(project: Project) -> list[str]:
    table = pd.read_parquet(project.workspace / "protected/departments.parquet")
    return table.loc[table["status"] == "reported", "key"].tolist()


def test_every_reported_department_has_a_page_in_both_languages(built: Project) -> None:
    keys = [*reported(built), "organisation"]
    assert len(keys) >= 8
    names = [f"{key}/{name}" for key in [*keys, EVERYONE] for name in (key, "underlag")]
    expected = {f"{name}.{language}.html" for name in [*names, *CARDS] for language in ("sv", "en")}
    assert set(pages(built)) == expected | {"index.html", "index.en.html"}


def test_the_organisations_page_for_everyone_shows_no_department(built: Project) -> None:
    assert departments_on(pages(built)["organisation/organisation.sv.html"]) > {ORGANISATION}
    assert {name for name in pages(built) if departments_on(pages(built)[name]) <= {ORGANISATION}} >= {
        "everyone/everyone.sv.html", "everyone/underlag.en.html", "model-card.sv.html", "samverkan.sv.html",
        "plan.sv.html", "careers.sv.html", "managers.sv.html",
    }  # fmt: skip


def test_the_index_links_to_every_page_of_its_language(built: Project) -> None:
    links = set(re.findall(r'href="([^"#]+\.html)"', pages(built)["index.html"]))
    assert {f"{key}/{key}.sv.html" for key in [*reported(built), "organisation"]} <= links
    assert "../index.html" in links, "the list of editions, which is part of none"
    assert links - {"../index.html"} <= set(pages(built))
    assert (built.reports.parent / "index.html").is_file()


def test_two_builds_are_byte_equal_whatever_the_key_the_folder_and_the_workers(
    built: Project, built_again: Project
) -> None:
    assert pages(built) == pages(built_again)
    for name in ("cells", "plan", "departments"):
        one, other = ((p.workspace / f"protected/{name}.parquet").read_bytes() for p in (built, built_again))
        assert one == other, name
    for path in sorted((built.workspace / "results").glob("*.parquet")):
        assert path.read_bytes() == (built_again.workspace / "results" / path.name).read_bytes(), path.name
    first, second = (json.loads((p.reports / "run.json").read_text()) for p in (built, built_again))
    for name in TIMES:
        first.pop(name), second.pop(name)
    # files about persons are named by hashes under the key, which tells nobody what they hash to
    named, again = first.pop("inputs"), second.pop("inputs")
    assert [name for name, _ in named] == [name for name, _ in again]
    assert first.pop("pseudonym_key") != second.pop("pseudonym_key")
    assert first == second


def test_the_pseudonyms_themselves_differ_by_key(built: Project, built_again: Project) -> None:
    one, other = (
        set(pd.read_parquet(p.workspace / "tables/employments.parquet")["person"]) for p in (built, built_again)
    )
    assert len(one) == len(other)
    assert not one & other


def test_no_person_is_in_anything_published_or_in_any_result(built: Project) -> None:
    tables = built.workspace / "tables"
    persons = set(pd.read_parquet(tables / "employments.parquet")["person"])
    raw = (built.delivery / "anstallningar.csv").read_bytes().decode("cp1252")
    numbers = set(re.findall(r"(?m)^\s*\"?(\d{5,})", raw))
    assert len(persons) > 450
    assert len(numbers) > 450
    published = "\n".join([*pages(built).values(), (built.reports / "run.json").read_text(encoding="utf-8")])
    tokens = set(re.findall(r"[0-9a-f]{24}", published))
    assert not tokens & persons
    assert not set(re.findall(r"\d{5,}", re.sub(r"[0-9a-f]{64}", "", published))) & numbers
    folders = [built.workspace / "results", built.workspace / "protected"]
    for path in [found for folder in folders for found in folder.glob("*.parquet")]:
        table = pd.read_parquet(path)
        assert not {"person", "employment", "birth", "sex", "pay", "name_key", "given_key"} & set(table.columns), (
            path.name
        )
        for column in table.columns:
            if not pd.api.types.is_numeric_dtype(table[column]):
                assert not set(table[column].dropna().astype("str")) & (persons | numbers), (path.name, column)


def test_no_result_forecasts_fewer_than_twenty(built: Project) -> None:
    for name in ("recruitment", "recruitment_fan", "leavers", "track_record"):
        table = pd.read_parquet(built.workspace / f"results/{name}.parquet")
        assert (table["n"] >= 20).all(), name


def test_the_published_bridge_adds_up_to_the_need_and_down_to_what_stays_empty(built: Project) -> None:
    cells = pd.read_parquet(built.workspace / "protected/cells.parquet")
    own = cells[(cells["table"] == "bridge") & (cells["layer"] == "reference")]
    wide = own.pivot_table(index=["department", "column"], columns="row", values="value").fillna(0.0)
    filled = wide[[part for part in FILLED if part in wide]].sum(axis=1)
    needed = wide[[part for part in (*NEEDED, OTHER_CAUSES) if part in wide]].sum(axis=1)
    pd.testing.assert_series_equal(needed, wide["recruitment_need"], check_names=False)
    pd.testing.assert_series_equal(wide["recruitment_need"] + filled, wide["empty"], check_names=False)
    # departments without a report are part of the whole: their rows stay among the results
    table = pd.read_parquet(built.workspace / "results/recruitment.parquet").query("occupation == 'total'")
    keys = ["year", "scenario", "part"]
    whole = table["department"] == ORGANISATION
    sums = table[~whole].groupby(keys)["expected"].sum(min_count=1).dropna()
    expected = table[whole].set_index(keys)["expected"].dropna().sort_index()
    pd.testing.assert_series_equal(sums, expected, check_names=False, check_index_type=False)


def test_the_retention_lever_closes_part_of_the_gap(built: Project) -> None:
    table = pd.read_parquet(built.workspace / "results/staffing_what_if.parquet")
    whole = table[table["department"] == ORGANISATION].set_index(["year", "choice"])
    for year in sorted({year for year, _ in whole.index}):
        assert whole.loc[(year, "retention"), "expected"] < whole.loc[(year, "reference"), "expected"]


def test_records_in_are_records_accounted_for(built: Project) -> None:
    run = json.loads((built.reports / "run.json").read_text(encoding="utf-8"))
    for line in [*run["files"], run["records"]]:
        parts = ("accepted", "quarantined", "merged", "excluded", "structural")
        assert line["read"] == sum(line[name] for name in parts), line
    assert run["cells_withheld"] > 0
    files = {path.relative_to(built.reports).as_posix() for path in built.reports.rglob("*") if path.is_file()}
    assert set(run["pages"]) == files - {"run.json"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for _, digest in run["inputs"])


def test_no_path_of_this_machine_is_published(built: Project) -> None:
    published = "\n".join([*pages(built).values(), (built.reports / "run.json").read_text(encoding="utf-8")])
    assert str(built.root) not in published
    assert str(Path.home()) not in published


@pytest.mark.parametrize(
    "name", ["index.html", "organisation/organisation.sv.html", "organisation/organisation.en.html"]
)
def test_pages_say_what_they_are_for(built: Project, name: str) -> None:
    words = "beslut om enskild" if "sv" in name or name == "index.html" else "decisions about individual"
    assert words in pages(built)[name]


def test_a_later_edition_shows_what_the_one_before_said(built: Project) -> None:
    from analysis.stages.disclosure import earlier_cells

    cells = earlier_cells(str(built.workspace), reported(built))
    assert set(cells["layer"]) == {"previous"}
    assert set(cells["row"]) == {"recruitment_need", "empty"}
    assert len(earlier_cells("", [])) == 0


def test_the_page_of_a_later_edition_names_what_the_one_before_expected(built: Project) -> None:
    from analysis.stages.disclosure import earlier_cells
    from analysis.tables.protected import ProtectedReport

    folder = built.workspace / "protected"
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    tables = [pd.read_parquet(folder / f"{name}.parquet") for name in ("cells", "plan", "departments")]
    alone = ProtectedReport(*tables, about, ORGANISATION)
    tables[0] = pd.concat([tables[0], earlier_cells(str(built.workspace), reported(built))], ignore_index=True)
    later = ProtectedReport(*tables, about, ORGANISATION)
    assert "Förra utgåvan" not in show("trust", alone)._repr_mimebundle_()["text/html"]
    assert "Förra utgåvan" in show("trust", later)._repr_mimebundle_()["text/html"]
