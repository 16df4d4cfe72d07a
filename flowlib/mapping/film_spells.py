"""
Which spells of waiting, service and being held make up the visits of a log?

Each visit becomes up to three spells: waiting, in service, and held (the service is over
and the place is kept). A step that is done within another, such as waiting in a ward bed
for Home First, is no place of its own: it says what people held in that place wait for.

Times are whole seconds since the film begins. A spell holds from `since` until just
before `until`. What is not recorded is treated as in `EventLog.census`: a visit without
an end lasts to the last time known for it, and one without a start that is over was
no wait that anybody can tell. People still there stay on without end.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.mapping.visit_rows import VisitRows

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["HELD", "HOUR", "IN_SERVICE", "WAITING", "Spells", "clipped", "spells_of", "undrawn"]

WAITING, IN_SERVICE, HELD = 0, 1, 2
HOUR = 3_600  # seconds
ENDLESS = 1e12  # seconds: far beyond any film
LOOK_BACK = 20  # visits before a step within another at which its place may have been taken


@dataclass(frozen=True)
class Spells:
    """Who is where in which state; arrays have one entry a spell, earlier ones first."""

    who: Ints  # a number for each person, in no order that tells anything
    step: Ints  # place in `Film.steps`
    state: Ints  # WAITING, IN_SERVICE or HELD
    since: Ints  # seconds
    until: Ints  # seconds
    wants: Ints  # what a held person waits for: a place in `Film.names`; -1 to leave, or nobody knows
    place: Ints  # which place of the step is taken, from 0; -1 while waiting

    def __len__(self) -> int:
        return len(self.who)

    def keep(self, which: NDArray[np.bool_] | Ints) -> Spells:
        """These spells only."""
        return Spells(*(column[which] for column in self.columns))

    @property
    def columns(self) -> tuple[Ints, ...]:
        """All columns, in the order above."""
        return (self.who, self.step, self.state, self.since, self.until, self.wants, self.place)


def spells_of(
    rows: VisitRows, shown: Sequence[str], inside: Mapping[str, str], *, starts_known: bool, zero: float
) -> tuple[Spells, list[str]]:
    """
    The spells at *shown* steps, and the names of all that people wait for.

    *inside* gives steps done within another, each with that one; *zero* is when the
    film begins, in seconds since the log does.
    """
    names = [*shown, *(name for name in rows.names if name not in shown)]
    code = np.array([names.index(name) for name in rows.names])
    step, times = code[rows.step], _times(rows, starts_known=starts_known)
    begins, began, done, ends = times
    onward = np.where(rows.onward >= 0, code[rows.onward], -1)
    drawn = (step < len(shown)) & ~rows.turned_away
    place = _all_places(np.where(drawn & (ends > began), step, -1), began, ends)
    host = _hosts(
        rows, step, {names.index(one): names.index(at) for one, at in inside.items()}, len(shown), begins, ends
    )
    first = np.full(len(rows), np.inf)  # when what is done within each visit begins
    np.minimum.at(first, host[host >= 0], begins[host >= 0])
    visits, within = np.flatnonzero(drawn), np.flatnonzero(host >= 0)
    over, out = done[host[within]], _until_next(within, host, begins, ends)
    pieces = [
        (visits, visits, WAITING, begins[visits], began[visits], onward),
        (visits, visits, IN_SERVICE, began[visits], done[visits], onward),
        (visits, visits, HELD, done[visits], np.minimum(ends, np.maximum(first, done))[visits], onward),
        (within, host[within], HELD, np.maximum(begins[within], over), np.minimum(done[within], out), step),
        (within, host[within], HELD, np.maximum(done[within], over), out, onward),
    ]
    columns = [
        (rows.who[own], step[at], np.full(len(own), state), since, until, wants[own], place[at])
        for own, at, state, since, until, wants in pieces
    ]
    return _in_order(*(np.concatenate(column) for column in zip(*columns, strict=True)), zero=zero), names


def _in_order(
    who: Ints, step: Ints, state: Ints, since: Floats, until: Floats, wants: Ints, place: Ints, *, zero: float
) -> Spells:
    """Spells in whole seconds of the film, earlier ones first, without those that last no time."""
    begin, end = _seconds(since, zero), _seconds(until, zero)
    wants, place = np.where(state == HELD, wants, -1), np.where(state == WAITING, -1, place)
    order = np.argsort(begin, kind="stable")
    return Spells(who, step, state, begin, end, wants, place).keep(order[end[order] > begin[order]])


def _times(rows: VisitRows, *, starts_known: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """When each visit begins, is begun with, is done and ends, hours; as the census has it."""
    last = np.fmax.reduce([rows.at, rows.arrived, rows.started, rows.finished, rows.left])
    ends = np.where(np.isnan(rows.finished), last, rows.finished)
    ends = np.where(np.isnan(rows.left), np.where(rows.here, np.inf, ends), rows.left)
    waited = (rows.gave_up | rows.here) if starts_known else np.zeros(len(rows), dtype=bool)
    began = np.where(np.isnan(rows.started), np.where(waited, ends, rows.at), rows.started)
    if not starts_known:
        began = rows.at
    began = np.clip(began, rows.at, ends)
    done = np.clip(np.where(np.isnan(rows.finished), ends, rows.finished), began, ends)
    return rows.at, began, done, ends


def _hosts(rows: VisitRows, step: Ints, inside: Mapping[int, int], shown: int, begins: Floats, ends: Floats) -> Ints:
    """For each visit within one at a shown step, the visit whose place is kept meanwhile; -1 where there is none."""
    host = np.full(len(rows), -1)
    wanted = np.array([inside.get(code, -1) for code in range(len(rows.names))])[step]
    part = (wanted >= 0) & (wanted < shown) & ~rows.turned_away
    for back in range(1, LOOK_BACK + 1):
        later = np.flatnonzero(part[back:] & (host[back:] < 0)) + back
        before = later - back
        fits = (rows.who[before] == rows.who[later]) & (step[before] == wanted[later])
        fits &= (begins[before] <= begins[later]) & (ends[before] >= ends[later] - 1 / HOUR)
        host[later[fits]] = before[fits]
    return host


def _until_next(within: Ints, host: Ints, begins: Floats, ends: Floats) -> Floats:
    """For each visit *within* another: when that other ends, or the next within it begins."""
    out = ends[host[within]]
    again = np.flatnonzero(host[within[1:]] == host[within[:-1]])
    out[again] = np.minimum(out[again], begins[within[again + 1]])
    return out


def _all_places(step: Ints, began: Floats, ends: Floats) -> Ints:
    """For each visit the place that it takes at its *step*; -1 for visits of step -1."""
    found = np.full(len(step), -1)
    for one in np.unique(step[step >= 0]):
        mine = np.flatnonzero(step == one)
        found[mine] = _places(began[mine], ends[mine])
    return found


def _places(began: Floats, ends: Floats) -> Ints:
    """A place for each stay, the lowest that is free, so that nobody shares one."""
    found = np.zeros(len(began), dtype=np.int64)
    free: list[int] = []
    taken: list[tuple[float, int]] = []
    used = 0
    for stay in np.argsort(began, kind="stable").tolist():
        while taken and taken[0][0] <= began[stay]:
            heapq.heappush(free, heapq.heappop(taken)[1])
        if not free:
            heapq.heappush(free, used)
            used += 1
        found[stay] = heapq.heappop(free)
        heapq.heappush(taken, (float(ends[stay]), int(found[stay])))
    return found


def _seconds(hours: Floats, zero: float) -> Ints:
    """Whole seconds since the film begins; endless ones are far beyond any film."""
    return np.floor(np.minimum(hours * HOUR, ENDLESS) - zero + 1e-6).astype(np.int64)


def clipped(spells: Spells, length: int) -> Spells:
    """The same with times from 0 to just after the end, and people numbered anew."""
    who = np.unique(spells.who, return_inverse=True)[1]
    since, until = np.maximum(spells.since, 0), np.minimum(spells.until, length + 1)
    return Spells(who, spells.step, spells.state, since, until, spells.wants, spells.place)


def undrawn(rows: VisitRows, shown: Sequence[str], *, starts_known: bool, zero: float, length: int) -> tuple[int, int]:
    """Visits at *shown* steps in the film that were turned away, and others that lasted no time."""
    begins, _, _, ends = (_seconds(times, zero) for times in _times(rows, starts_known=starts_known))
    here = np.isin(rows.step, [rows.names.index(name) for name in shown]) & (begins >= 0) & (begins <= length)
    return int((here & rows.turned_away).sum()), int((here & ~rows.turned_away & (ends <= begins)).sum())
