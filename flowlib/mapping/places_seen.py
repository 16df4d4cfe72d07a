"""
How many places does a step have, as far as a log can tell?

Somebody holds a place from starting until leaving. A step is full when people wait for
it; if the number who hold a place is then nearly always the same, and it was never
higher, that number is its places. If it is the same at each hour of the day, it is a
rota. Otherwise the log does not say, and nothing is guessed. Moments are weighed by how
long they last, so that many short ones do not outvote a long one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import DAYS, Rota, Slots
from flowlib.core.privacy import FEWEST
from flowlib.mapping.leaving_seen import SLIP, WAITED, hold_of
from flowlib.mapping.visit_rows import DAY, WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from flowlib.mapping.leaving_seen import Leaving
    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["Places", "done_within", "levels", "places_seen"]

SURE = 0.9  # share of the time that people wait in which the step holds as many as it ever does
ROTA_SURE = 0.85  # the same by hour of the day: after a rota falls, people stay until they are through
OVER = 0.02  # of the time, or of the places, that may be slips of the clock
MINUTES = 60
MOST_SLOTS = 50  # moments of a week


@dataclass(frozen=True)
class Places:
    """What a log says about the places at a step."""

    capacity: int | Rota | Slots | None  # None: the log does not say
    most: int  # the highest number ever in place
    waited: int  # visits that waited for it
    queue_limit: int  # how many waited in its queue when people were kept out of it, or the most that ever did
    blocked: int  # visits that kept their place in the step before meanwhile
    sure: float  # share (0 to 1) of the time that people waited in which it was full; NaN where nobody waited
    why: str  # in plain words


@dataclass(frozen=True)
class _Seen:
    """How many held a place and how many waited, from each moment on at which that changed."""

    moments: Floats  # hours
    lasting: Floats  # hours until the next
    held: NDArray[np.int64]
    queue: NDArray[np.int64]
    blocked: NDArray[np.int64]

    def queue_limit(self) -> int:
        """
        How many wait when others are kept out; without such, the most who ever wait.

        A queue of varying length while people are kept out has no places of its own: those
        in it came from outside, and wait at the door in the same line.
        """
        time = self.lasting * (self.blocked > 0)
        if not time.any():
            return int(self.queue.max(initial=0))
        by_length = np.bincount(self.queue, weights=time) / time.sum()
        return int(by_length.argmax()) if by_length.max() >= SURE else 0


def places_seen(
    rows: VisitRows, step: str, *, since: float = 0.0, leaving: Mapping[str, Leaving] | None = None
) -> Places:
    """
    The places of *step*, from who held one and who waited; from *since* (hours) on.

    *leaving* are the leaving hours of other steps: who is through there at other hours
    waits for these, and not for this step.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
    >>> places_seen(visit_rows(simulate(clinic, days=30, seed=1)), "nurse").capacity
    3
    """
    code = rows.names.index(step)
    mine = (rows.step == code) & ~rows.turned_away
    begun = mine & ~np.isnan(rows.started)
    queued = mine & ~np.isnan(rows.arrived) & ~(rows.gave_up & np.isnan(rows.left))
    left = np.where(np.isnan(rows.left), np.where(rows.here, rows.until, rows.finished), rows.left)
    end_of_wait = np.where(np.isnan(rows.started), np.where(rows.gave_up, rows.left, rows.until), rows.started)
    kept_until = np.fmin(left, _next_begins(rows))  # what is done within the step before begins earlier
    ready = rows.finished + hold_of(rows, leaving or {})
    blocked = ~np.isnan(ready) & (rows.onward == code) & (kept_until - ready > WAITED) & (rows.step != code)
    parts = [blocked & (rows.step == before) for before in np.unique(rows.step[blocked])]
    pairs = [(rows.started[begun], np.fmax(left, rows.started)[begun]), (rows.arrived[queued], end_of_wait[queued])]
    pairs += [(ready[part], kept_until[part]) for part in parts]
    moments, counts = levels(pairs, rows)
    hour = rows.day_hour(moments)
    for level, part in zip(counts[2:], parts, strict=True):
        hours = (leaving or {}).get(rows.names[rows.step[part][0]])
        if hours is not None:
            level[~hours.open_at(hour)] = 0
    lasting = np.diff(np.append(moments, rows.until))
    counted = (moments >= since) & (lasting > 0)
    seen = _Seen(
        moments[counted], lasting[counted], counts[0][counted], counts[1][counted], counts[2:, counted].sum(axis=0)
    )
    waits = int((queued & (end_of_wait - rows.arrived > WAITED)).sum()) + int(blocked.sum())
    known = int(seen.held.max(initial=0)), waits, seen.queue_limit(), int(blocked.sum())
    return _judged(seen, known, rows, rows.started[begun])


def _judged(seen: _Seen, known: tuple[int, int, int, int], rows: VisitRows, starts: Floats) -> Places:
    """Slots, a number, a rota, or none of these."""
    most, waits, *_ = known
    waiting = seen.lasting * (seen.queue + seen.blocked > 0)
    if waits < FEWEST or waiting.sum() <= 0:
        why = "Hardly anybody waited, so the log does not say how many places there are."
        return Places(None, *known, float("nan"), why)
    slots = _slots(starts, rows) if most == 0 else None
    if slots is not None:
        why = f"All began at {len(slots.starts)} moments of the week."
        return Places(slots, *known, 1.0, why)
    if not most:
        why = "Nobody holds a place for any time, so the log does not say how many there are."
        return Places(None, *known, float("nan"), why)
    full = seen.held >= most - int(OVER * most)
    sure = float(waiting[full].sum() / waiting.sum())
    if sure >= SURE:
        return Places(most, *known, sure, f"It was full for {100 * sure:.0f} in 100 of the time that people waited.")
    rota, sure_by_hour = _rota(seen, waiting, rows)
    if sure_by_hour >= ROTA_SURE:
        told = f"By hour of the day, it was full for {100 * sure_by_hour:.0f} in 100 of the time that people waited."
        return Places(rota, *known, sure_by_hour, told)
    return Places(None, *known, sure, f"It was full for only {100 * sure:.0f} in 100 of the time that people waited.")


def done_within(rows: VisitRows) -> dict[str, str]:
    """
    Steps that are done while the place in the step before is kept: each with that step.

    Nearly all who come to it come from that step, are there before they leave it, and
    leave both at once, or leave this one first.
    """
    pair = np.flatnonzero(rows.who[1:] == rows.who[:-1])
    first, second = pair, pair + 1
    left = np.where(np.isnan(rows.left), np.where(rows.here, np.inf, rows.finished), rows.left)
    lasts = left[second] - rows.at[second] > WAITED
    inside = (left[second] <= left[first] + SLIP) & (rows.at[second] < left[first] - SLIP)
    inside |= rows.here[first] & rows.here[second]
    found = {}
    for code, name in enumerate(rows.names):
        coming = (rows.step[second] == code) & (rows.step[first] != code)
        if coming.sum() < max(FEWEST, SURE * (rows.step == code).sum()):
            continue
        before = int(np.bincount(rows.step[first[coming]]).argmax())
        which = coming & (rows.step[first] == before)
        long = which & lasts
        if which.sum() >= SURE * coming.sum() and long.sum() >= FEWEST and inside[long].mean() >= SURE:
            found[name] = rows.names[before]
    return {name: before for name, before in found.items() if found.get(before) != name}


def _next_begins(rows: VisitRows) -> Floats:
    """When each person's next visit begins, hours; NaN where there is none."""
    made = np.full(len(rows), np.nan)
    same = np.flatnonzero(rows.who[1:] == rows.who[:-1])
    made[same] = rows.at[same + 1]
    return made


def levels(pairs: list[tuple[Floats, Floats]], rows: VisitRows) -> tuple[Floats, NDArray[np.int64]]:
    """
    Every moment at which something changes, and how many of each kind have begun and not ended after it.

    *pairs* are begins and ends, hours; the moments take in every full hour of the clock,
    so that no stretch is of two hours of the day.
    """
    cut = [(np.clip(a, 0, rows.until), np.clip(b, 0, rows.until)) for a, b in pairs]
    to_hour = float(-rows.week_hour(np.zeros(1))[0] % 1)
    hours = np.append(0.0, np.arange(to_hour, rows.until))
    moments = np.unique(np.concatenate([hours, *(end for pair in cut for end in pair)]))
    moments = moments[~np.isnan(moments)]
    counts = [
        np.searchsorted(np.sort(a), moments, side="right") - np.searchsorted(np.sort(b), moments, side="right")
        for a, b in cut
    ]
    return moments, np.asarray(counts)


def _rota(seen: _Seen, waiting: Floats, rows: VisitRows) -> tuple[Rota | None, float]:
    """The number in place by hour of the day while people waited, and the share of that time when it was so."""
    hour = rows.day_hour(seen.moments + seen.lasting / 2).astype(np.int64)
    levels = int(seen.held.max()) + 1
    time = np.bincount(hour * levels + seen.held, weights=waiting, minlength=DAY * levels).reshape(DAY, levels)
    usual = time.argmax(axis=1)
    some = time.sum(axis=1) > 0
    sure = float(time[np.arange(DAY), usual].sum() / time.sum())
    highest = np.zeros(DAY, dtype=np.int64)
    np.maximum.at(highest, hour, seen.held)
    if (usual[some] == 0).any() or len(set(usual[some])) == 1:
        return None, 0.0  # people waited where nobody was served, or it is no rota: places do not explain it
    return Rota(by_hour=tuple(int(n) for n in np.where(some, usual, highest))), sure


def _slots(starts: Floats, rows: VisitRows) -> Slots | None:
    """The moments of the week at which those who waited began, and how many at once; None where there are many."""
    which, first, at_once = np.unique(np.round(starts * MINUTES), return_index=True, return_counts=True)
    minute = np.round(rows.week_hour(starts[first]) * MINUTES).astype(np.int64) % (WEEK * MINUTES)
    of_week = np.unique(minute)
    if not len(starts) or len(of_week) > MOST_SLOTS or len(which) < 2 * len(of_week):
        return None
    places = np.zeros(len(of_week), dtype=np.int64)
    np.maximum.at(places, np.searchsorted(of_week, minute), at_once)
    named = [(f"{DAYS[m // (DAY * MINUTES)]} {m // MINUTES % DAY:02d}:{m % MINUTES:02d}", int(n))
             for m, n in zip(of_week.tolist(), places, strict=True)]  # fmt: skip
    return Slots(tuple(named))
