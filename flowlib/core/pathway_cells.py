"""
What does a person mean by what stands in one cell of a workbook?

A name, a number kept as text, "70%", a word of a list: each is taken as it is meant, and
anything else is refused with the sheet and the cell. `quoted` and `figure` write what
these read. Times stand in `pathway_times`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from openpyxl.utils import get_column_letter

from flowlib.core import checks
from flowlib.core.parts import name_of
from flowlib.core.pathway_sheets import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["A_LOT", "Cell", "figure", "known", "name", "names", "number", "pick", "quoted", "some", "text", "whole"]

T = TypeVar("T")
NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d+)?\s*%?", re.ASCII)
QUOTED = re.compile(r'"((?:[^"]|"")*)"')
LISTED = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;]*))\s*(?:[,;]|$)')
BLANK = "this is blank"  # so begin the sentences about a cell that is
A_LOT = 1e15  # larger numbers are slips
MOST_SHOWN, MOST_LISTED = 40, 110  # signs of a value, and of a list of names, in a sentence
EXACT = "%.16g"  # as openpyxl writes a number; of some, a figure is lost


@dataclass(frozen=True)
class Cell:
    """One cell: what stands in it, and where it is."""

    value: object  # None where it is blank; text has no blanks around it
    sheet: str
    row: int
    column: int  # from 1; 0 where the sheet has no such column
    heading: str = ""
    unit: str = "hours"  # of a length of time without one

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return self.value is None

    @property
    def at(self) -> str:
        """Where it is, as a sentence names it."""
        if not self.column:
            return f'sheet "{self.sheet}", cell A{self.row}'
        return f'sheet "{self.sheet}", cell {get_column_letter(self.column)}{self.row}'

    def refusal(self, sentence: str) -> checks.Refusal:
        """A refusal that begins with where the cell is."""
        if self.heading and not self.column:
            missing = f'there is no column "{self.heading}"'
            blank = sentence.startswith(BLANK)
            sentence = missing + sentence.removeprefix(BLANK) if blank else f"{missing}; {sentence}"
        return checks.Refusal(f"{self.at}: {sentence}")

    def need(self, condition: object, sentence: str) -> None:
        """Refuse with *sentence* unless *condition* holds."""
        if not condition:
            raise self.refusal(sentence)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Refusals from within name this cell."""
        try:
            yield
        except checks.Refusal as refusal:
            raise self.refusal(str(refusal)) from None

    @property
    def shown(self) -> str:
        """What stands in it, as a sentence shows it."""
        value = self.value
        if isinstance(value, bool) or value is None:
            return "nothing" if value is None else str(value).upper()
        if isinstance(value, (int, float)):
            return checks.shown(value) if abs(value) < A_LOT else "a very large number"
        if isinstance(value, dt.datetime):
            return f"the date {value.day} {value:%B %Y}"
        if isinstance(value, (dt.time, dt.timedelta)):
            return f"the time {value}"
        return f'"{_cut(str(value))}"'


def text(cell: Cell) -> str:
    """Its words; a whole number is one too."""
    cell.need(not cell.blank, "this is blank. Type a name.")
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    cell.need(
        isinstance(cell.value, (str, int)) and not isinstance(cell.value, bool),
        f'a name must be text, and Excel has made {cell.shown} of it. Type it between "quotation marks".',
    )
    return str(cell.value)


def name(cell: Cell) -> str:
    """A name of a step or a group; in quotation marks where it begins or ends with a blank."""
    words = text(cell)
    inside = QUOTED.fullmatch(words)
    with cell.blamed():
        return name_of("this", inside[1].replace('""', '"') if inside else words)


def names(cell: Cell) -> tuple[str, ...]:
    """Names with commas between; none where it is blank."""
    if cell.blank:
        return ()
    found = LISTED.finditer(text(cell))
    said = [one[1].replace('""', '"') if one[1] is not None else one[2].strip() for one in found]
    with cell.blamed():
        return tuple(name_of("this", word) for word in said if word)


def quoted(words: str, *, in_list: bool = False) -> str:
    """A name as `name` and `names` read it."""
    plain = words == words.strip() and not words.startswith('"') and not (in_list and re.search("[,;]", words))
    return words if plain else '"' + words.replace('"', '""') + '"'


def known(kind: str, cell: Cell, choices: Iterable[str]) -> str:
    """A name among *choices*; else a refusal with the nearest, or with what there is."""
    there = list(choices)
    said = name(cell)
    if said in there:
        return said
    folded = {fold(one): one for one in there}
    near = difflib.get_close_matches(fold(said), folded, n=1)
    verb = "is" if len(there) == 1 else "are"
    ask = f'Did you mean "{folded[near[0]]}"?' if near else f"There {verb} {some(there)}."
    raise cell.refusal(f'there is no {kind} called "{_cut(said)}". {ask}')


def _cut(words: str) -> str:
    return words if len(words) <= MOST_SHOWN else words[: MOST_SHOWN - 3] + "..."


def some(there: list[str], most: int = MOST_LISTED) -> str:
    """The first few names, in quotation marks, and how many more there are."""
    fits = [i for i in range(1, len(there) + 1) if len(checks.listed(there[:i])) <= most]
    kept = fits[-1] if fits else 0
    more = f" and {len(there) - kept} more" if kept and kept < len(there) else ""
    return checks.listed(there[:kept]) + more if kept else f"{len(there)} others" if there else "none"


def pick(cell: Cell, choices: Mapping[str, T]) -> T:
    """What its word stands for, whatever its capitals and dashes."""
    said = fold(cell.value).replace(" ", "")
    folded = {fold(word).replace(" ", ""): word for word in choices}
    if isinstance(cell.value, str) and said in folded:
        return choices[folded[said]]
    near = difflib.get_close_matches(said, folded, n=1)
    hint = f' Did you mean "{folded[near[0]]}"?' if near else ""
    raise cell.refusal(f"this must be one of {checks.listed(choices)}; {cell.shown} came.{hint}")


def number(cell: Cell, what: str, *, least: float = 0, most: float = math.inf, mend: str = "Correct it.") -> float:
    """A number from *least* to *most*; text and per cent count. *mend* says what to do about any other."""
    value = cell.value
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()) and re.search(r"\d", value.casefold().split("e")[0]):
        plain = float(value.replace(",", "").replace("%", ""))
        value = plain / 100 if value.endswith("%") else plain
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    cell.need(good, f"{what} must be a number; {cell.shown} came. Type a number.")
    assert isinstance(value, (int, float))  # noqa: S101 - refused above, which the type checker cannot see
    span = (
        f"{checks.shown(least)} or more" if most == math.inf else f"from {checks.shown(least)} to {checks.shown(most)}"
    )
    cell.need(least <= value <= most, f"{what} must be {span}; {cell.shown} came. {mend}")
    return value


def whole(cell: Cell, what: str, *, most: float = math.inf) -> int:
    """A whole number from 0 to *most*."""
    value = number(cell, what, most=most)
    cell.need(value == int(value), f"{what} must be a whole number; {cell.shown} came. Correct it.")
    return int(value)


def figure(value: float) -> float | str:
    """A number as a workbook keeps it: as text where openpyxl would lose its last figure."""
    return value if float(EXACT % value) == value else str(np.format_float_positional(value, trim="-"))
