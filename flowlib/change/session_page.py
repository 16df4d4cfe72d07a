"""
What does a session leave behind? One page to print: polls, votes, weakest blocks, commitments.

A page never takes the place of another session's: its name has the day, and a number
where there is one of that day already.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from flowlib.change import kept, paper
from flowlib.change.aims.aim import spoken_day
from flowlib.change.commitments import ASKS
from flowlib.change.votes import agreed_then, outcome
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from flowlib.change.commitments import Commitment
    from flowlib.change.votes import Agreed, Hands

__all__ = ["SessionPage", "saved"]

NAME = "board_session"
WIDTHS = (50, 28, 22)  # of 100 parts of the page: what, who, by when
ROOM_LINES = 2  # to write on, for what came of it
MOST_IN_A_DAY = 99  # pages


@dataclass(frozen=True)
class SessionPage:
    """What a room said in one session; each part may be missing."""

    title: str
    day: dt.date
    before: Agreed | None = None
    after: Agreed | None = None
    votes: tuple[Hands, ...] = ()  # in order, all on one question
    came_true: tuple[str, ...] = ()  # the answers that turned out right, once the room was told
    weakest: tuple[str, ...] = ()  # building blocks, by name
    commitments: tuple[Commitment, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """
        What is not there yet.

        >>> import datetime as dt
        >>> SessionPage("Our session", dt.date(2026, 11, 22), weakest=("Good information and IT",)).missing[2:]
        ('the vote', 'commitments')
        """
        parts = {
            "the poll at the start": self.before,
            "the poll at the end": self.after,
            "the vote": self.votes,
            "the three building blocks": self.weakest,
            "commitments": self.commitments,
        }
        return tuple(name for name, part in parts.items() if not part)

    def html(self) -> str:
        """
        The page; refused where nothing was said yet.

        >>> import datetime as dt
        >>> page = SessionPage("Our session", dt.date(2026, 11, 22), weakest=("Good information and IT",))
        >>> "<li>Good information and IT</li>" in page.html()
        True
        """
        said = [*self._made(), *self._weakest(), *self._voted(), *self._polled()]
        checks.need(said, "There is nothing to save yet. Close a poll or a vote, or write a commitment.")
        head = [
            f"<h1>{escape(self.title)}</h1>",
            f'<p class="quiet">{spoken_day(self.day)}. Hands were counted, and no names.</p>',
        ]
        room = ["<h2>What came of it</h2>", '<div class="room"></div>' * ROOM_LINES]
        return paper.document(self.title, head, said, room)

    def _made(self) -> list[str]:
        if not self.commitments:
            return []
        rows = [[escape(one.what), escape(one.who), spoken_day(one.by)] for one in self.commitments]
        return ["<h2>Our commitments</h2>", *paper.table("What, who and by when", ASKS, rows, widths=WIDTHS)]

    def _weakest(self) -> list[str]:
        if not self.weakest:
            return []
        return ["<h2>The building blocks that we stand on least</h2>", *paper.items(self.weakest)]

    def _voted(self) -> list[str]:
        if not self.votes:
            return []
        names = ["Hands"] if len(self.votes) == 1 else [f"Vote {number + 1}" for number in range(len(self.votes))]
        asked, places = self.votes[0], range(len(self.votes[0].options))
        rows = [[escape(asked.options[row]), *(str(vote.counts[row]) for vote in self.votes)] for row in places]
        told = outcome(self.votes[-1], self.came_true) if self.came_true else self.votes[-1].sentence()
        numbers = range(1, len(names) + 1)
        table = paper.table(asked.question, ("Answer", *names), rows, numbers=numbers)
        return ["<h2>Our vote</h2>", *table, f"<p>{escape(told)}</p>"]

    def _polled(self) -> list[str]:
        polls = [(name, poll) for name, poll in (("At the start", self.before), ("At the end", self.after)) if poll]
        if not polls:
            return []
        statements = polls[0][1].statements
        rows = [
            [escape(words), *(f"{poll.counts[row]} of {poll.room}" for _, poll in polls)]
            for row, words in enumerate(statements)
        ]
        heads = ("Statement", *(name for name, _ in polls))
        table = paper.table("How many agreed", heads, rows, numbers=range(1, len(heads)))
        told = [f"<p>{escape(agreed_then(self.before, self.after))}</p>"] if self.before and self.after else []
        return ["<h2>What we agreed with</h2>", *table, *told]


def saved(page: str, folder: Path, *, day: dt.date, again: str = "") -> str:
    """
    Write *page* into *folder*, which is made where it is not there; the name that the file got.

    The name has the *day*, and a number where another page has that name. *again* is the
    name of this same session's earlier page, which is the only one written over.
    """
    told = f'Nothing can be written in the folder "{folder.name}". Print this page from your browser.'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = again if again and (folder / again).is_file() else _new(folder, day)
        kept.write(folder / name, page)
    except OSError:
        raise checks.Refusal(told) from None
    return name


def _new(folder: Path, day: dt.date) -> str:
    """A name that no file had; the empty file is there from now on, so that nobody else takes it."""
    names: Sequence[str] = [f"{NAME}_{day:%Y-%m-%d}{f'_{number}' if number > 1 else ''}.html"
                            for number in range(1, MOST_IN_A_DAY + 1)]  # fmt: skip
    for name in names:
        try:
            (folder / name).open("x", encoding="utf-8").close()
        except FileExistsError:
            continue
        return name
    raise checks.Refusal(f'The folder "{folder.name}" has {MOST_IN_A_DAY} pages of this day. Move some of them.')
