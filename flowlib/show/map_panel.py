"""
How does the map look with the commonest ways only, and how with all of them?

A slider from the commonest ways to all. Every step that stays keeps its place: the map
is laid out once, for all. `MapByShare` gives the map for a share, and is tested without
a panel.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST
from flowlib.mapping.process_map import process_map
from flowlib.show.controls import Button, Panel, Sentence, Slider
from flowlib.show.map_chart import MOST_EDGES, drawing, journey_map, main_moves, not_drawn
from flowlib.show.part import Part

if TYPE_CHECKING:
    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.process_map import ProcessMap
    from flowlib.show.map_chart import Drawing, Pair
    from flowlib.show.picture import Picture
    from flowlib.show.still import Shown

__all__ = ["LABEL", "MapByShare", "MapPanel", "SlidingMap", "map_panel"]

LABEL = "Share of people whose whole way is drawn"
LEAST, STEP, ALL = 10, 10, 100  # percent
FIRST = 80  # where the slider stands at first: 8 in 10 people
PAUSE = 0.2  # seconds without a new value before the map is drawn: the last one wins


class MapByShare:
    """
    The map of a log for each share of its people, all on one layout.

    >>> from flowlib.core import data
    >>> maps = MapByShare(data.journey())
    >>> len(maps.at(80).variants), maps.picture(80).chart.width == maps.picture(100).chart.width
    (3, True)
    """

    def __init__(self, log: EventLog, *, most_edges: int = MOST_EDGES) -> None:
        """Count the whole map of *log*; places are found when first asked for."""
        self.whole, self.most_edges = process_map(log), most_edges
        self._made: dict[int, ProcessMap] = {}

    def at(self, percent: float) -> ProcessMap:
        """The map of the commonest ways, as many as cover *percent* (10 to 100) of the people or a few more."""
        checks.need(
            LEAST <= checks.finite("percent", percent) <= ALL,
            f"The share must be from {LEAST} to {ALL} percent; {checks.shown(percent)} came.",
        )
        stop = self._stop(percent)
        if stop not in self._made:
            self._made[stop] = self.whole.only_ways(stop)
        return self._made[stop]

    def picture(self, percent: float) -> Picture:
        """The map for *percent* of the people, drawn where the whole map has its steps."""
        return journey_map(self.at(percent), on=self.drawing)

    def sentence(self, percent: float) -> str:
        """How many ways and people are on the map for *percent*, how many are left out, and what is not drawn."""
        made = self.at(percent)
        return " ".join([made.sentence(), *not_drawn(made, self.drawing)])

    @cached_property
    def drawing(self) -> Drawing:
        """Places for all steps, and for the lines of every map that the slider can show."""
        return drawing(self.whole, most_edges=self.most_edges, also=self._lines())

    def _stop(self, percent: float) -> int:
        """After how many ways the map for *percent* stops; of real people, after 8 of them or more."""
        wanted = self.whole.commonest(percent / 100)
        return next((cut for cut in self.whole.cuts if cut >= wanted), self.whole.cuts[-1])

    def _lines(self) -> set[Pair]:
        """The main moves of each map that the slider can show."""
        stops = {self._stop(percent) for percent in range(LEAST, ALL, STEP)}
        people, found = Counter[tuple[str, str]](), set()
        rows = zip(self.whole.variants["variant"], self.whole.variants["count"], strict=True)
        for number, (way, count) in enumerate(rows, start=1):
            for pair in set(itertools.pairwise(way)):
                people[pair] += count
            if number in stops:
                seen = [(*pair, n) for pair, n in people.most_common() if n >= FEWEST]
                table = pd.DataFrame(seen, columns=["from_step", "to_step", "people"])
                found |= main_moves(table, self.most_edges)
        return found


class MapPanel:
    """The map on screen, with a slider from the commonest ways to all."""

    def __init__(self, log: EventLog) -> None:
        """Show the ways of 8 in 10 people of *log*."""
        self.maps = MapByShare(log)
        self.slider = Slider(LABEL, value=FIRST, min=LEAST, max=ALL, step=STEP, unit="%")
        self.reset = Button(f"Back to {FIRST}%")
        self.figure = self.maps.picture(FIRST).figure()
        self.said = Sentence(self.maps.sentence(FIRST))
        self._later: asyncio.TimerHandle | None = None
        self.slider.observe(lambda _: self._soon(), "value")
        self.reset.on_click(self.back)

    def show(self) -> Panel:
        """The panel itself: the slider over the map, which needs the whole width."""
        flow = {"overflow": "visible", "min_width": "0"}
        controls = Panel(
            [self.slider, self.reset],
            layout=ipywidgets.Layout(flex_flow="row wrap", align_items="flex-end", **flow),
        )
        return Panel([controls, self.figure, self.said], layout=ipywidgets.Layout(flex_flow="column", **flow))

    def back(self) -> None:
        """The share as it was at first."""
        self.slider.value = FIRST
        self._forget_later()
        self.draw()

    def draw(self) -> None:
        """The map for the share on the slider."""
        self._later = None
        picture = self.maps.picture(self.slider.value)
        self.figure.update(picture.chart, description=picture.description, table=picture.table)
        self.said.text = self.maps.sentence(self.slider.value)

    def _soon(self) -> None:
        """After the last movement, not at each: a dragged slider asks once."""
        self._forget_later()
        try:
            self._later = asyncio.get_running_loop().call_later(PAUSE, self.draw)
        except RuntimeError:  # no loop runs outside a notebook
            self.draw()

    def _forget_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = None


def map_panel(log: EventLog) -> Panel:
    """The map of *log* with a slider from the commonest ways to all."""
    return MapPanel(log).show()


@dataclass(frozen=True, kw_only=True)
class SlidingMap(Part):
    """The map of *log* with its slider, as one part of a story."""

    log: EventLog

    def widgets(self) -> list[Shown]:
        """The part's sentence, if it has one, and the panel."""
        return [*super().widgets(), map_panel(self.log)]
