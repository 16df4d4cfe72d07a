"""
What does a log say at each of the five stages, told with the team's own names?

Each function takes a log and gives parts to show, in reading order: sentences,
pictures and tables. The notebooks use them on Wexmoor and on a team's own file, and
the briefing prints them. What cannot be said of a log is said to be so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.change.effect import FEWEST_BEFORE, before_after
from flowlib.core import session
from flowlib.core.checks import Refusal
from flowlib.core.privacy import FEWEST, rounded
from flowlib.diagnose.constraint import constraint
from flowlib.mapping.process_map import process_map
from flowlib.measure.demand import WHOLE, busiest, dcaq, rhythm, series
from flowlib.measure.spc import xmr
from flowlib.measure.spc_board import board
from flowlib.redesign.what_if import what_if
from flowlib.show import charts
from flowlib.show.controls import Heading, Panel, Sentence, SideBySide
from flowlib.show.map_panel import SlidingMap
from flowlib.show.part import Part
from flowlib.show.report_words import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowlib.core.eventlog import EventLog
    from flowlib.measure.spc_board import Board
    from flowlib.show.still import Shown

__all__ = [
    "Part",
    "changed",
    "diagnosed",
    "diagnosed_briefly",
    "heading",
    "in_your_service",
    "mapped",
    "mapped_briefly",
    "measured",
    "measured_briefly",
    "page",
    "quality",
    "quality_on_paper",
    "questions",
    "step_of",
    "steps_board",
    "told",
    "what_if_told",
]

HOURS_A_WEEK = 168
WEEKS_FOR_MONTHS = 9  # a log shorter than this has no two months
FASTER_STAYS = 0.9  # the first what-if anybody asks: what if stays were 1 day in 10 shorter?


def quality(log: EventLog) -> list[Part]:
    """What was found when the file was read, with the rows: for the screen of the team that owns the file."""
    return [Part(on_screen(sentence)) for sentence in (log.quality.sentences() if log.quality else [])]


def quality_on_paper(log: EventLog) -> list[Part]:
    """What was found when the file was read, as it may leave the screen: without rows, and with few of them hidden."""
    told = log.quality.sentences_on_paper(synthetic=log.synthetic) if log.quality else []
    return [Part(on_screen(sentence)) for sentence in told]


def mapped(log: EventLog) -> list[Part]:
    """Stage 1: the map with its slider, its numbers, and the ways people go."""
    made = process_map(log)
    table = made.table().rename(columns=_plain)
    ways = made.variant_table(8).rename(columns={"median_hours": "middle length, hours"})
    return [
        SlidingMap(log=log),
        Part(table=table, caption="Each step: people and hours"),
        Part(table=ways, caption="The ways people go, commonest first"),
    ]


def measured(log: EventLog) -> list[Part]:
    """Stage 2: demand, activity and queue over time; the busiest hours; one chart over time."""
    step = step_of(log)
    balance = dcaq(log, step, every=_period(log, step))
    return [Part(picture=charts.balance(balance)), _busiest_hours(log, step), *_over_time(log, step)]


def _busiest_hours(log: EventLog, step: str | None) -> Part:
    """When people come; or that too few come at any one hour or weekday to say."""
    hours, days, where = rhythm(log, step), rhythm(log, step, by="weekday"), step or WHOLE
    try:
        busy = f"Most people come to {where} at {busiest(hours)}, and on {busiest(days)}."
    except Refusal as few:
        return Part(str(few))
    return Part(picture=charts.rhythm(hours, step=where, finding=busy))


def steps_board(log: EventLog) -> Board:
    """The wait at each step on one board; each point is a period in which 8 people or more joined."""
    found, silent = [], []
    for step in log.steps:
        try:
            found.append(series(log, step).table.assign(step=step))
        except Refusal as why:
            silent.append({"measure": step, "why": str(why)})
    rows = pd.concat(found) if found else pd.DataFrame(columns=["step", "x", "value"])
    made = board(rows, measure="step", date="x", value="value", improvement="down", unit="hours")
    return replace(made, set_aside=pd.concat([made.set_aside, pd.DataFrame(silent)], ignore_index=True))


def diagnosed(log: EventLog) -> list[Part]:
    """Stage 3: the step that holds the flow back."""
    found = constraint(log)
    return [
        Part(picture=charts.constraint(found)),
        Part(table=found.shown().rename(columns=_plain), caption="Each step"),
    ]


def what_if_told(log: EventLog) -> list[Part]:
    """Stage 4: one what-if, told: stays 1 day in 10 shorter."""
    model = what_if(log)
    answer = model.ask(stay=FASTER_STAYS)
    most = 1.15 * max(answer.now[2], answer.then[2])
    asked = f"What if each stay at {model.step} were a tenth shorter? {model.note}"
    return [Part(asked, charts.what_if(answer, most=most)), Part(answer.sentence())]


def changed(log: EventLog, change: Any, *, step: str | None = None) -> list[Part]:  # noqa: ANN401 - a date
    """Stage 5: before and after a change on a date, at *step* or where the flow is held back."""
    step = step or step_of(log)
    shown = series(log, step)
    made = before_after(shown.table["value"], shown.table["x"], change, improvement="down")
    return [Part(picture=charts.before_after(made, what=shown.what, unit="hours")), Part(made.sentence("hours"))]


def mapped_briefly(log: EventLog, *, finding: str = "") -> list[Part]:
    """The map alone, whole and still, as a page has it; *finding* is a title of the page's own."""
    return [Part(picture=charts.journey_map(process_map(log), finding=finding))]


def measured_briefly(log: EventLog) -> list[Part]:
    """Two charts: demand, activity and queue; and one measure over time."""
    pictures = [replace(part, sentence="") for part in measured(log) if part.picture is not None]
    return [pictures[0], pictures[-1]]


def diagnosed_briefly(log: EventLog) -> list[Part]:
    """Where the hours of waiting are."""
    return diagnosed(log)[:1]


def questions(log: EventLog) -> list[Part]:
    """What a board can ask next."""
    step = step_of(log) or WHOLE
    asked = (
        f"1. What would have to be true for nobody to wait at {step}? Who outside the hospital could help?",
        f"2. Is more asked of {step} than it can do, or does work only come at other times than staff?",
        "3. Which of these numbers do people who use the service care about most? Have we asked them?",
        "4. What is the smallest change we could test next week, and what do we predict?",
        "5. On which chart will we see whether it worked, and when will we look?",
    )
    return [Part(sentence) for sentence in asked]


def heading(log: EventLog, title: str) -> Panel:
    """The page's title, the window it covers, and how many people it rests on."""
    import ipywidgets as widgets  # noqa: PLC0415

    first, last = (f"{moment.day} {moment:%B %Y}" for moment in log.observed)
    made_up = " The people in it are made up." if log.synthetic else " Numbers of people are to the nearest 5."
    people = rounded(log.people, synthetic=log.synthetic)
    text = f"{people} people, from {first} to {last}.{made_up} Nothing that describes fewer than 8 people is shown."
    return Panel([Heading(title), Sentence(text)], layout=widgets.Layout(flex_flow="column"))


def page(story: Callable[[EventLog], list[Part]], log: EventLog, *, across: int = 1) -> Panel:
    """A story for a page: its parts one below the other or, in print, two *across*."""
    import ipywidgets as widgets  # noqa: PLC0415

    made = SideBySide if across > 1 else Panel
    return made(told(story, log), layout=widgets.Layout(flex_flow="column"))


def in_your_service(story: Callable[[EventLog], list[Part]]) -> Panel:
    """The same story on the team's own file, or where to bring one."""
    log = session.own()
    if log is None:
        text = "This part tells the same story with your own file. Choose one at the end of “Map the journey”."
        return Panel([Sentence(text)])
    return page(story, log)


def told(story: Callable[[EventLog], list[Part]], log: EventLog) -> list[Shown]:
    """A story's parts as widgets; where it cannot be told, why not."""
    try:
        return [widget for part in story(log) for widget in part.widgets()]
    except Refusal as refusal:
        return [Sentence(f"This cannot be said of {log.name or 'this file'}. {refusal}")]


def step_of(log: EventLog) -> str | None:
    """The step to look at: the one that holds the flow back, or the whole journey where no waits are recorded."""
    return constraint(log).step if log.visits["wait_hours"].notna().any() else None


def _period(log: EventLog, step: str | None) -> str:
    """Weeks, or months where a usual week has fewer real people than may be shown."""
    weekly = dcaq(log, step).table["demand"].median()
    weeks = log.hours_observed / HOURS_A_WEEK
    return "week" if log.synthetic or weekly >= FEWEST or weeks < WEEKS_FOR_MONTHS else "month"


def _over_time(log: EventLog, step: str | None) -> list[Part]:
    shown = series(log, step)
    if len(shown.table) < FEWEST_BEFORE:
        return [Part(f"There are {len(shown.table)} points over time; a chart needs at least {FEWEST_BEFORE}.")]
    made = xmr(shown.table["value"].to_numpy(), shown.table["x"], improvement="down")
    finding = f"{shown.what[0].upper()}{shown.what[1:]}, by {shown.every}"
    left = f" {shown.left_out} {shown.every}s with fewer than 8 people are left out." if shown.left_out else ""
    return [Part(made.sentence(unit="hours") + left, charts.control_chart(made, what=shown.what, finding=finding))]


def _plain(column: str) -> str:
    """A column's name as a ward clerk would write it."""
    words = {
        "mean_wait_hours": "mean wait, hours",
        "median_wait_hours": "middle wait, hours",
        "median_step_hours": "middle time at the step, hours",
        "waiting_hours": "waiting, hours in all",
        "share_of_waiting": "share of all waiting",
    }
    return words.get(column, column)
