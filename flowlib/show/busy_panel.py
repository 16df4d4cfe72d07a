"""
How busy can a service be before people wait long? The what-if of the board session.

People come by chance, and visits differ by chance; one queue is seen by one person or by
several. Waits are told in visits: a wait of 4 is four times as long as a visit takes.
The sums are those of `diagnose.queueing` (A. K. Erlang; M/M/c).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from flowlib.core import checks
from flowlib.diagnose.queueing import mmc
from flowlib.show import theme
from flowlib.show.controls import Slider
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt

__all__ = ["BusyQueue", "busy_panel", "busy_queue"]

LEAST, MOST, NOW = 50, 98, 80  # of 100 minutes in which somebody is with a patient
MOST_STAFF = 5
MOST_WAIT = 50.0  # visits; the end of the axis
WIDTH, HEIGHT = 520, 300
GUESSES = {"About 5 visits": 6.5, "About 8 visits": 13.0, "About 19 visits": 30.0, "About 50 visits": float("inf")}
ASKED = 95
UNIT = "Up: the mean wait, counted in visits. Across: minutes of 100 in which staff are busy"


@dataclass(frozen=True)
class BusyQueue:
    """One queue in the long run."""

    busy: int  # minutes of 100 in which each of the staff is with a patient
    staff: int  # who see the people of this one queue
    wait: float  # mean, in visits

    def sentence(self) -> str:
        """How long people wait."""
        who = "one person sees" if self.staff == 1 else f"{self.staff} people see"
        return f"{_upper(who)} the queue, busy {self.busy} minutes of 100: people wait {_visits(self.wait)} on average."

    def compared(self, today: BusyQueue) -> str:
        """How that differs from *today*."""
        if self == today:
            return "This is today."
        return f"Today they wait {_visits(today.wait)}; then it is {_visits(self.wait)}."


@cache
def busy_queue(busy: int, *, staff: int = 1) -> BusyQueue:
    """
    The mean wait where *staff* share one queue and are busy so many minutes of 100.

    >>> [round(busy_queue(busy).wait, 1) for busy in (50, 80, 90, 95)]
    [1.0, 4.0, 9.0, 19.0]
    """
    checks.whole("staff", staff, 1)
    told = f"Staff can be busy from 1 to 99 minutes of 100; {busy} came. At 100 the queue grows for ever."
    checks.need(0 < busy < 100, told)  # noqa: PLR2004 - of 100
    return BusyQueue(busy, staff, mmc(busy * staff / 100, 1, servers=staff).mean_wait)


def busy_panel() -> TryIt:
    """How busy, and how many share the queue: how long do people wait?"""
    return TryIt(
        "How busy can we be?",
        {
            "busy": Slider("Staff are busy", value=NOW, min=LEAST, max=MOST, unit="minutes of 100"),
            "staff": Slider(
                "Staff who see the same queue", value=1, min=1, max=MOST_STAFF, unit="people", one="person"
            ),
        },
        ask=lambda busy, staff: busy_queue(int(busy), staff=int(staff)),
        draw=_picture,
        say=BusyQueue.sentence,
        compare=BusyQueue.compared,
        predict=Question(
            f"First predict. A nurse is busy {NOW} minutes of 100, and people wait 4 visits. "
            f"Now she is busy {ASKED} minutes of 100. How long do they wait?",
            list(GUESSES),
            came_true=lambda found: next(words for words, most in GUESSES.items() if found.wait < most),
            at={"busy": ASKED, "staff": 1},
        ),
        name="busy",
    )


def _picture(found: BusyQueue, today: BusyQueue | None = None) -> Picture:
    """The curve of waits, and where *found* and *today* stand on it."""
    curve = [busy_queue(busy, staff=found.staff) for busy in range(LEAST, MOST + 1)]
    shown = pd.DataFrame({"busy": [one.busy for one in curve], "wait": [one.wait for one in curve]})
    here = pd.DataFrame({"busy": [found.busy], "wait": [found.wait], "words": [f"{_visits(found.wait)} of waiting"]})
    then = pd.DataFrame({"busy": [today.busy], "wait": [today.wait]} if today else {"busy": [], "wait": []})
    finding = f"Busy {found.busy} minutes of 100: people wait {_visits(found.wait)}"
    unit = f"{UNIT}. Diamond: today" if today else UNIT
    chart = CURVE.filled({"curve": shown, "here": here, "today": then}, finding=finding, unit=unit)
    kept = [one for one in curve if one.busy in {50, 60, 70, 80, 85, 90, 95, 98}]
    table = pd.DataFrame(
        {"busy, minutes of 100": [one.busy for one in kept], "mean wait, visits": [round(one.wait, 1) for one in kept]}
    )
    return Picture(chart, f"{finding}. {found.sentence()}", table)


def _curve(alt: Any) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """A line, today as a diamond, and a dot with its words."""
    x = alt.X("busy:Q", title="minutes of 100 in which staff are busy", scale=alt.Scale(domain=[LEAST, 100]))
    y = alt.Y("wait:Q", title="visits", scale=alt.Scale(domain=[0, MOST_WAIT], nice=False, clamp=True))
    curve, here, today = (alt.Chart(alt.Data(name=name)).encode(x=x, y=y) for name in ("curve", "here", "today"))
    layers = (
        curve.mark_line(strokeWidth=2.5, color=theme.BLUE),
        today.mark_point(shape="diamond", size=170, fill="white", stroke=theme.INK, strokeWidth=2),
        here.mark_point(filled=True, size=190, color=theme.PINK, stroke=theme.INK, opacity=1),
        here.mark_text(align="right", dx=-10, dy=-20, fontSize=16, fontWeight="bold").encode(text="words:N"),
    )
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


CURVE = Redrawn(_curve)


def _visits(wait: float) -> str:
    """A wait in visits, with a tenth only where it tells."""
    words = f"{wait:.0f}" if wait >= 6 or round(wait, 1).is_integer() else f"{wait:.1f}"  # noqa: PLR2004 - few visits
    return f"{words} visit" if words == "1" else f"{words} visits"


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]
