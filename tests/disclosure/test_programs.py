"""One linear programme that is asked again and again gives what a new one gives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from analysis.disclosure.programs import Program


def some_sums(seed: int, *, size: int = 30, many: int = 12) -> tuple[csr_array, np.ndarray]:
    """Sums of random counts, and the counts."""
    random = np.random.default_rng(seed)
    forms = csr_array((random.random((many, size)) < 0.2).astype(float) - (random.random((many, size)) < 0.03))
    return forms, random.poisson(4, size).astype(float)


@pytest.mark.parametrize("seed", range(8))
def test_every_end_is_that_of_a_programme_of_its_own(seed: int) -> None:
    forms, true = some_sums(seed)
    value = forms @ true
    random = np.random.default_rng(seed + 100)
    asked = Program(forms, value)
    for _ in range(60):
        known = random.random(len(true)) < 0.4  # what is shown changes between two questions
        low, high = np.where(known, true, 0.0), np.where(known, true, 50.0)
        goal = np.zeros(len(true))
        goal[random.integers(len(true))] = random.choice([-1.0, 1.0])
        ours = asked.most(goal, low, high)
        theirs = milp(-goal, constraints=LinearConstraint(forms, value, value), bounds=Bounds(low, high))
        assert ours is not None
        assert goal @ ours == pytest.approx(-theirs.fun, abs=1e-6)
        assert forms @ ours == pytest.approx(value, abs=1e-6)


def test_what_contradicts_itself_has_no_answer_and_the_next_question_has_one() -> None:
    total = Program(csr_array(np.array([[1.0, 1.0, -1.0]])), np.zeros(1))
    goal, high = np.array([0.0, 0.0, 1.0]), np.array([5.0, 5.0, 30.0])
    assert total.most(goal, np.array([0.0, 0.0, 11.0]), high) is None
    assert total.most(goal, np.zeros(3), high) == pytest.approx([5, 5, 10])


def test_counts_without_a_relation_are_as_large_as_they_may_be() -> None:
    alone = Program(csr_array((0, 2)), np.zeros(0))
    assert alone.most(np.array([1.0, -1.0]), np.zeros(2), np.array([3.0, 4.0])) == pytest.approx([3, 0])


def test_equal_questions_in_equal_order_have_equal_answers() -> None:
    forms, true = some_sums(3)
    value = forms @ true
    goals = np.random.default_rng(5).normal(size=(20, len(true)))

    def answers() -> np.ndarray:
        asked = Program(forms, value)
        return np.array([asked.most(goal, np.zeros(len(true)), np.full(len(true), 50.0)) for goal in goals])

    assert (answers() == answers()).all()
