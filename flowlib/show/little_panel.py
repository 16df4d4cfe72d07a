"""
How many places are in use? The what-if of lesson 24, and its picture.

Little's law is drawn as what it is: a rectangle as wide as a stay and as high as a day's
new people, whose area is the people there. The sums are those of `diagnose.little`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.diagnose.constraint import constraint, littles_law_in
from flowlib.diagnose.little import PeopleThere, people_there
from flowlib.show import theme
from flowlib.show.controls import Slider
from flowlib.show.part import Part
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt

if TYPE_CHECKING:
    from flowlib.core.eventlog import EventLog

__all__ = ["little_panel", "little_picture", "little_told"]

PLACES = 170  # of Home First, in the whole of Wexmoor
PER_DAY, DAYS = 6.5, 25.0
MOST_PER_DAY, MOST_DAYS = 10.0, 36.0
WIDTH, HEIGHT = 520, 280
AGREE = 0.15  # of the queue; two counts nearer than this say the same
AREA = "#c8d3da"
GUESSES = {"About 30": 60.0, "About 100": 130.0, "About 160": 200.0, "About 250": float("inf")}
UNIT = "Across: days that each one stays. Up: people who join each day. The area is the people there"


def little_picture(found: PeopleThere, today: PeopleThere | None = None) -> Picture:
    """The rectangle of *found*, with that of *today* as a dotted line."""
    sides = pd.DataFrame({"days": [found.days], "people": [found.per_day]})
    then = pd.DataFrame(
        {"days": [0, today.days, today.days], "people": [today.per_day, today.per_day, 0], "order": [0, 1, 2]}
        if today
        else {"days": [], "people": [], "order": []}
    )
    middle = pd.DataFrame(
        {"days": [found.days / 2], "people": [found.per_day / 2], "words": [f"{found.there:,.0f} people there"]}
    )
    finding = f"{found.there:,.0f} people are there, on average"
    chart = RECTANGLE.filled(
        {"sides": sides, "today": then, "middle": middle},
        finding=finding,
        unit=f"{UNIT}. Dotted: today" if today else UNIT,
    )
    return Picture(chart, f"{finding}. {found.sentence()}", _table(found))


def _rectangle(alt: Any) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """The area, its outline today, and what it holds."""

    def axis(channel: Any, field: str, title: str, most: float) -> Any:  # noqa: ANN401 - as above
        return channel(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, most], nice=False, clamp=True))

    x = axis(alt.X, "days", "days that each one stays", MOST_DAYS)
    y = axis(alt.Y, "people", "people who join each day", MOST_PER_DAY)
    sides, today, middle = (alt.Chart(alt.Data(name=name)) for name in ("sides", "today", "middle"))
    layers = (
        sides.mark_rect(color=AREA, stroke=theme.BLUE, strokeWidth=2).encode(
            x=x, y=y, x2=alt.datum(0), y2=alt.datum(0)
        ),
        today.mark_line(color=theme.INK, strokeDash=[2, 3], strokeWidth=1.5).encode(x=x, y=y, order="order:Q"),
        middle.mark_text(fontSize=18, fontWeight="bold", color=theme.INK).encode(x=x, y=y, text="words:N"),
    )
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


RECTANGLE = Redrawn(_rectangle)


def little_panel() -> TryIt:
    """People who join a day, and days that each stays: how many places of Home First are in use?"""
    return TryIt(
        "How many places are in use?",
        {
            "joining": Slider("People who join Home First", value=PER_DAY, min=4, max=9, step=0.5, unit="a day"),
            "days": Slider("Each one stays", value=DAYS, min=14, max=35, step=0.5, unit="days"),
        },
        ask=lambda joining, days: people_there(joining, days, places=PLACES),
        draw=little_picture,
        say=lambda found: found.sentence(),
        compare=lambda found, today: found.compared(today),
        predict=Question(
            "First predict. 6.5 people join Home First each day, and each one stays 25 days. How many are there?",
            list(GUESSES),
            came_true=lambda found: next(words for words, most in GUESSES.items() if found.there < most),
            at={"joining": PER_DAY, "days": DAYS},
        ),
        name="little",
    )


def little_told(log: EventLog) -> list[Part]:
    """Both sides of the law for the step of *log* that holds the flow back; refused where it describes few people."""
    step = constraint(log).step
    law = littles_law_in(log, step)
    apart = abs(law.waiting - law.product)
    told = "They agree." if apart <= AGREE * max(law.waiting, 1) else "They differ: the list grew or shrank meanwhile."
    return [
        Part(f"{step}: {law.per_day:.1f} people join the queue each day, and each one waits {law.days_each:.1f} days."),
        Part(f"Worked out, {law.product:.1f} people wait. Counted every hour, it is {law.waiting:.1f}. {told}"),
    ]


def _table(found: PeopleThere) -> pd.DataFrame:
    rows = {
        "people who join a day": f"{found.per_day:g}",
        "days each": f"{found.days:g}",
        "people there, on average": f"{found.there:,.0f}",
        "9 days of 10: from": f"{found.low:,}",
        "9 days of 10: to": f"{found.high:,}",
    }
    return pd.DataFrame({"what": list(rows), "number": list(rows.values())})
