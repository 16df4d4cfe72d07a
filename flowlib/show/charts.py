"""
How does each finding look?

Each function takes a result and gives a `Picture`: an Altair chart whose title is the
finding, a description for screen readers, and the numbers as a table. No sums are done
here. Numbers that describe fewer than 8 real people do not get into a picture at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from flowlib.core.privacy import FEWEST, ROUND_TO
from flowlib.measure.demand import WEEKDAYS, CountedBalance, busiest
from flowlib.show import theme
from flowlib.show.picture import Picture
from flowlib.show.spc_charts import before_after, control_chart, run_chart, subgroup_charts

if TYPE_CHECKING:
    from flowlib.diagnose.constraint import Constraint
    from flowlib.mapping.process_map import ProcessMap
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
WIDTHS = (1.5, 3.0, 5.0, 8.0)  # of a line, by the share of the busiest that it carries
MANY = 40  # bars; with more, outlines run together
MOST_EDGES = 22  # more lines than this make a map that nobody can read
DAY = 24.0


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


def journey_map(made: ProcessMap, *, most_edges: int = MOST_EDGES) -> Picture:
    """Steps from left to right, lines for the ways people go; thicker lines carry more people."""
    import altair as alt  # noqa: PLC0415

    log = made.log
    edges = _main_edges(made, most_edges)
    steps = made.steps[made.steps["people"] >= FEWEST]
    places = _layout(list(steps["step"]), edges)
    nodes = steps.assign(x=[places[s][0] for s in steps["step"]], y=[places[s][1] for s in steps["step"]])
    nodes["people_shown"] = [_people(n, synthetic=log.synthetic) for n in nodes["people"]]
    nodes["label"] = ["\n".join(_wrapped(str(s))) for s in nodes["step"]]
    waits = made.steps.set_index("step")["median_wait_hours"]
    nodes["below"] = [
        f"{n} people" + (f"\nwait {_length(waits[s])}" if np.isfinite(waits[s]) and waits[s] > 0 else "")
        for s, n in zip(nodes["step"], nodes["people_shown"], strict=True)
    ]
    lines = _lines(edges, places, synthetic=log.synthetic)
    columns, rows = int(nodes["x"].max()) + 1, float(nodes["y"].max() - nodes["y"].min()) + 1
    space_x = alt.Scale(domain=[-0.5, columns - 0.5], nice=False)
    space_y = alt.Scale(domain=[float(nodes["y"].min()) - 0.62, float(nodes["y"].max()) + 0.62], nice=False)
    x, y = alt.X("x:Q", axis=None, scale=space_x), alt.Y("y:Q", axis=None, scale=space_y)
    dashes = alt.Scale(domain=["no", "yes"], range=[[1, 0], [5, 4]])
    ways = {"x": x, "y": y, "detail": "way:N", "order": "order:O"}
    back = alt.StrokeDash("back:N", scale=dashes, legend=None)
    drawn = [
        alt.Chart(part)
        .mark_line(color=theme.GREY, opacity=0.75, interpolate="monotone", strokeWidth=width)
        .encode(**ways, strokeDash=back)
        for width, part in lines.groupby("width")
    ]
    placed = alt.Chart(nodes).encode(x=x, y=y)
    boxes = placed.mark_rect(width=112, height=54, cornerRadius=6, fill="white", stroke=theme.BLUE, strokeWidth=2)
    names = placed.mark_text(fontWeight="bold", lineBreak="\n", fontSize=13).encode(text="label:N")
    under: dict[str, Any] = {"lineBreak": "\n", "dy": 34, "fontSize": 12, "baseline": "top"}
    halo = placed.mark_text(stroke="white", strokeWidth=4, **under).encode(text="below:N")
    below = placed.mark_text(**under).encode(text="below:N")
    top = made.edges.iloc[0] if len(made.edges) else None
    finding = f"{len(made.steps)} steps, and {_ways(made)}"
    chart = alt.layer(*drawn, boxes, names, halo, below).properties(
        width=max(WIDTH, columns * 146), height=max(170, int(rows * 128))
    )
    chart = theme.titled(chart, finding, unit="Thicker lines carry more people. Dashed lines go back.")
    said = f" The commonest move is from {top['from_step']} to {top['to_step']}." if top is not None else ""
    return Picture(chart, f"A map of the journey: {finding}.{said}", _plain_edges(made))


def constraint(found: Constraint) -> Picture:
    """Where the hours of waiting are."""
    import altair as alt  # noqa: PLC0415

    table = found.table[(found.table["visits"] >= FEWEST) & found.table["waiting_hours"].notna()]
    rows = table.assign(days=table["waiting_hours"] / DAY, it=table["step"] == found.step)
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
        level = pd.DataFrame({"capacity": [made.table["capacity"].iloc[0]]})
        parts.append(alt.Chart(level).mark_rule(strokeDash=[2, 3], color=theme.INK).encode(y="capacity:Q"))
        what += f" Dotted line: capacity ({made.capacity_from})."
    chart = theme.titled(alt.layer(*parts).properties(width=WIDTH, height=270), finding or made.sentence(), unit=what)
    return Picture(chart, made.sentence(), made.shown())


def rhythm(table: pd.DataFrame, *, step: str, finding: str = "") -> Picture:
    """People who come, and who wait, on an average day or week."""
    import altair as alt  # noqa: PLC0415

    by = "hour" if "hour" in table else "weekday"
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


def what_if(answer: Answer, *, most: float) -> Picture:
    """As it is and what if, side by side, each with its range; *most* keeps the scale still."""
    import altair as alt  # noqa: PLC0415

    names = ("As it is", "What if")
    rows = [(name, *row) for name, row in zip(names, (answer.now, answer.then), strict=True)]
    table = pd.DataFrame(rows, columns=["scenario", "mean", "low", "high"])
    y = alt.Y("scenario:N", sort=list(names), title=None, axis=alt.Axis(labelFontSize=15))
    base = alt.Chart(table).encode(y=y)
    scale = alt.Scale(domain=[0, max(most, 1e-6)], nice=False, clamp=True)
    bars = base.mark_bar(height=24, stroke=theme.INK, strokeWidth=0.6).encode(
        x=alt.X("mean:Q", title=answer.unit, scale=scale),
        color=alt.Color("scenario:N", legend=None, scale=alt.Scale(domain=list(names), range=["#c8d3da", theme.BLUE])),
    )
    ranges = base.mark_rule(color=theme.INK, strokeWidth=3).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    words = base.mark_text(align="left", dx=8, dy=-20, fontWeight="bold").encode(
        x=alt.value(0), text=alt.Text("mean:Q", format=",.1f")
    )
    chart = (bars + ranges + words).properties(width=WIDTH - 160, height=150)
    unit = f"{answer.unit}. Bar: mean. Dark line: 19 in 20 such means would lie here."
    titled = theme.titled(chart, "As it is, and what if", unit=unit)
    return Picture(titled, answer.sentence(), table.round(2))


def _main_edges(made: ProcessMap, most: int) -> pd.DataFrame:
    """The commonest moves, and for every step at least the commonest one in and out, so that none hangs loose."""
    edges = made.edges[(made.edges["count"] >= FEWEST) & (made.edges["from_step"] != made.edges["to_step"])]
    chosen = [edges.head(most), edges.drop_duplicates("to_step"), edges.drop_duplicates("from_step")]
    return pd.concat(chosen).drop_duplicates(["from_step", "to_step"]).reset_index(drop=True)


def _layout(steps: list[str], edges: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """A column for each step, after those that lead to it; within a column, busiest in the middle."""
    place = {step: i for i, step in enumerate(steps)}
    graph = nx.DiGraph()
    graph.add_nodes_from(steps)
    for row in edges.itertuples():
        if row.from_step in place and row.to_step in place and place[row.from_step] < place[row.to_step]:
            graph.add_edge(row.from_step, row.to_step)
    found = {}
    for column, layer in enumerate(nx.topological_generations(graph)):
        ordered = sorted(layer, key=place.__getitem__)
        for i, step in enumerate(ordered):
            found[step] = (
                float(column),
                (len(ordered) - 1) / 2 - i + (0.18 if column % 2 else 0.0) * (len(ordered) > 1),
            )
    return found


def _lines(edges: pd.DataFrame, places: dict[str, tuple[float, float]], *, synthetic: bool) -> pd.DataFrame:
    """Points along each line, so that lines that skip a column or go back bend round the boxes."""
    most = max(int(edges["count"].max()), 1) if len(edges) else 1
    rows = []
    for place, row in enumerate(edges.itertuples()):
        if row.from_step not in places or row.to_step not in places:
            continue
        (x1, y1), (x2, y2) = places[row.from_step], places[row.to_step]
        people = row.count if synthetic else ROUND_TO * round(row.count / ROUND_TO)
        width = WIDTHS[min(int(people / most * len(WIDTHS)), len(WIDTHS) - 1)]
        back = x2 <= x1
        bend = 0.42 if abs(x2 - x1) > 1 or back else 0.0
        for step, t in enumerate(np.linspace(0, 1, 9)):
            arch = bend * 4 * t * (1 - t) * (-1 if back else 1)
            rows.append((place, step, x1 + (x2 - x1) * t, y1 + (y2 - y1) * t + arch, width, "yes" if back else "no"))
    return pd.DataFrame(rows, columns=["way", "order", "x", "y", "width", "back"])


def _ways(made: ProcessMap) -> str:
    total = len(made.variants)
    for share, words in ((0.8, "8 in 10"), (0.5, "half")):
        needed = made.commonest(share)
        if needed <= 12:  # noqa: PLR2004 - few enough to look at
            return f"{words} people go one of {needed} ways" if needed > 1 else f"{words} people go the same way"
    return f"people go {total:,} different ways"


def _plain_edges(made: ProcessMap) -> pd.DataFrame:
    table = made.edge_table()
    return table.rename(
        columns={"from_step": "from", "to_step": "to", "count": "people", "median_hours": "middle hours"}
    )


def _people(number: float, *, synthetic: bool) -> str:
    return f"{number if synthetic else ROUND_TO * round(number / ROUND_TO):,.0f}"


def _safe(numbers: pd.Series, *, synthetic: bool) -> pd.Series:
    """Counts as they may stand in a picture: for real people, none from 1 to 7, the others to the nearest 5."""
    if synthetic:
        return numbers
    return (ROUND_TO * (numbers / ROUND_TO).round()).where((numbers == 0) | (numbers >= FEWEST))


def _wrapped(name: str, most: int = 15) -> list[str]:
    import textwrap  # noqa: PLC0415 - only here

    return textwrap.wrap(name, most)[:2] or [name]


def _length(hours: float) -> str:
    """Hours as a person says them."""
    if hours < 1:
        return f"{60 * hours:.0f} min"
    return f"{hours:.1f} h" if hours < 2 * DAY else f"{hours / DAY:.1f} days"
