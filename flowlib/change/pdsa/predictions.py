"""
How near were our predictions, and do we hope too much?

A result is close within a tenth of its prediction (`NEAR`). Where the tests say which
way is good, those that came out worse than predicted are counted against those that
came out better. Whether that is more than luck is asked by the sign test: how often
would an even chance give a count as uneven as this, either way (W. J. Conover,
"Practical Nonparametric Statistics", 3rd edition, 1999, section 3.4)? Tests that came
out exactly as predicted say nothing here, and are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from flowlib.change.pdsa.cycle import Cycle

__all__ = ["COLUMNS", "Predictions", "summed", "table"]

COLUMNS = (
    "test", "change", "measure", "predicted", "got", "gap", "gap_share", "decision", "planned_on", "studied_on",
)  # fmt: skip
RARE = 0.05  # a chance below this counts as more than luck
FEWEST = 6  # tests below which even the most uneven count has a chance of RARE or more: 2 / 2**5 is 1 in 16


@dataclass(frozen=True)
class Predictions:
    """How the results of a record's tests compare with what was predicted."""

    studied: int  # tests that have a result
    close: int  # of them, within a tenth of the prediction
    worse: int  # came out worse than predicted, of those that say which way is good
    better: int  # came out better
    chance: float | None  # of a count as uneven as worse against better, by luck; 0 to 1; None where there are none

    @property
    def hope(self) -> str:
        """What the tests lean to, where it is more than luck: "too much", "too little", or ""."""
        if self.chance is None or self.chance >= RARE:
            return ""
        return "too much" if self.worse > self.better else "too little"

    def sentence(self) -> str:
        """
        What the tests say about our predictions, and no more than so many tests can.

        >>> Predictions(7, 2, 6, 0, 2 / 2**6).sentence()
        '2 of 7 results were close to what we predicted. 6 of 6 came out worse than that: we hope too much.'
        """
        if not self.studied:
            return "No test has a result yet."
        results = "result was" if self.studied == 1 else "results were"
        return f"{self.close} of {self.studied} {results} close to what we predicted. {self._lean()}"

    def _lean(self) -> str:
        known = self.worse + self.better
        if not known:
            return "To see whether we hope too much, say of each test which way is good."
        told = f"{self.worse} of {known} came out worse than that"
        if known < FEWEST:
            return f"{told}; that is too few to say whether we hope too much."
        return f"{told}: we hope {self.hope}." if self.hope else f"{told}; luck alone could do as much."


def table(cycles: tuple[Cycle, ...]) -> pd.DataFrame:
    """One row a test, with its numbers in the unit of its measure."""
    rows = [
        (
            *(one.number, one.change, one.measure, one.prediction, one.result, one.gap, _share(one), one.decision),
            *(one.planned_on or None, one.studied_on or None),
        )
        for one in cycles
    ]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("predicted", "got", "gap", "gap_share"):
        made[name] = made[name].astype(float)
    for name in ("planned_on", "studied_on"):
        made[name] = pd.to_datetime(made[name], format="%Y-%m-%d")
    return made


def summed(cycles: tuple[Cycle, ...]) -> Predictions:
    """
    How often the predictions were close, and which way the others went.

    >>> from flowlib.change.pdsa.cycle import Cycle
    >>> summed((Cycle(1, "Ask", "wait, hours", 30, "Less", "2025-05-05", result=40, better="down"),)).worse
    1
    """
    done = [one for one in cycles if one.result is not None]
    short = [(one.gap or 0) * (1 if one.better == "down" else -1) for one in done if one.better and one.gap]
    worse = sum(gap > 0 for gap in short)
    close = sum(bool(one.close) for one in done)
    return Predictions(len(done), close, worse, len(short) - worse, _chance(worse, len(short)))


def _share(one: Cycle) -> float | None:
    return one.gap / abs(one.prediction) if one.gap is not None and one.prediction else None


def _chance(worse: int, known: int) -> float | None:
    """The sign test, both ways."""
    if not known:
        return None
    most = max(worse, known - worse)
    return min(1.0, 2 * sum(math.comb(known, count) for count in range(most, known + 1)) / (1 << known))
