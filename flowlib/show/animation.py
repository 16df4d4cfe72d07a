"""
How does a ward sister see, at a glance, why the front door is full?

A film shows a log as people moving between steps: waiting lines that grow, places that
fill, and places held by people who are ready to go on. `film` makes one from a log,
simulated or real; it plays in a notebook, and `save` keeps it as a page that needs no network.

Real people are shown as counts by the hour, a dot for about five; nobody is followed.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import traitlets

from flowlib.core import checks
from flowlib.core.capacity import Rota, Slots
from flowlib.core.capacity import places as places_of
from flowlib.core.pathway import Pathway
from flowlib.mapping.film import FEW, filmed
from flowlib.mapping.film_words import caption
from flowlib.show.animation_layout import EACH, laid_out
from flowlib.show.animation_page import SCRIPT, STYLE, saved
from flowlib.show.animation_still import picture
from flowlib.show.still import Shown
from flowlib.show.table import table_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.film import Film

__all__ = ["Animation", "film"]

SPEEDS: dict[float, str] = {
    1: "1 hour a second",
    3: "3 hours a second",
    6: "6 hours a second",
    12: "12 hours a second",
    24: "1 day a second",
    72: "3 days a second",
    168: "1 week a second",
}
FASTEST = 24 * 365


class Animation(Shown):
    """
    A film in a notebook: play, pause, speed, a slider for time, and the numbers in words beside it.

    `show(moment)` goes to a moment; `counts()` gives its numbers; `save` keeps it as a page.
    """

    _esm = SCRIPT
    _css: Any = STYLE
    film = traitlets.Unicode().tag(sync=True)  # JSON: all but who is where
    data = traitlets.Bytes().tag(sync=True)  # who is where: whole numbers of 32 bits, packed
    at = traitlets.Int().tag(sync=True)  # seconds since the film begins

    def __init__(self, made: Film, *, speed: float, labels: Mapping[str, str] | None = None) -> None:
        """Show *made*, at so many hours a second."""
        self._made, self._layout = made, laid_out(made, labels=labels)
        numbers = made.counts if made.counts is not None else np.concatenate(made.spells.columns)
        packed = zlib.compress(np.ascontiguousarray(numbers, dtype="<i4").tobytes(), 9)
        super().__init__(film=json.dumps(self._told(speed)), data=packed)

    def _told(self, speed: float) -> dict[str, Any]:
        """What the page needs to know beside who is where."""
        made = self._made
        words = SPEEDS if speed in SPEEDS else {**SPEEDS, speed: f"{checks.shown(speed)} hours a second"}
        return {
            "name": made.name,
            "steps": made.steps,
            "names": made.names,
            "begins": int(made.begins.tz_localize(None).tz_localize("UTC").timestamp()),  # as on the wall
            "length": made.length,
            "shifts": made.shifts,
            "crowd": made.crowd,
            "each": EACH if made.crowd else 1,
            "people": int(made.spells.who.max(initial=-1)) + 1,
            "spells": len(made.spells),
            "notes": made.notes,
            "speed": speed,
            "speeds": sorted(words.items()),
            **self._layout.packed(),
        }

    def show(self, moment: object) -> None:
        """Go to a moment: a date and time, or hours after the film begins. Raises a `Refusal` outside the film."""
        self.at = self._made.seconds(moment)

    def sentence(self, moment: object = None) -> str:
        """What the film says at a moment, by default the one it stands at."""
        return caption(self._made, self._second(moment))

    def counts(self, moment: object = None) -> pd.DataFrame:
        """
        People at a moment, a row a step: `step, waiting, in_service, held`; "*" for 1 to 7 real people.

        `held` are those who are ready to go on and keep their place.
        """
        seen = self._made.at(self._second(moment))
        columns = {"waiting": seen.waiting, "in_service": seen.in_service, "held": seen.held}
        shown = {name: ["*" if number == FEW else number for number in values] for name, values in columns.items()}
        return pd.DataFrame({"step": self._made.steps, **shown})

    def still(self, moment: object = None) -> str:
        """One moment as a picture and a table, for paper: by default the one that the film stands at."""
        second = self._second(moment)
        table = self.counts(moment).set_axis(["Step", "Waiting", "In service", "Ready, but held"], axis=1)
        numbers = table_html(table, caption="People at this moment")
        return f'<figure class="flowlib">{picture(self._made, self._layout, second)}{numbers}</figure>'

    def save(self, path: str | Path) -> Path:
        """
        Keep the film as a page that plays anywhere: no Python, no network. A file there is written over.

        Raises a `Refusal` where the name does not end in .html, or it cannot be written.
        """
        return saved(self, path)

    def _second(self, moment: object) -> int:
        return self.at if moment is None else self._made.seconds(moment)

    def __repr__(self) -> str:
        return f"Film: {self.sentence()}"


def film(
    log: EventLog,
    *,
    steps: Sequence[str] | None = None,
    run: int = 0,
    start: object = None,
    days: float | None = None,
    speed: float = 6,
    places: Pathway | Mapping[str, int] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Animation:
    """
    A log as a film.

    *steps* are those to show, all by default; *run* is one run of a simulated log.
    *start* is a date, a time, or days after the log begins; *days* is how long the film
    covers, by default as much as one page holds. *speed* is hours of the log a second.
    *places* says how many places steps have: a pathway, or numbers by step. Without it
    only places that are taken are drawn. *labels* stand on steps that have no number of
    places, such as `{"Home care": "34 a week from June"}`.

    A step done in the place of another (a wait in a ward bed) is shown there. Real people
    are counts by the hour, to the nearest 5, with 1 to 7 hidden. Raises a `Refusal` where a name is not known,
    a time lies outside the log, or the film would be too much for a page.

    >>> from flowlib.core import data
    >>> made = film(data.journey(), start="6/1/2025", days=2)
    >>> made.show(38)
    >>> made.sentence()
    'Tuesday 7 January, 14:00: 5 wait for Transfer hub and 4 for Home First.'
    """
    speed = checks.positive("speed", speed, "hours a second")
    checks.need(speed <= FASTEST, f"speed must be {FASTEST:,} hours a second or less; {checks.shown(speed)} came.")
    speed = int(speed) if float(speed).is_integer() else speed
    capacity, within, known = _known(log, places)
    for name in labels or {}:
        checks.choice("step", name, log.steps)
    made = filmed(log, steps=steps, run=run, start=start, days=days, capacity=capacity, within=within)
    return Animation(made, speed=speed, labels={**known, **(labels or {})})


def _known(
    log: EventLog, places: Pathway | Mapping[str, int] | None
) -> tuple[dict[str, tuple[int, ...]], dict[str, str] | None, dict[str, str]]:
    """Places by hour of the week, which steps are done in the place of another, and words for other capacities."""
    if isinstance(places, Pathway):
        capacity = {step.name: step.capacity for step in places.steps}
        numbers: dict[str, tuple[int, ...]] = {
            name: (many,) for name, many in capacity.items() if isinstance(many, int)
        }
        numbers |= {name: tuple(map(int, many.by_hour)) for name, many in capacity.items() if isinstance(many, Rota)}
        within = {step.name: step.within for step in places.steps if step.within}
        starts = {name: f"{many.a_week:,} starts a week" for name, many in capacity.items() if isinstance(many, Slots)}
        return numbers, within, starts
    for name in places or {}:
        checks.choice("step", name, log.steps)
    return {name: (places_of(f'Places at "{name}"', many),) for name, many in (places or {}).items()}, None, {}
