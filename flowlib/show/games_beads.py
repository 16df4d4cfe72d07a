"""
The red beads on screen: late discharge letters, by ward, all from one box.

Draw a day at a time or all at once; everybody who types the same game number has the same
luck. Or a class types in its own counts. The sums are those of `diagnose.games.beads`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.diagnose.games import beads
from flowlib.show.controls import Button, Panel, Slider
from flowlib.show.games_bead_chart import bead_chart
from flowlib.show.games_parts import MOST_GAME, Box, GamePanel, OwnNumbers, game_number, shut, side_by_side
from flowlib.show.table import TableView

if TYPE_CHECKING:
    from pathlib import Path

    import ipywidgets

    from flowlib.diagnose.games.beads import BeadGame

__all__ = ["BeadPanel", "bead_panel"]

WARDS, DAYS, PADDLE, LATE, IN_BOX = 6, 4, 50, 20, 4_000
LETTERS = "late letters"
GUESSES = ("0 or 1 letter", "2 or 3 letters", "4 or 5 letters", "6 letters or more")
ASKS = (
    f"First predict. {WARDS} wards draw {PADDLE} letters each from one box; 1 in 5 is late. "
    "On most days, how far apart are best and worst?"
)
HINT = "Predict first. Then draw one day, or all days."


class BeadPanel(GamePanel):
    """Predict, draw, compare; after the first game the box can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Draw nothing yet."""
        self.game = game_number()
        self.wards = Slider("Wards", value=WARDS, min=3, max=8, unit="wards")
        self.days = Slider("Days", value=DAYS, min=2, max=8, unit="days")
        self.late = Slider("Late letters in the box", value=LATE, min=5, max=40, step=5, unit="in every 100")
        self.one, self.all = Button("One day"), Button("All days")
        self.next = Button("Another game")
        self._whole = False  # whether all of the game was played
        self.turns = 0  # days drawn so far
        boxes = [Box(f"Ward {ward}", 0, PADDLE) for ward in "ABCDEF"]
        own = OwnNumbers(boxes, row="day", check=beads.played)
        super().__init__(ASKS, GUESSES, hint=HINT, own=own, folder=folder)
        self.one.on_click(self._next_day)
        self.all.on_click(lambda: self._draw(int(self.days.value)))
        self.next.on_click(self._another)
        self.game.observe(lambda _: self._anew(), "value")
        self.follow(self.wards, self.days, self.late)

    def dealt(self) -> list[ipywidgets.Widget]:
        """Game number, buttons, and the box."""
        return [side_by_side([self.one, self.all, self.next]), self.game, self.late, self.wards, self.days]

    def permit(self) -> None:
        """Draw after a prediction; change the box after a first whole game."""
        super().permit()
        shut([self.one], to=self.prediction.value is None)
        shut([self.all], to=self.prediction.value is None or self.turns >= self.days.value)
        shut([self.next, self.wards, self.days, self.late], to=not self.tested)

    def begin(self) -> None:
        """The game as at first."""
        self.turns, self._whole, self.game.value = 0, False, 1
        self.wards.value, self.days.value, self.late.value = WARDS, DAYS, LATE

    def result(self) -> BeadGame:
        """The game as it stands."""
        if self.by_class:
            return beads.played(self.own.rows, paddle=PADDLE)
        red = IN_BOX * int(self.late.value) // 100
        counts = beads.drawn(self.turns, wards=int(self.wards.value), red=red, game=int(self.game.value))
        return beads.played(counts, paddle=PADDLE)

    def draw(self) -> None:
        """The chart of all days so far, the wards in order, and how the prediction fared."""
        whole = int(self.days.value)
        self.turns = whole if self._whole else min(self.turns, whole)
        if not (self.own.rows if self.by_class else self.turns):
            self.clear()
            return
        made = self.result()
        days = DAYS if self.by_class else whole
        picture = bead_chart(made, red=LETTERS, a_draw=f"{PADDLE} letters", days=days)
        self.put(picture, made.sentence(LETTERS))
        self.below.children = (TableView(made.ranking(), caption="The wards in order, fewest late letters first"),)
        if len(made.counts) >= days:
            far = int((made.gaps >= 6).sum())  # noqa: PLR2004 - the last answer offered
            self.compare(f"Here they were 6 or more apart on {far} of {len(made.counts)} days.")
        self.permit()

    def file(self) -> str:
        """The game's own name, or the class's."""
        return "beads_our_class" if self.by_class else f"beads_game_{self.game.value}"

    def _draw(self, turns: int) -> None:
        self.turns, self._whole = turns, turns >= self.days.value
        self.draw()

    def _next_day(self) -> None:
        """One more; after the last, the first of the next game."""
        if self.turns >= self.days.value:
            self._next_number()
        self._draw(self.turns + 1)

    def _another(self) -> None:
        """The next game number, drawn to the end."""
        self._next_number()
        self._draw(int(self.days.value))

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


def bead_panel() -> Panel:
    """Six wards, one box of letters: predict how far apart they are, then draw."""
    return BeadPanel().show()
