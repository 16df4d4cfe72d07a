"""
How many staff does each hour need, when demand rises and falls over the day or week?

Each hour's load comes from one of three methods (`loads.py` has their sources), and
staff come from that load by Erlang C (M/M/c), or by the square-root rule of Halfin and
Whitt (1981), Heavy-traffic limits for queues with many exponential servers, Operations
Research 29(3), 567-588.

"sipp" is right when services are short beside the hour and demand changes slowly. With
long services the work of a busy hour is still in hand when demand has fallen, and
"sipp" takes staff away too soon. "lagged" mends that in part; "offered_load" is for
long services. Source: Green, Kolesar and Whitt (2007), Coping with time-varying demand
when setting staffing requirements for a service system, Production and Operations
Management 16(1), 13-39. All three assume a target good enough that no hour leaves a
long queue to the next.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import log_ndtr

from flowlib.core.capacity import HOURS_OF, Rota, by_hour
from flowlib.core.checks import Refusal, brief, choice, need, positive, share, shown, whole
from flowlib.core.durations import duration
from flowlib.diagnose.queueing import erlang_c, servers_needed
from flowlib.diagnose.queueing.results import ROUNDING, smallest_stable
from flowlib.diagnose.sizing.loads import METHODS, mean_in_hand
from flowlib.diagnose.sizing.words import length, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["StaffByHour", "staff_by_hour"]

RULES = ("erlang_c", "square_root")
MOST_LOAD = 10_000  # people at work at once; more is a slip of unit
FARTHEST = 37.0  # beyond so many standard deviations a chance is too small for a computer's numbers


@dataclass(frozen=True)
class Target:
    """What each hour must keep: one of three. Times are hours."""

    max_chance_of_waiting: float | None
    max_mean_wait: float | None
    served_within: tuple[float, float] | None  # the share, and the time

    def sentence(self) -> str:
        """The target in plain words, as it stands after "so that"."""
        if self.served_within is not None:
            goal, time = self.served_within
            return f"at least {shown(100 * goal)} in 100 people start within {length(time)}"
        if self.max_mean_wait is not None:
            return f"the mean wait is at most {length(self.max_mean_wait)}"
        return f"at most {shown(100 * (self.max_chance_of_waiting or 0))} in 100 people wait"


@dataclass(frozen=True)
class StaffByHour:
    """Staff needed in each hour of a day or week that repeats."""

    servers: tuple[int, ...]  # on duty, by hour
    # hour, demand_per_hour, offered_load, servers, utilisation, chance_of_waiting, mean_wait_minutes, start_in_time
    table: pd.DataFrame = field(repr=False, compare=False)
    target: Target
    service_time: float  # mean, in hours
    method: str  # "sipp", "lagged" or "offered_load"
    rule: str  # "erlang_c" or "square_root"
    too_few: tuple[int, ...]  # hours with fewer than the work then in hand asks for: they may miss the target

    @property
    def staff_hours(self) -> int:
        """Hours on duty in one cycle."""
        return sum(self.servers)

    def as_rota(self) -> Rota:
        """The staff as a `Rota` that a step takes as its capacity."""
        return Rota(self.servers)

    def sentence(self) -> str:
        """The finding in plain words, with a caution where the method may be off."""
        hours = len(self.servers)
        low, high = min(self.servers), max(self.servers)
        most = moment(self.servers.index(high), hours)
        said = f"{high:,} staff at all hours" if low == high else f"{low:,} to {high:,} staff, most at {most}"
        text = (
            f"So that {self.target.sentence()}, have {said}."
            f" That is {self.staff_hours:,} staff hours a {HOURS_OF[hours]}."
        )
        if self.too_few:
            count = len(self.too_few)
            text += (
                f" In {count} {'hour' if count == 1 else 'hours'}, first at {moment(self.too_few[0], hours)},"
                " this may be too few, as earlier work is still in hand. The offered-load method allows for that."
            )
        return text


def staff_by_hour(
    demand: Sequence[float],
    service_time: float,
    *,
    max_chance_of_waiting: float | None = None,
    max_mean_wait: float | None = None,
    served_within: tuple[float, float] | None = None,
    method: str = "sipp",
    rule: str = "erlang_c",
    fewest: int = 0,
) -> StaffByHour:
    """
    Fewest staff for each hour that keep one target, by the method and rule named.

    *demand* is people an hour: 24 or 168 rates of 0 or more, by hour of the day or week.
    *service_time* is the mean, in hours (`minutes(10)`). Give one target:
    *max_chance_of_waiting* (a share), *max_mean_wait* (hours), or *served_within*, a
    pair such as `(0.8, minutes(15))`: 8 in 10 start within 15 minutes. *method* is "sipp",
    "lagged" or "offered_load"; *rule* is "erlang_c" or "square_root", which takes a chance
    of waiting only. No hour has less than *fewest*, and an hour in which people come has
    at least 1. The table says what each hour gives as the method sees it; the hours in
    `too_few` may give less. At night 1 is enough here, by day 3, in the evening 2:

    >>> from flowlib import minutes
    >>> day = staff_by_hour([2] * 8 + [12] * 12 + [4] * 4, minutes(10), max_mean_wait=minutes(5))
    >>> day.servers[0], day.servers[8], day.servers[20]
    (1, 3, 2)
    """
    rates = np.array(by_hour("Demand", demand, whole=False))
    need(rates.any(), "Demand is 0 in every hour. Give at least one hour in which people come.")
    mean = positive("The mean service time", duration("The mean service time", service_time), "hours")
    target = _target(max_chance_of_waiting, max_mean_wait, served_within)
    choice("method", method, METHODS)
    choice("rule", rule, RULES)
    need(
        rule == "erlang_c" or target.max_chance_of_waiting is not None,
        'The square-root rule takes max_chance_of_waiting only. Give that, or use rule="erlang_c".',
    )
    least = np.maximum(whole("fewest", fewest), rates > 0)
    loads = _cleared(METHODS[method](rates, mean))
    _need_sense(loads)
    servers = np.maximum(_servers(loads, mean, target, rule), least)
    in_hand = np.maximum(_servers(_cleared(mean_in_hand(rates, mean)), mean, target, rule), least)
    return StaffByHour(
        servers=tuple(int(number) for number in servers),
        table=_table(rates, loads, servers, mean, target),
        target=target,
        service_time=mean,
        method=method,
        rule=rule,
        too_few=tuple(int(hour) for hour in np.flatnonzero(servers < in_hand)),
    )


def _target(chance: object, mean_wait: object, within: object) -> Target:
    """The one target that was given."""
    need(
        sum(one is not None for one in (chance, mean_wait, within)) == 1,
        "Give one target: max_chance_of_waiting, max_mean_wait or served_within.",
    )
    if chance is not None:
        return Target(_open_share("max_chance_of_waiting", chance), None, None)
    if mean_wait is not None:
        return Target(None, positive("max_mean_wait", duration("max_mean_wait", mean_wait), "hours"), None)
    if not isinstance(within, (tuple, list)) or len(within) != 2:  # noqa: PLR2004 - a pair
        raise Refusal(f"served_within must be a share and a time, such as (0.8, minutes(15)); {brief(within)} came.")
    goal, time = within
    return Target(None, None, (_open_share("The share in served_within", goal), duration("The time", time)))


def _open_share(name: str, value: object) -> float:
    number = share(name, value)
    need(0 < number < 1, f"{name} must be above 0 and below 1; {shown(number)} came. 1 in 5 is 0.2.")
    return number


def _cleared(loads: np.ndarray) -> np.ndarray:
    """The loads, without what is left for ever of work long done."""
    return np.where(loads < ROUNDING, 0.0, loads)


def _need_sense(loads: np.ndarray) -> None:
    hour = int(loads.argmax())
    need(
        loads[hour] <= MOST_LOAD,
        f"At {moment(hour, len(loads))} {shown(loads[hour])} people would be in service at once."
        f" The most is {MOST_LOAD:,}. Check that demand is people an hour, and the service time is hours.",
    )


def _servers(loads: np.ndarray, mean: float, target: Target, rule: str) -> np.ndarray:
    """Fewest servers for each load; loads that recur are worked out once."""
    distinct, where = np.unique(loads, return_inverse=True)
    if rule == "square_root":
        spare = _spare(target.max_chance_of_waiting or 0.0)
        found = [_square_root(load, spare) for load in distinct.tolist()]
    else:
        found = [_erlang(load, mean, target) for load in distinct.tolist()]
    return np.array(found)[where]


def _square_root(load: float, spare: float) -> int:
    """Servers that lie *spare* standard deviations of the load above it."""
    return math.ceil((load + spare * math.sqrt(load)) * (1 - ROUNDING))


def _spare(chance: float) -> float:
    """Halfin and Whitt's β for a chance of waiting: chance = 1 / (1 + β Φ(β) / φ(β))."""

    def over(beta: float) -> float:
        """How far the odds of not waiting lie above those wanted, on a scale of logarithms."""
        log_ratio = float(log_ndtr(beta)) + beta**2 / 2 + math.log(2 * math.pi) / 2
        return math.log(beta) + log_ratio - math.log(1 / chance - 1)

    return float(brentq(over, 1e-300, FARTHEST, xtol=1e-14))


def _erlang(load: float, mean: float, target: Target) -> int:
    """Fewest servers of M/M/c that keep the target; none for no load."""
    if load == 0:
        return 0
    if target.served_within is not None:
        return _for_share(load, mean, *target.served_within)
    return servers_needed(
        load / mean,
        1 / mean,
        max_chance_of_waiting=target.max_chance_of_waiting,
        max_mean_wait=target.max_mean_wait,
    )


def _for_share(load: float, mean: float, goal: float, time: float) -> int:
    """Fewest servers of which the share *goal* of people start within *time*: double the step, then halve it."""
    stable = smallest_stable(load)
    short, enough = stable - 1, stable
    while _start_in_time(load, enough, mean, time) < goal * (1 - ROUNDING):
        short, enough = enough, 2 * enough - stable + 1
    while enough - short > 1:
        middle = (short + enough) // 2
        kept = _start_in_time(load, middle, mean, time) >= goal * (1 - ROUNDING)
        short, enough = (short, middle) if kept else (middle, enough)
    return enough


def _start_in_time(load: float, servers: int, mean: float, time: float) -> float:
    """Share of people who start within *time* in M/M/c."""
    return 1 - erlang_c(load, servers) * math.exp(-(servers - load) * time / mean)


def _table(rates: np.ndarray, loads: np.ndarray, servers: np.ndarray, mean: float, target: Target) -> pd.DataFrame:
    """One row an hour: what comes, and what the staff then give at the method's load."""
    hours = len(rates)
    pairs = list(zip(loads.tolist(), servers.tolist(), strict=True))
    waiting = np.array([erlang_c(load, number) if load else 0.0 for load, number in pairs])
    spare = np.where(loads > 0, servers - loads, 1)
    made = pd.DataFrame(
        {
            "hour": [moment(hour, hours) for hour in range(hours)],
            "demand_per_hour": rates,
            "offered_load": loads,
            "servers": servers,
            "utilisation": loads / np.maximum(servers, 1),
            "chance_of_waiting": waiting,
            "mean_wait_minutes": 60 * mean * waiting / spare,
        }
    )
    if target.served_within is None:
        return made
    return made.assign(start_in_time=1 - waiting * np.exp(-spare * target.served_within[1] / mean))
