"""
What else belongs on the chart: targets that change, and dated notes of what was done.

A target holds from its date, or its position, until the next one. Before the first there
is none. A note holds from the first point on or after its date, so that a reader sees
which points came after the change. A date beyond the last point is refused: nothing on
the chart would show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, at_least, brief, finite, need, share, whole
from flowlib.measure.spc_numbers import plain
from flowlib.measure.spc_series import day, read_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowlib.measure.spc_rules import Floats
    from flowlib.measure.spc_series import Series

__all__ = ["not_negative", "notes_on", "of_any", "of_share", "targets_on"]


def of_any(name: str, value: object) -> float:
    """A target of a measure: any number."""
    return finite(name, plain(value))


def of_share(name: str, value: object) -> float:
    """
    A target of a share: from 0 to 1.

    >>> of_share("The target", 95)
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: The target must be from 0 to 1; 95 came. Half is 0.5, not 50.
    """
    return share(name, plain(value))


def not_negative(name: str, value: object) -> float:
    """A target of counts, rates or times between: 0 or more."""
    return at_least(name, plain(value), 0)


def targets_on(target: object, series: Series, read: Callable[[str, object], float] = of_any) -> Floats:
    """
    The target at each point, NaN where there is none.

    *target* is None, one number for all points, or a mapping (or pandas Series) of a date
    or position to the number that holds from there on. *read* gives each number, or
    refuses one that no such value could reach.

    >>> from flowlib.measure.spc_series import read_series
    >>> targets_on({2: 90, 3: 95}, read_series([88, 91, 90, 96], None)).tolist()
    [nan, nan, 90.0, 95.0]
    """
    line = np.full(series.y.size, np.nan)
    if not isinstance(target, (Mapping, pd.Series)):
        line[:] = np.nan if target is None else read("The target", target)
        return line
    for x, number in _in_order("Target", target, series):
        line[_first(x, series) :] = read(f"The target from {_told(x)}", number)
    return line


def notes_on(notes: object, series: Series) -> tuple[tuple[Any, str], ...]:
    """
    Each note with the x of the first point that it holds for, in order.

    >>> from flowlib.measure.spc_series import read_series
    >>> notes_on({2: "New rota"}, read_series([5, 6, 7], None))
    ((2, 'New rota'),)
    """
    if notes is None:
        return ()
    if not isinstance(notes, (Mapping, pd.Series)):
        raise Refusal(f'Notes are given as {{"2026-04-30": "New rota"}}, each with its date; {brief(notes)} came.')
    found = []
    for x, text in _in_order("Note", notes, series):
        need(isinstance(text, str) and text.strip(), f"The note of {_told(x)} needs words; {brief(text)} came.")
        need(
            x >= series.x[0],
            f"Note date {_told(x)} is outside the chart, which starts on {_told(series.x[0])}. Leave it out.",
        )
        found.append((series.x[_first(x, series)], text.strip()))
    return tuple(found)


def _in_order(what: str, asked: Mapping[Any, Any] | pd.Series, series: Series) -> list[tuple[Any, Any]]:
    """What was asked, by date or position, earliest first, each place once."""
    placed = sorted(((_place(what, key, series), value) for key, value in asked.items()), key=lambda pair: pair[0])
    for (x, _), (following, _) in pairwise(placed):
        need(x != following, f"{what} of {_told(x)} came twice. Keep one.")
    return placed


def _place(what: str, key: object, series: Series) -> Any:  # noqa: ANN401 - a position, or a moment
    """Where on the chart's own scale one key stands, no later than the last point."""
    dated = isinstance(series.x, pd.DatetimeIndex)
    last = series.y.size - 1
    if not dated and isinstance(key, (str, dt.date, pd.Period, np.datetime64)):
        raise Refusal(f"{what} date {key} needs dates for the values. Give dates, or a position from 0.")
    if not dated or isinstance(key, (int, float, np.number)):
        position = whole(f"{what} position", plain(key))
        need(position <= last, f"{what} position {position} is outside the chart. Choose a point from 0 to {last}.")
        return series.x[position]
    moment = read_moment(key, f"of a {what.lower()}")
    need(
        moment <= series.x[-1],
        f"{what} date {day(moment)} is outside the chart, which ends on {day(series.x[-1])}."
        " Leave it out until there is a point.",
    )
    return moment


def _first(x: object, series: Series) -> int:
    """Position of the first point on or after *x*."""
    return int(series.x.searchsorted(x))


def _told(x: object) -> str:
    """A place on the chart as it stands in a sentence."""
    return day(x) if isinstance(x, pd.Timestamp) else f"position {x}"
