"""
What can a team change on the shared screen?

The what-if, the date of a change, and a prediction before anything is shown. The what-if
is a `TryIt`, and its sums are those of `redesign.what_if`. The team's own file comes in
by `own_file`.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING

import ipywidgets

from flowlib.change.effect import FEWEST_BEFORE
from flowlib.core import session
from flowlib.core.checks import Refusal, need
from flowlib.measure import demand
from flowlib.redesign.what_if import WhatIf, what_if
from flowlib.show import charts, stories
from flowlib.show.at_work import Estimate
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider
from flowlib.show.own_file import OwnFile, own_file
from flowlib.show.try_it import Question, TryIt

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from flowlib.core.eventlog import EventLog
    from flowlib.redesign.what_if import Answer

__all__ = [
    "ChangePanel",
    "OwnFile",
    "PredictThenLook",
    "change_panel",
    "for_own_file",
    "own_file",
    "what_if_panel",
]

LEAST, MOST, FIVE, TEN = 70, 130, 5, 10  # percent of today's arrivals and stays; and steps, here and on a page to send
APART = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)  # places between two settings on a page to send
OFFERED = 15  # such steps at most, so that the page holds fewer than 1,000 results
LONGEST_NAME = 40  # letters of a step in a code


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


def what_if_panel(of: EventLog | WhatIf, step: str | None = None, *, places: int | None = None) -> TryIt:
    """
    The what-if of one step: predict, then change places, arrivals and stays.

    *of* is a model, or a log to make one of: then of *step*, by default the one that
    holds the flow back. Where the log has no waits, there are no places to change.
    """
    model = of if isinstance(of, WhatIf) else what_if(of, step, places=places)
    room, page_steps = _places(model)
    what, asks = ("wait", f"How long would people wait for {model.step}?")
    if not model.waits:
        what, asks = "number there at once", "How many people would be on the way at once?"
    changes = {
        "arrivals": Slider("People who come", value=100, min=LEAST, max=MOST, step=FIVE, unit="% of now"),
        "stay": Slider("Length of stay", value=100, min=LEAST, max=MOST, step=FIVE, unit="% of now"),
    }
    return TryIt(
        asks,
        {**room, **changes},
        ask=functools.partial(_asked, model),
        draw=charts.what_if,
        say=lambda answer: answer.sentence(),
        compare=lambda answer, _: answer.compared(),
        predict=Question(
            f"Set a change above, and predict. With your change, the {what} will be:",
            model.guesses(),
            came_true=lambda answer: answer.came_true,
        ),
        name="_".join(["what_if", *re.findall("[a-z0-9]+", model.step.lower())])[:LONGEST_NAME],
        page_steps=page_steps,
        note=f"{model.note} {model.now_told()}".strip(),
    )


def _places(model: WhatIf) -> tuple[dict[str, Slider], dict[str, float]]:
    """The slider of the places, if there are any; and the steps of all sliders on a page to send."""
    if not model.waits:
        return {}, {}
    fewest, most = max(1, model.places // 2), max(model.places * 2, model.places + 4)
    apart = next((step for step in APART if most - fewest <= OFFERED * step), APART[-1])
    low, high = (math.ceil(abs(end - model.places) / apart) * apart for end in (fewest, most))
    fewest, most = model.places - low, model.places + high
    slider = Slider(f"Places at {model.step}", value=model.places, min=fewest, max=most, unit="places", one="place")
    return {"places": slider}, {"places": apart, "arrivals": TEN, "stay": TEN}


def _asked(
    model: WhatIf, *, arrivals: float, stay: float, places: float | None = None
) -> Answer | Generator[Estimate, None, None]:
    """The answer at once; or, where it takes longer than a person waits for a picture, estimates of it."""
    answers = model.answers(places=None if places is None else int(places), arrivals=arrivals / 100, stay=stay / 100)
    return next(answers) if model.light else (Estimate(answer, answer.share) for answer in answers)
