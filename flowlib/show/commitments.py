"""
What does a meeting promise before it ends, and how does it take that away?

Three lines of what, who and by when. They are checked in plain words, shown as a table,
and saved only when somebody asks for it: as one page to print, in the folder `own`.
The sums and the page are those of `change.commitments`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from flowlib.change import kept
from flowlib.change.aims.aim import spoken_day
from flowlib.change.commitments import commitments, page
from flowlib.core import checks, data
from flowlib.show.choices import QuietButton
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.table import TableView

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flowlib.change.commitments import Commitment

__all__ = ["FILE", "CommitmentsPanel", "commitments_panel"]

FILE = "our_commitments.html"
LINES = 3
CAPTION = "Our commitments"
ASKS = (("what we will do", 2), ("who, by role", 1), ("by when, such as 31/03/2027", 1))  # and the part of the row


class CommitmentsPanel(Panel):
    """Three lines to fill in, read them back, and save them as a page to print."""

    def __init__(self, folder: Path, *, title: str, today: Callable[[], dt.date]) -> None:
        """Empty lines; nothing is written to *folder* before somebody asks for it."""
        self._folder, self._title, self._today = folder, title, today
        self.lines = [[_box(f"{number}. {ask}", wide) for ask, wide in ASKS] for number in range(1, LINES + 1)]
        self.show, self.save = Button("Read them back"), QuietButton("Save as a page to print")
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.show.on_click(self._read_back)
        self.save.on_click(self._write)
        across = {"flex_flow": "row wrap", "overflow": "visible"}
        rows = [
            ipywidgets.Box(line, layout=ipywidgets.Layout(grid_gap="4px 16px", margin="0 0 10px", **across))
            for line in self.lines
        ]
        buttons = ipywidgets.Box([self.show, self.save], layout=ipywidgets.Layout(**across))
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        super().__init__([*rows, buttons, self.said, self.out], layout=column)

    def _checked(self) -> tuple[Commitment, ...]:
        """The lines as they stand; what was shown goes where they do not hold."""
        self.said.text, self.out.children = "", ()
        return commitments([[box.value for box in line] for line in self.lines], today=self._today())

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


def _box(label: str, wide: int) -> ipywidgets.Widget:
    """A box under its label, as wide as its part of the row."""
    layout = ipywidgets.Layout(
        width="auto", min_width="15em", flex=f"{wide} 1 {15 * wide}em", flex_flow="column", height="auto"
    )
    style = {"description_width": "initial"}
    return ipywidgets.Text(description=label, style=style, layout=layout)
