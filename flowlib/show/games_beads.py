"""
The red beads on screen: late discharge letters, by ward, all from one box.

Draw a day at a time or all at once; everybody who types the same game number has the same
luck. Or a class types in its own counts. The sums are those of `diagnose.games.beads`.
"""

from __future__ import annotations

import functools
from string import ascii_uppercase
from typing import TYPE_CHECKING

from flowlib.diagnose.games import beads
from flowlib.show.controls import Panel, Slider
from flowlib.show.games_bead_chart import bead_chart
from flowlib.show.games_own import Box, OwnNumbers
from flowlib.show.games_parts import Shot
from flowlib.show.games_rounds import RoundsPanel
from flowlib.show.table import TableView

if TYPE_CHECKING:
    from pathlib import Path

    import ipywidgets

    from flowlib.diagnose.games.beads import BeadGame

__all__ = ["BeadPanel", "bead_panel"]

WARDS, DAYS, PADDLE, LATE, IN_BOX = 6, 4, 50, 20, 4_000
LETTERS = "late letters"
FAR = 6  # letters between best and worst: the last answer offered
GUESSES = ("0 or 1 letter", "2 or 3 letters", "4 or 5 letters", "6 letters or more")
ASKS = (
    f"First predict. {WARDS} wards draw {PADDLE} letters each from one box; 1 in 5 is late. "
    "On most days, how far apart are best and worst?"
)
HINT = "Draw one day, or all days."


class BeadPanel(RoundsPanel):
    """Predict, draw, compare; after the first game the box can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Draw nothing yet."""
        self.wards = Slider("Wards", value=WARDS, min=3, max=8, unit="wards")
        self.late = Slider("Late letters in the box", value=LATE, min=5, max=40, step=5, unit="in every 100")
        table = Slider("Wards at your table", value=WARDS, min=3, max=8, unit="wards")
        own = OwnNumbers(lambda at: Box(f"Ward {ascii_uppercase[at]}", 0, PADDLE), table, row="day", check=beads.played)
        super().__init__(
            ASKS, GUESSES, hint=HINT, row="day", folder=folder,
            length=Slider("Days", value=DAYS, min=2, max=8, unit="days"),
            rules=[self.late, self.wards], own=own,
        )  # fmt: skip

    def dealt(self) -> list[ipywidgets.Widget]:
        """Buttons, and the box."""
        return [*self.buttons(), self.late, self.wards, self.length]

    def begin(self) -> None:
        """The game as at first."""
        super().begin()
        self.wards.value, self.length.value, self.late.value = WARDS, DAYS, LATE

    def result(self) -> BeadGame:
        """The game as it stands."""
        if self.by_class:
            return beads.played(self.own.rows, paddle=PADDLE)
        red = IN_BOX * int(self.late.value) // 100
        counts = beads.drawn(self.turns, wards=int(self.wards.value), red=red, game=int(self.game.value))
        return beads.played(counts, paddle=PADDLE)

    def shot(self) -> Shot | None:
        """All days so far, the wards in order, and what a whole game says to the prediction."""
        if not self.any_round():
            return None
        made = self.result()
        days = DAYS if self.by_class else int(self.length.value)
        picture = bead_chart(made, red=LETTERS, a_draw=f"{PADDLE} letters", days=days, name=self.name)
        ranking = TableView(made.ranking(), caption=f"{self.name}: the wards in order, fewest late letters first")
        verdict = self._verdict(made) if len(made.counts) >= days else ""
        return Shot(picture, made.sentence(LETTERS), verdict, (ranking,))

    def settled(self) -> str:
        """How often best and worst are far apart by the rules that were predicted for."""
        return f"Best and worst are {FAR} or more apart on about {_often()} days in 4."

    def _verdict(self, made: BeadGame) -> str:
        far, days = int((made.gaps >= FAR).sum()), len(made.counts)
        if len(made.wards) == WARDS and (self.by_class or self.late.value == LATE):
            return f"{self.settled()} {self.name} had {far} such days of {days}."
        return f"{self.settled()} {self.name}, by other rules, had {far} of {days}."

    def file(self) -> str:
        """The game's own name, or the class's."""
        return "beads_our_class" if self.by_class else f"beads_game_{self.game.value}"


@functools.cache
def _often() -> int:
    """In 4 days, so many with best and worst far apart, by the rules at first."""
    chance = beads.chance_of_gap(FAR, wards=WARDS, beads=IN_BOX, red=IN_BOX * LATE // 100, paddle=PADDLE)
    return round(4 * chance)


def bead_panel() -> Panel:
    """Six wards, one box of letters: predict how far apart they are, then draw."""
    return BeadPanel().show()
