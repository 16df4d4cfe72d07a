"""
What is the middle length in each of many groups, of millions of rows?

Lengths are whole microseconds, groups are numbers from 0. One sort serves all groups.
Where some lengths have not ended, they count as at least so long (E. L. Kaplan and
P. Meier, J. American Statistical Association 53, 1958).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["MICROSECONDS", "MISSING", "middle_lengths", "middles", "stamps"]

MICROSECONDS = 3.6e9  # in an hour
MISSING = np.iinfo(np.int64).min  # as numpy keeps a time that is not known
LARGEST = 2**62  # keys below this leave room for sums
HALF = 0.5 - 1e-9  # of the curve; its products are rounded


def stamps(times: pd.Series) -> NDArray[np.int64]:
    """Times as whole microseconds in UTC; `MISSING` where there is none."""
    return np.asarray(times.to_numpy(dtype="datetime64[us]").view(np.int64))


def middles(group: NDArray[np.int64], length: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """
    The median length of each of so many *groups*, hours; NaN in one that is empty.

    >>> hour = 3_600_000_000
    >>> middles(np.array([0, 1, 0]), np.array([hour, 5 * hour, 3 * hour]), 3).tolist()
    [2.0, 5.0, nan]
    """
    size = np.bincount(group, minlength=groups)
    found = np.full(groups, np.nan)
    if not len(group):
        return found
    ordered = _by_group(group, length, size)
    first = np.cumsum(size) - size
    some = size > 0
    low = ordered[first[some] + (size[some] - 1) // 2]
    high = ordered[first[some] + size[some] // 2]
    found[some] = (low + (high - low) / 2) / MICROSECONDS
    return found


def middle_lengths(
    group: NDArray[np.int64], length: NDArray[np.int64], so_far: NDArray[np.bool_], groups: int
) -> NDArray[np.float64]:
    """As `middles`; lengths that are *so_far* have not ended. NaN where the middle is not reached."""
    with_open = np.bincount(group[so_far], minlength=groups) > 0
    apart = with_open[group]
    found = middles(group[~apart], length[~apart], groups)
    found[with_open] = _product_limit(group[apart], length[apart], so_far[apart], groups)[with_open]
    return found


def _by_group(group: NDArray[np.int64], length: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lengths, group by group, each in order."""
    least = int(length.min())
    span = int(length.max()) - least + 1
    if len(size) * span >= LARGEST:
        return length[np.lexsort((length, group))]
    keys = np.sort(group * span + (length - least))  # one number for both sorts ten times as fast
    return keys - np.repeat(np.arange(len(size)) * span, size) + least


def _product_limit(
    group: NDArray[np.int64], length: NDArray[np.int64], so_far: NDArray[np.bool_], groups: int
) -> NDArray[np.float64]:
    """The first length by which half have ended; of equal lengths, those that ended come before those so far."""
    order = np.lexsort((so_far, length, group))
    group, length, so_far = group[order], length[order], so_far[order]
    size = np.bincount(group, minlength=groups)
    end = np.cumsum(size)
    left = end[group] - np.arange(len(group))  # who has stayed so long or longer
    all_ended = (left == 1) & ~so_far
    steps = np.log1p(-1 / np.where(so_far | all_ended, np.inf, left))
    summed = np.cumsum(steps)
    before = np.concatenate([[0.0], summed])[end - size]
    reached = np.flatnonzero((-np.expm1(summed - before[group]) >= HALF) | all_ended)
    found = np.full(groups, np.nan)
    which, place = np.unique(group[reached], return_index=True)
    found[which] = length[reached[place]] / MICROSECONDS
    return found
