"""
May these figures be believed? What a model's own numbers say before anything is run.

A step that is asked for as much as it can do, or more, never settles: its figures are
those of so many days from this start. One that is nearly full remembers its start for
long: an M/M/c queue near full forgets a deviation at the rate (√(cμ) - √λ)², so its
memory grows with 1 / (1 - load)² (the relaxation time of P. M. Morse, "Stochastic
properties of waiting lines", Operations Research 3, 1955). Times that vary otherwise
than exponential ones stretch it by (1 + cv²) / 2, as in a queue near full. All of this
is a guide: rotas and slots are taken at their mean, and days are as one another.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flowlib.core import checks
from flowlib.core.capacity import Slots

if TYPE_CHECKING:
    from flowlib.core.pathway import Pathway, Step

__all__ = ["FEW", "few_runs", "memory_days", "model", "relaxation_hours", "stopped"]

FEW = 5  # runs; "three to five at least" is the advice of A. Law and M. McComas that S. Robinson repeats
SETTLED = 3.0  # relaxation times, after which less than 1 in 20 of the start is left
DAY, WEEK = 24.0, 168.0  # hours


def model(name: str, pathway: Pathway, *, days: float, warm_up_days: float, warmed: bool = False) -> list[str]:
    """
    What to bear in mind about a scenario called *name*; *warmed* says that another one warmed it up.

    A step where people give up, are turned away or sent elsewhere has a queue that does
    not grow for ever, so it is not said to. Where such a step, or a full one, comes
    before another, fewer may come to the other than the routes say.
    """
    try:
        loads = {step.name: pathway.load_of(step.name) for step in pathway.steps}
    except checks.Refusal as people_go_round_for_ever:
        return [str(people_go_round_for_ever)]
    full = [name for name, load in loads.items() if load >= 1 and not _loses(pathway.step(name))]
    said = [_overloaded(name, pathway, step, loads, days) for step in full]
    memory = {step: memory_days(pathway, step) for step in loads if step not in full}
    longest = max(memory, key=lambda step: memory[step], default=None)
    if longest is not None and not warmed and memory[longest] > warm_up_days:
        said.append(
            f'In "{name}", "{longest}" takes about {_days(memory[longest])} to forget how it began. '
            f"The warm-up is {_days(warm_up_days)}. Make it longer, or read the figures as from this start."
        )
    return said


def memory_days(pathway: Pathway, name: str) -> float:
    """
    Days until less than about 1 in 20 of how step *name* began is left; infinity where a queue never settles.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, hours
    >>> nearly_full = Pathway("Ward", [Step("ward", 50, Exponential(hours(120)))], [Arrivals("ward", per_hour=0.4)])
    >>> round(memory_days(nearly_full, "ward"))  # at 96% use
    735
    """
    step = pathway.step(name)
    rates = {group: rate for group, rate in pathway.visits_per_hour(name).items() if rate > 0}
    if not rates:
        return 0.0
    came = sum(rates.values())
    if isinstance(step.capacity, Slots) and not _loses(step):  # one start after the other, at a steady pace
        return SETTLED * relaxation_hours(came, WEEK / max(step.capacity.a_week, came * WEEK), 0.0, 1) / DAY
    times = {group: step.time_for(group) for group in rates}
    mean = sum(rate * times[group].mean for group, rate in rates.items()) / came
    square = sum(rate * times[group].mean ** 2 * (1 + times[group].cv ** 2) for group, rate in rates.items()) / came
    if not mean:
        return 0.0
    servers = math.inf if _loses(step) else step.servers
    return SETTLED * relaxation_hours(came, mean, math.sqrt(max(square / mean**2 - 1, 0)), servers) / DAY


def relaxation_hours(per_hour: float, mean_hours: float, cv: float, servers: float) -> float:
    """
    Hours until a queue is back 63 in 100 of the way to its mean; infinity where it never settles.

    With places to spare a stay is forgotten as people leave, so it is never less than a mean stay.
    """
    spare = math.sqrt(servers / mean_hours) - math.sqrt(per_hour)
    if spare <= 0:
        return math.inf
    return (1 + cv**2) / 2 * max(mean_hours, 1 / spare**2)


def few_runs(runs: int) -> list[str]:
    """A sentence where there are too few runs to trust the range."""
    if runs >= FEW:
        return []
    return [f"{runs} {'run is' if runs == 1 else 'runs are'} too few to trust the range. Make 10 or more."]


def stopped(done: int, asked: int) -> list[str]:
    """A sentence where the work was interrupted."""
    if done == asked:
        return []
    return [f"It was stopped early: {done:,} of {asked:,} runs were done, and all figures rest on those."]


def _overloaded(name: str, pathway: Pathway, step: str, loads: dict[str, float], days: float) -> str:
    times = "any number of times" if math.isinf(loads[step]) else f"{loads[step]:.2f} times"
    if any(loads[other] >= 1 or _loses(pathway.step(other)) for other in _before(pathway, step)):
        return (
            f'In "{name}", "{step}" is asked for up to {times} what it can do. '
            f"Unless the steps before it hold people back, its figures are for {_days(days)} from this start."
        )
    return (
        f'In "{name}", "{step}" is asked for {times} what it can do, so its queue keeps growing. '
        f"Its figures are for {_days(days)} from this start, not a steady state."
    )


def _loses(step: Step) -> bool:
    """Whether people go elsewhere when the queue is long, so that it cannot grow for ever."""
    away = step.queue_limit is not None and step.when_full != "wait_upstream"
    return away or step.patience is not None


def _before(pathway: Pathway, name: str) -> set[str]:
    """The steps from which people come to this one, at once or by way of others."""
    moves = [(route.from_step, route.to_step) for route in pathway.routes if route.share > 0]
    moves += [(step.name, to) for step in pathway.steps for to in (step.gives_up_to, step.divert_to) if to is not None]
    found: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        new = {start for start, to in moves if to == here} - found
        found |= new
        waiting += new
    return found - {name}


def _days(days: float) -> str:
    shown = checks.shown(round(days) if days >= 10 else round(days, 1))  # noqa: PLR2004 - decimals matter below it
    return f"{shown} day{'' if shown == '1' else 's'}"
