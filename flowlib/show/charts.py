"""
How does each finding look?

Each function takes a result and gives a `Picture`: an Altair chart whose title is the
finding, a description for screen readers, and the numbers as a table. No sums are done
here. Numbers that describe fewer than 8 real people do not get into a picture at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.privacy import FEWEST, ROUND_TO
from flowlib.measure.demand import WEEKDAYS, CountedBalance, busiest, rhythm_shown
from flowlib.show import theme
from flowlib.show.map_chart import journey_map
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.spc_charts import before_after, control_chart, run_chart, subgroup_charts

if TYPE_CHECKING:
    from flowlib.diagnose.constraint import Constraint
    from flowlib.mapping.value_stream import ValueStream
    from flowlib.measure.demand import Balance
    from flowlib.redesign.what_if import Answer

__all__ = [
    "Picture",
    "balance",
    "before_after",
    "constraint",
    "control_chart",
    "formula_errors",
    "journey_map",
    "ladder",
    "rhythm",
    "run_chart",
    "subgroup_charts",
    "what_if",
]

WIDTH = 620
CARE, WAIT = "care", "waiting"
MANY = 40  # bars; with more, outlines run together
DAY = 24.0
ROWS = ("As it is", "What if")
WHAT_IF_WIDTH = 400
ROOM_TO_MOVE, LEAST_SCALE = 1.8, 0.1  # the scale of a what-if: so many times today's range, and never shorter


def ladder(stream: ValueStream, *, finding: str) -> Picture:
    """One journey, step by step: hours of care and hours of waiting."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    table = stream.to_frame()
    rows = [(s.name, kind, hours) for s in stream.steps for kind, hours in ((WAIT, s.wait), (CARE, s.process_time))]
    long = pd.DataFrame(rows, columns=["step", "kind", "hours"])
    base = alt.Chart(long).mark_bar(stroke=theme.INK, strokeWidth=0.6).encode(
        x=alt.X("hours:Q", title="hours", stack=True),
        y=alt.Y("step:N", sort=[s.name for s in stream.steps], title=None),
        color=alt.Color(
            "kind:N", title=None, scale=alt.Scale(domain=[CARE, WAIT], range=[theme.BLUE, "#c8d3da"]), sort=[CARE, WAIT]
        ),
        order=alt.Order("kind:N", sort="descending"),
    )  # fmt: skip
    chart = theme.titled(base.properties(width=WIDTH - 160, height=alt.Step(28)), finding, unit="Hours at each step")
    return Picture(chart, finding, table)


def constraint(found: Constraint) -> Picture:
    """Where the hours of waiting are."""
    import altair as alt  # noqa: PLC0415

    table = found.table[(found.table["visits"] >= FEWEST) & ~found.table["people"].between(1, FEWEST - 1)]
    table = table[table["waiting_hours"].notna()]
    days = (table["waiting_hours"] / DAY).round(2)
    rows = pd.DataFrame({"step": table["step"], "days": days, "it": table["step"] == found.step})
    what = "gaps before the step" if found.basis == "gap" else "waiting"
    base = alt.Chart(rows).encode(
        y=alt.Y("step:N", sort=list(rows["step"]), title=None),
        x=alt.X("days:Q", title=f"days of {what}, all people together"),
    )
    colour = alt.condition("datum.it", alt.value(theme.BLUE), alt.value("#c8d3da"))
    bars = base.mark_bar(stroke=theme.INK, strokeWidth=0.6).encode(color=colour)
    mark = base.transform_filter("datum.it").mark_text(align="left", dx=6, text="◀ here", fontWeight="bold")
    chart = (bars + mark).properties(width=WIDTH - 200, height=alt.Step(28))
    first, _, rest = found.sentence().partition(". ")
    return Picture(theme.titled(chart, f"{first}.", unit=rest), found.sentence(), found.shown())


def balance(made: Balance, *, finding: str = "") -> Picture:
    """Demand and activity as lines, the queue as bars, period by period."""
    import altair as alt  # noqa: PLC0415

    table, unit, size = made.table.copy(), "people", 1.0
    if isinstance(made, CountedBalance):
        unit, size = made.unit, made.unit_size
    for column in ("demand", "activity", "queue"):
        table[column] = size * _safe(table[column] / size, synthetic=made.synthetic)
    table["period"] = table["period"].dt.strftime("%Y-%m-%d")
    names = {"demand": "came (demand)", "activity": "seen to (activity)"}
    lines = table.melt("period", list(names), "kind", "people").replace({"kind": names}).dropna()
    bars = (
        alt.Chart(table.dropna(subset=["queue"]))
        .mark_bar(
            color="#c8d3da",
            stroke=theme.INK,
            strokeWidth=0.4 if len(table) <= MANY else 0,
            size=max(3, min(14, 480 // max(len(table), 1))),
        )
        .encode(x=alt.X("period:T", title=None, axis=alt.Axis(format="%d %b")), y=alt.Y("queue:Q", title=unit))
    )
    kinds = list(names.values())
    colours = alt.Scale(domain=kinds, range=[theme.PINK, theme.BLUE])
    dashes = alt.Scale(domain=kinds, range=[[6, 3], [1, 0]])
    drawn = alt.Chart(lines).encode(
        x="period:T",
        y="people:Q",
        color=alt.Color("kind:N", title=None, scale=colours, legend=alt.Legend(orient="bottom")),
        strokeDash=alt.StrokeDash("kind:N", title=None, scale=dashes),
    )
    parts: list[Any] = [bars, drawn.mark_line()]
    what = f"{unit.capitalize()} each {made.every}. Bars: still waiting when the {made.every} ends."
    if np.isfinite(made.table["capacity"]).all() and len(made.table):
        level = size * _safe(made.table["capacity"].iloc[:1] / size, synthetic=made.synthetic).to_frame().dropna()
        parts.append(alt.Chart(level).mark_rule(strokeDash=[2, 3], color=theme.INK).encode(y="capacity:Q"))
        what += f" Dotted line: capacity ({made.capacity_from})."
    chart = theme.titled(alt.layer(*parts).properties(width=WIDTH, height=270), finding or made.sentence(), unit=what)
    return Picture(chart, made.sentence(), made.shown())


def rhythm(table: pd.DataFrame, *, step: str, finding: str = "") -> Picture:
    """People who come, and who wait, on an average day or week."""
    import altair as alt  # noqa: PLC0415

    by = "hour" if "hour" in table else "weekday"
    table = rhythm_shown(table)
    finding = finding or f"Most people come to {step} {'at' if by == 'hour' else 'on'} {busiest(table)}"
    shown = table.assign(when=table[by] if by == "hour" else [WEEKDAYS[d][:3] for d in table[by]])
    x = alt.X(
        "when:O", sort=None, axis=alt.Axis(labelAngle=0, labelExpr="toNumber(datum.value) % 3 == 0 ? datum.value : ''")
        if by == "hour" else alt.Axis(labelAngle=0), title="hour of the day" if by == "hour" else None,
    )  # fmt: skip
    parts: list[Any] = [
        alt.Chart(shown)
        .mark_bar(color="#c8d3da", stroke=theme.INK, strokeWidth=0.4)
        .encode(x=x, y=alt.Y("arrivals:Q", title=f"people, mean of each {by}"))
    ]
    unit = "Bars: people who come"
    if table["waiting"].notna().any():
        waiting = alt.Chart(shown).encode(x=x, y="waiting:Q")
        parts += [waiting.mark_line(color=theme.PINK), waiting.mark_point(color=theme.PINK, shape="diamond", size=60)]
        unit += ". Line with diamonds: people who wait"
    chart = alt.layer(*parts).properties(width=WIDTH, height=260)
    return Picture(theme.titled(chart, finding, unit=unit), finding, table.round(1))


def formula_errors(table: pd.DataFrame, *, finding: str) -> Picture:
    """How far off the waits of formulas are, by load: a panel a formula, a line a number of servers."""
    import altair as alt  # noqa: PLC0415

    names = {"mgc": "Kimura (M/G/c)", "ggc": "Allen-Cunneen (G/G/c)"}
    rows = table[table["formula"].isin(names)].replace({"formula": names})
    rows = rows.assign(off=100 * rows["off_by"], who=rows["servers"].map(lambda n: f"{n} server{'s' * (n > 1)}"))
    known = list(dict.fromkeys(rows.sort_values("servers")["who"]))
    colours = alt.Scale(domain=known, range=list(theme.CATEGORIES[: len(known)]))
    shapes = alt.Scale(domain=known, range=["circle", "triangle-up", "diamond", "square"][: len(known)])
    base = alt.Chart().encode(
        x=alt.X("load:O", title="load of each server", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("off:Q", title=None),
        color=alt.Color("who:N", title=None, scale=colours, legend=alt.Legend(orient="bottom")),
    )
    marks = base.mark_point(filled=True, size=90).encode(shape=alt.Shape("who:N", title=None, scale=shapes))
    zero = alt.Chart().mark_rule(color=theme.INK, strokeDash=[2, 3]).encode(y=alt.datum(0))
    panel = alt.layer(zero, base.mark_line(), marks).properties(width=(WIDTH - 60) // 2, height=260)
    chart = panel.facet(column=alt.Column("formula:N", title=None, sort=list(names.values())), data=rows)
    unit = "How much longer (above 0) or shorter the formula says than long simulations, in 100."
    shown = rows[["formula", "servers", "load", "off"]].rename(columns={"off": "off, in 100"}).round(1)
    return Picture(theme.titled(chart, finding, unit=unit), finding, shown)


def what_if(answer: Answer, today: Answer | None = None, *, most: float | None = None) -> Picture:
    """
    As it is and what if, one bar above the other, each with its range; *today* adds a dotted line down from it.

    *most* is the end of the scale. Without it the scale stays still while the bars move,
    and doubles where one would leave it.
    """
    rows = [(name, *row) for name, row in zip(ROWS, (answer.now, answer.then), strict=True)]
    bars = pd.DataFrame(rows, columns=["which", "mean", "low", "high"])
    gap = pd.DataFrame([("Difference", *answer.difference)], columns=bars.columns)
    table = pd.concat([bars, gap], ignore_index=True).round(1)
    names = {"which": "what", "mean": f"mean, {answer.unit}", "low": "from", "high": "to"}
    tables = {
        "bars": bars.assign(words=[f"{mean:,.1f} {answer.unit}" for mean in bars["mean"]]),
        "today": pd.DataFrame({"mean": [today.then[0]] if today else []}),
        "end": pd.DataFrame({"mean": [most or _end(answer)]}),
    }
    what = f"{answer.what[0].upper()}{answer.what[1:]}"
    unit = f"{what}, {answer.unit}. Bar: mean. Dark line: where the mean lies, 19 times in 20"
    chart = WHAT_IF.filled(tables, finding=answer.finding(), unit=f"{unit}. Dotted: today" if today else unit)
    return Picture(chart, answer.sentence(), table.rename(columns=names))


def _end(answer: Answer) -> float:
    end = ROOM_TO_MOVE * max(answer.now[2], LEAST_SCALE)
    while answer.then[2] > end:
        end *= 2
    return end


def _what_if(alt: Any) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """Two bars with their ranges, the dotted line, and a scale as long as the data say."""
    x = {"scale": alt.Scale(zero=True, nice=False)}
    y = alt.Y("which:N", sort=list(ROWS), scale=alt.Scale(domain=list(ROWS)), title=None, axis=alt.Axis(ticks=False))
    colour = alt.Color("which:N", legend=None, scale=alt.Scale(domain=list(ROWS), range=["#c8d3da", theme.BLUE]))
    bars, today, end = (alt.Chart(alt.Data(name=name)) for name in ("bars", "today", "end"))
    layers = (
        end.mark_point(opacity=0).encode(x=alt.X("mean:Q", title=None, axis=alt.Axis(tickCount=5), **x)),
        bars.mark_bar(height=26, stroke=theme.INK, strokeWidth=0.75).encode(x=alt.X("mean:Q", **x), y=y, color=colour),
        bars.mark_rule(color=theme.INK, strokeWidth=3).encode(x=alt.X("low:Q", **x), x2="high:Q", y=y),
        today.mark_rule(color=theme.INK, strokeDash=[2, 3], strokeWidth=1.5).encode(x=alt.X("mean:Q", **x)),
        bars.mark_text(align="left", fontWeight="bold", color=theme.INK).encode(
            x=alt.value(WHAT_IF_WIDTH + 8), y=y, text="words:N"
        ),
    )
    return alt.layer(*layers).properties(width=WHAT_IF_WIDTH, height=120)


WHAT_IF = Redrawn(_what_if)


def _safe(numbers: pd.Series, *, synthetic: bool) -> pd.Series:
    """Counts as they may stand in a picture: for real people, none from 1 to 7, the others to the nearest 5."""
    if synthetic:
        return numbers
    return (ROUND_TO * (numbers / ROUND_TO).round()).where((numbers == 0) | (numbers >= FEWEST))
