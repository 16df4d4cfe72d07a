"""
Which scenarios shall we try? Sets of them, from levers on one pathway.

A lever takes a pathway and gives another. Each factor (what could be changed) has
levels by name, and each level is a lever, or None for "as it is". Both kinds of set go
straight into `compare`, which holds every scenario against the first one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from math import prod

from flowlib.core import checks
from flowlib.core.pathway import Pathway

__all__ = ["AS_IT_IS", "full_factorial", "one_at_a_time"]

AS_IT_IS = "as it is"
MOST = 1_000  # scenarios of one set

Lever = Callable[[Pathway], Pathway]
Factors = Mapping[str, Mapping[str, Lever | None]]


def full_factorial(base: Pathway, factors: Factors) -> dict[str, Pathway]:
    """
    Every level of each factor with every level of the others.

    Put today's level first in each, so that the first scenario is today's. Levers are
    pulled in the order of the factors.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, hours
    >>> ward = Pathway("Ward", [Step("ward", 4, Exponential(hours(20)))], [Arrivals("ward", per_hour=0.15)])
    >>> beds = {"4": None, "5": lambda pathway: pathway.with_step("ward", capacity=5)}
    >>> stay = {"20 hours": None, "18 hours": lambda pathway: pathway.with_step("ward", time=Exponential(hours(18)))}
    >>> list(full_factorial(ward, {"beds": beds, "stay": stay}))[:2]
    ['beds: 4, stay: 20 hours', 'beds: 4, stay: 18 hours']
    """
    _check(base, factors)
    many = prod(len(levels) for levels in factors.values())
    checks.need(many <= MOST, f"That would be {many:,} scenarios; {MOST:,} are the most. Leave some levels out.")
    made = {}
    for chosen in itertools.product(*(levels.items() for levels in factors.values())):
        pathway = base
        for factor, (level, lever) in zip(factors, chosen, strict=True):
            pathway = _pulled(pathway, factor, level, lever)
        made[", ".join(_name(factor, level) for factor, (level, _) in zip(factors, chosen, strict=True))] = pathway
    checks.need(len(made) == many, "Two scenarios would have one name. Name factors and levels without commas.")
    return made


def one_at_a_time(base: Pathway, factors: Factors) -> dict[str, Pathway]:
    """
    The pathway as it is, and then each level of each factor by itself.

    It shows what matters most with few scenarios, and not how factors work together:
    `full_factorial` does. A level of None would be the pathway as it is once more, so
    it is left out.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, hours
    >>> ward = Pathway("Ward", [Step("ward", 4, Exponential(hours(20)))], [Arrivals("ward", per_hour=0.15)])
    >>> list(one_at_a_time(ward, {"beds": {"5": lambda pathway: pathway.with_step("ward", capacity=5)}}))
    ['as it is', 'beds: 5']
    """
    _check(base, factors)
    made = {AS_IT_IS: base}
    for factor, levels in factors.items():
        for level, lever in levels.items():
            if lever is not None:
                made[_name(factor, level)] = _pulled(base, factor, level, lever)
    return made


def _check(base: Pathway, factors: Factors) -> None:
    checks.need(isinstance(base, Pathway), f"A scenario set starts from a Pathway; {type(base).__name__} came.")
    checks.need(factors, 'Name at least one factor, such as {"beds": {"32": lever}}.')
    for factor, levels in factors.items():
        checks.need(
            levels and isinstance(levels, Mapping),
            f'Factor "{factor}" needs levels by name, such as {{"32": lever}}; {checks.brief(levels)} came.',
        )


def _name(factor: str, level: str) -> str:
    return f"{factor}: {level}"


def _pulled(pathway: Pathway, factor: str, level: str, lever: Lever | None) -> Pathway:
    if lever is None:
        return pathway
    checks.need(
        callable(lever),
        f'Level "{_name(factor, level)}" must be a lever (a function of a pathway) or None; '
        f"{checks.brief(lever)} came.",
    )
    made = lever(pathway)
    checks.need(
        isinstance(made, Pathway),
        f'The lever of "{_name(factor, level)}" must give a Pathway; {checks.brief(made)} came.',
    )
    return made
