"""
What does the aim depend on, and what will we try? A driver diagram on one page.

From left to right: the aim, its primary drivers, their secondary drivers, and the ideas
to test. Every name is broken into lines that fit its box, and each box stands at the
middle of those that it leads to, so that boxes never touch. The picture grows downwards
with the number of ideas; its words keep their size.

Lengths are in pixels of a picture 700 wide. The widths of letters are those of Arial, in
thousandths of its size, from its own font metrics, rounded up to five kinds.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from flowlib.change.aims.drivers import same
from flowlib.core.checks import need
from flowlib.show import theme
from flowlib.show.charts import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from flowlib.change.aims.drivers import DriverDiagram, Idea, Primary, Secondary

    Part = Primary | Secondary | Idea

__all__ = ["MOST_IDEAS", "driver_diagram", "driver_list"]

MOST_IDEAS = 120  # boxes at the right; more than this no page can hold
WIDTH = 700
TOP = 34.0  # room for the headings
LINE = 17.0  # from one line of words to the next
PAD = 7.0  # between words and the edge of their box
BETWEEN = 7.0  # between boxes
GROUPS = 10.0  # more room where the next primary driver begins

# Of Arial, in thousandths of the size of the type.
WIDE, CAPITAL, NARROW, DEFAULT, BOLDER = 945, 725, 340, 560, 1.1
KINDS = {**dict.fromkeys("mwMW@%", WIDE), **dict.fromkeys("iljtfrI.,;:'|!()[]/- ", NARROW)}


@dataclass(frozen=True)
class _Level:
    """One column: where it stands, and how its boxes look. Each level has an edge or a filling of its own."""

    heading: str
    left: float
    width: float
    fill: str
    edge: str
    thick: float  # the edge
    ink: str = theme.INK
    weight: Literal["normal", "bold"] = "normal"

    @property
    def right(self) -> float:
        return self.left + self.width


LEVELS = (
    _Level("Aim", 0, 130, theme.BLUE, theme.BLUE, 2, ink="#ffffff", weight="bold"),
    _Level("Primary drivers", 152, 144, "#ffffff", theme.BLUE, 2.5, weight="bold"),
    _Level("Secondary drivers", 318, 146, "#ffffff", theme.GREY, 1.25),
    _Level("Ideas to test", 486, 214, "#f0f4f5", theme.GREY, 0.75),
)


@dataclass
class _Box:
    """One name on the page."""

    column: int
    name: list[str]  # its lines
    measure: list[str]  # lines below it, in grey
    below: list[_Box]
    middle: float = 0.0

    @property
    def height(self) -> float:
        return LINE * (len(self.name) + len(self.measure)) + 2 * PAD

    @property
    def stretch(self) -> float:
        """The height of all that this box leads to, or its own where that is more."""
        return max(self.height, _stacked(self.below))


def driver_diagram(diagram: DriverDiagram, *, finding: str = "", measures: bool = True, source: str = "") -> Picture:
    """
    The diagram as a picture, with its levels from left to right and its numbered outline as a table.

    *measures* writes each part's measure below its name. The title is *finding*, or how
    many drivers and ideas there are. At most 120 ideas and drivers may stand at the right.

    >>> from flowlib.change.aims import DriverDiagram, Idea, Primary, Secondary
    >>> early = Secondary("Plans start on day one", (Idea("Ask on arrival who is at home"),))
    >>> driver_diagram(DriverDiagram("Home within a day", (Primary("Early planning", (early,)),))).description
    'A driver diagram. The aim: Home within a day. It depends on Early planning. Early planning depends on \
Plans start on day one; ideas to test: Ask on arrival who is at home.'
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    ends = sum(max(sum(max(len(second.ideas), 1) for second in first.secondary), 1) for first in diagram.primary)
    need(
        ends <= MOST_IDEAS,
        f"A driver diagram holds at most {MOST_IDEAS} ideas; this one has {ends}. Draw one primary driver at a time.",
    )
    aim = _tree(diagram, measures=measures)
    height = TOP + aim.stretch + 2
    _place(aim, TOP)
    boxes = list(_all(aim))
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    base = alt.Chart().encode(x=across, y=down)
    drawn = [part for column in range(len(LEVELS)) for part in _column(base, boxes, column)]
    chart = alt.layer(*_lines(base, boxes), *drawn).properties(width=WIDTH, height=height)
    unit = "Read from left to right: each box depends on those that it leads to"
    titled = theme.titled(chart, finding or _finding(diagram), unit=unit, source=source)
    return Picture(titled, _told(diagram), _numbered(diagram))


def driver_list(diagram: DriverDiagram) -> str:
    """
    The diagram as a nested list in HTML, for pages without pictures.

    >>> from flowlib.change.aims import DriverDiagram, Primary
    >>> driver_list(DriverDiagram("Home within a day", (Primary("Transport"),)))
    '<ul class="drivers"><li>Home within a day<ul><li>Transport</li></ul></li></ul>'
    """
    inner = _items(diagram.primary)
    return f'<ul class="drivers"><li>{html.escape(diagram.aim)}{inner}</li></ul>'


def _finding(diagram: DriverDiagram) -> str:
    """How much hangs on the aim, in a sentence."""
    drivers, ideas = len(diagram.primary), len(diagram.ideas())
    counted = (f"{n} {what}{'s' * (n != 1)}" for n, what in ((drivers, "primary driver"), (ideas, "idea")))
    return f"The aim depends on {', with '.join(counted)} to test"


def _items(parts: Sequence[Part]) -> str:
    """One list of *parts*, each with the list of its own."""
    if not parts:
        return ""
    rows = (f"<li>{html.escape(_with_measure(part))}{_items(_below(part))}</li>" for part in parts)
    return f"<ul>{''.join(rows)}</ul>"


def _with_measure(part: Part) -> str:
    return f"{part.name} (measure: {part.measure})" if part.measure else part.name


def _below(part: Part) -> Sequence[Part]:
    """What a driver stands on; nothing below an idea."""
    return getattr(part, "secondary", getattr(part, "ideas", ()))


def _tree(diagram: DriverDiagram, *, measures: bool) -> _Box:
    """The boxes of the diagram, not yet placed."""
    shared = {same(name) for name in diagram.shared}

    def box(part: Part, column: int) -> _Box:
        name = f"{part.name} (shared)" if same(part.name) in shared else part.name
        measure = f"Measure: {part.measure}" if measures and part.measure else ""
        below = [box(one, column + 1) for one in _below(part)]
        return _Box(column, _fitted(name, column), _fitted(measure, column), below)

    return _Box(0, _fitted(diagram.aim, 0), [], [box(one, 1) for one in diagram.primary])


def _fitted(words: str, column: int) -> list[str]:
    """*words* in lines that fit the box of *column*; a word too long for a line is cut in two."""
    level = LEVELS[column]
    most = level.width - 2 * PAD
    size = theme.FONT_SIZE * (BOLDER if level.weight == "bold" else 1.0) / 1000
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if size * _width(longer) <= most:
            lines[-1] = longer
            continue
        pieces = _pieces(word, most / size)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return [line for line in lines if line]


def _pieces(word: str, most: float) -> list[str]:
    """One word in pieces no wider than *most*, cut at its own hyphens where it has any."""
    pieces, rest = [], word
    while _width(rest) > most:
        size = max(size for size in range(1, len(rest)) if size == 1 or _width(rest[:size] + "-") <= most)
        size = rest.rfind("-", 1, size) + 1 or size
        pieces.append(rest[:size] if rest[size - 1] == "-" else f"{rest[:size]}-")
        rest = rest[size:]
    return [*pieces, rest]


def _width(words: str) -> float:
    """How wide *words* are, in thousandths of the size of the type."""
    return float(sum(KINDS.get(sign, CAPITAL if sign.isupper() else DEFAULT) for sign in words))


def _stacked(boxes: list[_Box]) -> float:
    """The height of *boxes* one below the other."""
    return sum(box.stretch for box in boxes) + sum(_gap(box) for box in boxes[1:])


def _gap(box: _Box) -> float:
    return BETWEEN + (GROUPS if box.column == 1 else 0.0)


def _place(box: _Box, top: float) -> None:
    """Put *box* at the middle of its stretch, and all that it leads to in that same stretch."""
    box.middle = top + box.stretch / 2
    start = top + (box.stretch - _stacked(box.below)) / 2
    for place, one in enumerate(box.below):
        start += _gap(one) if place else 0.0
        _place(one, start)
        start += one.stretch


def _all(box: _Box) -> list[_Box]:
    return [box, *(inner for one in box.below for inner in _all(one))]


def _lines(base: alt.Chart, boxes: list[_Box]) -> list[alt.Chart]:
    """From each box to those that it leads to, with square corners."""
    rows: list[tuple[int, int, float, float]] = []
    for box in boxes:
        right = LEVELS[box.column].right
        for one in box.below:
            left = LEVELS[one.column].left
            half = (right + left) / 2
            way = [(right, box.middle), (half, box.middle), (half, one.middle), (left, one.middle)]
            rows += [(len(rows), at, x, y) for at, (x, y) in enumerate(way)]
    if not rows:
        return []
    table = pd.DataFrame(rows, columns=["line", "at", "x", "y"])
    table["line"] //= 4
    drawn = base.properties(data=table).mark_line(color=theme.GREY, strokeWidth=1.25, strokeJoin="round")
    return [drawn.encode(detail="line:N", order="at:Q")]


def _column(base: alt.Chart, boxes: list[_Box], column: int) -> list[alt.Chart]:
    """The boxes of one level with their words, under its heading."""
    level, mine = LEVELS[column], [box for box in boxes if box.column == column]
    if not mine:
        return []
    words: dict[str, Any] = {
        "align": "left",
        "baseline": "top",
        "lineBreak": "\n",
        "lineHeight": LINE,
        "fontSize": theme.FONT_SIZE,
    }
    edge: dict[str, Any] = {"fill": level.fill, "stroke": level.edge, "strokeWidth": level.thick, "cornerRadius": 5}
    tops = [box.middle - box.height / 2 for box in mine]
    table = pd.DataFrame({"x": level.left, "y": tops, "right": level.right})
    table["bottom"] = [box.middle + box.height / 2 for box in mine]
    named = pd.DataFrame({"x": level.left + PAD, "y": [top + PAD for top in tops]})
    named["words"] = ["\n".join(box.name) for box in mine]
    below = named.assign(
        y=[top + PAD + LINE * len(box.name) for top, box in zip(tops, mine, strict=True)],
        words=["\n".join(box.measure) for box in mine],
    )
    head = pd.DataFrame({"x": [level.left], "y": [4.0], "words": [level.heading]})
    return [
        base.properties(data=table).mark_rect(**edge).encode(x2="right:Q", y2="bottom:Q"),
        base.properties(data=named).mark_text(color=level.ink, fontWeight=level.weight, **words).encode(text="words:N"),
        base.properties(data=below[below["words"] != ""]).mark_text(color=theme.GREY, **words).encode(text="words:N"),
        base.properties(data=head).mark_text(color=theme.GREY, **words).encode(text="words:N"),
    ]


def _told(diagram: DriverDiagram) -> str:
    """The diagram in sentences that nest as its boxes do."""
    names = [first.name for first in diagram.primary]
    said = [f"A driver diagram. The aim: {diagram.aim}."]
    said += [f"It depends on {'; '.join(names)}."] if names else ["It has no driver yet."]
    for first in diagram.primary:
        inner = [
            f"{second.name}"
            + (f"; ideas to test: {', '.join(idea.name for idea in second.ideas)}" * bool(second.ideas))
            for second in first.secondary
        ]
        said += [f"{first.name} depends on {'. And on '.join(inner)}."] if inner else []
    return " ".join(said)


def _numbered(diagram: DriverDiagram) -> pd.DataFrame:
    """A row a part, numbered as an outline is."""
    rows = [("", "aim", diagram.aim, "")]
    for i, first in enumerate(diagram.primary, start=1):
        rows.append((f"{i}", "primary driver", first.name, first.measure))
        for j, second in enumerate(first.secondary, start=1):
            rows.append((f"{i}.{j}", "secondary driver", second.name, second.measure))
            ideas = enumerate(second.ideas, start=1)
            rows += [(f"{i}.{j}.{k}", "idea to test", idea.name, idea.measure) for k, idea in ideas]
    return pd.DataFrame(rows, columns=["place", "kind", "name", "measure"])
