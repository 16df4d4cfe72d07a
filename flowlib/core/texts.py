"""
What does a cell of words say, without the blanks around it?

Each different text of a column is looked at once, however long the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import privacy
from flowlib.core.dates import BLANKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings

__all__ = ["each_text", "trimmed"]


def each_text(cells: pd.Series, made: Callable[[pd.Series], pd.Series]) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Cells as text, put right by *made*, which sees each different text once; and which had blanks to take off."""
    codes, different = pd.factorize(cells)
    text = pd.Series([privacy.as_text(cell) for cell in different], dtype="str")
    right = made(text.str.replace(r"\s+", " ", regex=True))
    trimmed = np.fromiter((isinstance(cell, str) and cell != cell.strip() for cell in different), dtype=bool)
    dressed = np.append(trimmed & right.notna().to_numpy(), False)[codes]
    return pd.Series(right.array.take(codes, allow_fill=True), index=cells.index, dtype="str"), dressed


def trimmed(cells: pd.Series, column: str = "", found: Findings | None = None) -> pd.Series:
    """Trimmed text, missing where blank; blanks taken off go to *found*."""
    text, dressed = each_text(cells, lambda text: text.where(~text.str.lower().isin(BLANKS)))
    if found is not None:
        found.note("put right", dressed, f'blanks before or after the text in "{column}" were taken off.')
    return text
