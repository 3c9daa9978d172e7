"""What every test may use: the real data beside the repository, and a small project with an edition built in it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hypothesis.internal.conjecture import engine

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared" / "data"
# the delivery that is the notebooks' default; what agrees they take over from the built edition
DELIVERY, EDITION = "data/raw/sample", "sample-2025-12"
KEYS = {"first": "test-key-number-one-0001", "second": "test-key-number-two-0002"}


ONE_WORKER = {
    "tests/browser/test_built_pages": "edition",
    "tests/browser/test_sheets": "edition",
    "tests/contracts/": "edition",
    "tests/runner/test_artefacts": "edition",
    "tests/runner/test_attack": "edition",
    "tests/runner/test_bad_input": "edition",
    "tests/runner/test_build": "edition",
    "tests/runner/test_private": "edition",
    "tests/retention/": "edition",
    "tests/papers/": "edition",
    "tests/runner/test_comparing": "edition",
    "tests/stages/test_own_workspace": "edition",
    "tests/stages/test_skills": "edition",
    "tests/notebooks/": "edition",
    "tests/turnover/test_evaluation": "evaluation",
    "tests/turnover/test_incidence": "incidence",
    "tests/turnover/test_leaks": "leaks",
    "tests/edition/test_register": "register",
    "tests/realdata/test_baltimore": "baltimore",
    "tests/extracts/test_baltimore": "six lists",
}
"""Tests that share something slow to build, by the beginning of their id."""


FIXED, FRESH = "fixed", "fresh"
hypothesis.settings.register_profile(FIXED, derandomize=True, deadline=None, print_blob=True, database=None)
hypothesis.settings.register_profile(FRESH, derandomize=False, deadline=None, print_blob=True, database=None)
hypothesis.settings.load_profile(FIXED)
# Hypothesis has no setting for it: a failure is told after half a minute of making it smaller, not after five
engine.MAX_SHRINKING_SECONDS = 30
SEED = "--hypothesis-seed"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed of a run with fresh seeds, before Hypothesis and the other processes ask for it."""
    if config.getoption("--hypothesis-profile") == FRESH and config.getoption(SEED) is None:
        config.option.hypothesis_seed = str(secrets.randbelow(2**31))


def pytest_report_header(config: pytest.Config) -> str:
    """Say which seeds a run uses, and how to have them again."""
    seed = config.getoption(SEED)
    if config.getoption("--hypothesis-profile") != FRESH:
        return "seeds: fixed (fresh ones: --hypothesis-profile=fresh)"
    return f"seeds: fresh; again with --hypothesis-profile={FRESH} {SEED}={seed}"


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """Where numpy's generators begin: 0 with fixed seeds, the seed of the run with fresh ones."""
    fresh = pytestconfig.getoption("--hypothesis-profile") == FRESH
    return int(pytestconfig.getoption(SEED)) if fresh else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep tests that share a built edition on one worker; the others go wherever there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class BySharedWork(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            # xdist's own groups need a pytest that lets node ids be rewritten
            return next((group for begin, group in ONE_WORKER.items() if nodeid.startswith(begin)), nodeid)

    return BySharedWork(config, log)


@dataclass(frozen=True)
class Project:
    """A project folder of its own, with settings, notebooks and a delivery."""

    root: Path
    delivery: Path

    @property
    def workspace(self) -> Path:
        """Tables of the edition."""
        return self.root / "data/processed" / EDITION

    @property
    def reports(self) -> Path:
        """Pages of the edition."""
        return self.root / "reports" / EDITION


@contextmanager
def working_in(folder: Path, key: str) -> Iterator[None]:
    """Stand in ``folder`` with the pseudonym key ``key``."""
    before, old = Path.cwd(), os.environ.get("ANALYSIS_PSEUDONYM_KEY")
    os.chdir(folder)
    os.environ["ANALYSIS_PSEUDONYM_KEY"] = key
    try:
        yield
    finally:
        os.chdir(before)
        if old is None:
            os.environ.pop("ANALYSIS_PSEUDONYM_KEY")
        else:
            os.environ["ANALYSIS_PSEUDONYM_KEY"] = old


def make_project(root: Path) -> Project:
    """A project without a delivery: settings with few draws, the notebooks as they are."""
    root.mkdir(parents=True, exist_ok=True)
    settings = (REPOSITORY / "analysis.toml").read_text(encoding="utf-8").replace("draws = 1000", "draws = 200")
    (root / "analysis.toml").write_text(settings, encoding="utf-8")
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(REPOSITORY / "examples" / "scenarios", root / "examples" / "scenarios")
    shutil.copyfile(REPOSITORY / "requirements.lock", root / "requirements.lock")
    return Project(root, root / DELIVERY)


@pytest.fixture(scope="session")
def mini_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample municipality, written once."""
    from analysis.sample import write_sample

    folder = tmp_path_factory.mktemp("raw") / "sample"
    write_sample(folder, employees=450, years=5, seed=7)
    return folder


def _built(root: Path, sample: Path, key: str, jobs: int) -> Project:
    from analysis.runner.build import build, request

    project = make_project(root)
    shutil.copytree(sample, project.delivery)
    with working_in(project.root, key):
        asked = request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION, jobs=jobs)
        result = build(asked)
    assert result.exit_code == 0, result.failed
    return project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, mini_sample: Path) -> Project:
    """A project in which a small edition has been built."""
    return _built(tmp_path_factory.mktemp("first") / "project", mini_sample, KEYS["first"], jobs=2)


@pytest.fixture(scope="session")
def built_again(tmp_path_factory: pytest.TempPathFactory, mini_sample: Path) -> Project:
    """The same edition built elsewhere, with another pseudonym key and one worker."""
    return _built(tmp_path_factory.mktemp("second") / "elsewhere", mini_sample, KEYS["second"], jobs=1)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; skipped with a reason where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no folder shared/data beside the repository: the real data is not here")
    return SHARED
