"""
How long until a change of this size would show? A panel to ask before a test begins.

Its sums are those of `change.effect.weeks`: simulated from the team's own points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.change.effect import weeks_to_see
from flowlib.core.checks import need
from flowlib.show import effect_charts
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.change.effect import WeeksToSee
    from flowlib.show.figure import Figure

__all__ = ["WeeksPanel", "weeks_panel"]

FALL = 25  # percent of today's mean, to begin with
YEAR = 52
GUESSES = ("2 weeks", "About 3 months", "About half a year", "More than a year")


class WeeksPanel:
    """Predict, then ask how many periods it takes to see a fall of so much."""

    def __init__(self, baseline: Sequence[float], *, what: str, unit: str, every: str = "week") -> None:
        """Ask of *baseline*, the points before any change, in the order of time."""
        need(every in {"week", "month", "day"}, f'The points come by day, week or month; "{every}" came.')
        self._asked = {"improvement": "down", "every": every}
        self._baseline, self._what, self._unit = list(baseline), what, unit
        self.prediction = Prediction(
            f"First predict. If the mean fell by {FALL}%, how long would it take to see it?", list(GUESSES)
        )
        self.fall = Slider("How much it falls", value=FALL, min=5, max=80, step=5, unit="% of today's mean")
        self.go = Button("See how long", disabled=True)
        self.said = Sentence("Predict, then press “See how long”.")
        self.predicted, self.out = Sentence(), ipywidgets.VBox([])
        self.figure: Figure | None = None  # from the first answer on
        self.prediction.observe(lambda _: setattr(self.go, "disabled", self.prediction.value is None), "value")
        self.fall.observe(self._moved, "value")
        self.go.on_click(self._start)

    def show(self) -> Panel:
        """The panel itself."""
        return panel([self.prediction, self.fall, self.go], [self.out, self.said, self.predicted])

    def ask(self, fall: float) -> WeeksToSee:
        """How long a fall by so many percent takes to show."""
        return weeks_to_see(self._baseline, percent=-fall, **self._asked)  # type: ignore[arg-type]

    def _moved(self, _: object) -> None:
        """Once something was asked, the picture follows the slider."""
        if self.out.children:
            self._draw()

    def _start(self) -> None:
        self._draw()
        found, every = self.ask(FALL), self._asked["every"]
        took = f"not within {YEAR * 2} {every}s" if found.weeks is None else f"{found.weeks} {every}s"
        self.predicted.text = f"You predicted “{self.prediction.value}” for a fall of {FALL}%. It takes {took}."

    def _draw(self) -> None:
        found = self.ask(float(self.fall.value))
        picture = effect_charts.weeks_to_see(found, what=self._what, unit=self._unit)
        if self.figure is None:
            self.figure = picture.figure()
            self.out.children = (self.figure,)
        else:
            self.figure.update(picture.chart, description=picture.description, table=picture.table)
        self.said.text = found.sentence(self._what, self._unit)


def weeks_panel(baseline: Sequence[float], *, what: str, unit: str = "hours", every: str = "week") -> Panel:
    """The panel for *baseline*: 12 points or more from before a change, in the order of time."""
    return WeeksPanel(baseline, what=what, unit=unit, every=every).show()
