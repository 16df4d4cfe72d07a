"""
Where does everything in a film stand?

A step is a card: its name, its waiting line, its places, and what people wait for who
hold a place. Cards stand from left to right as on the map (`flowlib.show.map_layout`). A card is
as tall as its fullest moment needs, so nothing jumps. Everything is in pixels, from the top left.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.mapping.film_spells import HELD, WAITING
from flowlib.show.map_layout import lay_out
from flowlib.show.map_parts import Box

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from flowlib.mapping.film import Film

__all__ = ["EACH", "Card", "Layout", "Region", "held_in_lines", "laid_out"]

WIDTH, PAD, GAP = 164, 10, 28
NAME_LINE, LINE = 18, 16
LETTERS = 18  # of a name on one line of a card
HELD_LETTERS = 23  # of what held people wait for, on one line in smaller type
HELD_NAMED, HELD_LINES = 2, 2  # what held people wait for: so many names, in so many lines each at most
MOST_COLUMNS = 6  # beside each other; more would make the words too small to read
PITCHES = (15, 12, 10, 8)  # from one dot to the next
TALLEST = 300  # of a block of places
QUEUE_ROWS = 6  # at most; the others in the line are said in words
EACH = 5  # real people to a dot
SELDOM = 0.02  # of those who go on from a step: ways that fewer take are not drawn


@dataclass(frozen=True)
class Region:
    """Room for dots in rows: the middle of the first, from one to the next, dots a row, and how many fit."""

    x: float
    y: float
    per_row: int
    most: int

    def spot(self, number: int, pitch: float) -> tuple[float, float]:
        """The middle of one dot, counted from 0."""
        return self.x + number % self.per_row * pitch, self.y + number // self.per_row * pitch


@dataclass(frozen=True)
class Card:
    """One step, as it is drawn."""

    x: float
    y: float
    width: float
    height: float
    name: list[str]  # in lines
    label: str  # what stands in place of a number of places; empty where there is one
    capacity: list[int] | None  # by hour of the week: 1 or 168 numbers
    queue_text: float | None  # y of the words; None where nobody ever waits
    queue: Region | None
    more_text: float | None  # y of how many wait for whom there is no dot
    places_text: float | None
    places: Region | None
    held_text: float | None
    held_lines: int  # below it, for what held people wait for


@dataclass(frozen=True)
class Layout:
    """All of a film's picture that stands still."""

    width: float
    height: float
    pitch: float
    cards: list[Card]
    links: list[dict[str, Any]]  # from, to, points

    def packed(self) -> dict[str, Any]:
        """As plain lists and dictionaries."""
        return asdict(self)


@dataclass(frozen=True)
class _Need:
    """How many dots a step needs room for, and how many rows they make."""

    queue: int
    places: int
    held: int  # lines for what held people wait for; 0 where nobody is ever held
    name: list[str]
    label: str

    def rows(self, pitch: float) -> tuple[int, int]:
        """Rows of the waiting line and of the places."""
        per_row = _per_row(pitch)
        queue = min(math.ceil(self.queue / per_row), QUEUE_ROWS)
        return queue, min(math.ceil(self.places / per_row), int(TALLEST // pitch))

    def overflows(self, pitch: float) -> bool:
        """Whether some who wait have no dot."""
        return self.queue > self.rows(pitch)[0] * _per_row(pitch)

    def height(self, pitch: float) -> float:
        """Of the whole card."""
        queue, places = self.rows(pitch)
        tall: float = 2 * PAD + NAME_LINE * len(self.name)
        tall += (LINE + queue * pitch + 6) * bool(queue) + LINE * self.overflows(pitch)
        tall += (LINE + places * pitch + 4) * bool(places)
        return tall + LINE * bool(self.label and not places) + LINE * (self.held + 1) * bool(self.held)


def laid_out(film: Film, *, labels: Mapping[str, str] | None = None) -> Layout:
    """
    A place for every step and every dot of *film*; *labels* say in words what no number of places says.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.film import filmed
    >>> made = laid_out(filmed(data.journey(), days=7))
    >>> len(made.cards), made.cards[0].x < made.cards[2].x
    (8, True)
    """
    needs = [_need(film, step, (labels or {}).get(name, "")) for step, name in enumerate(film.steps)]
    tallest = max(need.places for need in needs)
    pitch = next((p for p in PITCHES if math.ceil(tallest / _per_row(p)) * p <= TALLEST), PITCHES[-1])
    boxes = {name: Box(WIDTH, need.height(pitch)) for name, need in zip(film.steps, needs, strict=True)}
    links = _links(film)
    moves = {(film.steps[a], film.steps[b]): float(people) for (a, b), people in links.items()}
    # Where nothing tells who follows whom, steps stand as they are named.
    flow = moves or dict.fromkeys(zip(film.steps, film.steps[1:], strict=False), 1.0)
    made = lay_out(film.steps, moves, boxes, flow=flow, most_columns=MOST_COLUMNS, gap=GAP)
    cards = [
        _card(*made.places[name].edges[:2], need, pitch, film.capacity[step])
        for step, (name, need) in enumerate(zip(film.steps, needs, strict=True))
    ]
    drawn = [
        {
            "from": a,
            "to": b,
            "points": [list(map(float, point)) for point in made.routes[film.steps[a], film.steps[b]].points],
        }
        for a, b in links
    ]
    return Layout(float(made.width), float(made.height), float(pitch), cards, drawn)


def held_in_lines(words: str) -> list[str]:
    """
    How many held people wait for what, in lines that fit a card.

    >>> held_in_lines("19: Getting ready to go home")
    ['19: Getting ready to go', 'home']
    """
    return textwrap.wrap(words, HELD_LETTERS)[:HELD_LINES]


def _per_row(pitch: float) -> int:
    return int((WIDTH - 2 * PAD) // pitch)


def _need(film: Film, step: int, label: str) -> _Need:
    queue, places, held = _peaks(film, step)
    capacity = film.capacity[step]
    if capacity is not None:
        places = max(places, math.ceil(max(capacity) / (EACH if film.crowd else 1)))
    name = textwrap.wrap(film.steps[step], LETTERS) or [""]
    return _Need(queue, places, held, name[:3], label)


def _peaks(film: Film, step: int) -> tuple[int, int, int]:
    """The most dots in the waiting line and in the places of a step, and lines for what held people wait for."""
    if film.counts is not None:
        here = np.ceil(np.abs(film.counts[:, step]) / EACH).astype(int)
        return int(here[:, 0].max()), int(here[:, 1:].sum(axis=1).max()), HELD_NAMED * bool(here[:, 2].any())
    spells = film.spells
    mine = spells.step == step
    lined = (mine & (spells.state == WAITING)) | (~mine & (spells.wants == step))
    return (
        _most(spells.since[lined], spells.until[lined]),
        int(spells.place[mine].max(initial=-1)) + 1,
        _held_lines(film, spells.wants[mine & (spells.state == HELD)]),
    )


def _held_lines(film: Film, wants: NDArray[np.int64]) -> int:
    """Lines for the longest names of what held people wait for: at least so many as ever stand there."""
    names = [film.names[want] if want >= 0 else "what comes next" for want in np.unique(wants).tolist()]
    lines = sorted((len(held_in_lines(f"000: {name}")) for name in names), reverse=True)
    return max(sum(lines[:HELD_NAMED]), HELD_NAMED) if names else 0


def _most(since: NDArray[np.int64], until: NDArray[np.int64]) -> int:
    """The most that are there at once."""
    times = np.concatenate([until, since])  # at one second those who go make room first
    change = np.repeat([-1, 1], len(since))
    order = np.argsort(times, kind="stable")
    return int(change[order].cumsum().max(initial=0))


def _links(film: Film) -> dict[tuple[int, int], int]:
    """Ways that people take between steps, without those that few take."""
    onward: dict[int, int] = {}
    for (step, _), people in film.moves.items():
        onward[step] = onward.get(step, 0) + people
    return {pair: people for pair, people in film.moves.items() if people >= SELDOM * onward[pair[0]]}


def _card(x: float, y: float, need: _Need, pitch: float, capacity: tuple[int, ...] | None) -> Card:
    queue, places = need.rows(pitch)
    per_row = _per_row(pitch)
    left = x + PAD + (WIDTH - 2 * PAD - (per_row - 1) * pitch) / 2
    at = y + PAD + NAME_LINE * len(need.name)
    line: Region | None = None
    block: Region | None = None
    queue_text = places_text = None
    if queue:
        queue_text, line = at + LINE / 2, Region(left, at + LINE + pitch / 2, per_row, queue * per_row)
        at += LINE + queue * pitch + 6
    more_text = at + LINE / 2 - 3 if need.overflows(pitch) else None
    at += LINE * need.overflows(pitch)
    if places or need.label:
        places_text = at + LINE / 2
        at += LINE
    if places:
        block = Region(left, at + pitch / 2, per_row, places * per_row)
        at += places * pitch + 4
    return Card(
        x=float(x),
        y=float(y),
        width=WIDTH,
        height=need.height(pitch),
        name=need.name,
        label=need.label,
        capacity=None if capacity is None else list(capacity),
        queue_text=queue_text,
        queue=line,
        more_text=more_text,
        places_text=places_text,
        places=block,
        held_text=at + LINE / 2 if need.held else None,
        held_lines=need.held,
    )
