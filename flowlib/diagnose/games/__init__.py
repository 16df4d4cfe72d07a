"""
What do dice, coins and beads show about flow, and what is it worth in numbers?

Four small games as sums, free of screens: `dice` (variation and dependence), `pennies`
(batches), `beads` (ranks made by chance) and `bottleneck` (where one more person helps).
`dice` and `beads` also take what a class has thrown or drawn itself, which `typed` reads.
"""

from flowlib.diagnose.games import beads, bottleneck, dice, pennies
from flowlib.diagnose.games.typed import read_rows

__all__ = ["beads", "bottleneck", "dice", "pennies", "read_rows"]
