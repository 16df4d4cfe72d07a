"""
How many people, for how much demand?

From staff at work to staff employed (`with_shrinkage`), from demand by hour to staff by
hour (`staff_by_hour`), and what separate queues and ring fences cost (`pooling`,
`carve_out`, `carve_out_beds`). Demand is people an hour, and times are hours
(`minutes(10)`, `days(6)`), unless a name says otherwise.
"""

from flowlib.diagnose.sizing.by_hour import StaffByHour, staff_by_hour
from flowlib.diagnose.sizing.pooling import BedCarveOut, CarveOut, Pooling, carve_out, carve_out_beds, pooling
from flowlib.diagnose.sizing.shrinkage import with_shrinkage

__all__ = [
    "BedCarveOut",
    "CarveOut",
    "Pooling",
    "StaffByHour",
    "carve_out",
    "carve_out_beds",
    "pooling",
    "staff_by_hour",
    "with_shrinkage",
]
