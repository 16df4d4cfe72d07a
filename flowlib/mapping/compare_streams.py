"""
What would change: the journey as it is beside the journey as it could be?

Two value streams, step by step. A step is the same where it has the same name; the
others are taken out or new. Hours are those of `ValueStream`, and a fall is below 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import shown

if TYPE_CHECKING:
    from flowlib.mapping.value_stream import ValueStep, ValueStream

__all__ = ["StreamComparison", "compare_streams"]

DAY = 24
SAME = 1e-9  # hours


@dataclass(frozen=True)
class StreamComparison:
    """Two streams side by side; *then* less *now* throughout."""

    now: ValueStream
    then: ValueStream
    table: (
        pd.DataFrame
    )  # step, what ("kept", "new", "taken out"), wait/process_time/lead_time_now and _then, difference

    @property
    def lead_time(self) -> float:
        """Hours that the lead time changes by; below 0 where it falls."""
        return self.then.lead_time - self.now.lead_time

    @property
    def efficiency(self) -> float:
        """Change in the share of the journey that is work, from -1 to 1."""
        return self.then.efficiency - self.now.efficiency

    @property
    def rolled_first_time_right(self) -> float:
        """Change in the share of journeys with nothing to put right; NaN where either is not known."""
        return self.then.rolled_first_time_right - self.now.rolled_first_time_right

    def sentence(self) -> str:
        """The finding in plain words."""
        was, would = self.now.lead_time, self.then.lead_time
        days = min(was, would) >= 2 * DAY
        size, unit = (DAY, "days") if days else (1, "hours")
        first, second = (shown(round(hours / size, 1)) for hours in (was, would))
        if first == second:
            said = [f"The journey takes as long: {first} {unit if first != '1' else unit[:-1]}."]
        else:
            said = [f"The journey takes {second} {unit} in place of {first}."]
        said.append(f"Of every 100 hours {_of_100(self.then.efficiency)} are work, not {_of_100(self.now.efficiency)}.")
        if self._same_share(self.now.efficiency, self.then.efficiency):
            said[-1] = f"Of every 100 hours {_of_100(self.now.efficiency)} are work, as before."
        rights = (self.now.rolled_first_time_right, self.then.rolled_first_time_right)
        if not any(map(math.isnan, rights)):
            before, after = map(_of_100, rights)
            also = f", not {before}" if before != after else ", as before"
            said.append(f"Of every 100 people {after} have nothing put right on the way{also}.")
        return " ".join(said)

    @staticmethod
    def _same_share(first: float, second: float) -> bool:
        return _of_100(first) == _of_100(second)


def compare_streams(now: ValueStream, then: ValueStream) -> StreamComparison:
    """
    The stream *now* beside the stream *then*, step by step.

    >>> from flowlib.mapping.value_stream import ValueStep, ValueStream
    >>> now = ValueStream([ValueStep("referral", 1, 23, 0.9), ValueStep("visit", 2, 46, 0.8)])
    >>> compare_streams(now, now.with_step("visit", wait=22)).sentence().partition(". ")[0]
    'The journey takes 2 days in place of 3'
    """
    first, second = ({step.name: step for step in one.steps} for one in (now, then))
    rows = [
        (name, _what(name, first, second), *_numbers(first, name), *_numbers(second, name))
        for name in _order(now, then)
    ]
    parts = ("wait", "process_time", "lead_time")
    table = pd.DataFrame(
        rows, columns=["step", "what", *(f"{part}_{when}" for when in ("now", "then") for part in parts)]
    )
    table["difference"] = table["lead_time_then"].fillna(0.0) - table["lead_time_now"].fillna(0.0)
    return StreamComparison(now, then, table)


def _order(now: ValueStream, then: ValueStream) -> list[str]:
    """All steps: in the order of *then*, and those taken out after the step that they followed."""
    names = [step.name for step in then.steps]
    before = ""
    for step in now.steps:
        if step.name not in names:
            names.insert(names.index(before) + 1 if before else 0, step.name)
        before = step.name
    return names


def _what(name: str, first: dict[str, ValueStep], second: dict[str, ValueStep]) -> str:
    if name not in first:
        return "new"
    return "kept" if name in second else "taken out"


def _numbers(steps: dict[str, ValueStep], name: str) -> tuple[float, float, float]:
    step = steps.get(name)
    return (np.nan, np.nan, np.nan) if step is None else (step.wait, step.process_time, step.lead_time)


def _of_100(share: float) -> str:
    return shown(round(100 * share))
