"""
Do wards that draw from one box differ, or does chance alone rank them?

A box holds 4,000 beads, 800 of them red. Each ward dips a paddle of 50 and puts the beads
back, once a day. Here a bead is a discharge letter, and a red one is late. No ward can do
anything about how many are red. The game is W. E. Deming's ("Out of the Crisis", 1986,
chapter 11).

Reds on one paddle follow the hypergeometric law, as beads are not put back one by one.
The limits are those of a chart of counts of a share (np chart): mean ± 3 √(n p (1 - p)),
with n for the paddle and p for the share of reds in all that was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import need, positive, share, whole
from flowlib.diagnose.games.typed import MOST_ROWS, whole_rows
from flowlib.simulation.draws import Luck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["BeadGame", "chance_of_gap", "drawn", "limits", "played"]

BEADS, RED, PADDLE, WARDS, DAYS = 4_000, 800, 50, 6, 4
MOST_WARDS, MOST_BEADS = 26, 1_000_000
SIGMAS = 3  # as on any control chart


@dataclass(frozen=True, eq=False)
class BeadGame:
    """One game: the reds each ward drew each day, and what a control chart says of them."""

    counts: Ints  # reds, days × wards
    paddle: int  # beads in one draw
    mean: float  # reds to a paddle
    lower: float  # lower limit of usual variation, reds
    upper: float  # upper limit, reds

    @property
    def wards(self) -> tuple[str, ...]:
        """Names of the wards: A, B, C and so on."""
        return tuple(ascii_uppercase[: self.counts.shape[1]])

    @property
    def outside(self) -> int:
        """Draws outside the limits."""
        return int(((self.counts < self.lower) | (self.counts > self.upper)).sum())

    @property
    def gaps(self) -> Ints:
        """Most less fewest reds, one number a day."""
        return np.asarray(self.counts.max(axis=1) - self.counts.min(axis=1))

    def table(self) -> pd.DataFrame:
        """A row for each ward and day: `day`, `ward`, `red`, `lower limit`, `mean`, `upper limit`, `within`."""
        days, wards = self.counts.shape
        red = self.counts.ravel()
        return pd.DataFrame(
            {
                "day": np.repeat(np.arange(1, days + 1), wards),
                "ward": list(self.wards) * days,
                "red": red,
                "lower limit": self.lower,
                "mean": self.mean,
                "upper limit": self.upper,
                "within": (red >= self.lower) & (red <= self.upper),
            }
        )

    def ranking(self) -> pd.DataFrame:
        """A row a ward, fewest reds first: `place`, `ward`, a column a day, `all`. Equal totals share a place."""
        days = {f"day {day}": row for day, row in enumerate(self.counts, start=1)}
        made = pd.DataFrame({"ward": self.wards, **days, "all": self.counts.sum(axis=0)})
        made = made.sort_values(["all", "ward"], ignore_index=True)
        made.insert(0, "place", made["all"].rank(method="min").astype(int))
        return made

    def ends(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The wards with the fewest reds in all, and those with the most."""
        totals = self.counts.sum(axis=0)
        fewest, most = ([ward for ward, count in zip(self.wards, totals, strict=True) if count == end]
                        for end in (totals.min(), totals.max()))  # fmt: skip
        return tuple(fewest), tuple(most)

    def sentence(self, red: str = "red beads") -> str:
        """What a control chart says, in plain words."""
        gap = int(self.gaps[-1])
        told = (
            f"On day {len(self.counts)}, best and worst are {gap} apart. "
            f"The limits of usual variation are {self.lower:.1f} to {self.upper:.1f} {red}."
        )
        if not self.outside:
            return f"{told} Every draw is within them."
        odd = "1 draw is" if self.outside == 1 else f"{self.outside} draws are"
        return f"{told} {odd} outside: chance does that now and then."


def drawn(
    days: int = DAYS,
    *,
    wards: int = WARDS,
    beads: int = BEADS,
    red: int = RED,
    paddle: int = PADDLE,
    game: int = 1,
) -> Ints:
    """
    How many reds each ward draws each day, *days* × *wards*.

    The same *game*, a number of 0 or more, gives everybody the same draws. More days or
    wards leave the others' draws as they are. Raises a `Refusal` for a paddle larger than
    the box, more reds than beads, more than 26 wards and more than 200 days.

    >>> drawn(2, game=3).shape, drawn(1, game=3).tolist() == drawn(2, game=3)[:1].tolist()
    ((2, 6), True)
    """
    days, wards = whole("The number of days", days, 1), whole("The number of wards", wards, 2)
    need(days <= MOST_ROWS, f"A game has at most {MOST_ROWS} days; {days} came. Play fewer.")
    need(wards <= MOST_WARDS, f"A game has at most {MOST_WARDS} wards; {wards} came. Take fewer.")
    reds = np.cumsum(_law(beads, red, paddle))
    luck = Luck(whole("The game number", game), 0)
    each = [np.searchsorted(reds, luck.uniforms(days, "beads", ward), side="right") for ward in range(wards)]
    return np.minimum(np.stack(each, axis=1), len(reds) - 1)


def played(counts: object, *, paddle: int = PADDLE) -> BeadGame:
    """
    The game with these *counts* of reds, days × wards, out of a *paddle* each.

    The limits come from the counts themselves, as on any chart of a real service.

    >>> game = played([[10, 8, 12], [9, 11, 10]])
    >>> game.mean, round(game.lower, 1), round(game.upper, 1), game.outside
    (10.0, 1.5, 18.5, 0)
    """
    paddle = whole("The paddle", paddle, 1)
    table = whole_rows(counts, high=paddle)
    wards = table.shape[1]
    need(2 <= wards <= MOST_WARDS, f"A game has 2 to {MOST_WARDS} wards; {wards} came. Change the columns.")  # noqa: PLR2004 - two to compare
    mean = float(table.mean())
    lower, upper = limits(mean / paddle, paddle)
    return BeadGame(table, paddle, mean, lower, upper)


def limits(of_red: float, paddle: int = PADDLE) -> tuple[float, float]:
    """
    Lower and upper limit of usual variation, in reds, where a share *of_red* of all beads is red.

    >>> [round(limit, 1) for limit in limits(0.2)]
    [1.5, 18.5]
    """
    p, n = share("The share of reds", of_red), positive("The paddle", paddle)
    spread = SIGMAS * sqrt(n * p * (1 - p))
    return max(n * p - spread, 0.0), min(n * p + spread, n)


def chance_of_gap(gap: int, *, wards: int = WARDS, beads: int = BEADS, red: int = RED, paddle: int = PADDLE) -> float:
    """
    The chance that on one day the most and the fewest reds of all *wards* are *gap* apart, or more. Exact.

    All wards lie within k to k + gap - 1 for some least k: summed over k, less those whose least is above it.

    >>> round(chance_of_gap(6), 3)
    0.732
    """
    gap, wards = whole("The gap", gap, 1), whole("The number of wards", wards, 2)
    law = _law(beads, red, paddle)
    within = sum(
        law[least : least + gap].sum() ** wards - law[least + 1 : least + gap].sum() ** wards
        for least in range(len(law))
    )
    return float(1 - within)


def _law(beads: object, red: object, paddle: object) -> Floats:
    """The chance of 0, 1, 2 and so on reds on one paddle."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - heavy, so only when beads are drawn

    beads, red = whole("The number of beads", beads, 1), whole("The number of red beads", red)
    paddle = whole("The paddle", paddle, 1)
    need(beads <= MOST_BEADS, f"A box holds at most {MOST_BEADS:,} beads; {beads:,} came. Take fewer.")
    need(red <= beads, f"A box of {beads:,} beads cannot hold {red:,} red ones. Take fewer red ones.")
    need(paddle <= beads, f"A paddle of {paddle:,} needs more beads than the {beads:,} in the box. Take a smaller one.")
    return np.asarray(hypergeom(beads, red, paddle).pmf(np.arange(paddle + 1)))
