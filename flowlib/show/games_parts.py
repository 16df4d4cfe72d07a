"""
What do all games on screen share? Predict, play, compare, keep the results, start again.

Nothing can be played before a prediction is made, and it stands beside each result until
the game is begun anew. The computer deals the luck, or a class types in its own. All that
is on screen at one time, words, picture and tables, comes from one `Shot` of one game. The
sums are those of `diagnose.games`; none is done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ipywidgets

from flowlib.core import data
from flowlib.core.checks import need
from flowlib.show.controls import Button, Panel, Prediction, Sentence, Slider, panel
from flowlib.show.games_own import side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flowlib.show.figure import Figure
    from flowlib.show.games_own import OwnNumbers
    from flowlib.show.picture import Picture
    from flowlib.show.table import TableView

__all__ = ["GamePanel", "Shot", "shut"]

COMPUTER, CLASS = "The computer", "We do, at our own table"


class Shot(NamedTuple):
    """One game as it stands, with all that is shown of it."""

    picture: Picture
    sentence: str
    verdict: str = ""  # what it says to the prediction; empty while the game is not whole
    tables: tuple[TableView, ...] = ()


class GamePanel:
    """What every game has; a game adds its controls, its picture and its words."""

    def __init__(self, asks: str, options: Sequence[str], *, hint: str, own: OwnNumbers, folder: Path | None) -> None:
        """Ask for a prediction first; results are kept in *folder*, by default `own` beside the notebooks."""
        self._hint, self._folder = hint, folder or data.FOLDER.parent / "own"  # what to do once a prediction is made
        self.prediction = Prediction(asks, list(options))
        self.who = Prediction("Who plays?", [COMPUTER, CLASS], value=COMPUTER)
        self.own = own
        self.keep = Button("Save for Excel", disabled=True)
        self.reset = Button("Start again")
        self.said, self.predicted, self.kept = Sentence(), Sentence(), Sentence()
        self.out, self.below = ipywidgets.VBox([]), ipywidgets.VBox([])
        self.figure: Figure | None = None  # from the first picture on
        self.picture: Picture | None = None
        self.tested = False  # whether the prediction has met a result
        self._quiet = False  # while controls go back together, nothing follows them
        self._place = ipywidgets.VBox([], layout=ipywidgets.Layout(overflow="visible", min_width="0"))
        self.prediction.observe(lambda _: self._predicted(), "value")
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

    def shot(self) -> Shot | None:
        """The game as it stands, made at once from one result; None where nothing is played yet."""
        raise NotImplementedError

    def settled(self) -> str:
        """What is known of the question that was predicted, whatever game is shown."""
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

    def draw(self) -> None:
        """Show the game as it stands, in place of what is there; the first whole game meets the prediction."""
        shot = self.shot()
        if shot is None:
            self.clear()
            return
        self._show(shot.picture)
        self.below.children = shot.tables
        self.said.text, self.kept.text = shot.sentence, ""
        self.tested = self.tested or bool(shot.verdict)
        self._judge(shot.verdict)
        self.permit()

    def clear(self) -> None:
        """No picture, and what to do first."""
        self.out.children, self.below.children = (), ()
        self.picture, self.keep.disabled = None, True
        first = self.own.hint if self.by_class else self._hint
        then = f"Predict first. Then {first[0].lower()}{first[1:]}"
        self.said.text = then if self.prediction.value is None else first
        self.kept.text = ""
        self._judge("")

    def _show(self, picture: Picture) -> None:
        self.picture, self.keep.disabled = picture, False
        if self.figure is None:
            self.figure = picture.figure()
        else:
            self.figure.update(picture.chart, description=picture.description, table=picture.table)
        self.out.children = (self.figure,)

    def _judge(self, verdict: str) -> None:
        """The prediction beside the game that is shown; before the first whole game, nothing."""
        told = f"You predicted “{self.prediction.value}”. {verdict or self.settled()}" if self.tested else ""
        self.predicted.text = told

    def follow(self, *controls: Any) -> None:  # noqa: ANN401 - ipywidgets publishes no types
        """Draw again whenever one of *controls* changes, once something stands."""
        for control in controls:
            control.observe(lambda _: self._again(), "value")

    def back(self) -> None:
        """Everything as at first, and a new prediction to make."""
        self._quiet, self.tested = True, False
        self.own.clear()
        self.begin()
        self.prediction.value = None
        self._quiet = False
        self.clear()
        self.permit()

    def _predicted(self) -> None:
        if self.picture is None:
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


def shut(controls: Sequence[Button | Slider | Prediction], *, to: bool) -> None:
    """Close *controls*, or open them."""
    for control in controls:
        control.disabled = to
