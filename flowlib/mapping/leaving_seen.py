"""
At which hours do people leave a step, as far as a log can tell?

People leave in certain hours where nearly all do, and would not if their stays had ended
at any hour: the lengths of the same stays, dealt out anew, say how many would. Where they
only wait for a place that comes free in those hours, the hours are those of the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import clock
from flowlib.core.privacy import FEWEST
from flowlib.mapping.visit_rows import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["SLIP", "WAITED", "Leaving", "hold_of", "leaving_hours"]

NEARLY_ALL = 0.98  # of departures
BY_CHANCE = 0.9  # fewer of the same stays, dealt out anew, end in those hours
SHORTEST, LONGEST = 4, 18  # hours that a day of departures may be long
SOME = 0.005  # of departures: an hour with so many beside the others is one of them
PERMUTATIONS = 5
PULLED = 0.5  # of those kept back; more than this wait for the next place
FEWEST_TO_LEAVE = 4 * FEWEST  # departures from which hours can be told
WAITED = 1 / 60  # hours: less is the walk to the chair
SLIP = 1e-6  # hours: a frame is as fine as a microsecond
OVER = 0.02  # of departures: more are kept back where the log tells care from keeping


@dataclass(frozen=True)
class Leaving:
    """The hours in which people leave a step."""

    between: tuple[str, str]  # from, before
    share: float  # of departures, 0 to 1
    by_chance: float  # share that would if stays ended at any hour
    hold: float  # hours that those who are ready at other hours wait on, mean over all; 0 where the log tells it apart

    def open_at(self, hour: Floats) -> NDArray[np.bool_]:
        """Whether people leave at these hours of the day (9.5 is 09:30)."""
        opens, closes = (float(clock("leaving hours", time)) for time in self.between)
        return np.asarray((hour >= opens) & (hour < closes))


def leaving_hours(rows: VisitRows, step: str) -> Leaving | None:
    """The hours in which people leave *step*, where the pattern is plain; else None."""
    mine = (rows.step == rows.names.index(step)) & ~rows.turned_away & ~rows.gave_up & ~rows.here
    begin = np.fmax(np.where(np.isnan(rows.started), rows.arrived, rows.started), 0)
    end = np.where(np.isnan(rows.left), rows.finished, rows.left)
    mine &= ~np.isnan(begin) & (end >= begin)
    if mine.sum() < FEWEST_TO_LEAVE:
        return None
    begin, end = begin[mine], end[mine]
    ready = np.where(np.isnan(rows.finished), rows.left, rows.finished)[mine]
    apart = bool((end - ready > WAITED).mean() > OVER)
    window = _narrowest(rows.day_hour(end))
    if window is None:
        return None
    opens, closes, share = window
    rng = np.random.default_rng(len(begin))  # the same log gives the same answer
    dealt = np.concatenate([begin + rng.permutation(end - begin) for _ in range(PERMUTATIONS)])
    hour = rows.day_hour(ready if apart else dealt)
    inside = (hour >= opens) & (hour < closes)
    if inside.mean() >= BY_CHANCE or (apart and _pulled(rows, mine, (opens, closes)) > PULLED):
        return None
    hold = 0.0 if apart else float(np.where(inside, 0.0, (opens - hour) % DAY).mean())
    return Leaving(
        (f"{opens:02d}:00", f"{closes:02d}:00" if closes < DAY else "23:59"), share, float(inside.mean()), hold
    )


def hold_of(rows: VisitRows, leaving: Mapping[str, Leaving]) -> Floats:
    """How long those whose care has ended wait for the next leaving hours of their step, hours."""
    found = np.zeros(len(rows))
    for name, hours in leaving.items():
        mine = np.flatnonzero((rows.step == rows.names.index(name)) & ~np.isnan(rows.finished))
        hour = rows.day_hour(rows.finished[mine])
        opens = float(clock("leaving hours", hours.between[0]))
        found[mine] = np.where(hours.open_at(hour), 0.0, (opens - hour) % DAY)
    return found


def _pulled(rows: VisitRows, mine: NDArray[np.bool_], between: tuple[int, int]) -> float:
    """
    Of those kept back, the share who left at the moment when someone left the step that they went to.

    They waited for that place. Where places there come free in the same hours only, the
    hours are those of the next step; where some come free at night, they are not.
    """
    kept = mine & (rows.left - rows.finished > WAITED)
    onward, found = rows.onward, 0
    for to in np.unique(onward[kept & (onward >= 0)]):
        freed = np.sort(rows.left[(rows.step == to) & ~np.isnan(rows.left)])
        hour = rows.day_hour(freed)
        if not len(freed) or ((hour >= between[0]) & (hour < between[1])).mean() < NEARLY_ALL:
            continue
        moved = rows.left[kept & (onward == to)]
        place = np.searchsorted(freed, moved + SLIP)
        found += int(((moved - freed[np.maximum(place - 1, 0)] <= WAITED) & (place > 0)).sum())
    return found / max(int(kept.sum()), 1)


def _narrowest(hours: Floats) -> tuple[int, int, float] | None:
    """The shortest stretch of whole hours of a day that holds nearly all of these."""
    counts = np.bincount(hours.astype(np.int64), minlength=DAY) / len(hours)
    reached = np.concatenate([[0.0], counts.cumsum()])
    for length in range(SHORTEST, LONGEST + 1):
        shares = reached[length:] - reached[:-length]
        if shares.max() < NEARLY_ALL:
            continue
        opens = int(np.flatnonzero(shares >= shares.max() - SLIP)[-1])
        closes = opens + length
        while opens and counts[opens - 1] >= SOME:
            opens -= 1
        while closes < DAY and counts[closes] >= SOME:
            closes += 1
        return opens, closes, float(counts[opens:closes].sum())
    return None
