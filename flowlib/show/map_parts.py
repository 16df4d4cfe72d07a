"""
What are the parts of a laid-out map?

Boxes for steps, places for boxes, and routes for the lines between them, in pixels from
the top left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["BACK", "BESIDE", "ONWARD", "Box", "MapLayout", "Node", "Pair", "Place", "Point", "Route", "Spot"]

ONWARD, BACK, BESIDE = "onward", "back", "beside"  # beside: from one step of a column to another

Point = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """How much room a step needs: the box, and what stands over and under it."""

    width: float
    height: float
    over: float = 0.0
    under: float = 0.0


@dataclass(frozen=True)
class Place:
    """Where the middle of a box is, with its size."""

    x: float
    y: float
    box: Box

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the box alone."""
        half, tall = self.box.width / 2, self.box.height / 2
        return self.x - half, self.y - tall, self.x + half, self.y + tall

    @property
    def room(self) -> tuple[float, float, float, float]:
        """The same with what stands over and under it."""
        left, top, right, bottom = self.edges
        return left, top - self.box.over, right, bottom + self.box.under


class Spot(NamedTuple):
    """Where words may stand: on a *level* piece of line they stand over it; a *long* piece has room for a wide line."""

    x: float
    y: float
    level: bool
    long: bool = False


@dataclass(frozen=True)
class Route:
    """A line from step to step: `points` in order, its `kind`, and where words may stand on it, best first."""

    points: tuple[Point, ...]
    kind: str
    middles: tuple[Spot, ...]


@dataclass(frozen=True)
class MapLayout:
    """A laid-out map."""

    places: dict[str, Place]
    routes: dict[Pair, Route]  # without moves from a step to itself
    width: float
    height: float
    lanes: dict[str, tuple[float, float]] = field(default_factory=dict)  # top and bottom of each


@dataclass
class Node:
    """A step, or the place where a line passes a column."""

    column: int
    box: Box
    step: str = ""
    lane: int = 0
    y: float = 0.0

    @property
    def up(self) -> float:
        """Room from the middle up."""
        return self.box.height / 2 + self.box.over

    @property
    def down(self) -> float:
        """Room from the middle down."""
        return self.box.height / 2 + self.box.under
