"""
How many give up before they are seen, and how long do people wait? (Erlang A, M/M/c+M)

As M/M/c, but each person leaves the queue after a patience that is exponential. A queue
that sheds people this way cannot grow for ever, so any load will do.

Sources: Palm (1957); Garnett, Mandelbaum and Reiman (2002), Designing a call center with
impatient customers, Manufacturing and Service Operations Management 4(3), 208-227, for
the formulas; Baccelli and Hebuterne (1981) for the wait that a very patient person meets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from flowlib.core.checks import need, positive, whole
from flowlib.diagnose.queueing.erlang import erlang_b
from flowlib.diagnose.queueing.markov import chance_of_empty
from flowlib.diagnose.queueing.results import LongRun

__all__ = ["erlang_a"]

# Sums stop where all that is left is below e to this power of the largest term.
NEGLIGIBLE = -40.0
LONGEST_SUM = 10_000_000  # people; about 80 megabytes
# A wait of this many mean patiences has a chance too small for a computer's numbers.
LONGEST_PATIENCE = 700.0


def erlang_a(arrival_rate: float, service_rate: float, *, servers: int, mean_patience: float) -> LongRun:
    """
    Long-run behaviour of a queue that people leave when their patience ends (M/M/c+M).

    *mean_patience* is in the rates' unit of time, above 0. The chance of loss is that of
    giving up; waits and times in the system are of all who arrive. 100 calls in 30
    minutes, 3 minutes each, 14 people to answer, and callers who wait 5 minutes on average:

    >>> line = erlang_a(100 / 30, 1 / 3, servers=14, mean_patience=5)
    >>> round(line.chance_of_loss, 3)  # give up
    0.014
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    patience = positive("The mean patience", mean_patience)
    load = arrivals / service
    queue = _Queue(number * service * patience, arrivals * patience, patience)
    log_weight, mean_behind = _queue_sums(queue.served, queue.offered)
    full = erlang_b(load, number)
    free = (1 - full) * math.exp(-log_weight)
    waiting = full / (full + free)
    lost = waiting * mean_behind / queue.offered
    seen = min(load * (1 - lost), number)  # rounding aside, no more than all servers
    return LongRun(
        utilisation=seen / number,
        chance_of_waiting=waiting,
        chance_of_loss=lost,
        mean_wait=lost * patience,
        mean_queue=lost * queue.offered,
        mean_time_in_system=lost * patience + seen / arrivals,
        mean_in_system=lost * queue.offered + seen,
        chance_of_empty=chance_of_empty(load, number, free / (full + free)),
        _longer=partial(_still_waiting, queue, waiting),
        _served=partial(_served_within, queue, waiting, lost),
    )


@dataclass(frozen=True)
class _Queue:
    """What happens while all servers are busy, with the mean patience as the unit of time."""

    served: float  # people whom all servers complete in one mean patience
    offered: float  # people who arrive in one mean patience
    patience: float  # mean, in the rates' unit of time


def _queue_sums(served: float, offered: float) -> tuple[float, float]:
    """
    Weight of all states with a queue, as a logarithm, and the mean queue in them.

    State j (j people queue) weighs offered / (served + j) times state j - 1, and state 0
    weighs 1. The sum grows until what is left out is negligible.
    """
    size = 1024
    while True:
        steps = math.log(offered) - np.log(served + np.arange(1, size))
        logs = np.concatenate([[0.0], np.cumsum(steps)])
        ratio = offered / (served + size)
        peak = float(logs.max())
        if ratio < 1 and logs[-1] + math.log(ratio / (1 - ratio)) - peak < NEGLIGIBLE:
            break
        size *= 4
        need(
            size <= LONGEST_SUM, "With such patience the queue has no practical end. Shorten mean_patience, or use mmc."
        )
    weights = np.exp(logs - peak)
    total = float(weights.sum())
    return peak + math.log(total), float(weights @ np.arange(size)) / total


def _log_tail(served: float, queue: _Queue, time: float) -> float:
    """
    Logarithm of a tail integral of the wait that the most patient person would meet.

    It is the integral, from *time* on, of exp(-*served* s + offered (1 - exp(-s))), with
    time in mean patiences: an incomplete gamma function, whose series `_queue_sums` adds up.
    """
    remaining = queue.offered * math.exp(-time)
    return queue.offered - remaining - served * time - math.log(served) + _queue_sums(served, remaining)[0]


def _still_waiting(queue: _Queue, waiting: float, time: float) -> float:
    """Chance of neither being served nor giving up within *time*."""
    patiences = time / queue.patience
    if patiences > LONGEST_PATIENCE:
        return 0.0
    full = _log_tail(queue.served, queue, 0)
    return waiting * math.exp(_log_tail(queue.served, queue, patiences) - patiences - full)


def _served_within(queue: _Queue, waiting: float, lost: float, time: float) -> float:
    """Chance that service starts within *time*."""
    patiences = time / queue.patience
    if patiences > LONGEST_PATIENCE:
        return 1 - lost
    full = _log_tail(queue.served, queue, 0)
    later = waiting * math.exp(_log_tail(queue.served + 1, queue, patiences) - full)
    return max(1 - lost - later, 0.0)
