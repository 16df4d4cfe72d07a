"""
Which column could play which part, by its name and by what it holds?

A name is looked up among those that systems use, and counts only where the cells can play the part:
times hold dates, and the rest do not. A column of dates alone is put with the column of clock
times that has the same name, or with several, where it is the only one. Only guesses: nothing
is read with them before a person has said yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import lifecycle, two_columns
from flowlib.core.dates import BLANKS, read_dates
from flowlib.core.eventlog import TIMES
from flowlib.core.kinds import plain_header

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "NUMBERED",
    "SYNONYMS",
    "WHOSE",
    "blank",
    "by_name",
    "dates_or_blank",
    "holds",
    "pairs",
    "unread",
    "with_clocks",
]

MOSTLY = 0.8  # share of filled cells that must be dates in a column of times
HALF = 0.5  # and share that must not, in any other
# A column's name in lower case without punctuation; the most telling first.
SYNONYMS = {
    "person": ("person", "patient", "person id", "patient id", "personid", "patientid", "case id", "caseid", "case",
               "case concept name", "pseudonym", "person ref", "client id", "spell id", "attendance id", "pathway id",
               "journey id", "nhs number", "nhsnumber",
               "entity id", "entity", "caseload id", "package id", "id"),
    "step": ("step", "activity", "event", "concept name", "stage", "task", "step name", "activity name", "event name",
             "activity id", "handling", "ward", "ward name", "ward code", "location", "department", "place", "service"),
    "arrived": ("ward start", "ward start dt", "ward arrival", "moved in", "transfer in",
                "arrived", "arrival", "arrived at", "arrival time", "arrival dt", "arrival date", "arr date", "joined",
                "joined queue", "admitted", "admission date", "start date",
                "admit dt", "referred", "referral dt", "request dt", "requested", "time in", "in"),
    "started": ("started", "start", "start time", "started at", "start timestamp", "began", "seen", "seen dt",
                "service start"),
    "finished": ("finished", "finish", "end", "end time", "finished at", "ended", "completed", "timestamp",
                 "time timestamp", "end timestamp", "end date", "date time", "datetime", "event time",
                 "event datetime", "event dt", "event date",
                 "movement dt", "movement date time", "movement date", "when", "time", "date"),
    "left": ("ward end", "ward end dt", "ward departure", "moved out", "transfer out",
             "left", "departed", "departure", "departure dt", "departure date", "dep date", "left at", "left date",
             "discharge date", "discharged", "discharge dt", "time out",
             "out", "moved on"),
    "group": ("group", "patient group", "priority", "triage category", "age band"),
    "outcome": ("outcome",),
    "lifecycle": ("lifecycle transition", "lifecycle", "lifecycle id", "transition", "registration type", "event type",
                  "event code", "adt event", "adt code", "adt type", "trigger event", "message type", "movement type"),
    "instance": ("activity instance id", "activity instance", "handling id", "concept instance", "resource id"),
}  # fmt: skip
WHOSE = {"person id", "patient id", "person", "patient", "personid", "patientid", "client id", "nhs number"}
PARTS_OF_TIME = {"date", "dt", "day", "time", "tm", "clock", "hour", "hhmm"}
NUMBERED = ("time", "timestamp", "minutes")  # a time of vidigi's, which counts minutes


def by_name(sample: pd.DataFrame) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The column for each role by its name, where its contents can play it; and others that could."""
    found: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    for role, names in SYNONYMS.items():
        fits = [h for name in names for h in sample if plain_header(h) == name and h not in found.values()]
        fits = [h for h in dict.fromkeys(fits) if holds(role, sample[h])]
        if fits:
            found[role] = fits[0]
            rivals[role] = tuple(fits[1:]) if role in {"person", "step"} else ()
    if "arrived" not in found and "started" not in found and "finished" not in found and "left" in found:
        found["finished"] = found.pop("left")
    return found, rivals


def pairs(sample: pd.DataFrame) -> dict[str, str]:
    """Columns of dates alone, each with the column of clock times that has its name."""
    clocks = {_bare(h): h for h in sample if two_columns.are_clocks(sample[h], header=plain_header(h))}
    days = [h for h in sample if _days_alone(sample[h])] if clocks else []
    return {h: clocks[_bare(h)] for h in days if _bare(h) in clocks}


def with_clocks(sample: pd.DataFrame, found: dict[str, str], paired: Mapping[str, str]) -> dict[str, str]:
    """The column of clock times for each time, by role; times of which the one date stands elsewhere join *found*."""
    clocks = {role: paired[found[role]] for role in TIMES if found.get(role) in paired}
    alone = [
        h for h in sample if two_columns.are_clocks(sample[h], header=plain_header(h)) and h not in paired.values()
    ]
    days = [h for h in sample if _days_alone(sample[h])] if alone else []
    if len(days) != 1:
        return clocks
    shared: dict[str, str] = {}
    for role in TIMES:
        fits = (h for name in SYNONYMS[role] for h in alone if plain_header(h) == name and h not in shared.values())
        if role not in clocks and (clock := next(fits, None)) is not None:
            shared[role] = clock
    if shared:
        for role in [role for role in TIMES if found.get(role) == days[0]]:
            del found[role]
        found |= dict.fromkeys(shared, days[0])
    return clocks | shared


def _days_alone(cells: pd.Series) -> bool:
    """Whether a column holds dates without any clock time."""
    if not dates_or_blank(cells):
        return False
    times = read_dates(cells[~cells.map(blank)]).times.dropna()
    return bool((times == times.dt.normalize()).all())


def _bare(header: str) -> str:
    """What a column of dates or of clock times is about."""
    words = [word for word in plain_header(header).split() if word not in PARTS_OF_TIME]
    return " ".join(words)


def unread(
    sample: pd.DataFrame, found: Mapping[str, str], paired: Mapping[str, str], clocks: Mapping[str, str]
) -> tuple[str, ...]:
    """Columns named like times that hold something else than dates or clock times; not vidigi's numbers."""
    named = {name for role in TIMES for name in SYNONYMS[role]} - {"in", "out", "start", "end", "time", "completed"}
    taken = {*found.values(), *paired.values(), *clocks.values()}
    return tuple(
        h for h in sample if plain_header(h) in named and h not in taken and dates_or_blank(sample[h]) is False
    )


def blank(cell: object) -> bool:
    """Whether a cell is blank, or holds a word for it."""
    return cell is None or cell is pd.NaT or str(cell).strip().lower() in BLANKS


def dates_or_blank(cells: pd.Series) -> bool | None:
    """Whether a column holds dates; None where it is blank."""
    return None if cells.map(blank).all() else holds("arrived", cells)


def holds(role: str, cells: pd.Series) -> bool:
    """Whether a column's contents can play that role at all: times are dates, and the rest are not."""
    filled = cells[~cells.map(blank)]
    if filled.empty:
        return False
    if role == "lifecycle":
        return lifecycle.is_lifecycle(set(filled.map(lambda cell: str(cell).strip().lower())))
    if role == "instance":
        return True
    if role in TIMES:
        return float(read_dates(filled).times.notna().mean()) > MOSTLY
    read = read_dates(filled.map(str))
    return float((read.times.notna() & ~read.serials).mean()) < HALF
