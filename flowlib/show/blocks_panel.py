"""
Which of the eight building blocks does a board stand on least? Agreed in the room.

Each person names the weakest; the three that are named most are ticked, and are what to
talk about. Blocks and their wording stand in `flowlib.stages`.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import traitlets

from flowlib.core.checks import need
from flowlib.show.controls import Button, Sentence
from flowlib.show.kept_part import KeptPart
from flowlib.show.ordered import Ordered
from flowlib.show.still import WEB
from flowlib.stages import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BlocksPanel", "blocks_panel"]

FEW = 3  # blocks to talk about
ASKS = "Which three does your own place stand on least? Tick them."


class Picks(Ordered):
    """A few of *names* to tick, at most so many; `value` has their places, counted from 0."""

    _esm = WEB / "picks.js"
    _css = WEB / "picks.css"
    legend = traitlets.Unicode().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    most = traitlets.Int().tag(sync=True)

    def __init__(self, legend: str, names: Sequence[str], *, most: int) -> None:
        """Nothing ticked."""
        super().__init__([], legend=legend, names=list(names), most=most)

    def fits(self, value: object) -> bool:
        """Whether *value* has a few places of the list, in order."""
        return (
            isinstance(value, list)
            and len(value) <= self.most
            and all(type(one) is int and 0 <= one < len(self.names) for one in value)
            and value == sorted(set(value))
        )

    def still(self) -> str:
        """The question, and each name; those that are ticked say so."""
        told = (f"{name} (ticked)" if place in self.value else name for place, name in enumerate(self.names))
        rows = "".join(f"<li>{html.escape(one)}</li>" for one in told)
        return f'<div class="flowlib"><p>{html.escape(self.legend)}</p><ul>{rows}</ul></div>'


class BlocksPanel(KeptPart):
    """Three blocks to tick, and then to talk about."""

    def __init__(self) -> None:
        """Nothing ticked yet."""
        self.sheet = Picks(ASKS, [f"{block.number}. {block.name}" for block in BLOCKS], most=FEW)
        self.show, self.said = Button("Show our three"), Sentence()
        self.shown: tuple[str, ...] = ()  # names of the blocks, once they were asked for
        self.sheet.on_set(self._changed)
        self.show.on_click(self._asked)
        super().__init__([Sentence(_wording()), self.sheet, self.show, self.said])

    @property
    def asked(self) -> list[str]:
        """The question and the blocks."""
        return [self.sheet.legend, *self.sheet.names]

    def state(self) -> dict[str, object]:
        """What is ticked, and whether it was asked for."""
        return {"ticked": self.sheet.value, "shown": bool(self.shown)}

    def restore(self, state: dict[str, object]) -> None:
        """As it was."""
        self.sheet.take(state["ticked"])
        if state["shown"]:
            self._tell()

    def begin_again(self) -> None:
        """Nothing ticked."""
        self.sheet.put([])
        self._hush()

    def _changed(self) -> None:
        self._hush()
        self.keep()

    def _hush(self) -> None:
        self.shown, self.said.text = (), ""

    def _asked(self) -> None:
        self.sheet.settle()
        count = len(self.sheet.value)
        came = "none is" if not count else "1 is" if count == 1 else f"{count} are"
        need(count == FEW, f"Tick three building blocks; {came} ticked so far.")
        self._tell()
        self.keep()

    def _tell(self) -> None:
        self.shown = tuple(BLOCKS[place].name for place in self.sheet.value)
        self.said.text = f"{'; '.join(self.shown)}. Which one could you move by next year, and with whom?"


def _wording() -> str:
    """Whose words the blocks have."""
    numbers = {one: [str(block.number) for block in BLOCKS if block.wording == one] for one in ("the report's", "ours")}
    theirs, ours = (f"{', '.join(some[:-1])} and {some[-1]}" for some in numbers.values())
    return f"The report names {theirs}. The names of {ours} are our reading of its recommendations."


def blocks_panel() -> BlocksPanel:
    """The eight building blocks, of which a room ticks the weakest three."""
    return BlocksPanel()
