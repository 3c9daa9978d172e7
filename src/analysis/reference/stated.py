"""A file of settings that a person writes: read as TOML and checked by a model, with one sentence where it is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from analysis.errors import InputError

M = TypeVar("M", bound=BaseModel)


def stated(path: Path, model: type[M], *, absent: str) -> M:
    """What a file states.

    Args:
        path: the file.
        model: what it may hold.
        absent: what to say where it is not there.

    Raises:
        InputError: it is not there, no TOML, or holds something unknown or wrong; the place is named.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise InputError(absent) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} is not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path.name}: {where or 'file'}: {first['msg']}") from None
