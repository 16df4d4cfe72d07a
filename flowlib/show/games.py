"""
Which games can a team play on one shared screen?

Three, each of one shape: predict, play, compare. `dice_panel` (variation and dependence),
`penny_panel` (batches) and `bead_panel` (ranks made by chance).
The sums are those of `diagnose.games`.
"""

from flowlib.show.games_beads import bead_panel
from flowlib.show.games_dice import dice_panel
from flowlib.show.games_dice_chart import odds_chart
from flowlib.show.games_pennies import penny_panel

__all__ = ["bead_panel", "dice_panel", "odds_chart", "penny_panel"]
