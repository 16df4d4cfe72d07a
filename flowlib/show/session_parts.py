"""
What holds a session together? One record of all that a room says, and one page at the end.

Polls, vote, weakest blocks, commitments, predictions and the clock are kept as they
change, and stand there again when the page is loaded again. Nothing goes into the folder
`own` before somebody asks for the page.
"""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import ipywidgets
import traitlets

from flowlib.change import kept
from flowlib.change.session_page import SessionPage, saved
from flowlib.change.session_record import SessionRecord
from flowlib.core import data
from flowlib.show.blocks_panel import BlocksPanel
from flowlib.show.choices import QuietButton
from flowlib.show.clock import ClockPanel
from flowlib.show.commitments import CommitmentsPanel
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.kept_part import KeptPart
from flowlib.show.panels import PredictThenLook
from flowlib.show.still import WEB, Shown
from flowlib.show.vote import LiveVote, Poll

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from flowlib.show.part import Part

__all__ = ["BoardSession"]

SURE = "All counts, ticks and commitments of this session go. Pages that you saved stay."
Joined = TypeVar("Joined", bound=KeptPart)


class BoardSession:
    """
    The parts of one session, each to be shown where it is due.

    A part that is made here keeps what is done in it, and is as it was when its page is
    loaded again. *folder* is where the page to print goes: by default `own`, beside the
    notebooks.
    """

    def __init__(
        self,
        title: str,
        *,
        folder: str | Path | None = None,
        now: Callable[[], dt.datetime] = kept.now,
    ) -> None:
        """Take up the session that is kept, or begin one."""
        self._title, self._now = title, now
        self._folder = data.FOLDER.parent / "own" if folder is None else Path(folder)
        self._record = SessionRecord()
        self._resumed = not self._record.empty
        self._parts: list[KeptPart] = []
        self._poll: Poll | None = None
        self._vote: LiveVote | None = None
        self._blocks: BlocksPanel | None = None
        self._commitments: CommitmentsPanel | None = None
        self._begin: BeginPanel | None = None

    def begin(self, parts: Mapping[str, int]) -> BeginPanel:
        """The clock of *parts*, where the session is kept, and a way to start a new one."""
        clock = self._joined("clock", ClockPanel(parts))
        self._begin = BeginPanel(clock, self._record, resumed=self._resumed, anew=self._anew)
        return self._begin

    def poll(self, statements: Sequence[str]) -> Poll:
        """Statements to ask before and after."""
        self._poll = Poll(statements)
        self._joined("poll before", self._poll.before)
        self._joined("poll after", self._poll.after)
        return self._poll

    def vote(
        self, question: str, options: Sequence[str], *, came_true: Sequence[str], look: Callable[[], list[Part]]
    ) -> LiveVote:
        """One question, with what came true to be told later."""
        self._vote = self._joined("vote", LiveVote(question, options, came_true=came_true, look=look))
        return self._vote

    def blocks(self) -> BlocksPanel:
        """The eight building blocks."""
        self._blocks = self._joined("blocks", BlocksPanel())
        return self._blocks

    def commitments(self) -> CommitmentsPanel:
        """Commitments to make."""
        self._commitments = self._joined("commitments", CommitmentsPanel(today=lambda: self._now().date()))
        return self._commitments

    def predict(
        self,
        question: str,
        options: list[str],
        look: Callable[[], list[Part]],
        *,
        answer: str,
        first: Sequence[Part] = (),
    ) -> KeptPrediction:
        """What is there to see *first*, a prediction, and then what came."""
        made = KeptPrediction(question, options, look, answer=answer, first=first)
        return self._joined(f"prediction: {question}", made)

    def save(self) -> SavePanel:
        """A button that makes the page of all this."""
        return self._joined("page", SavePanel(self.page, self._folder))

    def page(self) -> SessionPage:
        """All that was said so far; refused where a commitment does not hold."""
        poll, vote, written = self._poll, self._vote, self._commitments
        if written:
            written.sheet.settle()
        return SessionPage(
            self._title,
            self._now().date(),
            before=poll.before.closed if poll else None,
            after=poll.after.closed if poll else None,
            votes=tuple(vote.votes) if vote else (),
            came_true=vote.told.came_true if vote and vote.told.opened else (),
            weakest=self._blocks.shown if self._blocks else (),
            commitments=written.made() if written and not written.empty else (),
        )

    def _joined(self, name: str, part: Joined) -> Joined:
        part.join(self._record, name, self._changed)
        self._parts.append(part)
        return part

    def _changed(self) -> None:
        """There is something now that a new session would take away."""
        if self._begin is not None:
            self._begin.new.disabled = False

    def _anew(self) -> None:
        for part in self._parts:
            part.begin_again()
        self._record.forget()


class KeptPrediction(KeptPart):
    """A prediction to make before anything is shown, that stands there when the page is loaded again."""

    def __init__(
        self,
        question: str,
        options: list[str],
        look: Callable[[], list[Part]],
        *,
        answer: str,
        first: Sequence[Part] = (),
    ) -> None:
        """Ask, and show nothing but what is *first*."""
        self._first = [widget for part in first for widget in part.widgets()]
        self.panel = PredictThenLook(question, options, look, answer=answer)
        self.panel.prediction.observe(lambda _: self.keep(), "value")
        self.panel.go.on_click(self.keep)
        super().__init__([*self._first, self.panel])

    @property
    def asked(self) -> list[str]:
        """The question and its answers."""
        return [self.panel.prediction.legend, *self.panel.prediction.options]

    def state(self) -> dict[str, object]:
        """The answer that was chosen, and whether the room has looked."""
        return {"value": self.panel.prediction.value, "looked": bool(self.panel.out.children)}

    def restore(self, state: dict[str, object]) -> None:
        """As it was."""
        chosen = state["value"]
        self.panel.prediction.value = chosen if isinstance(chosen, str) else None
        if state["looked"]:
            self.panel.reveal()

    def begin_again(self) -> None:
        """No answer, and nothing shown."""
        self.panel.prediction.value = None
        self.panel.said.text, self.panel.out.children = "", ()

    def still(self) -> str:
        """What is first, the question, and what would be shown."""
        return "".join(widget.still() for widget in self._first) + self.panel.still()


class BeginPanel(Panel):
    """The clock, where the session is kept, and a way to start a new one, which asks whether it is meant."""

    def __init__(self, clock: ClockPanel, record: SessionRecord, *, resumed: bool, anew: Callable[[], object]) -> None:
        """Show what is kept."""
        self._record, self._anew = record, anew
        self.clock = clock.clock
        self.said = Sentence(_kept(record, "Here is the session as you left it." if resumed else ""))
        self.new = QuietButton("Start a new session", disabled=not resumed)
        self.sure, self.not_yet = Button("Yes, start a new one"), QuietButton("No, go on with this one")
        self.new.on_click(self._ask)
        self.sure.on_click(self._begin)
        self.not_yet.on_click(self._back)
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        self.buttons = ipywidgets.Box([self.new], layout=row)
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        super().__init__([clock, self.said, self.buttons], layout=column)

    def _ask(self) -> None:
        self.said.text = SURE
        self.buttons.children = (self.new, self.not_yet, self.sure)

    def _begin(self) -> None:
        self._anew()
        self.new.disabled = True
        self._back()

    def _back(self) -> None:
        self.said.text = _kept(self._record, "")
        self.buttons.children = (self.new,)


class SavePanel(KeptPart):
    """A button that writes the page of a session, and a link to have it from the browser too."""

    def __init__(self, page: Callable[[], SessionPage], folder: Path) -> None:
        """Write nothing yet."""
        self._page, self._folder = page, folder
        self._name = ""  # of this session's page, once there is one
        self.button, self.said, self.link = Button("Save as a page to print"), Sentence(), PageLink()
        self.button.on_click(self._write)
        super().__init__([self.button, self.said, self.link])

    @property
    def asked(self) -> list[str]:
        """Where pages go."""
        return [str(self._folder)]

    def state(self) -> dict[str, object]:
        """The name of the page."""
        return {"name": self._name}

    def restore(self, state: dict[str, object]) -> None:
        """The same page, should it be saved once more."""
        self._name = str(state["name"])

    def begin_again(self) -> None:
        """The next page gets a name of its own."""
        self._name, self.said.text = "", ""
        self.link.clear()

    def _write(self) -> None:
        self.said.text = ""
        self.link.clear()
        made = self._page()
        page, before = made.html(), self._name
        self._name = saved(page, self._folder, day=made.day, again=before)
        self.keep()
        once_more = " It is this session's page, saved once more." if self._name == before else ""
        missing = f" Not on it: {', '.join(made.missing)}." if made.missing else ""
        where = f"in the folder “{self._folder.name}” of flowlib"
        self.said.text = f"The page is “{self._name}”, {where}.{once_more}{missing}"
        self.link.give(page, self._name)


class PageLink(Shown):
    """A link that saves a page from the browser, without asking any server for it."""

    _esm = WEB / "table.js"
    markup = traitlets.Unicode().tag(sync=True)

    def give(self, page: str, name: str) -> None:
        """Offer *page* under its *name*."""
        inside = base64.b64encode(page.encode()).decode("ascii")
        where = f'href="data:text/html;base64,{inside}" download="{html.escape(name)}"'
        self.markup = f"<p><a {where}>Get a copy from your browser</a></p>"

    def clear(self) -> None:
        """Offer nothing."""
        self.markup = ""


def _kept(record: SessionRecord, first: str) -> str:
    return f"{first} What you count and write on this page is kept. {record.where()}".strip()
