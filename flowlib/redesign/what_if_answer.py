"""
What did a what-if give, and how is it said?

The same people come as it is and with the change, so the two are compared run by run:
how far they are apart is known better than either mean (common random numbers: A. Law,
"Simulation Modeling and Analysis", 5th edition, section 11.2). `redesign.what_if` asks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowlib.redesign.comparison import Comparison

__all__ = ["NOW", "PEOPLE", "THEN", "Answer", "number", "numbers"]

NOW, THEN = "as it is", "what if"
PEOPLE = "people"  # the unit where no waits are known
SHOWN = 0.05  # a smaller number shows as 0.0
LARGE = 20  # decimals matter below it


@dataclass(frozen=True)
class Answer:
    """What one change would do."""

    comparison: Comparison
    told: str  # what is looked at, as it stands before a number: "people would wait for Home First"
    what: str  # the same on a chart: "mean wait for Home First"
    unit: str
    came_true: str  # which of the `guesses` it was
    share: float = 1.0  # of the runs asked for; below 1 it is an estimate
    caution: str = ""  # where what comes is more than the places can do

    @property
    def now(self) -> tuple[float, float, float]:
        """As it is: mean and 95% interval."""
        return self._row(NOW)

    @property
    def then(self) -> tuple[float, float, float]:
        """With the change: mean and 95% interval."""
        return self._row(THEN)

    @property
    def difference(self) -> tuple[float, float, float]:
        """With the change, less as it is: mean and 95% interval, from the same people in both."""
        row = self._of[THEN]
        return float(row["difference"]), float(row["difference_lower"]), float(row["difference_upper"])

    def finding(self) -> str:
        """Both means, as the title of a chart."""
        then, now = numbers(self.then[0], self.now[0])
        return f"{then} {self.unit} with these changes, and {now} as it is"

    def sentence(self) -> str:
        """The answer and how sure we are."""
        mean, low, high, now = numbers(*self.then, self.now[0])
        known = f" (between {low} and {high})" if math.isfinite(self.then[1]) else ""
        told = f"With these changes {self.told} {mean} {self.unit} on average{known}."
        unsure = " From these runs we cannot tell the two apart." if self._of[THEN]["verdict"] == "cannot tell" else ""
        return f"{told} As it is, {now}.{unsure}{self.caution}"

    def compared(self) -> str:
        """
        How far the change is from how it is, and how sure we are of that.

        The same people come in both, so this is known better than either mean.
        """
        gap, low, high = self.difference
        less, more = ("fewer", "more") if self.unit == PEOPLE else ("shorter", "longer")
        apart, least, most = numbers(abs(gap), *sorted((abs(low), abs(high))))
        if max(abs(low), abs(high)) < SHOWN:
            return "That is the same as today, or hardly different."
        if low > 0 or high < 0:
            told = f"That is {apart} {self.unit} {less if gap < 0 else more} than today."
            return f"{told} The same people come in both, so we are sure of {least} to {most}."
        if math.isfinite(low):
            return f"We cannot tell it from today: {_up_to(-low)} {self.unit} {less}, or {_up_to(high)} {more}."
        return "We cannot tell it from today: too few runs had anybody to measure."

    @cached_property
    def _of(self) -> dict[str, dict[str, Any]]:
        """The comparison, a dictionary a scenario: a page asks for it many times."""
        return {row["scenario"]: row for row in self.comparison.table.to_dict("records")}

    def _row(self, scenario: str) -> tuple[float, float, float]:
        row = self._of[scenario]
        return float(row["mean"]), max(float(row["lower_95_ci"]), 0.0), float(row["upper_95_ci"])


def number(value: float) -> str:
    """
    A mean as it stands in a sentence.

    >>> number(3.14), number(1234.5)
    ('3.1', '1,234')
    """
    return numbers(value)[0]


def numbers(*values: float) -> list[str]:
    """
    Means that stand in one sentence: with a tenth, or all without where one is large.

    >>> numbers(19.96, 2.2), numbers(25.1, 2.2)
    (['20.0', '2.2'], ['25', '2'])
    """
    form = "{:,.0f}" if max(abs(value) for value in values) >= LARGE else "{:,.1f}"
    return [form.format(value) for value in values]


def _up_to(value: float) -> str:
    return f"up to {number(value)}" if value >= SHOWN else "less than 0.1"
