"""
How are plain loops over numbers made quick? numba compiles them, where it is installed.

`compiled` and `inlined` mark a function for it. They leave it as it is in a browser
build, where numba cannot go. Such functions take and return tables that somebody else
has made: what they need not count, they do not pay for.
"""

# These functions take tables and whole numbers, and are compiled as they stand.
# ruff: noqa: ANN001, ANN201
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

try:
    from numba import njit

    COMPILED = True
except ImportError:
    COMPILED = False

    def njit(**_: bool) -> Callable[[Any], Any]:  # type: ignore[no-redef]
        """Leave a function as it is."""
        return lambda function: function


# numba would count, at each call, who holds each table; no function here makes one, so nobody need.
compiled = njit(cache=True, _nrt=False)  # type: ignore[call-overload]  # an option that numba keeps for itself
inlined = njit(cache=True, forceinline=True, _nrt=False)  # type: ignore[call-overload]  # as above

FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = (np.uint64(bits) for bits in (30, 27, 31, 11))
UNIT = 2.0**-53
ANY_PLACE = (1 << 62) - 1


@inlined
def place(value):
    """The same number, which is a place in a table: seen to be no less than 0, it is not looked at again."""
    return np.int64(value) & ANY_PLACE


def mix(states: NDArray[np.uint64], numbers: NDArray[np.float64]) -> None:
    """SplitMix64's number from 0 to below 1 for each state; the states are used up."""
    if COMPILED:
        mix_compiled(states, numbers)
        return
    states ^= states >> S30  # whole columns, since a loop in plain Python takes a hundred times as long
    states *= FIRST
    states ^= states >> S27
    states *= SECOND
    states ^= states >> S31
    states >>= S11
    np.multiply(states.view(np.int64), UNIT, out=numbers)


@compiled
def mix_compiled(states, numbers):
    """As `mix`, state by state."""
    for at in range(len(states)):
        state = states[at]
        state = (state ^ (state >> S30)) * FIRST
        state = (state ^ (state >> S27)) * SECOND
        numbers[at] = np.int64((state ^ (state >> S31)) >> S11) * UNIT


def order(times: NDArray[np.float64], cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Put moments in order, of equals the first first; where each stood before.

    They come as runs in order: run i from cuts[i] to cuts[i + 1]. *cuts* is used up.
    """
    if COMPILED:
        places = np.arange(len(times))
        order_compiled(times, places, cuts, np.empty_like(times), np.empty_like(places))
    else:
        places = np.argsort(times, kind="stable")
        times[:] = times[places]
    return places


@inlined
def merge(times, places, begins, middle, ends, spare_times, spare_places):
    """Put two neighbouring runs, each in order, in order together; of equals the first stays first."""
    left, left_ends, right, at = 0, middle - begins, place(middle), place(begins)
    for i in range(left_ends):
        spare_times[i], spare_places[i] = times[at + i], places[at + i]
    while left < left_ends and right < ends:
        later = times[right] < spare_times[left]
        times[at] = times[right] if later else spare_times[left]
        places[at] = places[right] if later else spare_places[left]
        right = place(right + later)
        left = place(left + (not later))
        at = place(at + 1)
    while left < left_ends:
        times[at], places[at] = spare_times[left], spare_places[left]
        left = place(left + 1)
        at = place(at + 1)


@compiled
def order_compiled(times, places, cuts, spare_times, spare_places):
    """
    As `order`, with room to work in.

    A run is merged with the one before it as soon as it is about as long (T. Peters's
    Timsort, with the runs known beforehand).
    """
    open_ = 0  # runs that wait, from cuts[0] on; the last one ends where the next begins
    for run in range(1, len(cuts)):
        ends = cuts[run]
        while open_ > 0 and (run == len(cuts) - 1 or 2 * (ends - cuts[open_]) >= cuts[open_] - cuts[open_ - 1]):
            merge(times, places, cuts[open_ - 1], cuts[open_], ends, spare_times, spare_places)
            open_ -= 1
        open_ += 1
        cuts[open_] = ends
