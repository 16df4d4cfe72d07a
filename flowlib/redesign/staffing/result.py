"""What rota was found, what does it cover, and is it proven to be the best?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flowlib.core.capacity import HOURS_OF, Rota
from flowlib.core.checks import shown
from flowlib.redesign.staffing.shifts import hour_name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FittedRota"]

SMALLEST_GAP = 0.001  # a gap below 1 in 1,000 is said to be so


@dataclass(frozen=True)
class FittedRota:
    """The shifts that fit a need best, and what they cover."""

    shifts: pd.DataFrame = field(repr=False, compare=False)  # day (of a week), start, length, people
    # first_day (of a week), start, length, break_at (with breaks), people: who works the same days and break
    lines: pd.DataFrame = field(repr=False, compare=False)
    cover: pd.DataFrame = field(repr=False, compare=False)  # hour, need, cover, shortfall, surplus
    by_hour: tuple[int, ...]  # people at work
    total_hours: int  # paid, in one cycle
    shortfall_hours: float  # hours needed and not covered
    surplus_hours: float  # hours covered and not needed
    proven: bool  # no rota under these rules is better
    gap: float  # how much better another could at most be, as a share of this one's cost; 0 when proven
    hours_at_most: float | None  # the limit on paid hours; None when need was to be covered whole

    def as_rota(self) -> Rota:
        """The cover as a `Rota` that a step takes as its capacity."""
        return Rota(self.by_hour)

    def sentence(self) -> str:
        """The finding in plain words."""
        number, paid = int(self.shifts["people"].sum()), self.total_hours
        text = (
            f"{number:,} {'shift' if number == 1 else 'shifts'},"
            f" {paid:,} paid {'hour' if paid == 1 else 'hours'} a {HOURS_OF[len(self.by_hour)]}."
            f" {self._covered()} {_hours(self.surplus_hours)} more than is needed."
        )
        if self.proven:
            return f"{text} No rota under these rules does better."
        gap = "less than 0.1%" if self.gap < SMALLEST_GAP else f"at most {100 * self.gap:.1f}%"
        return f"{text} The search stopped at its time limit. The best rota is {gap} better."

    def _covered(self) -> str:
        """What is short, and where most."""
        if self.shortfall_hours == 0:
            return "Every hour is covered."
        worst = int(self.cover["shortfall"].to_numpy().argmax())
        return f"{_hours(self.shortfall_hours)} not covered, most at {hour_name(worst, len(self.by_hour))}."


def _hours(number: float) -> str:
    """
    So many hours, with their verb.

    >>> _hours(1), _hours(2.25)
    ('1 hour is', '2.2 hours are')
    """
    said = shown(round(number, 1))
    return f"{said} hour is" if said == "1" else f"{said} hours are"
