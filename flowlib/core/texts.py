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
from flowlib.core.safe_cells import seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings

__all__ = ["each_text", "trimmed", "without_endless"]

NUMBERED = "[U+"  # how such a sign then begins
MOST_SIGNS = 2_000  # of a cell; a longer one is damage, such as a quotation mark that is never closed


def each_text(cells: pd.Series, made: Callable[[pd.Series], pd.Series]) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Cells as text, put right by *made*, which sees each different text once; and which had blanks to take off."""
    codes, different = pd.factorize(cells)
    if cells.dtype == "str":
        written = pd.Series(different, dtype="str")
        text = written.str.strip()
        blanks = (text != written).to_numpy(dtype=bool)
    else:
        text = pd.Series([privacy.as_text(cell) for cell in different], dtype="str")
        blanks = np.fromiter((isinstance(cell, str) and cell != cell.strip() for cell in different), dtype=bool)
    right = made(text.str.replace(r"\s+", " ", regex=True))
    dressed = np.append(blanks & right.notna().to_numpy(), False)[codes]
    return pd.Series(right.array.take(codes, allow_fill=True), index=cells.index, dtype="str"), dressed


def trimmed(cells: pd.Series, column: str = "", found: Findings | None = None) -> pd.Series:
    """Trimmed text, missing where blank, with unseen signs by their numbers; what was done goes to *found*."""
    text, dressed = each_text(
        cells, lambda text: text.where(~text.str.lower().isin(BLANKS)).map(seen, na_action="ignore")
    )
    if found is not None:
        found.note("put right", dressed, f'blanks before or after the text in "{column}" were taken off.')
        marked = text.isin([one for one in text.dropna().unique() if NUMBERED in one]).to_numpy(dtype=bool)
        found.note("put right", marked, f'signs in "{column}" that cannot be seen are shown by their numbers.')
    return text


def without_endless(raw: pd.DataFrame, columns: Mapping[str, str], found: Findings) -> pd.DataFrame:
    """The same cells, but blank where they are too long to be any cell; their rows are set aside."""
    made = raw
    for role in raw:
        cells = raw[role]
        if pd.api.types.is_string_dtype(cells.dtype) and cells.dtype != object:
            long = (cells.str.len() > MOST_SIGNS).fillna(value=False).to_numpy(dtype=bool)
        elif cells.dtype == object:
            sizes = (len(cell) if isinstance(cell, str) else 0 for cell in cells)
            long = np.fromiter(sizes, dtype=np.int64, count=len(cells)) > MOST_SIGNS
        else:
            continue
        if long.any():
            sentence = f'the cell in "{columns[str(role)]}" is over {MOST_SIGNS:,} characters long.'
            found.set_aside(long, f"{sentence} Look for a quotation mark that is never closed.")
            made = made.assign(**{str(role): made[role].mask(long)})
    return made
