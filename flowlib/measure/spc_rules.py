"""
Is this point unusual? The sums behind the NHS charts, each rule a small pure function.

Every function takes numpy arrays in date order, of one segment, and keeps no state.
A *side* is -1, 0 or 1: below the line, on it, above it. Differences that are no
larger than a computer's rounding count as none, so a point that lies on the mean
is on the mean however the mean was added up.

The definitions are those of NHS England's "Making Data Count" as the R package
NHSRplotthedots 0.2.2 states them (R/ptd_spc_standard.R, R/ptd_calculate_point_type.R).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Sides = NDArray[np.int64]
    Flags = NDArray[np.bool_]

__all__ = [
    "D2_PAIRS",
    "LIMIT",
    "ROUNDING",
    "RUN_LENGTH",
    "Limits",
    "PointLimits",
    "beyond",
    "completes",
    "limits",
    "near",
    "outside",
    "runs",
    "shift",
    "sides",
    "trend",
    "two_in_three",
]

# Three sigma by way of the mean moving range: 3 / d2, where d2 = 1.128 for pairs.
LIMIT = 2.66
# d2 for pairs as the sources print it, where a sigma and no limit is wanted.
D2_PAIRS = 1.128
# "Near" a limit is two thirds of the way from the mean: two sigma.
NEAR = 2
# A moving range at or above this many times the mean one is screened out.
# Nelson (1982), Control charts for individual measurements, J. Quality Technology 14(3), 172-173.
SCREEN = 3.267
# Points in a row that make a shift or a trend; NHS Making Data Count.
RUN_LENGTH = 7
# Two numbers closer than this share of the largest value differ only by rounding.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Limits:
    """The lines of one segment, in the unit of the values."""

    mean: float
    spread: float  # mean moving range, after any screening
    rounding: float  # differences up to this size count as none
    limit: float = field(default=LIMIT, repr=False)  # mean moving ranges from the mean to a limit

    @property
    def lower(self) -> float:
        """Lower process limit."""
        return self.mean - self.limit * self.spread

    @property
    def upper(self) -> float:
        """Upper process limit."""
        return self.mean + self.limit * self.spread

    def at(self, sigmas: int) -> tuple[float, float]:
        """The two lines so many thirds of the way from the mean to the limits."""
        width = sigmas * self.limit / 3 * self.spread
        return self.mean - width, self.mean + width


@dataclass(frozen=True)
class PointLimits:
    """The lines of one segment whose limits differ from point to point, in the unit of the values."""

    mean: float  # the line in the middle
    sigma: Floats  # one a point
    rounding: float  # differences up to this size count as none
    floor: float = 0.0  # no value lies below this, and no limit is drawn there
    ceiling: float = math.inf  # no value lies above this, and no limit is drawn there
    around: float | None = None  # what the limits stand around, where it is not the line in the middle

    @property
    def lower(self) -> Floats:
        """Lower limits, one a point."""
        return np.maximum(self.at(3)[0], self.floor)

    @property
    def upper(self) -> Floats:
        """Upper limits, one a point."""
        return np.minimum(self.at(3)[1], self.ceiling)

    def at(self, sigmas: int) -> tuple[Floats, Floats]:
        """The two lines so many sigmas from what the limits stand around, not cut anywhere."""
        around = self.mean if self.around is None else self.around
        return around - sigmas * self.sigma, around + sigmas * self.sigma


def limits(values: Floats, *, screen: bool, limit: float = LIMIT) -> Limits:
    """
    Mean and process limits of *values*, at least two of them.

    With *screen*, moving ranges at or above 3.267 times their mean are dropped, once.
    The mean of the values is never screened. Values that do not vary at all give
    limits equal to the mean.

    >>> limits(np.array([1.0, 3.0, 2.0, 4.0]), screen=False)
    Limits(mean=2.5, spread=1.6666666666666667, rounding=4e-13)
    """
    rounding = ROUNDING * float(np.abs(values).max())
    ranges = np.abs(np.diff(values))
    spread = _mean(ranges)
    if screen:
        kept = ranges[sides(ranges - SCREEN * spread, rounding) < 0]
        spread = _mean(kept) if kept.size else 0.0
    return Limits(_mean(values), spread, rounding, limit)


def _mean(values: Floats) -> float:
    """Mean that is exact for equal values: summed without rounding, then corrected once."""
    first = math.fsum(values) / values.size
    return first + math.fsum(values - first) / values.size


def sides(differences: Floats, rounding: float = 0.0) -> Sides:
    """
    Which side each difference falls on: -1, 0 or 1.

    >>> sides(np.array([0.5, 0.0, -2.0])).tolist()
    [1, 0, -1]
    """
    return np.where(np.abs(differences) <= rounding, 0, np.sign(differences)).astype(np.int64)


def runs(marks: Sides) -> tuple[Sides, Sides]:
    """
    Where each stretch of equal *marks* starts, and how long it is.

    >>> starts, lengths = runs(np.array([1, 1, -1, 0, 0, 0]))
    >>> starts.tolist(), lengths.tolist()
    ([0, 2, 3], [2, 1, 3])
    """
    changes = np.flatnonzero(np.diff(marks)) + 1
    starts = np.concatenate([np.zeros(min(marks.size, 1), dtype=np.int64), changes])
    return starts, np.diff(np.append(starts, marks.size))


def outside(values: Floats, lines: Limits | PointLimits) -> Sides:
    """Side on which each point lies strictly beyond a limit; 0 when it does not."""
    above = sides(values - lines.upper, lines.rounding) > 0
    below = sides(values - lines.lower, lines.rounding) < 0
    return above.astype(np.int64) - below.astype(np.int64)


def beyond(values: Floats, lines: Limits | PointLimits, sigmas: int) -> Sides:
    """Side on which each point lies beyond the lines so many sigmas out; 0 when it does not."""
    low, high = lines.at(sigmas)
    above = sides(values - high, lines.rounding) > 0
    below = sides(values - low, lines.rounding) < 0
    return above.astype(np.int64) - below.astype(np.int64)


def near(values: Floats, lines: Limits | PointLimits) -> Flags:
    """Points beyond two thirds of the way to a limit, yet not beyond the limit."""
    return np.asarray((beyond(values, lines, NEAR) != 0) & (outside(values, lines) == 0), dtype=bool)


def trend(values: Floats, rounding: float = 0.0, length: int = RUN_LENGTH) -> Sides:
    """
    Direction of the trend that each point is part of: 1 rising, -1 falling, 0 none.

    A trend is 7 points (or *length*), so 6 strict rises or falls; a tie breaks it. A
    point shared by a rise and a fall takes the later direction.

    >>> trend(np.array([1.0, 2, 3, 4, 5, 6, 7, 6])).tolist()
    [1, 1, 1, 1, 1, 1, 1, 0]
    """
    directions = np.zeros(values.size, dtype=np.int64)
    steps = sides(np.diff(values), rounding)
    starts, lengths = runs(steps)
    for start, steps_in_a_row in zip(starts, lengths, strict=True):
        if steps_in_a_row >= length - 1 and steps[start]:
            directions[start : start + steps_in_a_row + 1] = steps[start]
    return directions


def shift(of_mean: Sides, length: int = RUN_LENGTH) -> Flags:
    """
    Points that are part of 7 (or *length*) or more in a row strictly on one side of the mean.

    >>> shift(np.array([1] * 7 + [0] + [-1] * 6)).sum()
    np.int64(7)
    """
    _, lengths = runs(of_mean)
    return np.asarray(np.repeat(lengths >= length, lengths) & (of_mean != 0), dtype=bool)


def two_in_three(near: Flags, of_mean: Sides) -> Flags:
    """
    Near points in a window of 3, when at least 2 are near and all 3 on one side.

    *near* marks the points beyond two thirds of the way to a limit, yet inside it.

    >>> two_in_three(np.array([True, False, True]), np.array([1, 1, 1])).tolist()
    [True, False, True]
    """
    found = np.zeros(near.size, dtype=bool)
    if near.size >= 3:  # noqa: PLR2004 - the three of two in three
        inside = near.astype(np.int64)
        enough = inside[:-2] + inside[1:-1] + inside[2:] >= 2  # noqa: PLR2004 - the two of two in three
        one_side = (of_mean[:-2] == of_mean[1:-1]) & (of_mean[1:-1] == of_mean[2:]) & (of_mean[2:] != 0)
        for offset in range(3):
            found[offset : near.size - 2 + offset] |= enough & one_side
    return found & near


def completes(zone: Sides, needed: int, window: int) -> Flags:
    """
    Points that make *needed* of the last *window* points lie in the zone on their own side.

    Only the point that completes the pattern is marked, and it must lie in the zone itself.

    >>> completes(np.array([1, 0, 1, 1, -1]), 2, 3).tolist()
    [False, False, True, True, False]
    """
    found = np.zeros(zone.size, dtype=bool)
    for side in (-1, 1):
        so_far = np.concatenate([np.zeros(window, dtype=np.int64), np.cumsum(zone == side)])
        enough = so_far[window:] - so_far[:-window] >= needed
        found |= enough & (zone == side) & (np.arange(zone.size) >= window - 1)
    return found
