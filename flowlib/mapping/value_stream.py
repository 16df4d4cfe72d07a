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

from flowlib.core.checks import at_least, choice, listed, need, positive, share, shown
from flowlib.mapping.stream_sums import ValueShares, WorkInProgress, value_shares, work_in_progress
from flowlib.mapping.waste import class_of, wastes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ValueStep", "ValueStream"]

HOURS_A_DAY = 24
MINUTES = 60
COLUMNS = ("process_time", "wait", "lead_time", "complete_and_accurate")
EXTRA = ("people", "batch_size", "work_in_progress", "hours_open", "value", "wastes")  # shown where anybody said


@dataclass(frozen=True)
class ValueStep:
    """
    One step of a value stream; None, or empty, where nobody knows or has said.

    >>> ValueStep("triage", process_time=0.25, wait=0.5, complete_and_accurate=0.85).lead_time
    0.75
    """

    name: str
    process_time: float  # hours of work on it, also called touch time
    wait: float  # hours before the work starts
    complete_and_accurate: float | None = None  # share that the next step can use without putting it right, 0 to 1
    people: float | None = None  # staff who do this step at a time
    batch_size: float | None = None  # how many are done together, 1 or more
    work_in_progress: float | None = None  # people counted at the step: waiting, or being seen to
    hours_open: float | None = None  # in a day, up to 24
    value: str = ""  # "value", "necessary" or "waste" (`flowlib.mapping.waste`)
    wastes: tuple[str, ...] = ()  # of the eight, such as "waiting"

    def __post_init__(self) -> None:
        need(str(self.name).strip(), "Each step needs a name; an empty one came.")
        kept = {
            "process_time": at_least(f'Process time of "{self.name}"', self.process_time, 0, "hours"),
            "wait": at_least(f'Wait for "{self.name}"', self.wait, 0, "hours"),
            "value": class_of(f'"{self.name}"', self.value),
            "wastes": wastes_of(f'"{self.name}"', self.wastes),
            **self._checked(),
        }
        for field, value in kept.items():
            object.__setattr__(self, field, value)

    def _checked(self) -> dict[str, float]:
        """The optional numbers that are there, if they can be."""
        what = f'of "{self.name}"'
        checks = {
            "complete_and_accurate": lambda one: share(f"Complete and accurate {what}", one),
            "people": lambda one: positive(f"People {what}", one),
            "batch_size": lambda one: at_least(f"Batch size {what}", one, 1),
            "work_in_progress": lambda one: at_least(f"Work in progress {what}", one, 0, "people"),
            "hours_open": self._open,
        }
        given = {field: getattr(self, field) for field in checks}
        return {field: checks[field](value) for field, value in given.items() if value is not None}

    def _open(self, hours: float) -> float:
        number = positive(f'Hours open of "{self.name}"', hours, "hours a day")
        need(number <= HOURS_A_DAY, f'Hours open of "{self.name}" must be 24 a day or fewer; {shown(number)} came.')
        return number

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
    notes: tuple[str, ...] = ()  # what to know about the numbers, a sentence each

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "notes", tuple(self.notes))
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
        """
        Share of journeys with nothing to put right: the product of the steps' shares (rolled %C&A) [2].

        NaN where the share of some step is not known.
        """
        shares = [step.complete_and_accurate for step in self.steps]
        return math.prod(math.nan if one is None else one for one in shares)

    @property
    def longest_wait(self) -> ValueStep:
        """Step with the longest wait; the first of them, if several are equal."""
        return max(self.steps, key=lambda step: step.wait)

    @staticmethod
    def takt(available_time: float, demand: float, *, teams: float = 1) -> float:
        """
        Time between one person and the next that keeps up with *demand*.

        *available_time* is the time to do the work, and *demand* the number who need it
        in that time; the answer is in the unit of *available_time*. It says how often one
        person has to be ready to leave, not how long each may take [4]. Where *teams*
        share the work, each has so many times as long. Seven hours for 40 people, by one
        team and by two:

        >>> ValueStream.takt(7 * 60, 40), ValueStream.takt(7 * 60, 40, teams=2)  # minutes
        (10.5, 21.0)
        """
        time = at_least("The available time", available_time, 0) / positive("Demand", demand, "people")
        return time * positive("The number of teams", teams)

    def paces(self, demand_per_day: float) -> pd.DataFrame:
        """
        Whether each step keeps up with so many people a day: `step, hours_open, takt_minutes, minutes_each, keeps_up`.

        Takt counts only the hours that the step is open. `minutes_each` is how often it
        can finish one person: its process time shared by its people, who each see to one
        person at a time. Blank where hours open, or people, are not said.

        >>> paces = ValueStream([ValueStep("clinic", 0.5, 2, people=2, hours_open=8)]).paces(40)
        >>> paces["takt_minutes"].tolist(), paces["minutes_each"].tolist(), paces["keeps_up"].tolist()
        ([12.0], [15.0], [False])
        """
        rows = []
        for step in self.steps:
            takt = None if step.hours_open is None else self.takt(MINUTES * step.hours_open, demand_per_day)
            each = None if step.people is None else MINUTES * step.process_time / step.people
            keeps_up = None if takt is None or each is None else each <= takt
            rows.append((step.name, step.hours_open, takt, each, keeps_up))
        return pd.DataFrame(rows, columns=["step", "hours_open", "takt_minutes", "minutes_each", "keeps_up"])

    def value_shares(self) -> ValueShares:
        """
        Hours of value, of what is necessary, and of waste; every wait is waste.

        >>> shares = ValueStream([ValueStep("visit", 1, 3, value="value")]).value_shares()
        >>> shares.value, shares.waste, shares.value_share
        (1.0, 3.0, 0.25)
        """
        return value_shares(self.steps)

    def work_in_progress(self, people_per_hour: float) -> WorkInProgress:
        """
        People there by Little's law (rate times lead time), beside those counted at the steps.

        >>> stream = ValueStream([ValueStep("clinic", 1, 9, work_in_progress=30)])
        >>> print(stream.work_in_progress(2).sentence())
        Little's law gives 20 people there; 30 were counted, 10 more. Is the rate, a time or the count out of date?
        """
        return work_in_progress(self.steps, people_per_hour)

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
        steps = tuple(replace(step, **changes) if step.name == name else step for step in self.steps)  # type: ignore[arg-type]
        return ValueStream(steps, self.notes)

    def to_frame(self) -> pd.DataFrame:
        """One row a step, in order; times in hours, shares from 0 to 1. What nobody said has no column."""
        told = [field for field in EXTRA if any(getattr(step, field) not in {None, "", ()} for step in self.steps)]
        rows = [[step.name, *(getattr(step, field) for field in (*COLUMNS, *told))] for step in self.steps]
        made = pd.DataFrame(rows, columns=["step", *COLUMNS, *told])
        made["complete_and_accurate"] = made["complete_and_accurate"].astype(float)
        if "wastes" in told:
            made["wastes"] = [", ".join(step.wastes) for step in self.steps]
        return made

    @property
    def _names(self) -> list[str]:
        return [step.name for step in self.steps]
