"""
How does it look whether a change worked, and how long it would take to see it?

Each function takes a result of `change.effect` and gives a `Picture` whose title is the
finding. No sums are done here. Lines differ by dashes as well as colour, and each is
named at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.show import spc_layout as layout
from flowlib.show import theme
from flowlib.show.first_words import first_sentence, flowing
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from flowlib.change.effect import Comparison, Interrupted, WeeksToSee

__all__ = ["interrupted", "sites", "weeks_to_see"]

WIDTH, HEIGHT, ROOM = 560, 280, 118
PALE = "#c8d3da"
NEAR = 0.07  # of the height: two names closer than this would print over each other
FIGURES = 4  # of a number in a table


def weeks_to_see(found: WeeksToSee, *, what: str = "", unit: str = "", supposing: str = "") -> Picture:
    """Of 100 charts, how many show the change by each week, and how many a change that is not there."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    every = found.look.every
    names = {"seen_real": "with the change", "seen_by_chance": "by chance alone"}
    table = found.by_week[["week", *names]]
    long = table.melt("week", list(names), "kind", "share").replace({"kind": names})
    long["charts"] = 100 * long["share"]
    x = alt.X("week:Q", title=f"{every}s after the change", axis=alt.Axis(tickMinStep=1, format="d"))
    y = alt.Y("charts:Q", title=None, scale=alt.Scale(domain=[0, 100]))
    base = alt.Chart(long).encode(x=x, y=y)
    kinds = list(names.values())
    colours = alt.Scale(domain=kinds, range=[theme.BLUE, theme.INK])
    dashes = alt.Scale(domain=kinds, range=[[1, 0], [6, 4]])
    lines = base.mark_line(strokeWidth=2.5).encode(
        color=alt.Color("kind:N", title=None, scale=colours, legend=None),
        strokeDash=alt.StrokeDash("kind:N", title=None, scale=dashes, legend=None),
    )
    asked = pd.DataFrame({"charts": [100 * found.chance], "words": [f"{100 * found.chance:.0f} of 100"]})
    parts: list[Any] = [
        alt.Chart(asked).mark_rule(color=theme.GREY, strokeDash=[2, 3]).encode(y="charts:Q"),
        alt.Chart(asked)
        .mark_text(align="right", dy=9, fontSize=12, color=theme.INK)
        .encode(x=alt.value(WIDTH - ROOM - 4), y="charts:Q", text="words:N"),
        lines,
        _names(long[long["week"] == long["week"].max()], "week:Q", "charts:Q", "kind:N"),
    ]
    if found.weeks is not None:
        reached = pd.DataFrame({"week": [found.weeks], "words": [f"{every} {found.weeks}"]})
        mark = alt.Chart(reached).encode(x="week:Q")
        parts += [
            mark.mark_rule(color=theme.PURPLE, strokeWidth=2),
            mark.mark_text(align="left", dx=5, y=10, color=theme.PURPLE, fontWeight="bold", fontSize=13)
            .encode(text="words:N"),
        ]  # fmt: skip
    told = found.sentence(what, unit, supposing=supposing)
    _, second, *_ = found.sentence(supposing="so").split(". ")  # no words of a person's own are in it
    detail = f"Of 100 {'charts' if found.method == 'xmr' else 'series'}, how many have shown a change by then"
    chart = theme.titled(_sized(alt.layer(*parts)), f"{second}.", unit=detail)
    shown = table.rename(columns={"seen_real": "with the change", "seen_by_chance": "by chance alone"}).round(3)
    return Picture(chart, flowing(told), shown)


def interrupted(made: Interrupted, *, what: str, unit: str = "") -> Picture:
    """The points, the line fitted through them, and the line of before carried on, with its range."""
    import altair as alt  # noqa: PLC0415

    table = made.table.assign(when=made.table["x"].dt.strftime("%Y-%m-%dT%H:%M"))
    after = table[table["x"] >= made.change]
    x = alt.X("when:T", title=None, axis=alt.Axis(format=layout.date_format(table["x"]), labelOverlap=True))
    title = f"{what}, {unit}" if unit else what
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False))
    plain = table.drop(columns="x")
    base = alt.Chart(plain).encode(x=x)
    went = alt.Chart(after.drop(columns="x")).encode(x=x)
    begun = pd.DataFrame({"when": [f"{made.change:%Y-%m-%dT%H:%M}"], "words": ["change"]})
    mark = alt.Chart(begun).encode(x="when:T")
    sides = plain.assign(side=["after" if x >= made.change else "before" for x in table["x"]])
    fitted = alt.Chart(sides).transform_filter("datum.used")
    ends = _ends(after, table)
    parts = [
        went.mark_area(color=PALE, opacity=0.6).encode(y=alt.Y("low:Q", title=title), y2="high:Q"),
        base.mark_point(size=55, filled=True, color=theme.GREY).encode(
            y=y, fillOpacity=alt.condition("datum.used", alt.value(1), alt.value(0)), stroke=alt.value(theme.GREY)
        ),
        went.mark_line(color=theme.PINK, strokeDash=[6, 4], strokeWidth=2).encode(y="expected_without:Q"),
        fitted.mark_line(color=theme.BLUE, strokeWidth=2.5).encode(x=x, y="fitted:Q", detail="side:N"),
        mark.mark_rule(color=theme.PURPLE, strokeWidth=2, strokeDash=[2, 2]),
        mark.mark_text(align="left", dx=5, y=10, color=theme.PURPLE, fontWeight="bold", fontSize=13).encode(
            text="words:N"
        ),
        _names(ends, "when:T", "at:Q", "words:N"),
    ]
    detail = "Dashed: as it would have gone on without the change, with its range"
    chart = theme.titled(_sized(alt.layer(*parts)), first_sentence(made.sentence, unit), unit=detail)
    return Picture(chart, flowing(made.sentence(unit)), _figures(made.table))


def sites(made: Comparison, *, what: str, unit: str = "") -> Picture:
    """How far apart the changed sites and the others were, period by period from the change."""
    import altair as alt  # noqa: PLC0415

    table = made.by_period
    title = f"difference in {what}, {unit}" if unit else f"difference in {what}"
    x = alt.X("period:Q", title="periods from the change (0 is the first after it)", axis=alt.Axis(format="d"))
    base = alt.Chart(table).encode(x=x)
    whole = table[["low", "high"]].notna().all(axis=None)
    parts: list[Any] = [
        alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=theme.INK, strokeDash=[2, 3]).encode(y="at:Q"),
        alt.Chart(pd.DataFrame({"period": [-0.5]})).mark_rule(color=theme.PURPLE, strokeWidth=2).encode(x="period:Q"),
    ]
    if whole:
        parts.append(base.mark_rule(color=theme.BLUE, strokeWidth=2).encode(y="low:Q", y2="high:Q"))
    parts.append(base.mark_point(filled=True, size=80, color=theme.BLUE).encode(y=alt.Y("effect:Q", title=title)))
    detail = "Right of the line: after the change. Bars: the range of each" if whole else "Right of the line: after it"
    chart = theme.titled(_sized(alt.layer(*parts)), first_sentence(made.sentence, unit), unit=detail)
    return Picture(chart, flowing(made.sentence(unit)), _figures(table))


def _sized(chart: Any) -> Any:  # noqa: ANN401 - Altair's layers, in whose types layered charts may be facets too
    """Room at the right for the names of the lines."""
    return chart.properties(width=WIDTH - ROOM, height=HEIGHT)


def _names(ends: pd.DataFrame, x: str, y: str, words: str) -> Any:  # noqa: ANN401 - as above
    """The name of each line at its end."""
    import altair as alt  # noqa: PLC0415

    return alt.Chart(ends).mark_text(align="left", dx=7, fontSize=13, clip=False).encode(x=x, y=y, text=words)


def _ends(after: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Where the two lines end, and what they are; one name where they end together."""
    last = after.iloc[-1]
    rows = [(last["when"], last["fitted"], "as it is"), (last["when"], last["expected_without"], "without")]
    lines = table[["y", "fitted", "expected_without", "low", "high"]].to_numpy(dtype=float)
    if abs(last["fitted"] - last["expected_without"]) < NEAR * (np.nanmax(lines) - np.nanmin(lines)):
        rows = [(last["when"], last["fitted"], "with and without")]
    return pd.DataFrame(rows, columns=["when", "at", "words"])


def _figures(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers to 4 figures, so that shares from 0 to 1 can be read too."""
    made = table.copy()
    for column in made.select_dtypes("float"):
        made[column] = [float(f"{value:.{FIGURES}g}") for value in made[column]]
    return made
