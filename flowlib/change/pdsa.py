"""
What did we predict, what happened, and what do we do next?

A record of small tests of change (plan, do, study, act). The prediction is written
down before the result can be, and cannot be changed after it: that is how a team
learns (G. Langley and others, "The Improvement Guide", 2nd edition, 2009). The
record is one readable file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from flowlib.change import kept
from flowlib.core import checks

__all__ = ["Cycle", "Record"]

DECISIONS = ("adopt", "adapt", "abandon")
NEAR = 0.1  # of the prediction: a result as near as this is close to it


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
        told = f"Test {self.number}: we predicted {checks.shown(self.prediction)} for {self.measure}."
        if self.result is None:
            return f"{told} The result is still to come."
        gap = abs(self.result - self.prediction)
        near = "close to what we said" if gap <= NEAR * abs(self.prediction) else f"{checks.shown(gap)} away from it"
        return f"{told} It was {checks.shown(self.result)}, {near}."


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

    def __post_init__(self) -> None:
        _words("aim", self.aim, "Say the {} of the tests in words.")

    def plan(self, change: str, *, measure: str, prediction: float, why: str, starts: str) -> Record:
        """The record with one more test, and its prediction."""
        for name, text in (("change", change), ("measure", measure), ("why", why)):
            _words(name, text, "Say the {} in words before you start the test.")
        predicted = checks.finite("prediction", prediction)
        new = Cycle(len(self.cycles) + 1, change, measure, predicted, why, _date(starts))
        return replace(self, cycles=(*self.cycles, new))

    def study(self, number: int, *, result: float, learned: str, decision: str) -> Record:
        """The record with the result of one test; its prediction stays as it was."""
        number = checks.whole("The number of the test", number)
        checks.need(
            1 <= number <= len(self.cycles), f"There is no test {number}; there are {len(self.cycles)}. Plan it first."
        )
        cycle = self.cycles[number - 1]
        checks.need(cycle.result is None, f"Test {number} has its result already. Plan a new test to learn more.")
        checks.choice("decision", decision, DECISIONS)
        _words("lesson", learned, "Say the {} in words: what did the test teach you?")
        done = replace(cycle, result=checks.finite("result", result), learned=learned, decision=decision)
        return replace(self, cycles=(*self.cycles[: number - 1], done, *self.cycles[number:]))

    def save(self, path: str | Path) -> None:
        """Write the record to a YAML file; a crash half way leaves the old file whole."""
        place = Path(path)
        checks.need(place.parent.is_dir(), f'There is no folder "{place.parent}". Make it first, or choose another.')
        checks.need(not place.is_dir(), f'"{place.name}" is a folder. Give the record a file name, such as tests.yaml.')
        plain = {"aim": self.aim, "tests": [asdict(cycle) for cycle in self.cycles]}
        kept.write(place, kept.dumped(plain))

    @classmethod
    def load(cls, path: str | Path) -> Record:
        """A record kept by `save`."""
        place = Path(path)
        checks.need(place.is_file(), f'There is no file "{place.name}" there. Check its name and folder.')
        try:
            plain = yaml.safe_load(place.read_text(encoding="utf-8"))
            return cls(plain["aim"], tuple(_cycle(i, one) for i, one in enumerate(plain["tests"], start=1)))
        except (yaml.YAMLError, TypeError, ValueError, KeyError):  # a Refusal is a ValueError
            raise checks.Refusal(f'"{place.name}" is not a record of tests that flowlib wrote.') from None


def _words(name: str, text: object, sentence: str) -> str:
    checks.need(isinstance(text, str) and text.strip(), sentence.format(name))
    return str(text)


def _date(text: object) -> str:
    """A date as 2025-05-05; a file's own dates come as dates."""
    if isinstance(text, dt.date):
        return f"{text:%Y-%m-%d}"
    try:
        return dt.date.fromisoformat(text if isinstance(text, str) else "").isoformat()
    except ValueError:
        raise checks.Refusal(f"starts must be a date such as 2025-05-05; {checks.brief(text)} came.") from None


def _cycle(place: int, plain: dict[str, Any]) -> Cycle:
    """A test from a file, which people may have edited: as checked as one that is planned here."""
    parts = dict(plain)
    checks.need(parts.pop("number") == place, "The tests are numbered from 1.")
    planned = {name: parts.pop(name) for name in ("change", "measure", "prediction", "why", "starts")}
    made = Record("aim").plan(**planned)
    if parts.get("result") is None:
        checks.need(not any(parts.values()), "A lesson needs its result.")
    else:
        made = made.study(1, **parts)
    return replace(made.cycles[0], number=place)
