"""
How does a pathway become a workbook that a person can fill in?

Each sheet of `pathway_sheets` with its rows, and what helps to fill it in: a first sheet
to read, notes on the headings, and lists to choose from. There are no macros and no
formulas. What is written here is read back as an equal pathway.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from itertools import count, groupby, zip_longest
from typing import TYPE_CHECKING

from openpyxl import Workbook

from flowlib.core import checks
from flowlib.core.capacity import DAYS, Rota, Slots
from flowlib.core.distributions import Constant, Distribution, Empirical, Gamma, LogNormal, Triangular, Uniform, Weibull
from flowlib.core.parts import EVERYONE
from flowlib.core.pathway_cells import figure, quoted
from flowlib.core.pathway_look import finish, read_me
from flowlib.core.pathway_sheets import EVERY_DAY, HOURS, MEASURED, SHAPES, SHEETS, WHEN_FULL, fold
from flowlib.core.pathway_times import length
from flowlib.core.safe_cells import put_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from flowlib.core.parts import Arrivals, Step
    from flowlib.core.pathway import Pathway

__all__ = ["to_bytes"]

MOST_ROWS, MOST_COLUMNS, MOST_SIGNS = 1_048_576, 16_384, 32_767  # of an Excel sheet, and of a cell
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NUMBERS_OF = {Uniform: ("low", "high"), Triangular: ("low", "mode", "high"), Constant: ("value",)}
SPREAD = (LogNormal, Gamma, Weibull)  # the shapes that have one to state

Written = dict[str, object]  # what stands in a row, by heading


def to_bytes(pathway: Pathway, *, note: str = "") -> bytes:
    """The pathway as the bytes of an `.xlsx` file; a *note* stands at the head of its first sheet."""
    lists = _Lists()
    filled: dict[str, list[Written]] = {
        "pathway": [{"name": _maybe(pathway.name), "starts": pathway.starts.date()}],
        "steps": [row for step in pathway.steps for row in _step(step, lists)],
        "routes": [
            {"from": quoted(r.from_step), "to": quoted(r.to_step), "share": figure(r.share), "group": _maybe(r.group)}
            for r in pathway.routes
        ],
        "arrivals": [row for stream in pathway.arrivals for row in _arrivals(stream, lists)],
        "rota": [row for step in pathway.steps for row in _rota(step)],
        "slots": [row for step in pathway.steps for row in _slots(step)],
    }
    filled[MEASURED] = lists.rows()
    book = Workbook()
    book.properties.creator = "flowlib"
    book.remove(book.worksheets[0])
    read_me(book, note)
    for title, sheet in SHEETS.items():
        page = book.create_sheet(title)
        headings = [column.heading for column in sheet.columns] or lists.headings
        checks.need(
            len(filled[title]) < MOST_ROWS and len(headings) <= MOST_COLUMNS,
            f'A sheet of Excel is too small for the sheet "{title}" of this pathway. Save it as .yaml.',
        )
        _put(page, 1, headings)
        for number, row in enumerate(filled[title], start=2):
            _put(page, number, [row.get(heading) for heading in headings])
        finish(page, sheet)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


class _Lists:
    """The columns of measured times that other sheets call by their headings."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, ...]] = {}  # hours, by what the column is called

    def add(self, wanted: str, times: tuple[float, ...]) -> str:
        """What the column of these *times* is called: as *wanted*, if that can be a heading of its own."""
        taken = {fold(known) for known in self._found}
        good = fold(wanted) and not re.search("[()]", wanted) and wanted == wanted.strip() and fold(wanted) not in taken
        called = wanted if good else next(one for i in count(1) if fold(one := f"list {i}") not in taken)
        self._found[called] = times
        return called

    @property
    def headings(self) -> list[str]:
        """The heading of each column, with its unit."""
        return [f"{called} (hours)" for called in self._found]

    def rows(self) -> list[Written]:
        """The times, a column a heading."""
        columns = [[figure(time) for time in times] for times in self._found.values()]
        return [dict(zip(self.headings, line, strict=True)) for line in zip_longest(*columns)]


def _maybe(name: str | None) -> str | None:
    return quoted(name) if name else None


def _step(step: Step, lists: _Lists) -> Iterator[Written]:
    """The row of a step, and one more for each further group."""
    opens, closes = step.leaves_between or (None, None)
    full = next(word for word, meant in WHEN_FULL.items() if meant == step.when_full)
    first: Written = {
        "name": quoted(step.name),
        "capacity": _capacity(step),
        "priority": ", ".join(quoted(group, in_list=True) for group in step.priority) or None,
        "gives up to": _maybe(step.gives_up_to),
        "queue limit": step.queue_limit,
        "when full": None if full == "wait upstream" and step.queue_limit is None else full,
        "divert to": _maybe(step.divert_to),
        "leaves from": opens,
        "leaves until": closes,
        "leaves on": None if step.leaves_on == "Mon-Sun" else step.leaves_on,
        "within": _maybe(step.within),
    }
    if step.patience is not None:
        spelt = _time(step.patience, f"{step.name} patience", lists)
        first |= {"patience" if key == "time" else f"patience {key}": value for key, value in spelt.items()}
    if isinstance(step.time, Distribution):
        yield first | _time(step.time, step.name, lists)
        return
    for group, time in step.time.items():
        yield first | {"group": quoted(group)} | _time(time, f"{step.name} {group}", lists)
        first = {}


def _capacity(step: Step) -> int | str:
    kind = step.capacity
    if isinstance(kind, (Rota, Slots)):
        return "rota" if isinstance(kind, Rota) else "slots"
    return "unlimited" if kind is None else kind


def _time(time: Distribution, called: str, lists: _Lists) -> Written:
    """The cells that hold a time: how long, in what shape, and with what spread."""
    shape = next(word for word, kind in SHAPES.items() if isinstance(time, kind))
    if isinstance(time, Empirical):
        return {"time": lists.add(called, time.values), "shape": shape}
    spread = figure(time.cv) if isinstance(time, SPREAD) else None
    wanted = NUMBERS_OF.get(type(time), ("mean",))
    return {
        "time": " to ".join(length(getattr(time, word)) for word in wanted),
        "shape": shape,
        "spread": spread,
    }


def _arrivals(stream: Arrivals, lists: _Lists) -> Iterator[Written]:
    """The row of a stream, or the rows of its week."""
    whose: Written = {
        "step": quoted(stream.step),
        "group": None if stream.group == EVERYONE else quoted(stream.group),
    }
    if stream.times is not None:
        yield whose | {"times from": lists.add(f"arrivals at {stream.step}", stream.times)}
    elif isinstance(stream.per_hour, tuple):
        for row in _hours(stream.per_hour):
            yield whose | row
    else:
        yield whose | {"per hour": figure(stream.per_hour or 0.0)}


def _rota(step: Step) -> Iterator[Written]:
    if isinstance(step.capacity, Rota):
        for row in _hours(step.capacity.by_hour):
            yield {"step": quoted(step.name)} | row


def _slots(step: Step) -> Iterator[Written]:
    if isinstance(step.capacity, Slots):
        for moment, starts in step.capacity.starts:
            day, time = moment.split(" ")
            yield {"step": quoted(step.name), "days": day, "time": time, "starts": starts}


def _hours(numbers: Sequence[float]) -> Iterator[Written]:
    """One row for every day, or a row for each run of days that are alike."""
    days = [tuple(numbers[i : i + 24]) for i in range(0, len(numbers), 24)]
    if len(days) == 1:
        yield {"days": EVERY_DAY} | dict(zip(HOURS, map(figure, days[0]), strict=True))
        return
    for hours, alike in groupby(range(len(DAYS)), key=lambda day: days[day]):
        first, last = (run := [*alike])[0], run[-1]
        named = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
        yield {"days": named} | dict(zip(HOURS, map(figure, hours), strict=True))


def _put(page: Worksheet, row: int, values: Sequence[object]) -> None:
    """One row of values; text is always text, never a formula."""
    for place, value in enumerate(values, start=1):
        if value is None:
            continue
        cell = page.cell(row, place)
        if isinstance(value, str):
            checks.need(
                len(value) <= MOST_SIGNS and not NOT_IN_XML.search(value),
                f"Excel cannot keep the name {checks.brief(value)}. Shorten it, or save the pathway as .yaml.",
            )
            put_text(cell, value)
            continue
        cell.value = value  # type: ignore[assignment]
        if isinstance(value, dt.date):
            cell.number_format = "d mmmm yyyy"
