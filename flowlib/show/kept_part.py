"""
What does a part of a session need, so that it survives a page that is loaded again?

It says what it asks, what state it is in, and how it looks in a state. `BoardSession`
keeps that state at each change, and hands it back when the part is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.core.checks import Refusal
from flowlib.show.controls import Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flowlib.change.session_record import SessionRecord

__all__ = ["KeptPart"]


class KeptPart(Panel):
    """A panel whose state can be kept; alone, it keeps nothing."""

    def __init__(self, parts: Sequence[ipywidgets.Widget]) -> None:
        """Show *parts* below each other."""
        self._keep: Callable[[], object] | None = None
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        super().__init__(list(parts), layout=column)

    @property
    def asked(self) -> list[str]:
        """What it asks; a state is only for the same questions in the same words."""
        raise NotImplementedError

    def state(self) -> dict[str, object]:
        """All that somebody did here, as plain values."""
        raise NotImplementedError

    def restore(self, state: dict[str, object]) -> None:
        """Look as in *state*, which `state` once gave."""
        raise NotImplementedError

    def begin_again(self) -> None:
        """As at first."""
        raise NotImplementedError

    def keep(self) -> None:
        """Keep the state as it is now, where somebody wants it."""
        if self._keep is not None:
            self._keep()

    def join(self, record: SessionRecord, name: str, changed: Callable[[], object]) -> None:
        """Be as *record* has *name*, if it has it; from now on keep each change there, and call *changed*."""
        found = record.get(name)
        if isinstance(found, dict) and found.get("asked") == self.asked:
            try:
                self.restore(found)
            except (KeyError, TypeError, IndexError, Refusal):  # a state of an older flowlib
                self.begin_again()

        def keep() -> None:
            record.put(name, {"asked": self.asked, **self.state()})
            changed()

        self._keep = keep
