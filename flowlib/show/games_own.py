"""
How does a class put in what it threw, drew or timed at its own table?

A row of boxes, filled in again and again, or a table to paste. Where the table may be
larger or smaller, a control says how many sit at it, until the first row is in.
"""

from __future__ import annotations

import html
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import ipywidgets
import traitlets

from flowlib.core.checks import Refusal, need
from flowlib.diagnose.games import read_rows
from flowlib.show.controls import Button, Sentence, Slider
from flowlib.show.ordered import settle
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Box", "OwnNumbers", "side_by_side"]


class Box(NamedTuple):
    """A number that a class types in."""

    label: str
    low: int
    high: int


class Numbers(Shown):
    """
    Boxes for whole numbers in a row, each under its label, and one to paste many rows into.

    `values` has a number a box, None where it is empty, and `pasted` the text, both as the
    page last told them. *entered* is called when somebody presses Enter in a box.
    """

    _esm = WEB / "numbers.js"
    _css = WEB / "numbers.css"
    legend = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.List(traitlets.Int()).tag(sync=True)
    high = traitlets.List(traitlets.Int()).tag(sync=True)
    paste_label = traitlets.Unicode().tag(sync=True)
    cleared = traitlets.Int().tag(sync=True)  # how often: the page empties its boxes each time
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, legend: str, boxes: Sequence[Box], *, paste_label: str, entered: Callable[[], object]) -> None:
        """Empty boxes."""
        labels, low, high = ([box[part] for box in boxes] for part in range(3))
        super().__init__(legend=legend, labels=labels, low=low, high=high, paste_label=paste_label)
        self.values: list[Any] = [None] * len(labels)
        self.pasted = ""
        self.heard_at: float | None = None  # when, by `time.monotonic`, something was typed
        self._entered = entered
        self.on_msg(self._heard)

    def clear(self) -> None:
        """Empty boxes again."""
        self.values, self.pasted = [None] * len(self.labels), ""
        self.cleared += 1

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        """What was typed, or Enter in a box."""
        if content.get("kind") == "typed":
            self.values, self.pasted = content["values"], content["pasted"]
            self.heard_at = time.monotonic()
        if content.get("kind") == "enter" and not self.disabled:
            self._entered()

    def still(self) -> str:
        """What is asked for."""
        return f'<p class="flowlib">{html.escape(self.legend)}: {html.escape(", ".join(self.labels))}</p>'


class OwnNumbers:
    """
    A row of number boxes to fill in again and again, or a table to paste.

    *box* makes the box of each place, counted from 0; *many* says how many places there are.
    """

    def __init__(
        self,
        box: Callable[[int], Box],
        many: int | Slider,
        *,
        row: str,
        check: Callable[[list[list[int]]], object],
    ) -> None:
        """Collect rows, each a *row* such as "round"; *check* refuses what cannot be kept."""
        self._box, self._check, self._row = box, check, row
        self.many = many if isinstance(many, Slider) else None
        self._usual = int(many.value) if isinstance(many, Slider) else many
        self.rows: list[list[int]] = []
        self._place = ipywidgets.VBox([], layout=ipywidgets.Layout(overflow="visible"))
        self._open = False
        self.add, self.read = Button(f"Add this {row}"), Button("Read what I pasted")
        self.undo = Button(f"Take the last {row} out")
        self.said = Sentence()
        self._changed: list[Callable[[], object]] = []
        self.add.on_click(self._add)
        self.undo.on_click(lambda: self._keep(self.rows[:-1]))
        self.read.on_click(self._read)
        if self.many is not None:
            self.many.observe(lambda _: self._lay(), "value")
        self._lay()

    @property
    def hint(self) -> str:
        """What to do where there is no row yet."""
        return f"Fill in every box for your first {self._row}, and add it. Or paste them all."

    def on_change(self, action: Callable[[], object]) -> None:
        """Call *action* whenever the rows are others."""
        self._changed.append(action)

    def show(self) -> list[ipywidgets.Widget]:
        """The boxes and buttons."""
        first = [] if self.many is None else [self.many]
        return [*first, self._place, side_by_side([self.add, self.undo, self.read]), self.said]

    def open(self, *, to: bool) -> None:
        """Let rows be added, or not. How many places there are is settled with the first row."""
        self._open = to
        self.numbers.disabled = self.add.disabled = self.read.disabled = not to
        self.undo.disabled = not (to and self.rows)
        if self.many is not None:
            self.many.disabled = not to or bool(self.rows)

    def clear(self) -> None:
        """No rows, as many places as at first, and nobody is told."""
        self.rows, self.said.text = [], ""
        if self.many is not None:
            self.many.value = self._usual
        self.numbers.clear()

    def _lay(self) -> None:
        """Empty boxes, one a place."""
        places = self._usual if self.many is None else int(self.many.value)
        self._asked = [self._box(place) for place in range(places)]
        self.numbers = Numbers(
            f"Your next {self._row}",
            self._asked,
            paste_label=f"Or paste, a line for each {self._row}",
            entered=self.add.click,
        )
        self._place.children = (self.numbers,)
        self.open(to=self._open)

    def _add(self) -> None:
        settle(lambda: self.numbers.heard_at)
        row = [_typed(box, value) for box, value in zip(self._asked, self.numbers.values, strict=True)]
        self._keep([*self.rows, row])

    def _read(self) -> None:
        settle(lambda: self.numbers.heard_at)
        low, high = min(box.low for box in self._asked), max(box.high for box in self._asked)
        table = read_rows(self.numbers.pasted, columns=len(self._asked), low=low, high=high)
        self._keep(table.tolist())

    def _keep(self, rows: list[list[int]]) -> None:
        if rows:
            self._check(rows)
        self.rows = rows
        self.numbers.clear()
        self.open(to=self._open)
        many = self._row if len(rows) == 1 else self._row[:-1] + "ies" if self._row == "try" else f"{self._row}s"
        self.said.text = f"{len(rows)} {many} in all."
        for action in self._changed:
            action()


def side_by_side(parts: Sequence[ipywidgets.Widget]) -> ipywidgets.Box:
    """*parts* in a row, as far as there is room."""
    return ipywidgets.Box(list(parts), layout=ipywidgets.Layout(flex_flow="row wrap", overflow="visible"))


def _typed(box: Box, value: Any) -> int:  # noqa: ANN401 - whatever the page sent
    if value is None:
        raise Refusal(f'There is no number for "{box.label}" yet. Fill in every box, then add.')
    right = box.low <= value <= box.high and value == int(value)
    need(right, f'"{box.label}" must be a whole number, {box.low} to {box.high}; {value:g} came. Correct it.')
    return int(value)
