"""
How does a list with one row a person, and a column for each moment, become visits?

Such a list names *milestones*, in order: arrival, triage, seen, departure. Between two
milestones lies a step, named for both: "arrival to triage". A step is

* a *wait*, which the second milestone ends: it was joined at the first, and began and ended at the second;
* *care*, which begins at the first milestone and ends at the second;
* or neither is said: it was joined at the first and ended at the second.

Where a milestone is blank and a later one is not, its time was not recorded, and the
steps beside it have no time at that end. A milestone that only some people pass is
skipped in place of that: "seen to departure" for those whom nobody decided to admit. After a
person's last milestone comes one open step, towards the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import alarms, checks, headings, timing, twice
from flowlib.core.time_columns import time_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.progress import Progress
    from flowlib.core.quality import Findings
    from flowlib.core.time_columns import TimeColumn

__all__ = ["SORTS", "TIME_OF", "Milestone", "as_milestones", "roles", "step_name", "turned"]

TIME_OF = "the time of "
SLIP = "a time is over 12 hours before an earlier one, so its date may be of the day before. "
SORTS = ("wait", "care", None)


@dataclass(frozen=True)
class Milestone:
    """
    One moment of a journey that has a column of its own.

    >>> Milestone("dta_dt", "decision", then="wait", sometimes=True).name
    'decision'
    """

    column: str
    name: str = ""  # as it stands in the names of steps; by default the column's
    then: str | None = None  # what the step after it is: "wait", "care", or not said
    sometimes: bool = False  # whether only some people pass it
    clock: str = ""  # the column of its clock time, where `column` holds only its date

    def __post_init__(self) -> None:
        """Name it for its column where it has no name."""
        object.__setattr__(self, "name", " ".join((self.name or self.column).split()))
        checks.need(
            self.then in SORTS, f'then must be "wait", "care" or None for milestone "{self.name}"; {self.then} came.'
        )


def as_milestones(given: Iterable[Milestone | str]) -> tuple[Milestone, ...]:
    """Milestones, of which a column's name alone is one; refused where they cannot make steps."""
    made = tuple(one if isinstance(one, Milestone) else Milestone(str(one)) for one in given)
    checks.need(len(made) > 1, "Name at least two milestones, in the order in which people pass them.")
    for what, names in (("column", [one.column for one in made]), ("name", [one.name for one in made])):
        twice = sorted({name for name in names if names.count(name) > 1})
        told = checks.listed(twice) if not any(map(headings.shows_who, twice)) else "one"
        checks.need(not twice, f"Each milestone needs a {what} of its own; {told} came twice.")
    return made


def roles(milestones: Iterable[Milestone]) -> dict[str, str]:
    """The columns of milestones, by what they are."""
    return {f"{TIME_OF}{one.name}": one.column for one in milestones}


def step_name(first: Milestone, second: Milestone) -> str:
    """The name of the step between two milestones."""
    return f"{first.name} to {second.name}"


def turned(
    made: pd.DataFrame,
    raw: pd.DataFrame,
    milestones: Sequence[Milestone],
    timezone: str,
    found: Findings,
    progress: Progress | None = None,
    *,
    midnight: str = "set_aside",
    whose: pd.Series | None = None,
) -> pd.DataFrame:
    """
    A row a visit in place of a row a person; *found* then speaks of visits, by the rows of the file.

    *whose* is a number for each row's person, where one person can have several rows with ids of their own.
    """
    read = []
    for done, one in enumerate(milestones, start=1):
        read.append(time_column(raw[f"{TIME_OF}{one.name}"], one.column, timezone, found))
        if progress is not None:
            progress.making(0.8 * done / len(milestones))
    filled = np.column_stack([column.times.notna().to_numpy() for column in read])
    named = checks.listed(one.column for one in milestones)
    checks.need(filled.any(), f"No time is filled in: {named} are blank in every row. Name other milestones.")
    some = np.logical_or.reduce(filled, axis=1)
    found.set_aside(np.logical_not(some), "no time in any of the named columns.")
    slips = timing.mend_all(read, found, midnight)
    found.set_aside(slips, f"{SLIP}{timing.HOW_TO_MOVE}")
    alarms.of_columns(read, made["group"], found)
    alarms.of_list(read, made["group"], found)
    if whose is not None:
        twice.tell_of_list(read, whose.to_numpy(), made["group"], found)
    parts = [
        _visits(made, np.flatnonzero(which), read, (first, second), milestones)
        for first, second, which in _between(filled, milestones)
    ]
    long = pd.concat([part for part in parts if len(part)], ignore_index=True)
    long = long.sort_values(["row", "first"], kind="stable", ignore_index=True)
    found.take(long["row"].to_numpy())
    _set_aside(long, read, found)
    return long.drop(columns=["row", "first", "second"])


def _between(
    filled: NDArray[np.bool_], milestones: Sequence[Milestone]
) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
    """Each pair of milestones with a step between them, and the rows that have that step."""
    count = len(milestones)
    last = np.where(filled.any(axis=1), count - 1 - filled[:, ::-1].argmax(axis=1), -1)
    for first in range(count - 1):
        for second in range(first + 1, count):
            between = range(first + 1, second)
            if not all(milestones[k].sometimes for k in between):
                break
            skipped = ~filled[:, list(between)].any(axis=1)
            begins = filled[:, first] | (not milestones[first].sometimes)
            ended = filled[:, second] & begins & skipped
            lost = ~filled[:, second] & filled[:, first] & skipped & (last > second)
            still = (last == first) & (second == first + 1)
            yield first, second, (ended | (lost & (not milestones[second].sometimes)) | still) & (last >= 0)


def _visits(
    made: pd.DataFrame,
    rows: NDArray[np.int64],
    read: Sequence[TimeColumn],
    pair: tuple[int, int],
    milestones: Sequence[Milestone],
) -> pd.DataFrame:
    """The visits to one step."""
    first, second = pair
    begin, end = (read[place].times.iloc[rows].reset_index(drop=True) for place in pair)
    none = pd.Series(pd.NaT, index=begin.index, dtype=begin.dtype)
    started = {"wait": end, "care": begin, None: none}[milestones[first].then]
    visits = made.iloc[rows].reset_index(drop=True)
    visits["step"] = pd.Series(step_name(milestones[first], milestones[second]), index=visits.index, dtype="str")
    visits["arrived"], visits["started"], visits["finished"], visits["left"] = begin, started, end, none
    visits["row"], visits["first"], visits["second"] = rows, first, second
    return visits


def _set_aside(long: pd.DataFrame, read: Sequence[TimeColumn], found: Findings) -> None:
    """Set aside visits that end before they begin; the row's other visits stay."""
    wrong = (long["finished"] < long["arrived"]).to_numpy() & ~found.aside
    for first, second in sorted(set(zip(long["first"][wrong], long["second"][wrong], strict=True))):
        here = wrong & ((long["first"] == first) & (long["second"] == second)).to_numpy()
        names = f'"{read[second].name}" is before "{read[first].name}"'
        found.set_aside(here, f"{names}, so the step between them is left out. Check the times.")
