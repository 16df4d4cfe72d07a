"""
How does a chair keep a session to its time? A clock on the page that says which part is due.

It runs in the browser from the moment somebody starts it, can be paused, stays in sight
while the page is scrolled, and says aloud only when a part begins.
"""

from __future__ import annotations

import html
import itertools
from typing import TYPE_CHECKING

import traitlets

from flowlib.core.checks import need, whole
from flowlib.show.kept_part import KeptPart
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ClockPanel", "SessionClock"]


class SessionClock(Shown):
    """A clock for *parts*: each part's name, and the minute of the session at which it ends."""

    _esm = WEB / "clock.js"
    _css = WEB / "clock.css"
    parts = traitlets.List(trait=traitlets.List()).tag(sync=True)  # [name, last minute] each, in order
    gone = traitlets.Float(0.0).tag(sync=True)  # milliseconds before the last time that it was started
    since = traitlets.Float(0.0).tag(sync=True)  # milliseconds since 1970 at that start; 0 while it stands

    def __init__(self, parts: Mapping[str, int]) -> None:
        """Stand still until it is started."""
        need(parts, "A clock needs at least one part, such as {'One queue': 10}.")
        ends = [whole(f'the end of "{name}"', last, 1) for name, last in parts.items()]
        told = "The parts of a clock must end one after another; give the minute at which each one ends."
        need(all(one < other for one, other in itertools.pairwise(ends)), told)
        super().__init__(parts=[[name, last] for name, last in zip(parts, ends, strict=True)])

    def still(self) -> str:
        """The parts with their minutes."""
        begins = [0, *(last for _, last in self.parts)]
        rows = "".join(
            f"<li>{begin} to {last}: {html.escape(name)}</li>"
            for begin, (name, last) in zip(begins, self.parts, strict=False)
        )
        return f'<div class="flowlib"><p>Minutes</p><ul>{rows}</ul></div>'


class ClockPanel(KeptPart):
    """A clock that goes on where it was when its page is loaded again."""

    def __init__(self, parts: Mapping[str, int]) -> None:
        """Stand still."""
        self.clock = SessionClock(parts)
        self.clock.observe(lambda _: self.keep(), ["gone", "since"])
        super().__init__([self.clock])

    @property
    def asked(self) -> list[str]:
        """Nothing: the time that is gone is the same for any parts."""
        return []

    def state(self) -> dict[str, object]:
        """The time that is gone, and since when it runs."""
        return {"gone": self.clock.gone, "since": self.clock.since}

    def restore(self, state: dict[str, object]) -> None:
        """As it was; what ran goes on."""
        gone, since = (state[name] for name in ("gone", "since"))
        if isinstance(gone, (int, float)) and isinstance(since, (int, float)):
            self.clock.gone, self.clock.since = float(gone), float(since)

    def begin_again(self) -> None:
        """Stand at minute 0."""
        self.clock.gone = self.clock.since = 0.0
