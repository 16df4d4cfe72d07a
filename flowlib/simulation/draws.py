"""
Whose luck is it? Every random number has a name, so that luck belongs to the person.

A person is a place in a stream of arrivals. A draw is named by seed, run, stream,
step, purpose and visit, and its k-th value is person k's. So the same person has the
same luck in every scenario and engine, and an added step, stream or person changes
nobody else's.

A stream is drawn in bands of rate: up to 1/1024 an hour, from there to 2/1024, and
so on, doubling. A busier scenario reaches into more bands and so adds people; a
quieter one leaves some out by their own draw; those who come in both are the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.pathway import Arrivals, Pathway

__all__ = ["Luck", "People", "arrivals"]

LOWEST_BAND = -10  # the first band is 0 to 2 ** -10 people an hour
BLOCK = 512  # numbers drawn at a time, so that a longer run repeats a shorter one exactly


class Luck:
    """Uniform random numbers by name, for one seed and run."""

    def __init__(self, seed: int, run: int) -> None:
        """Take the seed of the experiment and the number of the run, both 0 or more."""
        self.seed, self.run = seed, run
        self._known: dict[tuple[object, ...], NDArray[np.float64]] = {}

    def generator(self, *name: object) -> np.random.Generator:
        """The generator of that name: always the same numbers for the same seed, run and name."""
        digest = hashlib.blake2b(repr(name).encode(), digest_size=16).digest()
        words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4)]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, self.run, *words])))

    def uniforms(self, n: int, *name: object) -> NDArray[np.float64]:
        """The first *n* numbers from 0 to 1 of that name; the first k do not depend on n."""
        have = self._known.get(name)
        if have is None or len(have) < n:
            have = self._known[name] = self.generator(*name).random(n)
        return have[:n]


@dataclass(frozen=True)
class People:
    """Everyone who arrives in one run, in order of time."""

    time: NDArray[np.float64]  # hours after clock zero
    stream: NDArray[np.int64]  # place in `pathway.arrivals`
    band: NDArray[np.int64]  # band of rate within the stream
    number: NDArray[np.int64]  # place in the band, from 0


def arrivals(pathway: Pathway, luck: Luck, *, until: float) -> People:
    """Everyone who arrives before *until* (hours), by a Poisson process with the stated rates or as replayed."""
    parts = [_stream(stream, _name(pathway, i), luck, until) for i, stream in enumerate(pathway.arrivals)]
    time = np.concatenate([part[0] for part in parts])
    band = np.concatenate([part[1] for part in parts])
    number = np.concatenate([part[2] for part in parts])
    stream = np.concatenate([np.full(len(part[0]), i) for i, part in enumerate(parts)])
    order = np.lexsort((number, band, stream, time))
    return People(time[order], stream[order], band[order], number[order])


def stream_names(pathway: Pathway) -> list[str]:
    """What each stream of arrivals is called when luck is drawn."""
    return [_name(pathway, i) for i in range(len(pathway.arrivals))]


def _name(pathway: Pathway, place: int) -> str:
    """A stream's name: where to and which group, and which of several such; not its place in the list."""
    this = pathway.arrivals[place]
    earlier = sum(s.step == this.step and s.group == this.group for s in pathway.arrivals[:place])
    return f"{this.step} / {this.group} / {earlier}"


def _stream(
    stream: Arrivals, name: str, luck: Luck, until: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    if stream.times is not None:
        times = np.asarray([t for t in stream.times if t < until], dtype=float)
        return times, np.zeros(len(times), dtype=np.int64), np.arange(len(times))
    rates = np.asarray(stream.by_hour)
    found = [_band(rates, low, high, name, luck, until) for low, high in _bands(float(rates.max()))]
    moments = [np.empty(0), *(times for times, _ in found)]
    numbers = [np.empty(0, dtype=np.int64), *(number for _, number in found)]
    bands = [np.full(len(times), band - 1) for band, times in enumerate(moments)]
    return np.concatenate(moments), np.concatenate(bands), np.concatenate(numbers)


def _bands(highest: float) -> list[tuple[float, float]]:
    bands, low, power = [], 0.0, LOWEST_BAND
    while low < highest:
        bands.append((low, 2.0**power))
        low, power = 2.0**power, power + 1
    return bands


def _band(
    rates: NDArray[np.float64], low: float, high: float, name: str, luck: Luck, until: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The people of one band: points at its full rate, kept where the stated rate reaches their level."""
    when, level = luck.generator("arrive", name, low), luck.generator("level", name, low)
    times, levels, last = [], [], 0.0
    while last < until:
        block = last + np.cumsum(-np.log1p(-when.random(BLOCK))) / (high - low)
        times.append(block)
        levels.append(low + (high - low) * level.random(BLOCK))
        last = float(block[-1])
    time, height = np.concatenate(times), np.concatenate(levels)
    hour = time.astype(np.int64) % len(rates)
    kept = np.flatnonzero((time < until) & (height < rates[hour]))
    return time[kept], kept
