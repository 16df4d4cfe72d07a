"""
Which series are charted when another package is asked the same? And how do two answers differ?

Five hundred measures of many kinds, and a hundred and fifty of counts, shares, rates and
gaps, each with a direction and a target or without. Seeds are fixed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from flowlib.measure import spc

MAKERS = {
    "p": spc.p_chart,
    "u": spc.u_chart,
    "pp": spc.p_prime_chart,
    "up": spc.u_prime_chart,
    "c": spc.c_chart,
    "g": spc.g_chart,
    "t": spc.t_chart,
}
NEARLY = 1e-9  # lines differ when they are further apart than this share of the largest value


class Deviation(NamedTuple):
    """A way of another package that is not flowlib's."""

    key: str
    what: str
    the_tool: str
    flowlib: str
    nhs: str  # which of them follows the NHS definitions; "neither" where they have no such case
    why: str


def listed(table):
    """Deviations from a table, one a line."""
    return [Deviation(*(cell.strip() for cell in line.split("|"))) for line in table.strip().splitlines()]


@dataclass(frozen=True, eq=False)
class Case:
    """One series to chart."""

    number: int
    chart: str  # "xmr", "p", "u", "c", "g" or "t"
    kind: str
    y: np.ndarray
    sizes: np.ndarray | None
    improvement: str | None
    target: float | None


@dataclass(frozen=True, eq=False)
class Says:
    """What a package says of one case."""

    lines: np.ndarray  # points by middle, lower, upper
    signal: np.ndarray  # text
    verdict: np.ndarray  # text
    variation: str | None
    assurance: str | None

    def differs(self, other: Says) -> dict[str, int]:
        """Points whose lines, signals or verdicts differ, and summaries that do; only what differs."""
        if self is other:
            return {}
        scale = NEARLY * max(np.nanmax(np.abs(self.lines), initial=0), np.nanmax(np.abs(other.lines), initial=0))
        gap = np.abs(self.lines - other.lines) > scale
        blank = np.isnan(self.lines) != np.isnan(other.lines)
        counts = {
            "lines": int((gap | blank).any(axis=1).sum()),
            "signal": int((self.signal != other.signal).sum()),
            "verdict": int((self.verdict != other.verdict).sum()),
            "variation": int(self.variation != other.variation),
            "assurance": int(self.assurance != other.assurance),
        }
        return {aspect: count for aspect, count in counts.items() if count}


def tallied(cases, deviations, tool, ours):
    """How much each deviation changes when it is taken away after those above it, and what is left at the end."""
    counts: dict[str, Counter[str]] = {deviation.key: Counter() for deviation in deviations}
    left = []
    for case in cases:
        before = tool(case, frozenset())
        for place, deviation in enumerate(deviations, 1):
            after = tool(case, frozenset(one.key for one in deviations[:place]))
            counts[deviation.key].update(before.differs(after))
            before = after
        if found := ours(case).differs(before):
            left.append((case.chart, case.kind, case.number, found))
    return counts, left


def by_flowlib(case, preset="mdc", **options):
    """What flowlib says."""
    asked = {"improvement": case.improvement, "target": case.target, "preset": preset, **options}
    if case.chart == "xmr":
        chart = spc.xmr(case.y, **asked)
    else:
        chart = MAKERS[case.chart](*((case.y,) if case.sizes is None else (case.y, case.sizes)), **asked)
    points = chart.points
    return Says(
        points[["mean", "lpl", "upl"]].to_numpy(),
        points["signal"].to_numpy(dtype=str),
        points["verdict"].to_numpy(dtype=str),
        chart.variation,
        chart.assurance,
    )


def _stretches(rng, points):
    """Some values, each for a while."""
    return np.repeat(rng.integers(0, 6, size=points), rng.integers(1, 10, size=points))[:points].astype(float)


def _ramps(rng, points):
    """Rises and falls of 4 to 9 points, one after the other."""
    lengths = rng.integers(3, 9, size=points)
    steps = np.repeat(np.where(np.arange(points) % 2, -1.0, 1.0), lengths)[:points]
    return np.cumsum(steps * rng.integers(1, 4, size=points))


def _step(rng, points):
    """Noise around two levels."""
    return rng.normal(50, 10, points) + 12 * (np.arange(points) >= rng.integers(0, points))


def _spikes(rng, points):
    """Noise with a few points far off."""
    y = rng.normal(50, 10, points)
    y[rng.integers(0, points, size=3)] += rng.choice([-60.0, 60.0, 120.0], size=3)
    return y


MEASURES = {
    "normal": lambda rng, points: rng.normal(50, 10, points),
    "skewed": lambda rng, points: rng.lognormal(3, 0.8, points),
    "counts": lambda rng, points: rng.poisson(4, points).astype(float),
    "ties": lambda rng, points: rng.integers(0, 4, points).astype(float),
    "tenths": lambda rng, points: rng.integers(0, 6, points) * 0.1,
    "constant": lambda rng, points: np.full(points, rng.choice([5.0, 0.0, 0.1, 1 / 3, -7.7])),
    "stretches": _stretches,
    "drift": lambda rng, points: rng.normal(50, 10, points) + rng.normal(0, 0.5) * np.arange(points),
    "ramps": _ramps,
    "step": _step,
    "spikes": _spikes,
    "walk": lambda rng, points: np.cumsum(rng.normal(size=points)),
    "rare": lambda rng, points: (rng.random(points) < 0.06).astype(float),
    "waves": lambda rng, points: 10 * np.sin(np.arange(points) / rng.uniform(1, 8)) + rng.normal(0, 2, points),
}
COUNTED = ("p", "u", "c", "g", "t")


def measures(number_of=496):
    """So many series of measures, then four made by hand."""
    cases = [_measure(number) for number in range(number_of)]
    # Nine ranges of 6,733 and one of 29,403 have mean 9,000, and 3.267 times that is 29,403: a range at the screen.
    at_the_screen = np.cumsum([0.0, 29403, *[-6733, 6733] * 4, -6733])
    # 2.6599 mean moving ranges from the mean: beyond 3 / 1.128 of them, and not beyond 2.66.
    between = _between_limits()
    # The last seven fall, all above the mean.
    falls = np.array([0.0, 20] * 10 + [19, 18, 17, 16, 15, 14, 13])
    # Nine in a row above the mean of 5, but for one on it.
    through = np.array([4.0, 6] * 10 + [4, 4, 6] * 8 + [6] * 4 + [5] + [6] * 4)
    by_hand = {"at the screen": at_the_screen, "between": between, "falls from high": falls, "through": through}
    return cases + [
        Case(number_of + place, "xmr", kind, by_hand[kind], None, "up", None) for place, kind in enumerate(by_hand)
    ]


def counted(number_of=150):
    """So many series of shares, rates, counts and gaps."""
    return [_counted(number) for number in range(number_of)]


def _measure(number):
    rng = np.random.default_rng([1924, number])
    kind = list(MEASURES)[number % len(MEASURES)]
    y = MEASURES[kind](rng, int(12 * 10 ** rng.random()))  # 12 to 119 points, as many short as long
    improvement = [None, "up", "down"][int(rng.integers(3))]
    spread = np.abs(np.diff(y)).mean()
    # None, somewhere near, far off, or on a limit
    target = [None, y.mean() + rng.normal() * spread, y.mean() + 9 * spread + 1, y.mean() - 2.66 * spread]
    return Case(number, "xmr", kind, y, None, improvement, target[int(rng.integers(4))])


def _counted(number):
    rng = np.random.default_rng([1931, number])
    chart = COUNTED[number % len(COUNTED)]
    points = int(rng.integers(12, 61))
    share = rng.choice([0.02, 0.2, 0.9])
    sizes = rng.integers(5, 80, points)
    y = {
        "p": lambda: rng.binomial(sizes, share),
        "u": lambda: rng.poisson(share * sizes * (1 + (np.arange(points) > 30))),
        "c": lambda: rng.poisson(20 * share + 6 * (np.arange(points) % 20 > 12)),
        "g": lambda: rng.geometric(share / 10, points) - 1,
        "t": lambda: rng.exponential(9 + 20 * (np.arange(points) > 25)) + 0.01,
    }[chart]()
    improvement = [None, "up", "down"][int(rng.integers(3))]
    target = [None, share, 0.999 if chart == "p" else 30.0][int(rng.integers(3))]
    return Case(number, chart, chart, y, sizes if chart in "pu" else None, improvement, target)


def _between_limits():
    """Forty ordinary points and one whose distance from their mean is 2.6599 mean moving ranges."""
    low, high = 10.0, 40.0
    for _ in range(200):
        last = (low + high) / 2
        y = np.array([4.0, 6.0] * 20 + [last])
        far = (last - y.mean()) / np.abs(np.diff(y)).mean()
        low, high = (last, high) if far < 2.6599 else (low, last)
    return y
