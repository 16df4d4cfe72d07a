"""
What does a board use on one shared screen in 45 minutes?

A session (`BoardSession`), which makes its parts and keeps what is done in them: a clock,
a poll before and after, a vote, predictions, the eight building blocks, commitments, and
a page to print. And one queue to try (`busy_panel`), and dots without limits (`plain_dots`).
"""

from flowlib.show.busy_panel import busy_panel, busy_queue
from flowlib.show.plain_dots import plain_dots
from flowlib.show.session_parts import BoardSession

__all__ = ["BoardSession", "busy_panel", "busy_queue", "plain_dots"]
