"""
What do games share that go round by round? A game number, one more round, all of them, and the next game.

Everybody who chooses the same game number has the same luck. After the first whole game
the rules may change, and the picture follows to the game's end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.show.controls import Button, Slider
from flowlib.show.games_own import side_by_side
from flowlib.show.games_parts import GamePanel, shut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ipywidgets

    from flowlib.show.games_own import OwnNumbers

__all__ = ["RoundsPanel"]

MOST_GAME = 50  # enough for each table of a large class


class RoundsPanel(GamePanel):
    """A game of so many rounds, or days; `length` is the control that says how many."""

    def __init__(
        self,
        asks: str,
        options: Sequence[str],
        *,
        hint: str,
        row: str,
        length: Slider,
        rules: Sequence[ipywidgets.Widget],
        own: OwnNumbers,
        folder: Path | None,
    ) -> None:
        """Play nothing yet; *row* names a round, and *rules* are the controls that open after the first game."""
        self.game = Slider("Game number", value=1, min=1, max=MOST_GAME)
        self.length, self.rules = length, [length, *rules]
        self.one, self.all = Button(f"One {row}"), Button(f"All {row}s")
        self.next = Button("Another game")
        self.turns = 0  # rounds played so far
        self._whole = False  # whether all of the game was played
        super().__init__(asks, options, hint=hint, own=own, folder=folder)
        self.one.on_click(self._one_more)
        self.all.on_click(lambda: self._go_to(int(self.length.value)))
        self.next.on_click(self._another)
        self.game.observe(lambda _: self._anew(), "value")
        self.follow(*self.rules)

    def buttons(self) -> list[ipywidgets.Widget]:
        """The buttons, and the game number."""
        return [side_by_side([self.one, self.all, self.next]), self.game]

    def permit(self) -> None:
        """Play after a prediction; change the rules after a first whole game."""
        super().permit()
        shut([self.one], to=self.prediction.value is None)
        shut([self.all], to=self.prediction.value is None or self.turns >= self.length.value)
        shut([self.next, *self.rules], to=not self.tested)

    def begin(self) -> None:
        """No round played, and the first game number."""
        self.turns, self._whole, self.game.value = 0, False, 1

    @property
    def name(self) -> str:
        """The game that is shown, at the beginning of a sentence."""
        return "Your game" if self.by_class else f"Game {self.game.value}"

    def draw(self) -> None:
        """As many rounds as there are now; a longer game is played on where the last one was whole."""
        whole = int(self.length.value)
        self.turns = whole if self._whole else min(self.turns, whole)
        super().draw()

    def any_round(self) -> bool:
        """Whether a round was played, or typed in."""
        return bool(self.own.rows if self.by_class else self.turns)

    def _go_to(self, turns: int) -> None:
        self.turns, self._whole = turns, turns >= self.length.value
        self.draw()

    def _one_more(self) -> None:
        """One more round; after the last, the first of the next game."""
        if self.turns >= self.length.value:
            self._next_number()
        self._go_to(self.turns + 1)

    def _another(self) -> None:
        """The next game number, played to the end."""
        self._next_number()
        self._go_to(int(self.length.value))

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
