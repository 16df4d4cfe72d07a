"""
What can a team change on the shared screen?

Two panels: the what-if, and the team's own file. A panel passes values to a pure
function (`redesign.what_if`, `core.reading`) and shows what comes back; it does no
sums of its own.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from flowlib.change.effect import FEWEST_BEFORE
from flowlib.core import reading, session
from flowlib.core.checks import Refusal, need
from flowlib.measure import demand
from flowlib.redesign.what_if import WhatIf, what_if
from flowlib.show import charts, stories
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flowlib.core.eventlog import EventLog
    from flowlib.core.reading import Proposal
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
NOT_SAID = "(none)"
NEEDED = ("person", "step")
TIMES = ("arrived", "started", "finished", "left")
ASKS = {
    "person": "Which column says who it was?",
    "step": "Which column says the step?",
    "arrived": "When did they join the queue?",
    "started": "When did care begin?",
    "finished": "When did care end?",
    "left": "When did they leave?",
}


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


class OwnFile:
    """The team's own file: choose it, confirm which column is which, see the story, forget it again."""

    def __init__(self, story: Callable[[EventLog], list[stories.Part]]) -> None:
        """Tell *story* of each file that is confirmed."""
        from flowlib.show.upload import Upload  # noqa: PLC0415 - only where a file can be chosen

        self.story = story
        self.upload = Upload(
            "Your own file", hint="A CSV, Excel or Parquet file. It stays on this computer.",
            accept=(".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xlsm", ".parquet"),
        )  # fmt: skip
        self.said = Sentence()
        self.choices = ipywidgets.VBox([])
        self.confirm = Button("Yes, read it like this")
        self.forget = Button("Forget my file")
        self.out = ipywidgets.VBox([])
        self.columns: dict[str, ipywidgets.Dropdown] = {}
        self.blank = self._dropdown(
            "If the last time is blank, the person…", ["has an end that is not recorded", "is still there"]
        )
        self.slips = self._dropdown(
            "If a time is 12 to 24 hours too early…", ["set the row aside", "move it to the next day"]
        )
        self._proposal: Proposal | None = None
        self._name = ""
        self.upload.on_file(self.propose)
        self.confirm.on_click(self.accept)
        self.forget.on_click(self._forget)
        log = session.own()
        if log is not None:
            self._tell(log)

    def show(self) -> ipywidgets.VBox:
        """The panel itself."""
        return ipywidgets.VBox([self.upload, self.said, self.choices, self.out])

    def propose(self, path: Path, name: str) -> str:
        """Look at the file and ask which column is which; nothing is used until it is confirmed."""
        self.out.children, self.choices.children = (), ()
        self._proposal, self._name = reading.propose(path), name
        found = self._proposal
        headers = [NOT_SAID, *dict.fromkeys(h for h in found.headers if h)]
        asked = {role: (asks, found.columns.get(role)) for role, asks in ASKS.items()}
        if found.milestones:
            moments = {one.name: (f"When was “{one.name}”?", one.column) for one in found.milestones}
            asked = {"person": asked["person"], **moments}
        self.columns = {role: self._dropdown(asks, headers, column) for role, (asks, column) in asked.items()}
        here = found.options.get("blank_end") == "still_here"
        self.blank.value = self.blank.options[1 if here else 0]
        rows = [*self.columns.values(), self.blank, self.slips, self.confirm]
        self.choices.children = tuple(rows)
        self.said.text = (
            f"{found.sentence()} Nothing has been read yet. Please check, change what is wrong, then confirm."
        )
        return f"“{name}” has arrived."

    def accept(self) -> None:
        """Read the file with the columns as they stand."""
        if self._proposal is None:
            raise Refusal("Choose a file first.")
        named = {role: box.value for role, box in self.columns.items() if box.value != NOT_SAID}
        proposal = self._proposal
        extra: dict[str, Any] = {role: column for role, column in proposal.columns.items() if role not in ASKS}
        if proposal.milestones:
            kept = [replace(one, column=named.pop(one.name)) for one in proposal.milestones if one.name in named]
            extra["milestones"] = kept
        log = reading.read(
            proposal.path,
            **(
                {"sheet": proposal.sheet}
                | {word: proposal.options[word] for word in proposal.options if word != "blank_end"}
                | extra
                | named
            ),
            blank_end="still_here" if self.blank.value == "is still there" else "not_recorded",
            midnight="next_day" if self.slips.value == "move it to the next day" else "set_aside",
            name=self._name.split(".")[0],
        )
        told = session.keep(log)
        self.choices.children = ()
        self.said.text = f"Your file was read. {told}"
        self._tell(log)

    def _tell(self, log: EventLog) -> None:
        parts = [widget for part in stories.quality(log) for widget in part.widgets()]
        self.out.children = (*parts, *stories.told(self.story, log), self.forget)

    def _forget(self) -> None:
        self.said.text = session.forget()
        self.out.children, self.choices.children = (), ()

    @staticmethod
    def _dropdown(label: str, options: list[str], value: str | None = None) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(
            description=label, options=options, value=value if value in options else options[0],
            style={"description_width": "300px"}, layout=ipywidgets.Layout(width="600px", max_width="100%"),
        )  # fmt: skip


def own_file(story: Callable[[EventLog], list[stories.Part]] = stories.mapped) -> ipywidgets.VBox:
    """A control for the team's own file, and the story of it."""
    return OwnFile(story).show()
