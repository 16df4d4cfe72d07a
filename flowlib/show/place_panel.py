"""
What happens to the whole of Wexmoor? The what-if of lesson 43, and its picture.

The sums are those of `redesign.whole_place`.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.redesign.whole_place import (
    BOARDING,
    FEW,
    GRID,
    READY,
    RUNS,
    TODAY,
    Pairs,
    Setting,
    is_kept,
    kept_pairs,
    pairs_of,
)
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
    (BOARDING, "people waiting for a bed", 100),
    ("mean wait for Home First", "wait for Home First, days", 10),
    ("mean wait for home care", "wait for home care, days", 10),
)
NOW, THEN = "today", "then"
WIDTH, BAR, NAMES = 430, 17, 110  # pixels; names of bars have room of their own, so that no axis moves
NAMED = 2  # changes; more of them are only counted
MOST_DAYS = 10  # the end of the axes that show days
MORE_BEDS = asdict(replace(TODAY, beds=450))
GUESSES = ["About 20 fewer", "About 10 fewer", "Hardly any change", "More than today"]
A_CHANGE = 4  # people; nearer to today than this is hardly any change
ON_THE_PAGE = {
    key: some[1] - some[0] for key, some in GRID.items()
}  # steps of the page to send: settings that are kept
UNIT = "Means of up to 60 years. Thin line: the change is known to within this, for all four at once, 95 times in 100"
NOTE = "Wexmoor is made up. Its numbers are near to published ones for England; yours differ."


def place_picture(pairs: Pairs, _: object = None) -> Picture:
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
        say=_said,
        compare=None,  # today is in each picture and each sentence
        predict=Question(
            "First predict. 53 people are ready to leave hospital and still there. Wexmoor opens 20 more beds. "
            "How many are there then?",
            GUESSES,
            came_true=_came_true,
            at=MORE_BEDS,
        ),
        name="place",
        file="the_whole_place",
        page_steps=ON_THE_PAGE,
        note=NOTE,
    )


def place_parts(settings: Mapping[str, Setting]) -> list[Part]:
    """The kept *settings*, by the names that they have on the page, in one table."""
    rows = []
    for name, setting in settings.items():
        found = kept_pairs(setting).effects
        rows.append({"Wexmoor": name} | {title: _figure(found[key].changed, most) for key, title, most in DRAWN})
    return [Part(table=pd.DataFrame(rows), caption="Means of 60 years of the whole place")]


def _asked(*, beds: int, places: int, stay: float, starts: int) -> Pairs | Generator[Estimate, None, None]:
    """What is kept at once; for any other setting estimates, while it is run."""
    setting = Setting(int(beds), int(places), float(stay), int(starts))
    return kept_pairs(setting) if is_kept(setting) else _estimates(setting)


def _estimates(setting: Setting) -> Generator[Estimate, None, None]:
    for pairs in pairs_of(setting):
        yield Estimate(pairs, 1.0 if pairs.complete else min(pairs.runs / RUNS, 0.99))


def _said(pairs: Pairs) -> str:
    """The verdict; with it, once it is there, the waits for care after hospital."""
    return f"{pairs.sentence()} {pairs.waits()}" if pairs.complete and pairs.setting != TODAY else pairs.sentence()


def _came_true(pairs: Pairs) -> str:
    ready = pairs.effects[READY]
    fewer = ready.today - ready.changed
    if fewer <= -A_CHANGE:
        return GUESSES[3]
    return GUESSES[2] if fewer < A_CHANGE else GUESSES[1] if fewer < 15 else GUESSES[0]  # noqa: PLR2004 - between 10 and 20


def _finding(pairs: Pairs) -> str:
    """What the change is, and the people ready to leave; no difference, which rounding could put out by one."""
    ready = pairs.effects[READY]
    if pairs.setting == TODAY:
        return f"{ready.today:.0f} people are ready to leave hospital and still there"
    changes = [words for words, _ in pairs.setting.changes]
    named = " and ".join(changes) if len(changes) <= NAMED else f"{len(changes)} changes"
    if not pairs.complete:
        return f"An estimate with {named}: {ready.changed:.0f} are ready to leave; today {ready.today:.0f}"
    if not ready.differs or ready.hardly_differs:
        return f"Hardly any change with {named}: {ready.changed:.0f} are ready to leave hospital"
    return f"With {named}, {ready.changed:.0f} are ready to leave; today {ready.today:.0f}"


def _rows(pairs: Pairs, name: str, most: float) -> pd.DataFrame:
    one = pairs.effects[name]
    rows = [{"when": NOW, "which": NOW, "value": one.today, "words": _figure(one.today, most)}]
    if pairs.setting != TODAY:
        changes = pairs.setting.changes
        which = changes[0][1] if len(changes) == 1 else f"{len(changes)} changes"
        rows.append({"when": THEN, "which": which, "value": one.changed, "words": _figure(one.changed, most)})
    table = pd.DataFrame(rows).assign(low=None, high=None)
    if pairs.complete and pairs.setting != TODAY:  # of a few pairs it would be wider than the picture
        table.loc[1, ["low", "high"]] = max(one.today + one.lower_95_ci, 0.0), one.today + one.upper_95_ci
    return table


def _figure(value: float, most: float) -> str:
    """People as whole numbers, unless they are few; days with a tenth."""
    return f"{value:.0f}" if most > MOST_DAYS and value >= FEW else f"{value:.1f}"


def _four(alt: Any) -> Any:  # noqa: ANN401 - Altair itself, loaded when a chart is made
    """A pair of bars a measure, below each other."""
    scale = alt.Scale(domain=[NOW, THEN], range=["#aeb7bd", theme.BLUE])
    colour = alt.Color("when:N", scale=scale, legend=None)
    names = alt.Axis(domain=False, ticks=False, minExtent=NAMES, maxExtent=NAMES)
    y = alt.Y("which:N", title=None, sort=None, axis=names)
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
