"""
How does what somebody sets arrive before the click on the button after it?

As a message of its own; a change of state may wait behind another that is on its way. In
the app all messages come in order. JupyterLab handles those of each widget in a thread of
its own, so a click first waits (`settle`) until no more come. What Python itself sets
goes to every view; what a view sent is told to the others only, so that an echo never
puts back what was pressed meanwhile. Messages are numbered, and one that was overtaken is
left aside.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import traitlets

from flowlib.show.still import Shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ordered", "settle"]

QUIET, LONGEST = 0.05, 1.0  # seconds without a message before a click counts, and how long it waits at most


def settle(heard_at: Callable[[], float | None]) -> None:
    """Wait until no more messages come; *heard_at* says when, by `time.monotonic`, the last one did."""
    if heard_at() is None:
        return
    time.sleep(QUIET)
    until = time.monotonic() + LONGEST
    while time.monotonic() < min(until, (heard_at() or 0.0) + QUIET):
        time.sleep(QUIET / 5)


class Ordered(Shown):
    """A widget whose `value`, a list, is set in the browser. A subclass says what `fits`."""

    value: traitlets.List[Any] = traitlets.List().tag(sync=True)
    by = traitlets.Unicode().tag(sync=True)  # the view that set it; empty where Python did
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, value: list[Any], **traits: object) -> None:
        """Stand at *value*."""
        super().__init__(value=value, **traits)
        self._actions: list[Callable[[], object]] = []
        self._last: dict[str, int] = {}  # the highest number of each view's messages
        self._heard_at: float | None = None
        self.on_msg(self._heard)

    def fits(self, value: object) -> bool:
        """Whether a view, or a record, may set *value*."""
        raise NotImplementedError

    def on_set(self, action: Callable[[], object]) -> None:
        """Call *action* whenever somebody sets it on screen."""
        self._actions.append(action)

    def put(self, value: list[Any]) -> None:
        """Show *value* everywhere."""
        with self.hold_sync():
            self.by, self.value = "", value

    def take(self, value: object) -> None:
        """Show a *value* that was kept; one that does not fit is left aside."""
        if isinstance(value, list) and self.fits(value):
            self.put(value)

    def settle(self) -> None:
        """Wait until all that was set before a click is here."""
        settle(lambda: self._heard_at)

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        if content.get("kind") != "value" or self.disabled or not self.fits(content.get("value")):
            return
        view, number = str(content.get("by", "")), int(content.get("number", 0))
        if number < self._last.get(view, 0):
            return
        self._last[view], self._heard_at = number, time.monotonic()
        with self.hold_sync():
            self.by, self.value = view, content["value"]
        for action in self._actions:
            action()
