"""
How do the games look? Pieces out and pieces waiting, hands at work, and wards between limits.

What a colour says is also said by a shape, a line's pattern or words. No sums are done
here. A picture is about 540 pixels wide, so that it stands beside its controls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.show import theme
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    import altair as alt

    from flowlib.diagnose.games.beads import BeadGame
    from flowlib.diagnose.games.dice import DiceGame, Odds
    from flowlib.diagnose.games.pennies import Passed

__all__ = ["bead_chart", "dice_chart", "odds_chart", "penny_chart", "times_chart"]

WIDTH, WIDE = 350, 560  # pixels of a plot beside its controls, and of one alone
SMALL = 13
PALE, LIGHT = "#c8d3da", "#d9e8f6"
AVERAGE_DIE = 3.5


def dice_chart(made: DiceGame, *, rounds: int, a_round: float = AVERAGE_DIE) -> Picture:
    """
    Pieces out so far beside what *a_round* would give, over so many *rounds*, and the bowls as they are.

    >>> from flowlib.diagnose.games import dice
    >>> dice_chart(dice.play(dice.throws(20, game=1)), rounds=20).table.shape
    (20, 17)
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    promised = a_round * made.rounds
    out = "1 piece is" if made.out == 1 else f"{made.out} pieces are"
    finding = f"{out} out; {a_round:g} a round gives {promised:g}. {made.waiting} wait in bowls."
    above, under = _out_so_far(made, rounds, a_round), _bowls(made)
    chart = alt.vconcat(above, under, spacing=24)
    played = "1 round" if made.rounds == 1 else f"{made.rounds} of {rounds} rounds"
    titled = theme.titled(chart, finding, unit=f"Pieces of work, after {played}")
    bowls = ", ".join(f"{count} before person {place}" for place, count in enumerate(made.bowls[-1], start=2))
    return Picture(titled, f"{finding} After {played}. Waiting: {bowls}.", made.table())


def _out_so_far(made: DiceGame, rounds: int, a_round: float) -> Any:  # noqa: ANN401 - Altair's layers
    import altair as alt  # noqa: PLC0415 - as above

    out = np.concatenate([[0], np.cumsum(made.moved[:, -1])])
    turns = np.arange(made.rounds + 1)
    most = max(a_round * rounds, float(out[-1])) * 1.08
    x = alt.X("round:Q", title="round", scale=alt.Scale(domain=[0, rounds], nice=False), axis=alt.Axis(tickMinStep=1))
    y = alt.Y("pieces:Q", title="pieces out so far", scale=alt.Scale(domain=[0, most], nice=False))
    line = pd.DataFrame({"round": [0, rounds], "pieces": [0.0, a_round * rounds]})
    here = pd.DataFrame({"round": turns, "pieces": out.astype(float)})
    gap = 16 if abs(a_round * made.rounds - out[-1]) * 200 / most < 16 and made.rounds == rounds else 0  # noqa: PLR2004 - a line of type
    top = pd.DataFrame({"pieces": [a_round * rounds], "words": [f"{a_round:g} a round: {a_round * rounds:g}"]})
    end = pd.DataFrame({"round": [made.rounds], "pieces": [float(out[-1])], "words": [f"out {out[-1]}"]})
    words: dict[str, Any] = {"align": "left", "dx": 8, "fontSize": SMALL}
    parts = [
        alt.Chart(line).mark_line(color=theme.GREY, strokeDash=[6, 4], strokeWidth=2).encode(x=x, y=y),
        alt.Chart(here).mark_line(color=theme.BLUE, strokeWidth=2.5).encode(x=x, y=y),
        alt.Chart(here).mark_point(filled=True, size=28, color=theme.BLUE).encode(x=x, y=y),
        alt.Chart(top).mark_text(color=theme.GREY, **words).encode(x=alt.value(WIDTH), y=y, text="words:N"),
        alt.Chart(end).mark_text(color=theme.BLUE, fontWeight="bold", dy=gap, **words).encode(x=x, y=y, text="words:N"),
    ]
    return alt.layer(*parts).properties(width=WIDTH, height=200)


def _bowls(made: DiceGame) -> Any:  # noqa: ANN401 - as above
    import altair as alt  # noqa: PLC0415 - as above

    now = made.bowls[-1]
    rows = pd.DataFrame({"bowl": [f"before person {place}" for place in range(2, len(now) + 2)], "pieces": now})
    most = max(24, int(made.bowls.max())) * 1.1
    x = alt.X("pieces:Q", title="pieces waiting now", scale=alt.Scale(domain=[0, most], nice=False))
    y = alt.Y("bowl:N", title=None, sort=list(rows["bowl"]))
    base = alt.Chart(rows).encode(x=x, y=y)
    bars = base.mark_bar(color=theme.ORANGE, stroke=theme.INK, strokeWidth=1)
    return (bars + base.mark_text(align="left", dx=6, fontSize=SMALL).encode(text="pieces:Q")).properties(
        width=WIDTH, height=alt.Step(26)
    )


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
    x = alt.X("begins:Q", title=unit, scale=alt.Scale(domain=[0, most * 1.02], nice=False))
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
        theme.titled(chart.properties(width=WIDTH + 80, height=alt.Step(34)), finding, unit=detail), finding, kept
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
    fills = alt.Scale(domain=list(names.values()), range=[theme.BLUE, PALE])
    y = alt.Y("try:N", title=None, sort=None)
    offset = alt.YOffset("what:N", sort=list(names.values()))
    base = alt.Chart(rows).encode(y=y, yOffset=offset)
    chart = alt.layer(
        base.mark_bar(stroke=theme.INK, strokeWidth=0.8).encode(
            x=alt.X("yours:Q", title=unit), color=alt.Color("what:N", scale=fills, title=None)
        ),
        base.mark_tick(color=theme.PURPLE, thickness=3).encode(x="sum:Q"),
        base.mark_text(align="left", dx=6, fontSize=SMALL).encode(x="yours:Q", text="yours:Q"),
    ).properties(width=WIDTH, height=alt.Step(24))
    heads = ["batch", f"first out, {unit}", f"all done, {unit}", f"first by the sum, {unit}", f"all by the sum, {unit}"]
    return Picture(
        theme.titled(chart, finding, unit="Bars are your times; the purple marks are the sum"),
        finding,
        table.set_axis(heads, axis=1),
    )


def bead_chart(made: BeadGame, *, red: str, a_draw: str) -> Picture:
    """
    Each ward's *red* of each day between the limits of usual variation; *a_draw* says what one draw is.

    >>> from flowlib.diagnose.games import beads
    >>> bead_chart(beads.played([[10, 8], [9, 11]]), red="late letters", a_draw="50 letters").table.shape
    (4, 7)
    """
    import altair as alt  # noqa: PLC0415 - as above

    table = made.table()
    finding = _bead_finding(made)
    wards = len(made.wards)
    most, fewest = table.groupby("day")["red"].transform("max"), table.groupby("day")["red"].transform("min")
    look = np.select(
        [table["red"] == most, table["red"] == fewest], ["Most of the day", "Fewest of the day"], "Between"
    )
    rows = table.assign(place=np.arange(len(table)) + 0.5, look=look)
    high = max(24.0, float(table["red"].max()), made.upper) + 2
    days = len(made.counts)
    ticks = [wards * day + wards / 2 for day in range(days)]
    named = f"'day ' + (floor(datum.value / {wards}) + 1)"
    axis = alt.Axis(values=ticks, labelExpr=named, ticks=False, title=None)
    x = alt.X("place:Q", axis=axis, scale=alt.Scale(domain=[0, wards * days], nice=False))
    y = alt.Y("red:Q", title=f"{red} of {a_draw}", scale=alt.Scale(domain=[0, high], nice=False))
    chart = alt.layer(*_lines(made, x, y), *_dots(rows, x, y)).properties(width=WIDTH + 80, height=270)
    titled = theme.titled(chart, finding, unit="Letters are wards. Dashed lines are the limits of usual variation")
    return Picture(titled, f"{finding} {made.sentence(red)}", _bead_table(table, red))


def _bead_finding(made: BeadGame) -> str:
    if made.outside:
        return f"{made.outside} of {made.counts.size} draws lie outside the limits."
    return f"All {made.counts.size} draws lie within the limits: chance alone explains them."


def _lines(made: BeadGame, x: Any, y: Any) -> list[alt.Chart]:  # noqa: ANN401 - Altair's channels
    """The mean and both limits with their names, and a line between days."""
    import altair as alt  # noqa: PLC0415 - as above

    ends = pd.DataFrame(
        {
            "red": [made.upper, made.mean, made.lower],
            "words": [f"limit {made.upper:.1f}", f"mean {made.mean:.1f}", f"limit {made.lower:.1f}"],
            "kind": ["limit", "mean", "limit"],
        }
    )
    days, wards = made.counts.shape
    between = pd.DataFrame({"place": [float(wards * day) for day in range(1, days)] or [0.0]})
    dashes = alt.StrokeDash("kind:N", scale=alt.Scale(domain=["limit", "mean"], range=[[6, 4], [1, 0]]), legend=None)
    return [
        alt.Chart(between).mark_rule(color=theme.PALE, strokeWidth=1.5).encode(x=x),
        alt.Chart(ends).mark_rule(color=theme.INK, strokeWidth=1.25).encode(y=y, strokeDash=dashes),
        alt.Chart(ends)
        .mark_text(align="left", dx=6, fontSize=SMALL)
        .encode(x=alt.value(WIDTH + 80), y=y, text="words:N"),
    ]


def _dots(rows: pd.DataFrame, x: Any, y: Any) -> list[alt.Chart]:  # noqa: ANN401 - as above
    """A sign for each draw, the ward's letter above it."""
    import altair as alt  # noqa: PLC0415 - as above

    looks = ["Most of the day", "Fewest of the day", "Between"]
    legend = alt.Legend(title=None, orient="top", columns=3, offset=36)
    base = alt.Chart(rows).encode(x=x, y=y)

    def scale(values: list[str]) -> dict[str, Any]:
        return {"scale": alt.Scale(domain=looks, range=values), "legend": legend}

    return [
        base.mark_point(filled=True, size=95, opacity=1, strokeWidth=1.25).encode(
            fill=alt.Fill("look:N", **scale([theme.ORANGE, theme.BLUE, theme.GREY])),
            stroke=alt.Stroke("look:N", **scale([theme.INK, theme.BLUE, theme.GREY])),
            shape=alt.Shape("look:N", **scale(["triangle-up", "triangle-down", "circle"])),
        ),
        base.mark_text(dy=-14, fontSize=SMALL).encode(text="ward:N"),
    ]


def _bead_table(table: pd.DataFrame, red: str) -> pd.DataFrame:
    return table.rename(columns={"red": red, "within": "within the limits"})
