"""
How far do people walk to do the work (a spaghetti diagram)?

Places have positions in metres, as on a plan of the floor, and a walk is the places that
somebody went to, in order: watch the work, and write down each place [1]. Distances are
straight from place to place, or along corridors at right angles; walls in between make
the true way longer. A place may be moved on paper first, to see what that would save.

Source: [1] NHS England and NHS Improvement, "Spaghetti diagram", Online library of Quality,
Service Improvement and Redesign tools (scribd.com/document/433439804).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import choice, finite, need, shown
from flowlib.core.pathway_cells import name, number
from flowlib.core.pathway_sheets import Column, Sheet
from flowlib.mapping.lean_tables import OWN_NOTES, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Walk", "places_from_table", "walk"]

WAYS = ("straight", "corridors")
FAR = 10_000  # metres from the corner of the plan: more is a slip
PLACES = Sheet(
    "places",
    "One row for each place on the plan.",
    (
        Column("place", "What you call it.", required=True, also=("name",)),
        Column("x", "Metres from the left of the plan.", required=True),
        Column("y", "Metres from the bottom of the plan.", required=True),
        OWN_NOTES,
    ),
)


@dataclass(frozen=True)
class Walk:
    """One walk over a floor."""

    places: Mapping[str, tuple[float, float]]  # metres from the left and from the bottom of the plan
    route: tuple[str, ...]  # the places in the order in which somebody came to them
    along: str = "straight"  # or "corridors": at right angles

    @property
    def metres(self) -> float:
        """How far it is in all."""
        return sum(self._apart(first, second) for first, second in self._legs)

    @property
    def back_and_forth(self) -> int:
        """How often somebody went to a place and straight back."""
        return sum(
            first == third != second
            for first, second, third in zip(self.route, self.route[1:], self.route[2:], strict=False)
        )

    def pairs(self) -> pd.DataFrame:
        """Each pair of places walked between: `first, second, times` (each way), `metres_each, metres`, most first."""
        counts: dict[tuple[str, str], int] = {}
        for leg in self._legs:
            pair = leg if leg in counts or leg[::-1] not in counts else leg[::-1]
            counts[pair] = counts.get(pair, 0) + 1
        rows = [(*pair, times, self._apart(*pair), times * self._apart(*pair)) for pair, times in counts.items()]
        made = pd.DataFrame(rows, columns=["first", "second", "times", "metres_each", "metres"])
        return made.sort_values("metres", ascending=False, kind="stable", ignore_index=True)

    def moved(self, place: str, x: float, y: float) -> Walk:
        """
        The same walk with one place somewhere else.

        >>> walk(["desk", "store", "desk"], {"desk": (0, 0), "store": (30, 40)}).moved("store", 3, 4).metres
        10.0
        """
        choice("place", place, self.places, where="on this plan")
        return replace(self, places={**self.places, place: _position(place, (x, y))})

    def sentence(self) -> str:
        """The finding in plain words."""
        if not self.metres:
            return "Nobody walks on this walk: all its places are one."
        most = self.pairs().iloc[0]
        times = "once" if most["times"] == 1 else f"{most['times']} times"
        part = f"{_metres(most['metres'])} are between {most['first']} and {most['second']}, walked {times}"
        return f"This walk is {_metres(self.metres)} long. Of these, {part}."

    def change_sentence(self, then: Walk) -> str:
        """What another plan would save, in plain words."""
        saved = self.metres - then.metres
        if abs(saved) < 0.5:  # noqa: PLR2004 - metres, shown without decimals
            return f"The walk stays as long: {_metres(self.metres)}."
        way = f"{_metres(abs(saved))} {'shorter' if saved > 0 else 'longer'}"
        return f"The walk would be {_metres(then.metres)} in place of {_metres(self.metres)}: {way}."

    @property
    def _legs(self) -> list[tuple[str, str]]:
        """From place to place; staying where one is is no leg."""
        return [(a, b) for a, b in zip(self.route, self.route[1:], strict=False) if a != b]

    def _apart(self, first: str, second: str) -> float:
        (x1, y1), (x2, y2) = self.places[first], self.places[second]
        return abs(x2 - x1) + abs(y2 - y1) if self.along == "corridors" else math.hypot(x2 - x1, y2 - y1)


def walk(
    route: Sequence[str],
    places: Mapping[str, tuple[float, float]] | pd.DataFrame | str | Path,
    *,
    along: str = "straight",
) -> Walk:
    """
    The walk along *route*, names of *places* in order; positions are metres from the left and bottom of the plan.

    *places* is a mapping, a frame or a workbook (`places_from_table`). *along* is
    "straight", or "corridors" for ways at right angles. Refused: a route with a place
    that is not on the plan, or of fewer than 2 places.

    >>> walk(["desk", "store", "desk"], {"desk": (0, 0), "store": (30, 40)}).metres
    100.0
    """
    known = places_from_table(places) if isinstance(places, (pd.DataFrame, str, Path)) else places
    at = {str(place): _position(str(place), where) for place, where in dict(known).items()}
    need(not isinstance(route, str), f'A route must be a list of places; "{route}" came.')
    went = tuple(choice("place", place, at, where="on this plan") for place in route)
    need(len(went) > 1, f"A route needs at least 2 places; {len(went)} came.")
    return Walk(at, went, choice("way to walk", along, WAYS))


def places_from_table(table: pd.DataFrame | str | Path, *, sheet: str | None = None) -> dict[str, tuple[float, float]]:
    """
    Places from a frame or a workbook: columns `place`, `x`, `y` (metres) and, if you wish, `notes`.

    Raises a `Refusal` with the row and column of what is wrong.

    >>> places_from_table(pd.DataFrame({"place": ["desk"], "x": [3], "y": ["4.5"]}))
    {'desk': (3.0, 4.5)}
    """
    found: dict[str, tuple[float, float]] = {}
    for line in lines(table, PLACES, sheet=sheet):
        place = name(line["place"])
        line["place"].need(place not in found, f'there is a place called "{place}" already. Give it another name.')
        for axis in ("x", "y"):
            line[axis].need(not line[axis].blank, "this is blank. Type a number of metres.")
        x, y = (float(number(line[axis], "a number of metres", least=-FAR, most=FAR)) for axis in ("x", "y"))
        found[place] = (x, y)
    return found


def _position(place: str, where: object) -> tuple[float, float]:
    pair = isinstance(where, (tuple, list)) and len(where) == 2  # noqa: PLR2004 - left and bottom
    need(pair, f'The position of "{place}" must be two numbers of metres, such as (3, 4.5).')
    x, y = (finite(f'The position of "{place}"', one) for one in where)  # type: ignore[attr-defined]
    need(max(abs(x), abs(y)) <= FAR, f'"{place}" must be within {FAR:,} metres of the corner of the plan.')
    return x, y


def _metres(number: float) -> str:
    return f"{shown(round(number))} {'metre' if round(number) == 1 else 'metres'}"
