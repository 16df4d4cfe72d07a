"""
Waiting lists: is this one under control, what would put it there, and how long will it be?

Rates are people a week. Times are numbers of weeks, or lengths such as `days(28)`; in one
call all are of one kind, and every time that comes back is in weeks. Lists and bins are
people. Sums that clash in their units are refused in a sentence.
"""

from flowlib.diagnose.waiting_list.ageing import Ageing, AgeingForecast, AgeingTrial, fit_ageing, try_ageing
from flowlib.diagnose.waiting_list.clearing import Clearance, capacity_to_clear
from flowlib.diagnose.waiting_list.projection import Projection, project
from flowlib.diagnose.waiting_list.settling import SteadyState, capacity_to_hold, steady_state
from flowlib.diagnose.waiting_list.standards import (
    PRIORITIES,
    STANDARDS,
    Standard,
    factor_for,
    share_over,
    standards_table,
)
from flowlib.diagnose.waiting_list.sums import (
    load,
    pressure,
    relief_capacity,
    target_capacity,
    target_list_size,
    target_mean_wait,
)
from flowlib.diagnose.waiting_list.units import weeks_until

__all__ = [
    "PRIORITIES",
    "STANDARDS",
    "Ageing",
    "AgeingForecast",
    "AgeingTrial",
    "Clearance",
    "Projection",
    "Standard",
    "SteadyState",
    "capacity_to_clear",
    "capacity_to_hold",
    "factor_for",
    "fit_ageing",
    "load",
    "pressure",
    "project",
    "relief_capacity",
    "share_over",
    "standards_table",
    "steady_state",
    "target_capacity",
    "target_list_size",
    "target_mean_wait",
    "try_ageing",
    "weeks_until",
]
