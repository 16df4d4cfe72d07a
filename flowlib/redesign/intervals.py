"""
How sure are we, from so many runs? Student's t interval, and the runs that a narrower one takes.

Runs are independent, so their means are close to normal, and the interval is the usual
one (A. Law, "Simulation Modeling and Analysis", 5th edition, section 9.4). With several
comparisons each is widened, so that all hold together (Bonferroni, section 9.7).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "interval", "runs_for"]

CONFIDENCE = 0.95
FEWEST = 2  # no spread from one run


def interval(values: pd.Series, comparisons: int = 1) -> tuple[float, float, float]:
    """
    Mean and 95% interval of what is known of *values*; NaN where there is too little.

    >>> import pandas as pd
    >>> [round(number, 2) for number in interval(pd.Series([8.0, 9.0, 8.0, 9.0]))]
    [8.5, 7.58, 9.42]
    """
    numbers: NDArray[np.float64] = np.asarray(values.dropna(), dtype=np.float64)
    if len(numbers) < FEWEST:
        only = float(numbers.mean()) if len(numbers) else math.nan
        return only, math.nan, math.nan
    mean, half = float(numbers.mean()), _half(float(numbers.std(ddof=1)), len(numbers), comparisons)
    return mean, mean - half, mean + half


def runs_for(spread: float, half_width: float, comparisons: int = 1) -> int:
    """
    The fewest runs whose interval has this half-width or less, if runs differ with standard deviation *spread*.

    >>> runs_for(2.0, 1.0)
    18
    """
    high = FEWEST
    while _half(spread, high, comparisons) > half_width:
        high *= 2
    low = high // 2
    while high - low > 1:  # the half-width falls with each run more
        middle = (low + high) // 2
        low, high = (middle, high) if _half(spread, middle, comparisons) > half_width else (low, middle)
    return max(high, FEWEST)


def _half(spread: float, runs: int, comparisons: int) -> float:
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    wide = float(stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons, runs - 1))
    return wide * spread / math.sqrt(runs)
