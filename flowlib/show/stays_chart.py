"""How does a habit of writing look? A bar for each ten minutes of stay; the one that stands out is dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.show import theme
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stays_chart"]

WIDTH, HEIGHT = 560, 240
HOUR = 60  # minutes


def stays_chart(found: pd.DataFrame) -> Picture:
    """
    The lengths that `measure.stays` counted.

    >>> import pandas as pd
    >>> rows = [(220, 130, False), (230, 250, True), (240, 60, False)]
    >>> stays_chart(pd.DataFrame(rows, columns=["from_minutes", "people", "stands_out"])).description
    'One length stands out: from 3:50, 250 people. 3:40: 130. 3:50: 250. 4:00: 60.'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    rows = found.assign(stay=[f"{minute // HOUR}:{minute % HOUR:02}" for minute in found["from_minutes"]])
    base = alt.Chart(rows[["stay", "people", "stands_out"]].dropna()).encode(
        x=alt.X("stay:O", sort=list(rows["stay"]), title="stay, hours and minutes, from", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("people:Q", title="people"),
    )
    colour = alt.condition("datum.stands_out", alt.value(theme.BLUE), alt.value("#c8d3da"))
    bars = base.mark_bar(stroke=theme.INK, strokeWidth=0.6).encode(color=colour)
    words = base.transform_filter("datum.stands_out").mark_text(dy=-9, fontWeight="bold").encode(text="people:Q")
    chart = (bars + words).properties(width=WIDTH, height=HEIGHT)
    finding = _finding(rows[rows["stands_out"]])
    told = " ".join(f"{row.stay}: {row.people:g}." for row in rows.dropna().itertuples())
    table = rows[["stay", "people"]].rename(columns={"stay": "stay from, hours:minutes"})
    minutes = found["from_minutes"].diff().min()
    detail = f"People by length of stay; each bar is {minutes:g} minutes"
    return Picture(theme.titled(chart, finding, unit=detail), f"{finding} {told}", table)


def _finding(out: pd.DataFrame) -> str:
    if out.empty:
        return "No length of stay stands out."
    told = ", ".join(f"from {row.stay}, {row.people:g} people" for row in out.itertuples())
    return f"{'One length stands' if len(out) == 1 else f'{len(out)} lengths stand'} out: {told}."
