"""A pseudo-language made by a script: every message of the Swedish words with its letters dressed, placeholders left
alone.

Whatever stands undressed on a page in this language did not come from a table of words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

from analysis.publishing.words.catalog import catalog

LANGUAGE = "qps"
DRESSED = str.maketrans("aeiouyåäöAEIOUYÅÄÖ", "âêîôûŷàâôÂÊÎÔÛŶÀÂÔ")


def dressed(text: str) -> str:
    """The text with its vowels dressed; placeholders stay."""
    found = []
    for literal, name, spec, _ in Formatter().parse(text):
        found.append(literal.translate(DRESSED))
        if name is not None:
            found.append("{" + name + (f":{spec}" if spec else "") + "}")
    return "".join(found)


def write(folder: Path, names: Iterable[str]) -> None:
    """Write ``<folder>/qps.toml``: all words, and the given names of reference data and delivery."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[language]", 'locale = "sv_SE"', "", "[words]"]
    for id, message in catalog("sv").messages.items():
        forms = [json.dumps(dressed(form), ensure_ascii=False) for form in message.forms]
        said = forms[0] if len(forms) == 1 else f"{{one = {forms[0]}, other = {forms[1]}}}"
        lines.append(f"{json.dumps(id)} = {said}")
    lines += ["", "[names]"]
    quoted = [[json.dumps(text, ensure_ascii=False) for text in (name, dressed(name))] for name in names]
    lines += [f"{name} = {said}" for name, said in quoted]
    (folder / f"{LANGUAGE}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
