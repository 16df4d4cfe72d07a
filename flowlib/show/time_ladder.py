"""
What does one journey look like on the clock: when was there care, and when only waiting?

Each step is a row, and time runs to the right without a break, so that a long wait is a
long bar. The table comes from `ProcessMap.journey` or `ProcessMap.typical_journey`.
"""

from __future__ import annotations

import pandas as pd

from flowlib.core.checks import choice, need
from flowlib.mapping.ladder import TO_LEAVE
from flowlib.show import theme
from flowlib.show.map_marks import length
from flowlib.show.picture import Picture

__all__ = ["time_ladder"]

CARE, WAIT = "care", "waiting"
WIDTH, ROW = 620, 34  # pixels
DAY, DAYS_FROM = 24.0, 72.0  # hours; from so long a journey on, the scale is in days
COLUMNS = {"step": "step", "wait": "wait before it, hours", "process_time": "care, hours", "lead_time": "both, hours"}


def time_ladder(journey: pd.DataFrame, *, finding: str = "") -> Picture:
    """
    A journey on one scale of time; *journey* has columns `step`, `wait`, `process_time` and `lead_time`, in hours.

    Raises a `Refusal` where a column is missing, or the journey takes no time.

    >>> rows = [("Desk", 0.5, 0.25, 0.75), ("Nurse", 3.0, 0.25, 3.25)]
    >>> time_ladder(pd.DataFrame(rows, columns=["step", "wait", "process_time", "lead_time"])).description
    'Of 4.0 h, 3.5 h are waiting. Desk: 30 min of waiting, then 15 min of care. Nurse: 3.0 h, then 15 min.'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    for column in COLUMNS:
        choice("column", column, COLUMNS if column in journey else journey.columns, where="in this journey")
    whole, waits = float(journey["lead_time"].sum()), float(journey["wait"].sum())
    need(whole > 0, "This journey takes no time, so there is nothing to draw.")
    finding = finding or f"Of {length(whole)}, {length(waits)} are waiting."
    unit, size = ("days", DAY) if whole >= DAYS_FROM else ("hours", 1.0)
    bars = _bars(journey, size)
    names = list(dict.fromkeys(bars["row"]))
    kinds = alt.Scale(domain=[CARE, WAIT], range=[theme.BLUE, "#c8d3da"])
    base = alt.Chart(bars).encode(y=alt.Y("row:N", sort=names, title=None))
    x = alt.X("begin:Q", title=f"{unit} since joining", scale=alt.Scale(domain=[0, 1.14 * whole / size], nice=False))
    drawn = base.mark_bar(stroke=theme.INK, strokeWidth=0.8, height=ROW - 14).encode(
        x=x, x2="end:Q", color=alt.Color("kind:N", title=None, scale=kinds, legend=alt.Legend(orient="top"))
    )
    words = (
        base.transform_filter("datum.text != ''").mark_text(align="left", dx=6).encode(x=alt.X("last:Q"), text="text:N")
    )
    chart = (drawn + words).properties(width=WIDTH - 130, height=alt.Step(ROW))
    table = journey[list(COLUMNS)].rename(columns=COLUMNS).round(2)
    detail = "Time runs on from row to row. The words say how long each step took, waiting and care"
    return Picture(theme.titled(chart, finding, unit=detail), f"{finding} {_told(journey)}", table)


def _bars(journey: pd.DataFrame, size: float) -> pd.DataFrame:
    """Where each piece of waiting and care begins and ends; a step that comes twice has two rows."""
    rows, at = [], 0.0
    for number, row in enumerate(journey.itertuples(), start=1):
        name, last = f"{number}. {row.step}", (at + row.lead_time) / size
        for kind, hours in ((WAIT, row.wait), (CARE, row.process_time)):
            text = length(row.lead_time) if kind == CARE else ""
            rows.append((name, kind, at / size, (at + hours) / size, last, text))
            at += hours
    return pd.DataFrame(rows, columns=["row", "kind", "begin", "end", "last", "text"])


def _told(journey: pd.DataFrame) -> str:
    said = []
    for number, row in enumerate(journey.itertuples()):
        if row.step == TO_LEAVE:
            said.append(f"At the end, {length(row.wait)} of waiting to leave.")
            continue
        of_wait, of_care = (" of waiting", " of care") if number == 0 else ("", "")
        said.append(f"{row.step}: {length(row.wait)}{of_wait}, then {length(row.process_time)}{of_care}.")
    return " ".join(said)
