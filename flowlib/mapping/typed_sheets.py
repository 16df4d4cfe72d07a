"""
Which sheets and columns does a typed map's workbook have, and what does each cell mean?

One list for the reader, the writer, and the notes on the headings. Rows from a workbook,
a table or a text are read alike: whatever is wrong is refused with its sheet, its row
and its column. A time without a unit is hours, unless its heading says otherwise, as in
"wait (minutes)".
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import moment
from flowlib.core.pathway_cells import Cell, known, name, number, pick, some
from flowlib.core.pathway_sheets import NOTES, Column, Sheet, fold, unit_of
from flowlib.core.pathway_times import lengths
from flowlib.mapping.typed_parts import Agreed, TypedMove, TypedStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SHEETS", "Line", "Rows", "Said", "Told", "blank", "parts_of", "rows"]

YES_NO = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}
OWN_NOTES = Column(NOTES, "Anything you like. It is not read.", width=24)
STEPS = (
    Column("step", "What you call the step.", "triage", 20, required=True, also=("name",)),
    Column("team", "The team that does it.", "front door", 16),
    Column("who does it", "A role, never a person's name.", "triage nurse", 18, also=("who", "role")),
    Column(
        "process time", "How long care or work takes, with its unit.", "8 minutes", 16, also=("process", "touch time")
    ),
    Column("wait", "How long the person waits before it begins, with its unit.", "2 hours", 14),
    Column(
        "complete and accurate",
        "How often the next step can use what comes without asking again, from 0 to 1 or in per cent.",
        "80%",
        22,
        also=("% complete and accurate", "complete & accurate", "% complete & accurate", "%c&a", "c&a"),
    ),
    Column(
        "story told again",
        "Whether the service user tells the story again here.",
        "yes",
        16,
        ("yes", "no"),
        others=False,
        also=("told again",),
    ),
    Column("information to", "The team or role that information is handed to. Blank if nobody.", "ward", 18),
    Column(
        "how", "How it is handed over.", "letter", 16, ("letter", "telephone", "e-mail", "shared record", "in person")
    ),
    OWN_NOTES,
)
MOVES = (
    Column("from", "The step that people finish.", "triage", 20, step=True, required=True, also=("from step",)),
    Column("to", "The step that they go to next.", "doctor", 20, step=True, required=True, also=("to step",)),
    Column("share", "How many of them, from 0 to 1 or in per cent. Blank for all the rest.", "0.3", 9),
    OWN_NOTES,
)
AGREED = (
    Column("role", "Who agreed this map: a role, never a name.", "ward clerk", 24, required=True, also=("agreed by",)),
    Column("service user", "Whether it is a service user or an unpaid carer.", "yes", 14, ("yes", "no"), others=False),
    Column("date", "When it was agreed.", "4 March 2026", 16),
    OWN_NOTES,
)
SHEETS = {
    sheet.title: sheet
    for sheet in (
        Sheet("map", "What the map is called.", (Column("name", "What you call this journey.", "Hip fracture", 30),)),
        Sheet("steps", "One row for each step, in the order that people come to them.", STEPS, required=True),
        Sheet("moves", "Where people go next. What is left over goes home.", MOVES),
        Sheet("agreed", "Who agreed the map, service users included.", AGREED),
    )
}


@dataclass(frozen=True)
class Said(Cell):
    """One cell, told by its row and the name of its column."""

    source: str = "sheet"  # or "table", or "list"

    @property
    def at(self) -> str:
        """Where it is, as a sentence names it."""
        column = f', column "{self.heading}"' if self.heading else ""
        return f'{self.source} "{self.sheet}", row {self.row}{column}'


Rows = list[dict[str, Said]]  # a cell for every column, by heading
Line = dict[str, object]  # what stands in a row, by heading


@dataclass(frozen=True)
class Told:
    """A table as it came: its sheet, where from, the headings, and each row's number and values by place."""

    title: str
    source: str
    headings: Sequence[object]
    lines: Iterable[tuple[int, Mapping[int, object]]]
    first: int = 1  # the row of the headings


def rows(told: Told) -> Rows:
    """The rows below the headings, each with a cell for every column of its sheet; blank rows are left out."""
    sheet = SHEETS[told.title]
    places = _places(told, sheet)
    found = []
    for row, values in told.lines:
        cells = {
            column.heading: Said(None, told.title, row, 1, column.heading, source=told.source)
            for column in sheet.columns
        }
        for place, value in values.items():
            if blank(value):
                continue
            stray = Said(value, told.title, row, place + 1, source=told.source)
            stray.need(place in places, f"{stray.shown} stands under no heading. Give its column one, or clear it.")
            heading, unit = places[place]
            cells[heading] = Said(_plain(value), told.title, row, place + 1, heading, unit, told.source)
        if any(not cell.blank for heading, cell in cells.items() if heading != NOTES):
            found.append(cells)
    return found


def parts_of(told: Mapping[str, Rows]) -> tuple[list[TypedStep], list[TypedMove], list[Agreed]]:
    """Steps, moves and who agreed, from the rows of each sheet."""
    steps: list[TypedStep] = []
    for row in told.get("steps", []):
        made = _step(row)
        same = [one for one in steps if one.name.casefold() == made.name.casefold()]
        row["step"].need(not same, f'there is a step called "{made.name}" already. Give each step a name of its own.')
        steps.append(made)
    names = [step.name for step in steps]
    moves, left = list[TypedMove](), dict[str, float]()
    for row in told.get("moves", []):
        move = _move(row, names)
        twice = (move.from_step, move.to_step) in {(one.from_step, one.to_step) for one in moves}
        row["to"].need(not twice, f'this move from "{move.from_step}" came before. Clear one of the two rows.')
        total = left[move.from_step] = left.get(move.from_step, 0.0) + (move.share or 0.0)
        row["share"].need(
            total <= 1 + 1e-9,
            f'shares that leave "{move.from_step}" add up to {checks.shown(total)}; they may be 1 at most. Lower one.',
        )
        moves.append(move)
    return steps, moves, [_agreed(row) for row in told.get("agreed", [])]


def _step(row: Mapping[str, Said]) -> TypedStep:
    share = row["complete and accurate"]
    return TypedStep(
        _name(row["step"]),
        team=_words(row["team"]),
        who=_words(row["who does it"]),
        process_time=_hours(row["process time"]),
        wait=_hours(row["wait"]),
        complete_and_accurate=None if share.blank else number(share, "a share", most=1, mend="Half is 0.5 or 50%."),
        told_again=_yes(row["story told again"]),
        information_to=_words(row["information to"]),
        how=_words(row["how"]),
    )


def _move(row: Mapping[str, Said], names: Sequence[str]) -> TypedMove:
    ends = [_known(row[heading], names) for heading in ("from", "to")]
    cell = row["share"]
    share = None if cell.blank else number(cell, "a share", most=1, mend="Half is 0.5 or 50%.")
    return TypedMove(ends[0], ends[1], share)


def _agreed(row: Mapping[str, Said]) -> Agreed:
    cell, date = row["date"], None
    if not cell.blank:
        with cell.blamed():
            said = cell.value if isinstance(cell.value, (dt.date, str)) else cell.shown
            date = moment("this", said).date()
    return Agreed(_name(row["role"]), service_user=_yes(row["service user"]), date=date)


def _known(cell: Said, names: Sequence[str]) -> str:
    """A step's name, whatever its capitals and blanks."""
    said = _name(cell).casefold()
    return next((one for one in names if one.casefold() == said), "") or known("step", cell, names)


def _name(cell: Said) -> str:
    return " ".join(name(cell).split())


def _words(cell: Said) -> str:
    return "" if cell.blank else _name(cell)


def _hours(cell: Said) -> float | None:
    return None if cell.blank else lengths(cell)[0]


def _yes(cell: Said) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    if isinstance(cell.value, str) and cell.value.casefold() in YES_NO:
        return YES_NO[cell.value.casefold()]
    return False if cell.blank else pick(cell, {"yes": True, "no": False})


def _places(told: Told, sheet: Sheet) -> dict[int, tuple[str, str]]:
    """The heading and the unit of each column by place, from 0."""
    found: dict[int, tuple[str, str]] = {}
    for place, heading in enumerate(told.headings):
        if blank(heading):
            continue
        cell = Said(str(heading), told.title, told.first, place + 1, source=told.source)
        column = sheet.column(heading)
        if column is None:
            raise cell.refusal(_no_column(cell, sheet))
        twice = column.heading in (one for one, _ in found.values())
        cell.need(not twice or column.heading == NOTES, f'there are two columns "{column.heading}". Delete one.')
        found[place] = (column.heading, unit_of(heading))
    there = {heading for heading, _ in found.values()}
    for column in sheet.columns:
        Said(None, told.title, told.first, 1, source=told.source).need(
            column.heading in there or not column.required,
            f'there is no column "{column.heading}" among the headings. Add it.',
        )
    return found


def _no_column(cell: Said, sheet: Sheet) -> str:
    headings = {fold(column.heading): column.heading for column in sheet.columns}
    near = difflib.get_close_matches(fold(cell.value), headings, n=1)
    ask = f'Did you mean "{headings[near[0]]}"?' if near else f"There are {some(list(headings.values()))}."
    return f'there is no column called {cell.shown}; for words of your own, head it "{NOTES}". {ask}'


def blank(value: object) -> bool:
    """Whether a value is none at all."""
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (not isinstance(value, (list, dict, tuple)) and bool(pd.isna(value)))
    )


def _plain(value: object) -> object:
    """A value as Excel would give it."""
    if isinstance(value, str):
        return value.strip()
    if hasattr(value, "item"):
        value = value.item()  # a number of numpy's
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
