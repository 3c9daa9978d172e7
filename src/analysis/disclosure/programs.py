"""A linear programme that is asked again and again: HiGHS goes on from the solution before."""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csr_array

PRIMAL_SIMPLEX = 4
"""What changes from one question to the next is mostly the goal, so that the solution before is still allowed."""


class Program:
    """The most of a weighted sum of counts that relations hold together.

    A question that differs little from the one before costs a few pivots, where a new programme costs all of them. The
    same questions in the same order have the same answers.

    Args:
        forms: relations, one row each.
        value: what each adds up to.
    """

    def __init__(self, forms: csr_array, value: np.ndarray) -> None:
        many, size = forms.shape
        self._low, self._high = np.full(size, -np.inf), np.full(size, np.inf)
        self._goal = np.zeros(size)
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._highs.setOptionValue("presolve", "off")  # it would begin anew
        self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        self._highs.addVars(size, self._low, self._high)
        starts, places = forms.indptr[:-1].astype(np.int32), forms.indices.astype(np.int32)
        self._highs.addRows(many, value, value, forms.nnz, starts, places, forms.data.astype(float))

    def most(self, goal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
        """Counts at which the goal is largest; None if no counts agree with the relations.

        Args:
            goal: weight of each count.
            low: the least that each may be.
            high: the most that each may be.

        Raises:
            ArithmeticError: HiGHS finds no answer.
        """
        moved = np.flatnonzero((low != self._low) | (high != self._high))
        if len(moved):
            self._highs.changeColsBounds(len(moved), moved.astype(np.int32), low[moved], high[moved])
            self._low, self._high = low.copy(), high.copy()
        other = np.flatnonzero(goal != self._goal)
        if len(other):
            self._highs.changeColsCost(len(other), other.astype(np.int32), -goal[other])
            self._goal = goal.copy()
        for _ in range(2):
            self._highs.run()
            status = self._highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                return np.array(self._highs.getSolution().col_value)
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            self._highs.clearSolver()  # once more from the beginning: rounding may lead a long chain astray
        raise ArithmeticError(f"the range of a count could not be solved: {self._highs.modelStatusToString(status)}")

    @property
    def prices(self) -> np.ndarray:
        """By how much the goal of the last answer would grow with what each relation adds up to."""
        return -np.array(self._highs.getSolution().row_dual)
