"""
Who goes first when people wait, as far as a log can tell?

Of two kinds of person, one goes first where it overtakes people of the other who have
waited longer, and the other is hardly ever taken on while one of the first still waits.
Where people are taken in the order in which they came, nobody overtakes. Within a kind,
people are taken to be in order. Times are hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.privacy import FEWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["Order", "order_seen"]

SURE = 0.95  # of the starts while both kinds wait
COMMON = 0.05  # of the starts while others wait: so many overtake that the order is not that of coming
WALK = 1 / 60  # hours: less is the walk to the chair, or a clock that shows minutes


@dataclass(frozen=True)
class Order:
    """Which kinds of person go first at a step."""

    first: tuple[str, ...]  # the kind that goes before all others, the next, and so on; the others are alike
    out_of_turn: float  # share of starts, while others wait, that overtake one who came earlier; 0 to 1
    contested: int  # starts while others wait

    @property
    def mixed(self) -> bool:
        """Whether people are taken on in an order that is neither that of coming nor that of kinds."""
        return not self.first and self.contested >= FEWEST and self.out_of_turn > COMMON


@dataclass(frozen=True)
class _Line:
    """Those of one kind who waited: when they came, when they were taken on, and who is the first in line."""

    came: Floats  # sorted
    gone: Floats  # sorted

    def oldest(self, moments: Floats) -> Floats:
        """When the first of those still in line at these moments had come; infinity where nobody is in line."""
        taken = np.searchsorted(self.gone, moments + WALK, side="right")
        first = np.append(self.came, np.inf)[np.minimum(taken, len(self.came))]
        return np.asarray(np.where(first < moments - WALK, first, np.inf))


def order_seen(rows: VisitRows, step: str) -> Order:
    """
    Who goes first at *step*.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> streams = [Arrivals("desk", group=kind, per_hour=0.9) for kind in ("urgent", "routine")]
    >>> desk = Pathway("Desk", [Step("desk", 2, Exponential(1), priority=["urgent"])], streams)
    >>> order_seen(visit_rows(simulate(desk, days=30, seed=1)), "desk").first
    ('urgent',)
    """
    mine = (rows.step == rows.names.index(step)) & ~rows.turned_away & ~np.isnan(rows.arrived)
    end = np.where(np.isnan(rows.started), np.where(rows.gave_up, rows.left, rows.until), rows.started)
    mine &= end > rows.arrived + WALK  # whoever was seen at once was in no line
    kinds = [code for code in range(len(rows.groups)) if (mine & (rows.group == code)).any()]
    lines = [
        _Line(np.sort(rows.arrived[mine & (rows.group == k)]), np.sort(end[mine & (rows.group == k)])) for k in kinds
    ]
    taken = mine & ~np.isnan(rows.started)
    size = len(kinds)
    while_waits, overtakes = np.zeros((size, size)), np.zeros((size, size))
    contested = out = 0
    for a in range(size):
        start, came = (values[taken & (rows.group == kinds[a])] for values in (rows.started, rows.arrived))
        oldest = np.stack([line.oldest(start) for line in lines])
        while_waits[a] = np.isfinite(oldest).sum(axis=1)
        overtakes[a] = (oldest < came - WALK).sum(axis=1)
        contested += int(np.isfinite(oldest).any(axis=0).sum())
        out += int((oldest < came - WALK).any(axis=0).sum())
    names = [rows.groups[code] for code in kinds]
    return Order(_first(while_waits, overtakes, names), out / max(contested, 1), contested)


def _first(while_waits: Floats, overtakes: Floats, names: list[str]) -> tuple[str, ...]:
    """The kinds that go before all who are left, one after the other."""
    share = while_waits / np.maximum(while_waits + while_waits.T, 1)
    before = (overtakes >= FEWEST) & (share >= SURE)
    left, found = list(range(len(names))), []
    while len(left) > 1:
        best = next((a for a in left if all(before[a, b] for b in left if b != a)), None)
        if best is None:
            break
        found.append(names[best])
        left.remove(best)
    return tuple(found)
