"""
How fast is the arithmetic of queues, beside the loop that a person would write?

`python -m benchmarks.arithmetic` prints a table: a million of Erlang's chances at once, one
at a time, and a rota for a week. The loop is Erlang's recursion in plain Python.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from flowlib import minutes
from flowlib.diagnose.queueing import erlang_b, erlang_c
from flowlib.diagnose.sizing import staff_by_hour
from flowlib.redesign.staffing import ShiftRules, fit_rota

if TYPE_CHECKING:
    from collections.abc import Callable

PAIRS, MOST_SERVERS, SAMPLE, CALLS = 1_000_000, 5_000, 300, 2_000
DAY = [4, 3, 3, 2, 2, 3, 5, 8, 12, 15, 17, 18, 18, 17, 16, 16, 15, 15, 14, 13, 11, 9, 7, 5]


def main() -> None:
    """Measure, and print a table."""
    luck = np.random.default_rng(1)
    servers = luck.integers(1, MOST_SERVERS + 1, PAIRS)
    loads = servers * luck.uniform(0.1, 1.5, PAIRS)
    plain = seconds(lambda: [recursion(a, c) for a, c in zip(loads[:SAMPLE], servers[:SAMPLE], strict=True)]) / SAMPLE
    say("| what | seconds | beside a plain loop |\n|---|---|---|")
    for name, formula in (("B", erlang_b), ("C", erlang_c)):
        took = seconds(lambda formula=formula: formula(loads, servers))
        ratio = plain * PAIRS / took
        say(f"| a million of Erlang {name}, 1 to 5,000 servers at load 0.1 to 1.5 | {took:.2f} | {ratio:,.0f} times |")
    once = seconds(lambda: [erlang_b(30.0, 34) for _ in range(CALLS)]) / CALLS
    say(f"| one Erlang B, 34 servers | {once:.6f} | {seconds(lambda: recursion(30.0, 34)) / once:.1f} times |")
    need = staff_by_hour(DAY * 7, minutes(20), served_within=(0.8, minutes(15)))
    rules = ShiftRules(starts=range(24), lengths=[6, 8, 10, 12], break_after=4)
    begun = time.perf_counter()
    rota = fit_rota(need.servers, rules)
    say(f"| a rota for 168 hours, shifts of 6 to 12 hours at any hour | {time.perf_counter() - begun:.1f} | |")
    say(f"\n{rota.sentence()}")


def recursion(load: float, servers: int) -> float:
    """Erlang B, one server after another."""
    full = 1.0
    for number in range(1, servers + 1):
        full = load * full / (number + load * full)
    return full


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The quickest of some runs, in processor time."""
    best = float("inf")
    for _ in range(repeats):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
