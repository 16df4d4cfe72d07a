"""
What does a team's typed table say: steps, tasks, places or counts?

From a pandas frame or an Excel workbook (its values only; a formula counts as what it
last showed). Whatever is wrong is refused in a sentence with its row and its column: rows
of a frame count from 1, those of a workbook are numbered as Excel shows them. A time
without a unit is hours, unless its heading says otherwise, as in "wait (minutes)".
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core.checks import Refusal, brief, choice, listed, need
from flowlib.core.pathway_cells import Cell, name, number
from flowlib.core.pathway_sheets import NOTES, Column, Sheet, fold, unit_of
from flowlib.core.pathway_times import lengths
from flowlib.mapping.value_stream import ValueStep, ValueStream
from flowlib.mapping.waste import CLASSES, WASTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["OWN_NOTES", "Line", "Place", "lines", "stream_from_table", "word"]

MOST_ROWS = 20_000  # of a table that somebody typed
FIRST_OF_BOOK = 2  # row below the headings
OWN_NOTES = Column(NOTES, "Anything you like. It is not read.")
STREAM = Sheet(
    "value stream",
    "One row for each step, in order.",
    (
        Column("step", "What you call the step.", required=True, also=("name",)),
        Column(
            "process time", "How long the work takes, with its unit.", required=True, also=("process", "process hours")
        ),
        Column(
            "wait", "How long the person waits before it begins, with its unit.", required=True, also=("wait hours",)
        ),
        Column(
            "complete and accurate",
            "How often the next step can use what comes, from 0 to 1 or in per cent.",
            also=("% complete and accurate", "%c&a", "c&a"),
        ),
        Column("people", "Staff who do this step at a time."),
        Column("batch size", "How many are done together.", also=("batch",)),
        Column("work in progress", "People counted at the step.", also=("wip",)),
        Column("hours open", "In a day, up to 24."),
        Column("value", "value, necessary or waste.", also=("class",)),
        Column("wastes", "Of the eight, with commas between.", also=("waste",)),
        OWN_NOTES,
    ),
)


@dataclass(frozen=True)
class Place(Cell):
    """One cell, told by its row and the name of its column."""

    @property
    def at(self) -> str:
        """Where it is, as a sentence names it."""
        return f'Row {self.row}, column "{self.heading}"'


Line = dict[str, Place]  # a cell for every column, by heading


def stream_from_table(table: pd.DataFrame | str | Path, *, sheet: str | None = None) -> ValueStream:
    """
    A value stream from a frame, or a workbook, with a row a step: *sheet* names one of several.

    Columns `step`, `process time` and `wait`; if you wish `complete and accurate`,
    `people`, `batch size`, `work in progress`, `hours open`, `value`, `wastes` and
    `notes`. Raises a `Refusal` with the row and column of what is wrong.

    >>> rows = pd.DataFrame({"step": ["booking", "visit"], "process time": ["6 minutes", 0.5], "wait": ["2 days", 1]})
    >>> stream_from_table(rows).lead_time
    49.6
    """
    steps = list[ValueStep]()
    for line in lines(table, STREAM, sheet=sheet):
        step = _step(line)
        known = {one.name.casefold() for one in steps}
        line["step"].need(
            step.name.casefold() not in known, f'there is a step called "{step.name}" already. Give it another name.'
        )
        steps.append(step)
    return ValueStream(steps)


def _step(line: Line) -> ValueStep:
    def some(heading: str, least: float = 0, most: float = float("inf")) -> float | None:
        return None if line[heading].blank else number(line[heading], "this", least=least, most=most)

    share = line["complete and accurate"]
    told: dict[str, Any] = {
        "complete_and_accurate": None if share.blank else number(share, "a share", most=1, mend="Half is 0.5 or 50%."),
        "people": some("people"),
        "batch_size": some("batch size", 1),
        "work_in_progress": some("work in progress"),
        "hours_open": some("hours open", most=24),
        "value": word(line["value"], CLASSES),
        "wastes": _wastes(line["wastes"]),
    }
    process, wait = (lengths(line[heading])[0] for heading in ("process time", "wait"))
    with line["step"].blamed():
        return ValueStep(name(line["step"]), process, wait, **told)


def word(cell: Place, choices: Mapping[str, object]) -> str:
    """Its word, if it is among *choices*; empty where the cell is."""
    if cell.blank:
        return ""
    with cell.blamed():
        return choice("word for this", fold(cell.value), choices)


def _wastes(cell: Place) -> tuple[str, ...]:
    """The wastes that it names, with commas or semicolons between."""
    if cell.blank:
        return ()
    spelled = {fold(waste): waste for waste in WASTES}
    said = [fold(one) for one in str(cell.value).replace(";", ",").split(",") if one.strip()]
    with cell.blamed():
        return tuple(spelled[choice("waste", one, spelled)] for one in said)


def lines(table: pd.DataFrame | str | Path, sheet_of: Sheet, *, sheet: str | None = None) -> list[Line]:
    """
    The rows of a frame or workbook, each with a cell for every column of *sheet_of*; blank rows are left out.

    Refused: a heading that means no column, a needed column that is missing, no rows.
    """
    if isinstance(table, pd.DataFrame):
        need(sheet is None, "sheet names a sheet of a workbook. Leave it out for a frame.")
        headings, values, first = list(table.columns), table.itertuples(index=False, name=None), 1
    elif isinstance(table, (str, Path)):
        grid = _grid(Path(table), sheet)
        headings, values, first = grid[0], iter(grid[1:]), FIRST_OF_BOOK
    else:
        raise Refusal(f"A table must be a pandas frame or the name of an Excel file; {brief(table)} came.")
    places = _places(headings, sheet_of)
    found = []
    for row, one in enumerate(values, start=first):
        line = _line(row, one, headings, places, sheet_of)
        if any(not cell.blank for heading, cell in line.items() if heading != NOTES):
            found.append(line)
    need(found, f"The table has no rows. It needs {sheet_of.words[0].lower()}{sheet_of.words[1:]}")
    need(len(found) <= MOST_ROWS, f"The table has more than {MOST_ROWS:,} rows, too many to have been typed.")
    return found


def _line(
    row: int, values: Sequence[object], headings: Sequence[object], places: Mapping[int, str], sheet_of: Sheet
) -> Line:
    made = {column.heading: Place(None, sheet_of.title, row, 0, column.heading) for column in sheet_of.columns}
    for place, heading in places.items():
        value = _plain(values[place])
        made[heading] = Place(value, sheet_of.title, row, place + 1, heading, unit_of(headings[place]))
    return made


def _places(headings: Sequence[object], sheet_of: Sheet) -> dict[int, str]:
    """Which column of *sheet_of* stands at each place."""
    found: dict[int, str] = {}
    known = [column.heading for column in sheet_of.columns]
    for place, heading in enumerate(headings):
        if _plain(heading) is None:
            continue
        column = sheet_of.column(heading)
        if column is None:
            near = difflib.get_close_matches(fold(heading), known, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise Refusal(f'No column is called "{heading}"; there are {listed(known)}.{hint}')
        twice = column.heading in found.values()
        need(not twice, f'Two columns are "{column.heading}". Delete one.')
        found[place] = column.heading
    for column in sheet_of.columns:
        there = column.heading in found.values() or not column.required
        need(there, f'The table has no column "{column.heading}". Add it.')
    return found


def _grid(path: Path, sheet: str | None) -> list[list[object]]:
    """The cells of a workbook's sheet, its headings first."""
    need(path.suffix.lower() == ".xlsx", f'A table is read from a .xlsx file; "{path.name}" came. Save it as one.')
    need(path.is_file(), f'There is no file "{path.name}" in that folder. Check its name and folder.')
    sheets = _sheets(path)
    filled = {title: frame for title, frame in sheets.items() if len(frame)}
    need(filled, f'"{path.name}" is empty. Choose another file.')
    several = sheet is None and len(filled) > 1
    need(not several, f'"{path.name}" has several sheets: {listed(filled)}. Say which one: sheet=...')
    title = next(iter(filled)) if sheet is None else choice("sheet", sheet, filled, where=f'in "{path.name}"')
    return [list(row) for row in filled[title].itertuples(index=False, name=None)]


def _sheets(path: Path) -> dict[str, pd.DataFrame]:
    how: dict[str, Any] = {"header": None, "dtype": object, "keep_default_na": False, "na_values": [""]}
    read: Callable[..., Any] = pd.read_excel
    try:
        return dict(read(path, sheet_name=None, engine="openpyxl", nrows=MOST_ROWS + 2, **how))
    except Exception:  # noqa: BLE001 - a broken workbook can fail in any part of zip, XML or openpyxl
        raise Refusal(
            f'"{path.name}" is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'
        ) from None


def _plain(value: object) -> object:
    """A value as Excel would give it; None where it is blank."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, (list, dict, tuple)) and bool(pd.isna(value)):
        return None
    if hasattr(value, "item"):
        value = value.item()  # a number of numpy's
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
