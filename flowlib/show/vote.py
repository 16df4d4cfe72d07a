"""
How does a room vote on a shared screen, and how does it see that it changed its mind?

Hands are counted aloud and put in; no result shows until the vote is closed. Only then
is the answer told that came true. A vote taken again stands beside the one before, and
a poll asks the same few questions before and after a session. No names are kept, and
nothing is saved.

    vote = LiveVote("What would you fund?", ["20 beds", "8 places"], came_true=["8 places"])
    poll = Poll({"Is it news?": ["Yes", "Not sure", "No"]})
    poll.before  # show it at the start, and poll.after at the end
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.change.votes import Hands, moved, outcome
from flowlib.core.checks import choice, need
from flowlib.show.choices import QuietButton
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.hands import HandBoxes, hands_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flowlib.show.part import Part

__all__ = ["AGREE", "LiveVote", "Poll"]

FIRST = "Read each answer aloud, and count the hands. The result shows when you close the vote."
AGAIN = "Count the hands again. The vote before stands beside this one when you close it."
AGREE = ("Agree", "Not sure", "Disagree")
FEWEST, MOST = 1, 5  # questions of a poll; more tire a room


class LiveVote(Panel):
    """
    One question to a room. Nothing of the result shows before "Close the vote".

    *came_true* are the answers that turned out right, told when the vote is closed; *look*
    makes what is shown below them.
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
        self._came_true = tuple(choice("answer", one, options) for one in came_true)
        self._look = look
        self.votes: list[Hands] = []  # those that were closed, in order
        self.boxes = HandBoxes(question, options)
        self.ending, self.again = Button("Close the vote"), QuietButton("Vote again", disabled=True)
        self.next, self.said, self.told = Sentence(FIRST), Sentence(), Sentence()
        self.out, self.under = ipywidgets.VBox([]), ipywidgets.VBox([])
        self.ending.on_click(self._closed)
        self.again.on_click(self._anew)
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        buttons = ipywidgets.Box([self.ending, self.again], layout=row)
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        parts = [self.next, self.boxes, buttons, self.said, self.out, self.told, self.under]
        super().__init__(parts, layout=column)

    def _closed(self) -> None:
        """Count, show the bars, and tell what came true."""
        hands = self.boxes.hands()
        before = self.votes[-1] if self.votes else None
        self.votes.append(hands)
        self.boxes.disabled = self.ending.disabled = True
        self.again.disabled = False
        changed = moved(before, hands) if before is not None else ""
        self.next.text = "The vote is closed."
        self.said.text = f"{hands.sentence()} {changed}".strip()
        _put(self.out, hands, before)
        if self._came_true:
            self.told.text = outcome(hands, self._came_true)
        if self._look is not None:
            self.under.children = [widget for part in self._look() for widget in part.widgets()]

    def _anew(self) -> None:
        """Open again, with the result out of sight."""
        self.boxes.clear()
        self.ending.disabled, self.again.disabled = False, True
        self.next.text = AGAIN
        self.said.text = self.told.text = ""
        self.out.children = self.under.children = ()


class Poll:
    """
    The same few questions before and after a session; `before` and `after` are two panels to show.

    *questions* are the questions with their answers.
    """

    def __init__(self, questions: Mapping[str, Sequence[str]]) -> None:
        """Nothing asked yet."""
        told = f"A poll has {FEWEST} to {MOST} questions; {len(questions)} came."
        need(FEWEST <= len(questions) <= MOST, told)
        self.before = PollSheet(questions, "Close the poll")
        self.after = PollSheet(questions, "Close the poll and compare", earlier=self.before)


class PollSheet(Panel):
    """All questions of a poll, to be answered once; beside *earlier* answers, where there are some."""

    def __init__(
        self, questions: Mapping[str, Sequence[str]], button: str, *, earlier: PollSheet | None = None
    ) -> None:
        """Count no hand yet."""
        self._earlier = earlier
        self.closed: tuple[Hands, ...] = ()  # the answers, once the poll is closed
        self.boxes = [HandBoxes(question, options) for question, options in questions.items()]
        self.ending, self.again = Button(button), QuietButton("Count again", disabled=True)
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.ending.on_click(self._closed)
        self.again.on_click(self._anew)
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        buttons = ipywidgets.Box([self.ending, self.again], layout=row)
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        super().__init__([*self.boxes, buttons, self.said, self.out], layout=column)

    def _closed(self) -> None:
        counted = tuple(box.hands() for box in self.boxes)
        earlier = self._earlier.closed if self._earlier is not None else ()
        self._open(to=False)
        self.closed = counted
        if self._earlier is None:
            self.said.text = "These answers are kept until this page is closed. You see them at the end."
            return
        if not earlier:
            self.said.text = "There was no poll at the start, so there is nothing to compare with."
        else:
            self.said.text = "Here is each question, before and now. What changed your mind?"
        shown = []
        for number, hands in enumerate(counted):
            before = earlier[number] if earlier else None
            change = moved(before, hands) if before is not None else hands.sentence()
            figure = hands_picture(hands, before, finding=hands.question).figure()
            shown += [figure, Sentence(change)]
        self.out.children = shown

    def _anew(self) -> None:
        """Open the boxes as they stand, so that a slip can be put right."""
        self._open(to=True)
        self.closed, self.said.text, self.out.children = (), "", ()

    def _open(self, *, to: bool) -> None:
        for box in self.boxes:
            box.disabled = not to
        self.ending.disabled, self.again.disabled = not to, to


def _put(out: ipywidgets.VBox, hands: Hands, before: Hands | None) -> None:
    out.children = [hands_picture(hands, before, finding=hands.question).figure()]
