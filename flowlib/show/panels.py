"""
What can a team change on the shared screen?

The what-if, the date of a change, and a prediction before anything is shown. A panel
passes values to a pure function (`redesign.what_if`) and shows what comes back; it does
no sums of its own. The team's own file comes in by `own_file`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import ipywidgets

from flowlib.change.effect import FEWEST_BEFORE
from flowlib.core import session
from flowlib.core.checks import Refusal, need
from flowlib.measure import demand
from flowlib.redesign.what_if import WhatIf, what_if
from flowlib.show import charts, stories
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel
from flowlib.show.own_file import OwnFile, own_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowlib.core.eventlog import EventLog
    from flowlib.redesign.what_if import Answer

__all__ = [
    "ChangePanel",
    "OwnFile",
    "PredictThenLook",
    "WhatIfPanel",
    "change_panel",
    "for_own_file",
    "own_file",
    "what_if_panel",
]

PAUSE = 0.2  # seconds without a new value before the sum starts: the last one wins
LEAST, MOST = 70, 130  # percent of today's arrivals and stays


class WhatIfPanel:
    """The what-if on screen: predict, then change places, arrivals and stays, and see the wait."""

    def __init__(self, model: WhatIf) -> None:
        """Show *model* as it is; nothing runs before a prediction is made."""
        self.model = model
        places = max(model.places, 1)
        what = "wait" if model.waits else "number there at once"
        self.prediction = Prediction(f"First predict. With your change, the {what} will be:", list(model.guesses()))
        fewest, most = max(1, places // 2), max(places * 2, places + 4)
        title = f"Places at {model.step}"
        self.places = Slider(title, value=places, min=fewest, max=most, unit="places", one="place")
        self.arrivals = Slider("People who come", value=100, min=LEAST, max=MOST, step=5, unit="% of now")
        self.stay = Slider("Length of stay", value=100, min=LEAST, max=MOST, step=5, unit="% of now")
        self.go = Button("See what happens", disabled=True)
        self.reset = Button("Back to how it is now")
        self.said = Sentence("Choose a change, predict, then press “See what happens”.")
        self.predicted = Sentence()
        now = model.ask()
        self._most = 1.8 * max(now.now[2], 0.1)  # the scale stays still while the bars move
        self.figure = charts.what_if(now, most=self._most).figure()
        self._later: asyncio.TimerHandle | None = None
        self._live = False  # once a prediction was tested, the picture follows the controls
        self.prediction.observe(lambda _: setattr(self.go, "disabled", self.prediction.value is None), "value")
        for slider in (self.places, self.arrivals, self.stay):
            slider.observe(lambda _: self._soon(), "value")
        self.go.on_click(self._start)
        self.reset.on_click(self.back)

    def show(self) -> Panel:
        """The panel itself."""
        controls = [self.places] if self.model.waits else []
        controls += [self.arrivals, self.stay, self.prediction, self.go, self.reset]
        return panel(controls, [Sentence(self.model.note), self.figure, self.said, self.predicted])

    def back(self) -> None:
        """All controls as they were, and a new prediction to make."""
        self._live = False
        self._forget_later()
        self.places.value, self.arrivals.value, self.stay.value = max(self.model.places, 1), 100, 100
        self.prediction.value = None
        self.said.text, self.predicted.text = "Everything is as it is now. Predict again.", ""
        self._draw(self._answer())

    def _answer(self) -> Answer:
        arrivals, stay = self.arrivals.value / 100, self.stay.value / 100
        return self.model.ask(places=int(self.places.value), arrivals=arrivals, stay=stay)

    def _start(self) -> None:
        self._live = True
        answer = self._draw(self._answer())
        if self.prediction.value is not None:
            self.predicted.text = answer.prediction(self.prediction.value)

    def _draw(self, answer: Answer) -> Answer:
        picture = charts.what_if(answer, most=self._most)
        self.figure.update(picture.chart, description=picture.description)
        if self._live:
            self.said.text = answer.sentence()
        return answer

    def _soon(self) -> None:
        """After the last movement, not at each: a dragged slider asks once."""
        if not self._live:
            return
        self._forget_later()
        try:
            self._later = asyncio.get_running_loop().call_later(PAUSE, self._follow)
        except RuntimeError:
            self._follow()

    def _forget_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = None

    def _follow(self) -> None:
        self._later = None
        self.predicted.text = ""
        try:
            self._draw(self._answer())
        except Refusal as refusal:
            self.said.text = str(refusal)


class PredictThenLook(Panel):
    """
    A prediction to make before anything is shown; then the parts, and the prediction beside what came.

    *look* makes the parts. *answer* is the option that came true, where one did.
    """

    def __init__(
        self, question: str, options: list[str], look: Callable[[], list[stories.Part]], *, answer: str | None = None
    ) -> None:
        """Ask, and show nothing yet."""
        self._look, self._right = look, answer
        self.prediction, self.go, self.said = (
            Prediction(question, options),
            Button("Show me", disabled=True),
            Sentence(),
        )
        self.out = ipywidgets.VBox([])
        self.prediction.observe(lambda _: setattr(self.go, "disabled", self.prediction.value is None), "value")
        self.go.on_click(self.reveal)
        column = ipywidgets.Layout(flex_flow="column")
        super().__init__([self.prediction, self.go, self.said, self.out], layout=column)

    def reveal(self) -> None:
        """Show the parts, and say how the prediction fared."""
        self.out.children = [widget for part in self._look() for widget in part.widgets()]
        guess = self.prediction.value
        if self._right is not None and guess is not None:
            told = "and so it was" if guess == self._right else f"and it was “{self._right}”"
            self.said.text = f"You predicted “{guess}”, {told}."

    def still(self) -> str:
        """The question, and what would be shown."""
        parts = [widget.still() for part in self._look() for widget in part.widgets()]
        return self.prediction.still() + "".join(parts)


class ChangePanel:
    """Before and after a change, on a date that the team chooses."""

    def __init__(self, log: EventLog) -> None:
        """Offer the periods of *log* at which a change could have begun."""
        self.log = log
        shown = demand.series(log, stories.step_of(log))
        weeks = shown.table["x"].iloc[FEWEST_BEFORE:-1]
        need(len(weeks), f"A before-and-after chart needs {FEWEST_BEFORE} points before the change; there are too few.")
        options = [(f"{day.day} {day:%B %Y}", day) for day in weeks]
        wide = {"description_width": "initial"}
        self.date = ipywidgets.Dropdown(description="Our change began on", options=options, style=wide)
        self.out = ipywidgets.VBox([])
        self.date.observe(lambda _: self.draw(), "value")
        self.draw()

    def draw(self) -> None:
        """The chart for the date chosen."""
        self.out.children = stories.told(lambda log: stories.changed(log, self.date.value), self.log)

    def show(self) -> Panel:
        """The panel itself."""
        return Panel([self.date, self.out], layout=ipywidgets.Layout(flex_flow="column"))


def change_panel(log: EventLog) -> Panel:
    """Before and after a change in *log*, on a date to choose."""
    return ChangePanel(log).show()


def for_own_file(make: Callable[[EventLog], Panel]) -> Panel:
    """A panel on the team's own file, or a sentence on why there is none."""
    log = session.own()
    if log is None:
        return stories.in_your_service(lambda _: [])
    try:
        return make(log)
    except Refusal as refusal:
        return Panel([Sentence(f"This cannot be asked of {log.name}. {refusal}")])


def what_if_panel(log: EventLog, step: str | None = None, *, places: int | None = None) -> Panel:
    """The what-if of one step of *log*; by default the step that holds the flow back."""
    return WhatIfPanel(what_if(log, step, places=places)).show()
