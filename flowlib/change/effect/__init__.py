"""
Did the change work, and how long would it take to see that it did?

Each question has a room of its own: before and after on one chart, a series that was
interrupted by a change, a comparison with other sites, the weeks until a change would
show, and how the worst become better by chance alone.
"""

from flowlib.change.effect.before_after import FEWEST_BEFORE, BeforeAfter, before_after

__all__ = ["FEWEST_BEFORE", "BeforeAfter", "before_after"]
