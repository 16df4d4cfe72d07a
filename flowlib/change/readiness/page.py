"""
How does a place's readiness look on one printed page?

An HTML fragment without scripts or colours: a table of the blocks with each partner's
scores, where the partners differ, what will be done, and whose words the blocks have.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from flowlib.change.readiness.scores import LOWEST_SCORE, TOP_SCORE, WORDING
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from flowlib.change.readiness.together import Readiness

__all__ = ["page"]


def page(readiness: Readiness, *, today: dt.date) -> str:
    """
    The readiness of a place as an HTML fragment.

    >>> import datetime as dt
    >>> from flowlib.change.readiness import Readiness, score
    >>> place = Readiness("Wexmoor").add(score("Council", dict.fromkeys(range(1, 9), 3)))
    >>> page(place, today=dt.date(2026, 11, 22)).splitlines()[1]
    '<h1>How ready is Wexmoor?</h1>'
    """
    scale = f"Each partner scored each building block from {LOWEST_SCORE} (not in place) to {TOP_SCORE} (in place)."
    return "\n".join(
        (
            '<section class="readiness">',
            f"<h1>How ready is {escape(readiness.place)}?</h1>",
            f"<p>{scale} {escape(WORDING)}</p>",
            *_table(readiness),
            "<h2>Where you differ most</h2>",
            *_list(readiness.conversation()),
            "<h2>What you will do</h2>",
            *_list(_actions(readiness, today) or ["Nothing is agreed yet."]),
            *_list(readiness.needs_action()),
            "</section>",
        )
    )


def _table(readiness: Readiness) -> list[str]:
    heads = ["Building block", *(one.partner for one in readiness.partners), "Middle score (median)", "Spread"]
    rows = []
    for place, block in enumerate(readiness.blocks()):
        got = [str(one.scores[place]) for one in readiness.partners]
        cells = "".join(f"<td>{cell}</td>" for cell in (*got, checks.shown(block.median), block.spread))
        rows.append(f'<tr><th scope="row">{block.number} {escape(block.name)}</th>{cells}</tr>')
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    return ["<table>", "<caption>Scores by building block</caption>", f"<tr>{head}</tr>", *rows, "</table>"]


def _actions(readiness: Readiness, today: dt.date) -> list[str]:
    """Open and done actions, those that are overdue first and named so."""
    late = readiness.overdue(today)
    coming = [one for one in readiness.actions if one.state == "open" and one not in late]
    done = [one for one in readiness.actions if one.state == "done"]
    told = [("Overdue. ", late), ("", coming), ("Done. ", done)]
    return [f"{word}{one.sentence()}" for word, actions in told for one in actions]


def _list(lines: Iterable[str]) -> list[str]:
    items = [f"<li>{escape(line)}</li>" for line in lines]
    return ["<ul>", *items, "</ul>"] if items else []
