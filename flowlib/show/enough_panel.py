"""
Is enough on average enough? The what-if of lesson 23, and its chart.

The sums are those of `measure.enough`.
"""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from flowlib.measure.enough import DAYS, EnoughOnAverage, enough_on_average
from flowlib.show import theme
from flowlib.show.choices import Tick
from flowlib.show.controls import Slider
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt

__all__ = ["ON_THE_LIST", "enough_panel", "queue_picture"]

ON_THE_LIST = 200  # people, or 4 weeks of work
DEMAND = 10  # people a day
WIDTH, HEIGHT, ROOM = 560, 300, 92
BAND = "#c8d3da"
NEAR_SCALE, LOW_SCALE, HIGH_SCALE = 40, 150, 600  # people; few scales, so that heights can be compared
GUESSES = {"Nobody, or 1 or 2": 2.5, "About 5": 12.0, "About 25": 60.0, "More than 60": float("inf")}
UNIT = "People waiting each evening. Solid line: one year. Band: 9 years in 10. Dashed: the mean"


def queue_picture(
    found: EnoughOnAverage,
    today: EnoughOnAverage | None = None,
    *,
    year: int = 1,
    dotted: str = "today",
    near: bool = False,
) -> Picture:
    """
    The queue of one *year*, day by day, before the range of all years; with *today* as a dotted line.

    *dotted* says what that line is. *near* looks from nearer, at queues of a few people.
    """
    days = range(1, DAYS + 1)
    tables = {
        "band": pd.DataFrame({"day": found.days, "low": found.low, "high": found.high}),
        "today": pd.DataFrame({"day": days, "people": today.year(year)} if today else {"day": [], "people": []}),
        "line": pd.DataFrame({"day": days, "people": found.year(year)}),
        "mean": pd.DataFrame({"mean": [round(found.mean_queue, 1)], "words": [f"mean {_whole(found.mean_queue)}"]}),
    }
    far = HIGH if any(_is_large(one) for one in (found, today)) else LOW
    chart = NEAR if near else far
    unit = f"{UNIT}. Dotted: {dotted}" if today else UNIT
    drawn = chart.filled(tables, finding=_finding(found), unit=unit)
    return Picture(drawn, f"{_finding(found)}. {found.sentence()}", _table(found, year))


def _chart(alt: Any, most: int) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """Range, today, one year and mean, on a scale up to *most* people."""
    scale = alt.Scale(domain=[0, most], nice=False, clamp=True)
    x = alt.X("day:Q", title="working day of the year", scale=alt.Scale(domain=[1, DAYS], nice=False))

    def y(field: str) -> Any:  # noqa: ANN401 - as above
        return alt.Y(f"{field}:Q", title="people", scale=scale)

    band, today, line, mean = (alt.Chart(alt.Data(name=name)) for name in ("band", "today", "line", "mean"))
    words = mean.mark_text(align="left", color=theme.PINK, fontWeight="bold")
    layers = (
        band.mark_area(color=BAND).encode(x=x, y=y("low"), y2="high:Q"),
        today.mark_line(color=theme.INK, strokeDash=[2, 3], strokeWidth=1.5).encode(x=x, y=y("people")),
        line.mark_line(strokeWidth=1.75).encode(x=x, y=y("people")),
        mean.mark_rule(color=theme.PINK, strokeDash=[7, 4], strokeWidth=2).encode(y=y("mean")),
        words.encode(x=alt.value(WIDTH - ROOM + 6), y=y("mean"), text="words:N"),
    )
    return alt.layer(*layers).properties(width=WIDTH - ROOM, height=HEIGHT)


NEAR, LOW, HIGH = (Redrawn(functools.partial(_chart, most=most)) for most in (NEAR_SCALE, LOW_SCALE, HIGH_SCALE))


def enough_panel() -> TryIt:
    """Places, how far they differ from day to day, and whether a list is there to draw on."""
    return TryIt(
        "10 people come each day. How many places do we need?",
        {
            "places": Slider("Places a day, on average", value=DEMAND, min=9, max=14, unit="places"),
            "spread": Slider("A day can differ by up to", value=0, min=0, max=4, unit="places", one="place"),
            "list": Tick(f"A list of {ON_THE_LIST} people is there to draw on"),
            "year": Slider("Which year to draw", value=1, min=1, max=5, unit=""),
        },
        ask=_asked,
        draw=_drawn,
        say=lambda asked: asked[0].sentence(),
        compare=lambda asked, today: asked[0].compared(today[0]),
        predict=Question(
            "First predict. 10 people come each day on average, and there are 10 places. "
            "How many wait in the evening, on average?",
            list(GUESSES),
            came_true=_came_true,
            at={"places": DEMAND, "spread": 0, "list": False},
        ),
        name="averages",
        file="23_why_averages_fail",
    )


def _asked(*, places: int, spread: int, year: int, **rest: bool) -> tuple[EnoughOnAverage, int]:
    return enough_on_average(places, spread=spread, waiting_first=ON_THE_LIST if rest["list"] else 0), year


def _drawn(asked: tuple[EnoughOnAverage, int], today: tuple[EnoughOnAverage, int] | None) -> Picture:
    found, year = asked
    return queue_picture(found, None if today is None else today[0], year=year)


def _came_true(asked: tuple[EnoughOnAverage, int]) -> str:
    return next(words for words, most in GUESSES.items() if asked[0].mean_queue < most)


def _finding(found: EnoughOnAverage) -> str:
    if found.has_list:
        return f"The list goes from {found.waiting_first} people to {_whole(found.last_day)} in a year"
    return f"{_whole(found.mean_queue)} people wait in the evening, on average"


def _is_large(found: EnoughOnAverage | None) -> bool:
    return found is not None and (found.has_list or found.places < DEMAND)


def _whole(count: float) -> str:
    return f"{count:,.0f}" if count >= 1 else f"{count:.1f}"


def _table(found: EnoughOnAverage, year: int) -> pd.DataFrame:
    """Friday evenings, to read down."""
    weeks = {"week": range(1, len(found.days) + 1), "waiting on Friday": found.year(year)[found.days - 1]}
    return pd.DataFrame({**weeks, "9 years in 10: from": found.low, "to": found.high})
