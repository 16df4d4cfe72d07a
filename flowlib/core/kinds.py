"""
Which of the lists that health and social care keep is this one?

Five lists have one row a person (or an attendance, a spell, a referral) and a column for
each moment. They are known by the names of their columns, and only where those hold dates.
What each would mean, and which steps come of it:

* **Emergency department list** (as the Emergency Care Data Set): arrival, triage, seen, decision to
  admit, departure. "arrival to triage" and "triage to seen" are waits, "seen to decision" is care,
  "decision to departure" is the wait for a bed; "seen to departure" for those not to be admitted.
* **Inpatient spells**: admission, ready for discharge, discharge. "admission to ready" is care,
  "ready to discharge" a wait (the delay); "admission to discharge" where no ready date is kept.
* **Waiting list** (PTL): referral, clock start, removal. Both steps are waits. Clock rules decide
  when the clock starts, so it is not always the referral.
* **Community caseload**: referral, first contact, discharge. "referral to first contact" is a wait,
  "first contact to discharge" care; "referral to discharge" for those never seen.
* **Social-care packages**: request, agreement, start, end. The first two steps are waits, "start to
  end" is the package.

A list of another sort with three or more columns of dates is proposed in the order of the
dates; whether its steps are waits or care is then not said. Appointments that are only
planned are no milestones. Nothing here is used before somebody has said yes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import wide
from flowlib.core.dates import read_dates
from flowlib.core.wide import Milestone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["KINDS", "Kind", "Moment", "moments_of", "plain_header", "recognise", "told_steps"]

FEWEST_COLUMNS = 3  # of dates, for a list that is none of the five
ABOUT_TIME = re.compile(r"\b(?:dt|dttm|date|time|datetime|timestamp|at|on|of|for|the|to)\b")
NO_MILESTONE = re.compile(
    r"birth|\bdob\b|born|\bnext\b|planned|expected|\bdue\b|extract|updated|created|modified|target|death"
)


@dataclass(frozen=True)
class Moment:
    """A milestone as lists name it."""

    name: str
    headers: tuple[str, ...]  # in lower case, without "dt", "date", "time" and such
    then: str | None = None
    sometimes: bool = False
    telling: bool = False  # whether it gives the kind of list away


@dataclass(frozen=True)
class Kind:
    """One kind of list."""

    name: str
    row: str  # what one row is
    moments: tuple[Moment, ...]
    needed: tuple[str, ...]  # moments without which it is another kind
    person: tuple[str, ...]  # headers of the id that each row has of its own
    group: tuple[str, ...]
    blank_end: str = "still_here"  # what a blank last time means in such a list


KINDS = (
    Kind(
        "emergency department list", "attendance",
        (
            Moment("arrival", ("arrival", "arrived", "arrive", "attendance", "ec arrival", "registered"), "wait"),
            Moment("triage", ("triage", "triaged", "initial assessment", "assessment"), "wait", telling=True),
            Moment("seen", ("seen", "first seen", "seen treatment", "clinician seen", "seen by clinician", "treatment",
                            "doctor seen", "seen by doctor"), "care", telling=True),
            Moment("decision", ("dta", "decision admit", "decided admit", "decision"), "wait", sometimes=True,
                   telling=True),
            Moment("departure", ("departure", "departed", "depart", "left", "left department", "conclusion",
                                 "discharge", "discharged", "out")),
        ),
        ("arrival", "departure"), ("attendance id", "attendance number", "visit id", "episode id"),
        ("triage category", "acuity", "dept type", "department type", "arrival mode", "age band"), "not_recorded",
    ),
    Kind(
        "inpatient spells", "spell",
        (
            Moment("admission", ("admit", "admission", "admitted", "spell start"), "care"),
            Moment("ready", ("ready", "ready discharge", "discharge ready", "medically fit", "fit discharge", "mofd",
                             "no criteria reside", "medically optimised"), "wait", sometimes=True, telling=True),
            Moment("discharge", ("discharge", "discharged", "spell end")),
        ),
        ("admission", "discharge"), ("spell id", "spell number", "admission id", "provider spell id"),
        ("pathway", "discharge pathway", "admit method", "admission method", "specialty", "age band"),
    ),
    Kind(
        "waiting list", "pathway",
        (
            Moment("referral", ("referral", "referral received", "referred", "received"), "wait", sometimes=True),
            Moment("clock start", ("clock start", "clock started", "rtt start", "rtt clock start", "added list",
                                   "added waiting list"), "wait", telling=True),
            Moment("removal", ("removal", "removed", "clock stop", "clock stopped", "rtt end", "treated",
                               "removed list")),
        ),
        ("clock start", "removal"), ("pathway id", "rtt pathway id", "referral id", "ubrn"),
        ("priority", "specialty", "treatment function"),
    ),
    Kind(
        "community caseload", "referral",
        (
            Moment("referral", ("referral", "referred", "referral received"), "wait"),
            Moment("first contact", ("first contact", "first seen", "first visit", "first appointment",
                                     "first attended"), "care", sometimes=True, telling=True),
            Moment("discharge", ("discharge", "discharged", "closed", "case closed", "end")),
        ),
        ("referral", "first contact"), ("referral id", "case id", "caseload id"), ("team", "service", "age band"),
    ),
    Kind(
        "social-care packages", "package",
        (
            Moment("request", ("request", "requested", "referral", "referred"), "wait"),
            Moment("agreement", ("agreed", "agreement", "approved", "authorised", "panel"), "wait", telling=True),
            Moment("start", ("start", "started", "package start", "service start", "care start"), "care"),
            Moment("end", ("end", "ended", "package end", "service end", "care end")),
        ),
        ("request", "agreement", "start"), ("package id", "request id"), ("setting", "service type", "pathway"),
    ),
)  # fmt: skip


def plain_header(header: str) -> str:
    """
    A column's name in lower case, words apart and without punctuation.

    >>> plain_header("AdmitDT"), plain_header("case:concept:name")
    ('admit dt', 'case concept name')
    """
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split())


def recognise(
    sample: pd.DataFrame, holds_dates: Callable[[pd.Series], bool | None], *, steps: bool
) -> tuple[Kind | None, list[Milestone]]:
    """
    The kind of list that this looks like, and its milestones; none where it is another table.

    *holds_dates* says of a column whether it does; None where it is blank. *steps* says that a
    column seems to name steps: then more must speak for a list.
    """
    bare = {column: _bare(column) for column in sample}
    best: tuple[int, Kind | None, list[Milestone]] = (0, None, [])
    dates = {column: holds_dates(sample[column]) for column in bare}

    def is_date(column: str) -> bool:
        return dates[column] is not False

    for kind in KINDS:
        made, telling = moments_of(kind, bare, is_date)
        names = {one.name for one in made}
        enough = telling > 0 or (kind.name == "inpatient spells" and not steps)
        if set(kind.needed) <= names and enough and len(made) + telling > best[0]:
            best = len(made) + telling, kind, made
    if best[1] is not None and (not steps or len(best[2]) >= FEWEST_COLUMNS):
        return best[1], best[2]
    if steps:
        return None, []
    columns = [column for column in bare if dates[column] and not NO_MILESTONE.search(plain_header(column))]
    return None, _in_order(sample, columns) if len(columns) >= FEWEST_COLUMNS else []


def moments_of(kind: Kind, bare: Mapping[str, str], is_date: Callable[[str], bool]) -> tuple[list[Milestone], int]:
    """The milestones of a kind that a table has, by the bare names of its columns; and how many are telling."""
    made, telling, taken = [], 0, set()
    for one in kind.moments:
        fits = (c for header in one.headers for c, name in bare.items() if name == header and c not in taken)
        column = next((c for c in dict.fromkeys(fits) if is_date(c)), None)
        if column is not None:
            taken.add(column)
            made.append(Milestone(column, one.name, one.then, one.sometimes))
            telling += one.telling
    return made, telling


def told_steps(milestones: Sequence[Milestone]) -> pd.DataFrame:
    """The steps that would come of milestones, a row each: `step`, `begins`, `ends` (columns) and `what` it is."""
    pairs = list(pairwise(milestones))
    for place, one in enumerate(milestones[1:-1], start=1):
        if one.sometimes:
            pairs.append((milestones[place - 1], milestones[place + 1]))
    words = {"wait": "a wait", "care": "care", None: "not said"}
    found = [(wide.step_name(a, b), a.column, b.column, words[a.then]) for a, b in pairs]
    return pd.DataFrame(found, columns=["step", "begins", "ends", "what"])


def _bare(header: str) -> str:
    """A column's name without the words that only say that it is a time."""
    return " ".join(ABOUT_TIME.sub(" ", plain_header(header)).split())


def _in_order(sample: pd.DataFrame, columns: Sequence[str]) -> list[Milestone]:
    """Columns of dates in the order in which people pass them: those that come before more others, first."""
    times = {column: read_dates(sample[column]).times for column in columns}

    def comes_before(one: str, other: str) -> bool:
        apart = (times[other] - times[one]).dt.total_seconds().dropna()
        return bool(np.sign(apart).sum() > 0)

    earlier = {one: sum(comes_before(one, other) for other in columns) for one in columns}
    ranked = sorted(columns, key=lambda column: -earlier[column])
    names = {column: _bare(column) or plain_header(column) for column in ranked}
    alone = len(set(names.values())) == len(names)
    return [Milestone(column, names[column] if alone else column) for column in ranked]
