"""
How long a run, and how few crossings, would chance give? The limits of a run chart.

A *useful* point lies off the median; points on the median neither make nor break a
run. The longest run that chance would give is log2(n) + 3, rounded, and the fewest
crossings are the lower 5% point of n - 1 tosses of a coin. Both are worked in whole
numbers, so no rounding decides them.

Sources: Anhøj and Olesen (2014), Run charts revisited, PLOS ONE 9(11): e113825;
Schilling (2012), The surprising predictability of long runs, Mathematics Magazine
85(2), 141-149; Chen (2010), A note on the runs test, Model Assisted Statistics and
Applications 5(2), 73-77.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flowlib.core.checks import whole
from flowlib.measure.spc_rules import runs

if TYPE_CHECKING:
    from flowlib.measure.spc_rules import Sides

__all__ = ["chance_limits", "longest_and_crossings"]

# Chance crosses less often than the fewest usual crossings in fewer than 1 of so many charts.
ONE_IN = 20


def chance_limits(useful: int) -> tuple[int, int]:
    """
    Longest usual run and fewest usual crossings of so many points off the median.

    >>> chance_limits(24), chance_limits(10)
    ((8, 8), (6, 2))
    """
    count = whole("The number of useful points", useful)
    return (_longest(count), _fewest(count)) if count else (0, 0)


def longest_and_crossings(of_median: Sides) -> tuple[int, int]:
    """
    Length of the longest run, and number of crossings; points on the median (0) do not count.

    >>> import numpy as np
    >>> longest_and_crossings(np.array([1, 0, 1, -1, 1]))
    (2, 2)
    """
    starts, lengths = runs(of_median[of_median != 0])
    return int(lengths.max(initial=0)), max(starts.size - 1, 0)


def _longest(useful: int) -> int:
    """log2(n) + 3, rounded: log2(n) is half a step past k once n squared passes 2 ** (2k + 1)."""
    below = useful.bit_length() - 1
    return below + 3 + int(useful * useful > 2 ** (2 * below + 1))


@lru_cache(maxsize=1024)
def _fewest(useful: int) -> int:
    """Lower 5% point of n - 1 tosses: the first count that chance stays at or under in 1 of 20 charts."""
    tosses, ways, so_far, crossings = useful - 1, 1, 1, 0
    while so_far * ONE_IN < 2**tosses:
        ways = ways * (tosses - crossings) // (crossings + 1)
        crossings += 1
        so_far += ways
    return crossings
