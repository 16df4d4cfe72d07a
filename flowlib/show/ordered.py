"""
How does what somebody sets arrive before the click on the button after it?

As a message, like the click: messages keep their order. A change of state may wait behind
another that is on its way, and the click would be there first. What Python itself sets
goes to every view; what a view sent is told to the others only, so that an echo never
puts back what was pressed meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from flowlib.show.still import Shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ordered"]


class Ordered(Shown):
    """A widget whose `value`, a list, is set in the browser. A subclass says what `fits`."""

    value: traitlets.List[Any] = traitlets.List().tag(sync=True)
    by = traitlets.Unicode().tag(sync=True)  # the view that set it; empty where Python did
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, value: list[Any], **traits: object) -> None:
        """Stand at *value*."""
        super().__init__(value=value, **traits)
        self._actions: list[Callable[[], object]] = []
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

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        if content.get("kind") != "value" or self.disabled or not self.fits(content.get("value")):
            return
        with self.hold_sync():
            self.by, self.value = str(content.get("by", "")), content["value"]
        for action in self._actions:
            action()
