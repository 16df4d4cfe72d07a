"""
Which pathway does a workbook describe?

Rows become steps, routes and arrivals, cell by cell, so that whatever is wrong is
refused with its sheet and its cell. What each sheet holds stands in `pathway_sheets`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flowlib.core.pathway import FIRST_MONDAY, ROUNDING, YEARS, Pathway, Route
from flowlib.core.pathway_cells import known, name, number, some
from flowlib.core.pathway_hours import arrivals_in
from flowlib.core.pathway_steps import steps_in
from flowlib.core.pathway_tables import measured, opened, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.core.parts import Arrivals, Step
    from flowlib.core.pathway_cells import Cell
    from flowlib.core.pathway_tables import Row

__all__ = ["from_bytes"]

DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")


def from_bytes(held: bytes) -> Pathway:
    """The pathway in the bytes of an `.xlsx` file."""
    pages = opened(held)
    lists = measured(pages)
    title, starts = _about(rows(pages, "pathway"))
    steps = steps_in(pages, lists)
    names = [step.name for step, _ in steps]
    streams = arrivals_in(rows(pages, "arrivals"), lists, starts, names)
    groups = list(dict.fromkeys(stream.group for stream in streams))
    _check_priorities(steps, streams, groups)
    _check_circle({step.name: (step.divert_to, row["divert to"]) for step, row in steps}, "Diverts go")
    _check_circle({step.name: (step.within, row["within"]) for step, row in steps}, "Steps within steps go")
    routes = _routes(rows(pages, "routes"), names, groups if streams else None)
    return Pathway(title, tuple(step for step, _ in steps), tuple(streams), tuple(routes), starts)


def _about(lines: Sequence[Row]) -> tuple[str, dt.datetime]:
    """The pathway's name, and its first Monday."""
    if not lines:
        return "", FIRST_MONDAY
    if len(lines) > 1:
        raise next(iter(lines[1].cells.values())).refusal("there is one pathway in a workbook. Clear this row.")
    title, starts = lines[0]["name"], lines[0]["starts"]
    return "" if title.blank else name(title), FIRST_MONDAY if starts.blank else _monday(starts)


def _monday(cell: Cell) -> dt.datetime:
    day = cell.value if isinstance(cell.value, dt.datetime) else _date(str(cell.value))
    if day is None:
        raise cell.refusal(f'this must be a date, such as "5 January 2026"; {cell.shown} came.')
    cell.need(day.time() == dt.time(), f"a pathway starts at 00:00; {day:%H:%M} came. Leave the time out.")
    cell.need(day.year in YEARS, f"a pathway starts in the years 1900 to 2199; {day.year} came. Correct the year.")
    cell.need(
        day.weekday() == 0, f"a pathway starts on a Monday; {day.day} {day:%B %Y} is a {day:%A}. Choose the Monday."
    )
    return day


def _date(said: str) -> dt.datetime | None:
    """A date from words; the day stands before the month."""
    for form in DATES:
        try:
            return dt.datetime.strptime(said, form)  # noqa: DTZ007 - clock zero of a simulation has no zone
        except ValueError:
            continue
    return None


def _check_priorities(steps: Sequence[tuple[Step, Row]], streams: Sequence[Arrivals], groups: Sequence[str]) -> None:
    for step, row in steps if streams else ():
        strange = [group for group in step.priority if group not in groups]
        if strange:
            row["priority"].need(
                not strange, f"no group called {some(strange)} arrives. Those that do are {some(list(groups))}."
            )


def _check_circle(links: dict[str, tuple[str | None, Cell]], what: str) -> None:
    """Refuse links that lead from a step back to itself, at the last cell of the circle."""
    for start in links:
        trail = [start]
        while (link := links[trail[-1]])[0] is not None:
            onward, cell = link
            cell.need(onward not in trail, f"{what} in a circle: {some([*trail, str(onward)])}. Break it.")
            trail.append(str(onward))


def _routes(lines: Sequence[Row], names: Sequence[str], groups: Sequence[str] | None) -> list[Route]:
    """The routes; the shares that leave a step are added up on the way."""
    made, leaving = [], dict[tuple[str, str | None], float]()
    for row in lines:
        start, end = (known("step", row[heading], names) for heading in ("from", "to"))
        cell, share = row["share"], 1.0
        if not cell.blank:
            share = number(cell, "a share", most=1, mend="Half is 0.5 or 50%.")
        group = None
        if not row["group"].blank:
            group = name(row["group"]) if groups is None else known("group among the arrivals", row["group"], groups)
        total = leaving[start, group] = leaving.get((start, group), 0.0) + share
        whose = "" if group is None else f" ({group})"
        cell.need(
            total - 1 <= ROUNDING,
            f'shares that leave step "{start}"{whose} add up to {max(total, 1.0001):.5g}; '
            "they may be 1 at most. Lower one of them.",
        )
        with cell.blamed():
            made.append(Route(start, end, share, group))
    return made
