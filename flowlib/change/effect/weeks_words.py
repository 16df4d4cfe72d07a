"""
How long would it take, how sure is that, and how often does a chart mislead? In plain words.

Each sentence has 20 words or fewer. A share is told as so many in so many, never as a decimal.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from flowlib.core.checks import shown

if TYPE_CHECKING:
    from flowlib.change.effect.weeks import WeeksToSee

__all__ = ["often", "one_in", "weeks_to_see"]

TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
PARTS = 20  # the most parts that a chance asked for is told in; else it is so many in 100
LITTLE = 1 / 3  # with more false alarms than this by then, one mark is no proof
RAREST, MANY = 0.01, 0.4  # shares told as "fewer than 1 in 100", and as so many in 10


def weeks_to_see(found: WeeksToSee, what: str, unit: str, supposing: str) -> str:
    """The answer, and what chance alone does by then."""
    by = found.weeks or found.look.longest
    within = f"within {by:,} {found.look.every}{'' if by == 1 else 's'}"
    seen = "You would see it on this chart" if found.method == "xmr" else "The model would show it"
    if found.weeks is None:
        times = round(100 * float(found.by_week["seen_real"].iloc[-1]))
        seen = f"{seen} {within} only {times} {'time' if times == 1 else 'times'} in 100."
    else:
        seen = f"{seen} {within}, {often(found.chance)}."
    told = [f"Suppose that {supposing or _change(found, what, unit)}.", seen, _by_chance(found)]
    if found.false_alarms > LITTLE:
        told.append("So by itself it proves little.")
    if not found.steady:
        told.append("The baseline has unusual points already, so take this with care.")
    return " ".join(told)


def often(chance: float) -> str:
    """
    A chance as so many times in so many.

    >>> often(0.8), often(0.5), often(0.95), often(0.77)
    ('four times in five', 'once in two', '19 times in 20', '77 times in 100')
    """
    part = Fraction(chance).limit_denominator(PARTS)
    if not math.isclose(part, chance):
        return f"{100 * chance:.0f} times in 100"
    times, of = part.numerator, part.denominator
    return f"{TIMES.get(times, f'{times} times')} in {NUMBERS.get(of, of)}"


def one_in(share: float, thing: str) -> str:
    """
    A share of things, in words that a sentence can begin with.

    >>> one_in(0.17, "chart"), one_in(0.62, "chart"), one_in(0.0, "chart")
    ('1 chart in 6', '6 charts in 10', 'fewer than 1 chart in 100')
    """
    if share < RAREST:
        return f"fewer than 1 {thing} in 100"
    if share < MANY:
        return f"1 {thing} in {round(1 / share)}"
    return f"{round(10 * share)} {thing}s in 10"


def _change(found: WeeksToSee, what: str, unit: str) -> str:
    """From what mean to what mean, as exact as the step bears."""
    decimals = max(1 - math.floor(math.log10(abs(found.change))), 0) if found.change else 0
    ends = (shown(round(mean, decimals)) for mean in (found.baseline_mean, found.baseline_mean + found.change))
    way = "falls" if found.change < 0 else "rises"
    told = f"the mean {what} {way}" if what else f"the mean {way}"
    return f"{told} from {' to '.join(ends)} {unit}".rstrip()


def _by_chance(found: WeeksToSee) -> str:
    thing, does = ("chart", "mark") if found.method == "xmr" else ("model", "find")
    told = one_in(found.false_alarms, thing)
    return f"By then, {told} {does}{'' if f'{thing}s' in told else 's'} an improvement that is not there."
