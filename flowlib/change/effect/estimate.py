"""
How much, and how sure are we? One number with the range that the data leave open.

Every effect in this room is told in this one way, so that a chart, a sentence and a
table can show any of them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Estimate", "level_of", "need_usual_size", "paragraphs", "span", "told"]

FIGURES = 3  # so many figures of an effect stand in a sentence
MOST_SENTENCES = 3  # in a paragraph
LEAST, MOST = 0.5, 0.999  # confidence that an interval can be asked for
LARGEST = 1e15  # of a value: the squares of its sums stay far below the largest number of a computer


@dataclass(frozen=True)
class Estimate:
    """
    A value with its interval, all three in the unit of the measure.

    Without an interval (too few sites, say) `low` and `high` are NaN.

    >>> Estimate(-2.0, -3.5, -0.5).differs
    True
    """

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)

    @property
    def differs(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.known and (self.low > 0 or self.high < 0)


def level_of(confidence: object) -> float:
    """*confidence*, if an interval can be given for it: from 0.5 to 0.999."""
    level = checks.share("The confidence", confidence)
    checks.need(
        LEAST <= level <= MOST,
        f"The confidence must be from {LEAST} to {MOST}; {checks.shown(level)} came. The usual one is 0.95.",
    )
    return level


def need_usual_size(values: ArrayLike) -> None:
    """
    Refuse values so large that their squares cannot be worked out.

    >>> need_usual_size([1e200, 2.0])
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: Values must stay below 1,000,000,000,000,000. Check the numbers, or use a larger unit.
    """
    most = checks.shown(LARGEST)
    fits = bool((np.abs(np.asarray(values, dtype=float)) < LARGEST).all())
    checks.need(fits, f"Values must stay below {most}. Check the numbers, or use a larger unit.")


def told(number: float, unit: str = "") -> str:
    """
    A number as it stands in a sentence: three figures, with its unit.

    >>> told(12.3456, "hours"), told(-0.0)
    ('12.3 hours', '0')
    """
    return f"{checks.shown(float(f'{number:.{FIGURES}g}'))} {unit}".rstrip()


def span(low: float, high: float, unit: str = "") -> str:
    """
    Two numbers as they stand in a sentence, both as exact as the larger bears.

    >>> span(0.0273, 3.9218, "hours")
    'between 0.03 and 3.92 hours'
    """
    largest = max(abs(low), abs(high))
    decimals = FIGURES - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    ends = [checks.shown(float(f"{round(end, decimals):.{FIGURES}g}")) for end in (low, high)]
    return f"between {ends[0]} and {ends[1]} {unit}".rstrip()


def paragraphs(*groups: list[str]) -> str:
    r"""
    Remarks into paragraphs of three sentences at most; each group begins a new one.

    >>> paragraphs(["One.", "", "Two. Three."], ["Four."])
    'One. Two. Three.\n\nFour.'
    """
    made: list[str] = []
    for group in groups:
        made.append("")
        for remark in group:
            full = len(re.findall(r"[.!?](?=\s|$)", f"{made[-1]} {remark}")) > MOST_SENTENCES
            made += [remark] if full else [f"{made.pop()} {remark}".strip()]
    return "\n\n".join(one for one in made if one)
