"""
How does an idea grow from one patient to a whole place? A ramp of tests.

Tests of one idea, at a growing scale, each built on what the one before taught (G.
Langley and others, "The Improvement Guide", 2nd edition, 2009). Tests belong together
that name the same ramp, or that follow one another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowlib.core import checks

if TYPE_CHECKING:
    from flowlib.change.pdsa.cycle import Cycle

__all__ = ["Ramp", "joined", "of"]


@dataclass(frozen=True)
class Ramp:
    """One idea and its tests; a test that stands alone is a ramp of one."""

    name: str  # as the tests call it, or else the first test's change
    cycles: tuple[Cycle, ...]  # from the first to the last

    def sentence(self) -> str:
        """How far the idea has come."""
        last = self.cycles[-1]
        count = len(self.cycles)
        scales = list(dict.fromkeys(one.scale for one in self.cycles if one.scale))
        reach = f", from {scales[0]} to {scales[-1]}" if len(scales) > 1 else f", on {scales[0]}" if scales else ""
        end = f"The last decision was to {last.decision}." if last.decision else "The last result is still to come."
        return f"{self.name}: {count} {'test' if count == 1 else 'tests'}{reach}. {end}"


def of(cycles: tuple[Cycle, ...]) -> tuple[Ramp, ...]:
    """
    The tests by idea, in the order of their first tests.

    >>> from flowlib.change.pdsa.cycle import Cycle
    >>> parts = ("wait, hours", 30, "Fewer calls", "2025-05-05")
    >>> first = Cycle(1, "Ask on arrival", *parts, scale="1 patient", ramp="Early plans")
    >>> of((first, Cycle(2, "Ask again", *parts, scale="one ward", follows=1)))[0].sentence()
    'Early plans: 2 tests, from 1 patient to one ward. The last result is still to come.'
    """
    groups: dict[str, list[Cycle]] = {}
    key_of: dict[int, str] = {}
    for one in cycles:
        key = key_of[one.follows] if one.follows else _key(one.ramp) if one.ramp else f"\n{one.number}"
        key_of[one.number] = key
        groups.setdefault(key, []).append(one)
    return tuple(Ramp(_name(group), tuple(group)) for group in groups.values())


def joined(cycle: Cycle, before: tuple[Cycle, ...]) -> Cycle:
    """A test with the ramp of the one that it follows; refused where it names another."""
    if cycle.follows is None:
        return cycle
    ramp = before[cycle.follows - 1].ramp
    told = (
        f"Test {cycle.number} follows test {cycle.follows}, which belongs to {checks.brief(ramp or 'no ramp')}. "
        "Leave its ramp out, or let it follow nothing."
    )
    checks.need(not cycle.ramp or _key(cycle.ramp) == _key(ramp), told)
    return replace(cycle, ramp=ramp)


def _name(group: list[Cycle]) -> str:
    return next((one.ramp for one in group if one.ramp), group[0].change)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
