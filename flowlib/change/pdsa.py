"""
What did we predict, what happened, and what do we do next?

A record of small tests of change (plan, do, study, act). The prediction is written
down before the result can be, and cannot be changed after it: that is how a team
learns (G. Langley and others, "The Improvement Guide", 2nd edition, 2009). The
record is one readable file.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import yaml

from flowlib.core import checks

__all__ = ["Cycle", "Record"]

DECISIONS = ("adopt", "adapt", "abandon")


@dataclass(frozen=True)
class Cycle:
    """One small test of change."""

    number: int
    change: str  # what we will try
    measure: str  # what we will look at, with its unit
    prediction: float  # what we think it will be
    why: str  # why we think so
    starts: str  # date, as 2025-05-05
    result: float | None = None  # what it was
    learned: str = ""
    decision: str = ""  # adopt, adapt or abandon

    def sentence(self) -> str:
        """Prediction and result side by side."""
        told = f"Test {self.number}: we predicted {self.prediction:g} for {self.measure}."
        if self.result is None:
            return f"{told} The result is still to come."
        gap = abs(self.result - self.prediction)
        near = "close to what we said" if gap <= 0.1 * max(abs(self.prediction), 1e-9) else f"{gap:g} away from it"
        return f"{told} It was {self.result:g}, {near}."


@dataclass(frozen=True)
class Record:
    """
    A team's tests of one aim.

    >>> record = Record("Home within a day of being ready").plan(
    ...     "15 more places", measure="mean wait, hours", prediction=30, why="Load falls below 1", starts="2025-05-05"
    ... )
    >>> record.study(1, result=18, learned="Waits fell further than we thought", decision="adopt").cycles[0].sentence()
    'Test 1: we predicted 30 for mean wait, hours. It was 18, 12 away from it.'
    """

    aim: str
    cycles: tuple[Cycle, ...] = ()

    def plan(self, change: str, *, measure: str, prediction: float, why: str, starts: str) -> Record:
        """The record with one more test, and its prediction."""
        for name, text in (("change", change), ("measure", measure), ("why", why)):
            checks.need(str(text).strip(), f"Say the {name} in words before you start the test.")
        try:
            date = dt.date.fromisoformat(starts)
        except ValueError:
            raise checks.Refusal(f'starts must be a date such as 2025-05-05; "{starts}" came.') from None
        predicted = checks.finite("prediction", prediction)
        new = Cycle(len(self.cycles) + 1, change, measure, predicted, why, date.isoformat())
        return replace(self, cycles=(*self.cycles, new))

    def study(self, number: int, *, result: float, learned: str, decision: str) -> Record:
        """The record with the result of one test; its prediction stays as it was."""
        checks.need(
            1 <= number <= len(self.cycles), f"There is no test {number}; there are {len(self.cycles)}. Plan it first."
        )
        cycle = self.cycles[number - 1]
        checks.need(cycle.result is None, f"Test {number} has its result already. Plan a new test to learn more.")
        checks.choice("decision", decision, DECISIONS)
        done = replace(cycle, result=checks.finite("result", result), learned=learned, decision=decision)
        return replace(self, cycles=(*self.cycles[: number - 1], done, *self.cycles[number:]))

    def save(self, path: str | Path) -> None:
        """Write the record to a YAML file; a crash half way leaves the old file whole."""
        place = Path(path)
        text = yaml.safe_dump(
            {"aim": self.aim, "tests": [asdict(c) for c in self.cycles]}, sort_keys=False, allow_unicode=True, width=110
        )
        with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as part:
            part.write(text)
        os.replace(part.name, place)  # noqa: PTH105 - atomic on every system

    @classmethod
    def load(cls, path: str | Path) -> Record:
        """A record kept by `save`."""
        place = Path(path)
        checks.need(place.is_file(), f'There is no file "{place.name}" there. Check its name and folder.')
        try:
            plain = yaml.safe_load(place.read_text(encoding="utf-8"))
            return cls(str(plain["aim"]), tuple(Cycle(**cycle) for cycle in plain["tests"]))
        except (yaml.YAMLError, TypeError, KeyError, UnicodeDecodeError):
            raise checks.Refusal(f'"{place.name}" is not a record of tests that flowlib wrote.') from None
