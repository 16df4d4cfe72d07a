"""
What do the steps of a value stream add up to: value and waste, and how many people are there?

Of the hours of a journey some are value, some necessary and some waste; every wait is
waste (one of the eight). Where as many leave as come, the number of people there is the
rate at which they come times the lead time (Little's law: J. Little, "A proof for the
queuing formula L = λW", Operations Research 9, 1961).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import at_least, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.mapping.value_stream import ValueStep

__all__ = ["ValueShares", "WorkInProgress", "value_shares", "work_in_progress"]

NEAR = 0.1  # of the number by Little's law: closer than this, counts made on one day say nothing


@dataclass(frozen=True)
class ValueShares:
    """Hours of a journey by what they are to the person."""

    value: float  # hours of work that the person came for
    necessary: float  # hours of work that cannot be left out today
    waste: float  # hours of work that could stop, and of waiting
    not_said: float  # hours of work that nobody has put into a class

    @property
    def value_share(self) -> float:
        """Share of the lead time that is value, 0 to 1."""
        return self.value / (self.value + self.necessary + self.waste + self.not_said)

    def sentence(self) -> str:
        """The finding in plain words."""
        all_hours = self.value + self.necessary + self.waste + self.not_said
        parts = ((self.value, "value"), (self.necessary, "necessary"), (self.waste, "waste"))
        said = ", ".join(f"{shown(round(100 * hours / all_hours))} are {name}" for hours, name in parts)
        unsaid = "" if not self.not_said else f" Of {shown(round(100 * self.not_said / all_hours))} nobody has said."
        return f"Of every 100 hours, {said}.{unsaid}"


@dataclass(frozen=True)
class WorkInProgress:
    """How many people are there: by Little's law, and counted."""

    table: pd.DataFrame  # step, by_littles_law, counted, difference: people; counted is blank where nobody counted
    expected: float  # people at the steps where some were counted; at all steps, where at none
    counted: float | None  # people at those steps; None where nobody counted

    def sentence(self) -> str:
        """The two numbers, and what may be wrong where they differ."""
        law = f"Little's law gives {_people(self.expected)} people there"
        if self.counted is None:
            return f"{law}. Nobody has counted them."
        apart = self.counted - self.expected
        if abs(apart) <= NEAR * self.expected:
            return f"{law}; {_people(self.counted)} were counted, which is close."
        way = f"{_people(abs(apart))} {'more' if apart > 0 else 'fewer'}"
        ask = "Is the rate, a time or the count out of date?"
        return f"{law}; {_people(self.counted)} were counted, {way}. {ask}"


def value_shares(steps: Sequence[ValueStep]) -> ValueShares:
    """The hours of *steps* by class; their waits are waste."""

    def hours(kind: str) -> float:
        return sum((step.process_time for step in steps if step.value == kind), 0.0)

    waits = sum(step.wait for step in steps)
    return ValueShares(hours("value"), hours("necessary"), hours("waste") + waits, hours(""))


def work_in_progress(steps: Sequence[ValueStep], people_per_hour: float) -> WorkInProgress:
    """People at *steps*, of which *people_per_hour* come to each; lead times and rate are by the same clock."""
    rate = at_least("People per hour", people_per_hour, 0)
    rows = [(step.name, rate * step.lead_time, step.work_in_progress) for step in steps]
    made = pd.DataFrame(rows, columns=["step", "by_littles_law", "counted"])
    made["counted"] = made["counted"].astype(float)
    made["difference"] = made["counted"] - made["by_littles_law"]
    there = made[made["counted"].notna()]
    if there.empty:
        return WorkInProgress(made, float(made["by_littles_law"].sum()), None)
    return WorkInProgress(made, float(there["by_littles_law"].sum()), float(there["counted"].sum()))


def _people(number: float) -> str:
    return shown(round(number, 1) if number < 10 else round(number))  # noqa: PLR2004 - whole people from ten on
