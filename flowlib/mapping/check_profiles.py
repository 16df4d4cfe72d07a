"""
How do visits spread over the hours, the weekdays, lengths and kinds of person, in a log and in a run alike?

A mean may be right while everything else is wrong: a rota taken as constant, a weekend
that is not in the model, slots on the wrong day. So each step has some profiles: shares
that together make 1. Two of them are as far apart as the share that would have to be
elsewhere to make one into the other (half the sum of the differences; 0 is alike, 1 has
nothing in common). Visits count that came, or left, while the log was kept.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import DAYS
from flowlib.core.checks import shown
from flowlib.mapping.check_figures import stays, waiting_until
from flowlib.mapping.visit_rows import DAY, WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from flowlib.mapping.check_figures import Eyes
    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["Profile", "Profiles", "apart", "shares_of"]

ENOUGH = 50  # visits, from which a profile says something
TENTHS = np.arange(1, 10) / 10
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"from {hour}:00 to {hour + 1}:00" for hour in range(DAY))
WEEKDAYS = tuple(f"on {name}s" for name in DAY_NAMES)
COME, LEAVE, WAIT = "hours at which people come", "hours at which people leave", "hours at which people wait"
COME_ON, LEAVE_ON = "days on which people come", "days on which people leave"
LENGTHS, WAITS, NUMBERS = "lengths of time", "lengths of wait", "numbers there"
NEXT, TIME_OF, WAIT_OF = "where kinds of people go", "time by kind of person", "wait by kind of person"


@dataclass(frozen=True)
class Profile:
    """One spread: how much (visits, hours or moments) is in each cell."""

    measure: str
    where: str
    cells: tuple[str, ...]  # in words
    counts: Floats
    people: int  # visits that it describes


@dataclass(frozen=True)
class Profiles:
    """Which profiles a log can have, with the edges of their cells, so that a run is cut up in the same way."""

    eyes: Eyes
    kinds: tuple[str, ...]  # groups that the log and the model share; none where fewer than two
    edges: dict[tuple[str, str], Floats]  # by measure and step
    known: frozenset[tuple[str, str]]  # measure and step of those that describe enough visits

    @classmethod
    def of(cls, rows: VisitRows, eyes: Eyes, groups: Sequence[str]) -> Profiles:
        """The profiles of the log with these *rows*, seen with *eyes*, beside a model with these *groups*."""
        kinds = tuple(name for name in rows.groups if name in groups)
        plain = cls(eyes, kinds if len(kinds) > 1 else (), _edges(eyes.look(rows), eyes), frozenset())
        some = [(one.measure, one.where) for one in plain.look(rows) if one.people >= ENOUGH and one.counts.sum() > 0]
        return cls(plain.eyes, plain.kinds, plain.edges, frozenset(some))

    def look(self, rows: VisitRows) -> list[Profile]:
        """The profiles of *rows*, always the same ones in the same order."""
        seen = self.eyes.look(rows)
        length, over = stays(seen)
        kind = _codes(seen.groups, self.kinds)[seen.group]
        grid = np.arange(0.5, seen.until)
        made = []
        for name in self.eyes.steps:
            here = seen.step == seen.names.index(name) if name in seen.names else np.zeros(len(seen), dtype=bool)
            made += self._of_step(name, seen.keep(here), length[here], over[here], kind[here], grid)
            if name in self.eyes.through:
                made.append(self._next(name, seen, here, kind))
        return [one for one in made if not self.known or (one.measure, one.where) in self.known]

    def _of_step(
        self, name: str, rows: VisitRows, length: Floats, over: NDArray[np.bool_], kind: NDArray[np.int64], grid: Floats
    ) -> list[Profile]:
        came, end = rows.at, rows.at + length
        new = came >= 0
        gone = over & (end >= 0) & (length > 0)
        clock = rows.week_hour(grid)
        there = _at(grid, came, np.where(np.isnan(end), rows.until, end))
        made = [
            Profile(COME, name, HOURS, _hours(rows, came[new]), int(new.sum())),
            Profile(COME_ON, name, WEEKDAYS, _weekdays(rows, came[new]), int(new.sum())),
            self._cut(NUMBERS, name, there, len(rows)),
        ]
        if name in self.eyes.through:
            made += [
                Profile(LEAVE, name, HOURS, _hours(rows, end[gone]), int(gone.sum())),
                Profile(LEAVE_ON, name, WEEKDAYS, _weekdays(rows, end[gone]), int(gone.sum())),
                self._cut(LENGTHS, name, length[new & over], int((new & over).sum())),
            ]
            made += self._by_kind(TIME_OF, name, kind[new & over], length[new & over])
        if name in self.eyes.queues:
            waited = rows.started - rows.arrived
            known = new & ~np.isnan(waited)
            waiting = _at(grid, rows.arrived, waiting_until(rows))
            by_hour = np.bincount((clock % DAY).astype(np.int64), weights=waiting, minlength=DAY)
            made += [Profile(WAIT, name, HOURS, by_hour.astype(np.float64), int(known.sum()))]
            made += [self._cut(WAITS, name, waited[known], int(known.sum()))]
            made += self._by_kind(WAIT_OF, name, kind[known], waited[known])
        return made

    def _cut(self, measure: str, name: str, values: Floats, people: int) -> Profile:
        """How many of the *values* lie between the edges that the log gave."""
        edges = self.edges[measure, name]
        unit = "there" if measure == NUMBERS else "hours"
        told = [shown(float(f"{edge:.3g}")) for edge in edges]
        cells = [f"of up to {edge} {unit}" for edge in told]
        cells = [*cells[:1], *(f"of {a} to {b} {unit}" for a, b in itertools.pairwise(told))]
        cells.append(f"of more than {told[-1]} {unit}" if told else f"of any {unit}")
        counts = np.bincount(np.searchsorted(edges, values), minlength=len(cells))
        return Profile(measure, name, tuple(cells), counts.astype(np.float64), people)

    def _by_kind(self, measure: str, name: str, kind: NDArray[np.int64], hours: Floats) -> list[Profile]:
        if not self.kinds:
            return []
        sums = np.bincount(kind, weights=hours, minlength=len(self.kinds) + 1)
        cells = (*(f"of {one}" for one in self.kinds), "of other kinds")
        return [Profile(measure, name, cells, sums.astype(np.float64), len(kind))]

    def _next(self, name: str, rows: VisitRows, here: NDArray[np.bool_], kind: NDArray[np.int64]) -> Profile:
        """Where each kind of person went, of those who have left and came while the log was kept."""
        steps = self.eyes.steps
        over = here & ~rows.here & ~rows.turned_away & ~rows.gave_up & (rows.at >= 0)
        code = np.append(_codes(rows.names, steps), len(steps))  # the last is home
        to = code[rows.onward[over]]
        size = len(steps) + 1
        counts = np.bincount(kind[over] * size + to, minlength=size * (len(self.kinds) + 1))
        ends = (*(f"to {one}" for one in steps), "home")
        whose = (*(f" ({one})" for one in self.kinds), "")
        cells = tuple(end + who for who in whose for end in ends)
        return Profile(NEXT, name, cells, counts.astype(np.float64), int(over.sum()))


def apart(shares: Floats, beside: Floats) -> Floats:
    """
    How far two rows of shares are apart: what would have to be elsewhere, 0 to 1.

    >>> float(apart(np.array([0.5, 0.5, 0.0]), np.array([0.5, 0.25, 0.25])))
    0.25
    """
    return np.asarray(np.abs(shares - beside).sum(axis=-1) / 2)


def shares_of(counts: Floats) -> Floats:
    """Counts (..., cells) as shares; all 0 where nothing was counted."""
    whole = counts.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0))


def _edges(rows: VisitRows, eyes: Eyes) -> dict[tuple[str, str], Floats]:
    """Where the cells of lengths, waits and numbers end: at the tenths of the log, half way to its next value."""
    length, over = stays(rows)
    grid = np.arange(0.5, rows.until)
    made = {}
    for name in eyes.steps:
        here = rows.step == rows.names.index(name)
        new = here & (rows.at >= 0)
        waited = (rows.started - rows.arrived)[new]
        end = np.where(np.isnan(length), rows.until, rows.at + length)[here]
        made[LENGTHS, name] = _tenths(length[new & over])
        made[WAITS, name] = _tenths(waited[~np.isnan(waited)])
        made[NUMBERS, name] = _tenths(_at(grid, rows.at[here], end))
    return made


def _tenths(values: Floats) -> Floats:
    """Half way between values, so that times in whole minutes and times as fine as you like are cut alike."""
    if not len(values):
        return np.empty(0)
    known = np.unique(values.round(6))
    ends = np.unique(np.quantile(values.round(6), TENTHS, method="inverted_cdf"))
    place = np.searchsorted(known, ends)
    place = place[place < len(known) - 1]
    return np.asarray((known[place] + known[place + 1]) / 2)


def _at(grid: Floats, since: Floats, until: Floats) -> Floats:
    """How many spans hold each moment of *grid*; those with an end that is not known hold none."""
    known = ~np.isnan(since) & ~np.isnan(until)
    begun = np.searchsorted(np.sort(since[known]), grid, side="right")
    return np.asarray(begun - np.searchsorted(np.sort(until[known]), grid, side="right"), dtype=np.float64)


def _hours(rows: VisitRows, times: Floats) -> Floats:
    return np.bincount(rows.day_hour(times).astype(np.int64) % DAY, minlength=DAY).astype(np.float64)


def _weekdays(rows: VisitRows, times: Floats) -> Floats:
    of_week = rows.week_hour(times).astype(np.int64) % WEEK
    return np.bincount(of_week // DAY, minlength=len(DAYS)).astype(np.float64)


def _codes(names: Sequence[str], known: Sequence[str]) -> NDArray[np.int64]:
    """The place of each of *names* in *known*; one past the last for those that are not in it."""
    return np.asarray([known.index(name) if name in known else len(known) for name in names], dtype=np.int64)
