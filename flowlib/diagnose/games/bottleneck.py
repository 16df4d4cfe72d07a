"""
Where does one more person help? A quiz with steps in a row.

Each step has people who work side by side, and takes so many hours for one piece of work.
A step with c people finishes one every hours / c; the slowest sets the pace for all
(E. M. Goldratt, "The Goal", 1984). Times are in any one unit, such as hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.core.checks import need, positive, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Pace", "one_more", "pace"]


@dataclass(frozen=True)
class Pace:
    """How fast a row of steps goes."""

    one_every: float  # time between one finished and the next, in the long run
    step: int  # the step that sets the pace, counted from 1; the first of equals
    steps: tuple[float, ...]  # what `one_every` would be at each step alone


def pace(times: Sequence[float], people: Sequence[int] | None = None) -> Pace:
    """
    The pace of steps that take these *times*, with so many *people* at each; by default one.

    >>> pace([1, 2, 1, 1.5])
    Pace(one_every=2.0, step=2, steps=(1.0, 2.0, 1.0, 1.5))
    """
    need(len(times), "A row of steps needs at least one step.")
    takes = [positive(f"The time of step {place}", time) for place, time in enumerate(times, start=1)]
    at = [1] * len(takes) if people is None else list(people)
    need(len(at) == len(takes), f"Each step needs its people; {len(takes)} steps and {len(at)} numbers came.")
    at = [whole(f"The number of people at step {place}", number, 1) for place, number in enumerate(at, start=1)]
    each = tuple(time / number for time, number in zip(takes, at, strict=True))
    return Pace(max(each), each.index(max(each)) + 1, each)


def one_more(times: Sequence[float], people: Sequence[int] | None = None) -> tuple[Pace, ...]:
    """
    The pace with one more person at step 1, at step 2 and so on.

    Only at the slowest step does it help; then another step sets the pace:

    >>> [(made.one_every, made.step) for made in one_more([1, 2, 1, 1.5])]
    [(2.0, 2), (1.5, 4), (2.0, 2), (2.0, 2)]
    """
    at = [1] * len(times) if people is None else list(people)
    return tuple(
        pace(times, [number + (place == extra) for place, number in enumerate(at)]) for extra in range(len(at))
    )
