"""
Which sheets and columns does a pathway's workbook have, and what goes in each?

One list for the reader, the writer, the notes on the headings and the first sheet,
so that they cannot say different things. Only the sheets steps and arrivals must be
there. A time without a unit is hours, unless its heading says otherwise, as in
"time (minutes)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flowlib.core.variation import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CAPACITIES",
    "EVERY_DAY",
    "HOURS",
    "MEASURED",
    "NOTES",
    "READ_ME",
    "SHAPES",
    "SHEETS",
    "UNITS",
    "WHEN_FULL",
    "Column",
    "Sheet",
    "fold",
    "hour_of",
    "unit_of",
]

READ_ME, NOTES, MEASURED, EVERY_DAY = "Read me", "notes", "measured times", "every day"
HOURS = tuple(f"{hour:02d}:00" for hour in range(24))
CAPACITIES = ("unlimited", "rota", "slots")
SHAPES: Mapping[str, type[Distribution]] = {
    "log-normal": LogNormal,
    "exponential": Exponential,
    "gamma": Gamma,
    "weibull": Weibull,
    "constant": Constant,
    "uniform": Uniform,
    "triangular": Triangular,
    "measured": Empirical,
}
WHEN_FULL: Mapping[str, Literal["wait_upstream", "turn_away", "divert"]] = {
    "wait upstream": "wait_upstream",
    "turn away": "turn_away",
    "divert": "divert",
}
UNITS = {
    "minutes": "minutes", "minute": "minutes", "mins": "minutes", "min": "minutes", "hours": "hours", "hour": "hours",
    "hrs": "hours", "hr": "hours", "h": "hours", "days": "days", "day": "days", "weeks": "weeks", "week": "weeks",
}  # fmt: skip

IN_BRACKETS = re.compile(r"\(([^()]*)\)")
AN_HOUR = re.compile(r"(\d{1,2})(?:[:.]00)?(?:[:.]00)?")


@dataclass(frozen=True)
class Column:
    """One column: its heading, and in plain words what goes in."""

    heading: str
    words: str
    example: str = ""
    width: int = 12
    choices: tuple[str, ...] = ()  # offered in a list
    others: bool = True  # whether anything else may be typed too
    step: bool = False  # whether it offers the names on the sheet steps
    required: bool = False  # whether the column must be there
    also: tuple[str, ...] = ()  # other headings that mean it


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, what it is for, and its columns."""

    title: str
    words: str
    columns: tuple[Column, ...]
    required: bool = False

    def column(self, heading: object) -> Column | None:
        """The column that a heading means, if there is one."""
        means = {word: column for column in self.columns for word in (fold(column.heading), *column.also)}
        return means.get(hour_of(heading) or "") or means.get(fold(heading))


def _hourly(words: str) -> tuple[Column, ...]:
    return tuple(Column(hour, words.format(hour=hour), width=7) for hour in HOURS)


OWN_NOTES = Column(NOTES, "Anything you like. It is not read.", width=24)
DAYS_OF_ROW = Column(
    "days",
    'Blank for the same every day. For a week, use a row for each kind of day, such as "Mon-Fri" and "Sat-Sun".',
    "Mon-Fri",
    choices=(EVERY_DAY, "Mon-Fri", "Sat-Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    also=("day",),
)
WHOSE = Column("step", "The step.", "doctor", 16, step=True, required=True, also=("name",))

STEPS = (
    Column(
        "name", "What you call the step. Blank where the row adds a group.", "triage", 16, required=True, also=("step",)
    ),
    Column(
        "capacity",
        "How many people can be in it at once: a number, or one of the list. "
        "For rota and slots, fill in the sheet of that name.",
        "4",
        choices=CAPACITIES,
        required=True,
        also=("places", "beds"),
    ),
    Column("group", "Blank, unless the time differs by group. Then one group in each row.", "minor"),
    Column(
        "time",
        "How long the step takes on average, with its unit. "
        'Uniform takes two times and triangular three: "5 to 10 to 30 minutes".',
        "8 minutes",
        18,
        required=True,
        also=("mean", "mean time"),
    ),
    Column(
        "shape",
        "How the times vary. Log-normal suits most care times; constant never varies.",
        "log-normal",
        choices=tuple(SHAPES),
        others=False,
    ),
    Column(
        "spread",
        "How much the times vary, as a share of the average: 0.5 is little, 1 is much. "
        "For log-normal, gamma and weibull only.",
        "0.5",
        9,
        also=("cv",),
    ),
    Column("priority", "The groups served first, in order, with commas between.", "major, minor", 14),
    Column("patience", "How long people wait before they give up, on average. Blank if they never do.", "6 hours"),
    Column(
        "patience shape",
        "How patience varies. Exponential is usual.",
        "exponential",
        16,
        tuple(SHAPES),
        others=False,
    ),
    Column("patience spread", "As the spread of the time.", "0.5", 16),
    Column("gives up to", "The step that those who give up go to. Blank if they leave.", step=True),
    Column("queue limit", "The most people who may wait here. Blank for no limit.", "0"),
    Column(
        "when full",
        "What happens to a person who meets a full queue. Blank if they wait in the step before.",
        "wait upstream",
        14,
        tuple(WHEN_FULL),
        others=False,
    ),
    Column("divert to", "The step they go to instead, if you chose divert.", step=True),
    Column("leaves from", "The time of day from which people may leave.", "09:00"),
    Column("leaves until", "The time of day until which people may leave.", "20:00"),
    Column("leaves on", "The days on which people may leave. Blank for every day.", "Mon-Fri"),
    Column("within", "The step whose place is kept meanwhile, such as the ward for a care plan.", "ward", step=True),
    OWN_NOTES,
)
ROUTES = (
    Column("from", "The step that people finish.", "triage", 16, step=True, required=True, also=("from step",)),
    Column("to", "The step that they go to next.", "doctor", 16, step=True, required=True, also=("to step",)),
    Column("share", "How many of them, from 0 to 1 or in per cent. Blank for all.", "0.3", 9),
    Column("group", "Blank for all groups. A group with rows of its own follows only those.", "major"),
    OWN_NOTES,
)
ARRIVALS = (
    Column("step", "The step that they come to first.", "triage", 16, step=True, required=True, also=("name",)),
    Column("group", "What kind of people. Blank if you do not divide them.", "minor"),
    Column("per hour", "How many people an hour. Blank if you fill in the hours.", "4", 10),
    Column("times from", f'To replay known arrivals: the heading of their column on the sheet "{MEASURED}".'),
    DAYS_OF_ROW,
    *_hourly("How many people an hour from {hour}. Blank if you fill in per hour."),
    OWN_NOTES,
)
SLOTS = (
    WHOSE,
    Column("days", "The day, or several days.", "Mon-Fri", choices=DAYS_OF_ROW.choices, required=True, also=("day",)),
    Column("time", "The time of day.", "10:00", required=True),
    Column("starts", "How many may start then.", "8", required=True),
    OWN_NOTES,
)
PATHWAY = (
    Column("name", "What you call this pathway.", "Emergency department", 30),
    Column("starts", "The Monday on which its clock starts. It may be blank.", "5 January 2026", 18),
)
ROTA = (WHOSE, DAYS_OF_ROW, *_hourly("How many are on duty from {hour}. 0 for nobody."), OWN_NOTES)

SHEETS = {
    sheet.title: sheet
    for sheet in (
        Sheet("pathway", "What the pathway is called, and when its clock starts.", PATHWAY),
        Sheet(
            "steps", "One row for each step. Where times differ by group, a row for each group.", STEPS, required=True
        ),
        Sheet("routes", "Where people go next. What is left over goes home.", ROUTES),
        Sheet("arrivals", "Who comes from outside, and how many an hour.", ARRIVALS, required=True),
        Sheet("rota", "How many are on duty in each hour, for each step whose capacity is rota.", ROTA),
        Sheet("slots", "How many may start at each moment, for each step whose capacity is slots.", SLOTS),
        Sheet(MEASURED, "Times that you measured, each list under a heading of your own.", ()),
    )
}


def fold(heading: object) -> str:
    """A heading or title without what does not matter: capitals, blanks, dashes, what stands in brackets."""
    plain = IN_BRACKETS.sub(" ", str(heading))
    return " ".join(re.sub(r"[_\-\s]+", " ", plain).casefold().split())


def unit_of(heading: object) -> str:
    """The unit that a heading gives in brackets; hours where it gives none."""
    said = IN_BRACKETS.findall(str(heading))
    return next((UNITS[word.strip().casefold()] for word in said if word.strip().casefold() in UNITS), "hours")


def hour_of(heading: object) -> str | None:
    """
    The hour of day that a heading means, as "09:00", if it means one.

    >>> hour_of("9:00"), hour_of(9), hour_of("09:30")
    ('09:00', '09:00', None)
    """
    found = AN_HOUR.fullmatch(str(heading).strip())
    return HOURS[int(found[1])] if found and int(found[1]) < len(HOURS) else None
