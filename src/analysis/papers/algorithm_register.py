"""The model card as a record of the Dutch public algorithm register (Publicatiestandaard 1.0.0)."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis.papers.edition import Edition
from analysis.reference import policy


@cache
def standard() -> dict[str, Any]:
    """The fields of the standard and what the model card says in them (``algorithm_register.toml``)."""
    return tomllib.loads(Path(__file__).with_name("algorithm_register.toml").read_text(encoding="utf-8"))


def record(edition: Edition) -> dict[str, Any]:
    """Every field of the standard in its order; empty where only the controller can say it.

    Args:
        edition: what it is drafted from.
    """
    found: dict[str, Any] = {}
    facts = _facts(edition)
    for field in standard()["field"]:
        if "list" in field:
            found[field["id"]] = list(field["list"])
        else:
            text = str(field.get("text", "")).format(**facts)
            found[field["id"]] = _cut(text, field["longest"]) if field["longest"] else text
    return found | {"lang": standard()["language"], "standard_version": standard()["version"]}


def as_json(edition: Edition) -> str:
    """``record`` as the text of a file."""
    return json.dumps(record(edition), ensure_ascii=False, indent=1) + "\n"


def _facts(edition: Edition) -> dict[str, object]:
    about = edition.about
    card = about["model_card"]
    methods = sorted({str(each.get("method", each)) if isinstance(each, dict) else str(each)
                      for each in about["methods"].values()})  # fmt: skip
    return {
        "municipality": about["municipality"],
        "email": about["contact"]["email"],
        "least": policy().forecast.min_at_risk,
        "withheld": f"{100 * about['withheld_share']:.0f} %",
        "features": "; ".join(each["sv"] for each in card["features"]),
        "excluded": "; ".join(each["sv"] for each in card["excluded"]),
        "methods": ", ".join(methods),
        "period": about["period"],
        "code": about["passport"]["code"][:12],
        "edition": edition.name,
    }


def _cut(text: str, longest: int) -> str:
    """At most so many characters, whole words; the standard refuses longer texts."""
    if len(text) <= longest:
        return text
    return text[: longest - 2].rsplit(" ", 1)[0] + " …"
