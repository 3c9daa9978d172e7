"""What every test may use: the real data beside the repository, and a small project with an edition built in it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from hypothesis.internal.conjecture import engine

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared" / "data"
# the delivery that is the notebooks' default; what agrees they take over from the built edition
DELIVERY, EDITION = "data/raw/sample", "sample-2025-12"
KEYS = {"first": "test-key-number-one-0001", "second": "test-key-number-two-0002"}


ONE_WORKER = {
    "tests/browser/test_built_pages": "pages",
    "tests/browser/test_sheets": "pages",
    "tests/edition/test_register": "register",
    "tests/turnover/leaks/test_alarm": "leaks",
    "tests/turnover/scores/test_evaluation": "evaluation",
    "tests/notebooks/": "notebooks",
    "tests/runner/test_build": "builds",
    "tests/runner/test_bad_input": "bad input",
    "tests/stages/test_own_workspace": "own workspace",
    "tests/turnover/forecasts/test_incidence": "incidence",
    "tests/realdata/test_baltimore": "baltimore",
    "tests/extracts/test_baltimore": "six lists",
    "tests/stages/test_leak_alarm": "leak alarm",
    "tests/sample/test_sample": "sample",
    "tests/sections/test_missing": "missing",
    "tests/sample/test_demand": "demand",
    "tests/sample/test_recruitment": "recruitment",
    "tests/turnover/test_planted": "planted",
    "tests/extracts/proposing/test_round_trip": "round trip",
    "tests/edition/test_publish": "publish",
    "tests/contracts/": "edition",
    "tests/runner/test_artefacts": "edition",
    "tests/runner/test_attack": "edition",
    "tests/runner/test_cluster": "edition",
    "tests/runner/test_incremental": "edition",
    "tests/runner/test_private": "edition",
    "tests/runner/test_verify": "edition",
    "tests/runner/test_comparing": "edition",
    "tests/runner/test_diff": "edition",
    "tests/retention/": "edition",
    "tests/papers/": "edition",
    "tests/downloads/test_built": "edition",
    "tests/documents/test_built": "edition",
    "tests/stages/test_changes": "edition",
    "tests/stages/test_skills": "edition",
    "tests/sections/levers/test_built": "edition",
}
"""Tests that share something slow to make, or take long, by the beginning of their id; in this order, first."""


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


def _group(nodeid: str) -> str:
    """Tests of one file share what its fixtures made: a file on three workers makes it three times."""
    return next((group for begin, group in ONE_WORKER.items() if nodeid.startswith(begin)), nodeid.split("::")[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that at the end every worker has something left to do."""
    rank = {group: place for place, group in enumerate(dict.fromkeys(ONE_WORKER.values()))}
    items.sort(key=lambda item: rank.get(_group(item.nodeid), len(rank)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep tests that share something slow on one worker; the others go wherever there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class BySharedWork(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)  # xdist's own groups need a pytest that lets node ids be rewritten

    config.option.loadscopereorder = False  # in the order of collection, not by the number of tests
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


def _shared(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that all workers of a run share, filled by the first that asks for it."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{place}.lock"):
        if not place.with_suffix(".whole").exists():
            shutil.rmtree(place, ignore_errors=True)
            make(place)
            place.with_suffix(".whole").touch()
    return place


@pytest.fixture(scope="session")
def mini_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample municipality, written once."""
    from analysis.sample import write_sample

    return _shared(tmp_path_factory, "sample", lambda folder: write_sample(folder, employees=450, years=5, seed=7))


def build_project(root: Path, sample: Path, key: str, jobs: int) -> Project:
    """A project in which the edition of a sample has been built."""
    from analysis.runner.build import build
    from analysis.runner.request import request

    project = make_project(root)
    shutil.copytree(sample, project.delivery)
    with working_in(project.root, key):
        asked = request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION, jobs=jobs)
        result = build(asked)
    assert result.exit_code == 0, result.failed
    return project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, mini_sample: Path) -> Project:
    """A project in which a small edition has been built: once for all workers, and each has a copy of its own."""
    whole = _shared(
        tmp_path_factory, "edition", lambda folder: build_project(folder, mini_sample, KEYS["first"], jobs=2)
    )  # fmt: skip
    root = tmp_path_factory.mktemp("first") / "project"
    shutil.copytree(whole, root, symlinks=True)
    return Project(root, root / DELIVERY)


@pytest.fixture(scope="session")
def built_again(tmp_path_factory: pytest.TempPathFactory, mini_sample: Path) -> Project:
    """The same edition built elsewhere, with another pseudonym key and one worker; tests only read it."""
    root = _shared(
        tmp_path_factory, "elsewhere", lambda folder: build_project(folder, mini_sample, KEYS["second"], jobs=1)
    )  # fmt: skip
    return Project(root, root / DELIVERY)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; skipped with a reason where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no folder shared/data beside the repository: the real data is not here")
    return SHARED
