"""
How does a record of tests look on one printed page?

The aim, what the predictions say, a row a test, how far each idea has come, and what is
worth a second look. A record of many tests runs on to further pages.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

from flowlib.change import kept, paper
from flowlib.change.aims.aim import day, spoken_day
from flowlib.core import checks

if TYPE_CHECKING:
    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.record import Record

__all__ = ["page", "section"]

HEADS = ("Test", "What we tried, and why", "Measure", "We predicted", "It was", "What we learned")
WIDTHS = (6, 28, 15, 13, 13, 25)  # of 100 parts of the page


def page(record: Record, *, today: dt.date | None = None) -> str:
    """
    A record of tests as one HTML file to print on A4; *today* decides what is late.

    >>> from flowlib.change.pdsa import Record
    >>> "<h1>Tests of change: Home sooner</h1>" in page(Record("Home sooner"))
    True
    """
    date = kept.now().date() if today is None else day("today", today)
    title = f"Tests of change: {record.aim}"
    printed = f'<p class="quiet">As it stood on {spoken_day(date)}.</p>'
    return paper.document(title, [f"<h1>{escape(title)}</h1>", printed], section(record, today=date))


def section(record: Record, *, today: dt.date, level: int = 2) -> list[str]:
    """The tests as lines of HTML, with headings of a *level*, for a page that has more on it."""
    ideas = [ramp.sentence() for ramp in record.ramps() if len(ramp.cycles) > 1]
    looks = record.advice(today)
    return [
        f"<p>{escape(record.predictions().sentence())}</p>",
        *(paper.table("Each test", HEADS, map(_row, record.cycles), widths=WIDTHS) if record.cycles else []),
        *([f"<h{level}>How far each idea has come</h{level}>", *paper.items(ideas)] if ideas else []),
        *([f"<h{level}>Worth a second look</h{level}>", *paper.items(looks)] if looks else []),
    ]


def _row(one: Cycle) -> tuple[str, ...]:
    reach = f"On {one.scale}, from" if one.scale else "From"
    follows = f" Follows test {one.follows}." if one.follows else ""
    begins = f"{reach} {spoken_day(one.begins)}.{follows}"
    tried = paper.paragraphs(one.change, f"Because: {one.why}", begins, quiet=[1, 2])
    known = (
        str(one.number),
        tried,
        paper.paragraphs(one.measure),
        _number(checks.shown(one.prediction), one.planned_on),
    )
    if one.result is None or one.gap is None:
        return *known, "<p>Still to come</p>", ""
    far = "close" if one.close else f"{checks.shown(abs(one.gap))} {'above' if one.gap > 0 else 'below'}"
    got = _number(f"{checks.shown(one.result)}, {far}", one.studied_on)
    return *known, got, paper.paragraphs(one.learned, f"Decision: {one.decision}")


def _number(told: str, date: str) -> str:
    """A number with the day on which flowlib took it."""
    on = f"on {spoken_day(dt.date.fromisoformat(date))}" if date else ""
    return paper.paragraphs(told, on, quiet=[1])
