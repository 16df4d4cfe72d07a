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
    checks.need(
        isinstance(places, int),
        f'Step "{step}" has no fixed number of places to add to. Give it one first: with_step("{step}", capacity=...).',
    )
    assert isinstance(places, int)  # noqa: S101 - refused above
    checks.need(places + extra >= 0, f'Step "{step}" has {places} places; {-extra} cannot be taken away.')
    return pathway.with_step(step, capacity=places + extra)


def change_arrivals(pathway: Pathway, factor: float) -> Pathway:
    """The same pathway with arrivals times *factor*: 1.1 is 1 in 10 more, 0.9 is 1 in 10 fewer."""
    checks.at_least("factor", factor, 0)

    def times(stream: Arrivals) -> Arrivals:
        checks.need(stream.times is None, f'Arrivals at "{stream.step}" replay a list, which cannot be scaled.')
        return replace(stream, per_hour=tuple(rate * factor for rate in stream.by_hour))

    return replace(pathway, arrivals=tuple(times(stream) for stream in pathway.arrivals))


def change_time(pathway: Pathway, step: str, factor: float) -> Pathway:
    """The same pathway with each stay at *step* times *factor*: 0.9 is 1 day in 10 shorter."""
    checks.positive("factor", factor)
    time = pathway.step(step).time
    if isinstance(time, Distribution):
        return pathway.with_step(step, time=scaled(time, factor))
    return pathway.with_step(step, time={group: scaled(kind, factor) for group, kind in time.items()})


def scaled(time: Distribution, factor: float) -> Distribution:
    """The same shape with every time multiplied: the cv stays as it is."""
    if isinstance(time, Empirical):
        return Empirical([value * factor for value in time.values])
    lengths = {f.name: getattr(time, f.name) * factor for f in fields(time) if f.name != "cv"}  # type: ignore[arg-type]
    return replace(time, **lengths)  # type: ignore[type-var]
