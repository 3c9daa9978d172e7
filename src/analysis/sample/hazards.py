"""The planted hazards: why and how fast people leave the fictitious municipality, by cause.

Every hazard is an intensity per person-year, constant within bands, so that events over exposure recover
it. The contract's end is the exception: it is decided on the day the fixed term runs out (see
``simulate``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.reference.bands import banding
from analysis.sample.staff import HOURLY, PERMANENT, TEMPORARY, Staff
from analysis.sample.town import Town, data

Floats = npt.NDArray[np.float64]


def upper_ends(banding_id: str) -> dict[str, int]:
    """Name of each band of age and the age it ends before."""
    bands = banding(banding_id)
    return dict(zip(bands.names, (*bands.starts, 999), strict=True))


AGE_BANDS = upper_ends("decades")
TENURE_BANDS = {"u2": 2, "2_5": 5, "5_10": 10, "10_plus": 999}
DRAWN_CAUSES = ("resignation", "retirement", "employer", "other")
DAYS_PER_YEAR = 365.25


def band(values: Floats, bands: dict[str, int]) -> npt.NDArray[np.int64]:
    """Position of the band each value lies in; a band holds values below its upper end."""
    return np.searchsorted(np.array(list(bands.values())[:-1]), values, side="right")


@dataclass(frozen=True)
class Planted:
    """What was drawn once for this municipality: level of each year and of each department."""

    years: dict[int, float]
    departments: Floats

    @classmethod
    def draw(cls, town: Town, years: range, rng: np.random.Generator) -> Planted:
        """Draw the year shocks and department factors; the doubled department gets exactly its factor."""
        planted = data("planted")
        shocks = np.exp(rng.normal(0.0, planted["year_shock"]["log_sd"], len(years)))
        factors = np.exp(rng.normal(0.0, planted["department_factor"]["log_sd"], len(town.departments)))
        doubled = [entry["key"] for entry in town.departments].index(planted["effects"]["doubled_department"])
        factors[doubled] = planted["effects"]["doubled_factor"]
        return cls(dict(zip(years, shocks.tolist(), strict=True)), factors)


def intensities(
    staff: Staff, age: Floats, tenure: Floats, month: np.datetime64, town: Town, planted: Planted
) -> Floats:
    """Intensity per person-year of each drawn cause: persons × ``DRAWN_CAUSES``.

    ``age`` and ``tenure`` in years at the middle of ``month``. Hourly paid leave by one common hazard,
    booked in the first column.
    """
    values = data("planted")
    year, number = int(str(month)[:4]), int(str(month)[5:7])
    result = np.zeros((len(staff), len(DRAWN_CAUSES)))
    result[:, 0] = _resignation(staff, age, tenure, year, number, town, planted)
    result[:, 1] = _retirement(age, year)
    result[:, 2] = np.where(staff.form == PERMANENT, values["employer"]["permanent"], values["employer"]["temporary"])
    result[:, 3] = np.where(age < 50, values["other"]["u50"], values["other"]["50_plus"])
    result[staff.form == HOURLY] = (values["hourly"]["leave"], 0.0, 0.0, 0.0)
    return result


def _resignation(
    staff: Staff, age: Floats, tenure: Floats, year: int, month: int, town: Town, planted: Planted
) -> Floats:
    values, effects = data("planted")["resignation"], data("planted")["effects"]
    level = town.parameter("resignation").astype(float)[staff.occupation]
    level *= np.array(list(values["age"].values()))[band(age, AGE_BANDS)]
    level *= np.array(list(values["tenure"].values()))[band(tenure, TENURE_BANDS)]
    level *= planted.departments[staff.department] * planted.years[year]
    level *= np.where(staff.form == TEMPORARY, values["temporary_factor"], 1.0)
    level *= np.where(staff.rate < 1, effects["rate_factor"], 1.0)
    level *= np.where(staff.sex == 1, effects["sex_factor"], 1.0)
    if year >= effects["ladder_start"].year:
        climbing = staff.occupation == town.occupations.index(effects["ladder_occupation"])
        level *= np.where(climbing, effects["ladder_factor"], 1.0)
    school = np.array([entry["administration"] == "f01" for entry in town.departments])[staff.department]
    season = np.where(school, values["month_school"][month - 1], values["month_other"][month - 1])
    return level * season * 12


def _retirement(age: Floats, year: int) -> Floats:
    table = data("planted")["retirement"]["until_2022" if year <= 2022 else "from_2023"]
    first = min(int(key) for key in table)
    last = max(int(key) for key in table)
    probability = np.array([0.0, *(table[str(key)] for key in range(first, last + 1))])
    whole = np.floor(age).astype(int)
    return -np.log1p(-probability[np.clip(whole - first + 1, 0, last - first + 1)])


def relief(town: Town, month: np.datetime64) -> Floats:
    """Factor on sick leave of each department in a month: what the measures against it really do."""
    keys = [entry["key"] for entry in town.departments]
    factors = np.ones(len(keys))
    for entry in data("measures")["measure"]:
        if entry["indicator"] == "sick_leave" and str(month) >= entry["start"]:
            factors[keys.index(entry["department"])] *= entry["planted"]
    return factors
