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

from flowlib.diagnose.queueing.closed import ClosedNetwork, closed_network
from flowlib.diagnose.queueing.erlang import beds_needed, erlang_b, erlang_c, servers_needed
from flowlib.diagnose.queueing.finite import Engset, engset, finite_source
from flowlib.diagnose.queueing.general import ggc, kingman, mdc, mg1, mgc
from flowlib.diagnose.queueing.little import littles_law
from flowlib.diagnose.queueing.markov import mginf, mmc, mmck
from flowlib.diagnose.queueing.networks import ClassInNetwork, OpenNetwork, jackson, jackson_by_class
from flowlib.diagnose.queueing.patience import erlang_a
from flowlib.diagnose.queueing.priorities import priority_mg1, priority_mmc
from flowlib.diagnose.queueing.results import LongRun
from flowlib.diagnose.queueing.shortest import shortest_job_first
from flowlib.diagnose.queueing.varying import hour_by_hour, modified_offered_load, pointwise_stationary

__all__ = [
    "ClassInNetwork",
    "ClosedNetwork",
    "Engset",
    "LongRun",
    "OpenNetwork",
    "beds_needed",
    "closed_network",
    "engset",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "finite_source",
    "ggc",
    "hour_by_hour",
    "jackson",
    "jackson_by_class",
    "kingman",
    "littles_law",
    "mdc",
    "mg1",
    "mgc",
    "mginf",
    "mmc",
    "mmck",
    "modified_offered_load",
    "pointwise_stationary",
    "priority_mg1",
    "priority_mmc",
    "servers_needed",
    "shortest_job_first",
]
