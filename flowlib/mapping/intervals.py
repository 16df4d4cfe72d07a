"""
How far can chance move a counted share, or the middle of some lengths?

Two intervals that hold for any number of people: Wilson's for a share (E. B. Wilson,
J. American Statistical Association 22, 1927), and that between two of the sorted lengths
for a median (W. Conover, "Practical Nonparametric Statistics", 1999, section 3.2).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "middle_interval", "wilson"]

CONFIDENCE = 0.95


def wilson(count: float, of: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """
    The interval of a share, by Wilson's score.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = count / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / of + spread / (4 * of)) ** 0.5
    return 0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half


def middle_interval(
    low: NDArray[np.float64], high: NDArray[np.float64], confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """
    The interval of the median of lengths of which each is from *low* to *high*; minus and plus infinity for few.

    >>> ten = np.arange(1.0, 11)
    >>> middle_interval(ten, ten)
    (2.0, 9.0)
    """
    from scipy.stats import binom  # noqa: PLC0415 - heavy, so only when used

    rank = int(binom.ppf((1 - confidence) / 2, len(low), 0.5))
    if rank < 1:
        return -np.inf, np.inf
    return float(np.sort(low)[rank - 1]), float(np.sort(high)[len(high) - rank])
