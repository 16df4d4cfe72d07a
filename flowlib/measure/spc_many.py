"""
Which of ten thousand series need a look? Individuals charts of many series at once.

A board report may hold a chart for each ward and measure. `xmr_many` works out the lines
and signals of all of them in one go, as `spc.xmr` does for one, and draws nothing. Every
series has the same number of points, in date order, one segment each.

`lines_many` and `signals_many` are its two halves: limits from one stretch, held against
the points of another.

The rules and their sources are those of `spc_rules`; only the presets "mdc", "nhsr" and
"mdc_excel", which share them, are offered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import Refusal, choice, need
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc_presets import RULES, preset_called

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from flowlib.measure.spc_rules import Flags, Floats

__all__ = ["SIGNALS", "ManyCharts", "ManyLines", "lines_many", "signals_many", "xmr_many"]

# What each code of a signal stands for, in the order in which one hides the next.
SIGNALS = ("", "outside", "trend", "two_in_three", "shift")
OFFERED = tuple(name for name, preset in RULES.items() if preset.two_in_three == "inside")
DIMENSIONS = 2  # rows are series, columns are points


@dataclass(frozen=True, eq=False)
class ManyCharts:
    """Lines and signals of many series, one row a series; lines in the unit of the values."""

    mean: Floats  # one a series
    lpl: Floats
    upl: Floats
    codes: NDArray[np.int8]  # one a point: its place in SIGNALS
    direction: NDArray[np.int8]  # one a point: 1 for up, -1 for down, 0 without a signal

    @property
    def unusual(self) -> Flags:
        """Whether each series ends in an unusual point."""
        return np.asarray(self.codes[:, -1] != 0, dtype=bool)


@dataclass(frozen=True, eq=False)
class ManyLines:
    """The lines of many series, one row a series and one column; in the unit of the values."""

    mean: Floats
    width: Floats  # from the mean to a limit
    rounding: Floats  # differences up to this size count as none

    def of(self, rows: NDArray[np.int64]) -> ManyLines:
        """The lines of these series alone."""
        return ManyLines(self.mean[rows], self.width[rows], self.rounding[rows])


def xmr_many(values: ArrayLike, *, preset: str = "mdc") -> ManyCharts:
    """
    Individuals charts of every row of *values*: series by points, at least 2 points.

    >>> charts = xmr_many([[1, 2] * 6, [1, 2] * 5 + [1, 40]])
    >>> charts.unusual.tolist(), [SIGNALS[code] for code in charts.codes[:, -1]]
    ([False, True], ['', 'outside'])
    """
    y = _table(values)
    lines = lines_many(y, preset=preset)
    codes, direction = signals_many(y, lines)
    low, high = lines.mean - lines.width, lines.mean + lines.width
    return ManyCharts(lines.mean[:, 0], low[:, 0], high[:, 0], codes, direction)


def lines_many(values: ArrayLike, *, preset: str = "mdc") -> ManyLines:
    """
    Mean and limits of every row of *values*: series by points, at least 2 points.

    >>> lines = lines_many([[1, 3, 2, 4]])
    >>> lines.mean.tolist(), lines.width.round(3).tolist()
    ([[2.5]], [[4.433]])
    """
    choice("preset of many charts", preset, OFFERED)
    y = _table(values)
    rounding = rules.ROUNDING * np.abs(y).max(axis=1, keepdims=True)
    return ManyLines(_mean(y), rules.LIMIT * _spread(y, rounding, screen=preset_called(preset).screen), rounding)


def signals_many(y: Floats, lines: ManyLines) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """
    Code and direction of each point of *y* (series by points) against *lines*; see `ManyCharts`.

    The points need not be those that the lines were drawn from.

    >>> codes, direction = signals_many(np.array([[2.0, 9.0, -4.0]]), lines_many([[1, 3, 2, 4]]))
    >>> codes.tolist(), direction.tolist()
    ([[0, 1, 1]], [[0, 1, -1]])
    """
    of_mean = _sides(y - lines.mean, lines.rounding)
    beyond = _outside(y, lines.mean - lines.width, lines.mean + lines.width, lines.rounding)
    rising = _trend(y, lines.rounding)
    near = _two_in_three(y, lines.mean, lines.width, beyond, of_mean, lines.rounding)
    codes = np.select([beyond != 0, rising != 0, near, _shift(of_mean)], [1, 2, 3, 4], default=0).astype(np.int8)
    direction = np.select([codes == 0, codes == SIGNALS.index("trend")], [0, rising], default=of_mean)
    return codes, direction.astype(np.int8)


def _table(values: ArrayLike) -> Floats:
    """The values as a table of finite numbers."""
    try:
        y = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Refusal(
            "The series must be a table of numbers, all with as many points. Chart others with xmr."
        ) from None
    need(y.ndim == DIMENSIONS, f"The series must be a table, one row a series; {y.ndim} dimensions came.")
    need(y.shape[1] > 1, f"A chart needs at least 2 points; {y.shape[1]} came. Add points.")
    wrong = np.argwhere(~np.isfinite(y))
    if wrong.size:
        row, column = wrong[0]
        raise Refusal(
            f"The value of series {row} at position {column} (both counting from 0) must be a number;"
            f" {y[row, column]} came. Find the missing value, or leave that series out."
        )
    return y


def _mean(table: Floats) -> Floats:
    """Mean of each row, corrected once so that equal values give themselves."""
    first = table.mean(axis=1, keepdims=True)
    return np.asarray(first + (table - first).mean(axis=1, keepdims=True))


def _spread(y: Floats, rounding: Floats, *, screen: bool) -> Floats:
    """Mean moving range of each row, after any screening."""
    ranges = np.abs(np.diff(y, axis=1))
    spread = _mean(ranges)
    if not screen:
        return spread
    kept = _sides(ranges - rules.SCREEN * spread, rounding) < 0
    count = kept.sum(axis=1, keepdims=True)
    return np.asarray(np.where(kept, ranges, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1))


def _sides(differences: Floats, rounding: Floats) -> NDArray[np.int8]:
    """Which side each difference falls on; those no larger than rounding are on the line."""
    return (differences > rounding).astype(np.int8) - (differences < -rounding).astype(np.int8)


def _outside(y: Floats, low: Floats, high: Floats, rounding: Floats) -> NDArray[np.int8]:
    """Side on which each point lies strictly beyond its row's limits."""
    return (_sides(y - high, rounding) > 0).astype(np.int8) - (_sides(y - low, rounding) < 0).astype(np.int8)


def _in_a_row(found: Flags, length: int, points: int) -> Flags:
    """Points within *points* of the start of each stretch of *length* marks in a row."""
    marked = np.zeros((found.shape[0], found.shape[1] + points - length), dtype=bool)
    starts = found.shape[1] - length + 1
    if starts < 1:
        return marked
    whole = found[:, :starts].copy()
    for offset in range(1, length):
        whole &= found[:, offset : starts + offset]
    for offset in range(points):
        marked[:, offset : starts + offset] |= whole
    return marked


def _shift(of_mean: NDArray[np.int8]) -> Flags:
    """Points that are part of 7 or more in a row on one side of the mean."""
    length = rules.RUN_LENGTH
    return _in_a_row(of_mean > 0, length, length) | _in_a_row(of_mean < 0, length, length)


def _trend(y: Floats, rounding: Floats) -> NDArray[np.int8]:
    """Direction of the trend of each point; a point of two trends takes the later one."""
    if y.shape[1] < rules.RUN_LENGTH:
        return np.zeros(y.shape, dtype=np.int8)
    steps = _sides(np.diff(y, axis=1), rounding)
    up, down = (_in_a_row(steps * side > 0, rules.RUN_LENGTH - 1, rules.RUN_LENGTH) for side in (1, -1))
    later = np.concatenate([steps, steps[:, -1:]], axis=1)
    return np.where(up & down, later, up.astype(np.int8) - down.astype(np.int8)).astype(np.int8)


def _two_in_three(
    y: Floats, mean: Floats, width: Floats, beyond: NDArray[np.int8], of_mean: NDArray[np.int8], rounding: Floats
) -> Flags:
    """Near points in a window of 3, when at least 2 are near and all 3 on one side."""
    inner = rules.NEAR / 3 * width
    near = (_outside(y, mean - inner, mean + inner, rounding) != 0) & (beyond == 0)
    found = np.zeros(y.shape, dtype=bool)
    if y.shape[1] < 3:  # noqa: PLR2004 - the three of two in three
        return found
    enough = near[:, :-2].astype(np.int8) + near[:, 1:-1] + near[:, 2:] >= 2  # noqa: PLR2004 - the two of two in three
    one_side = (of_mean[:, :-2] == of_mean[:, 1:-1]) & (of_mean[:, 1:-1] == of_mean[:, 2:]) & (of_mean[:, 2:] != 0)
    for offset in range(3):
        found[:, offset : y.shape[1] - 2 + offset] |= enough & one_side
    return np.asarray(found & near, dtype=bool)
