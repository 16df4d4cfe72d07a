"""
Which shifts fit the need best?

Given how many people each hour needs, and which shifts may be worked, find how many to
start on each. Without a limit on hours: every hour covered, in the fewest paid hours.
With a limit: as little shortfall, and as little surplus, as the hours allow.

It is a set-covering problem in whole numbers: Dantzig (1954), A comment on Edie's "Traffic
delays at toll booths", Operations Research 2(3), 339-341; people who work days in a row as
in Baker (1976), Workforce allocation in cyclical scheduling problems, Operational
Research Quarterly 27(1), 155-167. HiGHS solves it (Huangfu and Hall 2018), through
`scipy.optimize.milp`, and bounds how much better any other rota could be.
"""

from flowlib.redesign.staffing.fit import fit_rota
from flowlib.redesign.staffing.result import FittedRota
from flowlib.redesign.staffing.shifts import ShiftRules

__all__ = ["FittedRota", "ShiftRules", "fit_rota"]
