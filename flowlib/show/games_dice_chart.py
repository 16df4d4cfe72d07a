"""
How does the dice game look? Pieces out so far, bowls as they are, and many games at once.

What a colour says is also said by a line's pattern, a place or words. No sums are done
here. A picture beside its controls is about 540 pixels wide.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.show import theme
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn

if TYPE_CHECKING:
    from flowlib.diagnose.games.dice import DiceGame, Odds

__all__ = ["dice_chart", "odds_chart"]

WIDTH, HEIGHT, WIDE = 350, 200, 560  # pixels of a plot beside its controls, and the width of one alone
SMALL, LINE = 13, 16  # pixels of small type, and of a line of it
PALE = "#c8d3da"
AVERAGE_DIE = 3.5
ROOM = 1.1  # of a scale above its largest value
FEWEST_SHOWN = 20  # pieces on the scale of the bowls, at least


def dice_chart(made: DiceGame, *, rounds: int, name: str = "The game", a_round: float = AVERAGE_DIE) -> Picture:
    """
    Pieces out so far beside what *a_round* would give, over so many *rounds*, and the bowls as they are.

    *name* is the game's own, such as "Game 3".

    >>> from flowlib.diagnose.games import dice
    >>> dice_chart(dice.play(dice.throws(20, game=1)), rounds=20).table.shape
    (20, 17)
    """
    whole, so_far = a_round * rounds, np.concatenate([[0], np.cumsum(made.moved[:, -1])])
    now = made.bowls[-1]
    out = "1 piece is" if made.out == 1 else f"{made.out} pieces are"
    finding = f"{out} out; {a_round:g} a round gives {a_round * made.rounds:g}. {made.waiting or 'None'} wait in bowls."
    played = f"1 of {rounds} rounds" if made.rounds == 1 else f"{made.rounds} of {rounds} rounds"
    tables = {
        "line": pd.DataFrame({"round": [0, rounds], "pieces": [0.0, whole]}),
        "out": pd.DataFrame({"round": np.arange(made.rounds + 1), "pieces": so_far}),
        "whole": pd.DataFrame({"pieces": [whole], "words": [f"{a_round:g} a round: {whole:g}"]}),
        "end": pd.DataFrame({"round": [made.rounds], "pieces": [made.out], "words": [f"out {made.out}"]}),
        "bowls": pd.DataFrame({"bowl": [f"before person {place + 2}" for place in range(len(now))], "pieces": now}),
    }
    most = _tens(max(whole, made.out) * ROOM)
    near = made.rounds == rounds and abs(whole - made.out) * HEIGHT / most < LINE
    chart = _dice(rounds, most, _tens(max(FEWEST_SHOWN, made.bowls.max()) * ROOM), LINE * near)
    bowls = ", ".join(f"{count} before person {place}" for place, count in enumerate(now, start=2))
    filled = chart.filled(tables, finding=finding, unit=f"{name}: pieces of work, after {played}")
    return Picture(filled, f"{finding} {name}, after {played}. Waiting: {bowls}.", made.table())


def _tens(value: float) -> int:
    """The next 10 above: scales that seldom change keep the picture still."""
    return 10 * math.ceil(value / 10)


@functools.cache
def _dice(rounds: int, most: int, most_waiting: int, below: int) -> Redrawn:
    """The chart with its scales; *below* moves the words on what came out off those on what could."""

    def make(alt: Any) -> Any:  # noqa: ANN401 - Altair, which takes seconds to load
        words = {"align": "left", "dx": 8, "fontSize": SMALL}
        turns = alt.Scale(domain=[0, rounds], nice=False)
        x = alt.X("round:Q", title="round", scale=turns, axis=alt.Axis(tickMinStep=1))
        y = alt.Y("pieces:Q", title="pieces out so far", scale=alt.Scale(domain=[0, most], nice=False))
        line, out, whole, end = (alt.Chart(alt.Data(name=name)) for name in ("line", "out", "whole", "end"))
        above = alt.layer(
            line.mark_line(color=theme.GREY, strokeDash=[6, 4], strokeWidth=2).encode(x=x, y=y),
            out.mark_line(color=theme.BLUE, strokeWidth=2.5).encode(x=x, y=y),
            out.mark_point(filled=True, size=28, color=theme.BLUE).encode(x=x, y=y),
            whole.mark_text(color=theme.GREY, **words).encode(x=alt.value(WIDTH), y=y, text="words:N"),
            end.mark_text(color=theme.BLUE, fontWeight="bold", dy=below, **words).encode(x=x, y=y, text="words:N"),
        ).properties(width=WIDTH, height=HEIGHT)
        waiting = alt.X("pieces:Q", title="pieces waiting now", scale=alt.Scale(domain=[0, most_waiting], nice=False))
        base = alt.Chart(alt.Data(name="bowls")).encode(x=waiting, y=alt.Y("bowl:N", title=None, sort=None))
        bars = base.mark_bar(color=theme.ORANGE, stroke=theme.INK, strokeWidth=1)
        counts = base.mark_text(align="left", dx=6, fontSize=SMALL).encode(text="pieces:Q")
        under = alt.layer(bars, counts).properties(width=WIDTH, height=alt.Step(26))
        return alt.vconcat(above, under, spacing=24)

    return Redrawn(make)


def odds_chart(made: Odds) -> Picture:
    """
    How many pieces come out, over many games; what the mean throw gives is marked.

    >>> from flowlib.diagnose.games import dice
    >>> odds_chart(dice.odds()).description.partition(": ")[0]
    'Most games bring 41 to 62 pieces, and 3.5 a round gives 70'
    """
    import altair as alt  # noqa: PLC0415 - as above

    pieces, games = np.unique(made.out, return_counts=True)
    rows = pd.DataFrame({"pieces": pieces, "games": 1000 * games / made.games})
    rate = f"{made.promised / made.rounds:g} a round"
    finding = f"Most games bring {made.lower:.0f} to {made.upper:.0f} pieces, and {rate} gives {made.promised:g}"
    low, high = float(pieces.min()) - 1, max(float(pieces.max()), made.promised) + 4
    x = alt.X("pieces:Q", title="pieces out of one game", scale=alt.Scale(domain=[low, high], nice=False))
    y = alt.Y("games:Q", title="games in every 1,000")
    marks = pd.DataFrame(
        {
            "pieces": [made.mean, made.promised],
            "words": [f"average {made.mean:.0f}", f"{rate}: {made.promised:g}"],
        }
    )
    base = alt.Chart(marks).encode(x=x)
    bars = alt.Chart(rows).mark_bar(
        color=PALE, stroke=theme.GREY, strokeWidth=0.5, size=max(3, 0.8 * WIDE / (high - low))
    )
    chart = alt.layer(
        bars.encode(x=x, y=y),
        base.mark_rule(color=theme.PURPLE, strokeWidth=2, strokeDash=[4, 3]),
        base.mark_text(align="center", dy=-8, fontSize=SMALL, fontWeight="bold", color=theme.PURPLE).encode(
            y=alt.value(0), text="words:N"
        ),
    ).properties(width=WIDE, height=220)
    unit = f"Pieces out of {made.rounds} rounds, {made.games:,} games"
    said = f"{finding}: the average is {made.mean:.0f}."
    return Picture(
        theme.titled(chart, f"{finding}.", unit=unit), said, rows.rename(columns={"games": "games in 1,000"})
    )
