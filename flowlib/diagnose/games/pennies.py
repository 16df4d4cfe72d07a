"""
How long do people wait for each other when work is passed on in batches?

Pieces go from hand to hand. Each person works on one piece at a time, and passes on only
whole batches; the last batch may be smaller. With F(b, s) for the moment at which person
s has finished batch b of size n: F(b, s) = max(F(b - 1, s), F(b, s - 1)) + n × each.
For equal batches the last is done after (batches + people - 1) × batch × each.

The coin game is common property of lean courses. What follows from it is the time that
the first and the last piece take; over a long day the same number comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import need, positive, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Passed", "compared", "passed_on"]

PIECES, PEOPLE, BATCHES = 20, 5, (20, 10, 5, 1)
MOST_PIECES, MOST_PEOPLE = 200, 12


@dataclass(frozen=True, eq=False)
class Passed:
    """One game: when each person began and finished each batch. Times are in the unit of `each`."""

    batch: int  # pieces to a batch
    pieces: int
    people: int
    each: float  # time that one person takes for one piece
    sizes: tuple[int, ...]  # pieces in each batch
    begun: Floats  # batches × people
    done: Floats  # batches × people

    @property
    def first_out(self) -> float:
        """When the first batch leaves the last person."""
        return float(self.done[0, -1])

    @property
    def all_done(self) -> float:
        """When the last batch leaves the last person."""
        return float(self.done[-1, -1])

    @property
    def hands_on(self) -> float:
        """How long somebody works on any one piece: the rest of its time is waiting."""
        return self.people * self.each

    def table(self) -> pd.DataFrame:
        """A row for each batch at each person: `batch`, `pieces`, `person`, `begins`, `ends`."""
        batches, people = self.done.shape
        return pd.DataFrame(
            {
                "batch": np.repeat(np.arange(1, batches + 1), people),
                "pieces": np.repeat(self.sizes, people),
                "person": np.tile(np.arange(1, people + 1), batches),
                "begins": self.begun.ravel(),
                "ends": self.done.ravel(),
            }
        )

    def sentence(self, unit: str = "seconds") -> str:
        """The two times in plain words."""
        how = "one at a time" if self.batch == 1 else f"in batches of {self.batch}"
        if self.batch >= self.pieces:
            how = "all together"
        return (
            f"Passed on {how}: the first is out after {self.first_out:g} {unit}, "
            f"and all {self.pieces} after {self.all_done:g}."
        )


def passed_on(batch: int, *, pieces: int = PIECES, people: int = PEOPLE, each: float = 1.0) -> Passed:
    """
    The game with batches of so many pieces, 1 to *pieces*.

    *pieces* are 1 to 200 and *people* 1 to 12; *each* is the time that one person takes
    for one piece, above 0, in any unit.

    >>> game = passed_on(5)
    >>> game.first_out, game.all_done
    (25.0, 40.0)
    """
    pieces, people = whole("The number of pieces", pieces, 1), whole("The number of people", people, 1)
    need(pieces <= MOST_PIECES, f"A game has at most {MOST_PIECES} pieces; {pieces} came. Take fewer.")
    need(people <= MOST_PEOPLE, f"A game has at most {MOST_PEOPLE} people; {people} came. Take fewer.")
    size = whole("A batch", batch, 1)
    need(size <= pieces, f"A batch holds at most all {pieces} pieces; {size} came. Make it smaller.")
    each = positive("The time for one piece", each)
    whole_ones, left = divmod(pieces, size)
    sizes = (size,) * whole_ones + ((left,) if left else ())
    begun, done = np.zeros((2, len(sizes), people))
    for row, many in enumerate(sizes):
        for person in range(people):
            free = done[row - 1, person] if row else 0.0
            here = done[row, person - 1] if person else 0.0
            begun[row, person] = max(free, here)
            done[row, person] = begun[row, person] + many * each
    return Passed(size, pieces, people, each, sizes, begun, done)


def compared(
    batches: tuple[int, ...] = BATCHES, *, pieces: int = PIECES, people: int = PEOPLE, each: float = 1.0
) -> pd.DataFrame:
    """
    A row for each size of *batches*: `batch`, `first_out`, `all_done`, in the unit of *each*.

    >>> compared()["first_out"].tolist(), compared()["all_done"].tolist()
    ([100.0, 50.0, 25.0, 5.0], [100.0, 60.0, 40.0, 24.0])
    """
    games = [passed_on(batch, pieces=pieces, people=people, each=each) for batch in batches]
    rows = [(game.batch, game.first_out, game.all_done) for game in games]
    return pd.DataFrame(rows, columns=["batch", "first_out", "all_done"])
