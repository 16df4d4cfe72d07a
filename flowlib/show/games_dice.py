"""
The dice game on screen: five people in a row, and what comes out of the last bowl.

Throw a round at a time or all at once; everybody who types the same game number has the
same luck. Or a class types in its own throws. The sums are those of `diagnose.games.dice`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from flowlib.diagnose.games import dice
from flowlib.show.controls import Panel, Prediction, Slider
from flowlib.show.games_dice_chart import dice_chart
from flowlib.show.games_own import Box, OwnNumbers
from flowlib.show.games_parts import Shot
from flowlib.show.games_rounds import RoundsPanel
from flowlib.show.table import TableView

if TYPE_CHECKING:
    from pathlib import Path

    import ipywidgets

    from flowlib.diagnose.games.dice import DiceGame

__all__ = ["DicePanel", "dice_panel"]

GUESSES = ("About 70", "About 60", "About 50", "About 40")
FACES = {"1 to 6": (1, 6), "2 to 5": (2, 5), "3 to 4": (3, 4)}
CAPS = {"any number": None, "6 at most": 6, "3 at most": 3}
HINT = "Throw one round, or all rounds."
ASKS = f"First predict. {dice.STATIONS} people, {dice.ROUNDS} rounds: how many pieces come out?"


class DicePanel(RoundsPanel):
    """Predict, throw, compare; after the first game the rules can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Throw nothing yet."""
        self.die = Prediction("Each throw is from", list(FACES), value=next(iter(FACES)))
        self.stations = Slider("People in a row", value=dice.STATIONS, min=3, max=8, unit="people")
        self.cap = Prediction("Each bowl holds", list(CAPS), value=next(iter(CAPS)))
        table = Slider("People at your table", value=dice.STATIONS, min=3, max=8, unit="people")
        own = OwnNumbers(lambda at: Box(f"Person {at + 1}", 1, 6), table, row="round", check=dice.play)
        super().__init__(
            ASKS, GUESSES, hint=HINT, row="round", folder=folder,
            length=Slider("Rounds", value=dice.ROUNDS, min=10, max=40, step=5, unit="rounds"),
            rules=[self.die, self.stations, self.cap], own=own,
        )  # fmt: skip

    def dealt(self) -> list[ipywidgets.Widget]:
        """Buttons, and the rules."""
        return [*self.buttons(), self.die, self.stations, self.length]

    def shared(self) -> list[ipywidgets.Widget]:
        """The cap holds for a class's throws too."""
        return [self.cap]

    def begin(self) -> None:
        """The game as at first."""
        super().begin()
        self.die.value, self.cap.value = next(iter(FACES)), next(iter(CAPS))
        self.stations.value, self.length.value = dice.STATIONS, dice.ROUNDS

    def result(self) -> DiceGame:
        """The game as it stands."""
        cap = CAPS[str(self.cap.value)]
        if self.by_class:
            return dice.play(self.own.rows, cap=cap)
        low, high = FACES[str(self.die.value)]
        thrown = dice.throws(
            self.turns, stations=int(self.stations.value), low=low, high=high, game=int(self.game.value)
        )
        return dice.play(thrown, cap=cap)

    def shot(self) -> Shot | None:
        """All rounds so far, and what a whole game says to the prediction."""
        if not self.any_round():
            return None
        made = self.result()
        rounds = max(dice.ROUNDS, made.rounds) if self.by_class else int(self.length.value)
        verdict = self._verdict(made) if made.rounds >= rounds else ""
        throws = TableView(made.last_round(), caption=f"{self.name}, round {made.rounds}")
        return Shot(dice_chart(made, rounds=rounds, name=self.name), made.sentence(), verdict, (throws,))

    def settled(self) -> str:
        """What many games bring by the rules that were predicted for."""
        return f"Over many games it is {_usual():.0f} on average."

    def _verdict(self, made: DiceGame) -> str:
        shape = (made.rounds, made.throws.shape[1], made.cap)
        like = shape == (dice.ROUNDS, dice.STATIONS, None) and (self.by_class or self.die.value == self.die.options[0])
        if like:
            return f"{self.name} brought {made.out}. {self.settled()}"
        return (
            f"{self.name}, by other rules, brought {made.out}. By the rules at first it is {_usual():.0f} on average."
        )

    def file(self) -> str:
        """The game's own name, or the class's."""
        return "dice_our_class" if self.by_class else f"dice_game_{self.game.value}"


@functools.cache
def _usual() -> float:
    """The mean of many games with the rules at first; 10,000 settle it to 0.2 pieces."""
    return dice.odds(games=10_000).mean


def dice_panel() -> Panel:
    """Five people, a die each: predict what comes out, then throw."""
    return DicePanel().show()
