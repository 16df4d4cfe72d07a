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
from flowlib.change.aims.aim import spoken_day
from flowlib.core import checks

if TYPE_CHECKING:
    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.record import Record

__all__ = ["page", "section"]

HEADS = ("Test", "What we tried, and why", "We predicted", "It was", "What we learned")


def page(record: Record, *, today: dt.date | None = None) -> str:
    """
    A record of tests as one HTML file to print on A4; *today* decides what is late.

    >>> from flowlib.change.pdsa import Record
    >>> "<h1>Tests of change: Home sooner</h1>" in page(Record("Home sooner"))
    True
    """
    day = today or kept.now().date()
    title = f"Tests of change: {record.aim}"
    printed = f'<p class="quiet">As it stood on {spoken_day(day)}.</p>'
    return paper.document(title, [f"<h1>{escape(title)}</h1>", printed], section(record, today=day))


def section(record: Record, *, today: dt.date) -> list[str]:
    """The tests as lines of HTML, for a page that has more on it."""
    ideas = [ramp.sentence() for ramp in record.ramps() if len(ramp.cycles) > 1]
    looks = record.advice(today)
    return [
        f"<p>{escape(record.predictions().sentence())}</p>",
        *(paper.table("Each test", HEADS, map(_row, record.cycles)) if record.cycles else []),
        *(["<h2>How far each idea has come</h2>", *paper.items(ideas)] if ideas else []),
        *(["<h2>Worth a second look</h2>", *paper.items(looks)] if looks else []),
    ]


def _row(one: Cycle) -> tuple[str, ...]:
    scale = f"On {one.scale}." if one.scale else ""
    follows = f"Follows test {one.follows}." if one.follows else ""
    tried = paper.paragraphs(one.change, f"Because: {one.why}", " ".join(filter(None, (scale, follows))), quiet=[1, 2])
    begins = f"Began {spoken_day(one.begins)}"
    predicted = paper.paragraphs(
        checks.shown(one.prediction), one.measure, _dated("Written down", one.planned_on), begins, quiet=[1, 2, 3]
    )
    if one.result is None or one.gap is None:
        return str(one.number), tried, predicted, "<p>Still to come</p>", ""
    far = "Close" if one.close else f"{checks.shown(abs(one.gap))} {'above' if one.gap > 0 else 'below'}"
    got = paper.paragraphs(checks.shown(one.result), far, _dated("Written down", one.studied_on), quiet=[2])
    learned = paper.paragraphs(one.learned, f"Decision: {one.decision}")
    return str(one.number), tried, predicted, got, learned


def _dated(what: str, date: str) -> str:
    return f"{what} {spoken_day(dt.date.fromisoformat(date))}" if date else ""
