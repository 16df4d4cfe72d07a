"""
May this be shown?

Numbers of people from 1 to 7 become "*", and so does whatever describes so few; other
counts of real people are shown to the nearest 5 (NHS Digital, disclosure control for
hospital statistics, 2018). Where a total is known, more is hidden, so that it gives no
hidden number away (L. Willenborg and T. de Waal, "Elements of Statistical Disclosure
Control", 2001, chapter 4, call this secondary suppression).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["FEWEST", "HIDDEN", "ROUND_TO", "known_of", "rounded", "rounded_share", "suppress"]

FEWEST = 8  # nothing is shown about fewer people than this
ROUND_TO = 5  # counts of real people are shown to the nearest 5
HIDDEN = "*"


def rounded(people: float, *, synthetic: bool = False) -> str:
    """
    A number of people as it may be shown.

    >>> rounded(0), rounded(4), rounded(1043), rounded(1043, synthetic=True)
    ('0', '*', '1,045', '1,043')
    """
    if 0 < people < FEWEST:
        return HIDDEN
    return f"{people if synthetic else ROUND_TO * round(people / ROUND_TO):,.0f}"


def known_of(people: float, *, synthetic: bool = False) -> float:
    """
    A number of people as far as it may be known: missing where it is hidden.

    >>> known_of(4), known_of(1043), known_of(1043, synthetic=True)
    (nan, 1045.0, 1043.0)
    """
    told = rounded(people, synthetic=synthetic)
    return float("nan") if told == HIDDEN else float(told.replace(",", ""))


def rounded_share(part: float, whole: float, *, synthetic: bool = False) -> float:
    """
    A share of people as it may be shown: of the two numbers as they are shown, so that it tells no more than they.

    An exact share times a number gives the exact count; what is left to 1 may be a hidden one.

    >>> round(rounded_share(97, 100), 2), rounded_share(3, 100), rounded_share(97, 100, synthetic=True)
    (0.95, nan, 0.97)
    """
    if synthetic:
        return part / whole if whole else float("nan")
    below = known_of(whole)
    return min(known_of(part) / below, 1.0) if below > 0 else float("nan")


def suppress(
    table: pd.DataFrame,
    *,
    counts: Sequence[str],
    describes: Sequence[str] = (),
    people: str | None = None,
    total: bool = False,
    synthetic: bool = False,
    decimals: int = 1,
) -> pd.DataFrame:
    """
    The table as it may be shown, as text.

    *counts* are columns that count people or visits. Columns in *describes* (medians,
    longest stays) are hidden in rows where *people* (by default the first of
    *counts*) is under 8. Counts of real people are shown to the nearest 5. With
    `total=True` a column's total is known elsewhere: where it would give a hidden
    number away, the next smallest number is hidden too.
    """
    checks.need(counts, "Name at least one column that counts people.")
    for column in (*counts, *describes, *([people] if people else [])):
        checks.choice("column", column, table.columns)
    numbers = {column: pd.to_numeric(table[column]).to_numpy(dtype=float) for column in {*counts, people or counts[0]}}
    few = _hidden(numbers[people or counts[0]], total=total)
    shown = table.astype(object).copy()
    for column in counts:
        hide = _hidden(numbers[column], few, total=total)
        shown[column] = [
            HIDDEN if hidden else _counted(n, synthetic=synthetic)
            for n, hidden in zip(numbers[column], hide, strict=True)
        ]
    for column in describes:
        text = [HIDDEN if hidden else _described(v, decimals) for v, hidden in zip(table[column], few, strict=True)]
        shown[column] = text
    return shown


def _hidden(
    numbers: NDArray[np.float64], already: NDArray[np.bool_] | None = None, *, total: bool = False
) -> NDArray[np.bool_]:
    """
    Which numbers must be hidden.

    A total gives hidden numbers away where there is one of them, or where they are
    all as small, or all as large, as a hidden number can be. Then the smallest other
    numbers go too; zeros only where there are no others.
    """
    hide = (numbers > 0) & (numbers < FEWEST)
    hide = hide if already is None else hide | already
    while total and _given_away(numbers[hide]):
        others = np.flatnonzero(~hide & (numbers >= FEWEST))
        if not others.size and numbers[hide].sum() >= FEWEST:
            others = np.flatnonzero(~hide & (numbers == 0))
        if not others.size:
            break  # the total is small too, so that it is hidden itself
        hide = hide.copy()
        hide[others[numbers[others] == numbers[others].min()]] = True  # all of them, or their order would tell
    return hide


def _given_away(hidden: NDArray[np.float64]) -> bool:
    small, sum_ = bool((hidden < FEWEST).all()), hidden.sum()
    return hidden.size == 1 or (hidden.size > 1 and small and sum_ in {hidden.size, (FEWEST - 1) * hidden.size})


def _counted(people: Any, *, synthetic: bool) -> str:  # noqa: ANN401 - a number, or missing
    return "" if pd.isna(people) else rounded(people, synthetic=synthetic)


def _described(value: Any, decimals: int) -> str:  # noqa: ANN401 - a number or a word
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else f"{value:,.{decimals}f}"
