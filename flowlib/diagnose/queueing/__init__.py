"""
Queueing formulas: how long people wait, before anything is simulated.

Rates are per unit of time, and waits come back in that same unit: patients per
hour give hours. An *offered load* is the arrival rate times the mean time each
person takes: the number of servers that would be busy if there were enough.
All formulas are for the long run, so those without a limit on the queue need
capacity above demand, and say so when it is not there.

In the sources λ is `arrival_rate`, μ is `service_rate`, c or s is `servers`,
ρ is `utilisation`, and θ is one over `mean_patience`.
"""

from flowlib.diagnose.queueing.erlang import beds_needed, erlang_b, erlang_c, servers_needed
from flowlib.diagnose.queueing.general import ggc, kingman, mdc, mg1, mgc
from flowlib.diagnose.queueing.little import littles_law
from flowlib.diagnose.queueing.markov import mginf, mmc, mmck
from flowlib.diagnose.queueing.patience import erlang_a
from flowlib.diagnose.queueing.results import LongRun

__all__ = [
    "LongRun",
    "beds_needed",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "ggc",
    "kingman",
    "littles_law",
    "mdc",
    "mg1",
    "mgc",
    "mginf",
    "mmc",
    "mmck",
    "servers_needed",
]
