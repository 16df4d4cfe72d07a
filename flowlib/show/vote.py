"""
How does a room vote on a shared screen, and how does it see that it changed its mind?

Hands are counted aloud and put in; no result shows until the vote is closed. What came
true is told apart from it, when somebody asks, so that the room can try its idea first.
A vote taken again stands beside the one before. A poll asks who agrees with a few
statements, one count each, before and after a session. No names are kept.

    vote = LiveVote("What would you fund?", ["20 beds", "8 places"], came_true=["8 places"])
    vote.told  # show it later: what came true
    poll = Poll(["More beds help most.", "We know which step holds us up."])
    poll.before  # show it at the start, and poll.after at the end
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.change.votes import Agreed, Hands, agreed, agreed_then, moved, outcome
from flowlib.core.checks import choice, need
from flowlib.show.choices import QuietButton
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.hands import HandBoxes, agreed_picture, hands_picture
from flowlib.show.kept_part import KeptPart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flowlib.show.part import Part

__all__ = ["LiveVote", "Poll", "PollSheet", "VoteTold"]

FIRST = "Read each answer aloud, and count the hands. The result shows when you close the vote."
AGAIN = "Count the hands again. The vote before stands beside this one when you close it."
ROOM = "People in the room"
FEWEST, MOST = 1, 5  # statements of a poll; more tire a room


class LiveVote(KeptPart):
    """
    One question to a room. Nothing of the result shows before "Close the vote".

    *came_true* are the answers that turned out right; *look* makes what is shown with
    them. Both wait in `told`, a panel of its own.
    """

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        *,
        came_true: Sequence[str] = (),
        look: Callable[[], list[Part]] | None = None,
    ) -> None:
        """Ask, with no hand counted."""
        self.votes: list[Hands] = []  # those that were closed, in order
        self.boxes = HandBoxes(question, options)
        self.ending, self.again = Button("Close the vote"), QuietButton("Vote again", disabled=True)
        self.next, self.said, self.out = Sentence(FIRST), Sentence(), ipywidgets.VBox([])
        self.told = VoteTold(self, tuple(choice("answer", one, options) for one in came_true), look)
        self.boxes.on_set(self.keep)
        self.ending.on_click(self._closed)
        self.again.on_click(self._anew)
        super().__init__([self.next, self.boxes, _row(self.ending, self.again), self.said, self.out])

    @property
    def asked(self) -> list[str]:
        """The question and its answers."""
        return [self.boxes.legend, *self.boxes.options]

    def state(self) -> dict[str, object]:
        """The closed votes, the hands that are up, and how far it has come."""
        votes = [list(one.counts) for one in self.votes]
        return {"votes": votes, "hands": self.boxes.value, "open": not self.boxes.disabled, "told": self.told.opened}

    def restore(self, state: dict[str, object]) -> None:
        """As it was."""
        question, options = self.boxes.legend, tuple(self.boxes.options)
        self.votes = [Hands(question, options, tuple(counts)) for counts in _lists(state["votes"])]
        if state["open"]:
            if self.votes:
                self._open_again()
            self.boxes.take(state["hands"])
        else:
            self.boxes.put(list(self.votes[-1].counts))
            self._show()
        if state["told"]:
            self.told.show()

    def begin_again(self) -> None:
        """No vote and no hand."""
        self.votes = []
        self._open_again()
        self.next.text = FIRST
        self.told.begin_again()

    def _closed(self) -> None:
        self.boxes.settle()
        self.votes.append(self.boxes.hands())
        self._show()
        self.keep()

    def _show(self) -> None:
        """The bars of the last vote, beside the one before."""
        hands, before = self.votes[-1], self.votes[-2] if len(self.votes) > 1 else None
        self.boxes.disabled = self.ending.disabled = True
        self.again.disabled = False
        changed = moved(before, hands) if before is not None else ""
        self.next.text = "The vote is closed."
        self.said.text = f"{hands.sentence()} {changed}".strip()
        self.out.children = [hands_picture(hands, before, finding=hands.question).figure()]
        self.told.voted()

    def _anew(self) -> None:
        self._open_again()
        self.keep()

    def _open_again(self) -> None:
        """With no hand up, and the result out of sight."""
        self.boxes.clear()
        self.ending.disabled, self.again.disabled = False, True
        self.next.text, self.said.text = AGAIN, ""
        self.out.children = ()
        self.told.voted()


class VoteTold(Panel):
    """What came true, and what the room said; shown on request, once a vote is closed."""

    def __init__(self, vote: LiveVote, came_true: tuple[str, ...], look: Callable[[], list[Part]] | None) -> None:
        """Show nothing yet."""
        self._vote, self.came_true, self._look = vote, came_true, look
        self.opened = False
        self.button, self.said, self.under = Button("Show what each one does"), Sentence(), ipywidgets.VBox([])
        self.button.on_click(self._asked)
        super().__init__([self.button, self.said, self.under], layout=_column())

    def _asked(self) -> None:
        need(self._vote.votes, "Close the vote first. Then see what each one does.")
        self.show()
        self._vote.keep()

    def show(self) -> None:
        """What came true, beside the last vote."""
        self.opened = True
        if self._look is not None:
            self.under.children = [widget for part in self._look() for widget in part.widgets()]
        self.voted()

    def voted(self) -> None:
        """Follow the last vote, once this is open."""
        if self.opened and self.came_true and self._vote.votes:
            self.said.text = outcome(self._vote.votes[-1], self.came_true)

    def begin_again(self) -> None:
        """Show nothing."""
        self.opened, self.said.text, self.under.children = False, "", ()

    def still(self) -> str:
        """What would be shown, without the hands."""
        return "".join(widget.still() for part in self._look() for widget in part.widgets()) if self._look else ""


class Poll:
    """
    Who agrees with the same few statements before and after a session?

    `before` and `after` are two panels to show.
    """

    def __init__(self, statements: Sequence[str]) -> None:
        """Nothing asked yet."""
        told = f"A poll has {FEWEST} to {MOST} statements; {len(statements)} came."
        need(FEWEST <= len(statements) <= MOST, told)
        self.before = PollSheet(statements, "Close the poll")
        self.after = PollSheet(statements, "Close the poll and compare", earlier=self.before)
        self.before.ending.on_click(self._same_room)

    def _same_room(self) -> None:
        """Nobody counts the people again, unless somebody came or left."""
        room, *counts = self.after.boxes.value
        if room is None and self.before.closed is not None:
            self.after.boxes.put([self.before.closed.room, *counts])
            self.after.keep()


class PollSheet(KeptPart):
    """How many people there are, and how many agree with each statement; beside *earlier* counts, if any."""

    def __init__(self, statements: Sequence[str], button: str, *, earlier: PollSheet | None = None) -> None:
        """Count nobody yet."""
        self._earlier = earlier
        self.closed: Agreed | None = None  # the counts, once the poll is closed
        self.boxes = HandBoxes("Hands up, who agrees?", [ROOM, *statements], counted_apart=True)
        self.ending, self.again = Button(button), QuietButton("Count again", disabled=True)
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.boxes.on_set(self.keep)
        self.ending.on_click(self._closed)
        self.again.on_click(self._anew)
        super().__init__([self.boxes, _row(self.ending, self.again), self.said, self.out])

    @property
    def asked(self) -> list[str]:
        """The statements."""
        return list(self.boxes.options)

    def state(self) -> dict[str, object]:
        """The counts, and whether the poll is closed."""
        return {"hands": self.boxes.value, "closed": self.closed is not None}

    def restore(self, state: dict[str, object]) -> None:
        """As it was."""
        self.boxes.take(state["hands"])
        if state["closed"]:
            self._show()

    def begin_again(self) -> None:
        """No count."""
        self._open()
        self.boxes.clear()

    def _closed(self) -> None:
        self.boxes.settle()
        self._show()
        self.keep()

    def _show(self) -> None:
        room, *counts = self.boxes.value
        self.closed = agreed(self.boxes.options[1:], counts, room)
        self.boxes.disabled = self.ending.disabled = True
        self.again.disabled = False
        if self._earlier is None:
            self.said.text = "The poll is closed. You see these counts again at the end."
            return
        earlier = self._earlier.closed
        self.out.children = [agreed_picture(self.closed, earlier).figure()]
        if earlier is None:
            self.said.text = "No poll was closed at the start, so there is nothing to compare with."
        else:
            self.said.text = f"{agreed_then(earlier, self.closed)} What changed your mind?"

    def _anew(self) -> None:
        self._open()
        self.keep()

    def _open(self) -> None:
        """Open the boxes as they stand, so that a slip can be put right."""
        self.boxes.disabled = self.ending.disabled = False
        self.again.disabled = True
        self.closed, self.said.text, self.out.children = None, "", ()


def _row(*buttons: Button) -> ipywidgets.Box:
    return ipywidgets.Box(list(buttons), layout=ipywidgets.Layout(flex_flow="row wrap", overflow="visible"))


def _column() -> ipywidgets.Layout:
    return ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")


def _lists(value: object) -> list[list[int]]:
    return [list(one) for one in value] if isinstance(value, list) else []
