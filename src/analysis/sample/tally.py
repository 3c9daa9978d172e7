"""What really happened, counted while it happens: exposure, expected and realised events per planted cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.hazards import AGE_BANDS, TENURE_BANDS
from analysis.sample.staff import HOURLY, Staff
from analysis.sample.town import Town

CAUSES = ("resignation", "retirement", "contract_end", "employer", "other", "transfer")
_MEASURES = ("exposure", *(f"expected {cause}" for cause in CAUSES), *(f"events {cause}" for cause in CAUSES))


class Tally:
    """Sums per year; hourly paid are left out, since their leaving is no turnover."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.shape = (len(town.departments), len(town.occupations), len(AGE_BANDS), len(TENURE_BANDS), 2)
        self.years: dict[int, npt.NDArray[np.float64]] = {}

    def add(
        self,
        year: int,
        measure: str,
        staff: Staff,
        ages: npt.NDArray[np.int64],
        tenures: npt.NDArray[np.int64],
        weight: npt.NDArray[Any],
    ) -> None:
        """Add ``weight`` per person (bands given by position) to one measure of one calendar year."""
        table = self.years.setdefault(year, np.zeros((len(_MEASURES), int(np.prod(self.shape)))))
        paid = staff.form != HOURLY
        where = np.ravel_multi_index(
            (staff.department[paid], staff.occupation[paid], ages[paid], tenures[paid], staff.form[paid]),
            self.shape,
        )
        weights = np.asarray(weight, dtype=float)[paid]
        table[_MEASURES.index(measure)] += np.bincount(where, weights, minlength=table.shape[1])

    def frame(self) -> pd.DataFrame:
        """One row per year, department, cell and cause with exposure: exposure, expected, events."""
        parts = []
        for year, table in sorted(self.years.items()):
            used = np.flatnonzero(table[0] > 0)
            department, occupation, age, tenure, form = np.unravel_index(used, self.shape)
            for number, cause in enumerate(CAUSES):
                parts.append(
                    pd.DataFrame(
                        {
                            "year": year,
                            "cause": cause,
                            "department": np.array([d["key"] for d in self.town.departments])[department],
                            "occupation": np.array(self.town.occupations)[occupation],
                            "age": np.array(list(AGE_BANDS))[age],
                            "tenure": np.array(list(TENURE_BANDS))[tenure],
                            "form": np.array(["permanent", "temporary"])[form],
                            "exposure": table[0, used],
                            "expected": table[1 + number, used],
                            "events": table[1 + len(CAUSES) + number, used].astype(int),
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)
