"""
What is one small test of change? Plan, do, study, act.

The plan, with its prediction, is made first and stays as it was. The result comes
later, and once (G. Langley and others, "The Improvement Guide", 2nd edition, 2009).
flowlib dates both itself, so that a reader sees which came first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from flowlib.change.aims.aim import spoken_day
from flowlib.core import checks

__all__ = ["BETTER", "DECISIONS", "NEAR", "Cycle", "as_date", "plan", "study", "tidy"]

DECISIONS = ("adopt", "adapt", "abandon")
BETTER = ("", "up", "down")
NEAR = 0.1  # of the prediction: a result as near as this is close to it; ours
MOST_WORDS = 5_000  # characters of one text; a page of this house holds about 3,000
BEFORE = "before you start the test"


@dataclass(frozen=True)
class Cycle:
    """
    One small test of change.

    >>> Cycle(1, "15 more places", "mean wait, hours", 30, "Load falls", "2025-05-05", result=33).gap
    3
    """

    number: int
    change: str  # what we will try
    measure: str  # what we will look at, with its unit
    prediction: float  # what we think it will be
    why: str  # why we think so
    starts: str  # date, as 2025-05-05
    result: float | None = None  # what it was, in the unit of the measure
    learned: str = ""
    decision: str = ""  # adopt, adapt or abandon
    scale: str = ""  # on how many people or places: 1 patient, one ward
    ramp: str = ""  # the idea that it is a step of
    follows: int | None = None  # the number of the test that it builds on
    better: str = ""  # which way is good: up or down
    planned_on: str = ""  # the day on which flowlib took the prediction; "" where that is not known
    studied_on: str = ""  # the same for the result
    mark: str = ""  # made from the plan, and kept, so that two files know the same test

    def __post_init__(self) -> None:
        if not self.mark:
            object.__setattr__(self, "mark", self.plan_mark)

    @property
    def plan_mark(self) -> str:
        """The mark that the plan gives as it stands now; another than `mark` where it was changed since."""
        plan_of = [self.change, self.measure, float(self.prediction), self.why, self.starts]
        made = hashlib.sha256(json.dumps(plan_of).encode()).hexdigest()[:8]
        return f"t{made}"  # never read as a number by a spreadsheet

    @property
    def gap(self) -> float | None:
        """The result less the prediction, in the unit of the measure; None before there is a result."""
        return None if self.result is None else self.result - self.prediction

    @property
    def close(self) -> bool | None:
        """Whether the result came within a tenth of the prediction; None before there is one."""
        return None if self.gap is None else abs(self.gap) <= NEAR * abs(self.prediction)

    @property
    def begins(self) -> dt.date:
        """The first day of the test."""
        return dt.date.fromisoformat(self.starts)

    def sentence(self) -> str:
        """Prediction and result side by side."""
        told = f"Test {self.number}: we predicted {checks.shown(self.prediction)} for {self.measure}."
        if self.result is None or self.gap is None:
            return f"{told} The result is still to come."
        near = "close to what we said" if self.close else f"{checks.shown(abs(self.gap))} away from it"
        return f"{told} It was {checks.shown(self.result)}, {near}."


def plan(number: int, parts: dict[str, Any]) -> Cycle:
    """
    A test that is planned and not yet studied, if its *parts* say what, how much, why and when.

    >>> parts = {"change": "Ask", "measure": "wait, hours", "prediction": "30", "why": "Less", "starts": "2025-05-05"}
    >>> plan(1, parts).prediction
    30.0
    """
    known = dict(parts)
    for name in ("change", "measure", "why"):
        known[name] = tidy(name, known[name], f"Say the {name} in words {BEFORE}.")
    known["prediction"] = checks.finite("prediction", known["prediction"])
    known["starts"] = as_date("starts", known["starts"])
    for name in ("scale", "ramp"):
        known[name] = tidy(name, known.get(name, ""))
    checks.choice("better", known.get("better", ""), BETTER)
    made = Cycle(number, **known)
    if made.follows is not None:
        told = f"Test {number} can follow only a test before it; {checks.brief(made.follows)} came."
        checks.need(1 <= checks.whole("follows", made.follows) < number, told)
        made = replace(made, follows=int(made.follows))
    return made


def study(cycle: Cycle, *, result: object, learned: object, decision: object, studied_on: str = "") -> Cycle:
    """The test with its result; refused where it has one, or where its days are the wrong way round."""
    checks.need(cycle.result is None, f"Test {cycle.number} has its result already. Plan a new test to learn more.")
    checks.choice("decision", decision, DECISIONS)
    lesson = tidy("lesson", learned, "Say the lesson in words: what did the test teach you?")
    if studied_on and studied_on < cycle.planned_on:
        days = [spoken_day(dt.date.fromisoformat(day)) for day in (studied_on, cycle.planned_on)]
        raise checks.Refusal(
            f"The result of test {cycle.number} is dated {days[0]}, before its prediction, {days[1]}. "
            "Correct the computer's date, or the date in the file."
        )
    got = checks.finite("result", result)
    return replace(cycle, result=got, learned=lesson, decision=str(decision), studied_on=studied_on)


def tidy(name: str, text: object, needed: str = "") -> str:
    """
    *text* as it came, if it can be saved, printed and read; with *needed*, it must say something.

    >>> tidy("lesson", "  Ask twice ")
    '  Ask twice '
    """
    checks.need(isinstance(text, str), needed or f"{name} must be text; {checks.brief(text)} came.")
    words = str(text).replace("\r\n", "\n")
    checks.need(words.strip() or not needed, needed)
    told = f"The {name} has {len(words):,} characters. Use {MOST_WORDS:,} at most."
    checks.need(len(words) <= MOST_WORDS, told)
    odd = [sign for sign in words if unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in "\n\t"]
    checks.need(not odd, f"The {name} holds a sign that cannot be printed, {''.join(odd[:1])!a}. Type it again.")
    return words


def as_date(name: str, text: object) -> str:
    """A date as 2025-05-05, from such text or a date."""
    if isinstance(text, dt.date) and text == text:  # noqa: PLR0124 - no moment, NaT, is not equal to itself
        return f"{text:%Y-%m-%d}"
    try:
        return dt.date.fromisoformat(text if isinstance(text, str) else "").isoformat()
    except ValueError:
        raise checks.Refusal(f"{name} must be a date such as 2025-05-05; {checks.brief(text)} came.") from None
