"""
Whose luck is it? Every random number has a name, so that luck belongs to the person.

A person is a place in a stream of arrivals. A draw is named by seed, run, stream,
step, purpose and visit, and its k-th value is person k's. So the same person has the
same luck in every scenario and engine, and an added step, stream or person changes
nobody else's.

A stream is drawn in bands of rate: up to 1/1024 an hour, from there to 2/1024, and
so on, doubling. A busier scenario reaches into more bands and so adds people; a
quieter one leaves some out by their own draw; those who come in both are the same.

Numbers are SplitMix64's (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014), begun
from a digest of the name: its k-th value is found without the ones before it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.parts import AlreadyHere, Arrivals, Step
    from flowlib.core.pathway import Pathway
    from flowlib.core.variation import Distribution

__all__ = [
    "Fate",
    "Luck",
    "People",
    "Phase",
    "Stream",
    "arrivals",
    "begun",
    "blocks",
    "mixed",
    "offsets",
    "phases",
    "remaining",
    "step_names",
]

LOWEST_BAND = -10  # the first band is 0 to 2 ** -10 people an hour
BAND_BITS = 40  # a person's number in a band takes no more than this

GAMMA = np.uint64(0x9E3779B97F4A7C15)
BLOCK = 16_384  # numbers worked on at a time: so many stay near the processor
SPARE = 6.0  # standard deviations by which the guess at how many come errs on the long side


def mixed(states: NDArray[np.uint64]) -> NDArray[np.float64]:
    """SplitMix64's numbers from 0 to below 1 for these states, which are used up."""
    from flowlib.simulation import loops  # noqa: PLC0415 - numba is heavy, so only when something is drawn

    made = np.empty(len(states))
    loops.mix(states, made)
    return made


def blocks(n: int) -> Iterator[slice]:
    """The places 0 to *n* - 1, in runs that stay near the processor."""
    for begins in range(0, n, BLOCK):
        yield slice(begins, min(begins + BLOCK, n))


def offsets(index: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """How far from a name's first state its numbers of these *index* stand."""
    return (index + np.uint64(1)) * GAMMA


class Luck:
    """Uniform random numbers by name, for one seed and run."""

    def __init__(self, seed: int, run: int) -> None:
        """Take the seed of the experiment and the number of the run, both 0 or more."""
        self.seed, self.run = seed, run

    def key(self, *name: object) -> np.uint64:
        """Where the numbers of that name begin: always the same for the same seed, run and name."""
        digest = hashlib.blake2b(repr((self.seed, self.run, *name)).encode(), digest_size=8).digest()
        return np.uint64(int.from_bytes(digest, "big"))

    def uniforms(self, n: int, *name: object, begins: int = 0) -> NDArray[np.float64]:
        """*n* numbers from 0 to below 1 of that name, from place *begins* on; they do not depend on n."""
        return mixed(self.key(*name) + offsets(np.arange(begins, begins + n, dtype=np.uint64)))


@dataclass(frozen=True)
class Phase:
    """A pathway, and from when it holds."""

    pathway: Pathway
    begins: float  # hours after clock zero; it ends where the next begins


def phases(pathway: Pathway, changes: Sequence[tuple[float, Pathway]] = ()) -> tuple[Phase, ...]:
    """A pathway and what it changes into, in order of time."""
    return (Phase(pathway, 0.0), *(Phase(later, begins) for begins, later in changes))


@dataclass(frozen=True)
class Stream:
    """Where people of one kind come from: a stream of arrivals, or those already there."""

    name: str
    step: str
    group: str
    state: str = ""  # of those already there


@dataclass(frozen=True)
class People:
    """Everyone in one run: those already there in the order of their list, then those who arrive in order of time."""

    streams: tuple[Stream, ...]
    time: NDArray[np.float64]  # hours after clock zero; below it for those already there
    stream: NDArray[np.int64]  # place in `streams`
    index: NDArray[np.uint64]  # place among the numbers of a name: band of rate within the stream, then place in it
    here: tuple[AlreadyHere, ...] = ()  # the first people

    def __len__(self) -> int:
        return len(self.time)

    @property
    def band(self) -> NDArray[np.int64]:
        """Each person's band of rate within the stream."""
        return (self.index >> np.uint64(BAND_BITS)).astype(np.int64)

    @property
    def number(self) -> NDArray[np.int64]:
        """Each person's place in the band, from 0."""
        return (self.index & np.uint64((1 << BAND_BITS) - 1)).astype(np.int64)

    def ids(self, people: NDArray[np.int64]) -> NDArray[np.object_]:
        """Names of these people, the same in every scenario: stream, band and number."""
        parts = (self.stream[people].tolist(), self.band[people].tolist(), self.number[people].tolist())
        made = np.empty(len(people), dtype=object)
        made[:] = [f"{stream}.{band}.{number}" for stream, band, number in zip(*parts, strict=True)]
        return made


def arrivals(course: Sequence[Phase], luck: Luck, *, until: float, here: Sequence[AlreadyHere] = ()) -> People:
    """
    Everyone who arrives before *until* (hours), by a Poisson process with the stated rates or as replayed.

    Those who come at one instant stand in the order of the steps, then of the streams.
    """
    from flowlib.simulation import loops  # noqa: PLC0415 - numba is heavy, so only when something is drawn

    named = _streams(course)
    old, (places, counts) = _here_streams(here)
    new = [_described(course, name) for name in named]
    steps = step_names(course)
    in_order = sorted(range(len(new)), key=lambda i: steps.index(new[i].step))
    runs = [(i, *run) for i in in_order for run in _stream(new[i].name, named[new[i].name], course, luck, until)]
    time = np.concatenate([np.zeros(0), *(times for _, times, _ in runs)])
    index = np.concatenate([np.zeros(0, dtype=np.uint64), *(places for _, _, places in runs)])
    lengths = [len(times) for _, times, _ in runs]
    order = loops.order(time, np.cumsum([0, *lengths]))
    stream = np.repeat(np.asarray([i for i, _, _ in runs], dtype=np.int64), lengths)
    index, stream = index[order], stream[order] if len(new) > 1 else stream
    if here:
        time = np.concatenate([[-one.since for one in here], time])
        stream = np.concatenate([places + len(new), stream])
        index = np.concatenate([counts.astype(np.uint64), index])
    return People((*new, *old), time, stream, index, tuple(here))


def _streams(course: Sequence[Phase]) -> dict[str, list[Arrivals | None]]:
    """What each stream is called, and what it is in each phase."""
    found: dict[str, list[Arrivals | None]] = {}
    for i, phase in enumerate(course):
        for j, stream in enumerate(phase.pathway.arrivals):
            found.setdefault(_name(phase.pathway, j), [None] * len(course))[i] = stream
    return found


def _name(pathway: Pathway, place: int) -> str:
    """A stream's name: where to and which group, and which of several such; not its place in the list."""
    this = pathway.arrivals[place]
    earlier = sum(s.step == this.step and s.group == this.group for s in pathway.arrivals[:place])
    return f"{this.step} / {this.group} / {earlier}"


def _described(course: Sequence[Phase], name: str) -> Stream:
    one = next(stream for stream in _streams(course)[name] if stream is not None)
    return Stream(name, one.step, one.group)


def step_names(course: Sequence[Phase]) -> tuple[str, ...]:
    """Every step of a course, in order: those of the first pathway, then those that later ones add."""
    return tuple(dict.fromkeys(name for phase in course for name in phase.pathway.step_names))


def _here_streams(here: Sequence[AlreadyHere]) -> tuple[list[Stream], NDArray[np.int64]]:
    """A stream for each step, group and state of those already there; and each one's stream and place in it."""
    found: dict[tuple[str, str, str], int] = {}
    counts: dict[int, int] = {}
    places = []
    for one in here:
        stream = found.setdefault((one.step, one.group, one.state), len(found))
        counts[stream] = counts.get(stream, -1) + 1
        places.append((stream, counts[stream]))
    streams = [Stream(f"already here / {s} / {g} / {state}", s, g, state) for s, g, state in found]
    return streams, np.asarray(places, dtype=np.int64).reshape(-1, 2).T


def _stream(
    name: str, by_phase: list[Arrivals | None], course: Sequence[Phase], luck: Luck, until: float
) -> list[tuple[NDArray[np.float64], NDArray[np.uint64]]]:
    """Moments and places of one stream, band by band; replayed moments are a band of their own before the others."""
    ends = [*(phase.begins for phase in course[1:]), math.inf]
    given: dict[int, float] = {}
    rates: list[NDArray[np.float64] | None] = []
    for stream, phase, end in zip(by_phase, course, ends, strict=True):
        replayed = stream is not None and stream.times is not None
        rates.append(None if stream is None or replayed else np.asarray(stream.by_hour, dtype=float))
        if stream is not None and stream.times is not None:
            listed = {k: t for k, t in enumerate(stream.times) if phase.begins <= t < min(end, until)}
            known = max((*given, *listed), default=-1) + 1  # another list's people have numbers of their own
            given |= {k + known * (k in given): t for k, t in listed.items()}
    highest = max((float(hours.max()) for hours in rates if hours is not None), default=0.0)
    parts = [(np.asarray(list(given.values()), dtype=float), np.asarray(list(given), dtype=np.uint64))]
    for place, (low, high) in enumerate(_bands(highest), 1):
        times, numbers = _band(rates, ends, low, high, name, luck, until)
        parts.append((times, numbers + np.uint64(place << BAND_BITS)))
    return parts


def _bands(highest: float) -> list[tuple[float, float]]:
    bands, low, power = [], 0.0, LOWEST_BAND
    while low < highest:
        bands.append((low, 2.0**power))
        low, power = 2.0**power, power + 1
    return bands


def _band(
    rates: Sequence[NDArray[np.float64] | None],
    ends: Sequence[float],
    low: float,
    high: float,
    name: str,
    luck: Luck,
    until: float,
) -> tuple[NDArray[np.float64], NDArray[np.uint64]]:
    """The people of one band: points at its full rate, kept where the stated rate reaches their level."""
    time = _points(high - low, until, luck, "arrive", name, low)
    kept, before = np.zeros(len(time), dtype=bool), 0
    level = None
    for hours, end in zip(rates, ends, strict=True):
        after = len(time) if end >= until else int(np.searchsorted(time, end))
        here, before = slice(before, after), after
        if hours is None or float(hours.max()) <= low:
            continue
        if float(hours.min()) >= high:
            kept[here] = True
            continue
        if level is None:
            level = low + (high - low) * luck.uniforms(len(time), "level", name, low)
        if hours.min() == hours.max():
            kept[here] = level[here] < hours[0]
        else:
            kept[here] = level[here] < hours[time[here].astype(np.int64) % len(hours)]
    if kept.all():
        return time, np.arange(len(time), dtype=np.uint64)
    return time[kept], np.flatnonzero(kept).astype(np.uint64)


def _points(rate: float, until: float, luck: Luck, *name: object) -> NDArray[np.float64]:
    """Moments of a Poisson process with so many an hour, to before *until*; they begin alike however far they go."""
    expected = until * rate
    size = min(int(expected + SPARE * math.sqrt(expected)) + 16, BLOCK)
    made: list[NDArray[np.float64]] = []
    last, begins = 0.0, 0
    while last < until:
        gaps = luck.uniforms(size, *name, begins=begins)
        np.log1p(np.negative(gaps, out=gaps), out=gaps)
        gaps /= -rate
        gaps[0] += last
        made.append(np.cumsum(gaps, out=gaps))
        last, begins = float(gaps[-1]), begins + size
    made[-1] = made[-1][: int(np.searchsorted(made[-1], until))]
    return np.concatenate(made)


def remaining(kind: Distribution, luck: NDArray[np.float64], since: NDArray[np.float64]) -> NDArray[np.float64]:
    """The whole time, hours, of those for whom it has lasted *since* already; never less than that."""
    gone = kind.cdf(since)
    whole = kind.ppf(gone + luck * (1 - gone))
    return np.where(np.isfinite(whole), np.maximum(whole, since), since)


class Fate:
    """Every person's draws, looked up one by one: for engines that go person by person."""

    def __init__(self, people: People, luck: Luck) -> None:
        self.people, self.luck = people, luck
        self._rank = np.zeros(len(people), dtype=np.int64)  # each one's place among those of their stream
        self._members = [np.flatnonzero(people.stream == i) for i in range(len(people.streams))]
        for members in self._members:
            self._rank[members] = np.arange(len(members))
        self._known: dict[tuple[object, ...], list[float]] = {}

    def group(self, person: int) -> str:
        """What kind of person this is."""
        return self.people.streams[int(self.people.stream[person])].group

    def number(self, person: int, step: str, purpose: str, visit: int) -> float:
        """The person's own number from 0 to below 1 for this step, purpose and visit (from 0)."""
        return self._column(person, (step, purpose, visit), None)

    def length(self, person: int, step: Step, purpose: str, visit: int) -> float:
        """
        How long the step takes this person ("time"), or until they give up ("patience"); hours.

        Of those already there it is the whole, from when it began, given how long it has lasted.
        """
        return self._column(person, (step.name, purpose, visit), step)

    def _column(self, person: int, what: tuple[str, str, int], timed: Step | None) -> float:
        i = int(self.people.stream[person])
        key = (i, *what, id(timed))
        if key not in self._known:
            members, stream = self._members[i], self.people.streams[i]
            numbers = mixed(self.luck.key(stream.name, *what) + offsets(self.people.index[members]))
            if timed is not None:
                kind = timed.patience if what[1] == "patience" else timed.time_for(stream.group)
                assert kind is not None  # noqa: S101 - nobody asks how patient the endlessly patient are
                if what[2] == 0 and begun(stream, *what[:2]):
                    numbers = remaining(kind, numbers, -self.people.time[members])
                else:
                    numbers = kind.ppf(numbers)
            self._known[key] = numbers.tolist()
        return self._known[key][int(self._rank[person])]


def begun(stream: Stream, step: str, purpose: str) -> bool:
    """Whether people of *stream* had begun this wait or service before clock zero."""
    return step == stream.step and stream.state == {"time": "in_service", "patience": "waiting"}.get(purpose)
