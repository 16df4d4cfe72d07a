"""
How does work look beside takt: who has more than fits?

A bar a role, its tasks stacked up by class of work, and a dashed line at takt. With more
than five roles the bars lie on their side, so that names can be read. Waste has a dashed
outline beside its colour. No sums are done here.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core.checks import need, shown
from flowlib.core.safe_cells import seen
from flowlib.show import theme
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    import altair as alt

    from flowlib.mapping.load_balance import LoadBalance

__all__ = ["load_chart"]

WIDTH, NAMES, END = 620.0, 160.0, 80.0  # pixels: of all, of names of roles at the side, and for "takt" at the end
HEIGHT = 320.0
UPRIGHT = 5  # roles; with more, bars lie on their side
MOST_ROLES = 30
BAND, LYING = 150.0, 36.0  # pixels for a role: the widest upright, and on its side
LITTLE = 4  # signs of a task's name that say nothing
LETTER, LINE = 7.0, 17.0  # pixels of a letter, and of a line
ROOM = 1.2  # of the scale beyond what is drawn, for words
KINDS = {"value": "value", "necessary": "necessary", "waste": "waste", "": "not said"}
FILLS = {"value": theme.BLUE, "necessary": "#c8d3da", "waste": "#ffffff", "not said": "#f0f4f5"}


def load_chart(made: LoadBalance, *, finding: str = "", source: str = "") -> Picture:
    """
    The work of each role stacked up beside takt; the title is *finding*, or who has too much.

    >>> from flowlib.mapping.load_balance import Task, load_balance
    >>> load_chart(load_balance([Task("nurse", "triage", 8)], takt=10)).table.columns.tolist()
    ['role', 'task', 'class', 'from minute', 'to minute']
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    roles = [seen(role) for role in made.table["role"]]
    need(len(roles) <= MOST_ROLES, f"A picture holds at most {MOST_ROLES} roles; {len(roles)} came. Draw fewer.")
    upright = len(roles) <= UPRIGHT
    band = min(BAND, (WIDTH - END) / len(roles)) if upright else LYING
    across, along = ("x", "y") if upright else ("y", "x")  # the channel of roles, and that of minutes
    top = ROOM * max(float(made.table["minutes"].max()), made.takt)
    length = HEIGHT if upright else WIDTH - NAMES
    role = {across: _roles(roles, across, band if upright else NAMES)}
    scale = alt.Scale(domain=[0, top], nice=False)
    reach = {along: _channel(along, "bottom:Q", title="minutes for one person", scale=scale), f"{along}2": "top:Q"}
    base = alt.Chart(_stack(made, top, length, band, upright=upright)).encode(**role)
    bars, said = _stacks(base, reach, along)
    over = made.table[made.table["over"]].assign(role=lambda rows: [seen(one) for one in rows["role"]])
    over["words"] = [f"▲ {shown(round(one, 1))} over" for one in over["over_takt"]]
    beyond: dict[str, Any] = {"dy": -10} if upright else {"dx": 6, "align": "left"}
    above = alt.Chart(over).mark_text(fontWeight="bold", fontSize=13, **beyond)
    parts = [*bars, _takt(made, along), *said, above.encode(**role, **{along: "minutes:Q"}, text="words:N")]
    sizes = (band * len(roles), length) if upright else (length, band * len(roles))
    parts.append(_takt_words(made, along, sizes[0]))
    chart = alt.layer(*parts).properties(width=sizes[0], height=sizes[1])
    first = finding or f"{made.sentence().partition('. ')[0].rstrip('.')}."
    detail = "Minutes of work for each person who comes. Waste has a dashed outline"
    table = made.stacked().replace({"value": KINDS})
    table.columns = ["role", "task", "class", "from minute", "to minute"]
    told = made.sentence() if made.sentence().startswith(first) else f"{first} {made.sentence()}"
    return Picture(theme.titled(chart, first, unit=detail, source=source), told, table)


def _stack(made: LoadBalance, top: float, length: float, band: float, *, upright: bool) -> pd.DataFrame:
    """Each task's bar, with its name where that fits."""
    stack = made.stacked().replace({"value": KINDS})
    stack["role"], stack["task"] = ([seen(one) for one in stack[column]] for column in ("role", "task"))
    stack["middle"] = (stack["bottom"] + stack["top"]) / 2
    pixels = (stack["top"] - stack["bottom"]) / top * length
    room = [band * 0.86 if upright and one >= LINE else 0 if upright else one - 8 for one in pixels]
    stack["words"] = [_fitting(task, one) for task, one in zip(stack["task"], room, strict=True)]
    return stack


def _stacks(base: alt.Chart, reach: dict[str, Any], along: str) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """The bars of each class of work, and the words in them."""
    import altair as alt  # noqa: PLC0415 - as above

    kinds = [kind for kind in FILLS if kind in set(base.data["value"])]
    colours = alt.Scale(domain=kinds, range=[FILLS[kind] for kind in kinds])
    legend = alt.Legend(symbolStrokeColor=theme.INK, orient="bottom")
    colour = alt.Color("value:N", title=None, scale=colours, legend=legend)
    bars, said = list[alt.Chart](), list[alt.Chart]()
    for kind in kinds:
        own = base.transform_filter(alt.datum.value == kind)
        dashes = [4, 3] if kind == "waste" else [1, 0]
        drawn = own.mark_bar(stroke=theme.INK, strokeWidth=1.2, strokeDash=dashes)
        bars.append(drawn.encode(**reach, color=colour))
        words = own.encode(**{along: "middle:Q"}, text="words:N")
        ink = "#ffffff" if kind == "value" else theme.INK
        said += [
            words.mark_text(stroke=FILLS[kind], strokeWidth=5, fontSize=13),
            words.mark_text(color=ink, fontSize=13),
        ]
    return bars, said


def _takt(made: LoadBalance, along: str) -> Any:  # noqa: ANN401 - Altair loses its type on the way
    """The line at takt."""
    import altair as alt  # noqa: PLC0415 - as above

    rule = alt.Chart(pd.DataFrame({"takt": [made.takt]})).mark_rule(color=theme.RED, strokeWidth=2.5, strokeDash=[8, 4])
    return rule.encode(**{along: "takt:Q"})


def _takt_words(made: LoadBalance, along: str, width: float) -> Any:  # noqa: ANN401 - as above
    """What the line is, at its end: on the right, or above."""
    import altair as alt  # noqa: PLC0415 - as above

    table = pd.DataFrame({"takt": [made.takt], "words": [f"takt {shown(round(made.takt, 1))}"]})
    upright = along == "y"
    place: dict[str, Any] = {"align": "left", "dx": 6} if upright else {"dy": -12}
    words = alt.Chart(table).mark_text(color=theme.RED, fontWeight="bold", **place)
    return words.encode(
        **{along: "takt:Q", "x" if upright else "y": alt.value(width if upright else 0)}, text="words:N"
    )


def _roles(roles: list[str], across: str, limit: float) -> Any:  # noqa: ANN401 - one of Altair's two channels
    import altair as alt  # noqa: PLC0415 - as above

    return _channel(across, "role:N", sort=roles, title=None, axis=alt.Axis(labelLimit=int(limit)))


def _channel(name: str, field: str, **options: Any) -> Any:  # noqa: ANN401 - as above
    import altair as alt  # noqa: PLC0415 - as above

    return (alt.X if name == "x" else alt.Y)(field, **options)


def _fitting(words: str, pixels: float) -> str:
    """Words that fit in so many pixels, with a sign where more stood; none where too little would be left to read."""
    fits = textwrap.shorten(words, max(int(pixels / LETTER), 1), placeholder="…") if pixels > LETTER else ""
    return "" if fits.endswith("…") and len(fits) <= LITTLE else fits
