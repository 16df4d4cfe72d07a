"""
What does a meeting promise before it ends, and how does it take that away?

Three lines of what, who and by when. They are checked in plain words, shown as a table,
and saved only when somebody asks for it: as one page to print, in the folder `own`.
The sums and the page are those of `change.commitments`.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd
import traitlets

from flowlib.change import kept
from flowlib.change.aims.aim import spoken_day
from flowlib.change.commitments import commitments, page
from flowlib.core import checks, data
from flowlib.show.choices import QuietButton
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.still import WEB, Shown
from flowlib.show.table import TableView

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from flowlib.change.commitments import Commitment

__all__ = ["FILE", "CommitmentsPanel", "commitments_panel"]

FILE = "our_commitments.html"
LINES = 3
CAPTION = "Our commitments"
ASKS = ("What we will do", "Who, by role", "By when (31/03/2027)")
MOST = 300  # signs of a box; a longer text is no commitment


class Lines(Shown):
    """The same few boxes to write in, line after line; each line is named *name* and its number."""

    _esm = WEB / "lines.js"
    _css = WEB / "lines.css"
    name = traitlets.Unicode().tag(sync=True)
    asks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    lines = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    most = traitlets.Int(MOST).tag(sync=True)

    def __init__(self, name: str, asks: Sequence[str], *, lines: int) -> None:
        """Empty boxes."""
        super().__init__(name=name, asks=list(asks), lines=[[""] * len(asks) for _ in range(lines)])

    def still(self) -> str:
        """What is asked for, and what was written."""
        rows = (f"{ask}: {text}" for line in self.lines for ask, text in zip(self.asks, line, strict=True) if text)
        written = "".join(f"<li>{html.escape(row)}</li>" for row in rows)
        asked = html.escape(f"{self.name}: {', '.join(self.asks)}")
        return f'<div class="flowlib"><p>{asked}</p><ul>{written}</ul></div>'


class CommitmentsPanel(Panel):
    """Three lines to fill in, read them back, and save them as a page to print."""

    def __init__(self, folder: Path, *, title: str, today: Callable[[], dt.date]) -> None:
        """Empty lines; nothing is written to *folder* before somebody asks for it."""
        self._folder, self._title, self._today = folder, title, today
        self.sheet = Lines("Commitment", ASKS, lines=LINES)
        self.show, self.save = Button("Read them back"), QuietButton("Save as a page to print")
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.show.on_click(self._read_back)
        self.save.on_click(self._write)
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        buttons = ipywidgets.Box([self.show, self.save], layout=row)
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        super().__init__([self.sheet, buttons, self.said, self.out], layout=column)

    def _checked(self) -> tuple[Commitment, ...]:
        """The lines as they stand; what was shown goes where they do not hold."""
        self.said.text, self.out.children = "", ()
        self.show.problem = self.save.problem = ""
        return commitments(self.sheet.lines, today=self._today())

    def _read_back(self) -> None:
        made = self._checked()
        rows = pd.DataFrame(
            [(one.what, one.who, spoken_day(one.by)) for one in made], columns=["what", "who", "by when"]
        )
        self.out.children = (TableView(rows, caption=CAPTION),)
        count = "1 commitment" if len(made) == 1 else f"{len(made)} commitments"
        self.said.text = f"{count}. Read each one aloud. Does everybody agree?"

    def _write(self) -> None:
        made = self._checked()
        self._read_back()
        try:
            self._folder.mkdir(exist_ok=True)
            kept.write(self._folder / FILE, page(made, title=self._title, today=self._today()))
        except OSError:
            raise checks.Refusal(
                f'Nothing can be written in the folder "{self._folder.name}". Copy the lines from the screen.'
            ) from None
        self.said.text = f"The page is “{FILE}”, in the folder “{self._folder.name}”. Open it, and print it."


def commitments_panel(title: str = "What we will do", *, folder: str | Path | None = None) -> CommitmentsPanel:
    """
    Three commitments to make; a page of them goes to *folder*, by default `own` beside the notebooks.

    Nothing is written before "Save as a page to print" is pressed.
    """
    place = data.FOLDER.parent / "own" if folder is None else Path(folder)
    return CommitmentsPanel(place, title=title, today=lambda: kept.now().date())
