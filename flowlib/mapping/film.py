"""
Who is where when, so that a log can be shown as a film?

A film is what happened between two moments: the spells of waiting, service and being
held of everybody at the steps that are shown (`flowlib.mapping.film_spells`). Times are
whole seconds since it begins.

Real people are never followed. Of their log there are counts at each full hour only,
to the nearest 5, and from 1 to 7 hidden; steps and ways of fewer than 8 people are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import moment as as_moment
from flowlib.core.privacy import FEWEST, ROUND_TO
from flowlib.mapping.film_spells import HELD, HOUR, IN_SERVICE, WAITING, Spells, clipped, spells_of, undrawn
from flowlib.mapping.places_seen import done_within
from flowlib.mapping.visit_rows import visit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.visit_rows import VisitRows

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["FEW", "MOST_SPELLS", "Film", "Seen", "filmed"]

DAY = 86_400  # seconds
MOST_SPELLS = 100_000  # a page unpacks and sorts all of them, 28 bytes each, before it shows the first
FEW = -1  # a number of real people from 1 to 7, which is not shown


@dataclass(frozen=True)
class Seen:
    """How many people are at each step at one moment; FEW where that is not shown."""

    waiting: list[int]
    in_service: list[int]
    held: list[int]
    held_for: Counter[tuple[int, int]]  # people by step and what they wait for (place in `names`, or -1)

    def waits_for(self, step: int) -> int:
        """How many wait for a step: in its queue, and held in the places before it."""
        before = sum(people for (at, wants), people in self.held_for.items() if wants == step and at != step)
        return self.waiting[step] if self.waiting[step] == FEW else self.waiting[step] + before


@dataclass(frozen=True)
class Film:
    """A log between two moments, ready to be drawn."""

    name: str
    steps: tuple[str, ...]  # those that are shown, from left to right
    names: tuple[str, ...]  # the same, then others that people wait for
    begins: pd.Timestamp
    length: int  # seconds
    shifts: tuple[tuple[int, int], ...]  # clock changes: seconds since the beginning, seconds that clocks move
    spells: Spells  # none where the people are real
    counts: Ints | None  # real people: hours by steps by (waiting, in service, held); FEW for 1 to 7
    moves: dict[tuple[int, int], int]  # between shown steps: how many people go so
    capacity: tuple[tuple[int, ...] | None, ...]  # places by hour of the week (1 or 168 numbers); None: not known
    notes: tuple[str, ...]  # what is not drawn, in sentences

    @property
    def crowd(self) -> bool:
        """Whether real people are shown as counts by the hour, and nobody is followed."""
        return self.counts is not None

    def seconds(self, moment: object) -> int:
        """
        So many seconds after the beginning is *moment*: a date and time, or hours as a number.

        Raises a `Refusal` where the film does not show that moment.
        """
        if isinstance(moment, int | float) and not isinstance(moment, bool):
            found = checks.finite("The moment", moment) * HOUR
        else:
            found = (as_moment("The moment", moment, str(self.begins.tz)) - self.begins).total_seconds()
        last = self.begins + pd.Timedelta(seconds=self.length)
        checks.need(
            0 <= found <= self.length,
            f"The film runs from {_day(self.begins)} to {_day(last)}. Name a moment in between.",
        )
        return int(found)

    def at(self, second: int) -> Seen:
        """How many people are where at one moment."""
        if self.counts is not None:
            waiting, served, held = self.counts[min(second // HOUR, len(self.counts) - 1)].T.tolist()
            return Seen(waiting, served, held, Counter())
        now = self.spells.keep(self.now(second))
        waiting, served, held = (
            np.bincount(now.step[now.state == state], minlength=len(self.steps)).tolist()
            for state in (WAITING, IN_SERVICE, HELD)
        )
        keeps = now.state == HELD
        held_for = Counter(zip(now.step[keeps].tolist(), now.wants[keeps].tolist(), strict=True))
        return Seen(waiting, served, held, held_for)

    def now(self, second: int) -> Ints:
        """The spells that hold at one moment."""
        return np.flatnonzero((self.spells.since <= second) & (self.spells.until > second))


def filmed(
    log: EventLog,
    *,
    steps: Sequence[str] | None = None,
    run: int = 0,
    start: object = None,
    days: float | None = None,
    capacity: Mapping[str, tuple[int, ...]] | None = None,
    within: Mapping[str, str] | None = None,
) -> Film:
    """
    A log as a film.

    *steps* are those to show, by default all that are no part of another; *run* is one
    run of a simulated log; *start* is a date, a time or a number of days after the log
    begins; *days* is how long the film covers, by default as much as a page can hold.
    *capacity* gives places by step; *within* says which steps are done in the place of
    another, where that is known better than the log tells.

    Raises a `Refusal` where a step or a run is not in the log, the film would lie
    outside it, or it would hold too much.

    >>> from flowlib.core import data
    >>> made = filmed(data.journey(), start="6/1/2025", days=7)
    >>> made.steps[:3], made.length // 3600
    (('Ambulance', 'Handover', 'Emergency department'), 168)
    """
    one = _one_run(log, run)
    rows = visit_rows(one)
    checks.need(len(rows), "This log has no visits, so there is nothing to show.")
    known = done_within(rows) if within is None else within
    inside = _inside({step: host for step, host in known.items() if {step, host} <= set(rows.names)})
    shown = _shown(rows, steps, inside, rare=set() if log.synthetic else _rare(rows))
    begins, length, asked = _window(one, start, days)
    zero = (begins - one.observed[0]).total_seconds()
    spells, names = spells_of(rows, shown, inside, starts_known=one.starts_known, zero=zero)
    spells = spells.keep((spells.until > 0) & (spells.since <= length))
    whole = length
    if log.synthetic:
        length = _fits(spells, length, asked=asked)
        spells = spells.keep(spells.since <= length)
    spells = clipped(spells, length)
    missed = undrawn(rows, shown, starts_known=one.starts_known, zero=zero, length=length)
    cut = [f"The film ends after {length // DAY:,} days: a page holds no more."] * (length < whole)
    places = capacity or {}
    return Film(
        name=log.name,
        steps=tuple(shown),
        names=tuple(names if log.synthetic else shown),
        begins=begins,
        length=length,
        shifts=_shifts(begins, length),
        spells=spells if log.synthetic else spells.keep(np.zeros(0, dtype=np.int64)),
        counts=None if log.synthetic else _by_hour(spells, len(shown), length),
        moves=_moves(rows, shown, inside, fewest=1 if log.synthetic else FEWEST),
        capacity=tuple(places.get(step) for step in shown),
        notes=(*cut, *_notes(one, rows, shown, inside, missed)),
    )


def _one_run(log: EventLog, run: int) -> EventLog:
    if "run" not in log.frame or log.runs == 1:
        checks.need(run == 0, f"This log has one run. Leave run out; {checks.brief(run)} came.")
        return log
    runs = sorted(log.frame["run"].unique().tolist())
    return log.only(run=int(checks.choice("run", str(run), map(str, runs))))


def _inside(direct: Mapping[str, str]) -> dict[str, str]:
    """Each step done within another, with the one whose place is kept in the end."""
    found = dict(direct)
    for _ in direct:
        found = {step: found.get(host, host) for step, host in found.items()}
    return found


def _rare(rows: VisitRows) -> set[str]:
    """Steps to which fewer real people came than may be shown."""
    return {name for code, name in enumerate(rows.names) if len(np.unique(rows.who[rows.step == code])) < FEWEST}


def _shown(rows: VisitRows, steps: Sequence[str] | None, inside: Mapping[str, str], *, rare: set[str]) -> list[str]:
    if steps is None:
        found = [name for name in rows.names if name not in inside and name not in rare]
        checks.need(found, f"No step of this log had {FEWEST} people or more, so nothing of it is shown.")
        return found
    checks.need(not isinstance(steps, str) and len(steps), 'Name the steps to show in a list, such as ["Ward"].')
    named = [checks.choice("step", step, rows.names) for step in steps]
    checks.need(len(set(named)) == len(named), "A step is named twice. Name each step once.")
    for step in named:
        checks.need(
            step not in rare,
            f'Fewer than {FEWEST} real people came to "{step}", so it is not shown. Leave it out.',
        )
        host = inside.get(step)
        checks.need(
            host not in named,
            f'"{step}" is done in a place at "{host}", which shows it already. Leave out one of the two.',
        )
    return named


def _window(log: EventLog, start: object, days: float | None) -> tuple[pd.Timestamp, int, bool]:
    """When the film begins, how many seconds it lasts at most, and whether somebody asked for that."""
    first, last = log.observed
    if start is None:
        begins = first
    elif isinstance(start, int | float) and not isinstance(start, bool):
        begins = first + pd.Timedelta(days=min(checks.at_least("start", start, 0, "days"), log.hours_observed))
    else:
        begins = as_moment("start", start, str(first.tz))
    checks.need(
        first <= begins < last,
        f"The log runs from {_day(first)} to {_day(last)}. Name a start in between.",
    )
    left = (last - begins).total_seconds()
    asked = left if days is None else checks.positive("days", days) * DAY
    return begins, int(min(left, asked)), days is not None


def _fits(spells: Spells, length: int, *, asked: bool) -> int:
    """So many seconds, or fewer where a page could not hold them."""
    if len(spells) <= MOST_SPELLS:
        return length
    fits = max((int(spells.since[MOST_SPELLS]) - 1) // DAY, 0)
    checks.need(
        fits and not asked,
        f"This film would be too much for a page. Ask for {max(fits, 1)} days or fewer, or for fewer steps.",
    )
    return fits * DAY


def _shifts(begins: pd.Timestamp, length: int) -> tuple[tuple[int, int], ...]:
    """When clocks change in the film, and by how much."""
    hours = pd.date_range(begins, periods=length // HOUR + 2, freq="h")
    ahead = (hours.tz_localize(None) - hours.tz_convert("UTC").tz_localize(None)).total_seconds().to_numpy()
    turns = np.flatnonzero(np.diff(ahead)) + 1
    return tuple((int(turn) * HOUR, int(ahead[turn] - ahead[turn - 1])) for turn in turns)


def _by_hour(spells: Spells, steps: int, length: int) -> Ints:
    """Real people at each full hour, by step and state, as may be shown."""
    hours = length // HOUR + 1
    found = np.zeros((hours + 1, steps, 3), dtype=np.int64)
    begin, end = (-(-times // HOUR) for times in (spells.since, spells.until))
    np.add.at(found, (np.minimum(begin, hours), spells.step, spells.state), 1)
    np.add.at(found, (np.minimum(end, hours), spells.step, spells.state), -1)
    people = found.cumsum(axis=0)[:hours]
    near = ROUND_TO * np.rint(people / ROUND_TO).astype(np.int64)
    return np.where((people > 0) & (people < FEWEST), FEW, near)


def _moves(
    rows: VisitRows, shown: Sequence[str], inside: Mapping[str, str], *, fewest: int
) -> dict[tuple[int, int], int]:
    """How many people go from one shown step to another, steps in between left out; *fewest* at least."""
    index = np.array([shown.index(name) if name in shown and name not in inside else -1 for name in rows.names])
    kept = index[rows.step] >= 0
    who, step = rows.who[kept], index[rows.step[kept]]
    pair = np.flatnonzero((who[1:] == who[:-1]) & (step[1:] != step[:-1]))
    ways = np.unique(np.stack([step[pair], step[pair + 1], who[pair]], axis=1), axis=0)
    counted = Counter(zip(ways[:, 0].tolist(), ways[:, 1].tolist(), strict=True))
    return {way: people for way, people in counted.items() if people >= fewest}


def _notes(
    log: EventLog, rows: VisitRows, shown: Sequence[str], inside: Mapping[str, str], undrawn: tuple[int, int]
) -> tuple[str, ...]:
    """What the film leaves out or takes for granted."""
    said = []
    hidden = [name for name in rows.names if name not in shown and inside.get(name) not in shown]
    if not log.starts_known:
        said.append("The log does not say when service began, so nobody is shown as waiting.")
    if log.synthetic:
        if hidden:
            said.append(f"Not shown: {', '.join(hidden)}.")
        for visits, why in zip(undrawn, ("were turned away", "took no time or have one time only"), strict=True):
            if visits:
                said.append(f"Visits that {why} are not drawn: {visits:,}.")
    else:
        said.append("These are real people: each dot is about 5 of them, once an hour, and nobody is followed.")
        said.append(f"Numbers from 1 to {FEWEST - 1} are hidden, and others are to the nearest {ROUND_TO}.")
        if hidden:
            said.append("Some steps are not shown.")
    if rows.here.any():
        said.append("People who are still there on the last day stay to the end of the film.")
    return tuple(said)


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"
