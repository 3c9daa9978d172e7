"""A fictitious municipality whose truth is known: raw files, their errors, and what was planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.sample import (
    assigned,
    demand,
    measured,
    needs,
    practised,
    raw,
    raw_practices,
    registered,
    required,
    skills,
    town,
    writing,
)
from analysis.sample import pay_system as records
from analysis.sample.career_truth import career_truth
from analysis.sample.certified import certificate_truth, certificates
from analysis.sample.figure_truth import Drawn, figure_truth
from analysis.sample.leak import check_kind, in_organisation, in_rows
from analysis.sample.mess import mess, planted
from analysis.sample.practice_truth import practice_truth
from analysis.sample.simulate import History, simulate
from analysis.sample.staff import NEVER
from analysis.sample.truth import write_truth

MIN_EMPLOYEES = 200

__all__ = ["write_sample"]


def write_sample(
    folder: Path,
    *,
    employees: int = 6800,
    years: int = 9,
    seed: int = 20251231,
    leak: str | None = None,
    variant: str = "usual",
    shock: tuple[str, float] | None = None,
) -> None:
    """Write a delivery of the fictitious municipality, and the truth about it.

    The cut-off is 2025-12-31. Same arguments, same bytes. People are invented; they carry employee numbers
    and no personal identity numbers.

    Args:
        folder: Gets the raw files, ``delivery.toml`` and ``truth/``; made if it does not exist.
        employees: Persons employed at the cut-off, about 88 per cent of them monthly paid.
        years: Calendar years of history up to the cut-off.
        seed: Seed of everything that is drawn.
        leak: Feature that is made to know the future (``sample.leak``), none by default.
        variant: How posts are filled: ``usual``, ``tight`` or ``brisk`` (``recruitment.toml``).
        shock: First month (YYYY-MM) from which on the chance of filling a post is times a factor, and the factor.

    Raises:
        InputError: fewer than 200 employees or less than two years are asked for, or a leak or a variant that is
            not known.
    """
    check_kind(leak)
    if employees < MIN_EMPLOYEES or years < 2:
        raise InputError(
            f"a sample of {employees} employees and {years} years is too small; "
            f"ask for at least {MIN_EMPLOYEES} employees and 2 years"
        )
    laid, lived, named, paid, learned, needed, messed, asked, answered, skilled, took, given, dated, booked = (
        np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(14)
    )
    place = town.build(employees, laid)
    history, staff = simulate(place, years=years, rng=lived, variant=variant, shock=shock)
    names = records.Names.draw(history.persons, named)
    rows = records.employments(history, names, paid)
    courses, e_learning = skills.training(history, staff, rows, names, learned)
    first = [model for model in skills.LADDERS if model != "care_levels"]
    parts = (
        skills.competence(history, names, learned, first),
        skills.competence(history, names, skilled, ["care_levels"]),
    )
    steps = pd.concat(parts, ignore_index=True)
    can = required.held(history, rows, names, skilled)
    persons = rows["person"].unique()
    licences = skills.qualifications(history, names, persons)
    pairs = set(zip(licences["person"].tolist(), licences["kind"].tolist(), strict=True))
    crowd = practised.Crowd(history, staff, rows, names, pairs)
    courses = practised.attended(courses, took)
    drawn = Practices.draw(crowd, took, given, dated)
    rows = in_rows(measured.terms(rows, history, asked), leak)
    place = replace(place, organisation=in_organisation(place.organisation, leak))
    tables = {
        "employments": raw.employments(rows, place, paid),
        "exits": raw.exits(told := measured.exit_answers(records.exits(history, names), answered), paid),
        "hours": raw.hours(records.hours(history, names, paid)),
        "absences": raw.absences(
            away := measured.spells_and_extra_time(
                measured.more_hours(records.absences(history, names, paid), asked), booked
            )
        ),
        "organisation": raw.organisation(place),
        "qualifications": raw.qualifications(licences),
        "competence": raw.competence(steps),
        "training": raw.training(courses),
        "managers": raw.managers(led := skills.managers(history, rows)),
        "vacancies": raw.vacancies(needs.vacancies(history, needed), place),
        "volumes": raw.volumes(needs.volumes(history)),
        "staffing_ratios": raw.staffing_ratios(needs.staffing_ratios(history, staff)),
    }
    plan = files(__package__).joinpath("plan.csv")
    activities = None
    if plan.is_file():
        with plan.open(encoding="utf-8") as source:
            activities = pd.read_csv(source, sep=";", dtype="str", keep_default_na=False)
        tables["activities"] = raw.activities(activities)
    tables |= {
        "survey": raw.survey(said := measured.survey(history, asked)),
        "teaching": raw.teaching(taught := measured.teaching(history, names, asked)),
        "development_plans": raw.development_plans(plans := measured.development_plans(staff, names, asked)),
        "finance": raw.finance(money := measured.with_staff_cost(measured.finance(history, asked), booked)),
        "population": raw.population(demand.population(history)),
        "participation": raw.participation(demand.participation(history)),
        "workload": raw.workload(demand.workload(place)),
        "budgeted_posts": raw.budgeted_posts(demand.budgeted_posts(place), place),
        "competences": raw.competences(can),
        "requirements": raw.requirements(required.requirements(place)),
        **drawn.raw(),
    }
    ledger = registered.measures(history)
    tables["measures"] = registered.raw(ledger)
    gaps = required.truth(history, staff, steps, can)
    need = demand.planted_need(history, staff)
    beside = Drawn(
        rows=rows, courses=courses, mentored=drawn.mentored, answers=drawn.answers, survey=said, teaching=taught,
        plans=plans, finance=money, exits=told, absences=away, gaps=gaps, led=led, activities=activities,
    )  # fmt: skip
    counted = practice_truth(
        crowd, learned=drawn.learned, courses=courses, held=drawn.held, mentored=drawn.mentored, told=drawn.told,
        spoken=drawn.spoken,
        more=[
            *career_truth(
                crowd, learned=_every(drawn.learned, courses), held=drawn.held, steps=steps, can=can, licences=licences
            ),
            *figure_truth(crowd, beside),
            *certificate_truth(crowd, drawn.certified),
        ],
    )  # fmt: skip
    _write(folder, history, tables, messed, e_learning=e_learning, need=need, gaps=gaps, counted=counted, ledger=ledger)


def _every(learned: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """All participation, courses of the business plan included; a day that never comes is none."""
    both = pd.concat([learned, courses.reindex(columns=learned.columns)], ignore_index=True)
    return both.assign(end=both["end"].mask(both["end"] >= NEVER))


@dataclass(frozen=True)
class Practices:
    """What was drawn of practices, a table per file."""

    learned: pd.DataFrame
    held: pd.DataFrame
    mentored: pd.DataFrame
    spoken: pd.DataFrame
    told: pd.DataFrame
    answers: pd.DataFrame
    certified: pd.DataFrame

    @classmethod
    def draw(
        cls, crowd: practised.Crowd, took: np.random.Generator, given: np.random.Generator, dated: np.random.Generator
    ) -> Practices:
        """Draw them all."""
        return cls(
            practised.training(crowd, took),
            assigned.assignments(crowd, given),
            assigned.mentoring(crowd, given),
            assigned.swedish(crowd, given),
            assigned.follow_up(crowd, given),
            assigned.manager_survey(crowd, given),
            certificates(crowd, dated),
        )

    def raw(self) -> dict[str, pd.DataFrame]:
        """The files by name."""
        return {
            "programmes": raw_practices.training(self.learned),
            "assignments": raw_practices.assignments(self.held),
            "mentoring": raw_practices.mentoring(self.mentored),
            "swedish": raw_practices.swedish(self.spoken),
            "follow_up": raw_practices.follow_up(self.told),
            "manager_survey": raw_practices.manager_survey(self.answers),
            "certificates": raw_practices.certificates(self.certified),
        }


def _write(
    folder: Path,
    history: History,
    tables: dict[str, pd.DataFrame],
    rng: np.random.Generator,
    *,
    e_learning: pd.Series,
    need: pd.DataFrame,
    gaps: pd.DataFrame,
    counted: pd.DataFrame,
    ledger: pd.DataFrame,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    errors, lines, written = [], [], {}
    for table, frame in tables.items():
        layout = (raw.LAYOUTS | raw_practices.LAYOUTS | registered.LAYOUTS)[table]
        spoiled = mess(table, frame, rng)
        line = writing.write_table(folder, layout, spoiled)
        written[layout.file] = str(line["file"])
        errors.append(planted(spoiled, file=written[layout.file], first_row=layout.header_row + 1))
        lines.append({"table": (raw.SAME_TABLE | raw_practices.SAME_TABLE).get(table, table), **line})
    (folder / "delivery.toml").write_bytes(writing.manifest(history.town, written).encode())
    write_truth(
        folder / "truth",
        history,
        e_learning=e_learning,
        need=need,
        gaps=gaps,
        counted=counted,
        ledger=ledger,
        errors=pd.concat(errors, ignore_index=True),
        lines=pd.DataFrame(lines),
    )
