"""
How are hands counted on a shared screen, and how does the count look?

Each answer has its name, a button for one hand fewer, a number, and a button for one
hand more: all can be reached by keyboard and are named for a screen reader. The picture
has a bar an answer, with its number beside it, and an earlier vote below each bar.
"""

from __future__ import annotations

import html
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from flowlib.change.votes import MOST_HANDS, Hands
from flowlib.core.checks import need
from flowlib.show import theme
from flowlib.show.picture import Picture
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HandBoxes", "hands_picture"]

WIDTH, BAR, LINE = 400, 26, 34  # characters to a line of an answer's name
NOW, BEFORE = "now", "before"
ROOM = 1.25  # of the scale beyond the longest bar, for its words


class HandBoxes(Shown):
    """How many hands are up for each of *options*. Watch it with `observe(function, "counts")`."""

    _esm = WEB / "hands.js"
    _css = WEB / "hands.css"
    legend = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    counts = traitlets.List(traitlets.Int()).tag(sync=True)
    most = traitlets.Int(MOST_HANDS).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, legend: str, options: Sequence[str]) -> None:
        """Count no hand yet."""
        need(legend.strip(), "A vote needs a question.")
        distinct = len({one.strip() for one in options if one.strip()})
        told = "A vote needs at least two answers, all different and none empty."
        need(distinct == len(options) and distinct > 1, told)
        super().__init__(legend=legend, options=list(options), counts=[0] * len(options))

    def hands(self) -> Hands:
        """The count as it stands; refused where no hand is up."""
        return Hands(self.legend, tuple(self.options), tuple(self.counts))

    def clear(self) -> None:
        """No hand, and open to be counted."""
        self.counts, self.disabled = [0] * len(self.options), False

    def still(self) -> str:
        """The question and its answers; no number, since a vote may still be open."""
        answers = "".join(f"<li>{html.escape(option)}</li>" for option in self.options)
        return f'<div class="flowlib"><p>{html.escape(self.legend)}</p><ul>{answers}</ul></div>'


def hands_picture(hands: Hands, before: Hands | None = None, *, finding: str = "") -> Picture:
    """
    A bar an answer; with *before*, an earlier vote, as a paler bar below it. The title is *finding*, or who leads.

    >>> hands_picture(Hands("Beds?", ("Yes", "No"), (7, 5))).table.columns.tolist()
    ['answer', 'hands']
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    theme.enable()
    votes = {NOW: hands} | ({BEFORE: before} if before is not None else {})
    rows = pd.DataFrame(
        [(_wrapped(o), which, count, 100 * count / vote.total, _words(count, vote, which if before else ""))
         for which, vote in votes.items() for o, count in zip(vote.options, vote.counts, strict=True)],
        columns=["answer", "which", "hands", "share", "words"],
    )  # fmt: skip
    chart = _bars(alt, rows, list(votes))
    finding = finding or hands.sentence()
    unit = "Hands for each answer. Longer bar: a larger part of the room"
    told = f"{hands.sentence()} {'; '.join(_said(option, hands, before) for option in hands.options)}."
    return Picture(theme.titled(chart, finding, unit=unit), told, _table(hands, before))


def _bars(alt: Any, rows: pd.DataFrame, votes: list[str]) -> Any:  # noqa: ANN401 - Altair publishes its own
    order = list(dict.fromkeys(rows["answer"]))
    y = alt.Y("answer:N", sort=order, title=None, axis=alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=420))
    scale = alt.Scale(domain=[0, ROOM * max(float(rows["share"].max()), 1.0)], nice=False)
    x = alt.X("share:Q", title=None, scale=scale, axis=None)
    base = alt.Chart(rows).encode(x=x, y=y, yOffset=alt.YOffset("which:N", sort=votes, scale=alt.Scale(domain=votes)))
    colours = alt.Scale(domain=[NOW, BEFORE], range=[theme.BLUE, "#c8d3da"])
    bars = base.mark_bar(stroke=theme.INK, strokeWidth=0.75).encode(
        color=alt.Color("which:N", legend=None, scale=colours)
    )
    words = base.mark_text(align="left", dx=6, fontWeight="bold").encode(text="words:N")
    return (bars + words).properties(width=WIDTH, height=alt.Step(BAR, **{"for": "offset"}))


def _wrapped(option: str) -> str:
    return "|".join(textwrap.wrap(option.replace("|", "/"), LINE))


def _words(count: int, vote: Hands, which: str) -> str:
    return f"{count} of {vote.total} {which}".strip()


def _said(option: str, hands: Hands, before: Hands | None) -> str:
    now = f"{option}: {hands.of(option)} of {hands.total}"
    return f"{now}, before {before.of(option)} of {before.total}" if before is not None else now


def _table(hands: Hands, before: Hands | None) -> pd.DataFrame:
    table = pd.DataFrame({"answer": hands.options, "hands": hands.counts})
    return table if before is None else table.assign(before=before.counts)
