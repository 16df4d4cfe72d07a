"""
What is drawn of a map: boxes, lines with arrows, discs where journeys begin, squares where they end?

A `Sheet` takes a layout and what is to be said, and gives an Altair chart. All is placed
in pixels, and words stand where they cover no box and no other words. The chart of a map
with other numbers has the same specification, so that a picture on screen stays still.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.show import theme
from flowlib.show.lettering import in_lines, text_width
from flowlib.show.map_parts import BACK, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.show.map_parts import MapLayout, Pair, Place, Point, Spot

__all__ = ["BOX_WIDTH", "Look", "Sheet", "Words", "box", "length", "meet", "wrapped"]

BOX_WIDTH = 134.0
NAME_SIZE, WORD_SIZE = 17, 16  # pixels of type, read from the last row on a shared screen
NAME_LINE, WORD_LINE = 20, 19  # from line to line
TOUCHED = 3.0  # points of other lines under words, from which the words are left out
MOST_LINES = 3  # of a name
DASHES = {"no": [1, 0], "yes": [6, 4]}  # pixels of line and of gap
STRIP = 22.0  # over or under a box, for discs and squares
LOOP = 23.0  # under a box, for the arc of a move from the step to itself
DAY = 24.0  # hours
A_MINUTE = 1 / 60
PALE, PALER = "#f9d5a7", "#fdeedb"  # behind dark words; their contrast with INK is above 10


@dataclass(frozen=True)
class Words:
    """What stands in a box, over it and under it."""

    name: str
    details: tuple[str, ...] = ()
    begin: str = ""
    end: str = ""
    again: str = ""  # on the arc of a move from the step to itself


@dataclass(frozen=True)
class Look:
    """How a box or a line is drawn."""

    colour: str = theme.BLUE
    width: float = 2.0
    dashed: bool | None = None  # None: only a line that goes back
    fill: str = "white"


def length(hours: float) -> str:
    """
    Hours as a person says them.

    >>> length(0.5), length(30), length(72)
    ('30 min', '30.0 h', '3.0 days')
    """
    if hours < 1:
        return f"{60 * hours:.0f} min"
    return f"{hours:.1f} h" if hours < 2 * DAY else f"{hours / DAY:.1f} days"


def box(words: Words, *, again: bool = False) -> Box:
    """The room that a step with these words needs; *again* leaves room for an arc under it."""
    lines = len(wrapped(words.name))
    height = 14 + NAME_LINE * lines + WORD_LINE * len(words.details)
    under = STRIP if words.end else 0.0
    return Box(BOX_WIDTH, height, STRIP if words.begin else 0.0, max(under, LOOP if again else 0.0))


class Sheet:
    """A map being drawn on *layout*."""

    def __init__(self, layout: MapLayout) -> None:
        """Nothing is drawn yet."""
        self.layout = layout
        self._lines: list[dict[str, Any]] = []
        self._heads: list[dict[str, Any]] = []
        self._boxes: list[dict[str, Any]] = []
        self._words: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []
        self._wanted: list[tuple[float, Pair, tuple[str, ...]]] = []
        self._way: dict[Pair, int] = {}
        self._width: dict[Pair, float] = {}
        self.labels: list[tuple[float, float, float, float]] = []  # where words on lines stand

    def box(self, words: Words, look: Look) -> None:
        """The box of a step, with all that is said of it."""
        place = self.layout.places[words.name]
        left, top, right, bottom = place.edges
        self._boxes.append(
            {
                "x": left, "y": top, "x2": right, "y2": bottom, "fill": look.fill, "stroke": look.colour,
                "width": look.width, "dash": _dash(dashed=bool(look.dashed)),
            }
        )  # fmt: skip
        lines = wrapped(words.name)
        tall = NAME_LINE * len(lines) + WORD_LINE * len(words.details)
        y = place.y - tall / 2 + NAME_LINE / 2
        for line in lines:
            self._say(place.x, y, line, "name")
            y += NAME_LINE
        for line in words.details:
            self._say(place.x, y, line, "detail")
            y += WORD_LINE
        if words.begin:
            self._mark(left + 6, top - 10, "circle")
            self._say(left + 15, top - 10, words.begin, "left")
        if words.end:
            self._mark(right - 6, bottom + 10, "square")
            self._say(right - 15, bottom + 10, _that_fits(words), "right")
        if words.again:
            self._again(place, words.again)

    def line(
        self,
        pair: Pair,
        *,
        width: float,
        text: tuple[str, ...] = (),
        look: Look | None = None,
        people: float = 0.0,
    ) -> None:
        """The line of a move; *text* stands on it where there is room, for the most *people* first."""
        look, route = look or Look(theme.GREY), self.layout.routes[pair]
        (x0, _), (x1, y1) = route.points[-2:]
        size = (2.2 * width + 5) ** 2
        deep = 0.866 * math.sqrt(size) * (1 if x1 < x0 else -1)  # of the arrow's head
        self._way[pair], self._width[pair] = len(self._heads), width
        self._path(
            [*route.points[:-1], (x1 + deep * 0.8, y1)],
            width,
            look,
            dashed=route.kind == BACK if look.dashed is None else look.dashed,
        )
        self._head(x1 + deep / 2, y1, "triangle-left" if deep > 0 else "triangle-right", size, look.colour)
        if text:
            self._wanted.append((people, pair, text))

    def chart(self, *under: Any) -> Any:  # noqa: ANN401 - Altair's layer
        """All of it, over the layers *under*."""
        import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

        for _, pair, text in sorted(self._wanted, key=lambda one: -one[0]):
            self._label(pair, text)
        self._wanted = []
        x, y = self.scales()
        places = {"x": x, "y": y}
        dash = alt.StrokeDash("dash:N", legend=None, scale=alt.Scale(domain=list(DASHES), range=list(DASHES.values())))
        stroke, fill = alt.Stroke("stroke:N", scale=None), alt.Fill("fill:N", scale=None)
        shape, size = alt.Shape("shape:N", scale=None), alt.Size("size:Q", scale=None)
        width = alt.StrokeWidth("width:Q", scale=None)
        paths = {**places, "detail": "way:N", "order": "order:Q", "size": alt.Size("width:Q", scale=None)}
        lines = alt.Chart(pd.DataFrame(self._lines)).mark_line(opacity=0.8)
        heads = alt.Chart(pd.DataFrame(self._heads)).mark_point(opacity=1, strokeWidth=0)
        boxes = alt.Chart(pd.DataFrame(self._boxes))
        marks = alt.Chart(pd.DataFrame(self._marks)).mark_point(size=70, filled=True, color=theme.INK, opacity=1)
        layers = [
            *under,
            lines.encode(**paths, stroke=stroke, strokeDash=dash),
            heads.encode(**places, shape=shape, size=size, fill=fill),
            *(
                boxes.transform_filter(f"datum.dash == '{dashed}'")
                .mark_rect(cornerRadius=7, strokeDash=dashes)
                .encode(**places, x2="x2:Q", y2="y2:Q", fill=fill, stroke=stroke, strokeWidth=width)
                for dashed, dashes in DASHES.items()
            ),
            marks.encode(**places, shape=shape),
            *self._texts(),
        ]
        return alt.layer(*layers).properties(width=self.layout.width, height=self.layout.height)

    def scales(self) -> tuple[Any, Any]:
        """The pixels as Altair's x and y."""
        import altair as alt  # noqa: PLC0415 - as above

        x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, self.layout.width], nice=False, zero=False))
        y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[self.layout.height, 0], nice=False, zero=False))
        return x, y

    def _texts(self) -> list[Any]:
        import altair as alt  # noqa: PLC0415 - as above

        x, y = self.scales()
        base = alt.Chart(pd.DataFrame(self._words)).encode(x=x, y=y, text="text:N")
        plain: dict[str, Any] = {"baseline": "middle", "fontSize": WORD_SIZE}
        looks: list[tuple[str, dict[str, Any]]] = [
            ("name", {"fontSize": NAME_SIZE, "fontWeight": "bold"}),
            ("detail", {}),
            ("left", {"align": "left"}),
            ("right", {"align": "right"}),
            ("on line", {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}),
            ("on line", {}),
        ]
        return [base.transform_filter(f"datum.kind == '{kind}'").mark_text(**{**plain, **look}) for kind, look in looks]

    def _say(self, x: float, y: float, text: str, kind: str) -> None:
        self._words.append({"x": round(x, 1), "y": round(y, 1), "text": text, "kind": kind})

    def _mark(self, x: float, y: float, shape: str) -> None:
        self._marks.append({"x": x, "y": y, "shape": shape})

    def _head(self, x: float, y: float, shape: str, size: float, colour: str) -> None:
        self._heads.append({"x": x, "y": y, "shape": shape, "size": size, "fill": colour})

    def _path(self, points: Sequence[Point], width: float, look: Look, *, dashed: bool) -> None:
        known = {"way": len(self._heads), "width": width, "stroke": look.colour, "dash": _dash(dashed=dashed)}
        self._lines += [{**known, "order": i, "x": round(x, 1), "y": round(y, 1)} for i, (x, y) in enumerate(points)]

    def _again(self, place: Place, text: str) -> None:
        """An arc under the box, back to it, and how many take it."""
        left, _, _, bottom = place.edges
        arc = [(left + 8 + 9 * (1 - c), bottom + 15 * s) for c, s in _half_turn()]
        self._path(arc[:-1], 2.0, Look(theme.GREY), dashed=False)
        self._head(arc[-1][0], bottom + 3, "triangle-up", 60, theme.GREY)
        self._say(left + 32, bottom + 10, text, "left")

    def _label(self, pair: Pair, text: tuple[str, ...]) -> None:
        """Words on a line, where they cover least; nowhere, if each place covers a box or other words."""
        route = self.layout.routes[pair]
        others = [one for one in self._lines if one["way"] != self._way[pair]]
        best, least = None, TOUCHED
        for spot in route.middles:
            lines = [" · ".join(text)] if spot.long else list(text)
            wide, tall = max(text_width(line, WORD_SIZE) for line in lines) + 4, WORD_LINE * len(lines)
            for y in _heights(spot, tall, self._width[pair]):
                room = (spot.x - wide / 2, y - tall / 2, spot.x + wide / 2, y + tall / 2)
                touched = sum(room[0] < one["x"] < room[2] and room[1] < one["y"] < room[3] for one in others)
                if touched < least and not self._covered(room):
                    best, least = (spot.x, room, lines), touched
        if best is not None:
            x, room, lines = best
            self.labels.append(room)
            for i, line in enumerate(lines):
                self._say(x, room[1] + WORD_LINE * (i + 0.5), line, "on line")

    def _covered(self, spot: tuple[float, float, float, float]) -> bool:
        rooms = [place.room for place in self.layout.places.values()]
        inside = spot[0] >= 0 and spot[1] >= 0 and spot[2] <= self.layout.width and spot[3] <= self.layout.height
        return not inside or any(meet(spot, other) for other in [*rooms, *self.labels])


def _that_fits(words: Words) -> str:
    """What is said of journeys' ends: the number alone where an arc takes the room."""
    wide = text_width(words.end, WORD_SIZE) + text_width(words.again, WORD_SIZE) + 52
    return words.end.split()[0] if words.again and wide > BOX_WIDTH else words.end


def _heights(spot: Spot, tall: float, width: float) -> list[float]:
    """Where the middle of words may be: over or under a level line, on a steep one."""
    away = tall / 2 + width / 2 + 1
    return [spot.y - away, spot.y + away] if spot.level else [spot.y]


def _half_turn() -> list[Point]:
    return [(math.cos(math.pi * i / 10), math.sin(math.pi * i / 10)) for i in range(11)]


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two oblongs (left, top, right, bottom) share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _dash(*, dashed: bool) -> str:
    return "yes" if dashed else "no"


def wrapped(name: str, room: float = BOX_WIDTH - 10) -> list[str]:
    """A name in lines that fit the box; what is over ends in dots."""
    lines = in_lines(name, room, NAME_SIZE, bold=True)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1].rstrip() + "…"]
    return lines
