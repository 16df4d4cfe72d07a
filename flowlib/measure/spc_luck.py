"""
What does a chart look like when nothing happens but chance?

`luck` deals one series of pure chance, with a real change in it or not, and says on how
many such charts the rules mark a point. `falls_in_a_row` is the exact chance that some
points fall one after the other though nothing has changed.

Sources: D. E. Barton and F. N. David (1962), "Combinatorial Chance", for runs up and
down; its count of orders without a long run down is sequence A049774 for two falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import finite, need, whole
from flowlib.measure.spc import xmr
from flowlib.measure.spc_many import xmr_many

if TYPE_CHECKING:
    from flowlib.measure.spc_chart import ControlChart
    from flowlib.measure.spc_rules import Floats

__all__ = ["Luck", "about", "falls_in_a_row", "luck"]

CHARTS = 20_000  # dealt for the share that is marked: its standard error is 0.4 in 100 at most
LEVEL, SPREAD = 50.0, 10.0  # mean and standard deviation of what is dealt, in any unit
MOST_POINTS, MOST_FALLS, MOST_CHANGE = 200, 20, 10
MOST_SEED = 2**32 - 1


@dataclass(frozen=True, eq=False)
class Luck:
    """One chart that was dealt, and how often its like are marked."""

    chart: ControlChart
    points: int
    change: float  # of the mean from half way on, in standard deviations; 0 where nothing changed
    skewed: bool  # many short and a few very long, as waits are
    marked: float  # share of such charts on which a rule marks a point
    seed: int

    def sentence(self) -> str:
        """What was dealt, and how often such charts are marked."""
        marks = int((self.chart.points["signal"] != "").sum())
        here = f"On this chart the rules mark {_counted(marks)}." if marks else "On this chart the rules mark no point."
        share = about(self.marked)
        if self.change == 0:
            return f"Nothing changed here: all is chance. {here} They mark {share} of pure chance like this one."
        return f"From half way on the level truly changed. {here} They mark {share} with such a change."


def luck(points: int = 24, *, change: float = 0.0, skewed: bool = False, seed: int = 0, preset: str = "mdc") -> Luck:
    """
    One series of chance on a chart, and the share of such charts that the rules mark.

    *points* are 12 to 200. *change* is of the mean from half way on, in standard
    deviations, -10 to 10. *skewed* points are lognormal with as much spread, others
    normal. The same *seed* deals the same chart. *preset* is as for `xmr_many`.

    >>> dealt = luck(24, seed=1)
    >>> 0.12 < dealt.marked < 0.19, len(dealt.chart.points)
    (True, 24)
    """
    points = whole("The number of points", points, 12)
    need(points <= MOST_POINTS, f"A chart of chance has at most {MOST_POINTS} points; {points} came. Ask for fewer.")
    change = finite("The change", change)
    need(
        abs(change) <= MOST_CHANGE,
        f"The change must be -{MOST_CHANGE} to {MOST_CHANGE} standard deviations; {change:g} came.",
    )
    seed = whole("The seed", seed)
    need(0 <= seed <= MOST_SEED, f"The seed must be 0 to {MOST_SEED}; {seed} came.")
    one = _dealt(1, points, change=change, skewed=skewed, seed=seed)[0]
    many = xmr_many(_dealt(CHARTS, points, change=change, skewed=skewed, seed=MOST_SEED + 1), preset=preset)
    marked = float((many.codes != 0).any(axis=1).mean())
    return Luck(xmr(one, preset=preset), points, change, skewed, marked, seed)


def falls_in_a_row(points: int, falls: int = 2) -> float:
    """
    The chance that so many *falls* stand one after the other among *points* of pure chance.

    Exact for points in any order that is as likely as another, none equal: 2 to 200
    points, 1 to 20 falls.

    >>> falls_in_a_row(3), round(falls_in_a_row(13), 2)
    (0.16666666666666666, 0.87)
    """
    points = whole("The number of points", points, 2)
    falls = whole("The number of falls", falls, 1)
    need(points <= MOST_POINTS, f"There may be at most {MOST_POINTS} points; {points} came.")
    need(falls <= MOST_FALLS, f"There may be at most {MOST_FALLS} falls; {falls} came.")
    return float(1 - _share_without(points, falls + 1))


def _share_without(points: int, length: int) -> Fraction:
    """
    The share of orders without a run down of that *length*.

    The shares are the coefficients of 1 / (1 - x + x^r/r! - x^(r+1)/(r+1)! + ...).
    """
    below = [Fraction(0)] * (points + 1)
    for place in range(points + 1):
        turn = place % length
        if turn <= 1:
            below[place] = Fraction(1 - 2 * turn, factorial(place))
    shares = [Fraction(1)]
    for place in range(1, points + 1):
        shares.append(-sum((below[k] * shares[place - k] for k in range(1, place + 1)), Fraction(0)))
    return shares[points]


def _dealt(charts: int, points: int, *, change: float, skewed: bool, seed: int) -> Floats:
    """Series by points, around one level until half way."""
    draws = np.random.default_rng(seed).standard_normal((charts, points))
    if skewed:  # lognormal with a coefficient of variation of 1, put on the same mean and spread
        sigma = np.sqrt(np.log(2.0))
        draws = np.exp(sigma * draws - sigma**2 / 2) - 1
    draws[:, points // 2 :] += change
    return np.asarray(LEVEL + SPREAD * draws)


def about(share: float) -> str:
    """
    A share of charts in words, to the nearest 5 of 100: as exact as what was dealt.

    >>> about(0.154), about(0.01), about(0.99)
    ('about 15 of 100 charts', 'fewer than 3 of 100 charts', 'nearly all charts')
    """
    near = 5 * round(20 * share)
    if near == 0:
        return "fewer than 3 of 100 charts"
    return f"about {near} of 100 charts" if near < 100 else "nearly all charts"  # noqa: PLR2004 - of 100


def _counted(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"
