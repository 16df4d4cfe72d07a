"""
How does a fishbone look: the problem at its head, and what may cause it on six bones?

Patient, staff and task stand above the spine; equipment, place and organisation below.
Words end at their bone. What lies behind a cause stands under it after "why?", in grey;
evidence is in the table. The picture grows in height with what the bones hold; words keep
their size. Lengths are in pixels of a picture 700 wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core.checks import need
from flowlib.core.safe_cells import seen
from flowlib.mapping.causes import HEADS
from flowlib.show import theme
from flowlib.show.lettering import in_lines
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from flowlib.mapping.causes import Cause, Fishbone

__all__ = ["MOST_LINES", "fishbone_chart"]

WIDTH = 700.0
MOST_LINES = 40  # of words on one bone
LINE = 17.0
HEAD = 26.0  # of a bone's heading
BETWEEN = 6.0  # between causes
COLUMN = 168.0  # from bone to bone
SLANT = 42.0  # how far a bone leans from its heading to the spine
FIRST = 158.0  # where the first bone begins
ROOM, SIZE = 154.0, 13  # of a line of words, between two bones; and its type
BOX = (548.0, 696.0)  # the problem
BOX_ROOM, BOX_SIZE = 136.0, 14


@dataclass(frozen=True)
class _Words:
    """One line on the page."""

    text: str
    behind: bool  # whether it is behind a cause
    gap: float  # room above it


def fishbone_chart(made: Fishbone, *, finding: str = "", source: str = "") -> Picture:
    """
    The fishbone as a picture; the title is *finding*, or how many causes there may be.

    Raises a `Refusal` where one bone holds more than 40 lines.

    >>> from flowlib.mapping.causes import Fishbone
    >>> fishbone_chart(Fishbone("Late letters", {"task": ["Typed once a week"]})).description
    'A fishbone of causes. The problem: Late letters. Task: Typed once a week.'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    bones = {head: _lines(made.under(head)) for head in HEADS}
    full = max(len(lines) for lines in bones.values())
    need(full <= MOST_LINES, f"A bone holds at most {MOST_LINES} lines; one has {full}. Draw fewer causes.")
    heads = list(HEADS)
    above, below = heads[:3], heads[3:]
    problem = in_lines(seen(made.problem), BOX_ROOM, BOX_SIZE, bold=True)
    half = max(LINE * len(problem) / 2 + 10, 40.0)
    up, down = (max([half, *(HEAD + 10 + _height(bones[head]) for head in side)]) for side in (above, below))
    words, strokes, titles = [], [], []
    for side, reach, sign in ((above, up, -1), (below, down, 1)):
        for column, head in enumerate(side):
            begin = FIRST + COLUMN * column
            strokes.append((head, begin, up + sign * (reach - HEAD), begin + SLANT, up))
            titles.append((head.capitalize(), begin, up + sign * (reach - HEAD / 2)))
            words += _placed(bones[head], begin, up, reach, sign)
    across = alt.Scale(domain=[0, WIDTH], nice=False)
    x = alt.X("x:Q", axis=None, scale=across)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[up + down, 0], nice=False))
    lines = pd.DataFrame([*strokes, ("spine", 4.0, up, BOX[0], up)], columns=["bone", "x", "y", "x2", "y2"])
    placed = pd.DataFrame(words, columns=["x", "y", "text", "behind"])
    headings = pd.DataFrame(titles, columns=["text", "x", "y"])
    box = pd.DataFrame({"x": [BOX[0]], "x2": [BOX[1]], "y": [up - half], "y2": [up + half]})
    inside = pd.DataFrame(
        [
            ((BOX[0] + BOX[1]) / 2, up + LINE * (place - (len(problem) - 1) / 2), text)
            for place, text in enumerate(problem)
        ],
        columns=["x", "y", "text"],
    )
    write: dict[str, Any] = {"align": "right", "fontSize": SIZE}
    parts: list[Any] = [
        alt.Chart(lines).mark_rule(color=theme.BLUE, strokeWidth=2.5).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        alt.Chart(box).mark_rect(fill=theme.BLUE, cornerRadius=4).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        alt.Chart(inside)
        .mark_text(color="#ffffff", fontWeight="bold", fontSize=BOX_SIZE)
        .encode(x=x, y=y, text="text:N"),
        alt.Chart(headings).mark_text(fontWeight="bold", fontSize=15).encode(x=x, y=y, text="text:N"),
        *(
            alt.Chart(placed[placed["behind"] == behind])
            .mark_text(color=theme.GREY if behind else theme.INK, **write)
            .encode(x=x, y=y, text="text:N")
            for behind in (False, True)
        ),
    ]
    chart = alt.layer(*parts).properties(width=WIDTH, height=up + down)
    detail = "What the team thinks. Grey words: what lies behind the cause above them"
    return Picture(
        theme.titled(chart, finding or _finding(made), unit=detail, source=source), _told(made), _table(made)
    )


def _lines(causes: tuple[Cause, ...], depth: int = 0) -> list[_Words]:
    """Each cause on lines that fit, and what lies behind it below."""
    made = []
    for cause in causes:
        lead = "why? " if depth else ""
        lines = in_lines(lead + seen(cause.text), ROOM, SIZE)
        made += [_Words(text, bool(depth), 0.0 if place or depth else BETWEEN) for place, text in enumerate(lines)]
        made += _lines(cause.because, depth + 1)
    return made


def _height(lines: list[_Words]) -> float:
    return sum(LINE + one.gap for one in lines)


def _placed(
    lines: list[_Words], begin: float, spine: float, reach: float, sign: int
) -> list[tuple[float, float, str, bool]]:
    """The words of one bone: each ends at it, in reading order from the top."""
    top = spine - reach + HEAD if sign < 0 else spine + 8
    found = []
    for one in lines:
        top += one.gap
        y = top + LINE / 2
        lean = SLANT * (1 - abs(y - spine) / (reach - HEAD))
        found.append((begin + lean - 7, y, one.text, one.behind))
        top += LINE
    return found


def _finding(made: Fishbone) -> str:
    """The problem, and how many causes there may be."""
    many = len(_table(made))
    return f"{seen(made.problem)}: {many} possible {'cause' if many == 1 else 'causes'}"


def _told(made: Fishbone) -> str:
    """What a screen reader says."""
    heads = [
        f"{head.capitalize()}: {', '.join(deep.text for one in made.under(head) for deep in one.every())}."
        for head in made.causes
    ]
    return " ".join([f"A fishbone of causes. The problem: {made.problem}.", *heads])


def _table(made: Fishbone) -> pd.DataFrame:
    """A row a cause, with the cause that it lies behind."""
    rows = [
        (head.capitalize(), one.text, before, one.evidence)
        for head in made.causes
        for cause in made.under(head)
        for one, before in _pairs(cause, "")
    ]
    return pd.DataFrame(rows, columns=["heading", "cause", "is behind", "how we know"])


def _pairs(cause: Cause, before: str) -> list[tuple[Cause, str]]:
    return [(cause, before), *(pair for one in cause.because for pair in _pairs(one, cause.text))]
