"""
Which steps does a workbook describe, and how long do they take?

A step is a row; where its time differs by group, the rows below it with a blank name
(or the same) each add a group. Its capacity is a number, or stands in the sheet rota
or slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowlib.core import checks
from flowlib.core.capacity import MOST_PLACES, Rota, Slots
from flowlib.core.distributions import (
    LEAST_CV,
    MOST_CV,
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
)
from flowlib.core.parts import Step
from flowlib.core.pathway_cells import Cell, known, name, names, number, pick, whole
from flowlib.core.pathway_hours import listed, rotas_in, slots_in
from flowlib.core.pathway_sheets import CAPACITIES, SHAPES, WHEN_FULL, fold
from flowlib.core.pathway_tables import rows
from flowlib.core.pathway_times import clock, day_names, lengths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flowlib.core.pathway_tables import Grid, Row

__all__ = ["steps_in"]

OF_A_GROUP = ("name", "group", "time", "shape", "spread")  # what a row that adds a group may hold


def steps_in(pages: Mapping[str, Grid], lists: Mapping[str, list[Cell]]) -> list[tuple[Step, Row]]:
    """The steps, in order, each with the row it begins in."""
    together = _together(rows(pages, "steps"))
    said: list[str] = []
    for own in together:
        step = name(own[0]["name"])
        own[0]["name"].need(step not in said, f'there are two steps called "{step}". Rename one.')
        said.append(step)
    rotas, slots = rotas_in(rows(pages, "rota"), said), slots_in(rows(pages, "slots"), said)
    made = []
    for step, own in zip(said, together, strict=True):
        capacity = _capacity(step, own[0]["capacity"], rotas, slots)
        made.append((_step(step, own, capacity, said, lists), own[0]))
    return made


def _together(lines: Sequence[Row]) -> list[list[Row]]:
    """The rows of each step."""
    found: list[list[Row]] = []
    for row in lines:
        if found and _adds_group(found[-1][0], row):
            found[-1].append(row)
        else:
            found.append([row])
    Cell(None, "steps", 2, 1).need(found, "there are no steps. Type at least one, a row each.")
    return found


def _adds_group(first: Row, row: Row) -> bool:
    """Whether a row adds a group to the step that begins in the row *first*, and no more than that."""
    said, grouped = row["name"], not row["group"].blank
    if not said.blank and not (grouped and not first["group"].blank and said.value == first["name"].value):
        return False
    said.need(grouped, "this is blank. Type the name of a step; or name a group, to add it to the step above.")
    first["group"].need(
        not first["group"].blank, "this is blank, and the rows below give times by group. Name the group here too."
    )
    for heading, cell in row.cells.items():
        cell.need(heading in OF_A_GROUP, f'"{heading}" belongs in the first row of the step. Clear this cell.')
    return True


def _step(
    step: str, own: Sequence[Row], capacity: int | Rota | Slots | None, said: list[str], lists: Mapping[str, list[Cell]]
) -> Step:
    row = own[0]
    limit, full, days = row["queue limit"], row["when full"], row["leaves on"]
    patience = None
    if row.filled("patience", "patience shape", "patience spread"):
        patience = _time(row["patience"], row["patience shape"], row["patience spread"], step, lists)
    holds: dict[str, Any] = {
        "time": _times(step, own, lists),
        "priority": names(row["priority"]),
        "patience": patience,
        "gives_up_to": _link(row["gives up to"], said),
        "queue_limit": None if limit.blank else whole(limit, "a queue limit"),
        "when_full": WHEN_FULL["wait upstream"] if full.blank else pick(full, WHEN_FULL),
        "divert_to": _link(row["divert to"], said),
        "leaves_between": _leaving(row["leaves from"], row["leaves until"]),
        "leaves_on": "Mon-Sun" if days.blank else day_names(days),
        "within": _link(row["within"], said),
    }
    diverts, target = holds["when_full"] == "divert", row["divert to"]
    target.need(not diverts or not target.blank, 'this is blank, and "when full" is divert. Name a step.')
    target.need(diverts or target.blank, 'this goes with "divert" in "when full". Choose that, or clear this cell.')
    with row["name"].blamed():
        return Step(step, capacity, **holds)


def _link(cell: Cell, said: list[str]) -> str | None:
    """The other step that a cell names, if it names one."""
    return None if cell.blank else known("step", cell, said)


def _capacity(
    step: str, cell: Cell, rotas: Mapping[str, tuple[Rota, Cell]], slots: Mapping[str, tuple[Slots, Cell]]
) -> int | Rota | Slots | None:
    cell.need(not cell.blank, 'this is blank. Type how many can be in the step at once, or "unlimited".')
    word = fold(cell.value)
    for here, sheet in ((rotas, "rota"), (slots, "slots")):
        if word == sheet:
            cell.need(
                step in here, f'the sheet "{sheet}" has no row for "{step}". Add one there, or type a number here.'
            )
            return here[step][0]
        if step in here:
            raise here[step][1].refusal(
                f'"{step}" has another capacity on the sheet "steps". Type "{sheet}" there, or clear this row.'
            )
    if word == "unlimited":
        return None
    cell.need(
        not isinstance(cell.value, str) or any(sign.isdigit() for sign in word),
        f"a capacity is a number, or one of {checks.listed(CAPACITIES)}; {cell.shown} came. Correct it.",
    )
    return whole(cell, "a capacity", most=MOST_PLACES)


def _leaving(opens: Cell, closes: Cell) -> tuple[str, str] | None:
    if opens.blank and closes.blank:
        return None
    for cell, other in ((opens, closes), (closes, opens)):
        cell.need(
            not cell.blank,
            f'this is blank, though "{other.heading}" is filled in. Type a time, such as "09:00".',
        )
    pair = clock(opens), clock(closes)
    closes.need(pair[0] < pair[1], f"people may leave from {pair[0]}, so this must be later; {pair[1]} came.")
    return pair


def _times(step: str, own: Sequence[Row], lists: Mapping[str, list[Cell]]) -> Distribution | dict[str, Distribution]:
    """One time, or one for each group."""
    if own[0]["group"].blank:
        return _time(own[0]["time"], own[0]["shape"], own[0]["spread"], step, lists)
    found: dict[str, Distribution] = {}
    for row in own:
        group = name(row["group"])
        row["group"].need(group not in found, f'there is a time for "{group}" already. Name each group once.')
        found[group] = _time(row["time"], row["shape"], row["spread"], step, lists)
    return found


def _time(time: Cell, shape: Cell, spread: Cell, step: str, lists: Mapping[str, list[Cell]]) -> Distribution:
    kind = _kind(time, shape, spread)
    fixed = 1 if kind is Exponential else 0 if kind is Constant else None
    if kind in {Exponential, Constant, Uniform, Triangular, Empirical}:
        spread.need(
            spread.blank or number(spread, "a spread") == fixed,
            f"this shape needs no spread; {spread.shown} came. Clear this cell, or choose log-normal.",
        )
    if kind is Empirical:
        values = [lengths(cell)[0] for cell in listed(time, lists, step)]
        time.need(values, "the column of measured times that this names is empty. Type the times there.")
        return Empirical(values)
    parts = _parts(kind, time)
    if kind in {LogNormal, Gamma, Weibull}:
        spread.need(not spread.blank, "this is blank, and this shape needs a spread. Type one; 0.7 is usual.")
        parts += (number(spread, "a spread", least=LEAST_CV, most=MOST_CV),)
    with time.blamed():
        return kind(*parts)


def _parts(kind: Callable[..., Distribution], time: Cell) -> tuple[float, ...]:
    """The lengths of time that a shape is stated by, hours."""
    parts = lengths(time, 3 if kind is Triangular else 2 if kind is Uniform else 1)
    if kind in {Uniform, Triangular}:
        rising = list(parts) == sorted(parts) and parts[0] < parts[-1]
        time.need(rising, f"the shortest time must stand first, and the longest last; {time.shown} came.")
    else:
        some_time = parts[0] > 0 or kind is Constant
        time.need(some_time, f"this shape needs a time above 0; {time.shown} came. Type one, or choose constant.")
    return parts


def _kind(time: Cell, shape: Cell, spread: Cell) -> Callable[..., Distribution]:
    """What the shape says; where it is blank, a spread makes it log-normal."""
    if not shape.blank:
        return pick(shape, SHAPES)
    time.need(not time.blank, 'this is blank. Type a length of time, such as "48 minutes".')
    shape.need(
        not spread.blank, "this is blank. Choose constant if the time never varies, or exponential if it varies much."
    )
    return LogNormal
