"""A delivery looked over by itself: months, files and departments against the others of the same delivery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice
from analysis.extracts.delivery import Delivery
from analysis.extracts.quality.comparing import power_of_ten
from analysis.extracts.quality.profile import base_table, departments, employed, extraction, headcount, movements
from analysis.extracts.quality.wording import Share, heading, limits, said
from analysis.tables.clean import TABLES

HAPPENED = ("start", "hired", "snapshot", "opened", "date", "valid_from", "measured", "made")
"""Date columns that mostly say what has happened; a few planned days ahead are no surprise."""
PERIODS = ("month", "snapshot")
"""Columns by which a table is delivered in instalments."""
RATES = ("rate", "rate_actual", "rate_wanted")
"""Columns of shares of full time."""


def look_over(delivery: Delivery) -> list[Notice]:
    """What is suspicious in a delivery by itself: a notice per finding, each with its size."""
    found = [*_persons(delivery), *_future(delivery), *_instalments(delivery), *_files(delivery), *_small(delivery)]
    if base_table(delivery):
        silence = silent(delivery)
        found += [*_silence(silence), *_still_months(delivery, silence), *_emptied(delivery), *_no_rate(delivery)]
        found += [*_begun_together(delivery), *_more_than_full_time(delivery), *_births_alike(delivery)]
    return found


def _persons(delivery: Delivery) -> Iterator[Notice]:
    """Persons of whom rows say different things, or who are of an age nobody works at."""
    found = delivery.contradictions
    if found.persons:
        files = ", ".join(found.files)
        yield said("persons_differ", now=found.persons, of=found.everyone, share=Share(found.share), files=files)
    if found.ages:
        yield said("ages_impossible", now=found.ages, of=found.everyone)


def spans(months: Iterable[pd.Period]) -> str:
    """Months as runs: ``2023-01–2023-06, 2024-02``."""
    runs: list[list[pd.Period]] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _numbers(name: str) -> list[str]:
    return [column for column, spec in TABLES[name].items() if spec.kind in ("number", "integer")]


def _future(delivery: Delivery) -> Iterator[Notice]:
    day = extraction(delivery)
    for name in delivery.tables:
        for column in HAPPENED:
            if column not in TABLES[name] or not (days := delivery.tables.column(name, column)).notna().any():
                continue
            late = int((days > day).sum())
            share = late / int(days.notna().sum())
            if share > limits()["future_share"]:
                named = heading(delivery.manifest, name, column)
                yield said("future_dates", table=name, column=named, now=late, share=Share(share))


def _instalments(delivery: Delivery) -> Iterator[Notice]:
    """Months without rows, and months in which a column that is otherwise filled is nothing but zero."""
    for name in delivery.tables:
        period = next((column for column in PERIODS if column in TABLES[name]), "")
        if not period or not delivery.tables.rows(name):
            continue
        month = delivery.tables.column(name, period).dt.to_period("M")
        sizes = month.value_counts().sort_index()
        if period == "month" and sizes.median() >= limits()["min_rows"]:
            gaps = pd.period_range(sizes.index[0], sizes.index[-1], freq="M").difference(sizes.index)
            if len(gaps):
                yield said("period_missing", table=name, month=spans(gaps), then=float(sizes.median()))
        if period == "month" and "unit" in TABLES[name] and base_table(delivery):
            yield from _ended_departments(delivery, name, month)
        for column in _numbers(name):
            values = delivery.tables.column(name, column)
            filled = values.notna()
            zero = (values[filled] == 0).astype("float64").groupby(month[filled]).agg(["mean", "size"])
            usual = float(zero["mean"].median()) if len(zero) > 2 else 1.0
            empty = zero[(zero["mean"] == 1.0) & (zero["size"] >= limits()["min_rows"])]
            if len(empty) and usual <= 1 - limits()["share_jump"]:
                named, rows = heading(delivery.manifest, name, column), float(empty["size"].sum())
                months = spans(empty.index)
                yield said("period_zero", table=name, column=named, now=rows, month=months, share=Share(usual))


def _ended_departments(delivery: Delivery, name: str, month: pd.Series) -> Iterator[Notice]:
    """Departments whose rows end before those of the others though people still work there."""
    newest = month.max()
    groups = departments(delivery, delivery.tables.column(name, "unit").astype("str")).to_numpy()
    now = headcount(delivery, extraction(delivery))
    for key, mine in month.groupby(groups):
        usual = float(mine.value_counts().median())
        if mine.max() < newest and usual >= limits()["department_least"] and now.get(str(key), 0) >= usual / 2:
            code = delivery.units.code(str(key))
            yield said("department_ended", table=name, key=code, month=str(mine.max()), then=usual)


def _files(delivery: Delivery) -> Iterator[Notice]:
    """A file whose numbers are a power of ten off those of the table's other files."""
    for name in delivery.tables:
        source = delivery.tables.column(name, "source")
        if source.nunique() < 2:
            continue
        for column in _numbers(name):
            values = delivery.tables.column(name, column).astype("float64")
            by_file = values.groupby(source, sort=False)
            enough = by_file.count() >= limits()["min_rows"]
            medians, highs = by_file.median()[enough], by_file.quantile(0.9)[enough]
            for file in medians.index:
                others = medians.drop(file)
                if others.empty:
                    continue
                usual = float(others.median())
                factor = power_of_ten(float(medians[file]), usual)
                # of two files neither is the rule; the later one is told
                second = len(medians) > 2 or file == medians.index[-1]
                if factor and second and factor == power_of_ten(float(highs[file]), float(highs.drop(file).median())):
                    named = heading(delivery.manifest, name, column)
                    median = float(medians[file])
                    if TABLES[name][column].personal:  # of pay the size, not anybody's own sum
                        median, usual = float(f"{median:.2g}"), float(f"{usual:.2g}")
                    yield said(
                        "decimal_shift_file", file=str(file), column=named, factor=factor, now=median, then=usual
                    )


def _small(delivery: Delivery) -> Iterator[Notice]:
    """A file in which some rates or pay are next to nothing.

    Rates of a hundredth of full time at most are fractions that were taken for per cent; pay of a hundredth of what is
    usual is a comma before thousands that was taken for a decimal mark.
    """
    for name in delivery.tables:
        rates = [column for column in RATES if column in TABLES[name]]
        columns = [*rates, *(["pay"] if "pay" in TABLES[name] else [])]
        if not columns:
            continue
        table = delivery.tables.read(name, ["source", "form", *columns])
        table = table[table["form"] != "hourly"]  # the hourly paid may have a rate next to nothing, and pay by the hour
        for column in columns:
            for file, values in table.loc[table[column] > 0, column].groupby(table["source"], sort=False):
                least = limits()["small_rate"]
                if column == "pay":
                    least = max(limits()["small_pay"], float(values.median()) / 100)
                small = values <= least
                if len(small) >= limits()["min_rows"] and small.mean() > limits()["small_share"]:
                    named, now, share = heading(delivery.manifest, name, column), int(small.sum()), Share(small.mean())
                    finding = "pay_small" if column == "pay" else "rates_small"
                    yield said(finding, file=str(file), column=named, now=now, share=share)


def silent(delivery: Delivery) -> dict[pd.Period, float]:
    """Months of long runs in which nobody left though many were to be expected, and how many in the whole run.

    The expectation is the mean of the other months, the largest left out: a mass on a day is no rate. Runs before
    which hardly anybody had left belong to the time before observation (``workforce.observed``); where leavers come
    once a year, long runs are usual.
    """
    counts = movements(delivery, months=limits()["silence_looked_at"]).get("exits")
    if counts is None or not len(counts):
        return {}
    zero = counts == 0
    runs = counts[zero].groupby((~zero).cumsum()[zero])
    gaps = np.diff(np.flatnonzero(~zero.to_numpy())) - 1  # months between one with leavers and the next
    usual = max(float(np.median(gaps)) if len(gaps) else 0.0, 1.0)
    limit = limits()
    found: dict[pd.Period, float] = {}
    for _, run in runs:
        others = max(len(counts) - len(run) - 1, 1)
        expected = float(counts.sum() - counts.max()) / others * len(run)
        long = len(run) >= max(limit["silence_months"], limit["silence_usual"] * usual)
        if long and expected >= limit["silence_least"] and counts[: run.index[0]].sum() >= limit["silence_least"]:
            found |= dict.fromkeys(run.index, expected)
    return found


def _silence(found: dict[pd.Period, float]) -> Iterator[Notice]:
    """A run of months without leavers, each run by itself."""
    run: list[pd.Period] = []
    for month in sorted(found):
        run.append(month)
        if month + 1 not in found:
            yield said("silent_exits", month=spans(run), then=float(round(found[month])))
            run = []


def _begun_together(delivery: Delivery) -> Iterator[Notice]:
    """Days on which a large part of those in post began: a change of system or of employer, not hiring."""
    base = base_table(delivery)
    begins = "start" if base == "employments" else "hired"
    table = delivery.tables.read(base, ["person", begins])
    present = set(employed(delivery, extraction(delivery))["person"])
    first = table[begins].groupby(table["person"], sort=False).min().dropna()
    first = first[first.index.isin(present)]
    per_day = first.value_counts().sort_index()
    many = (per_day >= limits()["department_least"]) & (per_day > limits()["begun_share"] * len(first))
    for day in per_day.index[many & (per_day < len(first))]:
        now, then = int(per_day[day]), len(first)
        yield said("begun_together", day=f"{day:%Y-%m-%d}", now=now, then=then, share=Share(now / then)).sized(now)


def _more_than_full_time(delivery: Delivery) -> Iterator[Notice]:
    """Persons in post whose rows are more than full time together, though they are not rows of one employment."""
    present = employed(delivery, extraction(delivery))
    present = present[present["form"] != "hourly"]
    total = present["rate"].astype("float64").groupby(present["person"], sort=False).sum()
    over = total[total > limits()["over_full"]]
    told = sum(each.persons for each in delivery.warnings if isinstance(each, Notice) and each.kind == "split_over")
    if len(over) >= max(limits()["over_full_least"], limits()["over_full_share"] * len(total)) and len(over) > told:
        share = Share(len(over) / len(total))
        yield said("more_than_full_time", now=len(over), of=len(total), share=share, then=float(over.sum())).sized(
            len(over)
        )


def _births_alike(delivery: Delivery) -> Iterator[Notice]:
    """One month of birth that a large part of all persons have: a date that a system writes where it knows none."""
    table = delivery.tables.read(base_table(delivery), ["person", "birth"]).dropna().drop_duplicates("person")
    counts = table["birth"].value_counts()
    if len(counts) and counts.iloc[0] >= max(limits()["min_rows"], limits()["births_share"] * len(table)):
        month, number = f"{counts.index[0]:%Y-%m}", int(counts.iloc[0])
        yield said("births_alike", month=month, now=number, of=len(table)).sized(number)


def _still_months(delivery: Delivery, silence: dict[pd.Period, float]) -> Iterator[Notice]:
    """Months in which nobody came or went though many were to be expected at that time of the year."""
    for measure, counts in movements(delivery).items():
        still: dict[pd.Period, float] = {}
        for month in counts.index[counts == 0].difference(list(silence) if measure == "exits" else []):
            same = np.array([each.month == month.month and each != month for each in counts.index])
            others = counts[same]
            usual = others if len(others) >= 2 else counts.drop(month)
            expected = float(usual.median()) if len(usual) else 0.0
            if expected >= limits()["expected_least"]:
                still[month] = expected
        if still:
            yield said(f"no_{measure}", month=spans(still), then=float(np.median(list(still.values()))))


def _emptied(delivery: Delivery) -> Iterator[Notice]:
    """Departments of which everybody is gone within a year though nobody has closed them."""
    day = extraction(delivery)
    now = headcount(delivery, day)
    organisation = delivery.tables.get("organisation")
    closed: set[str] = set()
    if organisation is not None:
        closed = set(organisation.loc[(organisation["valid_to"] <= day) | organisation["successor"].notna(), "unit"])
    for key, number in headcount(delivery, day - pd.DateOffset(years=1)).items():
        if number >= limits()["department_least"] and key not in now and key not in closed:
            yield said("department_emptied", key=delivery.units.code(str(key)), then=number)


def _no_rate(delivery: Delivery) -> Iterator[Notice]:
    present = employed(delivery, extraction(delivery))
    none = present["rate"].fillna(0.0) == 0
    if none.mean() > 1 - limits()["share_jump"] or present.empty:
        return  # a delivery without rates, not a department without
    groups = departments(delivery, present["unit"])
    for key, all_none in none.groupby(groups, sort=True).all().items():
        number = present.loc[(groups == key).to_numpy(dtype=bool), "person"].nunique()
        if all_none and number >= limits()["department_least"]:
            yield said("department_no_rate", key=delivery.units.code(str(key)), now=number)
