"""
How does a team's own file come in, and what does it show?

Choose it, confirm which column is which and two rules, then see its story. Nothing is
read before it is confirmed; `core.reading` does the reading.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from flowlib.core import reading, session
from flowlib.core.checks import Refusal
from flowlib.core.safe_cells import seen
from flowlib.show import stories
from flowlib.show.controls import Button, Sentence
from flowlib.show.fields import field
from flowlib.show.report_words import MOVE, on_screen
from flowlib.show.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from flowlib.core.eventlog import EventLog
    from flowlib.core.reading import Proposal

__all__ = ["BLANK", "ENDS", "MIDNIGHTS", "SLIP", "OwnFile", "own_file"]

NOT_SAID = "(none)"
NEEDED = ("person", "step")
TIMES = ("arrived", "started", "finished", "left")
WHOSE = "Which column tells who is on the list twice?"
CLOCK = "Clock time for “{}”"
CLOCKED = {"arrived": "joined the queue", "started": "care began", "finished": "care ended", "left": "left"}
BLANK = "If the last time is blank, the person…"
SLIP = "If a time is 12 to 24 hours too early…"
ENDS = {"not_recorded": "has an end that is not recorded", "still_here": "is still there"}
MIDNIGHTS = {"set_aside": "set the row aside", "next_day": MOVE}
ASKS = {
    "person": "Which column says who it was?",
    "step": "Which column says the step?",
    "arrived": "When did they join the queue?",
    "started": "When did care begin?",
    "finished": "When did care end?",
    "left": "When did they leave?",
}


class OwnFile:
    """The team's own file: choose it, confirm which column is which, see the story, forget it again."""

    def __init__(self, story: Callable[[EventLog], list[stories.Part]]) -> None:
        """Tell *story* of each file that is confirmed."""
        self.story = story
        self.upload = Upload(
            "Your own file", hint="A CSV, Excel or Parquet file. It stays on this computer.",
            accept=(".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xlsm", ".parquet"),
        )  # fmt: skip
        self.said = Sentence()
        self.warned = ipywidgets.VBox([])
        self.choices = ipywidgets.VBox([])
        self.confirm = Button("Yes, read it like this")
        self.forget = Button("Forget my file")
        self.out = ipywidgets.VBox([])
        self.columns: dict[str, ipywidgets.Dropdown] = {}
        self.clocks: dict[str, ipywidgets.Dropdown] = {}
        self.whose: ipywidgets.Dropdown | None = None
        self.blank = self._dropdown(BLANK, list(ENDS.values()))
        self.slips = self._dropdown(SLIP, list(MIDNIGHTS.values()))
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
        return ipywidgets.VBox([self.upload, self.said, self.warned, self.choices, self.out])

    def propose(self, path: Path, name: str) -> str:
        """Look at the file and ask which column is which; nothing is used until it is confirmed."""
        self.out.children, self.choices.children, self.warned.children = (), (), ()
        with _as_on_screen():
            self._proposal, self._name = reading.propose(path), name
        found = self._proposal
        headers = [NOT_SAID, *dict.fromkeys(h for h in found.headers if h)]
        asked = {role: (asks, found.columns.get(role)) for role, asks in ASKS.items()}
        if found.milestones:
            moments = {one.name: (f"When was “{one.name}”?", one.column) for one in found.milestones}
            asked = {"person": asked["person"], **moments}
        self.columns = {role: self._dropdown(asks, headers, column) for role, (asks, column) in asked.items()}
        self.clocks = {
            role: self._dropdown(CLOCK.format(CLOCKED.get(role, role)), headers, clock)
            for role, clock in _clocks(found).items()
        }
        for role, clock in self.clocks.items():  # a date from another column has no clock time of the old one's
            self.columns[role].observe(lambda _, clock=clock: clock.set_trait("value", NOT_SAID), names="value")
        whose = found.options.get("whose")
        self.whose = self._dropdown(WHOSE, headers, whose) if whose else None
        self.blank.value = ENDS[found.options.get("blank_end", "not_recorded")]
        boxes = [box for role in self.columns for box in (self.columns[role], self.clocks.get(role)) if box is not None]
        whose_box = [self.whose] if self.whose is not None else []
        self.choices.children = (*boxes, *whose_box, self.blank, self.slips, self.confirm)
        told = on_screen(replace(found, unread=(), passed=()).sentence())
        self.said.text = f"{told} Nothing has been read yet. Please check, change what is wrong, then confirm."
        self.warned.children = tuple(Sentence(words) for words in found.warnings)
        return f"“{name}” has arrived."

    def accept(self) -> None:
        """Read the file with the columns as they stand."""
        if self._proposal is None:
            raise Refusal("Choose a file first.")
        with _as_on_screen():
            log = reading.read(
                self._proposal.path,
                **self._options(self._proposal),
                blank_end=_chosen(ENDS, self.blank.value),
                midnight=_chosen(MIDNIGHTS, self.slips.value),
                name=self._name.split(".")[0],
            )
        if log.quality is not None:  # the upload gave the file another name
            log.quality = replace(log.quality, source=f'"{seen(self._name)}"')
        told = session.keep(log)
        self.choices.children, self.warned.children = (), ()
        self.said.text = f"Your file was read. {told}"
        self._tell(log)

    def _options(self, proposal: Proposal) -> dict[str, Any]:
        """What `reading.read` takes, from the proposal and the choices as they stand."""
        named: dict[str, Any] = {role: box.value for role, box in self.columns.items() if box.value != NOT_SAID}
        clocks = {r: box.value for r, box in self.clocks.items() if box.value != NOT_SAID and r in named}
        made = {word: told for word, told in proposal.options.items() if word not in {"blank_end", "clocks", "whose"}}
        made |= {"sheet": proposal.sheet}
        made |= {role: column for role, column in proposal.columns.items() if role not in ASKS}
        if self.whose is not None and self.whose.value != NOT_SAID:
            made["whose"] = self.whose.value
        if proposal.milestones:
            made["milestones"] = [
                replace(one, column=named.pop(one.name), clock=clocks.get(one.name, ""))
                for one in proposal.milestones
                if one.name in named
            ]
        elif clocks:
            made["clocks"] = clocks
        return made | named

    def _tell(self, log: EventLog) -> None:
        parts = [widget for part in stories.quality(log) for widget in part.widgets()]
        self.out.children = (*parts, *stories.told(self.story, log), self.forget)

    def _forget(self) -> None:
        self.said.text = session.forget()
        self.out.children, self.choices.children, self.warned.children = (), (), ()

    @staticmethod
    def _dropdown(label: str, options: list[str], value: str | None = None) -> ipywidgets.Dropdown:
        chosen = value if value in options else options[0]
        return field(ipywidgets.Dropdown, label, width="600px", options=options, value=chosen)


def own_file(story: Callable[[EventLog], list[stories.Part]] = stories.mapped) -> ipywidgets.VBox:
    """A control for the team's own file, and the story of it."""
    return OwnFile(story).show()


def _clocks(found: Proposal) -> dict[str, str]:
    """The column of clock times that is proposed for each time or moment."""
    moments = {one.name: one.clock for one in found.milestones if one.clock}
    return moments if found.milestones else dict(found.options.get("clocks", {}))


@contextmanager
def _as_on_screen() -> Iterator[None]:
    """Say a refusal without the words of Python."""
    try:
        yield
    except Refusal as refusal:
        raise Refusal(on_screen(str(refusal))) from None


def _chosen(words: Mapping[str, str], said: str) -> str:
    """The option that was chosen, by the words on the screen."""
    return next(option for option, told in words.items() if told == said)
