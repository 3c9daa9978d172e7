"""What the drafts count and list: one function for each ``fill`` of ``words.toml``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.papers.edition import Edition
from analysis.publishing.words.catalog import catalog
from analysis.reference import policy
from analysis.sections import all_sections
from analysis.sections.section import Section

Lines = list[str]
LANGUAGE = "sv"


def filled(name: str, edition: Edition, words: dict[str, Any]) -> Lines:
    """The lines of a ``fill``; none where the edition has nothing of the kind."""
    return _FILLINGS[name](edition, words)


def _controller(edition: Edition, words: dict[str, Any]) -> Lines:
    stated = edition.settings.data_protection.controller or words["fill"]["unstated"]
    contact = edition.settings.contact
    return [words["fill"]["controller"].format(controller=stated, contact=f"{contact.name}, {contact.email}")]


def _persons(edition: Edition, words: dict[str, Any]) -> Lines:
    about = edition.about
    return [
        words["fill"]["persons"].format(
            municipality=about["municipality"], persons=edition.persons, period=about["period"]
        )
    ]


def _account(edition: Edition, words: dict[str, Any]) -> Lines:
    return [words["fill"]["account"].format(**edition.about["records"])]


def _categories(edition: Edition, words: dict[str, Any]) -> Lines:
    tables: dict[str, Lines] = {}
    for each in edition.columns:
        table, _, column = each.partition(".")
        tables.setdefault(table, []).append(words["column"].get(column, column))
    return [f"{words['table'].get(table, table)}: {', '.join(columns)}." for table, columns in tables.items()]


def _retention(edition: Edition, words: dict[str, Any]) -> Lines:
    months = edition.settings.retention.months
    stated = edition.settings.data_protection.retention or words["fill"]["unstated"]
    return [words["fill"]["retention" if months else "retention_none"].format(months=months, stated=stated)]


def _log(edition: Edition, words: dict[str, Any]) -> Lines:
    if edition.log is None:
        return [words["fill"]["log_none"]]
    return [words["fill"]["log"].format(days=edition.log.days)]


def _sensitive(kind: str) -> Callable[[Edition, dict[str, Any]], Lines]:
    """Columns that were read, and parts of the pages that were published, which are sensitive in one way."""

    def lines(edition: Edition, words: dict[str, Any]) -> Lines:
        rule = words["sensitive"][kind]
        read = [each for each in rule["columns"] if each in edition.columns]
        named = [f"{words['table'].get(table, table)}: {words['column'].get(column, column)}" for table, column in
                 (each.split(".") for each in read)]  # fmt: skip
        parts = [
            f"{title_of(section)}{_from(section, words)}"
            for section in all_sections()
            if _published(section, edition)
            and (
                section.id in rule.get("sections", ())
                or any(table.sensitivity in rule["sensitivities"] and table.released_as in edition.tables
                       for table in section.publishes)
            )
        ]  # fmt: skip
        found = [words["fill"]["columns"].format(columns="; ".join(named))] if named else []
        return found + ([words["fill"]["sections"].format(sections="; ".join(parts))] if parts else [])

    return lines


def _published(section: Section, edition: Edition) -> bool:
    return any(table.released_as in edition.tables for table in section.publishes)


def _from(section: Section, words: dict[str, Any]) -> str:
    """From how many persons its most sensitive table is shown, where a number says it."""
    rules = policy()
    limits = {"health": rules.health.min_internal, "survey": rules.survey.min_internal}
    least = [limits[table.sensitivity] for table in section.publishes if table.sensitivity in limits]
    return f" ({words['fill']['least'].format(least=max(least))})" if least else ""


def title_of(section: Section) -> str:
    """A section's title, or its id where the title needs values."""
    message = catalog(LANGUAGE).messages.get(f"{section.id}.title")
    return section.id if message is None or message.placeholders else message.forms[0]


def _tables(edition: Edition, words: dict[str, Any]) -> Lines:
    return [
        title_of(section) + _from(section, words) + "."
        for section in all_sections()
        if _published(section, edition) and any(table.sensitivity not in ("open",) for table in section.publishes)
    ]


def _withheld(edition: Edition, words: dict[str, Any]) -> Lines:
    about = edition.about
    share = f"{100 * about['withheld_share']:.1f}".replace(".", ",")
    return [
        words["fill"]["withheld"].format(
            withheld=about["withheld_cells"], cells=about["cells"], profile=about["profile"], share=share
        )
    ]


def _features(edition: Edition, words: dict[str, Any]) -> Lines:
    card = edition.about["model_card"]
    return [each[LANGUAGE] for each in (*card["features"], *card["grounds"])]


_FILLINGS: dict[str, Callable[[Edition, dict[str, Any]], Lines]] = {
    "controller": _controller,
    "persons": _persons,
    "account": _account,
    "categories": _categories,
    "retention": _retention,
    "log": _log,
    "health": _sensitive("health"),
    "pay": _sensitive("pay"),
    "union": _sensitive("union"),
    "tables": _tables,
    "withheld": _withheld,
    "features": _features,
    "measures": lambda edition, words: list(words["fill"]["measures"]),
    "questions": lambda edition, words: list(words["fill"]["questions"]),
}
