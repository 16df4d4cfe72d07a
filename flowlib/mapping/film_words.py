"""
What does a film say in words at one moment?

One or two short sentences: for which steps most people wait, and where most places are
held by people who are ready to go on. The page says the same while the film runs
(`flowlib/show/web/animation.js`), and a test holds the two to the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.privacy import FEWEST
from flowlib.mapping.film import FEW

if TYPE_CHECKING:
    from flowlib.mapping.film import Film

__all__ = ["caption", "clock"]

MOST_NAMED = 2  # steps that are waited for, in one sentence


def clock(film: Film, second: int) -> str:
    """
    The time on the wall, such as "Tuesday 6 January, 14:00".

    >>> from flowlib.core import data
    >>> from flowlib.mapping.film import filmed
    >>> clock(filmed(data.journey(), days=2), 38 * 3600)
    'Tuesday 7 January, 14:00'
    """
    at = film.begins + pd.Timedelta(seconds=second)
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"


def caption(film: Film, second: int) -> str:
    """
    The moment in one or two sentences.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.film import filmed
    >>> caption(filmed(data.journey(), days=2), 0)
    'Monday 6 January, 00:00: nobody waits.'
    """
    seen = film.at(second)
    waits = [(seen.waits_for(step), film.steps[step]) for step in range(len(film.steps))]
    most = sorted((one for one in waits if one[0]), key=lambda one: -_size(one[0]))[:MOST_NAMED]
    said = f"{clock(film, second)}: {_waits(film, most)}"
    held = max(range(len(film.steps)), key=lambda step: _size(seen.held[step]))
    return f"{said} {_held(film, seen.held[held], film.steps[held])}" if seen.held[held] else said


def _waits(film: Film, most: list[tuple[int, str]]) -> str:
    if not most:
        return "nobody waits."
    first, *others = most
    verb = "waits" if first[0] == 1 else "wait"
    return (
        f"{_people(film, first[0])} {verb} for {first[1]}"
        + "".join(f" and {_people(film, people)} for {step}" for people, step in others)
        + "."
    )


def _held(film: Film, places: int, step: str) -> str:
    if places == 1:
        return f"1 place in {step} is held by a person who is ready to go on."
    number = _people(film, places)
    return f"{number[0].upper()}{number[1:]} places in {step} are held by people who are ready to go on."


def _people(film: Film, people: int) -> str:
    if people == FEW:
        return "a few"
    return f"about {people:,}" if film.crowd else f"{people:,}"


def _size(people: int) -> float:
    """A number for putting in order; one that is hidden stands in the middle of what it may be."""
    return FEWEST / 2 if people == FEW else people
