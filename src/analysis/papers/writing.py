"""Write the drafts of an edition to a folder."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import InputError
from analysis.papers.algorithm_register import as_json
from analysis.papers.drafts import PAPERS, draft, words
from analysis.papers.edition import read_edition


def write_papers(root: Path, name: str, target: Path) -> list[Path]:
    """Write every draft, and the model card as a record of the algorithm register.

    Args:
        root: the project's folder.
        name: the edition.
        target: folder; files of the same names are replaced.

    Returns:
        The files written.

    Raises:
        InputError: the edition is not there, or nothing can be written to the folder.
    """
    edition = read_edition(root, name)
    texts = {f"{words()['files'][paper]}.html": draft(paper, edition) for paper in PAPERS}
    texts["algoritmeregister.json"] = as_json(edition)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (target / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{target.name} cannot be written: {error.strerror}; name another folder with --out") from None
    return [target / file for file in texts]
