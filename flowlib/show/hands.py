"""
How are hands counted on a shared screen, and how does the count look?

Each answer has its name, a button for one hand fewer, a number, and a button for one
hand more: all can be reached by keyboard and are named for a screen reader. A count that
nobody has made yet is an empty box. The pictures have a bar an answer, with its number
beside it, and an earlier vote below each bar.
"""

from __future__ import annotations

import html
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from flowlib.change.votes import MOST_HANDS, Agreed, Hands, agreed_then
from flowlib.core.checks import need
from flowlib.show import theme
from flowlib.show.ordered import Ordered
from flowlib.show.picture import Picture
from flowlib.show.still import WEB

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HandBoxes", "agreed_picture", "hands_picture"]

WIDTH, BAR, LINE = 400, 26, 34  # characters to a line of an answer's name
NAME_LINE = 19  # pixels from one line of a name to the next
NOW, BEFORE = "now", "before"
ROOM = 1.25  # of the scale beyond the longest bar, for its words


class HandBoxes(Ordered):
    """
    How many hands are up for each of *options*: `value` has a count for each.

    With *counted_apart*, each count stands alone: none is there before somebody makes it
    (None), and no sum is shown.
    """

    _esm = WEB / "hands.js"
    _css = WEB / "hands.css"
    legend = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    most = traitlets.Int(MOST_HANDS).tag(sync=True)
    apart = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, legend: str, options: Sequence[str], *, counted_apart: bool = False) -> None:
        """Count no hand yet."""
        need(legend.strip(), "A vote needs a question.")
        distinct = len({one.strip() for one in options if one.strip()})
        told = "A vote needs at least two answers, all different and none empty."
        need(distinct == len(options) and distinct > 1, told)
        self._empty = [None if counted_apart else 0] * len(options)
        super().__init__(list(self._empty), legend=legend, options=list(options), apart=counted_apart)

    def fits(self, value: object) -> bool:
        """Whether *value* has a count for each answer."""
        empty = (None,) if self.apart else ()
        return isinstance(value, list) and len(value) == len(self.options) and all(
            one in empty or (type(one) is int and 0 <= one <= self.most) for one in value
        )  # fmt: skip

    def hands(self) -> Hands:
        """The count as it stands; refused where no hand is up."""
        return Hands(self.legend, tuple(self.options), tuple(self.value))

    def clear(self) -> None:
        """No hand, and open to be counted."""
        self.put(list(self._empty))
        self.disabled = False

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
    votes = {NOW: hands} | ({BEFORE: before} if before is not None else {})
    rows = [
        (option, which, count, vote.total)
        for which, vote in votes.items()
        for option, count in zip(vote.options, vote.counts, strict=True)
    ]
    unit = "Hands for each answer. Longer bar: a larger part of the room"
    told = f"{hands.sentence()} {'; '.join(_said(option, hands, before) for option in hands.options)}."
    table = pd.DataFrame({"answer": hands.options, "hands": hands.counts})
    table = table if before is None else table.assign(before=before.counts)
    return Picture(_drawn(rows, finding or hands.sentence(), unit), told, table)


def agreed_picture(now: Agreed, before: Agreed | None = None) -> Picture:
    """
    A bar a statement: how many of the room agree, and with *before* how many did then.

    >>> from flowlib.change.votes import agreed
    >>> agreed_picture(agreed(["It is news.", "Beds help."], [2, 9], 12)).table["agree"].tolist()
    ['2 of 12', '9 of 12']
    """
    polls = {NOW: now} | ({BEFORE: before} if before is not None else {})
    rows = [
        (words, which, count, poll.room)
        for which, poll in polls.items()
        for words, count in zip(poll.statements, poll.counts, strict=True)
    ]
    table = pd.DataFrame({"statement": now.statements, "agree": [f"{count} of {now.room}" for count in now.counts]})
    if before is not None:
        table = table.assign(before=[f"{count} of {before.room}" for count in before.counts])
    finding = "How many of us agree, now and before" if before is not None else "How many of us agree"
    moved = f"{agreed_then(before, now)} " if before is not None else ""
    told = "; ".join(f"{words} {count} of {room} {which}" for words, which, count, room in rows)
    return Picture(
        _drawn(rows, finding, "Hands of those who agree, of all in the room"), f"{finding}. {moved}{told}.", table
    )


def _drawn(rows: list[tuple[str, str, int, int]], finding: str, unit: str) -> Any:  # noqa: ANN401 - as Altair's own
    """Bars of *rows*: answer, which vote, hands, and how many hands or people there are in all."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    theme.enable()
    votes = list(dict.fromkeys(which for _, which, _, _ in rows))
    shown = pd.DataFrame(
        [(_wrapped(words), which, 100 * count / whole, f"{count} of {whole} {which if len(votes) > 1 else ''}".strip())
         for words, which, count, whole in rows],
        columns=["answer", "which", "share", "words"],
    )  # fmt: skip
    return theme.titled(_bars(alt, shown, votes), finding, unit=unit)


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
    lines = max(answer.count("|") for answer in order) + 1
    step = max(BAR, NAME_LINE * lines / len(votes))  # so that no name runs into the next
    return (bars + words).properties(width=WIDTH, height=alt.Step(step, **{"for": "offset"}))


def _wrapped(option: str) -> str:
    return "|".join(textwrap.wrap(option.replace("|", "/"), LINE))


def _said(option: str, hands: Hands, before: Hands | None) -> str:
    now = f"{option}: {hands.of(option)} of {hands.total}"
    return f"{now}, before {before.of(option)} of {before.total}" if before is not None else now
