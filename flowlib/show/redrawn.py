"""
How is a chart drawn anew in a few milliseconds while somebody drags a control?

By making it once. Altair needs about a third of a second to make and check a chart; to
put other rows and another title into one that is made takes none. Give the chart's data
names in place of tables, and every type in its encodings (`"day:Q"`):

    lines = Redrawn(lambda alt: alt.Chart(alt.Data(name="line")).mark_line().encode(x="day:Q", y="people:Q"))
    chart = lines.filled({"line": rows}, finding="3 people wait", unit="People waiting each evening")

What comes back stands in a `Picture` as any chart does.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, cast

from flowlib.core.checks import listed, need
from flowlib.show import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import altair as alt
    import pandas as pd

__all__ = ["Redrawn"]

UNDER_TITLE = 82  # characters to a line below the title, as in `theme.titled`


class Redrawn:
    """A chart that is made once, by *make* from Altair, at its first use."""

    def __init__(self, make: Callable[[Any], alt.TopLevelMixin]) -> None:
        """Make nothing yet: Altair takes seconds to load."""
        self._make = make
        self._spec: dict[str, Any] | None = None

    def filled(self, tables: Mapping[str, pd.DataFrame], *, finding: str, unit: str) -> alt.TopLevelMixin:
        """The chart with these *tables*, by the names that its data have, under its *finding*."""
        need(finding.strip() and unit.strip(), "A chart needs a title that says what it shows, and its unit.")
        if self._spec is None:
            self._spec = self._made()
        # What is not known is null: a page does not read NaN.
        known = {name: table.astype(object).where(table.notna(), None) for name, table in tables.items()}
        rows = {name: table.to_dict("records") for name, table in known.items()}
        title = {"text": textwrap.wrap(finding, theme.TITLE_WIDTH), "subtitle": textwrap.wrap(unit, UNDER_TITLE)}
        return cast("alt.TopLevelMixin", _Filled({**self._spec, "datasets": rows, "title": title}))

    def _made(self) -> dict[str, Any]:
        import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

        theme.enable()
        spec = dict(self._make(alt).to_dict())
        given = list(spec.get("datasets", {}))
        need(not given, f"A chart to be redrawn names its data and holds none; it holds {listed(given)}.")
        return spec


class _Filled:
    """What `Figure` and `Picture` ask of a chart: its specification."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec

    def to_dict(self, **_: object) -> dict[str, Any]:
        return {**self._spec}
