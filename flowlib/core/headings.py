"""
In which row do the column names stand?

Reports often put a title, a date of printing or a blank row above them, and a sheet of Excel
may have a row of headings over several columns each. Such rows fill few cells; the row of
column names fills most of them, with words that all differ. Only rows at the top are passed
over, never more than a few, and the report says which. A name that could show who a person is
goes by its place from here on ("column 3"), so that nothing that is said of columns repeats it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from flowlib.core import checks, privacy
from flowlib.core.privacy.births import births, long_ago
from flowlib.core.quality import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "LOOKED_AT",
    "MOMENT",
    "chosen",
    "is_data",
    "need_names",
    "rows_above",
    "said",
    "shows_who",
    "told",
    "without_people",
]

LOOKED_AT = 40  # rows at the top of a file
MOST_ABOVE = 20  # rows that may stand above the column names
FULL = 0.6  # share of the cells that a row of the table fills, at least; a title fills fewer
FEWEST_BELOW = 1  # rows of the table that must be seen below the names
LONGEST_NAME = 1_000  # characters; questions of a form serve as names
MOMENT = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ T]\d{1,2}:\d\d.*")
DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
NUMBER = re.compile(r"[\d.,\s%:]+")


def is_data(cell: str) -> bool:
    """
    Whether a cell is no column name, but a person's detail or a moment.

    >>> is_data("03/02/2026 09:00"), is_data("arrived")
    (True, False)
    """
    return privacy.identity_value(cell) is not None or MOMENT.fullmatch(cell) is not None


def shows_who(name: str) -> bool:
    """
    Whether a column's own name could show who a person is: a name, a health number, a date of birth and such.

    >>> shows_who("Maureen Hart"), shows_who("943 476 5919"), shows_who("03/02/1941"), shows_who("Rose Ward")
    (True, True, True, False)
    """
    return privacy.identity_value(name) is not None or long_ago(name) or births("", [name])


def without_people(names: Iterable[object]) -> list[str]:
    """
    Column names as text; one that could show who a person is goes by its place.

    >>> without_people(["id", "ward", "Maureen Hart"])
    ['id', 'ward', 'column 3']
    """
    return [f"column {at}" if shows_who(name) else name for at, name in enumerate(map(str, names), start=1)]


def chosen(column: object, names: Sequence[str], *, where: str = "") -> str:
    """
    *column*, if it is one of *names* (which are `without_people`); else a refusal that lists them.

    >>> chosen("Maureen Hart", ["id", "column 2"], where="for person")
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: A column whose name could show who a person is goes by its place, such as "column 3", \
for person; there are "id", "column 2".
    """
    name = str(column)
    if name not in names and shows_who(name):
        raise checks.Refusal(
            'A column whose name could show who a person is goes by its place, such as "column 3"'
            f"{f', {where}' if where else ''}; there are {checks.listed(names)}."
        )
    return checks.choice("column", name, names, where=where)


def rows_above(rows: Sequence[Sequence[str]]) -> int:
    """
    How many rows stand above the column names, from the first rows of a table; 0 where that cannot be told.

    >>> rows_above([["Ward moves, January"], [], ["patient", "ward", "left"], ["P1", "A1", "13/01/2026"]])
    2
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:LOOKED_AT]]
    counts = Counter(count for count in filled if count > 1)
    if not counts:
        return 0
    width = max(counts, key=lambda count: (counts[count], count))  # of most rows, so of the table
    first = next((place for place, count in enumerate(filled) if count >= FULL * width), 0)
    below = sum(count >= FULL * width for count in filled[first + 1 :])
    sound = 0 < first <= MOST_ABOVE and below >= FEWEST_BELOW and _names(rows[first])
    return first if sound else 0


def _names(row: Sequence[str]) -> bool:
    """Whether these cells can be column names: words that all differ."""
    words = [cell.strip() for cell in row if cell.strip()]
    data = any(is_data(word) or DAY.fullmatch(word) or NUMBER.fullmatch(word) for word in words)
    return not data and len(set(words)) == len(words)


def need_names(place: Path, headers: Sequence[str], *, several: bool) -> None:
    """Refuse a first row that is blank or holds data; its cells are not repeated, as they could be a person's."""
    checks.need(
        max(map(len, headers), default=0) <= LONGEST_NAME,
        f'"{place.name}" has a column name of over {LONGEST_NAME:,} characters. Shorten it, and save it again as CSV.',
    )
    checks.need(
        any(headers) and (len(headers) > 1 or several) and not any(is_data(header) for header in headers),
        f'"{place.name}" does not start with a row of column names. Add one, and save it again as CSV.',
    )


def told(above: int, sheet: str = "") -> Iterator[Note]:
    """What to say in the report of rows above the column names."""
    if above:
        yield Note("to know", said(above, sheet))


def said(above: int, sheet: str = "") -> str:
    """
    The rows that were passed over, in a sentence.

    >>> said(3, "March")
    'Rows 1 to 3 of "March" stand above the column names, so they were passed over.'
    """
    where = f' of "{sheet}"' if sheet else ""
    rows, it = (f"Row 1{where} stands", "it was") if above == 1 else (f"Rows 1 to {above}{where} stand", "they were")
    return f"{rows} above the column names, so {it} passed over."
