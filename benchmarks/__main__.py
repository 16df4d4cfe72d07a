"""
How fast is the simulation, beside what else a person would take?

`python -m benchmarks` prints the table that `benchmarks/README.md` keeps. All are of one
run on one core, in processor time, draws and the sum of waits included. ciw and SimPy
are told as their own manuals tell them. For cimba, name a Python that has it in the
environment variable CIMBA_PYTHON; it keeps no record of a person.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import ciw
import numpy as np
import simpy

from flowlib import Arrivals, Exponential, Gamma, Pathway, Step
from flowlib.core import data
from flowlib.simulation.simulate import check

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 5
FIRST_CALL = """
from flowlib import Arrivals, Exponential, Pathway, Step, simulate
simulate(Pathway("one", [Step("a", 5, Exponential(1))], [Arrivals("a", per_hour=4)]), days=10).arrays["started"].max()
"""


def main() -> None:
    """Measure, and print a table."""
    names = ", ".join(f"{name} {version(name)}" for name in ("flowlib", "numba", "numpy", "ciw", "simpy"))
    say(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {names}\n")
    say("| what | visits a second | beside ours |")
    say("|---|---|---|")
    ours(queue(5, 0.8), 240)  # compiled, or fetched from the cache
    mm5 = best(lambda: ours(queue(5, 0.8), 100_000))
    row("M/M/5 at load 0.8: flowlib, with the log of each person", mm5)
    row("the same: ciw", by_ciw(5, 0.8, 5_000), mm5)
    row("the same: SimPy", by_simpy(5, 0.8, 20_000), mm5)
    if cimba := os.environ.get("CIMBA_PYTHON"):
        row("the same: cimba, with no record of a person", by_cimba(cimba, 250_000), mm5)
    ward = best(lambda: ours(queue(600, 0.95), 2_000))
    row("600 beds at load 0.95: flowlib", ward)
    row("the same: ciw", by_ciw(600, 0.95, 20), ward)
    for servers in (5, 50, 500, 5_000):
        row(f"M/M/{servers} at load 0.8", best(lambda n=servers: ours(queue(n, 0.8), 500_000 / n)))
    for load in (0.5, 1.0, 2.0):
        row(f"M/M/5 at load {load}, where the queue is {'short' if load < 1 else 'long'}",
            best(lambda x=load: ours(queue(5, x), 100_000 / x)))  # fmt: skip
    row("M/G/5 at load 0.8, gamma times, which are dear to draw",
        best(lambda: ours(queue(5, 0.8, Gamma(1, 0.7)), 25_000), 2))  # fmt: skip
    if "wexmoor" in dir_of_data():
        whole = Pathway.load(data.FOLDER / "wexmoor.yaml")
        row("Wexmoor, a year after 120 days: whole pathway", best(lambda: ours(whole, 485 * 24), 3))
    say(f"\nFirst call in a fresh process, imports and compiled code from the cache: {first_call():.1f} s")


def queue(servers: int, load: float, time_: Exponential | Gamma | None = None) -> Pathway:
    """One step with a mean time of an hour."""
    return Pathway("queue", [Step("a", servers, time_ or Exponential(1))], [Arrivals("a", per_hour=servers * load)])


def ours(pathway: Pathway, hours: float, seed: int = 1) -> tuple[int, float]:
    """Visits, and seconds of processor time: checks, draws, run, log and the sum of its waits."""
    begun = time.process_time()
    plan = check(pathway, days=hours / 24)
    rows = plan.log([plan.one(seed, 0)]).arrays
    float(np.nansum(rows["started"] - rows["arrived"]))
    return rows.rows, time.process_time() - begun


def by_ciw(servers: int, load: float, hours: float) -> float:
    """Plain ciw."""
    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(servers * load)],
        service_distributions=[ciw.dists.Exponential(1)],
        number_of_servers=[servers],
    )
    begun = time.process_time()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(hours)
    records = simulation.get_all_records()
    sum(record.waiting_time for record in records)
    return len(records) / (time.process_time() - begun)


def by_simpy(servers: int, load: float, hours: float) -> float:
    """Plain SimPy."""
    luck, waits = random.Random(1), []  # noqa: S311 - a queue, not a secret
    clock = simpy.Environment()
    desk = simpy.Resource(clock, servers)

    def visit():  # noqa: ANN202 - a generator
        came = clock.now
        with desk.request() as turn:
            yield turn
            waits.append(clock.now - came)
            yield clock.timeout(luck.expovariate(1))

    def door():  # noqa: ANN202
        while True:
            yield clock.timeout(luck.expovariate(servers * load))
            clock.process(visit())

    begun = time.process_time()
    clock.process(door())
    clock.run(until=hours)
    sum(waits)
    return len(waits) / (time.process_time() - begun)


def by_cimba(python: str, hours: float) -> float:
    """The model of `peer_cimba.py`, in a Python that has cimba."""
    command = [python, str(Path(__file__).with_name("peer_cimba.py")), str(hours)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()  # noqa: S603 - our own file
    return float(told[0]) / float(told[1])


def first_call() -> float:
    """Seconds from a new Python to the end of a small run."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST_CALL], check=True)  # noqa: S603 - our own words
    return time.perf_counter() - begun


def best(of: Callable[[], tuple[int, float]], repeats: int = REPEATS) -> float:
    """Visits a second, the median of some runs."""
    return statistics.median(visits / took for visits, took in (of() for _ in range(repeats)))


def dir_of_data() -> set[str]:
    """What stands in the data folder, without endings."""
    return {path.name.split(".")[0] for path in data.FOLDER.iterdir()}


def row(what: str, rate: float, ours_: float | None = None) -> None:
    """One row of the table."""
    say(f"| {what} | {rate:,.0f} | {'' if ours_ is None else f'ours is {ours_ / rate:,.1f} times as fast'} |")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
