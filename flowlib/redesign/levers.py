"""
What could we change? Each lever takes a pathway and gives another.

Nothing is changed in place, so today's pathway stays beside every redesign.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from flowlib.core import checks
from flowlib.core.variation import Distribution, Empirical

if TYPE_CHECKING:
    from flowlib.core.pathway import Arrivals, Pathway

__all__ = ["add_capacity", "change_arrivals", "change_time", "scaled"]


def add_capacity(pathway: Pathway, step: str, extra: int = 1) -> Pathway:
    """The same pathway with *extra* places at *step* (fewer where it is below 0)."""
    places = pathway.step(step).capacity
    if not isinstance(places, int):
        raise checks.Refusal(
            f'Step "{step}" has no fixed number of places to add to. '
            f'Give it one first: with_step("{step}", capacity=...).'
        )
    number = checks.finite("extra", extra)
    checks.need(number == int(number), f"extra must be a whole number of places; {checks.shown(number)} came.")
    checks.need(places + number >= 0, f'Step "{step}" has {places} places; {-int(number)} cannot be taken away.')
    return pathway.with_step(step, capacity=places + int(number))


def change_arrivals(pathway: Pathway, factor: float) -> Pathway:
    """The same pathway with arrivals times *factor*: 1.1 is 1 in 10 more, 0.9 is 1 in 10 fewer."""
    factor = checks.at_least("factor", factor, 0)

    def times(stream: Arrivals) -> Arrivals:
        checks.need(stream.times is None, f'Arrivals at "{stream.step}" replay a list, which cannot be scaled.')
        rates = stream.per_hour if isinstance(stream.per_hour, tuple) else (stream.per_hour or 0.0,)
        scaled_rates = tuple(rate * factor for rate in rates)
        return replace(stream, per_hour=scaled_rates if len(scaled_rates) > 1 else scaled_rates[0])

    return replace(pathway, arrivals=tuple(times(stream) for stream in pathway.arrivals))


def change_time(pathway: Pathway, step: str, factor: float) -> Pathway:
    """The same pathway with each stay at *step* times *factor*: 0.9 is 1 day in 10 shorter."""
    time = pathway.step(step).time
    if isinstance(time, Distribution):
        return pathway.with_step(step, time=scaled(time, factor))
    return pathway.with_step(step, time={group: scaled(kind, factor) for group, kind in time.items()})


def scaled(time: Distribution, factor: float) -> Distribution:
    """
    The same shape with every time multiplied: the cv stays as it is.

    >>> from flowlib import Gamma, days
    >>> scaled(Gamma(mean=days(10), cv=0.6), 0.9)
    Gamma(mean=216.0, cv=0.6)
    """
    factor = checks.positive("factor", factor)
    if isinstance(time, Empirical):
        return Empirical([value * factor for value in time.values])
    lengths = {f.name: getattr(time, f.name) * factor for f in fields(time) if f.name != "cv"}  # type: ignore[arg-type]
    return replace(time, **lengths)  # type: ignore[type-var]
