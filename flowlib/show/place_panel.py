"""
What happens to the whole of Wexmoor? The what-if of lesson 43, and its picture.

The sums are those of `redesign.whole_place`.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.redesign.whole_place import FEW, GRID, READY, RUNS, TODAY, Pairs, Setting, kept_pairs, pairs_of
from flowlib.show import theme
from flowlib.show.at_work import Estimate
from flowlib.show.controls import Slider
from flowlib.show.part import Part
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["ON_THE_PAGE", "place_panel", "place_parts", "place_picture"]

# What is drawn, each on a scale of its own that stays still: the key, its title, and the end of its axis.
DRAWN = (
    (READY, "people ready to leave hospital, and still there", 100),
    ("people waiting for a bed", "people waiting for a bed", 50),
    ("mean wait for Home First", "wait for Home First, days", 10),
    ("mean wait for home care", "wait for home care, days", 10),
)
NOW, THEN = "today", "with the change"
WIDTH, BAR = 430, 17
MOST_DAYS = 10  # the end of the axes that show days
MORE_BEDS = asdict(replace(TODAY, beds=450))
GUESSES = ["About 20 fewer", "About 10 fewer", "Hardly any change", "More than today"]
A_CHANGE = 4  # people; nearer to today than this is hardly any change
ON_THE_PAGE = {
    key: some[1] - some[0] for key, some in GRID.items()
}  # steps of the page to send: settings that are kept
UNIT = "Means of up to 60 years. Thin line: the change is known to within this, for all four at once, 95 times in 100"


def place_picture(pairs: Pairs, _: Pairs | None = None) -> Picture:
    """Four measures of *pairs*, today and with the change."""
    tables = {f"rows{number}": _rows(pairs, name, most) for number, (name, _title, most) in enumerate(DRAWN)}
    finding = _finding(pairs)
    return Picture(CHART.filled(tables, finding=finding, unit=UNIT), f"{finding}. {pairs.sentence()}", pairs.table())


def place_panel() -> TryIt:
    """Beds, Home First places and stays, and home-care starts; and what they do to the whole place."""
    TODAY.place()  # read now, so that the first estimate does not wait for it
    return TryIt(
        "What happens to the whole place?",
        {
            "beds": Slider("Hospital beds", value=TODAY.beds, min=410, max=450, step=10, unit="beds"),
            "places": Slider("Home First places", value=TODAY.places, min=170, max=178, step=4, unit="places"),
            "stay": Slider(
                "Home First supports a person for", value=TODAY.stay, min=23.5, max=25, step=0.5, unit="days"
            ),
            "starts": Slider("Home care can begin for", value=TODAY.starts, min=34, max=40, unit="people a week"),
        },
        ask=_asked,
        draw=place_picture,
        say=Pairs.sentence,
        compare=lambda pairs, _: pairs.waits(),
        predict=Question(
            "First predict. 53 people are ready to leave hospital and still there. Wexmoor opens 20 more beds. "
            "How many are there then?",
            GUESSES,
            came_true=_came_true,
            at=MORE_BEDS,
        ),
        name="place",
        page_steps=ON_THE_PAGE,
    )


def place_parts(settings: Mapping[str, Setting]) -> list[Part]:
    """The kept *settings*, by the names that they have on the page, in one table."""
    rows = []
    for name, setting in settings.items():
        found = kept_pairs(setting).effects
        rows.append({"Wexmoor": name} | {title: _figure(found[key].changed, most) for key, title, most in DRAWN})
    return [Part(table=pd.DataFrame(rows), caption="Means of 60 years of the whole place")]


def _asked(*, beds: int, places: int, stay: float, starts: int) -> Generator[Estimate, None, None]:
    for pairs in pairs_of(Setting(int(beds), int(places), float(stay), int(starts))):
        yield Estimate(pairs, 1.0 if pairs.complete else min(pairs.runs / RUNS, 0.99))


def _came_true(pairs: Pairs) -> str:
    ready = pairs.effects[READY]
    fewer = ready.today - ready.changed
    if fewer <= -A_CHANGE:
        return GUESSES[3]
    return GUESSES[2] if fewer < A_CHANGE else GUESSES[1] if fewer < 15 else GUESSES[0]  # noqa: PLR2004 - between 10 and 20


def _finding(pairs: Pairs) -> str:
    ready = pairs.effects[READY]
    if pairs.setting == TODAY:
        return f"{ready.today:.0f} people are ready to leave hospital and still there"
    if not pairs.complete:
        return f"An estimate: {ready.changed:.0f} people are ready to leave, and {ready.today:.0f} today"
    if not ready.differs or ready.hardly_differs:
        return f"Hardly any change: {ready.changed:.0f} people are ready to leave hospital and still there"
    more = "more" if ready.changed > ready.today else "fewer"
    return f"{abs(ready.changed - ready.today):.0f} {more} people are ready to leave and still there"


def _rows(pairs: Pairs, name: str, most: float) -> pd.DataFrame:
    one = pairs.effects[name]
    low, high = (one.today + end for end in (one.lower_95_ci, one.upper_95_ci))
    rows = [{"which": NOW, "value": one.today, "words": _figure(one.today, most), "low": None, "high": None}]
    if pairs.setting != TODAY:
        changed = {"which": THEN, "value": one.changed, "words": _figure(one.changed, most)}
        rows.append({**changed, "low": max(low, 0.0), "high": high})
    return pd.DataFrame(rows)


def _figure(value: float, most: float) -> str:
    """People as whole numbers, unless they are few; days with a tenth."""
    return f"{value:.0f}" if most > MOST_DAYS and value >= FEW else f"{value:.1f}"


def _four(alt: Any) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """A pair of bars a measure, below each other."""
    colour = alt.Color("which:N", scale=alt.Scale(domain=[NOW, THEN], range=["#aeb7bd", theme.BLUE]), legend=None)
    y = alt.Y(
        "which:N",
        title=None,
        sort=[NOW, THEN],
        scale=alt.Scale(domain=[NOW, THEN]),
        axis=alt.Axis(domain=False, ticks=False),
    )
    parts = []
    for number, (_, title, most) in enumerate(DRAWN):
        base = alt.Chart(alt.Data(name=f"rows{number}"))
        scale = alt.Scale(domain=[0, most], nice=False, clamp=True)
        x = alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5))
        bars = base.mark_bar(height=BAR, stroke=theme.INK, strokeWidth=0.75).encode(x=x, y=y, color=colour)
        line = base.mark_rule(color=theme.INK, strokeWidth=1.5).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y)
        words = base.mark_text(align="left", fontWeight="bold", color=theme.INK).encode(
            x=alt.value(WIDTH + 8), y=y, text="words:N"
        )
        parts.append(
            alt.layer(bars, line, words).properties(
                width=WIDTH, height=56, title=alt.Title(title, anchor="start", fontSize=15, fontWeight="bold", offset=2)
            )
        )
    return alt.vconcat(*parts, spacing=14)


CHART = Redrawn(_four)
