"""
Did the change work, and how long would it take to see that it did?

Each question has a room of its own: before and after on one chart, a series that was
interrupted by a change, a comparison with other sites, the weeks until a change would
show, and how the worst become better by chance alone.
"""

from flowlib.change.effect.before_after import FEWEST_BEFORE, BeforeAfter, before_after
from flowlib.change.effect.estimate import Estimate
from flowlib.change.effect.interrupted import Interrupted, interrupted_series
from flowlib.change.effect.regression import (
    ByChance,
    RegressionToTheMean,
    expected_by_chance,
    regression_to_the_mean,
)
from flowlib.change.effect.simulated import Weekly, each_week, wait_ended, weeks_to_see_redesign
from flowlib.change.effect.sites import Comparison, difference_in_differences
from flowlib.change.effect.weeks import WeeksToSee, weeks_to_see

__all__ = [
    "FEWEST_BEFORE",
    "BeforeAfter",
    "ByChance",
    "Comparison",
    "Estimate",
    "Interrupted",
    "RegressionToTheMean",
    "Weekly",
    "WeeksToSee",
    "before_after",
    "difference_in_differences",
    "each_week",
    "expected_by_chance",
    "interrupted_series",
    "regression_to_the_mean",
    "wait_ended",
    "weeks_to_see",
    "weeks_to_see_redesign",
]
