"""
Which rows of a table make which chart, and which rows make none?

One tidy table holds many measures: a row a measure and date. For each measure this gives
its points in date order, or one sentence that says why it has none. Where a row carries a
count and a size (those seen in time, out of all), rows of the same measure and date are
added up first, so that the parts of one organisation make one share. Single values are
never added up or averaged: two of one date are a question for the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief, choice, need, shown
from flowlib.core.privacy import FEWEST
from flowlib.measure.spc_numbers import numbers_of
from flowlib.measure.spc_series import day, each, wall_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from flowlib.measure.spc_rules import Floats

__all__ = ["UNNAMED", "Columns", "Points", "notes_within", "places_within", "points_of", "rows_of"]

UNNAMED = "(no name)"
HEADER = 2  # the first row of numbers is row 2 of a file


@dataclass(frozen=True)
class Columns:
    """Which column of the table is which."""

    measure: str
    date: str
    top: str  # the value, or the count of a share
    bottom: str | None = None  # the size that the count is out of; None for single values

    @property
    def numbers(self) -> dict[str, str]:
        """Each column of numbers, by its part in the chart."""
        return {"top": self.top} if self.bottom is None else {"top": self.top, "bottom": self.bottom}


@dataclass(frozen=True)
class Points:
    """The points of one measure, in date order."""

    when: pd.DatetimeIndex
    top: Floats
    bottom: Floats | None  # None for single values

    @property
    def values(self) -> Floats:
        """The single values, or the shares from 0 to 1."""
        return self.top if self.bottom is None else self.top / self.bottom

    @property
    def few(self) -> bool:
        """Whether the latest share tells of 1 to 7 people, in it or left out of it."""
        if self.bottom is None:
            return False
        return any(0 < people < FEWEST for people in (self.top[-1], self.bottom[-1] - self.top[-1]))

    def latest(self, count: int | None) -> Points:
        """Only so many latest points."""
        if count is None:
            return self
        part = slice(-count, None)
        return Points(self.when[part], self.top[part], None if self.bottom is None else self.bottom[part])


def rows_of(table: pd.DataFrame, columns: Columns) -> Iterator[tuple[str, pd.DataFrame]]:
    """
    Each measure with its rows, in the order of the table.

    The rows have the columns `row` (in a file whose header is row 1), `when` (the date as
    read, or missing), `top` and `bottom` (as numbers, or missing), and each of them as it
    came: `when_came`, `top_came`, `bottom_came`. `text` says whether the measure's name is text.
    """
    if not isinstance(table, pd.DataFrame):
        raise Refusal(f"A board is made from a table (a pandas DataFrame); {brief(table)} came. Read the file first.")
    measures, dates = _column(table, columns.measure), _column(table, columns.date)
    numbers = {part: _column(table, column) for part, column in columns.numbers.items()}
    need(len(table), "The table holds no rows. Add one row for each measure and date.")
    came = dates.astype(object)
    read = {value: wall_date(value) for value in came.dropna().unique()}
    parts: dict[str, object] = {
        "row": np.arange(len(table)) + HEADER,
        "when": pd.DatetimeIndex([read.get(value) for value in came]),
        "when_came": came.to_numpy(),
    }
    for part, column in numbers.items():
        cells = column.astype(object)
        parts[part] = numbers_of(cells)
        parts[f"{part}_came"] = cells.to_numpy()
    parts["text"] = [isinstance(name, str) for name in measures]
    names = [UNNAMED if pd.isna(name) or not str(name).strip() else str(name) for name in measures]
    yield from pd.DataFrame(parts).groupby(np.array(names, dtype=object), sort=False)


def points_of(name: str, rows: pd.DataFrame, columns: Columns) -> Points:
    """
    The points of one measure; what cannot be charted is refused, by its row or its date.

    >>> columns = Columns("ward", "month", "seen", "came")
    >>> made = pd.DataFrame({"ward": "A", "month": ["2026-01-01"] * 2, "seen": [3, 4], "came": [5, 5]})
    >>> points_of("A", dict(rows_of(made, columns))["A"], columns).top.tolist()
    [7.0]
    """
    first = rows["row"].iloc[0]
    need(
        name != UNNAMED,
        f"{_rows(len(rows))} no {columns.measure}; the first is row {first}. Name the measure, or leave them out.",
    )
    need(
        name == UNNAMED or rows["text"].all() or not rows["text"].any(),
        f'The {columns.measure} "{name}" comes as a number and as text, which may be two. Give each its own name.',
    )
    when = rows["when"].to_numpy()
    wrong = np.flatnonzero(np.isnat(when))
    if wrong.size:
        raise Refusal(
            f'Row {rows["row"].iloc[wrong[0]]} needs a date such as "2026-04-30", year first;'
            f" {brief(rows['when_came'].iloc[wrong[0]])} came.{_like(wrong.size)} Correct the date."
        )
    numbers = {part: _numbers(rows, part, column) for part, column in columns.numbers.items()}
    order = np.argsort(when, kind="stable")
    if columns.bottom is None:
        return _singles(when[order], numbers["top"][order])
    dates, first = np.unique(when[order], return_index=True)
    top, bottom = (np.add.reduceat(numbers[part][order], first) for part in ("top", "bottom"))
    return _shares(Points(pd.DatetimeIndex(dates), top, bottom), columns)


def places_within(places: object, points: Points, kept: Points, *, first: bool = False) -> object:
    """Places without those that only the points before *kept* would show; its *first* point is one of them or not."""
    if len(points.when) == len(kept.when):
        return places
    dates = [(value, wall_date(value)) for value in each(places)]
    start = kept.when[0]
    return [value for value, moment in dates if moment is None or moment > start or (first and moment == start)]


def notes_within(notes: object, points: Points, kept: Points) -> object:
    """Notes without those of dates before *kept*."""
    if not isinstance(notes, Mapping):
        return notes
    dates = each(places_within(list(notes), points, kept, first=True))
    return {date: notes[date] for date in dates}


def _column(table: pd.DataFrame, name: object) -> pd.Series:
    """The one column of that name, which may be a number in the table and text in the call, or the other way round."""
    known = [str(column) for column in table.columns]
    choice("column", str(name), known, where="in the table")
    places = [at for at, column in enumerate(known) if column == str(name)]
    need(len(places) == 1, f'The table has {len(places)} columns called "{name}". Rename all but one of them.')
    return table.iloc[:, places[0]]


def _numbers(rows: pd.DataFrame, part: str, column: str) -> Floats:
    """One column as numbers."""
    numbers: Floats = rows[part].to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        first = rows.iloc[wrong[0]]
        raise Refusal(
            f"The {column} of {day(first['when'])} (row {first['row']}) must be a number;"
            f" {brief(first[f'{part}_came'])} came.{_like(wrong.size)} Find it, or leave that row out."
        )
    return numbers


def _singles(when: NDArray[np.datetime64], top: Floats) -> Points:
    """Single values, each with a date of its own."""
    dates = pd.DatetimeIndex(when)
    twice = dates[dates.duplicated()]
    if len(twice):
        raise Refusal(f"{day(twice[0])} came twice.{_like(len(twice))} Keep one row a date.")
    return Points(dates, top, None)


def _shares(points: Points, columns: Columns) -> Points:
    """Shares, each of a size above 0 and a count that is part of it."""
    bottom = np.zeros(0) if points.bottom is None else points.bottom
    none = np.flatnonzero(bottom <= 0)
    if none.size:
        raise Refusal(
            f"The {columns.bottom} of {day(points.when[none[0]])} is {shown(bottom[none[0]])}, so there is no share."
            f"{_like(none.size)} Leave that date out, or correct it."
        )
    wrong = np.flatnonzero((points.top < 0) | (points.top > bottom))
    if wrong.size:
        raise Refusal(
            f"The {columns.top} of {day(points.when[wrong[0]])} must be from 0 to its {columns.bottom};"
            f" {shown(points.top[wrong[0]])} of {shown(bottom[wrong[0]])} came.{_like(wrong.size)} Correct one of them."
        )
    return points


def _like(count: int) -> str:
    """How many more there are like the first."""
    return f" {count} like this." if count > 1 else ""


def _rows(count: int) -> str:
    """So many rows, with the verb that fits."""
    return "1 row names" if count == 1 else f"{count} rows name"
