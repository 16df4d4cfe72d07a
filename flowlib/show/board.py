"""
What does a board use on one shared screen in 45 minutes?

A clock (`SessionClock`), a poll before and after (`Poll`), a vote (`LiveVote`), one queue
(`busy_panel`), the eight building blocks to score (`blocks_panel`), and commitments to
take away (`commitments_panel`).
"""

from flowlib.show.blocks_panel import blocks_panel
from flowlib.show.busy_panel import busy_panel, busy_queue
from flowlib.show.clock import SessionClock
from flowlib.show.commitments import commitments_panel
from flowlib.show.vote import AGREE, LiveVote, Poll

__all__ = ["AGREE", "LiveVote", "Poll", "SessionClock", "blocks_panel", "busy_panel", "busy_queue", "commitments_panel"]
