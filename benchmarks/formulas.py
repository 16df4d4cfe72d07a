"""
How near is each formula that is only near? Its mean wait beside long simulations.

`python -m benchmarks.formulas` writes `data/formulas.csv` anew, in some minutes: a row a
case, with the wait that was simulated, its standard error and how far the formula is off.
Services take an hour on average, with log-normal times; the times between arrivals are
gamma. Loads are of each server.
"""

from __future__ import annotations

import itertools
import math
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib import Arrivals, Constant, LogNormal, Pathway, Step, simulate
from flowlib.core import data
from flowlib.diagnose.queueing import ggc, kingman, mdc, mgc
from flowlib.redesign.workers import done

if TYPE_CHECKING:
    from collections.abc import Callable

SERVERS, LOADS, SPREADS = (1, 2, 5, 20), (0.3, 0.5, 0.8, 0.95), (0.5, 1.5, 2.0)
PEOPLE, RUNS = 1_000_000, 4
SETTLING = 50  # one in so many people is left out at the beginning
FILE = data.FOLDER / "formulas.csv"


def main() -> None:
    """Measure every case, and write the table."""
    rows = [row for found in done(measured, cases(), jobs=2) for row in found]
    pd.DataFrame(rows).to_csv(FILE, index=False, float_format="%.6g", lineterminator="\n")
    sys.stdout.write(f"{FILE.name} has {len(rows)} rows.\n")


def cases() -> list[tuple[float, float, int, float]]:
    """The cvs of the times between arrivals and of services, servers and load of each case."""
    by_chance = itertools.product([1.0], (0.0, *SPREADS), SERVERS, LOADS)
    other = itertools.product((0.5, 1.5), (0.5, 1.5), (1, 5, 20), (0.5, 0.8, 0.95))
    return [*by_chance, *other]


def measured(case: tuple[float, float, int, float]) -> list[dict[str, object]]:
    """A row a formula that has something to say of this case."""
    between, spread, servers, load = case
    waits = simulated(between, spread, servers, load)
    rate, mean = load * servers, float(waits.mean())
    formulas: dict[str, Callable[[], float]] = {
        "ggc": lambda: ggc(rate, 1, servers=servers, cv_arrivals=between, cv_service=spread).mean_wait
    }
    if between == 1:
        formulas["mgc"] = lambda: mgc(rate, 1, servers=servers, cv_service=spread).mean_wait
    if between == 1 and spread == 0:
        formulas["mdc"] = lambda: mdc(rate, 1, servers=servers).mean_wait
    if servers == 1:
        formulas["kingman"] = lambda: kingman(rate, 1, cv_arrivals=between, cv_service=spread)
    told = {"cv_arrivals": between, "cv_service": spread, "servers": servers, "load": load, "wait": mean}
    told["standard_error"] = float(waits.std(ddof=1)) / math.sqrt(len(waits))
    return [{"formula": name, **told, "off_by": formula() / mean - 1} for name, formula in formulas.items()]


def simulated(between: float, spread: float, servers: int, load: float) -> np.ndarray:
    """The mean wait of each run, in mean services."""
    rate = load * servers
    hours = PEOPLE / rate
    step = Step("a", servers, Constant(1) if spread == 0 else LogNormal(1, spread))
    means = []
    for run in range(RUNS):
        arrivals = Arrivals("a", per_hour=rate)
        if between != 1:
            shape = 1 / between**2
            gaps = np.random.default_rng(run).gamma(shape, 1 / (shape * rate), PEOPLE)
            arrivals = Arrivals("a", times=np.cumsum(gaps).tolist())
        rows = simulate(Pathway("queue", [step], [arrivals]), days=min(hours / 24, 36_000), seed=run).arrays
        waits = rows["started"] - rows["arrived"]
        means.append(float(np.nanmean(waits[len(waits) // SETTLING :])))
    return np.asarray(means)


if __name__ == "__main__":
    main()
