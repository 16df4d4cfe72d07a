"""
What do all games on screen share? Predict, play, compare, keep the results, start again.

Nothing can be played before a prediction is made, and it stands beside the result until
the game is begun anew. The computer deals the luck, or a class types in its own. The
sums are those of `diagnose.games`; none is done here.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, NamedTuple

import ipywidgets
import traitlets

from flowlib.core import data
from flowlib.core.checks import Refusal, need
from flowlib.diagnose.games import read_rows
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flowlib.show.figure import Figure
    from flowlib.show.picture import Picture

__all__ = ["Box", "GamePanel", "OwnNumbers", "shut", "side_by_side"]

COMPUTER, CLASS = "The computer", "We do, at our own table"


class Box(NamedTuple):
    """A number that a class types in."""

    label: str
    low: int
    high: int


class Numbers(Shown):
    """Boxes for whole numbers in a row, each under its label, and one to paste many rows into."""

    _esm = WEB / "numbers.js"
    _css = WEB / "numbers.css"
    legend = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.List(traitlets.Int()).tag(sync=True)
    high = traitlets.List(traitlets.Int()).tag(sync=True)
    values = traitlets.List(trait=traitlets.Any()).tag(sync=True)  # numbers; None where a box is empty
    paste_label = traitlets.Unicode().tag(sync=True)
    pasted = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, legend: str, boxes: Sequence[Box], *, paste_label: str) -> None:
        """Empty boxes."""
        labels, low, high = ([box[part] for box in boxes] for part in range(3))
        empty = [None] * len(labels)
        super().__init__(legend=legend, labels=labels, low=low, high=high, values=empty, paste_label=paste_label)

    def still(self) -> str:
        """What is asked for."""
        return f'<p class="flowlib">{html.escape(self.legend)}: {html.escape(", ".join(self.labels))}</p>'


class OwnNumbers:
    """A row of number boxes to fill in again and again, or a table to paste."""

    def __init__(self, boxes: Sequence[Box], *, row: str, check: Callable[[list[list[int]]], object]) -> None:
        """Collect rows, each a *row* such as "round"; *check* refuses what cannot be kept."""
        self._asked, self._check, self._row = list(boxes), check, row
        self.rows: list[list[int]] = []
        self.numbers = Numbers(f"Your next {row}", boxes, paste_label=f"Or paste, a line for each {row}")
        self.add, self.read = Button(f"Add this {row}"), Button("Read what I pasted")
        self.undo = Button(f"Take the last {row} out")
        self.said = Sentence()
        self._changed: list[Callable[[], object]] = []
        self.add.on_click(self._add)
        self.undo.on_click(lambda: self._keep(self.rows[:-1]))
        self.read.on_click(self._read)
        self.open(to=False)

    @property
    def hint(self) -> str:
        """What to do where there is no row yet."""
        return f"Fill in every box for your first {self._row}, then add it. Or paste them all."

    def on_change(self, action: Callable[[], object]) -> None:
        """Call *action* whenever the rows are others."""
        self._changed.append(action)

    def show(self) -> list[ipywidgets.Widget]:
        """The boxes and buttons."""
        return [self.numbers, side_by_side([self.add, self.undo, self.read]), self.said]

    def open(self, *, to: bool) -> None:
        """Let rows be added, or not."""
        self.numbers.disabled = self.add.disabled = self.read.disabled = not to
        self.undo.disabled = not (to and self.rows)

    def clear(self) -> None:
        """No rows, and nobody is told."""
        self.rows, self.said.text = [], ""
        self._empty()

    def _empty(self) -> None:
        self.numbers.values, self.numbers.pasted = [None] * len(self._asked), ""

    def _add(self) -> None:
        row = [_typed(box, value) for box, value in zip(self._asked, self.numbers.values, strict=True)]
        self._keep([*self.rows, row])

    def _read(self) -> None:
        low, high = min(box.low for box in self._asked), max(box.high for box in self._asked)
        table = read_rows(self.numbers.pasted, columns=len(self._asked), low=low, high=high)
        self._keep(table.tolist())

    def _keep(self, rows: list[list[int]]) -> None:
        if rows:
            self._check(rows)
        self.rows = rows
        self._empty()
        self.undo.disabled = not rows
        many = self._row if len(rows) == 1 else self._row[:-1] + "ies" if self._row == "try" else f"{self._row}s"
        self.said.text = f"{len(rows)} {many} in all."
        for action in self._changed:
            action()


class GamePanel:
    """What every game has; a game adds its controls, its picture and its words."""

    def __init__(self, asks: str, options: Sequence[str], *, hint: str, own: OwnNumbers, folder: Path | None) -> None:
        """Ask for a prediction first; results are kept in *folder*, by default `own` beside the notebooks."""
        self._hint, self._folder = hint, folder or data.FOLDER.parent / "own"
        self.prediction = Prediction(asks, list(options))
        self.who = Prediction("Who plays?", [COMPUTER, CLASS], value=COMPUTER)
        self.own = own
        self.keep = Button("Save for Excel", disabled=True)
        self.reset = Button("Start again")
        self.said, self.predicted, self.kept = Sentence(hint), Sentence(), Sentence()
        self.out, self.below = ipywidgets.VBox([]), ipywidgets.VBox([])
        self.figure: Figure | None = None  # from the first picture on
        self.picture: Picture | None = None
        self.tested = False  # whether the prediction has met a result
        self._quiet = False  # while controls go back together, nothing follows them
        self._place = ipywidgets.VBox([], layout=ipywidgets.Layout(overflow="visible", min_width="0"))
        self.prediction.observe(lambda _: self.permit(), "value")
        self.who.observe(lambda _: self._seat(), "value")
        self.own.on_change(self.draw)
        self.keep.on_click(self._keep)
        self.reset.on_click(self.back)

    # What each game says for itself

    def dealt(self) -> list[ipywidgets.Widget]:
        """Controls for the computer's own game."""
        raise NotImplementedError

    def shared(self) -> list[ipywidgets.Widget]:
        """Controls that hold for both."""
        return []

    def permit(self) -> None:
        """Open and close the controls as things stand."""
        self.own.open(to=self.prediction.value is not None)
        self.prediction.disabled = self.tested

    def begin(self) -> None:
        """All controls of the game as at first."""
        raise NotImplementedError

    def draw(self) -> None:
        """Picture and words for things as they stand."""
        raise NotImplementedError

    def file(self) -> str:
        """The name under which results are kept."""
        raise NotImplementedError

    # What all games do alike

    @property
    def by_class(self) -> bool:
        """Whether the numbers are the class's own."""
        return bool(self.who.value == CLASS)

    def show(self) -> Panel:
        """The panel itself."""
        self._seat()
        controls = [
            self.prediction,
            self.who,
            self._place,
            *self.shared(),
            side_by_side([self.keep, self.reset]),
            self.kept,
        ]
        return panel(controls, [self.out, self.said, self.predicted, self.below])

    def put(self, picture: Picture, sentence: str) -> None:
        """Show *picture* in place of what stands, and say *sentence*."""
        self.picture = picture
        if self.figure is None:
            self.figure = picture.figure()
        else:
            self.figure.update(picture.chart, description=picture.description, table=picture.table)
        self.out.children = (self.figure,)
        self.said.text, self.kept.text = sentence, ""
        self.keep.disabled = False

    def clear(self) -> None:
        """No picture, and the first hint."""
        self.out.children, self.below.children = (), ()
        self.picture, self.keep.disabled = None, True
        self.said.text, self.kept.text = self.own.hint if self.by_class and self.tested else self._hint, ""

    def compare(self, told: str) -> None:
        """Put the prediction beside the first result; it stays so until the game starts again."""
        if not self.tested:
            self.tested = True
            self.predicted.text = f"You predicted “{self.prediction.value}”. {told}"
        self.permit()

    def follow(self, *controls: Any) -> None:  # noqa: ANN401 - ipywidgets publishes no types
        """Draw again whenever one of *controls* changes, once something stands."""
        for control in controls:
            control.observe(lambda _: self._again(), "value")

    def back(self) -> None:
        """Everything as at first, and a new prediction to make."""
        self._quiet = True
        self.tested, self.predicted.text = False, ""
        self.own.clear()
        self.begin()
        self.prediction.value = None
        self._quiet = False
        self.clear()
        self.permit()

    def _again(self) -> None:
        if self.picture is not None and not self._quiet:
            self.draw()

    def _seat(self) -> None:
        """The controls of whoever plays."""
        self._place.children = tuple(self.own.show() if self.by_class else self.dealt())
        if not self._quiet:
            self.clear()
            if self.own.rows and self.by_class:
                self.draw()
        self.permit()

    def _keep(self) -> None:
        need(self.picture is not None, "There is nothing to save yet. Play first.")
        assert self.picture is not None  # noqa: S101 - refused above
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self.picture.save(self._folder / f"{self.file()}.csv")
        self.kept.text = f"“{place.name}” is in the folder “{place.parent.name}”."


def side_by_side(parts: Sequence[ipywidgets.Widget]) -> ipywidgets.Box:
    """*parts* in a row, as far as there is room."""
    return ipywidgets.Box(list(parts), layout=ipywidgets.Layout(flex_flow="row wrap", overflow="visible"))


def _typed(box: Box, value: Any) -> int:  # noqa: ANN401 - whatever the page sent
    if value is None:
        raise Refusal(f'There is no number for "{box.label}" yet. Fill in every box, then add.')
    right = box.low <= value <= box.high and value == int(value)
    need(right, f'"{box.label}" must be a whole number, {box.low} to {box.high}; {value:g} came. Correct it.')
    return int(value)


def shut(controls: Sequence[Button | Slider | Prediction], *, to: bool) -> None:
    """Close *controls*, or open them."""
    for control in controls:
        control.disabled = to
