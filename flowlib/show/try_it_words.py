"""Which words stand on every what-if, in a notebook and on a page to send? And what is predicted?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "AGAIN",
    "ALONE",
    "CAPTION",
    "COMPARE",
    "FIRST",
    "GO",
    "NO_PAGE",
    "NO_TABLE",
    "RESET",
    "SAVE",
    "STOPPED",
    "TABLE",
    "THEN",
    "WORKING",
    "Question",
    "on_the_page",
]

GO, RESET, COMPARE, ALONE = "See what happens", "Start again", "Compare with today", "Without today"
TABLE, NO_TABLE, SAVE = "Numbers as a table", "Hide the table", "Save as a page to send"
FIRST = f"Choose what you predict. Then press “{GO}”."
THEN = "Now move a control. The picture and the words follow."
AGAIN = "All is as it was at the start. Predict again."
WORKING, STOPPED = "Working on it", "Stopped. Move a control to go on."
NO_PAGE = "No page was made."
CAPTION = "The numbers in the picture"
WHERE_IT_STANDS = ("first", "then", "again")  # what to do next, of which one is in view at any time
ON_THE_PAGE = {
    "go": GO,
    "reset": RESET,
    "compare": COMPARE,
    "alone": ALONE,
    "table": TABLE,
    "no_table": NO_TABLE,
    "first": FIRST,
    "then": THEN,
    "again": AGAIN,
}


@dataclass(frozen=True)
class Question:
    """What is predicted before the first look, and which answer came true."""

    legend: str
    options: Sequence[str]
    came_true: Callable[[Any], str]  # a result to one of the options
    at: Mapping[str, Any] = field(default_factory=dict)  # the settings that it asks about; others stay as they are

    def told(self, guess: str, came: str) -> str:
        """The prediction beside what came."""
        if guess == came:
            return f"You predicted “{guess}”, and so it was. What made you think so?"
        return f"You predicted “{guess}”. It was “{came}”. Why might that be?"


def on_the_page(note: str) -> dict[str, str]:
    """The words of a page to send, with *note* after what to do next, so that it stays in view."""
    return {key: f"{said} {note}".strip() if key in WHERE_IT_STANDS else said for key, said in ON_THE_PAGE.items()}
