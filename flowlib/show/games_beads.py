"""
The red beads on screen: late discharge letters, by ward, all from one box.

Draw a day at a time or all at once; everybody who types the same game number has the same
luck. Or a class types in its own counts. The sums are those of `diagnose.games.beads`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.diagnose.games import beads
from flowlib.show.controls import Panel, Slider
from flowlib.show.games_bead_chart import bead_chart
from flowlib.show.games_parts import Box, OwnNumbers
from flowlib.show.games_rounds import RoundsPanel
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


class BeadPanel(RoundsPanel):
    """Predict, draw, compare; after the first game the box can be changed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Draw nothing yet."""
        self.wards = Slider("Wards", value=WARDS, min=3, max=8, unit="wards")
        self.late = Slider("Late letters in the box", value=LATE, min=5, max=40, step=5, unit="in every 100")
        boxes = [Box(f"Ward {ward}", 0, PADDLE) for ward in "ABCDEF"]
        super().__init__(
            ASKS, GUESSES, hint=HINT, row="day", folder=folder,
            length=Slider("Days", value=DAYS, min=2, max=8, unit="days"),
            rules=[self.late, self.wards],
            own=OwnNumbers(boxes, row="day", check=beads.played),
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

    def draw(self) -> None:
        """The chart of all days so far, the wards in order, and how the prediction fared."""
        if not self.rounds_now():
            return
        made = self.result()
        days = DAYS if self.by_class else int(self.length.value)
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


def bead_panel() -> Panel:
    """Six wards, one box of letters: predict how far apart they are, then draw."""
    return BeadPanel().show()
