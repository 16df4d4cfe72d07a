"""
How does a team's own file come in, and what does it show?

Choose it, confirm which column is which and two rules, then see its story. Nothing is
read before it is confirmed; `core.reading` does the reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from flowlib.core import reading, session
from flowlib.core.checks import Refusal
from flowlib.core.safe_cells import seen
from flowlib.show import stories
from flowlib.show.controls import Button, Sentence
from flowlib.show.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from flowlib.core.eventlog import EventLog
    from flowlib.core.reading import Proposal

__all__ = ["BLANK", "ENDS", "MIDNIGHTS", "SLIP", "OwnFile", "own_file"]

NOT_SAID = "(none)"
NEEDED = ("person", "step")
TIMES = ("arrived", "started", "finished", "left")
BLANK = "If the last time is blank, the person…"
SLIP = "If a time is 12 to 24 hours too early…"
ENDS = {"not_recorded": "has an end that is not recorded", "still_here": "is still there"}
MIDNIGHTS = {"set_aside": "set the row aside", "next_day": "move it to the next day"}
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
        self.choices = ipywidgets.VBox([])
        self.confirm = Button("Yes, read it like this")
        self.forget = Button("Forget my file")
        self.out = ipywidgets.VBox([])
        self.columns: dict[str, ipywidgets.Dropdown] = {}
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
        self.blank.value = ENDS[found.options.get("blank_end", "not_recorded")]
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
            blank_end=_chosen(ENDS, self.blank.value),
            midnight=_chosen(MIDNIGHTS, self.slips.value),
            name=self._name.split(".")[0],
        )
        if log.quality is not None:  # the upload gave the file another name
            log.quality = replace(log.quality, source=f'"{seen(self._name)}"')
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


def _chosen(words: Mapping[str, str], said: str) -> str:
    """The option that was chosen, by the words on the screen."""
    return next(option for option, told in words.items() if told == said)
