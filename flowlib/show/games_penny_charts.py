"""
How does the coin game look? Hands at work, batch after batch, and a class's own times.

What a colour says is also said by a place or words. No sums are done here. A picture is
about 540 pixels wide, so that it stands beside its controls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.show import theme
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    import altair as alt

    from flowlib.diagnose.games.pennies import Passed

__all__ = ["penny_chart", "times_chart"]

WIDTH = 430  # pixels of a plot
SMALL = 13
PALE, LIGHT = "#c8d3da", "#d9e8f6"
BEHIND = "#8fbce6"  # light enough for the marks of the sum to stand out on it


def penny_chart(made: Passed, *, unit: str, things: str, hands: str, most: float) -> Picture:
    """
    Who works when, batch after batch: *things* such as coins, *hands* such as person, times in *unit* up to *most*.

    >>> from flowlib.diagnose.games import pennies
    >>> penny_chart(pennies.passed_on(5), unit="seconds", things="coins", hands="person", most=100).table.shape
    (20, 5)
    """
    import altair as alt  # noqa: PLC0415 - as above

    table = made.table()
    out = f"first out after {made.first_out:g} {unit}, all after {made.all_done:g}"
    finding = f"In batches of {made.batch}: {out}."
    rows = table.assign(
        who=[f"{hands} {place}" for place in table["person"]],
        middle=(table["begins"] + table["ends"]) / 2,
        turn=np.where(table["batch"] % 2 == 1, "odd", "even"),
        words=[str(size) if made.batch > 1 else "" for size in table["pieces"]],
    )
    x = alt.X("begins:Q", title=unit, scale=alt.Scale(domain=[0, most * 1.02], nice=False), axis=alt.Axis(tickCount=5))
    y = alt.Y("who:N", title=None, sort=None)
    fills = alt.Scale(domain=["odd", "even"], range=[theme.BLUE, LIGHT])
    bars = alt.Chart(rows).mark_bar(stroke=theme.INK, strokeWidth=0.8, height=22)
    inks = alt.Scale(domain=["odd", "even"], range=["#ffffff", theme.INK])
    chart = alt.layer(
        bars.encode(x=x, x2="ends:Q", y=y, color=alt.Color("turn:N", scale=fills, legend=None)),
        alt.Chart(rows)
        .mark_text(fontSize=SMALL)
        .encode(x="middle:Q", y=y, text="words:N", color=alt.Color("turn:N", scale=inks, legend=None)),
        *_moments(made),
    ).resolve_scale(color="independent")
    detail = (
        f"Each bar is one batch in one pair of hands; the number says how many {things}"
        if made.batch > 1
        else (f"Each bar is one of {made.pieces} {things} in one pair of hands")
    )
    kept = table.rename(
        columns={"pieces": things, "person": hands, "begins": f"begins, {unit}", "ends": f"ends, {unit}"}
    )
    return Picture(
        theme.titled(chart.properties(width=WIDTH, height=alt.Step(34)), finding, unit=detail), finding, kept
    )


def _moments(made: Passed) -> list[alt.Chart]:
    """Lines where the first and the last batch are out."""
    import altair as alt  # noqa: PLC0415 - as above

    same = made.first_out == made.all_done
    at = [made.all_done] if same else [made.first_out, made.all_done]
    words = ["first and last out"] if same else ["first out", "all out"]
    sides: list[Any] = ["right", "left"]
    rules = alt.Chart(pd.DataFrame({"begins": at})).mark_rule(color=theme.PURPLE, strokeWidth=2, strokeDash=[5, 3])
    names = [
        alt.Chart(pd.DataFrame({"begins": [when], "words": [said]}))
        .mark_text(align=side, dx=0, dy=-8, fontSize=SMALL, fontWeight="bold", color=theme.PURPLE)
        .encode(x="begins:Q", y=alt.value(0), text="words:N")
        for when, said, side in zip(at, words, sides, strict=False)
    ]
    return [rules.encode(x="begins:Q"), *names]


def times_chart(table: pd.DataFrame, *, unit: str) -> Picture:
    """
    A class's own times beside the sum: columns `batch`, `first_out`, `all_done`, `first_sum`, `all_sum`.

    >>> rows = [(5, 31, 52, 25, 40)]
    >>> names = ["batch", "first_out", "all_done", "first_sum", "all_sum"]
    >>> times_chart(pd.DataFrame(rows, columns=names), unit="seconds").description
    'Your best time for all is 52 seconds, with batches of 5.'
    """
    import altair as alt  # noqa: PLC0415 - as above

    best = table.loc[table["all_done"].idxmin()]
    finding = f"Your best time for all is {best['all_done']:g} {unit}, with batches of {best['batch']:g}."
    names = {"first_out": "first out", "all_done": "all done"}
    rows = pd.DataFrame(
        [
            (f"try {turn}: batches of {row['batch']:g}", names[part], row[part], row[sums])
            for turn, row in enumerate(table.to_dict("records"), start=1)
            for part, sums in (("first_out", "first_sum"), ("all_done", "all_sum"))
        ],
        columns=["try", "what", "yours", "sum"],
    )
    fills = alt.Scale(domain=list(names.values()), range=[BEHIND, PALE])
    y = alt.Y("try:N", title=None, sort=None)
    offset = alt.YOffset("what:N", sort=list(names.values()))
    base = alt.Chart(rows).encode(y=y, yOffset=offset)
    chart = alt.layer(
        base.mark_bar(stroke=theme.INK, strokeWidth=0.8).encode(
            x=alt.X("yours:Q", title=unit, axis=alt.Axis(tickCount=5)),
            color=alt.Color("what:N", scale=fills, title=None),
        ),
        base.mark_tick(color=theme.PURPLE, thickness=3).encode(x="sum:Q"),
        base.mark_text(align="left", dx=6, fontSize=SMALL).encode(x="yours:Q", text="yours:Q"),
    ).properties(width=WIDTH - 80, height=alt.Step(24))
    heads = ["batch", f"first out, {unit}", f"all done, {unit}", f"first by the sum, {unit}", f"all by the sum, {unit}"]
    return Picture(
        theme.titled(chart, finding, unit="Bars are your times; the purple marks are the sum"),
        finding,
        table.set_axis(heads, axis=1),
    )
