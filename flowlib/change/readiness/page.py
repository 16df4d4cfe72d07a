"""
How does a place's readiness look on one printed page?

The scores of each partner side by side, where the partners differ, what will be done
by whom and when, and whose words the blocks have. And a form for the round before, on
which each partner scores alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from flowlib.change import paper
from flowlib.change.aims.aim import day, spoken_day
from flowlib.change.readiness.scores import LOWEST_SCORE, TOP_SCORE, WORDING, block_name
from flowlib.core import checks
from flowlib.stages import BLOCKS

if TYPE_CHECKING:
    import datetime as dt

    from flowlib.change.readiness.scores import Action
    from flowlib.change.readiness.together import Readiness

__all__ = ["form", "page", "section"]

SCALE = f"Each partner scored each building block from {LOWEST_SCORE} (not in place) to {TOP_SCORE} (in place)."
ACTIONS = ("What", "Building block", "Who", "By", "")
ACTION_WIDTHS = (36, 26, 17, 13, 8)  # of 100 parts of the page
MOST_GAPS = 4  # of the widest gaps stand on the page; ours
BLOCK_WIDTH = 26  # of 100 parts of the page; the partners share the rest
BOX = "\N{BALLOT BOX}"


def page(readiness: Readiness, *, today: dt.date) -> str:
    """
    The readiness of a place as one HTML file to print on A4; *today* decides what is overdue.

    >>> import datetime as dt
    >>> from flowlib.change.readiness import Readiness, score
    >>> place = Readiness("Wexmoor").add(score("Council", dict.fromkeys(range(1, 9), 3)))
    >>> "<h1>How ready is Wexmoor?</h1>" in page(place, today=dt.date(2026, 11, 22))
    True
    """
    return paper.document(f"How ready is {readiness.place}?", section(readiness, today=today))


def section(readiness: Readiness, *, today: dt.date) -> list[str]:
    """The readiness of a place as lines of HTML, for a page that has more on it."""
    again = any(one.earlier for one in readiness.partners)
    date = day("today", today)
    begin, *moved = readiness.progress()
    return [
        '<section class="readiness">',
        f"<h1>How ready is {escape(readiness.place)}?</h1>",
        f'<p class="quiet">As it stood on {spoken_day(date)}. {SCALE} {escape(WORDING)}</p>',
        *_table(readiness),
        "<h2>Where you differ most</h2>",
        *paper.items(_widest(readiness)),
        *(["<h2>Since the first round</h2>", paper.paragraphs(begin, " ".join(moved))] if again else []),
        "<h2>What you will do</h2>",
        *(_actions(readiness, date) or ["<p>Nothing is agreed yet.</p>"]),
        *paper.items(readiness.needs_action()),
        "</section>",
    ]


def form(place: str) -> str:
    """
    A form on which a partner scores each block alone, as one HTML file to print on A4.

    >>> form("Wexmoor").count("Good information and IT")
    1
    """
    title = f"How ready is {place}? Our own view"
    ask = (
        "Score alone, before you see what others think. Compare the scores when you meet.",
        f"{LOWEST_SCORE} is not in place, and {TOP_SCORE} is in place. {WORDING}",
    )
    boxes = " &nbsp; ".join(f"{BOX} {score}" for score in range(LOWEST_SCORE, TOP_SCORE + 1))
    rows = [[f"{block.number} {escape(block.name)}", boxes, '<div class="room"></div>'] for block in BLOCKS]
    return paper.document(
        title,
        [f"<h1>{escape(title)}</h1>", paper.paragraphs(*ask, quiet=[1])],
        ["<p>Organisation or team: ______________________________</p>"],
        paper.table(
            "Score each building block", ["Building block", "Score", "What do you see?"], rows, widths=(32, 28, 40)
        ),
    )


def _table(readiness: Readiness) -> list[str]:
    heads = ["Building block", *(one.partner for one in readiness.partners), "Middle score (median)", "Spread"]
    rows = [
        [
            f"{block.number} {escape(block.name)}",
            *(str(one.scores[place]) for one in readiness.partners),
            checks.shown(block.median),
            str(block.spread),
        ]
        for place, block in enumerate(readiness.blocks())
    ]
    few = (100 - BLOCK_WIDTH) / (len(heads) - 1)
    widths = [BLOCK_WIDTH, *[few] * (len(heads) - 1)]
    return paper.table("Scores by building block", heads, rows, numbers=range(1, len(heads)), widths=widths)


def _widest(readiness: Readiness) -> list[str]:
    """The widest gaps, and how many more there are, so that one page holds all."""
    lines = readiness.conversation()
    more = len(lines) - MOST_GAPS
    word = "block is" if more == 1 else "blocks are"
    return [*lines[:MOST_GAPS], *([f"{more} more {word} far apart. See the spread above."] if more > 0 else [])]


def _actions(readiness: Readiness, today: dt.date) -> list[str]:
    """Open and done actions, those that are overdue first and named so."""
    late = readiness.overdue(today)
    coming = [one for one in readiness.actions if one.state == "open" and one not in late]
    done = [one for one in readiness.actions if one.state == "done"]
    told = [("Overdue", late), ("Open", coming), ("Done", done)]
    rows = [_action(one, word) for word, actions in told for one in actions]
    return paper.table("Agreed actions", ACTIONS, rows, widths=ACTION_WIDTHS) if rows else []


def _action(one: Action, word: str) -> list[str]:
    return [escape(one.what), escape(block_name(one.block)), escape(one.who), spoken_day(one.by), word]
