"""
How will we know that a change is an improvement? A balanced set of measures.

A set has outcome measures (what people get), process measures (whether the work
changed) and balancing measures (whether something else became worse). Each has an
operational definition, so that two people who count come to the same number (G.
Langley and others, "The Improvement Guide", 2nd edition, 2009).

That a set should have at most 8 measures, and one that is collected each month or
more often, are this project's own rules: more cannot be kept up, and rarer ones show
too late that a test went wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flowlib.change import kept
from flowlib.core import checks

__all__ = ["MOST_MEASURES", "MeasureOfChange", "check_set"]

KINDS = ("outcome", "process", "balancing")
EVERY = ("", "day", "week", "fortnight", "month", "quarter", "year")
MONTHLY_OR_MORE = frozenset({"day", "week", "fortnight", "month"})
BETTER = ("", "up", "down", "steady")
MOST_MEASURES = 8  # ours
DEFINITION = {
    "numerator": "what is counted",
    "denominator": "out of how many",
    "exclusions": "who is left out",
    "source": "where the numbers come from",
    "collected_by": "who collects it",
}


@dataclass(frozen=True)
class MeasureOfChange:
    """
    One measure of a change, and how it is counted; "none" says that nothing is left out.

    >>> wait = MeasureOfChange("Wait for home care", "outcome", numerator="hours waited", every="week", better="down")
    >>> wait.lacks()
    ('out of how many', 'who is left out', 'where the numbers come from', 'who collects it')
    """

    name: str
    kind: str  # outcome, process or balancing
    numerator: str = ""
    denominator: str = ""
    exclusions: str = ""
    source: str = ""
    every: str = ""  # day, week, fortnight, month, quarter or year
    collected_by: str = ""  # a role
    better: str = ""  # up, down, or steady where it should stay as it is

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", kept.words("The name of the measure", self.name))
        where = f'for "{self.name}"'
        checks.choice("kind", self.kind, KINDS, where=where)
        checks.choice("every", self.every, EVERY, where=where)
        checks.choice("better", self.better, BETTER, where=where)
        for part in DEFINITION:
            told = kept.words(part, getattr(self, part), where=f'"{self.name}"', empty=True)
            object.__setattr__(self, part, told)

    def lacks(self) -> tuple[str, ...]:
        """The parts of its operational definition that are not said, in plain words."""
        return tuple(plain for part, plain in DEFINITION.items() if not getattr(self, part))


def check_set(measures: Iterable[MeasureOfChange]) -> tuple[str, ...]:
    """
    What a set of measures lacks, a plain sentence each; none where it is balanced and defined.

    >>> check_set([])
    ('There is no measure yet. Begin with one that shows what people get: an outcome measure.',)
    """
    came: object = measures
    given = tuple(came) if isinstance(came, Iterable) and not isinstance(came, str) else (came,)
    for one in given:
        if not isinstance(one, MeasureOfChange):
            told = 'Each measure must be made as MeasureOfChange("its name", "outcome")'
            raise checks.Refusal(f"{told}; {checks.brief(one)} came.")
    if not given:
        return ("There is no measure yet. Begin with one that shows what people get: an outcome measure.",)
    return (*_balance(given), *_size(given), *(line for one in given for line in _definition(one)))


def _balance(measures: tuple[MeasureOfChange, ...]) -> list[str]:
    kinds = {one.kind for one in measures}
    said = []
    if "outcome" not in kinds:
        said.append("There is no outcome measure. Add one that shows what people get.")
    if "process" not in kinds:
        lone = "There is an outcome measure but no process measure." if "outcome" in kinds else ""
        said.append(f"{lone or 'There is no process measure.'} Add one that shows whether the work changed.")
    if "balancing" not in kinds:
        said.append("There is no balancing measure. Add one that would show harm elsewhere.")
    return said


def _size(measures: tuple[MeasureOfChange, ...]) -> list[str]:
    said = []
    if len(measures) > MOST_MEASURES:
        said.append(
            f"There are {len(measures)} measures; keep {MOST_MEASURES} at most. Drop those that you would not act on."
        )
    if not any(one.every in MONTHLY_OR_MORE for one in measures):
        said.append("No measure is collected each month or more often. Choose one to collect weekly.")
    often = Counter(one.name.casefold() for one in measures)
    twice = {one.name.casefold(): one.name for one in reversed(measures) if often[one.name.casefold()] > 1}
    said += [f'The measure "{name}" stands {often[key]} times. Keep one, or rename it.' for key, name in twice.items()]
    return said


def _definition(one: MeasureOfChange) -> list[str]:
    said, lacks = [], one.lacks()
    if len(lacks) == len(DEFINITION):
        said.append(f'"{one.name}" has no operational definition. Say how two people would count the same.')
    elif lacks:
        said.append(f'"{one.name}" does not say {_and(lacks)}. Add it.')
    if not one.every:
        said.append(f'"{one.name}" does not say how often it is collected. Choose day, week or month.')
    if not one.better:
        said.append(f'"{one.name}" does not say which way is good. Choose up, down or steady.')
    return said


def _and(parts: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
