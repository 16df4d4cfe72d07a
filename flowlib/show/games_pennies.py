"""
The coin game on screen: pass work on in batches, and see when the first and the last are out.

The same sum told twice: coins at a table, and people to go home after a ward round. A
class types in its own times. The sums are those of `diagnose.games.pennies`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from flowlib.core.checks import need
from flowlib.diagnose.games import pennies
from flowlib.show.controls import Button, Panel, Prediction, Slider
from flowlib.show.games_own import Box, OwnNumbers
from flowlib.show.games_parts import GamePanel, Shot, shut
from flowlib.show.games_penny_charts import penny_chart, times_chart
from flowlib.show.table import TableView

if TYPE_CHECKING:
    from pathlib import Path

    import ipywidgets

    from flowlib.diagnose.games.pennies import Passed
    from flowlib.show.picture import Picture

__all__ = ["PennyPanel", "penny_panel"]


class Story(NamedTuple):
    """One telling of the game."""

    things: str
    hands: str  # who or what each piece passes through
    unit: str
    each: float  # time for one piece in one pair of hands, in that unit


STORIES = {
    "Coins, 1 second each": Story("coins", "person", "seconds", 1.0),
    "Patients going home, 3 minutes a task": Story("patients", "task", "minutes", 3.0),
}
PIECES, PEOPLE, FIRST = 20, 5, 5
BOXES = (Box("Batch", 1, PIECES), Box("First, secs", 1, 3600), Box("All, secs", 1, 3600))
GUESSES = ("100 seconds", "80 seconds", "60 seconds", "40 seconds", "20 seconds")
ASKS = (
    f"First predict. {PEOPLE} people pass on {PIECES} coins. All together it takes 100 seconds. "
    f"In batches of {FIRST}, when are all coins done?"
)
HINT = "Pass the coins on."


class PennyPanel(GamePanel):
    """Predict, pass on, compare; after the first game the batches can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Pass nothing on yet."""
        self.story = Prediction("What is passed on?", list(STORIES), value=next(iter(STORIES)))
        self.batch = Slider("Passed on in batches of", value=FIRST, min=1, max=PIECES)
        self.people = Slider("People, or tasks, in a row", value=PEOPLE, min=2, max=8)
        self.go = Button("Pass them on")
        self.tried: dict[tuple[Story, int, int], Passed] = {}
        own = OwnNumbers(BOXES.__getitem__, len(BOXES), row="try", check=timed)
        super().__init__(ASKS, GUESSES, hint=HINT, own=own, folder=folder)
        self.go.on_click(self.draw)
        self.follow(self.batch, self.people, self.story)

    def dealt(self) -> list[ipywidgets.Widget]:
        """The batch, the people and the story."""
        return [self.go, self.batch, self.people, self.story]

    def permit(self) -> None:
        """Pass on after a prediction; change the rules after a first game."""
        super().permit()
        shut([self.go], to=self.prediction.value is None or self.tested)
        shut([self.batch, self.people, self.story], to=not self.tested)

    def begin(self) -> None:
        """The game as at first, and nothing tried."""
        self.story.value, self.batch.value, self.people.value = next(iter(STORIES)), FIRST, PEOPLE
        self.tried = {}

    def shot(self) -> Shot | None:
        """The picture, what was tried so far, and what it says to the prediction."""
        if self.by_class:
            return self._timed()
        told = self._told()
        made = pennies.passed_on(int(self.batch.value), people=int(self.people.value), each=told.each)
        self.tried[told, made.people, made.batch] = made
        most = made.people * made.pieces * made.each
        tried = TableView(self._table(told), caption="What you tried")
        return Shot(_picture(made, told, most), made.sentence(told.unit), self.settled(), (tried,))

    def settled(self) -> str:
        """What the sum says of the batches that were predicted for."""
        return f"In batches of {FIRST}, all coins are done after {_by_sum():g} seconds."

    def file(self) -> str:
        """The batch's own name, or the class's."""
        if self.by_class:
            return "coins_our_class"
        return f"{self._told().things}_in_batches_of_{self.batch.value}"

    def _told(self) -> Story:
        return STORIES[str(self.story.value)]

    def _table(self, told: Story) -> pd.DataFrame:
        """What was tried of this story, largest batches first."""
        mine = [made for (story, _, _), made in self.tried.items() if story == told]
        rows = [(made.batch, made.people, made.first_out, made.all_done) for made in mine]
        heads = ["batch", "in a row", f"first out, {told.unit}", f"all done, {told.unit}"]
        return pd.DataFrame(rows, columns=heads).sort_values(heads[:2], ascending=[False, True], ignore_index=True)

    def _timed(self) -> Shot | None:
        """The class's own times; a try in the batches that were predicted for meets the prediction."""
        if not self.own.rows:
            return None
        table = timed(self.own.rows)
        best = table.loc[table["all_done"].idxmin()]
        told = f"Your best: the first is out after {best['first_out']:g} seconds, and all after {best['all_done']:g}."
        like = table.loc[table["batch"] == FIRST, "all_done"]
        verdict = ""
        if len(like):
            took = f"Your best in batches of {FIRST} took {like.min():g} seconds"
            verdict = f"{took}; the sum says {_by_sum():g}."
        picture = times_chart(table, unit="seconds")
        return Shot(picture, told, verdict, (TableView(picture.table, caption="What you tried"),))


def timed(rows: list[list[int]]) -> pd.DataFrame:
    """
    A class's times beside the sum, with a second for each coin in each pair of hands.

    Rows are batch, seconds to the first out, seconds to all done. A batch of more than 20
    is refused, and so is a first that comes after all.

    >>> timed([[5, 31, 52]]).to_dict("records")
    [{'batch': 5, 'first_out': 31, 'all_done': 52, 'first_sum': 25.0, 'all_sum': 40.0}]
    """
    made = []
    for place, (batch, first, last) in enumerate(rows, start=1):
        need(
            first <= last,
            f"Try {place}: all were done after {last} seconds, before the first was out after {first}. "
            "Correct one of them.",
        )
        by_sum = pennies.passed_on(batch)
        made.append((batch, first, last, by_sum.first_out, by_sum.all_done))
    return pd.DataFrame(made, columns=["batch", "first_out", "all_done", "first_sum", "all_sum"])


def _by_sum() -> float:
    """When all coins are done in the batches that are predicted for, seconds."""
    return pennies.passed_on(FIRST, pieces=PIECES, people=PEOPLE).all_done


def _picture(made: Passed, told: Story, most: float) -> Picture:
    return penny_chart(made, unit=told.unit, things=told.things, hands=told.hands, most=most)


def penny_panel() -> Panel:
    """Twenty coins, five people: predict what smaller batches do, then pass them on."""
    return PennyPanel().show()
