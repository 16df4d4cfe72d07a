"""
May this table of two things at once be shown, with its totals?

Numbers from 1 to 7 are hidden, and then as many more as it takes so that nobody can work
one of them out. Whether they can is asked of the table itself: with every shown number,
each row and column adds up to its total; if a hidden number can then be only one, another
is hidden (the audit of L. Willenborg and T. de Waal, "Elements of Statistical Disclosure
Control", 2001, chapter 4). The sums are flows in a network, so the lowest and highest
that linear programming finds are whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy.shown import FEWEST, HIDDEN, rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["suppress_two_way"]

APART = 0.5  # two whole numbers differ by more
LARGEST = 2_000  # cells of a table that a person could read


def suppress_two_way(table: pd.DataFrame, *, synthetic: bool = False, total: str = "total") -> pd.DataFrame:
    """
    A table of counts, rows by columns, as it may be shown, as text, with its totals.

    *table* holds whole numbers of people, without totals. Counts of real people are
    shown to the nearest 5; those of synthetic data as they are, with the same hidden.
    The protection is against somebody who knows every shown number to the unit.

    >>> shown = suppress_two_way(pd.DataFrame({"home": [30, 42], "care home": [3, 25]}, index=["ward A", "ward B"]))
    >>> shown.loc["ward A"].tolist()
    ['*', '*', '35']
    """
    counts = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    checks.need(counts.size and counts.size <= LARGEST, f"Give a table of 1 to {LARGEST:,} cells.")
    whole = np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts))
    checks.need(whole.all(), "Each cell must be a whole number of people, 0 or more. Put 0 where there is nobody.")
    checks.need(
        total not in table.index and total not in table.columns,
        f'There is a row or column called "{total}" already. Leave totals out; they are worked out here.',
    )
    full = np.vstack([counts, counts.sum(axis=0)])
    full = np.hstack([full, full.sum(axis=1, keepdims=True)])
    hide = _hidden(full)
    text = [
        [HIDDEN if hide[i, j] else rounded(full[i, j], synthetic=synthetic) for j in range(full.shape[1])]
        for i in range(full.shape[0])
    ]
    return pd.DataFrame(text, index=[*table.index, total], columns=[*table.columns, total])


def _hidden(full: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which numbers of a table with its totals must be hidden."""
    few = (full > 0) & (full < FEWEST)
    hide = few.copy()
    while True:
        while (alone := _alone(hide)) is not None and (partners := _shown(full, hide, alone)):
            hide[partners[0]] = True
        known = _worked_out(full, hide, few)
        if known is None:
            return hide
        beside = _shown(full, hide, [*_row(full, known[0]), *_column(full, known[1])])
        if not beside:
            beside = _shown(full, hide, list(np.ndindex(*full.shape)))
        if not beside:
            return hide  # nothing is shown at all
        hide[next((place for place in beside if _frees(full, hide, few, place, known)), beside[0])] = True


def _alone(hide: NDArray[np.bool_]) -> list[tuple[int, int]] | None:
    """A row or column in which one number is hidden, so that its sum gives it away; None where there is none."""
    for line in [*(_row(hide, i) for i in range(hide.shape[0])), *(_column(hide, j) for j in range(hide.shape[1]))]:
        shown = sum(not hide[place] for place in line)
        if shown == len(line) - 1 and shown:
            return line
    return None


def _shown(full: NDArray[np.float64], hide: NDArray[np.bool_], places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """
    Those of some places that are shown, the best to hide first.

    Zeros are no use in a row or column that has only zeros, and little use elsewhere; a
    cell is better than a total, one in line with others hidden better than one in the open.
    """
    last = full.shape[0] - 1, full.shape[1] - 1

    def cost(place: tuple[int, int]) -> tuple[bool, bool, bool, bool, float]:
        i, j = place
        in_line = hide[i].sum() > 0 and hide[:, j].sum() > 0
        return place == last, full[place] == 0, i == last[0] or j == last[1], not in_line, full[place]

    free = [(i, j) for i, j in places if not hide[i, j] and full[i].any() and full[:, j].any()]
    return sorted(free, key=cost)


def _frees(
    full: NDArray[np.float64],
    hide: NDArray[np.bool_],
    few: NDArray[np.bool_],
    more: tuple[int, int],
    known: tuple[int, int],
) -> bool:
    """Whether hiding one *more* leaves a number that was *known* open."""
    trial = hide.copy()
    trial[more] = True
    return _worked_out(full, trial, few, only=known) is None


def _row(full: NDArray[Any], row: int) -> list[tuple[int, int]]:
    return [(row, j) for j in range(full.shape[1])]


def _column(full: NDArray[Any], column: int) -> list[tuple[int, int]]:
    return [(i, column) for i in range(full.shape[0])]


def _worked_out(
    full: NDArray[np.float64], hide: NDArray[np.bool_], few: NDArray[np.bool_], only: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """
    A hidden number (or *only* that one) that can be no other, given all that is shown; None where there is none.

    Zeros that can be worked out tell no more than zeros that are shown.
    """
    places = [(int(i), int(j)) for i, j in zip(*np.nonzero(hide), strict=True)]
    sums, right = _lines(full, hide, places)
    bounds: list[tuple[int, int | None]] = [(1, FEWEST - 1) if few[place] else (0, None) for place in places]
    lowest, highest = (np.full(len(places), value) for value in (np.inf, -np.inf))
    for variable, place in enumerate(places):
        if full[place] == 0 or only not in {None, place}:
            continue
        for sign in (1, -1):
            if highest[variable] - lowest[variable] > APART:
                continue
            found = _extreme(variable, sign, sums, right, bounds)
            if found is None:  # as high as one likes
                highest[variable] = np.inf
            else:
                lowest, highest = np.minimum(lowest, found), np.maximum(highest, found)
        if highest[variable] - lowest[variable] <= APART:
            return place
    return None


def _lines(
    full: NDArray[np.float64], hide: NDArray[np.bool_], places: list[tuple[int, int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each row and column as a sum: cells less their total are nought."""
    rows, columns = full.shape
    number = {place: at for at, place in enumerate(places)}
    sums, right = np.zeros((rows + columns, len(places))), np.zeros(rows + columns)
    for line in range(rows + columns):
        members = _row(full, line) if line < rows else _column(full, line - rows)
        for place in members:
            sign = -1.0 if place == members[-1] else 1.0
            if hide[place]:
                sums[line, number[place]] = sign
            else:
                right[line] -= sign * full[place]
    return sums, right


def _extreme(
    variable: int,
    sign: int,
    sums: NDArray[np.float64],
    right: NDArray[np.float64],
    bounds: list[tuple[int, int | None]],
) -> NDArray[np.float64] | None:
    """The hidden numbers when one of them is as low (or, with *sign* -1, as high) as it can be; None without end."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to load, and only for tables of two things

    cost = np.zeros(sums.shape[1])
    cost[variable] = sign
    found = linprog(cost, A_eq=sums, b_eq=right, bounds=bounds, method="highs-ds")
    return None if found.x is None else np.asarray(found.x)
