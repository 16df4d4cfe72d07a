"""
Which sheets and cells does an Excel workbook hold?

Only read, by openpyxl, and only the values: a formula counts as what it last showed.
Sheets with the same columns can be joined: a month a sheet is one table.
"""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowlib.core import checks, headings, privacy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from flowlib.core.progress import Progress

__all__ = ["EVERY", "Page", "cells", "not_one", "pages"]

EVERY = "*"  # all sheets; Excel allows no sheet of that name
MOST_ROWS = 1_048_576  # of a sheet in Excel
MOST_BYTES = 2 * 1024**3  # of a sheet, unpacked
MOST_OTHER_BYTES = 256 * 1024**2  # of what is held whole while a sheet is read: texts, styles


@dataclass(frozen=True)
class Page:
    """One sheet that holds a table."""

    name: str
    headers: list[str]
    above: int = 0  # rows above the column names


def _listed(names: Collection[str]) -> str:
    """Names of sheets as they may stand in a sentence: not those that could show who a person is."""
    shown = [name for name in names if privacy.identity_value(name) is None]
    hidden = len(names) - len(shown)
    told = [checks.listed(shown)] if shown else []
    told += [f"{hidden} whose name could show who a person is"] if hidden else []
    return " and ".join(told)


def _one_of(names: Collection[str], name: str, path: Path) -> str:
    """The name of a sheet that is there; what could show who a person is stands in no refusal."""
    hidden = any(privacy.identity_value(one) is not None for one in (*names, str(name)))
    checks.need(
        not hidden or name in names, f'"{path.name}" has no sheet of that name; it has {_listed(names)}. Name another.'
    )
    return checks.choice("sheet", name, names, where=f'in "{path.name}"')


def pages(path: Path, sheet: str | Sequence[str] | None) -> tuple[Page, ...]:
    """The sheet that holds the table, or those to be joined; refused where it cannot be told which."""
    with _opened(path) as book:
        first = {page.title: _top(page) for page in book.worksheets}
    filled = {page.name: page for page in (_page(name, rows) for name, rows in first.items()) if any(page.headers)}
    checks.need(filled, f'No sheet of "{path.name}" has column names in its first row. Put them there.')
    if sheet is None:
        alike = len({frozenset(page.headers) for page in filled.values()}) == 1
        checks.need(
            len(filled) == 1,
            f'"{path.name}" has {len(filled)} sheets with a table: {_listed(filled)}. Say which one: sheet=...'
            + (f', or join them: sheet="{EVERY}".' if alike else ""),
        )
        return tuple(filled.values())
    names = list(filled) if sheet == EVERY else [sheet] if isinstance(sheet, str) else list(sheet)
    checks.need(names, "Name at least one sheet.")
    chosen = tuple(filled[_one_of(filled, name, path)] for name in names)
    for page in chosen[1:]:
        checks.need(
            sorted(page.headers) == sorted(chosen[0].headers),
            f'Sheet "{page.name}" of "{path.name}" has other column names than "{chosen[0].name}", '
            "so they cannot be joined. Name those that have the same, as a list.",
        )
    return chosen


def cells(
    path: Path, where: Page, places: list[int], most: int | None, progress: Progress | None
) -> list[tuple[object, ...]]:
    """The cells at these places of each row below the column names; blank rows at the end are left out."""
    found: list[tuple[object, ...]] = []
    first = where.above + 2
    with _opened(path) as book:
        page = book[where.name]
        size = max(page.max_row or 1, 1)
        page.reset_dimensions()  # some programs write them wrong
        for number, row in enumerate(page.iter_rows(values_only=True, min_row=first), start=first):
            if most is not None and len(found) >= most:
                break
            checks.need(
                number <= MOST_ROWS,
                f'Sheet "{where.name}" of "{path.name}" has a row beyond {MOST_ROWS:,}. '
                "Save it again from Excel as .xlsx.",
            )
            found.append(tuple(row[place] if place < len(row) else None for place in places))
            if progress is not None and number % 5_000 == 0:
                progress.reading(min(number / size, 1))
    while found and all(cell is None for cell in found[-1]):
        found.pop()
    return found


def not_one(path: Path) -> str:
    """What to say of a file that is no workbook though its name says so."""
    return f'"{path.name}" is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'


def _top(page: Any) -> list[list[str]]:  # noqa: ANN401 - openpyxl's read-only sheet has no public type
    """The first rows as text."""
    page.reset_dimensions()
    rows = page.iter_rows(values_only=True, max_row=headings.LOOKED_AT)
    return [["" if cell is None else " ".join(str(cell).split()) for cell in row] for row in rows]


def _page(name: str, rows: list[list[str]]) -> Page:
    """A sheet by its first rows; without column names where it has none."""
    above = headings.rows_above(rows)
    names = list(rows[above]) if rows else []
    while names and not names[-1]:
        names.pop()
    return Page(name, headings.without_people(names), above)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook while it is read; whatever is broken in it ends in one sentence."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only for workbooks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and drop-down lists, which are not read
        try:
            _need_room(path)
            with path.open("rb") as file:  # so that it is closed when the library fails half way
                book = load_workbook(file, read_only=True, data_only=True)
                try:
                    yield book
                finally:
                    book.close()
        except checks.Refusal:
            raise
        except Exception:  # noqa: BLE001 - a broken workbook can fail in any part of zip, XML or openpyxl
            raise checks.Refusal(not_one(path)) from None


def _need_room(path: Path) -> None:
    """Refuse a workbook that would be far larger when unpacked."""
    with zipfile.ZipFile(path) as parts:
        for part in parts.infolist():
            most = MOST_BYTES if "worksheets/" in part.filename else MOST_OTHER_BYTES
            checks.need(
                part.file_size <= most or part.filename.startswith("xl/media/"),
                f'"{path.name}" would be {part.file_size / 1024**3:.1f} GB or more when unpacked, which is too large. '
                "Save the table as CSV.",
            )
