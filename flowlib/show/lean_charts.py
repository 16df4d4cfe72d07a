"""
How do streams, causes and walks look?

Two journeys on one scale, causes with the share that they make up together, and a walk on
its plan; `load_chart` stands in a module of its own. What a colour says is also said by
words, an outline or a line's pattern. No sums are done here, and nothing is drawn that
describes fewer than 8 real people.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.checks import need, shown
from flowlib.core.privacy import HIDDEN
from flowlib.core.safe_cells import seen
from flowlib.show import theme
from flowlib.show.lettering import text_width
from flowlib.show.load_chart import load_chart
from flowlib.show.map_marks import meet
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from flowlib.mapping.compare_streams import StreamComparison
    from flowlib.mapping.pareto import Pareto
    from flowlib.mapping.walking import Walk

Room = tuple[float, float, float, float]  # left, bottom, right, top: pixels

__all__ = ["causes_chart", "load_chart", "two_ladders", "walk_chart"]

WIDTH = 620
LABELS = 170  # pixels for the names of steps and causes
PALE = "#c8d3da"
CARE, WAIT = "care", "waiting"
WHEN = {"now": "As it is", "then": "As it could be"}
DAY = 24.0
LONG_STEP = 96.0  # hours: with a step as long as that, the scale is in days
MOST_BARS = 30
SIGNS = 30  # to a line of a cause
FLOOR = (520.0, 380.0)  # pixels of the widest and the highest plan
LINES = (2.0, 3.5, 5.0, 6.5)  # pixels of a line, by the share of the most walked that it carries
ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # where counts may stand on their ways
NAME_SIZE, COUNT_SIZE, MARK, OVER = 14, 13, 7.0, 17.0  # pixels: of type, of half a place, and from it to its name
NAME_SIGNS = 24  # of a place


def two_ladders(made: StreamComparison, *, finding: str = "", source: str = "") -> Picture:
    """
    The journey as it is and as it could be, side by side on one scale; the title is *finding*, or what changes.

    >>> from flowlib.mapping.compare_streams import compare_streams
    >>> from flowlib.mapping.value_stream import ValueStep, ValueStream
    >>> now = ValueStream([ValueStep("referral", 1, 23), ValueStep("visit", 2, 46)])
    >>> two_ladders(compare_streams(now, now.with_step("visit", wait=22))).description.partition(". ")[0]
    'The journey takes 2 days in place of 3'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    table = made.table.assign(step=[seen(step) for step in made.table["step"]])
    longest = table[["lead_time_now", "lead_time_then"]].max().max()
    size, unit = (DAY, "days") if longest >= LONG_STEP else (1.0, "hours")
    every = _ladder_rows(table, size)
    y = alt.Y("step:N", sort=list(table["step"]), title=None, axis=alt.Axis(labelLimit=LABELS))
    x = alt.X("length:Q", title=unit, scale=alt.Scale(domain=[0, longest / size * 1.3], nice=False))
    colours = alt.Scale(domain=[CARE, WAIT], range=[theme.BLUE, PALE])
    bars = (
        alt.Chart()
        .transform_filter("datum.part == 'bar'")
        .mark_bar(stroke=theme.INK, strokeWidth=0.6)
        .encode(x=x, y=y, color=alt.Color("kind:N", title=None, scale=colours), order="order:Q")
    )
    words = (
        alt.Chart()
        .transform_filter("datum.part == 'words'")
        .mark_text(align="left", dx=5, fontSize=13)
        .encode(x=x, y=y, text="words:N")
    )
    panel = alt.layer(bars, words).properties(width=(WIDTH - LABELS - 20) // 2, height=alt.Step(28))
    column = alt.Column("when:N", title=None, sort=list(WHEN.values()), header=alt.Header(labelFontSize=15))
    chart = panel.facet(column=column, data=every, spacing=20)
    said = made.sentence()
    finding = finding or f"{said.partition('. ')[0].rstrip('.')}."
    titled = theme.titled(
        chart, finding, unit=f"{unit.capitalize()} of care and of waiting at each step", source=source
    )
    return Picture(titled, _told(finding, said), table.rename(columns=lambda one: one.replace("_", " ")))


def _ladder_rows(table: pd.DataFrame, size: float) -> pd.DataFrame:
    """Waiting and care of each step in both panels, and the words at the end of its bar; lengths in *size* hours."""
    rows = [
        (row.step, title, kind, getattr(row, f"{part}_{when}") / size, order)
        for row in table.itertuples()
        for when, title in WHEN.items()
        for order, (kind, part) in enumerate(((WAIT, "wait"), (CARE, "process_time")))
    ]
    long = pd.DataFrame(rows, columns=["step", "when", "kind", "length", "order"]).dropna()
    ends = [
        (row.step, title, getattr(row, f"lead_time_{when}") / size)
        for row in table.itertuples()
        for when, title in WHEN.items()
    ]
    lasts = pd.DataFrame(ends, columns=["step", "when", "length"])
    lasts["words"] = ["not there" if np.isnan(one) else _length(one * size, size) for one in lasts["length"]]
    lasts["length"] = lasts["length"].fillna(0.0)
    return pd.concat([long.assign(words="", part="bar"), lasts.assign(kind="", order=0, part="words")])


def causes_chart(made: Pareto, *, what: str = "times", finding: str = "", source: str = "") -> Picture:
    """
    Causes, the commonest first, and a line for what they make up together; *what* is counted.

    >>> from flowlib.mapping.pareto import pareto
    >>> causes_chart(pareto({"transport": 50, "family": 10}, synthetic=True)).description.partition(":")[0]
    '1 of 2 causes is behind 83 in every 100'
    """
    import altair as alt  # noqa: PLC0415 - as above

    table = made.shown()
    few = made.table.set_index("cause")["among_few"]
    table["few"] = [bool(few[cause]) for cause in table["cause"]]
    kept = table[table["count"] != HIDDEN].copy()
    need(len(kept), "Too few people are counted to draw their causes. Count for longer.")
    need(len(kept) <= MOST_BARS, f"A picture holds at most {MOST_BARS} causes; {len(kept)} came. Put some together.")
    kept["cause"] = [seen(cause) for cause in kept["cause"]]
    kept["percent"] = pd.to_numeric(kept["share"].str.rstrip("%"))
    kept["so far"] = pd.to_numeric(kept["cumulative_share"].str.rstrip("%"))
    kept["label"] = _labels(kept)
    step = 40 if kept["label"].str.contains("\n").any() else 28
    lines = alt.Axis(labelLimit=LABELS + 60, labelExpr="split(datum.label, '\\n')")
    y = alt.Y("label:N", sort=list(kept["label"]), title=None, axis=lines)
    scale = alt.Scale(domain=[0, 104], nice=False)
    x = alt.X("percent:Q", title="in every 100", scale=scale, axis=alt.Axis(values=list(range(0, 101, 20))))
    base = alt.Chart(kept).encode(y=y)
    colour = alt.condition("datum.few", alt.value(theme.BLUE), alt.value(PALE))
    line = base.transform_filter("isValid(datum['so far'])").encode(x=alt.X("so far:Q", scale=scale))
    limit = pd.DataFrame({"at": [100 * made.share], "words": [f"{shown(100 * made.share)} in 100"]})
    mark = alt.Chart(limit).encode(x="at:Q")
    chart = alt.layer(
        base.mark_bar(stroke=theme.INK, strokeWidth=0.6).encode(x=x, color=colour),
        mark.mark_rule(color=theme.RED, strokeDash=[6, 4], strokeWidth=2),
        line.mark_line(color=theme.INK, strokeWidth=1.5),
        line.mark_point(color=theme.INK, shape="diamond", size=70),
        mark.mark_text(dy=-12, color=theme.RED, fontWeight="bold").encode(y=alt.value(0), text="words:N"),
    ).properties(width=WIDTH - LABELS, height=alt.Step(step))
    said = " ".join([made.sentence(), *made.cautions])
    first = finding or made.sentence()
    detail = f"In brackets: {what}. Bars: the share of each. Line with diamonds: so far, from the top"
    hidden = int((table["count"] == HIDDEN).sum())
    detail += f". {hidden} with small numbers are left out" if hidden else ""
    numbers = table.drop(columns="few").rename(columns={"cumulative_share": "so far", "count": what})
    return Picture(theme.titled(chart, first, unit=detail, source=source), _told(first, said), numbers)


def _labels(kept: pd.DataFrame) -> list[str]:
    """Each cause with its count, on two lines where it is long."""
    made = []
    for cause, count in zip(kept["cause"], kept["count"], strict=True):
        lines = textwrap.wrap(f"{cause} ({count})", SIGNS)
        made.append("\n".join(lines) if len(lines) <= 2 else "\n".join([lines[0], f"… ({count})"]))  # noqa: PLR2004
    return (
        made
        if len(set(made)) == len(made)
        else [f"{c} ({n})" for c, n in zip(kept["cause"], kept["count"], strict=True)]
    )


def walk_chart(made: Walk, *, finding: str = "", source: str = "") -> Picture:
    """
    A walk on the plan of the floor: thicker lines are walked more often, with how often in words.

    >>> from flowlib.mapping.walking import walk
    >>> walk_chart(walk(["desk", "store", "desk"], {"desk": (0, 0), "store": (3, 4)})).description
    'This walk is 10 metres long. Of these, 10 metres are between desk and store, walked 2 times.'
    """
    import altair as alt  # noqa: PLC0415 - as above

    pairs = made.pairs()
    at = pd.DataFrame(made.places.values(), columns=["x", "y"])
    wide, high = (float(at[axis].max() - at[axis].min()) or 1.0 for axis in ("x", "y"))
    metre = min(FLOOR[0] / wide, FLOOR[1] / high)
    width, height = max(metre * wide, 120.0), max(metre * high, 120.0)
    middle_x, middle_y = ((float(at[axis].max()) + float(at[axis].min())) / 2 for axis in ("x", "y"))
    pad = 46 / metre
    reach_x, reach_y = width / metre / 2 + pad, height / metre / 2 + pad
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[middle_x - reach_x, middle_x + reach_x], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[middle_y - reach_y, middle_y + reach_y], nice=False))
    names, taken = _names(made, metre)
    lines, counts = _drawn(made, pairs, metre, taken)
    drawn = [
        alt.Chart(part).mark_line(color=theme.GREY, opacity=0.8, strokeWidth=thick, strokeJoin="round")
        .encode(x=x, y=y, detail="pair:N", order="order:O")
        for thick, part in lines.groupby("thick")
    ]  # fmt: skip
    often = alt.Chart(counts).encode(x=x, y=y, text="words:N")
    placed = alt.Chart(at.drop_duplicates()).encode(x=x, y=y)
    named = alt.Chart(names).encode(x=x, y=y, text="place:N")
    look: dict[str, Any] = {"fontWeight": "bold", "fontSize": NAME_SIZE}
    chart = alt.layer(
        *drawn,
        often.mark_text(stroke="white", strokeWidth=5, fontSize=COUNT_SIZE),
        often.mark_text(fontSize=COUNT_SIZE),
        placed.mark_point(shape="square", size=120, color=theme.BLUE, stroke=theme.INK),
        named.mark_text(stroke="white", strokeWidth=4, **look),
        named.mark_text(**look),
    ).properties(width=width + 92, height=height + 92)
    how = "straight from place to place" if made.along == "straight" else "along corridors at right angles"
    first = finding or made.sentence()
    detail = f"Metres {how}. Thicker lines, and × where there is room, say how often"
    table = pairs.rename(columns={"first": "from", "second": "to", "metres_each": "metres each time"})
    return Picture(theme.titled(chart, first, unit=detail, source=source), _told(first, made.sentence()), table)


def _names(made: Walk, metre: float) -> tuple[pd.DataFrame, list[Room]]:
    """Where the name of each place stands: over it, or under it where another is in the way; and the room taken."""
    middles = [(metre * x, metre * y) for x, y in made.places.values()]
    taken = [_room(middle, 2 * MARK, 2 * MARK) for middle in middles]
    rows = []
    for name, (x, y) in zip(made.places, middles, strict=True):
        words = seen(name)
        words = words if len(words) <= NAME_SIGNS else f"{words[: NAME_SIGNS - 1].rstrip()}…"
        wide = text_width(words, NAME_SIZE, bold=True)
        rooms = [_room((x, y + rise), wide, NAME_SIZE + 2) for rise in (OVER, -OVER)]
        room = next((one for one in rooms if not any(meet(one, other) for other in taken)), rooms[0])
        taken.append(room)
        rows.append((words, x / metre, (room[1] + room[3]) / 2 / metre))
    return pd.DataFrame(rows, columns=["place", "x", "y"]), taken


def _room(middle: tuple[float, float], wide: float, tall: float) -> Room:
    return middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2


def _drawn(made: Walk, pairs: pd.DataFrame, metre: float, taken: list[Room]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points along each way between two places, and where its count stands: nowhere, if all places are *taken*."""
    taken = list(taken)
    most = max(int(pairs["times"].max()), 1) if len(pairs) else 1
    points, words = [], []
    for pair, row in enumerate(pairs.itertuples()):
        (x1, y1), (x2, y2) = made.places[row.first], made.places[row.second]
        corner = [] if made.along == "straight" else [(x2, y1)]
        thick = LINES[min(int(row.times / most * len(LINES)), len(LINES) - 1)]
        way = [(x1, y1), *corner, (x2, y2)]
        points += [(pair, order, *point, thick) for order, point in enumerate(way)]
        for share in ALONG:
            x, y = _along(way, share)
            room = _room((metre * x, metre * y), text_width(f"×{row.times}", COUNT_SIZE), COUNT_SIZE)
            if not any(meet(room, other) for other in taken):
                taken.append(room)
                words.append((x, y, f"×{row.times}"))
                break
    lines = pd.DataFrame(points, columns=["pair", "order", "x", "y", "thick"])
    return lines, pd.DataFrame(words, columns=["x", "y", "words"])


def _along(points: list[tuple[float, float]], share: float) -> tuple[float, float]:
    """The place after so much of a way."""
    lengths = np.hypot(*np.diff(np.asarray(points), axis=0).T)
    gone = np.concatenate([[0.0], np.cumsum(lengths)]) / (lengths.sum() or 1.0)
    x, y = (float(np.interp(share, gone, [point[axis] for point in points])) for axis in (0, 1))
    return x, y


def _told(finding: str, said: str) -> str:
    """What a screen reader says: the finding, and the sentence where that says more."""
    return said if said.startswith(finding) else f"{finding} {said}"


def _length(hours: float, size: float) -> str:
    """A length as a label has it; parts of a day or an hour in the smaller unit."""
    if size == DAY:
        return f"{shown(round(hours / DAY, 1))} days" if hours >= DAY else f"{shown(round(hours, 1))} h"
    return f"{shown(round(hours, 1))} h" if hours >= 1 else f"{hours * 60:.0f} min"
