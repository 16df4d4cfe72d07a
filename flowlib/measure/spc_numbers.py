"""
Which of these is a number that a chart can hold?

True and False are answers, not numbers, and a complex number has no place on a line: none
of them is taken for one, although Python would. A number so large that its square no
longer fits a computer is refused too, since its limits would be endless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief

if TYPE_CHECKING:
    from flowlib.measure.spc_rules import Floats

__all__ = ["LARGEST", "numbers_of", "plain", "read_numbers", "several"]

# Its square, and sums of many such squares, still fit a computer's numbers (up to 1.8e308).
LARGEST = 1e100
# What Python would read number by number, and no one means as a series.
_NO_SERIES = (str, bytes, Mapping, pd.DataFrame, set, frozenset)


def several(values: object, otherwise: str) -> list[object]:
    """
    Several values in their order, as a list; *otherwise* is how the refusal begins.

    >>> several((3, 5), "A chart needs several values, one a point")
    [3, 5]
    """
    lone = isinstance(values, np.ndarray) and values.ndim == 0
    if lone or isinstance(values, _NO_SERIES) or not isinstance(values, Iterable):
        raise Refusal(f"{otherwise}; {brief(values)} came.")
    return list(values)


def plain(value: object) -> object:
    """
    *value*, with numpy's True or False as Python's own, which no check takes for a number.

    >>> plain(np.True_), plain(np.float64(2.5))
    (True, np.float64(2.5))
    """
    return bool(value) if isinstance(value, np.bool_) else value


def numbers_of(cells: Iterable[object]) -> Floats:
    """
    Each cell as a number, NaN where it is none; text such as "12" is one.

    >>> numbers_of([3, "12", True, 1 + 2j, None, 10**400]).tolist()
    [3.0, 12.0, nan, nan, nan, inf]
    """
    came = pd.Series([_readable(cell) for cell in cells], dtype=object)
    numbers: Floats = pd.to_numeric(came, errors="coerce").to_numpy(dtype=float)
    return numbers


def read_numbers(came: list[object], within: str = "") -> Floats:
    """The values as an array; the first that is no number is refused, with where it stands *within* the chart."""
    numbers = numbers_of(came)
    for first in np.flatnonzero(np.abs(numbers) > LARGEST)[:1]:
        if not isinstance(came[first], float) or np.isfinite(numbers[first]):
            raise Refusal(
                f"The value at position {first}{within} (counting from 0) is too large for a chart;"
                f" {brief(came[first])} came. Give it in a larger unit."
            )
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        more = f" {wrong.size} values like this." if wrong.size > 1 else ""
        raise Refusal(
            f"The value at position {wrong[0]}{within} (counting from 0) must be a number; {came[wrong[0]]!r} came."
            f"{more} Find the missing value, or leave that point and its date out."
        )
    return numbers


def _readable(cell: object) -> object:
    """A cell that pandas reads as Python means it: no number is None, one beyond all bounds is endless."""
    if isinstance(cell, (bool, np.bool_, complex, np.complexfloating)):
        return None
    if isinstance(cell, int) and abs(cell) > LARGEST:
        return float("inf")
    return cell
