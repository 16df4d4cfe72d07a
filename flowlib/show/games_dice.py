"""
The dice game on screen: five people in a row, and what comes out of the last bowl.

Throw a round at a time or all at once; everybody who types the same game number has the
same luck. Or a class types in its own throws. The sums are those of `diagnose.games.dice`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from flowlib.diagnose.games import dice
from flowlib.show.controls import Button, Panel, Prediction, Slider
from flowlib.show.games_dice_chart import dice_chart
from flowlib.show.games_parts import MOST_GAME, Box, GamePanel, OwnNumbers, game_number, shut, side_by_side

if TYPE_CHECKING:
    from pathlib import Path

    import ipywidgets

    from flowlib.diagnose.games.dice import DiceGame

__all__ = ["DicePanel", "dice_panel"]

GUESSES = ("About 70", "About 60", "About 50", "About 40")
FACES = {"1 to 6": (1, 6), "2 to 5": (2, 5), "3 to 4": (3, 4)}
CAPS = {"any number": None, "6 at most": 6, "3 at most": 3}
HINT = "Predict first. Then throw one round, or all rounds."
ASKS = f"First predict. {dice.STATIONS} people, {dice.ROUNDS} rounds: how many pieces come out?"


class DicePanel(GamePanel):
    """Predict, throw, compare; after the first game the rules can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Throw nothing yet."""
        self.game = game_number()
        self.die = Prediction("Each throw is from", list(FACES), value=next(iter(FACES)))
        self.stations = Slider("People in a row", value=dice.STATIONS, min=3, max=8, unit="people")
        self.rounds = Slider("Rounds", value=dice.ROUNDS, min=10, max=40, step=5, unit="rounds")
        self.cap = Prediction("Each bowl holds", list(CAPS), value=next(iter(CAPS)))
        self.one, self.all = Button("One round"), Button("All rounds")
        self.next = Button("Another game")
        self._whole = False  # whether all of the game was played
        self.turns = 0  # rounds thrown so far
        boxes = [Box(f"Person {place}", 1, 6) for place in range(1, dice.STATIONS + 1)]
        own = OwnNumbers(boxes, row="round", check=dice.play)
        super().__init__(ASKS, GUESSES, hint=HINT, own=own, folder=folder)
        self.one.on_click(self._next_round)
        self.all.on_click(lambda: self._throw(int(self.rounds.value)))
        self.next.on_click(self._another)
        self.game.observe(lambda _: self._anew(), "value")
        self.follow(self.die, self.stations, self.rounds, self.cap)

    def dealt(self) -> list[ipywidgets.Widget]:
        """Game number, buttons, and the rules."""
        return [side_by_side([self.one, self.all, self.next]), self.game, self.die, self.stations, self.rounds]

    def shared(self) -> list[ipywidgets.Widget]:
        """The cap holds for a class's throws too."""
        return [self.cap]

    def permit(self) -> None:
        """Throw after a prediction; change the rules after a first whole game."""
        super().permit()
        shut([self.one], to=self.prediction.value is None)
        shut([self.all], to=self.prediction.value is None or self.turns >= self.rounds.value)
        shut([self.next, self.die, self.stations, self.rounds, self.cap], to=not self.tested)

    def begin(self) -> None:
        """The game as at first."""
        self.turns, self._whole, self.game.value = 0, False, 1
        self.die.value, self.cap.value = next(iter(FACES)), next(iter(CAPS))
        self.stations.value, self.rounds.value = dice.STATIONS, dice.ROUNDS

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

    def draw(self) -> None:
        """The picture of all rounds so far, and how the prediction fared."""
        whole = int(self.rounds.value)
        self.turns = whole if self._whole else min(self.turns, whole)
        if not (self.own.rows if self.by_class else self.turns):
            self.clear()
            return
        made = self.result()
        rounds = max(dice.ROUNDS, made.rounds) if self.by_class else int(self.rounds.value)
        self.put(dice_chart(made, rounds=rounds), made.sentence())
        if made.rounds >= rounds:
            self.compare(f"This game brought {made.out}. Over many games it is {_usual():.0f} on average.")
        self.permit()

    def file(self) -> str:
        """The game's own name, or the class's."""
        return "dice_our_class" if self.by_class else f"dice_game_{self.game.value}"

    def _throw(self, turns: int) -> None:
        self.turns, self._whole = turns, turns >= self.rounds.value
        self.draw()

    def _next_round(self) -> None:
        """One more; after the last, the first of the next game."""
        if self.turns >= self.rounds.value:
            self._next_number()
        self._throw(self.turns + 1)

    def _another(self) -> None:
        """The next game number, played to the end."""
        self._next_number()
        self._throw(int(self.rounds.value))

    def _next_number(self) -> None:
        self._quiet = True
        self.game.value = int(self.game.value) % MOST_GAME + 1
        self._quiet, self.turns = False, 0

    def _anew(self) -> None:
        """Another game number is another game; after the first, it is shown to its end."""
        if not self._quiet:
            self.turns, self._whole = 0, self.tested
            self.draw()
            self.permit()


@functools.cache
def _usual() -> float:
    """The mean of many games with the rules at first."""
    return dice.odds().mean


def dice_panel() -> Panel:
    """Five people, a die each: predict what comes out, then throw."""
    return DicePanel().show()
