"""
Is every chart what a plain reading of the NHS definitions gives? A second telling of the rules, in exact fractions.

Written from the definitions alone, window by window, for clarity and not for speed. Values
are whole numbers, so the telling is exact, with no allowance for rounding; flowlib gets the
same numbers in some unit (billionths, tenths, millions of millions), where a computer rounds.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from flowlib.measure.spc import xmr

LIMIT, SCREEN = Fraction("2.66"), Fraction("3.267")
UNITS = [1.0, 0.1, 1e-9, 1e12, 1 / 3, 7.3]
BATCHES, IN_A_BATCH = 20, 100


class Segment:
    """One stretch of points with its lines and its marks."""

    def __init__(self, values, baseline, *, screen):
        first = values[:baseline]
        ranges = [abs(later - before) for before, later in pairwise(first)]
        spread = mean_of(ranges)
        if screen:
            spread = mean_of([one for one in ranges if one < SCREEN * spread])
        self.values, self.mean = values, mean_of(first)
        self.lower, self.upper = self.mean - LIMIT * spread, self.mean + LIMIT * spread
        low, high = self.mean - LIMIT * spread * 2 / 3, self.mean + LIMIT * spread * 2 / 3
        self.side = [(value > self.mean) - (value < self.mean) for value in values]
        self.outside = [not self.lower <= value <= self.upper for value in values]
        self.near = [not low <= value <= high and not out for value, out in zip(values, self.outside, strict=True)]

    def windows(self, at, length):
        """Every window of so many points that has this one in it, the latest first."""
        last = len(self.values) - length
        return [
            range(start, start + length) for start in range(min(at, last), max(at - length, -1), -1) if start <= last
        ]

    def one_side(self, window):
        return abs(sum(self.side[at] for at in window)) == len(window)

    def shift(self, at):
        return any(self.one_side(window) for window in self.windows(at, 7))

    def trend(self, at):
        """1 for a rise, -1 for a fall, of the latest trend that has this point in it; else 0."""
        for window in self.windows(at, 7):
            steps = [self.values[later] - self.values[later - 1] for later in window[1:]]
            if all(step > 0 for step in steps):
                return 1
            if all(step < 0 for step in steps):
                return -1
        return 0

    def two_in_three(self, at):
        return self.near[at] and any(
            sum(self.near[other] for other in window) >= 2 and self.one_side(window) for window in self.windows(at, 3)
        )

    def signal(self, at):
        """The first rule that holds, and which way it points."""
        side = self.side[at]
        if self.outside[at]:
            return "outside", side
        if trend := self.trend(at):
            return "trend", trend
        if self.two_in_three(at):
            return "two_in_three", side
        if self.shift(at):
            return "shift", side
        return "", 0


def mean_of(values):
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def plainly(values, starts, baseline, improvement, *, screen):
    """The segments, and each point's lines, signal and verdict."""
    segments, points = [], []
    for start, end in zip([0, *starts], [*starts, len(values)], strict=True):
        segment = Segment(values[start:end], baseline, screen=screen)
        segments.append(segment)
        for at in range(end - start):
            name, way = segment.signal(at)
            points.append(((segment.mean, segment.lower, segment.upper), name, meaning(way, improvement)))
    return segments, *zip(*points, strict=True)


def meaning(way, improvement):
    if way == 0:
        return "common"
    if improvement is None:
        return "neutral"
    return "improvement" if way == {"up": 1, "down": -1}[improvement] else "concern"


def promise(segment, improvement, target):
    """Beyond the good side is always fail, beyond the other always pass, else hit or miss."""
    if target is None or improvement is None:
        return None
    if target > segment.upper:
        return "fail" if improvement == "up" else "pass"
    if target < segment.lower:
        return "pass" if improvement == "up" else "fail"
    return "hit_or_miss"


def some_values(rng, points):
    """Whole numbers of one of nine kinds."""
    steps = np.where(np.arange(points) % 2, -1, 1).repeat(rng.integers(4, 9))[:points]
    return (
        [
            lambda: rng.integers(-50, 51, points),
            lambda: rng.integers(0, 4, points),
            lambda: np.full(points, rng.integers(-3, 4)),
            lambda: rng.integers(-2, 3, points).repeat(rng.integers(1, 9))[:points],
            lambda: np.cumsum(rng.integers(-3, 4, points)),
            lambda: np.cumsum(steps * rng.integers(1, 3, points)),
            lambda: (rng.random(points) < 0.08) * rng.integers(1, 30, points),
            lambda: np.round(rng.lognormal(2, 1, points)) - 9 * (np.arange(points) > points // 2),
            # Nine ranges of 6,733 and one of 29,403, which is 3.267 times the mean of them all.
            lambda: np.cumsum([0, 29403, *[-6733, 6733] * 4, -6733]) * rng.choice([-1, 1]),
        ][int(rng.integers(9))]()
        .astype(int)
        .tolist()
    )


def some_options(rng, points):
    """Where limits start again, a baseline, a direction and a target, each or none."""
    first = int(rng.integers(2, points - 3))
    cuts = [first, int(rng.integers(first + 2, points - 1))]
    starts = [[], cuts[:1], cuts][int(rng.integers(3))]
    return starts, [None, None, 12, 20][int(rng.integers(4))], [None, "up", "down"][int(rng.integers(3))]


def charted(values, starts, order, **options):
    """As it is, or with dates and put in another order."""
    if order is None:
        return xmr(values, rebase=starts, **options)
    dates = pd.date_range("2026-01-01", periods=len(values))
    return xmr([values[at] for at in order], dates[order], rebase=[dates[start] for start in starts], **options)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_chart_is_what_a_plain_reading_of_the_definitions_gives(batch):
    """2,000 series in all: ties, constants, negative values, huge and tiny units, rebases, baselines, any order."""
    seen = set()
    for number in range(IN_A_BATCH):
        rng = np.random.default_rng([2019, batch, number])
        values, unit = some_values(rng, int(6 * 16 ** rng.random())), UNITS[number % len(UNITS)]
        starts, baseline, improvement = some_options(rng, len(values))
        screen = bool(rng.integers(2))
        segments, lines, signals, verdicts = plainly(values, starts, baseline, improvement, screen=screen)
        last = segments[-1]
        target = [None, Fraction(int(rng.integers(-9, 10))), last.upper, last.lower][int(rng.integers(4))]
        chart = charted(
            [value * unit for value in values],
            starts,
            None if number % 4 else rng.permutation(len(values)),
            improvement=improvement,
            target=None if target is None else float(target) * unit,
            baseline=baseline,
            preset="nhsr" if screen else "mdc",
        )
        expected = np.array([[float(line) for line in row] for row in lines]) * unit
        scale = 1e-9 * max(np.abs(expected).max(), unit)
        found = chart.points[["mean", "lpl", "upl"]].to_numpy()
        assert np.abs(found - expected).max() <= scale, number
        assert chart.points["signal"].tolist() == list(signals), number
        assert chart.points["verdict"].tolist() == list(verdicts), number
        assert (chart.variation, chart.assurance) == (verdicts[-1], promise(last, improvement, target)), number
        seen |= {*signals, *verdicts, chart.assurance}
    assert seen >= {"outside", "trend", "two_in_three", "shift", "improvement", "concern", "neutral", "hit_or_miss"}
