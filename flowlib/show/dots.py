"""
How does pure chance look on a chart, and how large must a change be before it shows?

A panel for one shared screen: predict, deal a chart, then move the controls. Its sums
are those of `measure.spc_luck`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.measure.spc_luck import about, luck
from flowlib.show import charts
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel

if TYPE_CHECKING:
    from flowlib.show.figure import Figure

__all__ = ["LuckPanel", "luck_panel"]

POINTS = 24
GUESSES = ("None of them", "About 5 of 100", "About 15 of 100", "About 50 of 100")
SHAPES = ("Spread evenly about the mean", "Many short, a few very long")


class LuckPanel:
    """Deals a chart of chance on request, and says how often its like are marked."""

    def __init__(self) -> None:
        """Deal nothing before a prediction is made."""
        self.prediction = Prediction(
            f"First predict. Of 100 charts of {POINTS} points of pure chance, how many have a marked point?",
            list(GUESSES),
        )
        self.points = Slider("Points on the chart", value=POINTS, min=12, max=60, step=12, unit="points")
        self.change = Slider(
            "A real change from half way on (in standard deviations)",
            value=0.0, min=0.0, max=3.0, step=0.5, unit="usual swings",
        )  # fmt: skip
        self.shape = Prediction("How the numbers are spread", list(SHAPES), value=SHAPES[0])
        self.deal = Button("Deal a chart", disabled=True)
        self.reset = Button("Back to pure chance")
        self.said = Sentence("Predict, then press “Deal a chart”.")
        self.predicted = Sentence()
        self.out = ipywidgets.VBox([])
        self.figure: Figure | None = None  # from the first chart on
        self._seed = 0
        self.prediction.observe(lambda _: setattr(self.deal, "disabled", self.prediction.value is None), "value")
        for control in (self.points, self.change, self.shape):
            control.observe(lambda _: self._draw(), "value")
        self.deal.on_click(self.another)
        self.reset.on_click(self.back)

    def show(self) -> Panel:
        """The panel itself."""
        controls = [self.prediction, self.deal, self.points, self.change, self.shape, self.reset]
        return panel(controls, [self.out, self.said, self.predicted])

    def another(self) -> None:
        """Deal the next chart, and put the prediction beside what came."""
        self._seed += 1
        self._draw()
        if self.prediction.value is not None:
            self.predicted.text = (
                f"You predicted “{self.prediction.value}”. The rules mark {about(luck(POINTS).marked)}."
            )

    def back(self) -> None:
        """Pure chance again, as at the start."""
        self.points.value, self.change.value, self.shape.value = POINTS, 0.0, SHAPES[0]
        self._draw()

    def _draw(self) -> None:
        if self._seed == 0:
            return
        skewed = self.shape.value == SHAPES[1]
        dealt = luck(int(self.points.value), change=float(self.change.value), skewed=skewed, seed=self._seed)
        finding, _, _ = dealt.sentence().partition(". ")
        picture = charts.control_chart(dealt.chart, what="a number, week by week", finding=f"{finding}.")
        if self.figure is None:
            self.figure = picture.figure()
            self.out.children = (self.figure,)
        else:
            self.figure.update(picture.chart, description=picture.description, table=picture.table)
        self.said.text = dealt.sentence()


def luck_panel() -> Panel:
    """Charts of pure chance to deal, and a real change to put in them."""
    return LuckPanel().show()
