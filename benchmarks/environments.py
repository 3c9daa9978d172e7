"""An environment of their own for peers whose requirements do not agree with ours."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

PLACE = Path(__file__).parents[1] / ".cache/benchmarks"


def python_with(name: str, packages: Sequence[str], *, ours: bool = False) -> Path | None:
    """Python of an environment, made if it is not there; None, with a line that says so, if it cannot be.

    Args:
        name: of the environment.
        packages: what is installed in it.
        ours: whether what this environment holds can be imported there too.
    """
    place = PLACE / name
    python = place / "bin/python"
    if not (place / ".ready").is_file():
        print(f"{name}: making an environment with {', '.join(packages)}")
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            for held in place.glob("lib/python3*/site-packages") if ours else ():
                (held / "ours.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
            subprocess.run(install, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{name}: NOT compared, they cannot be installed ({type(error).__name__})")
            return None
        (place / ".ready").touch()
    return python
