"""
Can these counts be used: one row a period, every period there, every number a number?

What `flowlib.measure.balance` reads. A row is named by its number in a file whose
header is row 1, and its date. Nothing is put in order, filled in or left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.measure.moments import PERIODS
from flowlib.measure.spc_series import day, wall_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.measure.spc_rules import Floats

__all__ = ["UNITS", "Counted", "read_counts"]

UNITS = ("people", "hours")
NEEDED = ("period", "demand", "capacity", "activity")
OPTIONAL = ("removals", "backlog")
DAYS = {"day": 1, "week": 7}
HEADER = 2  # the first row of numbers is row 2 of the file
NAMED = 3  # so many missing periods stand in a sentence


@dataclass(frozen=True)
class Counted:
    """Counts that have been read and checked."""

    rows: list[int]  # in a file whose header is row 1
    periods: list[pd.Timestamp]
    numbers: dict[str, Floats]  # demand, capacity, activity, removals (0 where not given), backlog (may be missing)


def read_counts(
    table: pd.DataFrame | Mapping[str, Sequence[object]], *, every: str, columns: Mapping[str, str]
) -> Counted:
    """
    The *table* with one row a period (*every* "day", "week" or "month"), checked.

    *columns* gives your own name for each of `period`, `demand`, `capacity`, `activity`,
    `removals` and `backlog`; the last two are optional.

    >>> made = read_counts(
    ...     {"Week": ["2025-01-06"], "demand": [9], "capacity": [8], "activity": [8]},
    ...     every="week",
    ...     columns={"period": "Week"},
    ... )
    >>> made.numbers["removals"].tolist()
    [0.0]
    """
    checks.choice("period", every, PERIODS)
    frame = _frame(table)
    for role in columns:
        checks.choice("column", role, [*NEEDED, *OPTIONAL], where="to rename")
    names = {role: columns.get(role, role) for role in (*NEEDED, *OPTIONAL)}
    for role in [*NEEDED, *(role for role in OPTIONAL if role in columns)]:
        checks.choice("column", names[role], map(str, frame.columns), where="in the table")
    checks.need(len(frame), "The table holds no rows. Add one row for each period.")
    rows = [place + HEADER for place in range(len(frame))]
    periods = [_moment(cell, row) for cell, row in zip(frame[names["period"]], rows, strict=True)]
    _none_missing(periods, rows, every)
    numbers = {}
    for role in (*NEEDED[1:], *OPTIONAL):
        if names[role] in frame.columns:
            dated = [f"Row {row} ({day(period)})" for row, period in zip(rows, periods, strict=True)]
            numbers[role] = _numbers(frame[names[role]], dated, names[role], blank=role == "backlog")
        else:
            numbers[role] = np.full(len(frame), 0.0 if role == "removals" else np.nan)
    return Counted(rows, periods, numbers)


def _frame(table: pd.DataFrame | Mapping[str, Sequence[object]]) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame):
        return table
    lengths = {name: len(column) for name, column in table.items()}
    checks.need(
        len(set(lengths.values())) <= 1,
        f"Columns must have one number a period each; {', '.join(f'{n} has {k}' for n, k in lengths.items())}. "
        "Add what is missing.",
    )
    return pd.DataFrame(dict(table))


def _moment(cell: object, row: int) -> pd.Timestamp:
    """One period's date, as the clock on the wall shows it."""
    found = wall_date(cell)
    if found is None:
        raise checks.Refusal(f'Row {row}: the period needs a date such as "2026-04-30", year first; {cell!r} came.')
    return found.normalize()


def _none_missing(periods: Sequence[pd.Timestamp], rows: Sequence[int], every: str) -> None:
    """Refuse rows out of order, periods of another length, and periods that are missing."""
    apart = [_apart(*pair, every) for pair in pairwise(periods)]
    pairs = [
        f"row {row} ({day(first)}) and row {row + 1} ({day(second)})"
        for row, (first, second) in zip(rows, pairwise(periods), strict=False)
    ]
    for steps, pair in zip(apart, pairs, strict=True):
        checks.need(steps > 0, f"Between {pair} time does not go on. Keep one row a {every}, in order of date.")
    odd = [steps != 1 for steps in apart]
    other = [not steps.is_integer() for steps in apart]
    if any(other) or 2 * sum(odd) > len(apart):
        place = other.index(True) if any(other) else odd.index(True)
        gap = (periods[place + 1] - periods[place]).days
        raise checks.Refusal(
            f"Between {pairs[place]} there are {gap} days, which is not one {every}. "
            f"Bring one row a {every}, or say another period with every."
        )
    if any(odd):
        place = odd.index(True)
        missing = _between(periods[place], periods[place + 1], every)
        names = ", ".join(day(moment) for moment in missing[:NAMED]) + (", ..." if len(missing) > NAMED else "")
        more = f" There are {sum(odd)} such places." if sum(odd) > 1 else ""
        count = f"1 {every} is" if len(missing) == 1 else f"{len(missing)} {every}s are"
        raise checks.Refusal(
            f"Between {pairs[place]} {count} missing: {names}. "
            f"Add a row for each, with 0 where nothing came or was done.{more}"
        )


def _apart(first: pd.Timestamp, second: pd.Timestamp, every: str) -> float:
    """How many periods lie from one date to the next."""
    if every == "month":
        return float(12 * (second.year - first.year) + second.month - first.month)
    return float((second - first).days / DAYS[every])


def _between(first: pd.Timestamp, second: pd.Timestamp, every: str) -> list[pd.Timestamp]:
    step = pd.DateOffset(months=1) if every == "month" else pd.DateOffset(days=DAYS[every])
    found = []
    moment = first + step
    while _apart(moment, second, every) > 0:
        found.append(moment)
        moment += step
    return found


def _numbers(cells: pd.Series, dated: Sequence[str], name: str, *, blank: bool) -> Floats:
    """A column as numbers, each 0 or more; a blank is missing where it may be."""
    made = np.empty(len(cells))
    for place, (cell, where) in enumerate(zip(cells, dated, strict=True)):
        if pd.isna(cell) or (isinstance(cell, str) and not cell.strip()):
            checks.need(blank, f"{where}: {name} is blank. Type the number, or 0 if there was none.")
            made[place] = np.nan
        else:
            made[place] = checks.at_least(f"{where}: {name}", cell, 0)
    return made
