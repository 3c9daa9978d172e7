"""The chosen method goes from stage to stage as coefficients: the same hazards, and none of them written."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.turnover import evaluate
from analysis.turnover.models import carried as memory
from analysis.turnover.scores.evaluation import Evaluation
from analysis.turnover.scores.scores import Choice
from tests.turnover.method import only
from tests.turnover.municipality import grouping, simulate


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return simulate(seed=3, people=800, years=3, departments=5, occupations=6)


@pytest.fixture(scope="module")
def fitted(cells: pd.DataFrame) -> Evaluation:
    return evaluate(cells, groups=grouping(cells), seed=9, draws=20, method=only("additive/8"))


def chosen_as(evaluation: Evaluation, candidate: str) -> dict[str, object]:
    """What is kept where a model was chosen for every cause, through JSON as the workspace writes it."""
    record = memory.kept(evaluation)
    choice = vars(Choice("model", candidate, 1.0, 3.0, 2, 1.1, 0.05))
    return json.loads(json.dumps(record | {"chosen": dict.fromkeys(CAUSES, choice)}))


def test_hazards_from_coefficients_are_those_that_were_fitted(cells, fitted, monkeypatch) -> None:
    monkeypatch.setattr(memory, "fit_candidates", lambda *_: pytest.fail("coefficients were kept: nothing to fit"))
    from analysis.turnover.models.hazards import fit

    model = fit(cells[~cells["open"]], penalty=8.0)
    evaluation = Evaluation(**{**vars(fitted), "models": {"additive/8": model}})
    again = memory.reopened(cells, chosen_as(evaluation, "additive/8"))
    unseen = cells.assign(department="new", age=cells["age"] + 10)
    for rows in (cells, unseen):
        said = again.models["additive/8"].predict(rows).to_numpy()
        np.testing.assert_allclose(said, model.predict(rows).to_numpy(), rtol=0, atol=1e-12)
        assert np.ptp(said[:, 0]) > 0.01  # not one rate for everybody
        assert np.isfinite(again.predict(rows).to_numpy()).all()


def test_trees_are_fitted_again_and_give_the_same(cells, fitted) -> None:
    from analysis.turnover.models.candidates import fit_candidates, predict_candidates

    models = fit_candidates(cells[~cells["open"]], ["average/8"])
    evaluation = Evaluation(**{**vars(fitted), "models": models})
    record = chosen_as(evaluation, "average/8")
    assert set(record["coefficients"]) == {"additive/8"}  # trees have none
    again = memory.reopened(cells, record)
    first, second = (predict_candidates(each, cells, ["average/8"])["average/8"] for each in (models, again.models))
    np.testing.assert_allclose(second.to_numpy(), first.to_numpy(), rtol=0, atol=1e-12)


def test_a_cause_that_never_happened_stays_impossible(cells, fitted) -> None:
    from analysis.turnover.models.hazards import fit

    model = fit(cells[~cells["open"]], penalty=8.0)
    assert not np.isfinite(model.intercepts[CAUSES.index("unknown")])
    record = chosen_as(Evaluation(**{**vars(fitted), "models": {"additive/8": model}}), "additive/8")
    assert (memory.reopened(cells, record).models["additive/8"].predict(cells)["unknown"] == 0.0).all()
