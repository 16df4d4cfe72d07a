"""
What did the class throw? Rows of whole numbers, as people type or paste them.

A row is one round or one day. Numbers stand apart by blanks, tabs, commas or semicolons.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core.checks import Refusal, brief, need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["MOST_ROWS", "read_rows", "whole_rows"]

MOST_ROWS = 200  # no class plays longer
APART = re.compile(r"[\s,;|]+")


def read_rows(text: str, *, columns: int, low: int = 0, high: int = 1000) -> Ints:
    r"""
    The numbers in *text*, a line to a row of so many *columns*, each from *low* to *high*.

    A first line without any number is taken for headings; empty lines count for nothing.
    Raises a `Refusal` that names the line which cannot be read.

    >>> read_rows("Ana, Ben\n3, 5\n6, 1", columns=2, low=1, high=6).tolist()
    [[3, 5], [6, 1]]
    """
    lines = [(number, line.strip()) for number, line in enumerate(str(text).splitlines(), start=1) if line.strip()]
    if lines and not any(sign.isdigit() for sign in lines[0][1]):
        lines = lines[1:]
    need(lines, f"There are no numbers to read. Paste a line for each row, with {columns} numbers in it.")
    rows = [[_number(word, number) for word in APART.split(line) if word] for number, line in lines]
    for (number, _), row in zip(lines, rows, strict=True):
        need(len(row) == columns, f"Line {number} must hold {columns} numbers; {len(row)} came. Correct that line.")
    return whole_rows(rows, columns=columns, low=low, high=high, places=[number for number, _ in lines])


def whole_rows(
    rows: Any,  # noqa: ANN401 - lists, an array or a frame
    *,
    columns: int | None = None,
    low: int = 0,
    high: int | None = None,
    places: Sequence[int] | None = None,
) -> Ints:
    """
    *rows* as an array of whole numbers from *low* to *high*, rows × *columns*.

    *places* are the lines that the rows stood in, for the sentence of a refusal; by default 1, 2, 3 and so on.

    >>> whole_rows([[3, 5], [6, 1]], columns=2).shape
    (2, 2)
    """
    try:
        table = np.asarray(rows, dtype=float)
    except (TypeError, ValueError):
        raise Refusal("Each row must hold the same count of whole numbers. Correct the row that does not.") from None
    need(table.ndim == 2 and table.size, "A game needs a table: a row for each round, a number for each player.")  # noqa: PLR2004 - rows and columns
    need(len(table) <= MOST_ROWS, f"A game has at most {MOST_ROWS} rows; {len(table)} came. Play fewer.")
    need(
        columns is None or table.shape[1] == columns,
        f"Each row must hold {columns} numbers; {table.shape[1]} came. Add or take away a column.",
    )
    most = np.inf if high is None else high
    wrong = ~((table >= low) & (table <= most) & (table == np.floor(table)))
    if wrong.any():
        row, column = (int(place) for place in np.argwhere(wrong)[0])
        line = row + 1 if places is None else places[row]
        upto = f" to {high}" if high is not None else " or more"
        raise Refusal(
            f"Row {line}, number {column + 1} must be a whole number, {low}{upto};"
            f" {table[row, column]:g} came. Correct it."
        )
    return table.astype(np.int64)


def _number(word: str, line: int) -> float:
    try:
        return float(word)
    except ValueError:
        raise Refusal(f"Line {line} must hold numbers only; {brief(word)} came. Correct that line.") from None
