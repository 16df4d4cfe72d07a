"""
How much of the journey is care, and how much is waiting?

A value stream lists the steps of one journey: how long the work takes, how long the
person waits for it, and how often it comes right first time. All times are in hours,
and shares run from 0 to 1.

In the sources process time is PT, lead time is LT, complete and accurate is %C&A, and
efficiency is the activity ratio or process cycle efficiency (PCE). Sources:
[1] Lean Management Institute of India, "Value Stream Map", leaninstitute.in/value-stream-map;
[2] J. Parker Henderson, "Value stream mapping", github.com/joelparkerhenderson/value-stream-mapping;
[3] Martin and Osterling, "Metrics-Based Process Mapping" (slides, 2 March 2009), for ratio and product;
[4] Lean Health Services, "What is takt time?", leanhealthservices.org, 11 May 2014.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import at_least, choice, listed, need, positive, share

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ValueStep", "ValueStream"]


@dataclass(frozen=True)
class ValueStep:
    """
    One step of a value stream.

    >>> ValueStep("triage", process_time=0.25, wait=0.5, complete_and_accurate=0.85).lead_time
    0.75
    """

    name: str
    process_time: float  # hours of work on it, also called touch time
    wait: float  # hours before the work starts
    complete_and_accurate: float  # share that the next step can use without putting it right, 0 to 1

    def __post_init__(self) -> None:
        need(str(self.name).strip(), "Each step needs a name; an empty one came.")
        numbers = {
            "process_time": at_least(f'Process time of "{self.name}"', self.process_time, 0, "hours"),
            "wait": at_least(f'Wait for "{self.name}"', self.wait, 0, "hours"),
            "complete_and_accurate": share(f'Complete and accurate of "{self.name}"', self.complete_and_accurate),
        }
        for field, number in numbers.items():
            object.__setattr__(self, field, number)

    @property
    def lead_time(self) -> float:
        """Hours from arriving at the step to leaving it: wait and work [1]."""
        return self.wait + self.process_time


@dataclass(frozen=True)
class ValueStream:
    """
    The steps of one journey, in order.

    >>> stream = ValueStream([ValueStep("referral", 1, 23, 0.9), ValueStep("visit", 2, 46, 0.8)])
    >>> stream.lead_time, stream.process_time, round(stream.efficiency, 3)
    (72.0, 3.0, 0.042)
    >>> round(stream.rolled_first_time_right, 2), stream.longest_wait.name
    (0.72, 'visit')
    """

    steps: Sequence[ValueStep]

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        need(self.steps, "A value stream needs at least 1 step; none came.")
        names = self._names
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        need(not twice, f"Each step needs a name of its own; {listed(twice)} came more than once.")
        need(self.lead_time > 0, "A value stream needs some time in it; every step came with 0 hours.")

    @property
    def lead_time(self) -> float:
        """Hours from start to finish: the sum of the steps' waits and work (total LT) [1]."""
        return sum(step.lead_time for step in self.steps)

    @property
    def process_time(self) -> float:
        """Hours of work in all (total PT) [1]."""
        return sum(step.process_time for step in self.steps)

    @property
    def efficiency(self) -> float:
        """Share of the journey that is work: total process time over total lead time (PCE) [2, 3]."""
        return self.process_time / self.lead_time

    @property
    def rolled_first_time_right(self) -> float:
        """Share of journeys with nothing to put right: the product of the steps' shares (rolled %C&A) [2]."""
        return math.prod(step.complete_and_accurate for step in self.steps)

    @property
    def longest_wait(self) -> ValueStep:
        """Step with the longest wait; the first of them, if several are equal."""
        return max(self.steps, key=lambda step: step.wait)

    @staticmethod
    def takt(available_time: float, demand: float) -> float:
        """
        Time between one person and the next that keeps up with *demand*.

        *available_time* is the time to do the work, and *demand* the number who need it
        in that time; the answer is in the unit of *available_time*. It says how often one
        person has to be ready to leave, not how long each may take [4]. Seven hours for 40
        people:

        >>> ValueStream.takt(7 * 60, 40)  # minutes
        10.5
        """
        return at_least("The available time", available_time, 0) / positive("Demand", demand, "people")

    def with_step(self, name: str, /, **changes: object) -> ValueStream:
        """
        The same stream with some of one step's numbers changed, for a "what if".

        >>> stream = ValueStream([ValueStep("referral", 1, 23, 0.6)])
        >>> stream.with_step("referral", wait=5).lead_time
        6.0
        """
        choice("step", name, self._names, where="in this value stream")
        for field in changes:
            choice("number", field, [known.name for known in fields(ValueStep)], where="in a step")
        return ValueStream(
            tuple(replace(step, **changes) if step.name == name else step for step in self.steps)  # type: ignore[arg-type]
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a step, in order; times in hours, shares from 0 to 1."""
        rows = [
            {
                "step": step.name,
                "process_time": step.process_time,
                "wait": step.wait,
                "lead_time": step.lead_time,
                "complete_and_accurate": step.complete_and_accurate,
            }
            for step in self.steps
        ]
        return pd.DataFrame(rows)

    @property
    def _names(self) -> list[str]:
        return [step.name for step in self.steps]
