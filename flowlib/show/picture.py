"""What does every drawing function give? A picture: a chart, its description and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.show.figure import Figure, svg

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["Picture"]


@dataclass(frozen=True)
class Picture:
    """A chart, its description and its numbers."""

    chart: alt.TopLevelMixin
    description: str
    table: pd.DataFrame | None = None

    def figure(self) -> Figure:
        """The picture for a notebook."""
        return Figure(self.chart, description=self.description, table=self.table)

    def svg(self) -> str:
        """The picture for a page."""
        return svg(self.chart, self.description)
