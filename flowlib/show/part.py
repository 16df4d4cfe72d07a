"""
What is a story made of? Parts to show, in reading order.

`stories` tells a log in parts, and `map_panel` gives one that moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.show.controls import Sentence
from flowlib.show.table import TableView

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.show.picture import Picture
    from flowlib.show.still import Shown

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One thing to show: a sentence, with a picture or a table under it."""

    sentence: str = ""
    picture: Picture | None = None
    table: pd.DataFrame | None = None
    caption: str = ""

    def widgets(self) -> list[Shown]:
        """The part for a notebook."""
        made: list[Shown] = []
        if self.sentence:
            made.append(Sentence(self.sentence))
        if self.picture is not None:
            made.append(self.picture.figure())
        if self.table is not None:
            made.append(TableView(self.table, caption=self.caption))
        return made
