"""
What would the next weeks look like if nothing, or one thing, changed?

A team's own series stands for itself: its mean, its spread, its skew, and how much one
week is like the last. Weeks to come are drawn from these, as an autoregression of order
one: each week keeps a share φ of the last week's distance from the mean, and adds a
surprise drawn from those that the series itself held (a residual bootstrap: Efron and
Tibshirani (1993), An Introduction to the Bootstrap, section 8.5).

A short series shows less likeness between weeks than there is, because its own mean is
taken out: by (1 + 3φ)/n on average (Kendall (1954), Biometrika 41: 403-404; Marriott and
Pope (1954), Biometrika 41: 390-402). φ is corrected for that. Left as found, charts of
teams whose weeks are alike would promise too few false alarms.

The past is drawn anew as well, and a chart's limits come from the past that was drawn.
So the answer carries what a team cannot know from so few points: its true mean and spread
(Jensen and others (2006), J. Quality Technology 38(4): 349-364, on charts whose limits
are estimated). Blocks of weeks, the usual other choice, need a longer series than teams have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.change.effect.before_after import FEWEST_BEFORE
from flowlib.change.effect.estimate import need_usual_size
from flowlib.core.checks import Refusal, brief, need
from flowlib.measure.spc_rules import ROUNDING
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Habit", "as_list", "habit"]

MOST_ALIKE = 0.9  # more than this is a series that wanders off, and no baseline
SETTLING = 50  # weeks drawn before the first that counts: 0.9 ** 50 is 1 in 200


@dataclass(frozen=True, eq=False)
class Habit:
    """How a series varies from week to week, in its own unit."""

    mean: float
    sd: float  # standard deviation, of n - 1
    alike: float  # share of a week's distance from the mean that the next week keeps: φ
    surprises: Floats  # what each week added to that, with mean 0 and standard deviation 1
    points: int
    least: float  # smallest value of the series

    def drawn(self, rng: np.random.Generator, runs: int, length: int) -> Floats:
        """
        So many *runs* of so many points (*length*): an array of runs by points.

        >>> made = habit([9.0, 11.0, 10.0, 12.0] * 6).drawn(np.random.default_rng(1), 400, 50)
        >>> made.shape, round(float(made.mean()), 1)
        ((400, 50), 10.5)
        """
        made = rng.choice(self.surprises, size=(SETTLING + length, runs)) * (self.sd * np.sqrt(1 - self.alike**2))
        for week in range(1, SETTLING + length):
            made[week] += self.alike * made[week - 1]
        return np.asarray(self.mean + made[SETTLING:].T)


def habit(values: Iterable[object]) -> Habit:
    """
    How *values* vary: at least 12 numbers in time order, none missing, not all the same.

    >>> found = habit([3.0, 5.0, 4.0] * 8)
    >>> found.mean, round(found.sd, 2), found.points
    (4.0, 0.83, 24)
    """
    came = as_list(values)
    need(
        len(came) >= FEWEST_BEFORE,
        f"A baseline needs at least {FEWEST_BEFORE} points; {len(came)} came. Wait for more, or go further back.",
    )
    y = read_series(came, None).y
    need_usual_size(y)
    apart = y - y.mean()
    varies = float(np.abs(apart).max()) > ROUNDING * float(np.abs(y).max())
    need(varies, "The baseline never varies, so any change at all would show at once. Check the numbers.")
    products = float((apart[1:] * apart[:-1]).sum())
    alike = _corrected(products / float((apart**2).sum()), y.size)
    added = apart[1:] - alike * apart[:-1]
    added -= added.mean()
    return Habit(float(y.mean()), float(y.std(ddof=1)), alike, added / added.std(), y.size, float(y.min()))


def as_list(values: object) -> list[object]:
    """
    The values of a baseline, or a refusal where there are not several.

    >>> as_list(range(3))
    [0, 1, 2]
    """
    if not isinstance(values, Iterable):
        raise Refusal(f"A baseline needs at least {FEWEST_BEFORE} numbers; {brief(values)} came.")
    return list(values)


def _corrected(likeness: float, points: int) -> float:
    """The share φ behind the *likeness* found between neighbours, once the mean was taken out."""
    return float(np.clip((points * likeness + 1) / (points - 3), -MOST_ALIKE, MOST_ALIKE))
