"""
Which of the eight building blocks does a board stand on least? Scored together, in the room.

Each block gets one score from 1 (not in place) to 5 (in place). The three lowest, and
those that tie with the third, are shown as what to talk about. Blocks and their wording
stand in `flowlib.stages`; nothing is saved.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets
import pandas as pd
import traitlets

from flowlib.change.readiness import WORDING, Readiness, score
from flowlib.change.readiness.scores import LOWEST_SCORE, TOP_SCORE
from flowlib.core.checks import need
from flowlib.show import theme
from flowlib.show.choices import QuietButton
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.picture import Picture
from flowlib.show.still import WEB, Shown
from flowlib.stages import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.change.readiness import BlockTogether

__all__ = ["BlocksPanel", "blocks_panel", "blocks_picture"]

SCALE = f"{LOWEST_SCORE} is not in place, and {TOP_SCORE} is in place."
WIDTH = 240
FEW = 3  # blocks to talk about
BOARD = "The board"


class ScoreSheet(Shown):
    """A score for each of *names*, 1 to *most*; 0 where there is none yet."""

    _esm = WEB / "scores.js"
    _css = WEB / "scores.css"
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    scale = traitlets.Unicode().tag(sync=True)
    scores = traitlets.List(traitlets.Int()).tag(sync=True)
    most = traitlets.Int().tag(sync=True)

    def __init__(self, names: Sequence[str], *, scale: str, most: int) -> None:
        """No score yet."""
        super().__init__(names=list(names), scale=scale, scores=[0] * len(names), most=most)

    def still(self) -> str:
        """Each name with its score, where it has one."""
        told = (f"{name}: {score}" if score else name for name, score in zip(self.names, self.scores, strict=True))
        rows = "".join(f"<li>{html.escape(one)}</li>" for one in told)
        return f'<div class="flowlib"><p>{html.escape(self.scale)}</p><ul>{rows}</ul></div>'


class BlocksPanel(Panel):
    """A score for each block; then the lowest three."""

    def __init__(self) -> None:
        """Nothing scored yet."""
        names = [f"{block.number}. {block.name}" for block in BLOCKS]
        self.sheet = ScoreSheet(names, scale=SCALE, most=TOP_SCORE)
        self.show, self.again = Button("Show our three lowest"), QuietButton("Score again")
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.show.on_click(self._shown)
        self.again.on_click(self._anew)
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        column = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
        buttons = ipywidgets.Box([self.show, self.again], layout=row)
        super().__init__([Sentence(WORDING), self.sheet, buttons, self.said, self.out], layout=column)

    def _shown(self) -> None:
        self.said.text, self.out.children = "", ()
        given: dict[int | str, object] = dict(zip((block.number for block in BLOCKS), self.sheet.scores, strict=True))
        missing = [str(number) for number, one in given.items() if not one]
        which = f"block {missing[0]}" if len(missing) == 1 else f"blocks {', '.join(missing)}" if missing else ""
        need(not missing, f"There is no score yet for {which}. Agree on one first.")
        lowest = _lowest(given)
        self.out.children = (blocks_picture(given).figure(),)
        self.said.text = f"{_finding(lowest)}. Which one could you move by next year, and with whom?"

    def _anew(self) -> None:
        self.sheet.scores = [0] * len(BLOCKS)
        self.said.text, self.out.children = "", ()


def blocks_panel() -> BlocksPanel:
    """The eight building blocks to score together."""
    return BlocksPanel()


def blocks_picture(given: Mapping[int | str, object]) -> Picture:
    """
    A bar a block, lowest first; the lowest three are dark and marked.

    >>> blocks_picture(dict(zip(range(1, 9), (4, 1, 3, 2, 5, 4, 2, 5)))).table["block"][0]
    'Leadership at every level, in every partner'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    theme.enable()
    lowest = {one.number for one in _lowest(given)}
    scores = dict(zip((block.number for block in BLOCKS), score(BOARD, given).scores, strict=True))
    ranked = sorted(BLOCKS, key=lambda block: (scores[block.number], block.number))
    rows = pd.DataFrame(
        [(one.name, scores[one.number], one.number in lowest, _words(scores[one.number], low=one.number in lowest))
         for one in ranked],
        columns=["block", "score", "low", "words"],
    )  # fmt: skip
    finding = _finding(_lowest(given))
    title = f"Our lowest {len(lowest)} of {len(BLOCKS)}" if len(lowest) < len(BLOCKS) else finding
    chart = theme.titled(_bars(alt, rows), title, unit="Score of each building block, from 1 to 5. Dark: the lowest")
    return Picture(chart, f"{finding}.", rows[["block", "score"]])


def _bars(alt: Any, rows: pd.DataFrame) -> Any:  # noqa: ANN401 - Altair publishes its own
    y = alt.Y("block:N", sort=list(rows["block"]), title=None, axis=alt.Axis(labelLimit=480))
    x = alt.X("score:Q", title=None, scale=alt.Scale(domain=[0, TOP_SCORE + 1], nice=False), axis=None)
    base = alt.Chart(rows).encode(x=x, y=y)
    colour = alt.condition("datum.low", alt.value(theme.BLUE), alt.value("#c8d3da"))
    bars = base.mark_bar(stroke=theme.INK, strokeWidth=0.75).encode(color=colour)
    words = base.mark_text(align="left", dx=6, fontWeight="bold").encode(text="words:N")
    return (bars + words).properties(width=WIDTH, height=alt.Step(32))


def _lowest(given: Mapping[int | str, object]) -> tuple[BlockTogether, ...]:
    """The lowest three and those that tie with the third; where that would be all, only those below the tie."""
    lowest = Readiness("The room").add(score(BOARD, given)).lowest(FEW)
    below = tuple(one for one in lowest if one.median < lowest[-1].median)
    return below if below and len(lowest) == len(BLOCKS) else lowest


def _finding(lowest: tuple[BlockTogether, ...]) -> str:
    names = "; ".join(one.name for one in lowest)
    return f"Your lowest {len(lowest)}: {names}" if len(lowest) < len(BLOCKS) else "All eight blocks score the same"


def _words(number: int, *, low: bool) -> str:
    return f"{number} \N{BLACK LEFT-POINTING TRIANGLE}" if low else str(number)
