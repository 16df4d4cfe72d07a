"""
What is the line before a change, and what becomes of it after? The columns of the model.

Each point has a level, a trend before the change, a step at the change, and a change of
trend after it; with a season, terms that go round and come back. The step is the jump at
the first point that counts after the change, so time after it begins at zero there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.change.effect.estimate import need_usual_size
from flowlib.change.effect.spacing import Spacing, spacing
from flowlib.core import checks
from flowlib.measure.spc_series import read_series, wall_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowlib.measure.spc_rules import Flags, Floats

__all__ = ["FEWEST", "Layout", "Waves", "layout", "moment_of"]

# Points on either side that count; Penfold and Zhang (2013), Academic Pediatrics 13: S38.
FEWEST = 8
SPARE = 8  # points left over once each term of the model has taken one
PAIRS = 2  # pairs of waves a season, as Bernal and others (2017) use for months
CYCLES = 2  # full cycles that a season needs to show itself
WEEK = 7  # days
LEVEL, TREND, STEP, TREND_CHANGE = range(4)  # columns of the model; a season follows

Waves = int | str | None


@dataclass(frozen=True, eq=False)
class Layout:
    """A series laid out for the model; n points, p terms."""

    x: pd.DatetimeIndex
    y: Floats
    time: Spacing
    after: Flags  # (n,) from the change on
    used: Flags  # (n,) not set aside
    start: int  # the first point that counts after the change
    model: Floats  # (n, p)

    @property
    def since(self) -> Floats:
        """Steps since the first point that counts after the change (n,); negative before it."""
        since: Floats = self.time.position - self.time.position[self.start]
        return since

    @property
    def change_only(self) -> Floats:
        """For each point, the part of the model that the change brought (n, p)."""
        part = np.zeros_like(self.model)
        part[:, [STEP, TREND_CHANGE]] = self.model[:, [STEP, TREND_CHANGE]]
        return part


def layout(values: Iterable[object], dates: Iterable[object], change: object, season: Waves, lag: int) -> Layout:
    """The series in date order with its model; refused where it cannot bear one."""
    series = read_series(values, dates)
    need_usual_size(series.y)
    if not isinstance(series.x, pd.DatetimeIndex):
        raise checks.Refusal("An interrupted series needs a date for each value. Give dates.")
    moment = moment_of(change, "The change")
    time = spacing(series.x)
    after = np.asarray(series.x >= moment)
    first = int(np.argmax(after)) if after.any() else after.size
    _enough(first, after.size - first - lag, lag)
    used = np.ones(after.size, dtype=bool)
    used[first : first + lag] = False
    since = time.position - time.position[first + lag]
    lines = [np.ones(after.size), since, after.astype(float), after * since]
    model = np.column_stack([*lines, *_season(season, time, series.x)])
    _can_be_told_apart(model[used], series.y[used])
    return Layout(series.x, series.y, time, after, used, first + lag, model)


def moment_of(value: object, what: str) -> pd.Timestamp:
    """A date, as the clock on the wall shows it."""
    found = wall_date(value)
    if found is None:
        raise checks.Refusal(f'{what} needs a date such as "2025-05-05", year first; {checks.brief(value)} came.')
    return found


def _enough(before: int, after: int, lag: int) -> None:
    aside = f" (without the {lag} set aside)" if lag else ""
    checks.need(
        before >= FEWEST and after >= FEWEST,
        f"There are {before} points before the change and {max(after, 0)} from it on{aside}; "
        f"at least {FEWEST} on either side are needed. Add points, or use before_after.",
    )


def _season(season: Waves, time: Spacing, x: pd.DatetimeIndex) -> list[Floats]:
    """Columns that go round once a cycle."""
    if season is None:
        return []
    if season == "weekday":
        return _weekdays(x)
    checks.need(
        not isinstance(season, str),
        f'No season called "{season}". Give the points in a cycle, such as 12 or 52, or "weekday".',
    )
    period = checks.whole("The points in a season", season, 2)
    checks.need(time.even, "A season needs evenly spaced points, and these are not. Leave season out.")
    covered = int(time.position[-1]) + 1
    checks.need(
        covered >= CYCLES * period,
        f"A season of {period} points needs two full cycles, {CYCLES * period} points; these cover {covered}. "
        "Add points, or leave season out.",
    )
    return _waves(time.position, period)


def _waves(position: Floats, period: int) -> list[Floats]:
    """Sine and cosine once and twice a cycle; a sine that is zero at every point is left out."""
    columns = []
    for times in range(1, min(PAIRS, period // 2) + 1):
        angle = 2 * math.pi * times * position / period
        columns += [np.cos(angle)] if 2 * times == period else [np.sin(angle), np.cos(angle)]
    return columns


def _weekdays(x: pd.DatetimeIndex) -> list[Floats]:
    """One column for each weekday but the first."""
    days = np.unique(x.day_of_week)
    checks.need(len(days) > 1, f"Every point falls on a {x[0]:%A}, so there is no week to allow for. Leave season out.")
    covered = (x[-1] - x[0]).days + 1
    checks.need(
        covered >= CYCLES * WEEK,
        f'The season "weekday" needs two full weeks; these points cover {covered} days. Add points.',
    )
    return [np.asarray(x.day_of_week == one, dtype=float) for one in days[1:]]


def _can_be_told_apart(model: Floats, y: Floats) -> None:
    """Refuse what no model can be fitted to."""
    points, terms = model.shape
    checks.need(
        points - terms >= SPARE,
        f"With this season the model has {terms} terms, and {points} points are too few; at least {terms + SPARE} "
        "are needed. Add points, or leave season out.",
    )
    checks.need(
        np.linalg.matrix_rank(model) == terms,
        "The season cannot be told apart from the change in these points. Leave season out, or add points.",
    )
    fitted = model @ np.linalg.lstsq(model, y, rcond=None)[0]
    checks.need(
        np.abs(y - fitted).max() > 1e-9 * max(np.abs(y).max(), 1e-300),
        "The points lie exactly on the lines, so there is no usual variation to judge a change by. "
        "Check that the values were measured and not calculated.",
    )
