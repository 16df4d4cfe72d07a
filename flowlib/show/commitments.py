"""
What does a meeting promise before it ends?

Up to three lines of what, who and by when. They are checked in plain words and read back
as a table. The sums are those of `change.commitments`; `session_parts` puts them on a page.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd
import traitlets

from flowlib.change import kept
from flowlib.change.aims.aim import spoken_day
from flowlib.change.commitments import ASKS, commitments
from flowlib.show.controls import Button, Sentence
from flowlib.show.kept_part import KeptPart
from flowlib.show.ordered import Ordered
from flowlib.show.still import WEB
from flowlib.show.table import TableView

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from flowlib.change.commitments import Commitment

__all__ = ["CommitmentsPanel", "commitments_panel"]

LINES = 3
CAPTION = "Our commitments"
SHOWN = (*ASKS[:-1], f"{ASKS[-1]} (31/03/2027)")
MOST = 300  # signs of a box; a longer text is no commitment


class Lines(Ordered):
    """The same few boxes to write in, line after line; each line is named *name* and its number."""

    _esm = WEB / "lines.js"
    _css = WEB / "lines.css"
    name = traitlets.Unicode().tag(sync=True)
    asks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    most = traitlets.Int(MOST).tag(sync=True)

    def __init__(self, name: str, asks: Sequence[str], *, lines: int) -> None:
        """Empty boxes."""
        self._empty = [[""] * len(asks) for _ in range(lines)]
        super().__init__([list(line) for line in self._empty], name=name, asks=list(asks))

    def fits(self, value: object) -> bool:
        """Whether *value* has a text for each box."""
        return (
            isinstance(value, list)
            and len(value) == len(self._empty)
            and all(isinstance(line, list) and len(line) == len(self.asks) for line in value)
            and all(isinstance(text, str) and len(text) <= self.most for line in value for text in line)
        )

    def clear(self) -> None:
        """Empty boxes."""
        self.put([list(line) for line in self._empty])

    def still(self) -> str:
        """What is asked for, and what was written."""
        rows = (f"{ask}: {text}" for line in self.value for ask, text in zip(self.asks, line, strict=True) if text)
        written = "".join(f"<li>{html.escape(row)}</li>" for row in rows)
        asked = html.escape(f"{self.name}: {', '.join(self.asks)}")
        return f'<div class="flowlib"><p>{asked}</p><ul>{written}</ul></div>'


class CommitmentsPanel(KeptPart):
    """Three lines to fill in, and to read back."""

    def __init__(self, *, today: Callable[[], dt.date]) -> None:
        """Empty lines."""
        self._today = today
        self.sheet = Lines("Commitment", SHOWN, lines=LINES)
        self.show, self.said, self.out = Button("Read them back"), Sentence(), ipywidgets.VBox([])
        self.sheet.on_set(self._written)
        self.show.on_click(self._read_back)
        super().__init__([self.sheet, self.show, self.said, self.out])

    @property
    def asked(self) -> list[str]:
        """The boxes of a line."""
        return list(self.sheet.asks)

    def state(self) -> dict[str, object]:
        """What is written."""
        return {"lines": self.sheet.value}

    def restore(self, state: dict[str, object]) -> None:
        """As it was written."""
        self.sheet.take(state["lines"])

    def begin_again(self) -> None:
        """Empty boxes."""
        self.sheet.clear()
        self._hush()

    @property
    def empty(self) -> bool:
        """Whether nothing is written."""
        return not any(text.strip() for line in self.sheet.value for text in line)

    def made(self) -> tuple[Commitment, ...]:
        """The lines as they stand, checked; refused where one does not hold."""
        return commitments(self.sheet.value, today=self._today())

    def _written(self) -> None:
        self._hush()
        self.keep()

    def _hush(self) -> None:
        """What was read back goes where the lines are no longer the same."""
        self.said.text, self.out.children, self.show.problem = "", (), ""

    def _read_back(self) -> None:
        self.sheet.settle()
        self._hush()
        made = self.made()
        rows = pd.DataFrame(
            [(one.what, one.who, spoken_day(one.by)) for one in made], columns=["what", "who", "by when"]
        )
        self.out.children = (TableView(rows, caption=CAPTION),)
        count = "1 commitment" if len(made) == 1 else f"{len(made)} commitments"
        self.said.text = f"{count}. Read each one aloud. Does everybody agree?"


def commitments_panel() -> CommitmentsPanel:
    """Up to three commitments to make."""
    return CommitmentsPanel(today=lambda: kept.now().date())
